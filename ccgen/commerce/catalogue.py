"""From one offer of our own to its row in each product feed, and what is wrong with a row; pure, knows no record.

Only what we sell ourselves comes here (FD-01). A row is a mapping from a target's field to its text; absent means that
nothing is known. `check_rows` is run on what is written, so it reads rows and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import urlsplit

from ccgen.commerce.identifiers import brand_fault, gtin_fault, mpn_fault
from ccgen.commerce.promotion import promotional
from ccgen.commerce.targets import TARGETS, Field, Target, TargetName
from ccgen.errors import Severity
from ccgen.model.parts import Price
from ccgen.model.records import Availability
from ccgen.text.codes import currency_digits, is_currency
from ccgen.text.plaintext import clean
from ccgen.text.url import host_of

__all__ = ["Finding", "Item", "Row", "check_ids", "check_rows", "row_of"]

Row = Mapping[str, str]
RASTERS = (".jpg", ".jpeg", ".png", ".webp")
MOST_DESCRIPTION = 5000
_PRICE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_PLACEHOLDERS = frozenset({"null", "none", "unknown", "n/a", "na", "nil", "-", "tbd"})
_YEAR = timedelta(days=365)
# Google's words for units of measure; ours that it does not name are left out.
_UNITS = {unit: unit for unit in ("mg", "g", "kg", "oz", "lb", "ml", "cl", "l", "cm", "m")} | {
    "fl oz": "floz",
    "m²": "sqm",
    "pieces": "ct",
}


class Item(NamedTuple):
    """One thing we sell, in one language: plain text, absolute URLs, a price that may be shown.

    `unidentified`: it has no number of trade, as far as we know. `images` are JPEG, PNG or WebP, the first is shown.
    """

    id: str
    title: str
    description: str
    url: str
    images: tuple[str, ...]
    price: Price
    availability: Availability
    available_from: str = ""  # ISO 8601
    condition: str = "new"
    brand: str = ""
    gtin: str = ""
    mpn: str = ""
    category: str = ""
    measure: str = ""  # `340 g`
    ships_to: tuple[str, ...] = ()
    seller_name: str = ""
    seller_url: str = ""
    seller_country: str = ""
    returns_url: str = ""


class Finding(NamedTuple):
    """What is wrong with one row: `value` is the item's value at fault, `row` its number."""

    code: str
    row: int
    value: str
    message: str
    hint: str = ""
    severity: Severity = "error"


# --- rows ------------------------------------------------------------------------------------------------------------


def row_of(target: Target, item: Item) -> dict[str, str]:
    """Return an item's row: fields in the target's order, those without a value left out."""
    values = _values(target, item)
    return {field.name: values[field.value] for field in target.fields if values[field.value]}


def _values(target: Target, item: Item) -> dict[str, str]:
    values = {name: clean(value) for name, value in item._asdict().items() if isinstance(value, str)}
    known = bool(item.gtin or (item.brand and item.mpn))
    return values | {
        "description": clean(item.description, lines=True),
        "image": item.images[0] if item.images else "",
        "more_images": _several(item.images[1:], 10),
        "price": price_text(item.price),
        "availability": target.availability.get(item.availability, ""),
        "available_from": item.available_from if item.availability in {"preorder", "backorder"} else "",
        "identified": "" if known else "no",
        "measure": _measure(item.measure),
        "ships_to": _several(item.ships_to, 300),
        "searchable": "true",
        "checkout": "false",
    }


def price_text(price: Price) -> str:
    """Return a price as feeds have it, with the currency's digits: `15.00 USD`, `1280 JPY`."""
    return f"{Decimal(price.amount):.{currency_digits(price.currency)}f} {price.currency}"


def _several(values: Sequence[str], most: int) -> str:
    return ",".join(value.replace(",", "%2C") for value in values[:most])


def _measure(text: str) -> str:
    amount, _, unit = text.partition(" ")
    return f"{amount} {_UNITS[unit]}" if unit in _UNITS else ""


