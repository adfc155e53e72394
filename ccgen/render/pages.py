"""HTML pages: which template draws which owner, and what it is given; knows no bytes on disk."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from ccgen.commerce.links import Place, place_on
from ccgen.model.body import Body
from ccgen.model.facts import GROUPS, ArticleUrl, BodyGroup, DirectiveGroup
from ccgen.model.parts import CallFact, FeedLink, Offer, Ref, owner_kind, owner_of
from ccgen.model.site import Plan, Route, twin_url
from ccgen.model.theme import Theme
from ccgen.render.body import Joiner
from ccgen.render.book import Book, MissingFact
from ccgen.render.context import SCOPE
from ccgen.render.directives import Directives
from ccgen.render.drawings import fixed
from ccgen.render.environment import Environment, site_url, words
from ccgen.render.functions import Function
from ccgen.render.graph import GRAPH, Graphs
from ccgen.render.owed import Owed, owed
from ccgen.render.view import Scope, Values, View, note_relation

__all__ = ["Pages"]

_BODY = {kind: groups.index(BodyGroup) for kind, groups in GROUPS.items() if BodyGroup in groups}
_FALLS_BACK = {kind for kind, groups in GROUPS.items() if any("fallback" in one.__struct_fields__ for one in groups)}
_ARTICLE_URL = GROUPS["article"].index(ArticleUrl)


class _Known(NamedTuple):
    """What a page's template is told before it runs: of the links and styles of its prose, and of those it is known to add."""

    styles: tuple[str, ...]
    links: int  # in the prose
    owed: Owed


