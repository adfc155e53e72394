"""The Markdown twin of a page, and llms.txt: the same facts as the page, for readers of plain text; knows no HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ccgen.commerce.links import place_on
from ccgen.commerce.relation import relations
from ccgen.model.facts import GROUPS, BodyGroup, DirectiveGroup, LlmsGroup
from ccgen.model.parts import CallFact, TargetFact, owner_kind, owner_of
from ccgen.model.site import TWIN, Route
from ccgen.render.body import Joiner
from ccgen.render.environment import site_url, words
from ccgen.render.formats import listed
from ccgen.render.owed import owed
from ccgen.render.pages import Pages
from ccgen.render.twin_drawings import TwinParts
from ccgen.render.twin_lists import home_entries, home_head, list_entries, list_head
from ccgen.render.twin_source import Spot, written
from ccgen.render.view import Scope, View, note_relation
from ccgen.text.markdown import as_line, as_link, as_text, as_url

__all__ = ["Twins"]

_BODY = {kind: groups.index(BodyGroup) for kind, groups in GROUPS.items() if BodyGroup in groups}
_NO_TEXT = BodyGroup(body_digest=b"", targets=(), calls=())
_SLOT = "markdown"  # what sub-ids of links in a twin say


class Twins:
    """Draws the Markdown of pages."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def draw(self, route: Route) -> tuple[str, Scope]:
        """Return a page's Markdown and all it read."""
        scope = Scope(self._pages.book, route.lang, words=words, absolute=True)
        ties = note_relation(scope, route.owner) if owner_kind(route.owner) == "article" else ()
        place = place_on(route.owner, scope.value(owner_of("site", route.lang, "language")), _SLOT)
        placed = Scope(
            self._pages.book, route.lang, words=words, place=place, page=route.owner, ties=ties, absolute=True
        )
        placed.reads |= scope.reads
        return _Twin(self._pages, placed, route).text(), placed

    def llms(self, route: Route) -> tuple[str, Scope]:
        """Return llms.txt (llmstxt.org): a title, a sentence, and lists of links with a note each."""
        scope = Scope(self._pages.book, route.lang, words=words, absolute=True)
        group: LlmsGroup = scope.read(route.owner)
        blocks = [f"# {as_text(group.title)}"]
        if group.description:
            blocks.append(f"> {as_text(group.description)}")
        for title, entries in group.sections:
            lines = []
            for name, url, note in entries:
                link = as_link(as_text(name), site_url(scope, url, absolute=True))
                lines.append(f"- {link}: {as_text(note)}" if note else f"- {link}")
            blocks.append("\n".join([f"## {as_text(title)}", "", *lines]))
        return "\n\n".join(blocks) + "\n", scope


