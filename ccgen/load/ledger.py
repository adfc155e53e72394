"""data/prices.csv as typed rows by offer, every fault with its place; resolves no offer.

The ledger is proof: nothing in it is guessed at, passed over or put in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ccgen.errors import At, Problem
from ccgen.load.tree import read_kept
from ccgen.model.ledger import LEDGER_COLUMNS, LEDGER_PATH, PriceRow
from ccgen.text.codes import currency_digits, is_currency
from ccgen.text.decode import decode
from ccgen.text.patterns import late

__all__ = ["read_ledger"]

_HEADER = ",".join(LEDGER_COLUMNS)
# One row as we write it. The offer's id stands in quotes where it holds a comma or a quote.
_ROW = late(
    r'([0-9]{4}-[0-9]{2}-[0-9]{2}),([^",\n]+|"(?:[^"\n]|"")+"),((?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?),([A-Z]{3}),(record|table)\n'
)
_CELLS = (
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "date", "a date is written 2026-11-27"),
    (re.compile(r".+"), "offer", "an offer is written product/merchant"),
    (re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?"), "amount", "an amount is written 165.00"),
    (re.compile(r"[A-Z]{3}"), "currency", "a currency is written USD"),
    (re.compile(r"record|table"), "source", "a source is `record` or `table`"),
)
_KEPT = "take the file's last good version back; it is only ever added to"

Ledger = dict[str, tuple[PriceRow, ...]]


def read_ledger(root: Path, *, limit: int) -> tuple[Ledger, tuple[Problem, ...]]:
    """Return the rows of each offer in the file's order; nothing where there is no file. A fault is an error."""
    source, problems = read_kept(root, LEDGER_PATH, limit=limit)
    if source is None:
        return {}, problems
    text, problems = decode(source.data, path=LEDGER_PATH)
    if text is None or not text:
        return {}, problems
    reading = _Reading(text)
    return {offer: tuple(rows) for offer, rows in reading.rows.items()}, tuple(reading.problems)


class _Reading:
    """The rows of a text, and what is wrong with it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows: dict[str, list[PriceRow]] = {}
        self.problems: list[Problem] = []
        self._days: dict[str, date | None] = {}
        first = text.find("\n") + 1 or len(text)
        if text[:first].rstrip("\n") != _HEADER:
            self._note("its first line is not the ledger's header", 0, first, _HEADER)
        for start, end in self._lines(first):
            self._row(start, end)
        if not text.endswith("\n"):
            start = text.rfind("\n") + 1
            self._note(
                "the last line does not end: it may have been cut off",
                start,
                len(text),
                "see that it is whole, and end it with a line break",
            )

    def _lines(self, first: int) -> Iterator[tuple[int, int]]:
        while first < len(self.text):
            end = self.text.find("\n", first) + 1
            if not end:
                return  # told as a line that does not end
            yield first, end
            first = end

    def _row(self, start: int, end: int) -> None:
        found = _ROW.match(self.text, start, end)
        if found is None:
            self._wrong_cells(start, end)
            return
        written, offer, amount, currency, source = found.groups()
        offer = offer[1:-1].replace('""', '"') if offer[0] == '"' else offer
        day = self._day(written)
        rows = self.rows.setdefault(offer, [])
        if day is None:
            self._note(f"`{written}` is not in the calendar", *found.span(1), _KEPT)
        elif not is_currency(currency):
            self._note(f"`{currency}` is no currency code", *found.span(4), _KEPT)
        elif len(amount.partition(".")[2]) > currency_digits(currency):
            self._note(f"`{amount}` is finer than {currency}", *found.span(3), _KEPT)
        elif "/" not in offer:
            self._note(f"`{offer}` is no offer", *found.span(2), _CELLS[1][2])
        elif rows and day < rows[-1].date:
            message = f"this row of `{offer}` is older than the one before it, of {rows[-1].date}"
            self._note(
                message, *found.span(1), "put the rows in the order of their dates, as a merge may not have done"
            )
        else:
            rows.append(PriceRow(date=day, offer=offer, amount=amount, currency=currency, source=source))

    def _day(self, written: str) -> date | None:
        if written not in self._days:
            try:
                self._days[written] = date.fromisoformat(written)
            except ValueError:
                self._days[written] = None
        return self._days[written]

    def _wrong_cells(self, start: int, end: int) -> None:
        """Say which cell of a line is none of ours."""
        line = self.text[start : end - 1]
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            hint = "keep the rows of both, in the order of their dates, and delete the marks"
            self._note("a merge left both versions here", start, end, hint)
            return
        cells = list(re.finditer(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', line))
        if len(cells) != len(_CELLS):
            message = f"this line has {len(cells)} cells, the ledger {len(_CELLS)}" if line else "this line is empty"
            self._note(message, start, end, _KEPT if line else "delete it")
            return
        for cell, (pattern, name, hint) in zip(cells, _CELLS, strict=True):
            if not pattern.fullmatch(cell[1]) or (cell[1].count('"') and not cell[1].startswith('"')):
                message = f"`{cell[1]}` is no {name}" if cell[1] else f"the {name} is missing"
                self._note(message, start + cell.start(1), start + cell.end(1), hint)
                return
        self._note("this line is none of the ledger's", start, end, _KEPT)

    def _note(self, message: str, start: int, end: int, hint: str) -> None:
        at = At(path=LEDGER_PATH, start=start, length=max(1, len(self.text[start:end].rstrip("\n"))))
        self.problems.append(Problem(code="damaged-ledger", message=message, at=at, hint=hint))
