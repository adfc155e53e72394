"""Sales that networks report, joined to the places their links stood at; pure, knows no file and no column.

Amounts are exact. What can be read in two ways is not read: a sum that may be wrong by a thousand is worse than none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Context, Decimal, localcontext
from typing import NamedTuple

from ccgen.commerce.links import Purchase
from ccgen.text.codes import currency_digits, is_currency

__all__ = ["Earned", "Sale", "Total", "join", "money_text", "point_of", "read_amount", "read_currency", "read_date"]

_SIGNS: Mapping[str, frozenset[str]] = {  # what a sign beside an amount may stand for
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "￥": frozenset({"JPY", "CNY"}),
    "元": frozenset({"CNY"}),
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN"}),
    "US$": frozenset({"USD"}),
}
_MONEY = re.compile(r"(?:[A-Z]{3}|US\$|[$€£¥￥元])")
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<minus>[-+−])?\s*(?P<before>{_MONEY.pattern})?\s*(?P<late>[-+−])?"
    rf"(?P<digits>[.,]?[0-9](?:[0-9.,'’ ]*[0-9])?)\s*(?P<after>{_MONEY.pattern})?(?P<shut>\))?"
)
_SPACES = re.compile("[\u00a0\u202f\u2007\u2009]")
_LONGEST = 24  # digits and separators of an amount
_EXACT = Context(prec=80)


class Sale(NamedTuple):
    """One row of a report. `day` is an ISO date or ''; `merchants` are those whose report this may be."""

    sub: str
    amount: Decimal
    currency: str
    day: str
    merchants: tuple[str, ...]


class Earned(NamedTuple):
    """What one place sold in one currency. `page` and the rest are '' for a sub-id that is in no map ('' for none)."""

    page: str
    slot: str
    product: str
    merchant: str
    sub: str
    currency: str
    rows: int
    amount: Decimal
    first: str
    last: str


class Total(NamedTuple):
    """The sum of one currency; `unknown` is the part of it that belongs to no known place."""

    currency: str
    rows: int
    amount: Decimal
    unknown_rows: int
    unknown: Decimal


def point_of(texts: Iterable[str]) -> str:
    """Return the sign before decimals in a column of amounts, '' where none of them decides it or they disagree."""
    found: set[str] = set()
    for text in texts:
        match = _AMOUNT.fullmatch(_SPACES.sub(" ", text).strip())
        readings = _readings(match["digits"]) if match else {}
        if len(readings) == 1:
            found |= readings.keys()
    found.discard("")
    return found.pop() if len(found) == 1 else ""


def read_amount(text: str, point: str) -> tuple[Decimal, str] | str:
    """Return an amount and the code or sign of money beside it ('' for none), or why it cannot be read.

    `1,234.56`, `1.234,56`, `1 234,56`, `-12.30`, `(12.30)`, `$12.30`, `12,30 EUR`. `1,234` counts where `point`, the sign
    before decimals in this column, is known.
    """
    text = _SPACES.sub(" ", text).strip()
    found = _AMOUNT.fullmatch(text)
    if not text:
        return "this row has no amount"
    if found is None or bool(found["open"]) != bool(found["shut"]) or (found["before"] and found["after"]):
        return f"`{text[:_LONGEST]}` is no amount"
    signs = [one for one in (found["open"], found["minus"], found["late"]) if one]
    readings = _readings(found["digits"])
    if len(signs) > 1 or not readings:
        return f"`{text[:_LONGEST]}` is no amount"
    if len(readings) > 1 and point not in readings:
        return f"`{text[:_LONGEST]}` can be read as {' and as '.join(map(str, readings.values()))}"
    amount = readings[point] if point in readings else next(iter(readings.values()))
    return (-amount if signs and signs[0] != "+" else amount), found["before"] or found["after"] or ""


def _readings(digits: str) -> dict[str, Decimal]:
    """Return what digits with separators may mean, by the sign before decimals: '' where there are none for certain."""
    if len(digits) > _LONGEST:
        return {}
    if digits.isdigit():
        return {"": Decimal(digits)}
    if digits[0] in ".,":
        return {digits[0]: Decimal(f"0.{digits[1:]}")} if digits[1:].isdigit() else {}
    found = {}
    for group, point in ((",", "."), (".", ","), ("[ '’]", "."), ("[ '’]", ",")):
        grouped = rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{re.escape(group) if len(group) == 1 else group}[0-9]{{3}})+)"
        match = re.fullmatch(rf"({grouped})(?:{re.escape(point)}([0-9]+))?", digits)
        if match:
            whole = re.sub("[^0-9]", "", match[1])
            key = point if match[2] or len(group) == 1 else ""
            found[key] = Decimal(f"{whole}.{match[2]}" if match[2] else whole)
    return found


def read_currency(cell: str, sign: str, default: str) -> tuple[str, str]:
    """Return a row's currency, and '' or why it is not known: of its own cell, the sign at the amount, the merchant."""
    code = cell.strip().upper()
    allowed = _SIGNS.get(sign, frozenset({sign}) if sign else frozenset())
    if code and not is_currency(code):
        return "", f"`{cell.strip()[:_LONGEST]}` is no currency code"
    if sign and sign not in _SIGNS and not is_currency(sign):
        return "", f"`{sign}` is no currency code"
    if not code:
        code = next(iter(allowed)) if len(allowed) == 1 else default
    if allowed and code not in allowed:
        return "", f"the amount is in `{sign}`, the row in {code or 'no currency that is named'}"
    return code, "" if code else "this row has no currency, and neither has its merchant"


