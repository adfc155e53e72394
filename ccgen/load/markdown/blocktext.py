"""The text of one block for the engine, marks in place of what is settled; knows neither containers nor blank lines.

The scanner has decided what each line is. What is written here leaves the engine no second opinion: a line of a
paragraph that would begin a list or a heading to it is defused, and headings are all written with `#`.
"""

from __future__ import annotations

import re
from html import escape

from ccgen.load.markdown.destinations import unescaped
from ccgen.load.markdown.htmlblock import block_pieces
from ccgen.load.markdown.lines import RULE, TABLE_RULE
from ccgen.load.markdown.marks import Atom, Begin, Close, HeadingMark, Middle
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.spans import read_spans
from ccgen.load.markdown.structure import Block, DirectiveLine, apart
from ccgen.model.body import Directive, Html

__all__ = ["block_text", "table_at"]

_BLOCKISH = re.compile(rf"(?:[-+*>#]|(\d+)[.)])(?=\s|$)|[#>:]|~~~|[=-]+[ \t]*$|{RULE.pattern}")
_ABBREVIATION = re.compile(r"\*\[[^\]\n]+\]:")
_BLOCKISH_START = frozenset("-+*>#=:_~0123456789")


def block_text(session: Session, block: Block, table: int) -> str:
    """Return a block's lines for the engine. `table` is what `table_at` says of its lines."""
    kind = block.kind
    if kind == "text":
        return _paragraph(session, block, table)
    if kind == "heading":
        return _heading(session, block)
    if kind == "rule":
        return "___"  # the sign that is no list's: behind a marker `* * *` would be one rule
    if kind == "code":
        return session.begin + session.mark(Atom((Html(_code(block)),), block=True))
    if kind == "html":
        pieces, tags = block_pieces(session, block.lines)
        return session.begin + session.mark(Atom(pieces, block=True, tags=tags))
    assert block.directive is not None
    return _directive(session, block, block.directive)


def _code(block: Block) -> str:
    code = "".join(line.text + "\n" for line in block.lines)
    language = unescaped(block.info.strip())
    name = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{name}>{escape(code, quote=False)}</code></pre>"


def _directive(session: Session, block: Block, line: DirectiveLine) -> str:
    call, begin, wall = line.call, session.begin, session.wall
    if block.kind == "end":
        return begin + session.mark(Close(call, block=True))
    if line.label is None:
        if block.kind == "leaf":
            return begin + session.mark(Atom((Directive(call),), block=True))
        return begin + session.mark(Begin(call, block=True, label=False))
    opening = session.mark(Begin(call, block=True, label=True))
    label = read_spans(session, (line.label,))
    closing = session.mark(Close(call, block=True) if block.kind == "leaf" else Middle(call))
    return opening + wall + label + wall + closing


def _heading(session: Session, block: Block) -> str:
    mark = session.mark(HeadingMark(block.lines[0].start, block.info))
    read = read_spans(session, block.lines).replace("\n", " ").rstrip()
    while read.endswith("#"):  # else the engine takes it for the heading's closing marks
        bare = read.rstrip("#")
        read = bare + "&#35;" * (len(read) - len(bare))
    return f"{'#' * block.level} {mark}{session.wall}{read}"


def _paragraph(session: Session, block: Block, table: int) -> str:
    lines = block.lines
    if block.plain:
        return "\n".join([line.text for line in lines]).rstrip()
    if session.abbreviations and all(_ABBREVIATION.match(line.text) for line in apart(lines)):
        return "\n".join([line.text for line in lines])
    if table < 0:
        return _defused(read_spans(session, lines).rstrip())
    lines = apart(lines)
    before = ""
    if table:
        before = _defused(read_spans(session, lines[:table]).rstrip()) + "\n\n"
    rows = [read_spans(session, (row,), table=True) for row in lines[table:]]
    rows[2:] = [_defused(row) for row in rows[2:]]
    return before + "\n".join(rows)


def table_at(block: Block) -> int:
    """Return the number of the line that is a table's header, -1 if there is none."""
    if block.kind != "text" or not any("|" in line.text for line in block.lines):
        return -1
    lines = apart(block.lines)
    for number in range(1, len(lines)):
        text = lines[number].text
        if "|" in text and "|" in lines[number - 1].text and TABLE_RULE.match(text):
            return number - 1
    return -1


def _defused(text: str) -> str:
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
