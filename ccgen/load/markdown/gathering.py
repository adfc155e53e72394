"""What is gathered while the engine's HTML is split: pieces, headings, what stands open; and how pieces are finished."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from ccgen.load.markdown.footnotes import note_anchors
from ccgen.load.markdown.frames import Element, Frame
from ccgen.load.markdown.marks import CLOSE, OPEN, HeadingMark, Mark
from ccgen.load.markdown.plain import plain_text
from ccgen.load.markdown.session import Session
from ccgen.model.body import Heading, Html, LinkOpen, Piece, Pieces
from ccgen.text.slug import slug

__all__ = ["LEFT", "VOID", "Gathering", "unescaped"]

LEFT = re.compile(f"{OPEN}[0-9]*{CLOSE}?|{CLOSE}")
VOID = frozenset({"br", "hr", "img", "col", "input", "wbr"})
_PLAIN_ENTITY = re.compile(r"&#(3[3-57-9]|4[0-9]|5[89]|61|6[34]|9[1-6]|12[3-6]);")  # not & < >


@lru_cache(maxsize=8)
def _href(prefix: str) -> re.Pattern[str]:
    """Return the pattern of a link's destination."""
    return re.compile(rf' href="{re.escape(prefix)}([0-9]+)"')


def unescaped(text: str) -> str:
    """Return text with the entities of characters that mean nothing in HTML resolved."""
    return _PLAIN_ENTITY.sub(lambda found: chr(int(found[1])), text) if "&#" in text else text


class Gathering:
    """One article's HTML while it is split. `pieces` are those of the innermost frame."""

    def __init__(self, session: Session, html: str) -> None:
        self.session = session
        self.html = html
        self.entities = "&#" in html
        self.frames = [Frame(0)]
        self.pieces = self.frames[0].pieces
        self.open: list[Element] = []
        self.headings: list[Heading] = []
        self.heading: HeadingMark | None = None
        self.first_paragraph = ""
        self.swallow = False  # the next `</p>` belongs to a paragraph that is gone
        self.seen: set[int] = set()
        self.ids = dict.fromkeys([*session.anchors, *note_anchors(session)])
        self.counts: dict[str, int] = {}  # how many headings share a slug
        self.href = _href(session.link_prefix)

    def text(self, start: int, end: int) -> None:
        """Take HTML as it is, entities aside."""
        if start < end:
            text = self.html[start:end]
            self.pieces.append(unescaped(text) if self.entities else text)

    def unseen(self, number: int) -> Mark | None:
        """Return what a mark stands for, None where it came back already or is none of ours."""
        known = number < len(self.session.marks) and number not in self.seen
        return self.session.marks[number] if known else None

    def href_of(self, number: int) -> tuple[Piece | str, ...]:
        """Return what stands between `<a ` and `>` of a link."""
        title = self.session.titles.get(number)
        return (LinkOpen(number), f' title="{escape(title)}"') if title else (LinkOpen(number),)

    def heading_tag(self, tag: str, attributes: str, inner: Pieces) -> str:
        """Note a heading and return its start tag."""
        text = plain_text(inner)
        given = self.heading
        name = given.id if given is not None and given.id else self._free_id(text)
        start = given.start if given is not None else 0
        self.headings.append(Heading(int(tag[1]), name, text, start))
        self.ids[name] = None
        return f'<{tag} id="{escape(name)}"{attributes}>'

    def _free_id(self, text: str) -> str:
        base = slug(text) or "section"
        name, number = base, self.counts.get(base, 1)
        while name in self.ids:
            number += 1
            name = f"{base}-{number}"
        self.counts[base] = number
        return name

    def finished(self, pieces: list[Piece | str]) -> Pieces:
        """Return pieces with neighbouring HTML joined, and nothing of ours left in it."""
        joined: list[Piece] = []
        texts: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                texts.append(piece)
            elif isinstance(piece, Html):
                texts.append(piece.text)
            else:
                if texts:
                    self._join(texts, joined)
                    texts = []
                joined.append(piece)
        if texts:
            self._join(texts, joined)
        return tuple(joined)

    def _join(self, texts: list[str], joined: list[Piece]) -> None:
        text = "".join(texts)
        if not text:
            return
        if OPEN in text or CLOSE in text:
            text = LEFT.sub("", text)
        if self.session.link_prefix in text:
            text = self._with_destinations(text)
        joined.append(Html(text))

    def _with_destinations(self, text: str) -> str:
        """Put back destinations that the engine did not take for links."""
        targets = self.session.targets
        numbered = re.compile(re.escape(self.session.link_prefix) + "([0-9]+)")
        return numbered.sub(
            lambda found: escape(targets[int(found[1])].text) if int(found[1]) < len(targets) else "", text
        )
