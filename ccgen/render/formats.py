"""Dates, money, numbers and lists as a language writes them (CLDR, by Babel); knows no template and no fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

__all__ = [
    "country_name",
    "formatted_date",
    "formatted_duration",
    "formatted_money",
    "formatted_number",
    "listed",
    "plural",
    "separators",
]


@lru_cache(maxsize=16_384)
def formatted_date(value: str, form: str, lang: str) -> str:
    """Return an ISO date in a language's form (`medium`, `long`, `short`), or as ISO; a time is shown if written."""
    if form == "iso":
        return value
    if len(value) > 10 and form == "time":
        return format_datetime(datetime.fromisoformat(value), "medium", locale=_locale(lang))
    return _day(value[:10], "medium" if form == "time" else form, lang)


@cache
def _day(day: str, form: str, lang: str) -> str:
    return format_date(date.fromisoformat(day), form, locale=_locale(lang))


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(lang, sep="-")


@lru_cache(maxsize=16_384)
def formatted_money(amount: str, currency: str, lang: str) -> str:
    """Return an exact amount in a language's form."""
    return format_currency(Decimal(amount), currency, locale=_locale(lang))


@cache
def formatted_number(value: str, lang: str) -> str:
    """Return a plain decimal in a language's form."""
    return format_decimal(Decimal(value), locale=lang.replace("-", "_"))


@cache
def formatted_duration(value: str, lang: str) -> str:
    """Return a duration (`7 days`) in a language's words."""
    count, unit = value.split()
    unit = f"duration-{unit.removesuffix('s')}"
    lengths: tuple[Literal["long", "short"], ...] = ("long", "short")  # CLDR lacks the long form of some languages
    texts = [format_unit(int(count), unit, length, locale=lang.replace("-", "_")) for length in lengths]
    return next((text for text in texts if unit not in text), value)


@cache
def country_name(code: str, lang: str) -> str:
    """Return a country's name in a language, its code where it has none."""
    return str(_locale(lang).territories.get(code, code))


def listed(names: Sequence[str], lang: str) -> str:
    """Return names as a sentence of a language lists them: `A, B, and C`."""
    return format_list(names, locale=lang.replace("-", "_"))


@cache
def separators(length: int, lang: str) -> list[str]:
    """Return what stands before, between and after so many names of a list."""
    return listed(["\0"] * length, lang).split("\0")


@cache
def _plural_rule(lang: str) -> Callable[[Any], str]:
    return _locale(lang).plural_form


def plural(lang: str, count: object) -> str:
    """Return which of a language's forms of words goes with a number (CLDR): `one`, `few`, `other` and the like."""
    return _plural_rule(lang)(Decimal(str(count)))
