"""What block structure is made of: lines, containers and blocks, for those who find and those who write them."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from ccgen.load.markdown.session import Note

__all__ = ["Block", "Box", "BoxKind", "DirectiveLine", "Kind", "Line", "TooDeep"]


class Kind(IntEnum):
    """What a block is."""

    TEXT = 0  # a paragraph, table or terms of definitions
    HEADING = 1
    RULE = 2
    CODE = 3  # indented or fenced
    HTML = 4
    LEAF = 5
    BEGIN = 6  # a container's opening fence
    END = 7  # and its closing one


class BoxKind(IntEnum):
    """What a container is."""

    QUOTE = 0
    ITEM = 1
    DEFINITION = 2
    NOTE = 3
    DIRECTIVE = 4


class Line(NamedTuple):
    """A line's text without its containers' prefixes and leading space, and where it stands in the article."""

    text: str
    start: int


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


class DirectiveLine(NamedTuple):
    """A leaf or a container's opening fence: its call and its label's text."""

    call: int
    label: Line | None
    start: int
    name: str


class Block(NamedTuple):
    """A block without blocks in it. `lines` are its text (code and HTML with their space); `info` is by kind."""

    kind: Kind
    path: tuple[Box, ...]  # quotes, items, definitions
    note: Note | None  # the footnote it stands in
    lines: tuple[Line, ...]
    blank: bool  # a blank line stands before it
    level: int = 0  # of a heading
    info: str = ""  # a fence's language; a heading's explicit id
    directive: DirectiveLine | None = None


class TooDeep(Exception):
    """Containers stand deeper in one another than the limit allows; the problem is already noted."""