class _Twin:
    """One page while its Markdown is made: first all that holds purchase links, then what must be said before them."""

    def __init__(self, pages: Pages, scope: Scope, route: Route) -> None:
        self.pages, self.scope, self.owner = pages, scope, route.owner
        self.show = TwinParts(scope)
        self.view = View(scope, self.owner)
        self.text_of = self._text_of(route.lang)
        self.facts: BodyGroup = scope.read(self.text_of, _BODY[owner_kind(self.text_of)]) if self.text_of else _NO_TEXT
        self.placed = {call.name for call in self.facts.calls}
        self.page_url = self.show.url(route.url.removesuffix(TWIN))

    def _text_of(self, lang: str) -> str:
        """Return whose prose stands on the page, '' where there is none: a list has its section's on its first page."""
        kind = owner_kind(self.owner)
        if kind == "home":
            return owner_of("section", lang, "")
        if kind != "list":
            return self.owner
        of: View = self.view.get("of")
        return of.owner if owner_kind(of.owner) == "section" and self.view.get("number") == 1 else ""

    def text(self) -> str:
        make = {
            "article": self._article,
            "product": self._product,
            "maker": self._maker,
            "person": self._person,
            "home": self._home,
            "list": self._list,
        }
        head, rest = make[owner_kind(self.owner)]()
        rest = list(rest)  # links are made now, and say what is owed
        blocks = [*head, self._owed(), *rest, f"{self.scope.lang} · <{as_url(self.page_url)}>"]
        return "\n\n".join(block.strip("\n") for block in blocks if block.strip()) + "\n"

    def _owed(self) -> str:
        """Return who pays and who is tied to whom, as the page says it."""
        found = owed(self.scope, self.owner, [offer for offer, _ in self.scope.purchases])
        lines = []
        for name in found.disclosed:
            merchants = [View(self.scope, one.owner) for one in found.merchants]
            names = dict.fromkeys(one.get("name") for one in merchants if one.get("role") == name)
            shops = listed(list(names), self.scope.lang) or self.show.t("some_shops")
            lines.append(f"> {as_text(self.show.t(f'disclosure_{name}', merchants=shops))}")
        lines += [f"> {self.show.tie(self.scope.wrap(tie))}" for tie in found.declared]
        return "\n>\n".join(lines)

    # --- pages ---

    def _article(self) -> tuple[list[str], Iterable[str]]:
        view, show = self.view, self.show
        title = view.get("title") or view.get("summary")
        head = [f"# {as_text(title)}", self._byline()]
        return head, self._article_rest(view, show)

    def _article_rest(self, view: View, show: TwinParts) -> Iterable[str]:
        if view.get("kind") == "review" and "verdict" not in self.placed:
            yield show.verdict(view)
        for picture in view.get("pictures") or ((view.get("picture"),) if view.get("picture") else ()):
            yield show.picture(picture)
        if "picks" not in self.placed:
            yield show.picks(view)
        yield self._prose()
        if view.get("kind") == "review":
            yield from (show.points(view, name) for name in ("pros", "cons") if name not in self.placed)
            if "audience" not in self.placed:
                yield show.audience(view)
            if "evidence" not in self.placed:
                yield show.evidence(view)
            if view.get("product") and not self.placed & {"product", "offers"}:
                yield show.card(view.get("product"))
        if "considered" not in self.placed:
            yield show.considered(view)
        if "method" not in self.placed:
            yield show.method(view)
        if "updates" not in self.placed:
            yield show.updates(view)

    def _byline(self) -> str:
        view, show = self.view, self.show
        parts = []
        if view.get("authors") and view.get("kind") != "page":
            parts.append(f"{show.t('by')} {listed(list(map(show.link, view.get('authors'))), self.scope.lang)}")
        if view.get("date") and view.get("kind") != "page":
            parts.append(show.date(view.get("date")))
        if view.get("updated"):
            parts.append(f"{show.t('updated')} {show.date(view.get('updated'))}")
        return " · ".join(parts)

    def _product(self) -> tuple[list[str], Iterable[str]]:
        view, show = self.view, self.show
        maker = view.get("maker")
        head = [
            f"# {as_text(view.get('name'))}",
            f"{show.t('made_by')} {show.link(maker)}" if maker else "",
            as_text(view.get("line")),
            show.gone(view) if view.get("status") == "gone" else "",
        ]
        return head, self._product_rest(view, show)

    def _product_rest(self, view: View, show: TwinParts) -> Iterable[str]:
        for picture in view.get("pictures"):
            yield show.picture(picture)
        if view.get("rating") or view.get("verdict"):
            said = [as_line(view.get("verdict")), f"*{as_line(view.get('but'))}*" if view.get("but") else ""]
            said.append(f"({show.rating(view.get('rating'))})" if view.get("rating") else "")
            said.append(show.link(view.get("review"), as_text(show.t("read_review"))) if view.get("review") else "")
            yield " ".join(filter(None, said))
        if view.get("offers") or view.get("status") != "gone":
            yield "\n\n".join([f"## {show.t('where_to_buy')}", "\n".join(show.offers(view))])
        prose = self._prose()
        yield prose or as_line(view.get("description"))
        if view.get("not_for"):
            yield f"**{show.t('not_for')}** {as_line(view.get('not_for'))}"
        specs = show.specs(view)
        if specs:
            yield f"## {show.t('specs')}\n\n{specs}"
        yield show.care(view)
        if view.get("returns_url"):
            words = as_text(view.get("returns") or show.t("returns"))
            yield as_link(words, show.url(view.get("returns_url")))
        elif view.get("returns"):
            yield f"{show.t('returns')}{show.t('colon')}{as_text(view.get('returns'))}"

    def _maker(self) -> tuple[list[str], Iterable[str]]:
        view, show = self.view, self.show
        place = as_text(view.get("place"))
        head = [f"# {as_text(view.get('name'))}", place, show.t("maker_ours") if view.get("ours") else ""]
        cards = (f"- {show.link(product)}" for product in view.get("products"))
        return head, [as_line(view.get("about")), self._prose(), show.titled("products", *cards)]

    def _person(self) -> tuple[list[str], Iterable[str]]:
        view, show = self.view, self.show
        ties = [f"- {show.tie(tie)}" for tie in view.get("interests")]
        articles = [f"- {show.link(article)}" for article in view.get("articles")]
        head = [f"# {as_text(view.get('name'))}"]
        return head, [as_line(view.get("bio")), self._prose(), show.titled("interests", *ties), "\n".join(articles)]

    def _home(self) -> tuple[list[str], Iterable[str]]:
        head = home_head(self.show, View(self.scope, self.text_of))
        return head, [self._prose(), *home_entries(self.show, self.view)]

    def _list(self) -> tuple[list[str], Iterable[str]]:
        return list_head(self.show, self.view), [self._prose(), *list_entries(self.show, self.view)]

    # --- prose ---

    def _prose(self) -> str:
        body = self.pages.plan.bodies.get(self.text_of)
        return written(body, self._address, self._directive) if body is not None else ""

    def _address(self, number: int) -> tuple[str, str]:
        target: TargetFact = self.facts.targets[number]
        if target.image is not None:
            return as_url(self.show.url(View(self.scope, target.image.owner).get("url"))), ""
        if target.kind == "anchor":
            return as_url(self.page_url + target.url), ""
        if target.offer is None:
            return as_url(self.show.url(target.url)), ""
        offer = target.offer
        # A link in prose names no product: what the article adds to any of its products counts.
        anything = offer.key.startswith("/")
        ties = (one for product, one in self.scope.ties if anything or product in {"", offer.product})
        assert self.scope.place is not None
        made = self.scope.link_at(offer, relations(offer.role, ties), self.scope.place)
        if made.relation == "none":
            return as_url(made.href), ""
        merchant = View(self.scope, offer.merchant.owner).get("name")
        return as_url(made.href), self.show.t(f"mark_{made.relation}", merchant=merchant)

    def _directive(self, spot: Spot) -> str:
        call = self.facts.calls[spot.number]
        drawn = self._drawn(call, spot)
        return drawn if call.form == "inline" else _continued(drawn, spot.prefix)

    def _drawn(self, call: CallFact, spot: Spot) -> str:
        show, params = self.show, dict(call.params)
        records = tuple(View(self.scope, one.owner) for one in call.records)
        only = params.get("merchant")
        label = spot.label
        if call.form == "inline":
            inline: dict[str, Any] = {
                "product": lambda: show.link(records[0], label),
                "buy": lambda: show.buy_inline(records[0], label, only),
                "price": lambda: show.price(records[0], only) or label or show.t("see_price"),
                "rating": lambda: (
                    show.rating(records[0].get("rating")) if records[0].get("rating") else show.t("no_rating")
                ),
            }
            return str(inline[call.name]()) if call.name in inline and records else self._plain(call, spot)
        if call.form == "container":
            return self._box(call, spot)
        if call.name == "video":
            return as_link(as_text(str(params.get("title") or show.t("video"))), show.url(str(params["src"])))
        shelves: dict[str, Any] = {
            "product": lambda: show.card(
                records[0],
                line=label or "",
                badge=str(params.get("badge") or ""),
                only=only,
                first=params.get("layout") == "compact",
            ),
            "products": lambda: "\n\n".join([*([f"**{label}**"] if label else []), *map(show.card, records)]),
            "offers": lambda: "\n\n".join(
                (
                    f"**{label or show.t('where_to_buy') + show.t('colon') + show.link(records[0])}**",
                    "\n".join(show.offers(records[0], only)),
                )
            ),
            "compare": lambda: "\n\n".join(filter(None, (label, show.compare(records, params.get("by"))))),
            "picks": lambda: show.picks(records[0]),
            "considered": lambda: show.considered(records[0]),
            "verdict": lambda: show.verdict(records[0]),
            "evidence": lambda: show.evidence(records[0]),
            "audience": lambda: show.audience(records[0]),
            "pros": lambda: show.points(records[0], "pros"),
            "cons": lambda: show.points(records[0], "cons"),
            "method": lambda: show.method(records[0]),
            "updates": lambda: show.updates(records[0]),
            "maker": lambda: show.maker(records[0]),
        }
        return str(shelves[call.name]()) if call.name in shelves and records else self._plain(call, spot)

    def _box(self, call: CallFact, spot: Spot) -> str:
        content, label = (spot.content or "").strip("\n"), spot.label
        if call.name in {"note", "tip", "caution"}:
            return f"**{label or self.show.t(call.name)}**\n\n{content}"
        if call.name == "quote":
            length = len(spot.prefix)
            inner = (line[length:] if line.startswith(spot.prefix) else line for line in content.split("\n"))
            lines = [_behind("> ", line) for line in inner]
            return "\n".join([*lines, *([">", f"> — {label}"] if label else [])])
        if call.name in {"figure", "gallery"}:
            return f"{content}\n\n*{label}*" if label else content
        return f"**{label}**\n\n{content}" if label else content

    def _plain(self, call: CallFact, spot: Spot) -> str:
        """Return a theme's own directive in its plain form; HTML in Markdown is HTML."""
        declared: DirectiveGroup = self.scope.read(owner_of("directive", call.name))
        if declared.plain != "template":
            return spot.label or ""
        assert self.scope.place is not None
        joiner = Joiner(
            self.scope, self.pages.directives.draw, self.scope.place[:2], page_url=self.page_url, plain=True
        )
        html = joiner.place_directive(call, spot.label or "", None)
        return re.sub(r"\n\s*\n", "\n", html.strip())


def _continued(text: str, prefix: str) -> str:
    """Return lines of a block below one another in the list or quote that they stand in."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(line if prefix and line.startswith(prefix) else _behind(prefix, line) for line in rest)])


def _behind(prefix: str, line: str) -> str:
    return prefix + line if line.strip() else prefix.rstrip()
