"""Where signs stand that may begin something within a line; knows not what they begin.

Prose is mostly text without any. To look for one letter is quicker than to look at each letter, so that what lies
between two signs is known to need no look.
"""

from __future__ import annotations

from bisect import bisect_left

__all__ = ["Signs"]

# What every token of `spans`, and a table, holds; and what turns the direction of text (`bidi`).
_ASCII = "\\`<[]{|"
_WIDE = "【｛［\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Signs:
    """The signs of a text from an offset on, which are looked for once."""

    __slots__ = ("_end", "_offsets")

    def __init__(self, text: str, start: int) -> None:
        offsets: list[int] = []
        for sign in _ASCII if text.isascii() else _ASCII + _WIDE:
            found = text.find(sign, start)
            while found >= 0:
                offsets.append(found)
                found = text.find(sign, found + 1)
        offsets.sort()
        self._offsets = offsets
        self._end = len(text)

    def after(self, offset: int) -> int:
        """Return where the first sign stands at an offset or behind it, the text's end if there is none."""
        number = bisect_left(self._offsets, offset)
        return self._offsets[number] if number < len(self._offsets) else self._end
