"""A higher price beside an offer's price: proven by the ledger where we sell, a merchant's claim elsewhere; knows no page."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from ccgen.commerce.ledger import SOLD_BY_US, Lowest, lowest_before
from ccgen.commerce.profiles import active_profiles, parameter
from ccgen.errors import At
from ccgen.model.ledger import LEDGER_PATH, PriceRow
from ccgen.model.parts import Price, WasPrice
from ccgen.plan.index import Index
from ccgen.plan.noting import Noting
from ccgen.text.clock import iso

__all__ = ["Reductions", "Struck"]


class Struck(NamedTuple):
    """A `was` as written: at an offer `key` of a merchant with `role`, beside `price`. `at` is the place of its price."""

    key: str
    role: str
    price: Price
    was: Price
    seen: str
    at: At


class Reductions(Noting):
    """Decides which higher prices are shown; notes those that may not be."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self._index = index
        self._days = parameter("lowest_price_days", active_profiles(index.config.settings.check.profiles))

    def of(self, struck: Struck) -> WasPrice | None:
        """Return what may be shown of a `was`. Our own comes from the ledger alone; what is written must say the same."""
        if struck.role not in SOLD_BY_US:
            return self._claim(struck)
        if LEDGER_PATH in self._index.loaded.failed:
            return None  # told as `damaged-ledger`
        found = lowest_before(self._rows(struck.key), struck.price, days=self._days)
        if not isinstance(found, Lowest):
            self._note("PR-07", f"this reduction is not proven: {found.reason}", struck.at, found.hint)
            return None
        if not _equal(found.price, struck.was):
            lowest = f"{found.price.amount} {found.price.currency}"
            message = f"the lowest price of the {self._days} days before {found.since} is {lowest}"
            self._note("PR-07", message, struck.at, f"price: {lowest}")
            return None
        return WasPrice(price=found.price, seen=found.since.isoformat(), days=self._days)

    def _claim(self, struck: Struck) -> WasPrice | None:
        was, price = (f"{one.amount} {one.currency}" for one in (struck.was, struck.price))
        if struck.was.currency != struck.price.currency:
            message = f"`was` is {was}, another currency than that of the price, {price}; it is not shown"
            hint = f"give it in {struck.price.currency}, or delete `was`"
            self._note("PR-08", message, struck.at, hint, severity="warning")
            return None
        if Decimal(struck.was.amount) <= Decimal(struck.price.amount):
            message = f"`was` is {was}, which is not above the price of {price}; it is not shown"
            self._note("PR-08", message, struck.at, "correct it, or delete `was`", severity="warning")
            return None
        return WasPrice(price=struck.was, seen=iso(struck.seen))

    def _rows(self, key: str) -> tuple[PriceRow, ...]:
        """Return an offer's rows until now. A later one is of another clock, and counts from its first minute on."""
        clock, rows = self._index.clock, self._index.loaded.ledger.get(key, ())
        return tuple(row for row in rows if clock.passed(datetime.combine(row.date, time(), clock.zone)))


def _equal(one: Price, other: Price) -> bool:
    return (one.currency, Decimal(one.amount), one.least) == (other.currency, Decimal(other.amount), other.least)
