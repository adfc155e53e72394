"""The price ledger, data/prices.csv: one row for each price that was seen, in the order of time; knows no rule."""

from __future__ import annotations

from datetime import date

import msgspec

from ccgen.errors import At
from ccgen.model.parts import Price

__all__ = ["LEDGER_COLUMNS", "LEDGER_PATH", "ListedPrice", "PriceRow"]

LEDGER_PATH = "data/prices.csv"
LEDGER_COLUMNS = ("date", "offer", "amount", "currency", "source")


class PriceRow(msgspec.Struct, frozen=True, kw_only=True):
    """What an offer cost on a day, as it was recorded then. `amount` is decimal text, `source` where it was written:
    `record` (the product's own file) or `table` (offers.csv).
    """

    date: date
    offer: str  # product/merchant[/id]
    amount: str
    currency: str
    source: str


class ListedPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A price as it is written now, shown or not: what `ccgen prices record` looks at.

    `seen` is the day it was seen, in the site's zone; None where nobody says, which only our own price may.
    """

    offer: str
    role: str
    price: Price
    source: str
    seen: date | None
    at: At