# --- what is wrong with them -----------------------------------------------------------------------------------------


def check_rows(
    name: TargetName, rows: Sequence[Row], *, host: str, passed: Callable[[datetime], bool]
) -> tuple[Finding, ...]:
    """Return what a channel would refuse or resent in its rows.

    `host` is that of the site: what is sold elsewhere is no row of ours (FD-01). `passed` says whether an instant has come.
    """
    target = TARGETS[name]
    found: list[Finding] = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        reader = _Reader(target, row, number)
        if reader.text("id") in seen:
            found.append(reader.finding("feed-value", "id", f"two rows have the id `{reader.text('id')}`"))
        seen.add(reader.text("id"))
        found += reader.fields()
        found += reader.identifiers()
        found += reader.price()
        found += reader.dates(passed)
        found += reader.addresses(host)
        found += reader.words()
    return tuple(found)


def check_ids(feeds: Mapping[TargetName, Sequence[Row]]) -> tuple[Finding, ...]:
    """Return the rows whose product (its page) has another id in the feed before (FD-09)."""
    found: list[Finding] = []
    known: dict[str, set[str]] = {}
    for name, rows in feeds.items():
        names = {field.value: field.name for field in TARGETS[name].fields}
        ids: dict[str, set[str]] = {}
        for row in rows:
            ids.setdefault(row.get(names["url"], ""), set()).add(row.get(names["id"], ""))
        for number, row in enumerate(rows):
            url, ident = row.get(names["url"], ""), row.get(names["id"], "")
            if url in known and known[url].isdisjoint(ids[url]):
                message = f"the product at {url} is `{ident}` here and `{min(known[url])}` in another feed"
                found.append(Finding("FD-09", number, "id", message, "give it one id in all feeds", "warning"))
        known |= ids
    return tuple(found)


