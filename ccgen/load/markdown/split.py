"""The engine's HTML, split once at the marks into pieces; finds headings, links and the first paragraph on the way.

The engine's output is well formed and holds no raw HTML, so tags are found by one pattern. What a mark stands for
decides; where directives begin and end in different elements, that is an error at the directive.

Where nothing stands open that could end in the wrong place, `calm` goes past most tags.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ccgen.load.markdown.balance import OPTIONAL_END, excuse, report_alone, report_stray, report_unclosed
from ccgen.load.markdown.calm import Calm
from ccgen.load.markdown.frames import SIMPLE, Element, Frame
from ccgen.load.markdown.gathering import LEFT, VOID, unescaped
from ccgen.load.markdown.marks import (
    CLOSE,
    OPEN,
    Atom,
    Begin,
    Close,
    HeadingMark,
    Middle,
    NoteClose,
    NoteOpen,
    RawTag,
)
from ccgen.load.markdown.plain import plain_text
from ccgen.load.markdown.session import Session
from ccgen.model.body import Directive, Heading, LinkClose, Pieces

__all__ = ["Split", "split"]

# The last alternative spares what holds nothing but text; a paragraph is looked at while the first is sought.
_TOKEN = re.compile(
    f"{OPEN}([0-9]+){CLOSE}|<(?:(p|li|em|strong|td|th|dt|dd)>[^<{OPEN}]*+</\\2>|(/?)([a-z][a-z0-9]*)([^>]*)>)"
)
_FOREIGN = frozenset({"<svg", "<math"})  # in them `<b/>` is a whole element
_MAY_STAY_OPEN = frozenset(f"<{name}" for name in OPTIONAL_END)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Split(NamedTuple):
    """What became of the HTML."""

    pieces: Pieces
    headings: tuple[Heading, ...]
    first_paragraph: str


def split(session: Session, html: str, *, sound: bool = False) -> Split:
    """Return the pieces of the engine's HTML. Every mark is taken out of it, whatever the engine did to it.

    `sound`: no extension of others wrote in it, so that it is as well formed as the engine makes it.
    """
    return _Splitter(session, html, sound=sound).run()


class _Splitter(Calm):
    def run(self) -> Split:
        done = 0
        while done < len(self.html):
            done = self._tags(self.calm(done) if self.nothing_open() else done)
        while len(self.frames) > 1:
            self._abandon()
        self._leave(0, in_block=False)
        self._report_lost()
        return Split(self.finished(self.pieces), tuple(self.headings), self.first_paragraph)

    # --- tags -------------------------------------------------------------------------------------------------------

    def _tags(self, start: int) -> int:
        """Take one tag and mark after another until nothing is open that could end in the wrong place, or to the end."""
        html, done, open_ = self.html, start, self.open
        for found in _TOKEN.finditer(html, start):
            _, whole, close, name, _ = found.groups()
            if whole and (whole != "p" or self.first_paragraph):
                continue
            # Most tags only count as open or not, and stay in the text around them.
            simple = SIMPLE.get(name)
            if simple is None:
                pass
            elif not close:
                if name != "p" or (self.first_paragraph and not html.startswith(OPEN, found.end())):
                    open_.append(simple)
                    continue
            elif self._ends(simple):
                open_.pop()
                continue
            self.text(done, found.start())
            done = found.end()
            self._take(found)
            if self.nothing_open():
                return done
        self.text(done, len(html))
        return len(html)

    def _take(self, found: re.Match[str]) -> None:
        number, whole, close, name, attributes = found.groups()
        if number is not None:
            self._mark(int(number))
        elif whole:
            self._start_tag("p", "")
            self.pieces.append(unescaped(found[0][len("<p>") : -len("</p>")]))
            self._end_tag("p")
        elif close:
            self._end_tag(name)
        else:
            self._start_tag(name, attributes)

    def _ends(self, simple: Element) -> bool:
        """Say whether an end tag ends just that element, and is to stay."""
        if not self.open or self.open[-1] is not simple or len(self.open) <= self.frames[-1].depth:
            return False
        return simple.name != "p" or not self.swallow

    def _start_tag(self, name: str, attributes: str) -> None:
        if name in VOID:
            self.pieces.append(f"<{name}{attributes}>")
            return
        if name == "a" and attributes:
            found = self.href.search(attributes)
            if found is not None:
                self._link(int(found[1]))
                return
        if name in _HEADINGS:
            self.heading = None
            self.open.append(Element(name, len(self.pieces), self.frames[-1]))
            self.pieces.append(attributes)
            return
        if name == "p":
            self.open.append(Element(name, len(self.pieces), self.frames[-1]))
        else:
            self.open.append(Element(name))
        if attributes and OPEN in attributes:
            attributes = LEFT.sub("", attributes)
        self.pieces.append(f"<{name}{attributes}>")

    def _link(self, number: int) -> None:
        self.open.append(Element("a", link=number))
        self.pieces += ("<a ", *self.href_of(number), ">")

    def _end_tag(self, name: str) -> None:
        if name == "p" and self.swallow:
            self.swallow = False
            return
        element = None
        if len(self.open) > self.frames[-1].depth and self.open[-1].name == name:
            element = self.open.pop()
        elif not self._unwind(name):
            return
        if element is not None and name in _HEADINGS:
            self._end_heading(element)
        self.pieces.append(f"</{name}>")
        if element is None:
            return
        if element.link >= 0:
            self.pieces.append(LinkClose(element.link))
        elif name == "p" and not self.first_paragraph and len(self.frames) == 1 and not self._inner():
            self.first_paragraph = plain_text(self.finished(self.pieces[element.place :]), marks=True)

    def _inner(self) -> bool:
        return any(element.name.lstrip("<") in {"blockquote", "li", "dd"} for element in self.open)

    def _unwind(self, name: str) -> bool:
        """Leave directives and raw elements that end later than the element they began in; False if none is open."""
        depth = len(self.open) - 1
        while depth >= 0 and self.open[depth].name != name:
            depth -= 1
        if depth < 0:
            return False
        while len(self.frames) > 1 and self.frames[-1].depth > depth:
            self._abandon()
        self._leave(depth, in_block=True)
        return True

    def _leave(self, depth: int, *, in_block: bool) -> None:
        """Leave the elements open above a depth; those of raw HTML should have been closed."""
        for element in self.open[depth:]:
            if element.raw is not None:
                report_unclosed(self.session, element.raw, in_block=in_block)
        del self.open[depth:]

    def _end_heading(self, element: Element) -> None:
        frame, index = element.frame, element.place
        if frame is self.frames[-1]:
            attributes, *inner = self.pieces[index:]
            self.pieces[index] = self.heading_tag(element.name, str(attributes), self.finished(inner))

    # --- marks ------------------------------------------------------------------------------------------------------

    def _mark(self, number: int) -> None:
        what = self.unseen(number)
        if what is None:
            return
        self.seen.add(number)
        if isinstance(what, Atom):
            self._atom(what)
        elif isinstance(what, Begin):
            wrapped = what.block and self._unwrap()
            frame = Frame(len(self.open), what, wrapped=wrapped)
            self._push(frame)
            if wrapped and not what.label:
                self.swallow, frame.wrapped = True, False
        elif isinstance(what, Middle):
            self._middle(what)
        elif isinstance(what, Close):
            self._close(what)
        elif isinstance(what, HeadingMark):
            self.heading = what
        elif isinstance(what, NoteOpen):
            self.swallow = self._unwrap()
            self._push(Frame(len(self.open), what))
        else:
            self._end_note(what)

    def _atom(self, atom: Atom) -> None:
        if atom.block and self._unwrap():
            self.swallow = True
        if atom.link >= 0 and any(element.name in {"a", "<a"} for element in self.open):
            hint = "take it out of the link's text"
            self.session.report("nested-link", "a link stands inside the text of another", atom.link, 1, hint)
        self.pieces += atom.pieces
        for tag in atom.tags:
            self._raw_tag(tag)

    def _raw_tag(self, tag: RawTag) -> None:
        if tag.closes:
            self._raw_end(tag)
        elif not tag.alone:
            self.open.append(Element(f"<{tag.name}", raw=tag))
        elif tag.name not in {"svg", "math"} and not any(element.name in _FOREIGN for element in self.open):
            report_alone(self.session, tag, tag.alone)

    def _raw_end(self, tag: RawTag) -> None:
        """Close the innermost raw element of that name, but none of another block, and leave those within it."""
        floor, name = self.frames[-1].depth, f"<{tag.name}"
        for place in range(len(self.open) - 1, floor - 1, -1):
            if self.open[place].name == name:
                self._leave(place + 1, in_block=True)
                self.open.pop()
                return
            if self.open[place].raw is None:
                break
        report_stray(self.session, tag, [element.raw for element in reversed(self.open) if element.raw is not None])

    def _unwrap(self) -> bool:
        """Take back the `<p>` that the engine opened for a mark alone in its line; say whether there was one."""
        if not self.open or self.open[-1].name != "p" or len(self.open) <= self.frames[-1].depth:
            return False
        element = self.open[-1]
        if element.frame is not self.frames[-1] or element.place != len(self.pieces) - 1:
            return False
        self.open.pop()
        self.pieces.pop()
        return True

    def _push(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.pieces = frame.pieces

    def _pop(self) -> Frame:
        frame = self.frames.pop()
        self.pieces = self.frames[-1].pieces
        return frame

    def _middle(self, what: Middle) -> None:
        if not self._top_is(what.call):
            return
        frame = self.frames[-1]
        self._settle(frame)
        frame.label = self.finished(frame.pieces)
        frame.pieces = self.pieces = []
        if frame.wrapped:
            self.swallow, frame.wrapped = True, False

    def _close(self, what: Close) -> None:
        if not self._top_is(what.call):
            return
        if what.block and self._unwrap():
            self.swallow = True
        frame = self._pop_settled()
        mark = frame.mark
        assert isinstance(mark, Begin)
        pieces = self.finished(frame.pieces)
        if frame.wrapped:
            self.swallow = True
        container = self.session.calls[what.call].form == "container"
        self.pieces.append(
            Directive(what.call, frame.label, pieces) if container else Directive(what.call, pieces, None)
        )

    def _end_note(self, what: NoteClose) -> None:
        if self._unwrap():
            self.swallow = True
        while len(self.frames) > 1 and not isinstance(self.frames[-1].mark, NoteOpen):
            self._abandon()
        mark = self.frames[-1].mark
        if isinstance(mark, NoteOpen) and mark.label == what.label:
            frame = self._pop_settled()
            self.session.notes[what.label].pieces = self.finished(frame.pieces)

    def _top_is(self, call: int) -> bool:
        """Make the frame of a directive the top one, leaving what was not closed in it. False if it is gone."""
        for depth in range(len(self.frames) - 1, 0, -1):
            mark = self.frames[depth].mark
            if isinstance(mark, Begin) and mark.call == call:
                while len(self.frames) - 1 > depth:
                    self._abandon()
                return True
        return False

    def _pop_settled(self) -> Frame:
        frame = self.frames[-1]
        self._settle(frame)
        return self._pop()

    def _settle(self, frame: Frame) -> None:
        """See that a frame ends with the elements open with which it began."""
        if len(self.open) == frame.depth:
            return
        left = [element.name for element in self.open[frame.depth :] if element.name not in _MAY_STAY_OPEN]
        if left and isinstance(frame.mark, Begin):
            self._report_crossing(frame.mark, left[-1].lstrip("<"))
            self._excuse(frame.depth)
        self._leave(frame.depth, in_block=True)

    def _abandon(self) -> None:
        """Leave a frame whose end is missing where it should stand: its pieces go to the one around it."""
        frame = self._pop()
        if isinstance(frame.mark, Begin):
            self._report_crossing(frame.mark, "")
            self._excuse(frame.depth)
        self.pieces += frame.pieces

    def _excuse(self, depth: int) -> None:
        """Say nothing more of the raw elements above a depth: the directive they stand in was reported."""
        for element in self.open[depth:]:
            if element.raw is not None:
                excuse(self.session, element.raw)

    def _report_crossing(self, mark: Begin, name: str) -> None:
        call = self.session.calls[mark.call]
        inside = f"`<{name}>` is still open there" if name else "they stand in different blocks, cells or emphasis"
        message = f"`{call.name}` does not end where it began: {inside}"
        hint = "close what was opened inside, and keep a label within one block, cell or emphasis"
        colons = {"inline": 1, "leaf": 2, "container": 3}[call.form]
        self.session.report("crossing-directive", message, call.start, colons + len(call.name), hint)

    # --- the end ----------------------------------------------------------------------------------------------------

    def _report_lost(self) -> None:
        """Every mark must have come back. One that did not was in a place the engine does not print."""
        for number, what in enumerate(self.session.marks):
            if number in self.seen or not isinstance(what, Begin | Atom):
                continue
            call = what.call if isinstance(what, Begin) else -1
            if isinstance(what, Atom) and len(what.pieces) == 1 and isinstance(what.pieces[0], Directive):
                call = what.pieces[0].number
            if call >= 0 and not any(
                problem.at.start == self.session.calls[call].start for problem in self.session.problems
            ):
                given = self.session.calls[call]
                message = f"`{given.name}` stands where nothing can be shown"
                self.session.report("lost-directive", message, given.start, given.end - given.start, "move it")
