"""Prose joined for one reader: pieces, resolved targets and drawn directives become one text; knows no route."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol

from markupsafe import Markup, escape

from ccgen.commerce.links import Place
from ccgen.commerce.relation import relations
from ccgen.model.body import Body, Directive, Html, Image, LinkClose, LinkOpen, Pieces
from ccgen.model.facts import BodyGroup, ImageGroup
from ccgen.model.parts import CallFact, Offer, Ref, TargetFact
from ccgen.render.environment import site_url
from ccgen.render.view import Drawing, Scope, View

__all__ = ["Drawer", "Joiner"]


class Drawer(Protocol):
    """Draws a directive for any page: see `render.directives`."""

    def __call__(self, scope: Scope, call: CallFact, label: str, content: str | None, *, plain: bool) -> Drawing: ...


class Joiner:
    """Joins prose for one page (`plain` False) or for a feed (`plain` True). Counts a page's purchase links by slot."""

    def __init__(
        self, scope: Scope, draw: Drawer, place: tuple[str, str], *, page_url: str, plain: bool = False
    ) -> None:
        self.scope = scope
        self.draw = draw
        self.section, self.page = place
        self.plain = plain
        self._page_url = page_url
        self._slots: Counter[tuple[str, str]] = Counter()

    def join(self, body: Body, facts: BodyGroup) -> Markup:
        """Return a body as HTML."""
        return Markup(self._pieces(body.pieces, facts))  # noqa: S704  (prose is ours, drawings are escaped)

    def place_directive(self, call: CallFact, label: str, content: str | None) -> str:
        """Draw one directive and fill in its links."""
        drawing = self.draw(self.scope, call, label, content, plain=self.plain)
        self.scope.note(drawing)
        if len(drawing.parts) == 1:
            return drawing.parts[0]
        places: dict[str, Place] = {}
        named = dict(call.params).get("slot")
        parts: list[str] = list(drawing.parts)
        for index in range(1, len(parts), 2):
            offer, way = drawing.links[int(parts[index])]
            place = places.get(offer.product)
            if place is None:
                slot = str(named) if named else self._slot(call.name, offer.product)
                place = places[offer.product] = Place(self.section, self.page, slot)
            parts[index] = self.scope.way_at(offer, way, place)
        return "".join(parts)

    def _slot(self, name: str, product: str) -> str:
        self._slots[name, product] += 1
        return f"{name}-{self._slots[name, product]}"

    def _relations(self, offer: Offer) -> tuple[str, ...]:
        # A link in prose names no product: what the article adds to any of its products counts.
        anything = offer.key.startswith("/")
        ties = (one for product, one in self.scope.ties if anything or product in {"", offer.product})
        return relations(offer.role, ties)

    def _pieces(self, pieces: Pieces, facts: BodyGroup) -> str:
        parts = []
        for piece in pieces:
            if isinstance(piece, Html):
                parts.append(piece.text)
            elif isinstance(piece, Directive):
                label = "" if piece.label is None else self._pieces(piece.label, facts)
                content = None if piece.content is None else self._pieces(piece.content, facts)
                parts.append(self.place_directive(facts.calls[piece.number], label, content))
            elif isinstance(piece, Image):
                parts.append(self._image(piece, facts.targets[piece.number]))
            elif isinstance(piece, LinkOpen):
                parts.append(self._link(facts.targets[piece.number]))
            elif isinstance(piece, LinkClose):
                parts.append(self._after_link(facts.targets[piece.number]))
            else:
                parts.append(self._raw(facts.targets[piece.number]))
        return "".join(parts)

    def _link(self, target: TargetFact) -> str:
        if target.offer is None:
            rel = ' rel="noopener"' if target.kind == "external" and target.url.startswith("http") else ""
            return f'href="{self._url(target)}"{rel}'
        slot = self._slot("link", target.offer.merchant.owner)
        place = Place(self.section, self.page, slot)
        made = self.scope.link_at(target.offer, self._relations(target.offer), place)
        rel = f' rel="{made.rel}"' if made.rel else ""
        return f'href="{escape(made.href)}"{rel}'

    def _after_link(self, target: TargetFact) -> str:
        relation = self._relations(target.offer)[0] if target.offer else "none"
        if target.offer is None or relation == "none":
            return ""
        merchant = View(self.scope, target.offer.merchant.owner).get("name")
        words = self.scope.words(self.scope, f"mark_{relation}", {"merchant": merchant})
        return f' <small class="mark">{escape(words)}</small>'

    def _image(self, piece: Image, target: TargetFact) -> str:
        title = f' title="{escape(piece.title)}"' if piece.title else ""
        alt = escape(piece.alt)
        if target.image is None:
            return f'<img src="{escape(target.url)}" alt="{alt}"{title} loading="lazy">'
        image = self._picture(target.image)
        size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
        return f'<img src="{escape(site_url(self.scope, image.url))}" alt="{alt}"{title}{size} loading="lazy">'

    def _raw(self, target: TargetFact) -> str:
        if target.image is not None:
            return str(escape(site_url(self.scope, self._picture(target.image).url)))
        return self._url(target)

    def _url(self, target: TargetFact) -> str:
        """Return where a target is, for an attribute. In a feed the page's own anchors are at its page."""
        if target.kind == "anchor" and self.plain:
            return str(escape(self._page_url + target.url))
        return str(escape(site_url(self.scope, target.url)))

    def _picture(self, ref: Ref) -> ImageGroup:
        group: Any = self.scope.read(ref.owner)
        assert isinstance(group, ImageGroup)
        return group
