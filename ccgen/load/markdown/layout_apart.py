"""Blocks for an engine with a block structure of its own: each apart from the next, every level four spaces.

Python-Markdown wants four spaces a level and blank lines about every block, and sees no quotes, tables and definitions
right behind an item's marker. The same text means the same to CommonMark only in part: see `layout_as_written`.
"""

from __future__ import annotations

from typing import NamedTuple

from ccgen.load.markdown.blocktext import block_text, table_at
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.structure import Block, Box

__all__ = ["write_apart"]


def write_apart(session: Session, blocks: list[Block], out: list[str]) -> None:
    """Add blocks to the engine's text."""
    previous: Block | None = None
    tables = "|" in session.text
    previous_first = False
    depth = 0  # of the first block since the last blank line: the engine takes its indent off all lines up to the next
    for number, block in enumerate(blocks):
        table = table_at(block) if tables else -1
        terms = number + 1 < len(blocks) and _defines(block, blocks[number + 1])
        defines = previous is not None and _defines(previous, block)
        lead, prefix, first = _lead(block.path, alone=terms or table >= 0)
        if previous is None:
            depth = len(block.path)
        elif defines or (
            previous_first
            and not block.blank
            and lead.fresh >= depth
            and lead.fresh > 0
            and _continues(previous.path, block.path)
        ):
            out.append("\n")
        else:
            out.append(_blank_line(previous, block))
            depth = len(block.path)
        if lead.split:
            depth = len(block.path)
        out.append(lead.text)
        text = block_text(session, block, table)
        if first and block.kind == "text" and block.path[-1].kind == "item":
            prefix = prefix[: prefix.rfind("> ") + 2] if "> " in prefix else ""  # else the indent stays in the text
        out.append(text if not prefix or "\n" not in text else text.replace("\n", "\n" + prefix))
        previous, previous_first = block, first


class _Lead(NamedTuple):
    """What stands before a block's first line. `fresh`: how deep the item is that begins in it, 0 for none; `split`: a
    blank line follows that item's marker.
    """

    text: str
    fresh: int
    split: bool


_BARE = _Lead("", fresh=0, split=False)


def _lead(path: tuple[Box, ...], *, alone: bool) -> tuple[_Lead, str, bool]:
    """Return what stands before a block's first line and before its others, and whether it follows an item's marker.

    In the lines right behind a marker the engine sees no quotes, tables and definitions, and not every list. So an item
    that begins with one of these (`alone`: a table or terms) begins empty, and the rest stands behind a blank line.
    """
    if not path:
        return _BARE, "", False
    text, lines, fresh, first, split = "", "", 0, False, False
    for number, box in enumerate(path):
        if box.kind == "quote":
            if first:
                text, first, split = f"{text}\n{lines.rstrip()}\n{lines}", False, True
            text, lines = text + "> ", lines + "> "
            continue
        if first:
            text, split = f"{text}\n{lines.rstrip()}\n{lines}", True
        text += "    " if box.written else _marker(box)
        lines += "    "
        if not box.written:
            box.written = first = True
            fresh = fresh or number + 1
    if alone and first:
        text, first, split = f"{text}\n{lines.rstrip()}\n{lines}", False, True
    return _Lead(text, fresh, split), lines, first


def _marker(box: Box) -> str:
    """Return an item's or definition's marker, filled up to four columns. Numbers are written with a point."""
    marker = f"{box.marker[:-1]}." if box.marker[0].isdigit() else box.marker
    return marker.ljust(3) + " "


def _continues(previous: tuple[Box, ...], path: tuple[Box, ...]) -> bool:
    """Say whether an item may stand right below another block: it is in that one's list, or begins a list in its item."""
    for ours, theirs in zip(previous, path, strict=False):
        if ours is not theirs:
            return ours.kind is theirs.kind and ours.marker[:1].isdigit() == theirs.marker[:1].isdigit()
    return True


def _defines(previous: Block, block: Block) -> bool:
    """Say whether a block is a definition of the terms right before it."""
    if not block.path or block.blank or block.path[-1].kind != "definition" or block.path[-1].written:
        return False
    return previous.kind == "text" and previous.path == block.path[:-1]


def _blank_line(previous: Block, block: Block) -> str:
    """Return a blank line within the quotes that two blocks share."""
    common = ""
    for ours, theirs in zip(previous.path, block.path, strict=False):
        if ours is not theirs:
            break
        common += "> " if ours.kind == "quote" else "    "
    return f"\n{common.rstrip()}\n"
