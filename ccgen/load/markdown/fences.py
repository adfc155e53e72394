"""Lines of directives (leaves and fences) as blocks and containers; knows no other block."""

from __future__ import annotations

import re

from ccgen.load.markdown.badlines import report_bad_line
from ccgen.load.markdown.containers import Boxes
from ccgen.load.markdown.directives import NAME, LineDirective, Written, make_call, read_line
from ccgen.load.markdown.structure import Box, DirectiveLine, Line

__all__ = ["take_directive"]


_OPENING = re.compile(r"[:：]{3,}[ \t]*[A-Za-z]")
_WIDE_FENCE = re.compile(r"[:：]{3,}\s*$")


def take_directive(boxes: Boxes, text: str, start: int) -> None:
    """Take a line that begins with `::`: a leaf, an opening or a closing fence, or an error."""
    read = read_line(text)
    if read is None:
        report_bad_line(boxes.session, text, start)
        if _OPENING.match(text):  # so that its closing fence is no second fault
            box = Box("directive")
            name = re.search(NAME, text.lower())
            box.directive = DirectiveLine(-1, None, start, name[0] if name else "")
            boxes.push(box, start)
        elif _WIDE_FENCE.match(text) and boxes.stack and boxes.stack[-1].kind == "directive":
            _close(boxes, text, start)
    elif not read.name:
        _close(boxes, text, start)
    else:
        _open(boxes, read, text, start)


def _open(boxes: Boxes, read: LineDirective, text: str, start: int) -> None:
    form = "leaf" if read.colons == 2 else "container"
    attributes, where = "", start
    if read.attributes is not None:
        attributes, where = text[slice(*read.attributes)], start + read.attributes[0]
    label = Line(text[slice(*read.label)], start + read.label[0]) if read.label is not None else None
    written = Written(
        read.name, "leaf" if form == "leaf" else "container", label is not None, attributes, where, start,
        start + len(text.rstrip()),
    )  # fmt: skip
    call = make_call(boxes.session, written)
    line = DirectiveLine(-1 if call is None else call, label, start, read.name)
    if form == "leaf":
        if call is not None:
            boxes.add("leaf", (), directive=line)
        return
    # A container that does not fit its declaration still has a closing fence.
    if call is not None:
        boxes.add("begin", (), directive=line)
    box = Box("directive")
    box.directive = line
    boxes.push(box, start)


def _close(boxes: Boxes, text: str, start: int) -> None:
    length = len(text.rstrip())
    for depth in range(len(boxes.stack) - 1, -1, -1):
        box = boxes.stack[depth]
        if box.kind == "directive":
            if depth == len(boxes.stack) - 1:
                boxes.end(box, start + length)
                boxes.pop()
                return
            break
    inner = any(box.kind == "directive" for box in boxes.stack)
    message = "this fence closes nothing" + (" in the list item or quote where it stands" if inner else "")
    hint = "a container ends where it began: in the same list item or quote" if inner else r"remove it, or write `\:::`"
    boxes.session.report("stray-fence", message, start, length, hint)
