"""Cells as lines of CSV (RFC 4180, LF at the end); knows no column."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["csv_line", "harmless"]

_QUOTED = re.compile(r'[",\n\r]|^\s|\s$')
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*(?: ?[A-Za-z%]+)?")  # `-5`, `+1,200.50 g`
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[str]) -> str:
    """Return one line, with its end. Reading it back gives the same cells."""
    return (
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(cell) else cell for cell in cells) + "\n"
    )


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.

    Numbers begin nothing, even with a unit behind them. The way is that of OWASP's page on CSV injection.
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell
