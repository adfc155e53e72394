"""What the price ledger proves, and what belongs into it; pure, knows no file and no page.

A reduction of our own may be told only against the lowest price of the days before it (Directive 98/6/EC, article 6a;
CJEU C-330/23). Where the directive leaves a choice we take the one that claims less: see docs/prices.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from ccgen.model.ledger import ListedPrice, PriceRow
from ccgen.model.parts import Price

__all__ = ["LARGEST_GAP", "SOLD_BY_US", "Due", "Lowest", "Unproven", "due", "lowest_before"]

LARGEST_GAP = 7  # days between two rows of an offer, above which nobody knows what it cost between them
SOLD_BY_US = frozenset({"ours", "stall"})  # roles in which we are the trader of article 6a


class Lowest(NamedTuple):
    """The lowest price of the days before a reduction that began on `since`."""

    price: Price
    since: date


class Unproven(NamedTuple):
    """Why the ledger proves no reduction, and what to do."""

    reason: str
    hint: str


class Due(NamedTuple):
    """What `ccgen prices record` has to do: rows to add, and prices that it cannot take, each with the reason."""

    rows: tuple[PriceRow, ...]
    ahead: tuple[ListedPrice, ...]  # the ledger already holds a later day for these
    undecided: tuple[ListedPrice, ...]  # `from` prices: they name no price


def lowest_before(rows: Sequence[PriceRow], price: Price, *, days: int) -> Lowest | Unproven:
    """Return the lowest price of an offer in the `days` days before its present price began.

    `rows` are those of the offer until today, in their order. A price holds from its row to the next. The reduction begins
    with the first of the last rows that all name the present price.
    """
    if price.least:
        return Unproven("a price “from” is no price that can be reduced", "write the price, or delete `was`")
    if not rows or not _same(rows[-1], price):
        last = f"ends with {_money(rows[-1])}" if rows else "has no row of this offer"
        return Unproven(
            f"the ledger {last}, and the price is {price.amount} {price.currency}",
            "record it first: ccgen prices record",
        )
    first = len(rows) - 1
    while first and _same(rows[first - 1], price):
        first -= 1
    since = rows[first].date
    if first == 0:
        return Unproven(
            f"the ledger holds no other price than {_money(rows[0])}, which it first names on {since}",
            "delete `was`: what came before the first row cannot be proven later either",
        )
    return _lowest(rows[: first + 1], since, since - timedelta(days=days), price)


def _lowest(rows: Sequence[PriceRow], since: date, start: date, price: Price) -> Lowest | Unproven:
    """Look at the rows up to the first with the present price, from the one that holds on the day `start`."""
    days = (since - start).days
    if rows[0].date > start:
        return Unproven(
            f"the ledger knows {(since - rows[0].date).days} of the {days} days before {since}",
            f"a reduction can be told {days} days after the first row; until then delete `was`",
        )
    spans = [(row, after.date) for row, after in pairwise(rows) if after.date >= start]
    if any(row.currency != price.currency for row, _ in spans):
        return Unproven(
            f"the price was in another currency in the {days} days before {since}",
            f"delete `was`: only prices in {price.currency} can be compared",
        )
    for row, end in spans:
        if end > start and (end - row.date).days > LARGEST_GAP:
            return Unproven(
                f"the ledger has no row between {row.date} and {end}",
                f"delete `was`, and record prices at least every {LARGEST_GAP} days",
            )
    lowest = min((row for row, _ in spans), key=lambda row: Decimal(row.amount), default=None)
    if lowest is None or Decimal(lowest.amount) <= Decimal(price.amount):
        shown = "" if lowest is None else f": it was {_money(lowest)} on {lowest.date}"
        return Unproven(
            f"{price.amount} {price.currency} is not below the lowest price of the {days} days before {since}{shown}",
            "delete `was`: this is no reduction",
        )
    return Lowest(Price(amount=lowest.amount, currency=lowest.currency), since)


def due(
    prices: Sequence[ListedPrice], ledger: Mapping[str, Sequence[PriceRow]], *, today: date, everything: bool
) -> Due:
    """Return the rows that belong into the ledger now, sorted by day and offer.

    Our own price is taken every day, for each day is proof; a stall's whenever it was seen anew; with `everything` also any
    other merchant's that has changed. A price of our own is today's, any other of the day it was seen.
    """
    rows: list[PriceRow] = []
    ahead: list[ListedPrice] = []
    undecided: list[ListedPrice] = []
    for one in prices:
        if one.role not in SOLD_BY_US and not everything:
            continue
        day = today if one.role == "ours" else one.seen
        if day is None or day > today:
            continue  # told as `PR-05` and `future-date`
        known = ledger.get(one.offer, ())
        last = known[-1] if known else None
        if one.price.least:
            undecided.append(one)
        elif last is not None and last.date > day:
            ahead.extend([one] if one.role == "ours" else [])
        elif last is None or not _same(last, one.price) or (one.role in SOLD_BY_US and last.date < day):
            rows.append(
                PriceRow(
                    date=day, offer=one.offer, amount=one.price.amount, currency=one.price.currency, source=one.source
                )
            )
    return Due(tuple(sorted(rows, key=lambda row: (row.date, row.offer))), tuple(ahead), tuple(undecided))


def _same(row: PriceRow, price: Price) -> bool:
    return row.currency == price.currency and Decimal(row.amount) == Decimal(price.amount)


def _money(row: PriceRow) -> str:
    return f"{row.amount} {row.currency}"