class Pages:
    """Draws every kind of HTML page."""

    def __init__(self, plan: Plan, book: Book, theme: Theme, environment: Environment, directives: Directives) -> None:
        self.plan, self.book, self.theme = plan, book, theme
        self.environment, self.directives = environment, directives
        self._graphs = Graphs()

    def draw(self, route: Route) -> tuple[str, Scope]:
        """Return a page's HTML and all it read.

        A page's head names the styles of the directives on it, and says who pays for its links before the first of them.
        What is in the prose is known before the template runs; when the template itself draws more, the page is drawn
        once more with all of it.
        """
        html, scope, known = self._draw(route, (), ())
        offers = tuple([offer for offer, _ in scope.purchases])
        more = len(offers) > known.links and owed(scope, route.owner, offers) != known.owed
        if more or len(scope.styles) > len(known.styles):
            html, scope, _ = self._draw(route, tuple(scope.styles), offers)
        if GRAPH[0] in html and GRAPH in html:  # one character is found, or not, sixty times as quickly
            html = html.replace(GRAPH, self._graphs.script(route, scope, html))
        return html, scope

    def _draw(self, route: Route, styles: tuple[str, ...], offers: tuple[Offer, ...]) -> tuple[str, Scope, _Known]:
        owner = route.owner
        scope = Scope(self.book, route.lang, words=words, page=owner)
        if owner_kind(owner) == "article":
            scope.ties = note_relation(scope, owner)
        scope.place = place = self.place(scope, owner)
        joiner = Joiner(scope, self.directives.draw, place[:2], page_url="")
        context = self._subject(route, scope, joiner)
        name = self._template(route, scope)
        scope.read(owner_of("template", name))
        known = _Known(
            styles=tuple(dict.fromkeys((*scope.styles, *styles))),
            links=len(scope.purchases),
            owed=owed(scope, route.owner, offers or [offer for offer, _ in scope.purchases]),
        )
        context |= self._frame(route, scope, joiner, known.styles)
        context["page"] |= {key: scope.wrap(value) for key, value in known.owed._asdict().items()}
        return self.environment.drawn(name, context), scope, known

    def body(self, scope: Scope, owner: str, joiner: Joiner) -> Markup:
        """Return an owner's joined prose, '' where it has none."""
        body: Body | None = self.plan.bodies.get(owner)
        facts = scope.read(owner, _BODY[owner_kind(owner)])
        if body is None:
            return Markup()
        html = joiner.join(body, facts)
        if owner_kind(owner) in _FALLS_BACK and "body" in View(scope, owner).get("fallback"):
            return Markup('<div lang="{}">\n{}</div>').format(
                scope.value(owner_of("site", scope.lang, "language")), html
            )
        return html

    def place(self, scope: Scope, owner: str) -> Place:
        """Return where links stand that the template of an owner's page makes; those of its prose count their slots."""
        return place_on(owner, scope.value(owner_of("site", scope.lang, "language")))

    def _subject(self, route: Route, scope: Scope, joiner: Joiner) -> dict[str, Any]:
        kind = owner_kind(route.owner)
        subject = View(scope, route.owner)
        if route.kind == "404":
            return {"content": Markup()}
        if route.kind == "home":
            owner = owner_of("section", route.lang, "")
            content = self.body(scope, owner, joiner)
            return {"home": subject, "section": View(scope, owner), "content": content}
        if route.kind == "list":
            of: View = subject.get("of")
            is_section = owner_kind(of.owner) == "section"
            content = self.body(scope, of.owner, joiner) if is_section and subject.get("number") == 1 else Markup()
            return {"list": subject, "section": of if is_section else None, "content": content}
        found: dict[str, Any] = {kind: subject, "content": self.body(scope, route.owner, joiner)}
        if kind == "article":
            found["toc"] = subject.get("headings")
        return found

    def _template(self, route: Route, scope: Scope) -> str:
        if route.kind != "article":
            return f"{route.kind}.html"
        view = View(scope, route.owner)
        name = f"article/{view.get('template') or view.get('kind')}.html"
        if name not in self.theme.templates:
            raise MissingFact(f"no template `{name}` in {', '.join(self.theme.chain)}")
        return name

    def _frame(self, route: Route, scope: Scope, joiner: Joiner, styles: tuple[str, ...]) -> dict[str, Any]:
        site = Values(scope, scope.site)
        noindex = route.kind == "404"
        if route.kind == "article":
            facts: ArticleUrl = scope.read(route.owner, _ARTICLE_URL)
            noindex = facts.unlisted or bool(facts.preview)

        return {
            **self.shared(scope, joiner),
            "menu": scope.wrap(scope.read(owner_of("menu", route.lang)).entries),
            "page": {
                "canonical": site_url(scope, route.url, absolute=True),
                "feeds": self._feeds(route, scope, site),
                "kind": route.kind,
                "markdown": self._markdown(route, scope),
                "noindex": noindex,
                "styles": styles,
                "url": route.url,
            },
            "structured_data": "" if noindex else GRAPH,
            "theme_styles": scope.value(owner_of("theme", "styles")),
        }

    def _markdown(self, route: Route, scope: Scope) -> str:
        """Return the URL of a page's Markdown twin, '' where it has none."""
        outputs: tuple[str, ...] = scope.value("outputs")
        return twin_url(route) if "markdown" in outputs else ""

    def shared(self, scope: Scope, joiner: Joiner) -> dict[str, Any]:
        """Return what every template of an article or a page is given."""

        def directive(name: str, records: object = (), label: str = "", **params: object) -> Markup:
            """Draw a directive from a template."""
            call = self._call(scope, name, records, params)
            return Markup(joiner.place_directive(call, str(escape(label)), None))  # noqa: S704

        return {
            SCOPE: scope,
            "directive": Function(directive),
            "lang": scope.lang,
            "site": Values(scope, scope.site),
            "theme": Values(scope, scope.book.named("option")),
        }

    def _call(self, scope: Scope, name: str, records: object, params: dict[str, object]) -> CallFact:
        owner = owner_of("directive", name)
        if owner not in self.book.groups:
            raise MissingFact(f"no directive `{name}`")
        declared: DirectiveGroup = scope.read(owner)
        unknown = params.keys() - {key for key, _, _ in declared.params}
        if unknown:
            raise MissingFact(f"directive `{name}` has no parameter `{min(unknown)}`")
        refs = fixed(records, "records", "directive", name)
        if not isinstance(refs, tuple) or not all(isinstance(one, Ref) for one in refs):
            raise MissingFact(f"`records` of directive `{name}` is no list of records: write `records=[product]`")
        return CallFact(
            name=name,
            form="leaf" if "leaf" in declared.forms else declared.forms[0],
            records=refs,
            params=tuple(
                (key, fixed(params[key], key, "directive", name))
                if key in params
                else (key, self._default(scope, kind, value))
                for key, kind, value in declared.params
            ),
        )

    def _default(self, scope: Scope, kind: str, value: object) -> object:
        """Return a default as a call in prose has it: an id is a record in this language."""
        if value is None or kind not in {"product", "maker", "article"}:
            return value
        owner = f"{kind}:{scope.lang}:{value}"
        if owner not in self.book.groups:
            raise MissingFact(f"no {kind} `{value}`, which is a default")
        return Ref(owner)

    def _feeds(self, route: Route, scope: Scope, site: Values) -> Any:
        """Feeds that a page announces: its own, and the site's. Never read from the feed: it changes with every article."""
        view = View(scope, route.owner)
        own: tuple[str, str] = ("", "")
        if route.kind == "list" and owner_kind(view.get("of").owner) == "section":
            own = (view.get("title"), view.get("of").get("feed_url"))
        elif route.kind == "person":
            own = (view.get("name"), view.get("feed_url"))
        found = {url: title for title, url in (own, (site.get("title"), site.get("feed_url"))) if url}
        return scope.wrap(_feed_links(*found.items()))


@lru_cache(maxsize=4096)
def _feed_links(*feeds: tuple[str, str]) -> tuple[FeedLink, ...]:
    """Return both forms of each feed, (its Atom URL, title)."""
    return tuple(
        FeedLink(title=title, url=url.removesuffix(".xml") + ending, type=kind)
        for url, title in feeds
        for ending, kind in ((".xml", "application/atom+xml"), (".json", "application/feed+json"))
    )
