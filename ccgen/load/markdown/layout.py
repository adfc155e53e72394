"""Blocks as text for the engine: every list level four spaces, every block apart, marks in place of what is settled.

The scanner has decided what each line is. What is written here leaves the engine no second opinion: a line of a
paragraph that would begin a list or a heading to it is defused, and headings are all written with `#`.
"""

from __future__ import annotations

import re
from html import escape
from typing import NamedTuple

from ccgen.load.markdown.htmlblock import block_pieces
from ccgen.load.markdown.lines import TABLE_RULE
from ccgen.load.markdown.marks import Atom, Begin, Close, HeadingMark, Middle, NoteClose, NoteOpen
from ccgen.load.markdown.session import Note, Places, Session
from ccgen.load.markdown.spans import Spans
from ccgen.load.markdown.structure import Block, Box, BoxKind, DirectiveLine, Kind, Line
from ccgen.model.body import Directive, Html

__all__ = ["defused", "write_blocks"]

_BLOCKISH = re.compile(r"(?:[-+*>#]|(\d+)[.)])(?=\s|$)|#|>|[=-]+[ \t]*$|:(?=\s)|(?:[*_-][ \t]*){3,}$")
_ABBREVIATION = re.compile(r"\*\[[^\]\n]+\]:")
_BLOCKISH_START = frozenset("-+*>#=:_0123456789")


def write_blocks(session: Session, blocks: list[Block]) -> str:
    """Return the engine's text: the article's blocks, then the footnotes referred to, each between its marks."""
    own: dict[Note | None, list[Block]] = {}
    for block in blocks:
        own.setdefault(block.note, []).append(block)
    out: list[str] = []
    _write(session, own.get(None, []), out)
    done = 0
    while done < len(session.cited):  # a footnote may be the first to refer to another
        note = session.cited[done]
        done += 1
        out.append("\n\n" + session.mark(NoteOpen(note.label)) + "\n\n")
        _write(session, own.get(note, []), out)
        out.append("\n\n" + session.mark(NoteClose(note.label)) + "\n\n")
    return "".join(out)


def _write(session: Session, blocks: list[Block], out: list[str]) -> None:
    previous: Block | None = None
    previous_first = False
    depth = 0  # of the first block since the last blank line: the engine takes its indent off all lines up to the next
    for number, block in enumerate(blocks):
        table = _table_at(block.lines) if block.kind is Kind.TEXT else -1
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
        text = _text(session, block, table)
        if first and block.kind is Kind.TEXT and block.path[-1].kind is BoxKind.ITEM:
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
        if box.kind is BoxKind.QUOTE:
            if first:
                text, first, split = f"{text}\n{lines.rstrip()}\n{lines}", False, True
            text, lines = text + "> ", lines + "> "
            continue
        if first:
            text, split = f"{text}\n{lines.rstrip()}\n{lines}", True
        text += "    " if box.written else box.marker
        lines += "    "
        if not box.written:
            box.written = first = True
            fresh = fresh or number + 1
    if alone and first:
        text, first, split = f"{text}\n{lines.rstrip()}\n{lines}", False, True
    return _Lead(text, fresh, split), lines, first


def _continues(previous: tuple[Box, ...], path: tuple[Box, ...]) -> bool:
    """Say whether an item may stand right below another block: it is in that one's list, or begins a list in its item."""
    for ours, theirs in zip(previous, path, strict=False):
        if ours is not theirs:
            return ours.kind is theirs.kind and ours.marker[:1].isdigit() == theirs.marker[:1].isdigit()
    return True


def _defines(previous: Block, block: Block) -> bool:
    """Say whether a block is a definition of the terms right before it."""
    if not block.path or block.blank or block.path[-1].kind is not BoxKind.DEFINITION or block.path[-1].written:
        return False
    return previous.kind is Kind.TEXT and previous.path == block.path[:-1]


def _blank_line(previous: Block, block: Block) -> str:
    """Return a blank line within the quotes that two blocks share."""
    common = ""
    for ours, theirs in zip(previous.path, block.path, strict=False):
        if ours is not theirs:
            break
        common += "> " if ours.kind is BoxKind.QUOTE else "    "
    return f"\n{common.rstrip()}\n"


