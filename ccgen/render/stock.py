"""Parts that an earlier build drew, and those that this one draws for a later one, as bytes; knows no page and no disk.

A part that is given nothing but records, text and numbers, leaves no link open and asks nothing of the page around looks the
same wherever it stands, as long as the facts that it read are the same: whoever finds it again answers for these.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from contextlib import suppress

import msgspec
from markupsafe import Markup

from ccgen.model.page import Kept
from ccgen.model.parts import Ref
from ccgen.model.source import digest_of
from ccgen.render.view import Drawing

__all__ = ["Stock"]

_TELLING = frozenset({str, int, bool, type(None), Ref, type})  # what bytes, and names of types, tell apart


class _Made(msgspec.Struct, frozen=True, array_like=True):
    html: str
    styles: tuple[str, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Made).decode
_encode_key = msgspec.msgpack.Encoder(enc_hook=lambda kind: kind.__name__).encode


class Stock:
    """`find` gives what was drawn under a key, if all that it read is as it was. What is new is gathered until it is taken."""

    def __init__(self, find: Callable[[bytes], Kept | None]) -> None:
        self._find = find
        self._new: dict[bytes, Kept] = {}

    def drawn(self, given: tuple[object, ...], draw: Callable[[], Drawing]) -> Drawing:
        """Return the drawing of what is given (a template's name, and values with their types), drawn by `draw` if it must be."""
        key = digest_of(_encode_key(given)) if _TELLING.issuperset(map(type, given)) else b""
        found = self._find(key) if key else None
        if found is not None:
            with suppress(msgspec.MsgspecError):
                return _opened(found)
        drawing = draw()
        if key and not (drawing.links or drawing.asked):
            made = _Made(str(drawing.parts[0]), drawing.styles)
            self._new[key] = Kept(array("I", sorted(drawing.reads)).tobytes(), _encode(made))
        return drawing

    def new(self) -> dict[bytes, Kept]:
        """Hand over what was drawn since this was last asked for."""
        new, self._new = self._new, {}
        return new


def _opened(kept: Kept) -> Drawing:
    made = _decode(kept.made)
    html = Markup(made.html)  # noqa: S704  (a drawing, as it was)
    return Drawing((html,), reads=tuple(array("I", kept.reads)), styles=made.styles)
