"""Comma-separated text as rows of cells with their places; knows no column.

The rules are RFC 4180's, with any one-character delimiter. Our own reader, since the library's has a global limit on a
cell's size and does not say where a cell stands.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Cell", "Row", "read_rows", "sniff_delimiter"]


class Cell(NamedTuple):
    """A cell's text and the characters it spans in the file, quotes included; `fault` says why it cannot be read."""

    text: str
    start: int
    end: int
    fault: str = ""


Row = tuple[Cell, ...]


def sniff_delimiter(text: str) -> str:
    """Return the delimiter by the header line: the most frequent of comma, semicolon and tab, else a comma."""
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def read_rows(text: str, delimiter: str) -> list[Row]:
    """Return all rows, the header too. A blank line is a row without cells, as in the `csv` module.

    Line ends are LF. Nothing is skipped, so that a row's number finds it again.
    """
    mark = re.escape(delimiter)
    cell = re.compile(rf'"((?:[^"]|"")*)("?)([^{mark}\n]*)|([^{mark}\n]*)')
    rows: list[Row] = []
    row: list[Cell] = []
    position = 0
    while position < len(text):
        if text[position] == "\n" and not row:
            rows.append(())
            position += 1
            continue
        found = cell.match(text, position)
        assert found is not None  # the last alternative matches nothing too
        row.append(_cell_of(found))
        position = found.end()
        if position >= len(text) or text[position] == "\n":
            rows.append(tuple(row))
            row = []
        elif position + 1 == len(text):  # a delimiter ends the file: one empty cell more
            row.append(Cell("", position + 1, position + 1))
            rows.append(tuple(row))
        position += 1
    return rows


def _cell_of(found: re.Match[str]) -> Cell:
    if found[1] is None:
        return Cell(found[0], found.start(), found.end())
    fault = ""
    if not found[2]:
        fault = "this quote is never closed"
    elif found[3].strip(" "):
        fault = "text follows the closing quote"
    return Cell(found[1].replace('""', '"'), found.start(), found.end(), fault)
