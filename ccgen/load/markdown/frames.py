"""What stands open while the engine's HTML is split: elements, and what their pieces are gathered for; splits nothing."""

from __future__ import annotations

import msgspec

from ccgen.load.markdown.marks import Begin, NoteOpen, RawTag
from ccgen.model.body import Piece, Pieces

__all__ = ["SIMPLE", "Element", "Frame"]


class Frame:
    """What is being filled: the body, a label, a content or a footnote. `depth` elements are open around it."""

    def __init__(self, depth: int, mark: Begin | NoteOpen | None = None, *, wrapped: bool = False) -> None:
        self.pieces: list[Piece | str] = []  # HTML as text until it is joined
        self.depth = depth
        self.mark = mark
        self.label: Pieces | None = None
        self.wrapped = wrapped  # stands in a paragraph of the engine's that is to vanish


class Element(msgspec.Struct, frozen=True):
    """An open element; `place` is where it begins in its frame's pieces, `link` a link's number.

    One of raw HTML has its tag and a name with `<`, so that no end tag of the engine's takes it for its own.
    """

    name: str
    place: int = -1
    frame: Frame | None = None
    link: int = -1
    raw: RawTag | None = None


# Elements that only count as open; one value for each, since there are many of them. Some of `p` need a place.
SIMPLE = {name: Element(name) for name in "p em strong li ul ol blockquote table thead tbody td tr th dd dt dl".split()}
