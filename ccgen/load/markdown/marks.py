"""What the scanner leaves in the text for the engine, and what each mark stands for; knows neither Markdown nor HTML.

A *mark* is a number between two noncharacters, which no source may hold. The engine carries it through as text; the
splitter finds it again and puts there what it stands for. Numbers are indexes, so order never matters.
"""

from __future__ import annotations

import msgspec

from ccgen.model.body import Pieces

__all__ = [
    "CLOSE",
    "OPEN",
    "Atom",
    "Begin",
    "Close",
    "HeadingMark",
    "Mark",
    "Middle",
    "NoteClose",
    "NoteOpen",
    "RawTag",
]

OPEN = "\ufdd0"
CLOSE = "\ufdd1"


class RawTag(msgspec.Struct, frozen=True, gc=False):
    """A tag of raw HTML that opens or closes an element, and where it stands. `alone`: written `<b/>`."""

    name: str  # in lower case
    start: int
    length: int
    closes: bool = False
    alone: str = ""  # the whole tag, where it is


class Atom(msgspec.Struct, frozen=True):
    """Finished pieces. `block`: they have a line of their own; `tags`: the raw elements they open or close."""

    pieces: Pieces
    block: bool = False
    tags: tuple[RawTag, ...] = ()
    link: int = -1  # the offset where a link stands: links do not nest


class Begin(msgspec.Struct, frozen=True, gc=False):
    """A directive begins: its label follows, or its content where it has no label."""

    call: int
    block: bool
    label: bool


class Middle(msgspec.Struct, frozen=True, gc=False):
    """A container's label ends and its content begins."""

    call: int


class Close(msgspec.Struct, frozen=True, gc=False):
    """A directive's label (inline, leaf) or content (container) ends."""

    call: int
    block: bool


class NoteOpen(msgspec.Struct, frozen=True, gc=False):
    """A footnote's text begins."""

    label: str


class NoteClose(msgspec.Struct, frozen=True, gc=False):
    """A footnote's text ends."""

    label: str


class HeadingMark(msgspec.Struct, frozen=True, gc=False):
    """Where a heading's text begins in the source, and the id its author gave it."""

    start: int
    id: str


Mark = Atom | Begin | Middle | Close | NoteOpen | NoteClose | HeadingMark
