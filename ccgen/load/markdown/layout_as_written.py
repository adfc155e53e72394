"""Blocks for an engine with CommonMark's block structure: as they were written, with a blank line where one stood.

Markers and indents are set anew, so that no tab and no odd indent is left. What is settled stands in lines that begin
with an empty comment, a block that needs no blank line about it and leaves a tight list tight. Only directives
are set apart: a list that holds one is loose.
"""

from __future__ import annotations

from ccgen.load.markdown.blocktext import block_text, table_at
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.structure import Block, Box

__all__ = ["write_as_written"]

_DIRECTIVES = frozenset({"leaf", "begin", "end"})


def write_as_written(session: Session, blocks: list[Block], out: list[str]) -> None:
    """Add blocks to the engine's text."""
    previous: Block | None = None
    tables = "|" in session.text
    for block in blocks:
        text = block_text(session, block, table_at(block) if tables else -1)
        if previous is not None:
            if not (block.blank or _apart(previous, block, text)):
                out.append("\n")
            elif block.path and previous.path:
                out.append(_blank_line(previous, block))
            else:
                out.append("\n\n")
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
        if box.kind == "quote":
            first, lines = first + "> ", lines + "> "
            continue
        space = " " * (len(box.marker) + 1)
        first += space if box.written else box.marker + " "
        lines += space
        box.written = True
    return first, lines


def _apart(previous: Block, block: Block, text: str) -> bool:
    """Say whether a blank line goes before a block where none stood: the engine would join it to the one before."""
    if block.kind in _DIRECTIVES or previous.kind in _DIRECTIVES:
        return True
    if block.kind != "text" or previous.kind != "text":
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
        common += "> " if ours.kind == "quote" else " " * (len(ours.marker) + 1)
    return f"\n{common.rstrip()}\n" if common else "\n\n"
