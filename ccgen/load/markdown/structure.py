"""What block structure is made of: lines, containers and blocks, for those who find and those who write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from ccgen.load.markdown.session import Note

__all__ = ["Block", "Box", "BoxKind", "DirectiveLine", "Kind", "Line", "TooDeep", "apart"]


# What a block is: `text` is a paragraph, table or terms of definitions, `code` indented or fenced, `begin` and `end` are
# a container's fences. Words and no enumeration: each is asked for many times a line, and a member costs a call there.
Kind = Literal["text", "heading", "rule", "code", "html", "leaf", "begin", "end"]
BoxKind = Literal["quote", "item", "definition", "note", "directive"]


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line's text without its containers' prefixes and leading space, and where it stands in the article.

    In a paragraph also several lines that follow one another in the article just so: `apart` parts them.
    """

    text: str
    start: int


def apart(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines each by itself."""
    return tuple(one for line in lines for one in (_parted(line) if "\n" in line.text else (line,)))


def _parted(lines: Line) -> Iterator[Line]:
    start = lines.start
    for text in lines.text.split("\n"):
        yield Line(text, start)
        start += len(text) + 1


class Box:
    """A container of blocks. `marker`, as written, stands once, before its first block; `indent` is that of its lines."""

    __slots__ = ("directive", "empty", "indent", "kind", "marker", "note", "written")

    def __init__(self, kind: BoxKind, *, indent: int = 0, marker: str = "") -> None:
        self.kind = kind
        self.indent = indent
        self.marker = marker
        self.written = False  # layout has written the marker
        self.empty = True
        self.directive: DirectiveLine | None = None
        self.note: Note | None = None


class DirectiveLine(msgspec.Struct, frozen=True):
    """A leaf or a container's opening fence: its call and its label's text."""

    call: int
    label: Line | None
    start: int
    name: str


class Block(msgspec.Struct, frozen=True):
    """A block without blocks in it. `lines` are its text (code and HTML with their space); `info` is by kind."""

    kind: Kind
    path: tuple[Box, ...]  # quotes, items, definitions
    note: Note | None  # the footnote it stands in
    lines: tuple[Line, ...]
    blank: bool  # a blank line stands before it
    level: int = 0  # of a heading
    info: str = ""  # a fence's language; a heading's explicit id
    directive: DirectiveLine | None = None
    plain: bool = False  # paragraphs without a sign that is read here: the engine's text is the article's


class TooDeep(Exception):
    """Containers stand deeper in one another than the limit allows; the problem is already noted."""