def read_date(text: str) -> str:
    """Return the ISO date of `2026-11-02`, `2026-11-02 10:20`, `2026/11/02` or `2.11.2026`, '' for anything else.

    `11/02/2026` is two dates, and is neither.
    """
    text = text.strip()
    found = re.match(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])", text)
    if found:
        year, month, day = found[1], found[3], found[4]
    else:
        found = re.match(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?![0-9])", text)
        if not found:
            return ""
        day, month, year = found.groups()
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def join(sales: Iterable[Sale], purchases: Iterable[Purchase]) -> tuple[tuple[Earned, ...], tuple[Total, ...]]:
    """Return what each place sold, the most first in each currency, unknown sub-ids last; and the sums, never across.

    A sub-id counts as the merchant's whose report it stands in; where networks change its case, it is still found.
    """
    exact: dict[str, list[Purchase]] = defaultdict(list)
    folded: dict[str, list[Purchase]] = defaultdict(list)
    for one in purchases:
        exact[one.sub].append(one)
        folded[one.sub.casefold()].append(one)
    grouped: dict[tuple[str, ...], list[Sale]] = defaultdict(list)
    for sale in sales:
        meant = _meant(exact.get(sale.sub, ()), sale) or _meant(folded.get(sale.sub.casefold(), ()), sale)
        grouped[*(meant or ("", "", "", "", sale.sub)), sale.currency].append(sale)
    with localcontext(_EXACT):
        earned = [_earned(key, some) for key, some in grouped.items()]
        totals = [_total(one, [line for line in earned if line.currency == one]) for one in _currencies(earned)]
    earned.sort(key=lambda one: (not one.page, one.currency, -one.amount, one[:5]))
    return tuple(earned), tuple(totals)


def _meant(found: Iterable[Purchase], sale: Sale) -> tuple[str, ...] | None:
    """Return page, slot, product, merchants and sub-id; None where the sub-id is not known or would mean two places."""
    mine = [one for one in found if one.merchant in sale.merchants]
    if len({one[1:4] for one in mine}) != 1:
        return None
    _, page, slot, product, _ = mine[0]
    return page, slot, product, " or ".join(sorted({one.merchant for one in mine})), mine[0].sub


def _earned(key: tuple[str, ...], sales: list[Sale]) -> Earned:
    days = sorted(one.day for one in sales if one.day)
    amount = sum((one.amount for one in sales), Decimal(0))
    page, slot, product, merchant, sub, currency = key
    first, last = (days[0], days[-1]) if days else ("", "")
    return Earned(page, slot, product, merchant, sub, currency, len(sales), amount, first, last)


def _currencies(earned: Iterable[Earned]) -> list[str]:
    return sorted({one.currency for one in earned})


def _total(currency: str, lines: list[Earned]) -> Total:
    unknown = [one for one in lines if not one.page]
    return Total(
        currency,
        sum(one.rows for one in lines),
        sum((one.amount for one in lines), Decimal(0)),
        sum(one.rows for one in unknown),
        sum((one.amount for one in unknown), Decimal(0)),
    )


def money_text(amount: Decimal, currency: str) -> str:
    """Return an amount as plain decimal text: all its digits, and at least as many decimals as its currency has."""
    whole, _, decimals = f"{amount:f}".partition(".")
    decimals = decimals.rstrip("0").ljust(currency_digits(currency), "0")
    return f"{whole}.{decimals}" if decimals else whole
