"""Unseen characters that turn the direction of prose (Unicode Standard Annex 9, 2.1 to 2.4): where they are not ended.

They let a price, a name or a link read otherwise than it is written. Marks (U+200E, U+200F) turn nothing but
themselves, and words in Arabic or Hebrew need them, so they are left alone. In front matter `text.values` refuses all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ccgen.load.markdown.session import Session
from ccgen.load.markdown.structure import Block, Line

__all__ = ["holds_controls", "report_controls"]

_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATES = frozenset("\u2066\u2067\u2068")
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_Sign = tuple[str, int]  # a character, and its offset in the article


def holds_controls(text: str, start: int) -> bool:
    """Say whether a text holds any from `start` on: one search, which is all that an ordinary article pays."""
    return not text.isascii() and _CONTROL.search(text, start) is not None


def report_controls(session: Session, blocks: Iterable[Block]) -> None:
    """Warn of a block whose controls do not pair; in an id any is an error. To be called when all calls are noted."""
    awaited: Counter[str] = Counter()  # ends of what was reported in an earlier block: no second slip
    for block in blocks:
        label = block.directive.label if block.directive is not None and block.kind != "end" else None
        found = _unpaired(
            _signs((*block.lines, *([label] if label is not None else [])), verbatim=block.kind == "code")
        )
        if found is None:
            continue
        sign, start = found
        name = f"U+{ord(sign):04X}"
        if awaited[sign]:
            awaited[sign] -= 1
            continue
        if sign in {_POP, _POP_ISOLATE}:
            message = f"{name}, which is not seen, ends a direction of text that nothing here began"
            hint = "delete it"
        else:
            end = _POP_ISOLATE if sign in _ISOLATES else _POP
            awaited[end] += 1
            message = f"{name}, which is not seen, turns the direction of the text behind it and is not ended"
            hint = f"delete it, or write U+{ord(end):04X} where that text ends, in the same block"
        session.report("bidi-control", message, start, 1, hint, "warning")
    ids = [one for call in session.calls for one in call.records]
    ids += [(name, session.text.find(name)) for name in session.anchors if holds_controls(name, 0)]
    for name, start in ids:
        found_in = _CONTROL.search(name)
        if found_in is not None:
            place = max(start, 0) + found_in.start()
            session.report(
                "bidi-control", f"U+{ord(found_in[0]):04X}, which is not seen, stands in an id", place, 1, "delete it"
            )


def _signs(lines: Iterable[Line], *, verbatim: bool) -> Iterator[_Sign]:
    for line in lines:
        # A line of code keeps its indentation, and its place is that of its first letter.
        indent = len(line.text) - len(line.text.lstrip(" \t")) if verbatim else 0
        for found in _CONTROL.finditer(line.text):
            yield found[0], line.start + found.start() - indent


def _unpaired(signs: Iterable[_Sign]) -> _Sign | None:
    """Return the first that does not pair, as UAX 9 (X2 to X7) reads them: the end of an isolate ends all within it."""
    open_: list[_Sign] = []
    for sign in signs:
        if sign[0] == _POP:
            if not open_ or open_[-1][0] in _ISOLATES:
                return sign
            open_.pop()
        elif sign[0] == _POP_ISOLATE:
            while open_ and open_[-1][0] not in _ISOLATES:
                open_.pop()
            if not open_:
                return sign
            open_.pop()
        else:
            open_.append(sign)
    return open_[0] if open_ else None
