"""Exact money, and whether a price may be shown; pure, knows no page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from ccgen.model.parts import Offer, Price
from ccgen.text.codes import currency_digits
from ccgen.text.numbers import too_many_decimals
from ccgen.text.unreadable import UnreadableError

__all__ = ["DEFAULT_SHOW_PRICE", "duration_of", "may_show", "ordered", "price_of", "read_price"]

DEFAULT_SHOW_PRICE = "7 days"
_UNITS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_BUYABLE_FIRST = {"in_stock": 0, "limited": 0, "made_to_order": 1, "preorder": 1, "backorder": 2, "unknown": 2}


def price_of(text: str, currency: str | None) -> Price | None:
    """Read a checked money text (`from 1280 CNY`, `165.00`); None when it names no currency and there is no default."""
    words = text.split()
    least = words[0] == "from"
    amount, *rest = words[1:] if least else words
    code = rest[0] if rest else currency
    return None if code is None else Price(amount=amount, currency=code, least=least)


def read_price(text: str, currency: str | None) -> tuple[Price | None, UnreadableError | None]:
    """Read a checked money text; where `currency`, the default, decides whether it can be a price, say what is wrong."""
    price = price_of(text, currency)
    if price is None:
        return None, UnreadableError("price-without-currency", f"`{text}` names no currency")
    most = currency_digits(price.currency)
    if len(price.amount.partition(".")[2]) > most:
        message, hint = too_many_decimals(text, price.currency, most)
        return None, UnreadableError("bad-money", message, hint=hint)
    return price, None


def duration_of(text: str) -> timedelta:
    """Read a checked duration (`7 days`, `36 hours`)."""
    found = re.fullmatch(r"(\d+) (\w+?)s?", text.strip())
    if found is None or found[2] not in _UNITS:
        raise ValueError(text)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def may_show(
    rule: str | None, *, role: str, network: str | None, seen: datetime | None, passed: Callable[[datetime], bool]
) -> bool:
    """Say whether a price is shown now: always, never, or as long as it is fresh.

    Without a rule our own counter's price is always shown, and one at Amazon never: its terms allow only prices that
    Amazon itself serves.
    """
    if rule is None:
        rule = "always" if role == "ours" else "never" if network == "amazon" else DEFAULT_SHOW_PRICE
    if rule in {"always", "never"}:
        return rule == "always"
    return seen is not None and not passed(seen + duration_of(rule))


def ordered(offers: Sequence[Offer], policy: Sequence[str]) -> tuple[Offer, ...]:
    """Order a product's offers by the declared policy (ccgen.yaml `offers.order`); what one cannot buy comes last.

    Prices are compared within one currency only: offers in other currencies keep the order they were written in.
    """
    places = {offer.key: number for number, offer in enumerate(offers)}
    keys: dict[str, Callable[[Offer], object]] = {
        "ours": lambda offer: {"ours": 0, "stall": 1}.get(offer.role, 2),
        "in_stock": lambda offer: _BUYABLE_FIRST.get(offer.availability, 3),
        "price": _price_key(offers),
        "as_written": lambda offer: places[offer.key],
    }
    # Keys must be comparable tuples of one shape, so that the sort never looks at an offer itself.
    return tuple(sorted(offers, key=lambda offer: (not offer.buyable, *(keys[name](offer) for name in policy))))


def _price_key(offers: Sequence[Offer]) -> Callable[[Offer], tuple[int, Decimal]]:
    first = {offer.price.currency: number for number, offer in reversed(list(enumerate(offers))) if offer.price}

    def key(offer: Offer) -> tuple[int, Decimal]:
        if offer.price is None:
            return (len(offers), Decimal(0))
        return (first[offer.price.currency], Decimal(offer.price.amount))

    return key
