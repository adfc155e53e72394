"""A body's Markdown as written, with what depends on the site put in: addresses, marks, directives; knows no record.

Everything outside the spans that the body knows stays byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from ccgen.model.body import Body
from ccgen.text.markdown import as_text
from ccgen.text.patterns import late

__all__ = ["Spot", "written"]

_TITLE = late(r"""\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))?\s*""", re.DOTALL)
_DEFINITION = late(r"^[ >\t]*\[[^\]\n]+\]:[ \t]*<?$")
_HEAD = late(r":+[a-z][a-z0-9-]*")


class Spot(NamedTuple):
    """A directive's place: its number, its label and its content as Markdown, None where it has none.

    `prefix` is what continues the list or quote it stands in on a further line.
    """

    number: int
    label: str | None
    content: str | None
    prefix: str


Draw = Callable[[Spot], str]
Address = Callable[[int], tuple[str, str]]  # a destination's number → its address, and the mark of a paid link or ''


class _Edit(NamedTuple):
    start: int
    end: int
    text: str = ""
    call: int = -1


def written(body: Body, address: Address, draw: Draw) -> str:
    """Return a body's Markdown; `address` gives each destination, `draw` each directive."""
    return _Writer(body, address, draw).range(0, len(body.source)).strip("\n")


class _Writer:
    def __init__(self, body: Body, address: Address, draw: Draw) -> None:
        self.text, self.body, self.draw = body.source, body, draw
        self.edits: list[_Edit] = []
        for number, target in enumerate(body.targets):
            start = target.start - body.begin
            self._add_target(start, start + target.length, *address(number))
        for number, call in enumerate(body.calls):
            self.edits.append(_Edit(call.start - body.begin, call.end - body.begin, call=number))
        # Of two that begin at one place, the longer holds the other; what is only put in stands before both.
        self.edits.sort(key=lambda one: (one.start, one.end > one.start, -one.end))

    def range(self, start: int, end: int) -> str:
        """Return the text between two offsets, edited."""
        parts, done = [], start
        for edit in self.edits:
            if edit.start < done or edit.start >= end or edit.end > end:
                continue
            parts.append(self.text[done : edit.start])
            parts.append(self._drawn(edit) if edit.call >= 0 else edit.text)
            done = edit.end
        return "".join([*parts, self.text[done:end]])

    # --- destinations ---

    def _add_target(self, start: int, end: int, url: str, mark: str) -> None:
        before = self.text[max(0, start - 1) : start]
        raw = before in {'"', "'", "="}
        self.edits.append(_Edit(start, end, escape(url) if raw else url))
        if not mark:
            return
        place, text = self._mark_place(start, end, mark)
        if place >= 0:
            self.edits.append(_Edit(place, place, text))

    def _mark_place(self, start: int, end: int, mark: str) -> tuple[int, str]:
        """Return where the mark of a paid link stands: behind the link, or as the title of a definition.

        None of them is raw HTML: that was refused, as it can carry no mark on the page either.
        """
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        after = end + 1 if self.text[end : end + 1] == ">" else end
        if _DEFINITION.match(line):
            titled = self.text[after:].partition("\n")[0].strip()
            return (-1, "") if titled else (after, ' "' + mark.replace('"', "'") + '"')
        if self.text[start - 1 : start] == "<" and self.text[start - 2 : start - 1] != "(":
            return after, f" ({as_text(mark)})"
        found = _TITLE.match(self.text, after)
        close = found.end() if found else after
        return (close + 1, f" ({as_text(mark)})") if self.text[close : close + 1] == ")" else (-1, "")

    # --- directives ---

    def _drawn(self, edit: _Edit) -> str:
        call = self.body.calls[edit.call]
        head = _HEAD.match(self.text, edit.start)
        after = head.end() if head else edit.start
        label, after = self._label(after, edit.end)
        content = None
        if call.form == "container":
            end = edit.start + len(self.text[edit.start : edit.end].rstrip())
            first, last = self.text.find("\n", after, end), self.text.rfind("\n", edit.start, end)
            content = self.range(first + 1, max(first + 1, last)) if 0 <= first < last else ""
        return self.draw(Spot(edit.call, label, content, self._prefix(edit.start)))

    def _label(self, start: int, end: int) -> tuple[str | None, int]:
        if self.text[start : start + 1] != "[":
            return None, start
        depth, place = 0, start
        while place < end:
            letter = self.text[place]
            if letter == "\\":
                place += 1
            elif letter == "`":
                ticks = re.compile("`+").match(self.text, place)
                run = ticks[0] if ticks else "`"
                close = re.compile(f"(?<!`){run}(?!`)").search(self.text, place + len(run), end)
                place = close.end() - 1 if close else place + len(run) - 1
            elif letter in "[]":
                depth += 1 if letter == "[" else -1
                if depth == 0:
                    return self.range(start + 1, place), place + 1
            place += 1
        return None, start

    def _prefix(self, start: int) -> str:
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        return "".join(letter if letter in "> \t" else " " for letter in line)
