"""The parts of the engine's HTML in which nothing of ours stands open: no tag is looked at but those of links and headings.

Only what stands open in something of ours, or the other way round, can end in the wrong place. Which elements are open is
counted when a mark asks for it.
"""

from __future__ import annotations

import re

from ccgen.load.markdown.frames import SIMPLE, Element
from ccgen.load.markdown.gathering import VOID, Gathering, unescaped
from ccgen.load.markdown.marks import CLOSE, OPEN, Atom, HeadingMark
from ccgen.load.markdown.plain import plain_text
from ccgen.load.markdown.session import Session
from ccgen.model.body import Html, LinkClose

__all__ = ["Calm"]

_OURS = re.compile('<(?:a href="|(h[1-6])[ >])')
_MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_ELEMENT = re.compile("<(/?)([a-z][a-z0-9]*)")


class Calm(Gathering):
    """What can be taken without counting elements. `sound`: the HTML is as well formed as the engine makes it."""

    def __init__(self, session: Session, html: str, *, sound: bool) -> None:
        super().__init__(session, html)
        self.sound = sound
        self.first_paragraph = self._first() if sound else ""
        self.mark = html.find(OPEN)  # the next, and the next link or heading: see `_next`
        self.tag = _OURS.search(html)

    def _first(self) -> str:
        """Return the text of the paragraph with which the HTML begins, '' for one that holds a mark, or none."""
        html = self.html
        paragraph = html[: html.find("</p>")] if html.startswith("<p>") else OPEN
        text = plain_text((Html(unescaped(paragraph)),)) if OPEN not in paragraph else ""
        return text if self.session.link_prefix not in text else ""

    def nothing_open(self) -> bool:
        """Say whether all that is open are elements of the engine's that nothing asks for any more."""
        if not self.sound or not self.first_paragraph or self.swallow or len(self.frames) > 1:
            return False
        return all(SIMPLE.get(element.name) is element for element in self.open)

    def calm(self, start: int) -> int:
        """Take links, headings and marks that are whole in themselves; return where anything else begins, or the end."""
        html, done, stop = self.html, start, start
        mark, tag = self._next(start)
        while mark >= 0 or tag is not None:
            if tag is None or 0 <= mark < tag.start():
                stop, after = mark, self._atom_alone(done, mark)
            else:
                stop, after = tag.start(), self._whole(done, tag)
            if after < 0:
                break
            done = after
            mark, tag = self._next(done)
        else:
            self.text(done, len(html))
            return len(html)
        if html.endswith("<p>", done, stop):
            stop -= len("<p>")  # a mark may be alone in it
        self.text(done, stop)
        for close, name in _ELEMENT.findall(html, start, stop):
            if close:
                self.open.pop()
            elif name not in VOID:
                self.open.append(SIMPLE.get(name) or Element(name))
        return stop

    def _next(self, start: int) -> tuple[int, re.Match[str] | None]:
        """Return the first mark (-1: none) and the first link or heading from `start` on; no stretch is searched twice."""
        if 0 <= self.mark < start:
            self.mark = self.html.find(OPEN, start)
        if self.tag is not None and self.tag.start() < start:
            self.tag = _OURS.search(self.html, start)
        return self.mark, self.tag

    def _whole(self, done: int, tag: re.Match[str]) -> int:
        """Take a link or heading without mark or link in it; return where it ends, -1 for another."""
        html, name = self.html, tag[1] or "a"
        found = _MARK.match(html, tag.end()) if tag[1] else self.href.match(html, tag.start() + len("<a"))
        if found is None:
            return -1
        start = found.end() + (not tag[1])
        end = html.find(f"</{name}>", start)
        inner = html[start:end]
        if end < 0 or OPEN in inner or "<a " in inner:
            return -1
        number, after = int(found[1]), end + len(name) + len("</>")
        if not tag[1]:
            self.text(done, tag.start() + len("<a "))
            self.pieces += self.href_of(number)
            self.text(found.end(), after)
            self.pieces.append(LinkClose(number))
            return after
        what = self.unseen(number)
        if not isinstance(what, HeadingMark):
            return -1
        self.text(done, tag.start())
        self.seen.add(number)
        self.heading = what
        inner = unescaped(inner) if self.entities else inner
        self.pieces.append(f"{self.heading_tag(name, '', self.finished([inner]))}{inner}</{name}>")
        return after

    def _atom_alone(self, done: int, mark: int) -> int:
        """Take finished pieces that change no element; return what is behind them, -1 for another mark."""
        html, found = self.html, _MARK.match(self.html, mark)
        what = self.unseen(int(found[1])) if found is not None else None
        if found is None or not isinstance(what, Atom) or what.tags:
            return -1
        start, end = found.span()
        if what.block and html.endswith("<p>", done, start):
            if not html.startswith("</p>", end):
                return -1
            start, end = start - len("<p>"), end + len("</p>")
        self.text(done, start)
        self.seen.add(int(found[1]))
        self.pieces += what.pieces
        return end
