"""Blocks as text for the engine, in the layout that it reads: the article's own, then each footnote's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ccgen.load.markdown.engine import Layout
from ccgen.load.markdown.layout_apart import write_apart
from ccgen.load.markdown.layout_as_written import write_as_written
from ccgen.load.markdown.marks import NoteClose, NoteOpen
from ccgen.load.markdown.session import Note, Session
from ccgen.load.markdown.structure import Block

__all__ = ["write_blocks"]

_WRITERS: Mapping[Layout, Callable[[Session, list[Block], list[str]], None]] = {
    "apart": write_apart,
    "as_written": write_as_written,
}


def write_blocks(session: Session, blocks: list[Block]) -> str:
    """Return the engine's text: the article's blocks, then the footnotes referred to, each between its marks."""
    write = _WRITERS[session.layout]
    own: dict[Note | None, list[Block]] = {None: blocks}
    if session.notes:
        own[None] = []
        for block in blocks:
            own.setdefault(block.note, []).append(block)
    out: list[str] = []
    write(session, own[None], out)
    done = 0
    while done < len(session.cited):  # a footnote may be the first to refer to another
        note = session.cited[done]
        done += 1
        out.append("\n\n" + session.begin + session.mark(NoteOpen(note.label)) + "\n\n")
        write(session, own.get(note, []), out)
        out.append("\n\n" + session.begin + session.mark(NoteClose(note.label)) + "\n\n")
    return "".join(out)