def _text(session: Session, block: Block, table: int) -> str:
    kind = block.kind
    if kind is Kind.TEXT:
        return _paragraph(session, block, table)
    if kind is Kind.HEADING:
        return _heading(session, block)
    if kind is Kind.RULE:
        return "* * *"
    if kind is Kind.CODE:
        return session.mark(Atom((Html(_code(block)),), block=True))
    if kind is Kind.HTML:
        pieces, tags = block_pieces(session, block.lines)
        return session.mark(Atom(pieces, block=True, tags=tags))
    assert block.directive is not None
    return _directive(session, block, block.directive)


def _code(block: Block) -> str:
    code = "".join(line.text + "\n" for line in block.lines)
    language = block.info.strip()
    name = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{name}>{escape(code, quote=False)}</code></pre>"


def _directive(session: Session, block: Block, line: DirectiveLine) -> str:
    call = line.call
    if block.kind is Kind.END:
        return session.mark(Close(call, block=True))
    if line.label is None:
        if block.kind is Kind.LEAF:
            return session.mark(Atom((Directive(call),), block=True))
        return session.mark(Begin(call, block=True, label=False))
    begin = session.mark(Begin(call, block=True, label=True))
    label = Spans(session, line.label.text, Places([0], [line.label.start])).read()
    end = session.mark(Close(call, block=True) if block.kind is Kind.LEAF else Middle(call))
    return begin + label + end


def _heading(session: Session, block: Block) -> str:
    text, places = _joined(block.lines)
    mark = session.mark(HeadingMark(block.lines[0].start, block.info))
    read = Spans(session, text, places).read().replace("\n", " ").rstrip()
    while read.endswith("#"):  # else the engine takes it for the heading's closing marks
        bare = read.rstrip("#")
        read = bare + "&#35;" * (len(read) - len(bare))
    return f"{'#' * block.level} {mark}{read}"


def _joined(lines: tuple[Line, ...]) -> tuple[str, Places]:
    if len(lines) == 1:
        return lines[0].text, Places([0], [lines[0].start])
    starts, offsets, index = [], [], 0
    for line in lines:
        starts.append(index)
        offsets.append(line.start)
        index += len(line.text) + 1
    return "\n".join([line.text for line in lines]), Places(starts, offsets)


def _paragraph(session: Session, block: Block, table: int) -> str:
    lines = block.lines
    if session.abbreviations and all(_ABBREVIATION.match(line.text) for line in lines):
        return "\n".join([line.text for line in lines])
    if table < 0:
        text, places = _joined(lines)
        return defused(Spans(session, text, places).read().rstrip())
    parts: list[str] = []
    if table:
        text, places = _joined(lines[:table])
        parts.append(defused(Spans(session, text, places).read().rstrip()) + "\n\n")
    rows = [Spans(session, row.text, Places([0], [row.start]), table=True).read() for row in lines[table:]]
    return parts[0] + "\n".join(rows) if parts else "\n".join(rows)


def _table_at(lines: tuple[Line, ...]) -> int:
    """Return the number of the line that is a table's header, -1 if there is none."""
    for number in range(1, len(lines)):
        text = lines[number].text
        if "|" in text and "|" in lines[number - 1].text and TABLE_RULE.match(text):
            return number - 1
    return -1


def defused(text: str) -> str:
    """Return a paragraph's text with every line that would begin a block to the engine made plain."""
    if "\n" not in text:
        return _defused_line(text) if text[:1] in _BLOCKISH_START else text
    return "\n".join([_defused_line(line) if line[:1] in _BLOCKISH_START else line for line in text.split("\n")])


def _defused_line(line: str) -> str:
    found = _BLOCKISH.match(line)
    if found is None:
        return line
    where = found.end(1) if found[1] else 0
    plain = "&gt;" if line[where] == ">" else f"&#{ord(line[where])};"
    return line[:where] + plain + line[where + 1 :]
