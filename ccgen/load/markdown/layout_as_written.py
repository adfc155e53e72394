"""Blocks for an engine with CommonMark's block structure: as they were written, with a blank line where one stood.

Markers and indents are set anew, so that no tab and no odd indent is left. What is settled stands in lines that begin
with an empty comment, a block that needs no blank line about it and leaves a tight list tight. Only directives
are set apart: a list that holds one is loose.
"""

from __future__ import annotations

from ccgen.load.markdown.blocktext import block_text, table_at
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.structure import Block, Box, BoxKind, Kind

__all__ = ["write_as_written"]

_DIRECTIVES = frozenset({Kind.LEAF, Kind.BEGIN, Kind.END})


def write_as_written(session: Session, blocks: list[Block], out: list[str]) -> None:
    """Add blocks to the engine's text."""
    previous: Block | None = None
    for block in blocks:
        table = table_at(block.lines) if block.kind is Kind.TEXT else -1
        text = block_text(session, block, table)
        if previous is not None:
            out.append(_blank_line(previous, block) if _apart(previous, block, text) else "\n")
        if block.path:
            lead, prefix = _lead(block.path)
            out.append(lead)
            if "\n" in text:
                text = text.replace("\n", "\n" + prefix)
        out.append(text)
        previous = block


def _lead(path: tuple[Box, ...]) -> tuple[str, str]:
    """Return what stands before a block's first line and before its others."""
    first = lines = ""
    for box in path:
        if box.kind is BoxKind.QUOTE:
            first, lines = first + "> ", lines + "> "
            continue
        space = " " * (len(box.marker) + 1)
        first += space if box.written else box.marker + " "
        lines += space
        box.written = True
    return first, lines


def _apart(previous: Block, block: Block, text: str) -> bool:
    """Say whether a blank line goes before a block: one stood there, or the engine would join it to the one before."""
    if block.blank or block.kind in _DIRECTIVES or previous.kind in _DIRECTIVES:
        return True
    if block.kind is not Kind.TEXT or previous.kind is not Kind.TEXT:
        return False
    if not text:  # nothing interrupts a paragraph, though it may be the next item of a list
        return previous.path == block.path[: len(previous.path)]
    return not block.path or block.path[-1].written


def _blank_line(previous: Block, block: Block) -> str:
    """Return a blank line within the quotes that two blocks share."""
    common = ""
    for ours, theirs in zip(previous.path, block.path, strict=False):
        if ours is not theirs:
            break
        common += "> " if ours.kind is BoxKind.QUOTE else " " * (len(ours.marker) + 1)
    return f"\n{common.rstrip()}\n" if common else "\n\n"
