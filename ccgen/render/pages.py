"""HTML pages: which template draws which owner, and what it is given; knows no bytes on disk."""

from __future__ import annotations

from typing import Any

from jinja2 import Undefined
from markupsafe import Markup, escape

from ccgen.commerce.links import Place
from ccgen.model.body import Body
from ccgen.model.facts import GROUPS, ArticleUrl, BodyGroup, DirectiveGroup, owner_kind
from ccgen.model.parts import CallFact, Ref
from ccgen.model.site import Plan, Route
from ccgen.model.theme import Theme
from ccgen.render.body import Joiner
from ccgen.render.directives import Directives
from ccgen.render.environment import SCOPE, Environment, site_url, words
from ccgen.render.view import Book, MissingFact, Part, Scope, Values, View, note_relation

__all__ = ["Pages"]

_BODY = {kind: groups.index(BodyGroup) for kind, groups in GROUPS.items() if BodyGroup in groups}
_FALLS_BACK = {kind for kind, groups in GROUPS.items() if any("fallback" in one.__struct_fields__ for one in groups)}
_ARTICLE_URL = GROUPS["article"].index(ArticleUrl)


class Pages:
    """Draws every kind of HTML page."""

    def __init__(self, plan: Plan, book: Book, theme: Theme, environment: Environment, directives: Directives) -> None:
        self.plan, self.book, self.theme = plan, book, theme
        self.environment, self.directives = environment, directives

    def draw(self, route: Route) -> tuple[str, Scope]:
        """Return a page's HTML and all it read.

        A page's head names the styles of the directives on it. Those in the prose are known before the template runs;
        when the template itself draws more, the page is drawn once more with all of them.
        """
        html, scope, named = self._draw(route, ())
        if len(scope.styles) > len(named):
            html, scope, _ = self._draw(route, tuple(scope.styles))
        return html, scope

    def _draw(self, route: Route, styles: tuple[str, ...]) -> tuple[str, Scope, tuple[str, ...]]:
        kind, ident = owner_kind(route.owner), route.owner.split(":", 2)[-1]
        section = kind
        ties: tuple[tuple[str, str], ...] = ()
        scope = Scope(self.book, route.lang, words=words)
        if kind == "article":
            section = ident.partition("/")[0]
            ties = note_relation(scope, route.owner)
        scope = self._placed(scope, route.owner, Place(section, ident, "page"), ties)
        joiner = Joiner(scope, self.directives.draw, (section, ident), page_url="")
        context = self._subject(route, scope, joiner)
        name = self._template(route, scope)
        scope.read(f"template:{name}")
        named = tuple(dict.fromkeys((*scope.styles, *styles)))
        context |= self._frame(route, scope, joiner, named)
        return self.environment.get_template(name).render(context), scope, named

    def body(self, scope: Scope, owner: str, joiner: Joiner) -> Markup:
        """Return an owner's joined prose, '' where it has none."""
        body: Body | None = self.plan.bodies.get(owner)
        facts = scope.read(owner, _BODY[owner_kind(owner)])
        if body is None:
            return Markup()
        html = joiner.join(body, facts)
        if owner_kind(owner) in _FALLS_BACK and "body" in View(scope, owner).get("fallback"):
            return Markup('<div lang="{}">\n{}</div>').format(scope.value(f"site:{scope.lang}:language"), html)
        return html

    def _placed(self, scope: Scope, owner: str, place: Place, ties: tuple[tuple[str, str], ...]) -> Scope:
        placed = Scope(self.book, scope.lang, words=words, place=place, page=owner, ties=ties)
        placed.reads |= scope.reads
        return placed

    def _subject(self, route: Route, scope: Scope, joiner: Joiner) -> dict[str, Any]:
        kind = owner_kind(route.owner)
        subject = View(scope, route.owner)
        if route.kind == "404":
            return {"content": Markup()}
        if route.kind == "home":
            owner = f"section:{route.lang}:"
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
        site = Values(scope, f"site:{route.lang}")
        noindex = route.kind == "404"
        if route.kind == "article":
            facts: ArticleUrl = scope.read(route.owner, _ARTICLE_URL)
            noindex = facts.unlisted or bool(facts.preview)

        return {
            **self.shared(scope, joiner),
            "menu": scope.read(f"menu:{route.lang}").entries,
            "page": {
                "canonical": site_url(scope, route.url, absolute=True),
                "feeds": self._feeds(route, scope, site),
                "kind": route.kind,
                "noindex": noindex,
                "styles": styles,
                "url": route.url,
            },
            "theme_styles": scope.value("theme:styles"),
        }

    def shared(self, scope: Scope, joiner: Joiner) -> dict[str, Any]:
        """Return what every template of an article or a page is given."""

        def directive(name: str, records: object = (), label: str = "", **params: object) -> Markup:
            """Draw a directive from a template."""
            call = self._call(scope, name, records, params)
            return Markup(joiner.place_directive(call, str(escape(label)), None))  # noqa: S704

        return {
            SCOPE: scope,
            "directive": directive,
            "lang": scope.lang,
            "site": Values(scope, f"site:{scope.lang}"),
            "theme": Values(scope, "option"),
        }

    def _call(self, scope: Scope, name: str, records: object, params: dict[str, object]) -> CallFact:
        owner = f"directive:{name}"
        if owner not in self.book.groups:
            raise MissingFact(f"no directive `{name}`")
        declared: DirectiveGroup = scope.read(owner)
        unknown = params.keys() - {key for key, _, _ in declared.params}
        if unknown:
            raise MissingFact(f"directive `{name}` has no parameter `{min(unknown)}`")
        refs = _fixed(records, f"`records` of directive `{name}`")
        if not isinstance(refs, tuple) or not all(isinstance(one, Ref) for one in refs):
            raise MissingFact(f"`records` of directive `{name}` is no list of records: write `records=[product]`")
        return CallFact(
            name=name,
            form="leaf" if "leaf" in declared.forms else declared.forms[0],
            records=refs,
            params=tuple(
                (key, _fixed(params[key], f"`{key}` of directive `{name}`"))
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

    def _feeds(self, route: Route, scope: Scope, site: Values) -> tuple[dict[str, str], ...]:
        """Feeds that a page announces: its own, and the site's. Never read from the feed: it changes with every article."""
        view = View(scope, route.owner)
        own: tuple[str, str] = ("", "")
        if route.kind == "list" and owner_kind(view.get("of").owner) == "section":
            own = (view.get("title"), view.get("of").get("feed_url"))
        elif route.kind == "person":
            own = (view.get("name"), view.get("feed_url"))
        found = {url: title for title, url in (own, (site.get("title"), site.get("feed_url"))) if url}
        return tuple(
            {"title": title, "url": url.removesuffix(".xml") + ending, "type": kind}
            for url, title in found.items()
            for ending, kind in ((".xml", "application/atom+xml"), (".json", "application/feed+json"))
        )


def _fixed(value: object, where: str) -> object:
    """Return what a template gives to a directive as facts hold it, so that a drawing can be shared among pages.

    Raises MissingFact for what no fact can be, UndefinedError for what is not there.
    """
    if isinstance(value, View):
        return Ref(value.owner)
    if isinstance(value, Part):
        return value.value
    if isinstance(value, list | tuple):
        return tuple(_fixed(one, where) for one in value)
    if isinstance(value, Undefined):
        str(value)  # raises, in Jinja's words
    if value is not None and not isinstance(value, str | int | float):
        raise MissingFact(f"{where} is a {type(value).__name__}; give it text, a number, a record or a list of these")
    return value