class _Reader:
    """One row, read by the names of an item's values."""

    def __init__(self, target: Target, row: Row, number: int) -> None:
        self.target, self.row, self.number = target, row, number
        self._fields: dict[str, Field] = {field.value: field for field in target.fields}

    def text(self, value: str) -> str:
        field = self._fields.get(value)
        return self.row.get(field.name, "") if field else ""

    def finding(self, code: str, value: str, message: str, hint: str = "", severity: Severity = "error") -> Finding:
        return Finding(code, self.number, value, message, hint, severity)

    def fields(self) -> Iterator[Finding]:
        for field in self.target.fields:
            text = self.row.get(field.name, "")
            if not text:
                if field.required:
                    yield self.finding("FD-02", field.value, *MISSING.get(field.value, (f"no `{field.value}`", "")))
                continue
            if field.most and len(text) > field.most:
                message = f"{len(text)} characters in `{field.value}`; the feed takes {field.most}"
                yield self.finding("FD-03", field.value, message, "shorten it")
            if text != clean(text, lines=True):
                yield self.finding("feed-value", field.value, f"`{field.value}` holds characters that no feed takes")
            if self.target.placeholders and not field.required and text.strip().casefold() in _PLACEHOLDERS:
                yield self.finding("FD-08", field.value, f"`{text}` in `{field.value}` says nothing", "leave it out")
            elif field.choices and text not in field.choices:
                code = "FD-08" if self.target.placeholders and "true" in field.choices else "feed-value"
                message = f"`{text}` is no value of `{field.value}`: {', '.join(field.choices)}"
                yield self.finding(code, field.value, message)
            if len(text.split(",")) > field.several > 0:
                yield self.finding("feed-value", field.value, f"more than {field.several} values in `{field.value}`")
        if self.target.identified and not any(map(self.text, self.target.identified)):
            message, hint = "no maker, `gtin` or `mpn`", "give it a `maker`, the `gtin` of its bar code, or its `mpn`"
            yield self.finding("FD-02", "brand", message, hint)

    def identifiers(self) -> Iterator[Finding]:
        for value, check in (("gtin", gtin_fault), ("mpn", mpn_fault), ("brand", brand_fault)):
            text = self.text(value)
            fault = check(text) if text else None
            if fault is not None and fault.rule != "FD-03":  # lengths are the target's own
                yield self.finding(fault.rule, value, fault.message, fault.hint)
        if "identified" not in self._fields:
            return
        known = bool(self.text("gtin") or (self.text("brand") and self.text("mpn")))
        if known and self.text("identified") == "no":
            yield self.finding("FD-06", "identified", "it says that no identifier exists, and has one")
        elif not known and self.text("identified") != "no":
            message = "no GTIN, and no brand with an MPN"
            yield self.finding("FD-06", "gtin", message, "add the `gtin`, or `mpn` and `maker`")
        if self.text("gtin") and not self.text("brand"):
            yield self.finding("FD-02", "brand", *MISSING["brand"])

    def price(self) -> Iterator[Finding]:
        text = self.text("price")
        found = _PRICE.fullmatch(text)
        if not text:
            return
        if found is None or not is_currency(found[2]):
            yield self.finding("SD-08", "price", f"`{text}` is no price of a feed", "write it as 15.00 USD")
        elif Decimal(found[1]) == 0:
            yield self.finding("PR-10", "price", "a price of 0 cannot be in a feed", "give it its price, or no offer")

    def dates(self, passed: Callable[[datetime], bool]) -> Iterator[Finding]:
        text = self.text("available_from")
        preorder = self.target.availability["preorder"] == self.text("availability")
        if not text:
            if preorder and "available_from" in self._fields:
                hint = "add `available_from:` with the date, at most a year ahead, or use `backorder`"
                yield self.finding("FD-04", "available_from", "a preorder without the date it comes", hint)
            return
        try:
            when = datetime.fromisoformat(text)
            late = not passed(when - _YEAR)
        except (TypeError, ValueError):
            yield self.finding("FD-04", "available_from", f"`{text}` is no date with a zone", "write 2026-12-24")
            return
        if late:
            yield self.finding("FD-04", "available_from", f"`{text}` is more than a year ahead", "wait with the offer")
        elif passed(when):
            hint = "say that it is in stock, or correct the date"
            yield self.finding("FD-04", "available_from", f"`{text}` has passed", hint, "warning")

    def addresses(self, host: str) -> Iterator[Finding]:
        for value in ("url", "image", "more_images", "seller_url", "returns_url"):
            several = self._fields[value].several if value in self._fields else 0
            for url in self.text(value).split(",") if several else [self.text(value)]:
                if url and (host_of(url) is None or re.search(r"\s", url)):
                    yield self.finding("feed-value", value, f"`{url}` is no web address")
                elif url and value == "url" and host_of(url) != host:
                    message = f"`{url}` is not on this site: only what we sell ourselves is in our feeds"
                    yield self.finding("FD-01", value, message)
                elif url and "image" in value and not urlsplit(url).path.lower().endswith(RASTERS):
                    yield self.finding("FD-02", "image", *MISSING["image"])

    def words(self) -> Iterator[Finding]:
        title, description = self.text("title"), self.text("description")
        for value, text in (("title", title), ("description", description)):
            why = promotional(text, title=value == "title")
            if why:
                message = f"{why}: a feed wants what the thing is"
                yield self.finding("FD-07", value, message, "say it in the article, not in the record", "warning")


# What is missing in a record's own words, and what to do.
MISSING: Mapping[str, tuple[str, str]] = {
    "availability": (
        "an offer of ours without `availability`",
        "look, then write `availability: in_stock`; what is unknown is not claimed to be in stock",
    ),
    "brand": ("no maker, so there is no brand", "add `maker:` with the id of a file in content/makers/"),
    "description": ("nothing describes it", "write what it is, as the text of the file or as `description:`"),
    "image": (
        "no picture that feeds take",
        "add a JPEG, PNG or WebP of 500 × 500 pixels or more to `images`; an SVG is not taken",
    ),
    "seller_name": ("nobody is named as the seller", "add `seller:` to ccgen.yaml"),
}
