"""Exact money, prices by measure, and until when a price may be shown; pure, knows no page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor

from ccgen.model.parts import Offer, Price, UnitPrice
from ccgen.text.codes import currency_digits
from ccgen.text.numbers import too_many_decimals
from ccgen.text.unreadable import UnreadableError

__all__ = [
    "ALWAYS",
    "NEVER",
    "duration_of",
    "ordered",
    "price_of",
    "read_price",
    "shown_until",
    "unit_price",
]

_DEFAULT_SHOW_PRICE = "7 days"
NEVER, ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
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


@cache
def duration_of(text: str) -> timedelta:
    """Read a checked duration (`7 days`, `36 hours`)."""
    found = re.fullmatch(r"(\d+) (\w+?)s?", text.strip())
    if found is None or found[2] not in _UNITS:
        raise ValueError(text)
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def shown_until(rule: str | None, *, role: str, amazon: bool, seen: datetime | None) -> datetime:
    """Return the instant from which a price is not shown any more; `ALWAYS` and `NEVER` where there is none.

    Without a rule our own counter's price is always shown, and one of `amazon`'s programme never: its terms allow only
    prices that Amazon itself serves.
    """
    if rule is None:
        rule = "always" if role == "ours" else "never" if amazon else _DEFAULT_SHOW_PRICE
    if rule in {"always", "never"}:
        return ALWAYS if rule == "always" else NEVER
    return NEVER if seen is None else seen + duration_of(rule)


# What a measure is in the unit of its kind: kg, l, m, m², oz, fl oz or piece. Pounds and ounces stay pounds and ounces.
_MEASURES: dict[str, tuple[str, Fraction]] = {
    "mg": ("kg", Fraction(1, 1_000_000)),
    "g": ("kg", Fraction(1, 1000)),
    "kg": ("kg", Fraction(1)),
    "ml": ("l", Fraction(1, 1000)),
    "cl": ("l", Fraction(1, 100)),
    "dl": ("l", Fraction(1, 10)),
    "l": ("l", Fraction(1)),
    "mm": ("m", Fraction(1, 1000)),
    "cm": ("m", Fraction(1, 100)),
    "m": ("m", Fraction(1)),
    "m²": ("m²", Fraction(1)),
    "oz": ("oz", Fraction(1)),
    "lb": ("oz", Fraction(16)),
    "fl oz": ("fl oz", Fraction(1)),
    "pieces": ("piece", Fraction(1)),
}
# Small goods are compared by the 100 g or 100 ml where no profile wants the whole; ounces, from a pound on, by the pound.
_SMALL = {"kg": ("100 g", Fraction(1, 10)), "l": ("100 ml", Fraction(1, 10))}
_SMALL_BELOW = Fraction(1, 4)
_LARGE = {"oz": ("lb", Fraction(16))}


def unit_price(price: Price, contains: str, *, whole: bool = False) -> UnitPrice | None:
    """Return a price by measure for goods that contain so much (`340 g`), rounded once, half up, to the currency's digits.

    Per kg or l, below 250 g or ml per 100 g or ml unless `whole`; per m, m², piece; per oz, from a pound on per lb; per fl oz.
    None where it would say the price again, or nothing: an amount that rounds to zero.
    """
    number, _, unit = contains.partition(" ")
    per, factor = _MEASURES[unit]
    quantity, reference = Fraction(number) * factor, Fraction(1)
    if per in _SMALL and quantity < _SMALL_BELOW and not whole:
        per, reference = _SMALL[per]
    elif per in _LARGE and quantity >= _LARGE[per][1]:
        per, reference = _LARGE[per]
    digits = currency_digits(price.currency)
    units = floor(Fraction(price.amount) * reference / quantity * 10**digits + Fraction(1, 2))
    if quantity == reference or not units:
        return None
    amount = f"{Decimal(units).scaleb(-digits):f}"
    return UnitPrice(price=Price(amount=amount, currency=price.currency, least=price.least), per=per)


def ordered(offers: Sequence[Offer], policy: Sequence[str]) -> tuple[Offer, ...]:
    """Order a product's offers by the declared policy (ccgen.yaml `offers.order`); what one cannot buy comes last.

    Prices are compared within one currency only: offers in other currencies keep the order they were written in.
    """
    if len(offers) < 2:
        return tuple(offers)
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
