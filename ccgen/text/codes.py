"""Codes of currencies, countries and languages, from CLDR through Babel; knows no field."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["canonical_language", "country_names", "currency_digits", "is_country", "is_currency", "meant_language"]

_TAG = re.compile(r"(?i)([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?((?:-[a-z0-9]{5,8}|-[0-9][a-z0-9]{3})*)")
# The usual ones, told without CLDR: its tables take longer to load than a whole ccgen.yaml takes to read.
_USUAL_CURRENCIES = frozenset(
    "AED AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR JPY KRW MXN MYR NOK NZD PHP PLN RON SEK SGD THB TRY TWD USD"
    " VND ZAR".split()
)
_USUAL_COUNTRIES = frozenset(
    "AE AR AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JP KR LT LU LV MA MT MX MY"
    " NG NL NO NZ PH PK PL PT RO RS SA SE SG SI SK TH TR TW UA US VN ZA".split()
)
_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # groups and placeholders of CLDR


@lru_cache(maxsize=512)
def is_currency(code: str) -> bool:
    """Say whether a text is an ISO 4217 code, in capitals."""
    if code in _USUAL_CURRENCIES:
        return True
    from babel.core import get_global

    return len(code) == 3 and code in get_global("all_currencies")


@lru_cache(maxsize=512)
def currency_digits(code: str) -> int:
    """Return how many decimals a currency has: 2 for USD, 0 for JPY, 3 for KWD."""
    from babel.core import get_global

    fractions = get_global("currency_fractions")
    return int(fractions.get(code, fractions["DEFAULT"])[0])


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return country codes by their English names, case-folded."""
    from babel import Locale

    names = {name: code for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    return {name.casefold(): code for name, code in names.items() if code not in _NO_COUNTRY}


def is_country(code: str) -> bool:
    """Say whether a text is an ISO 3166 code of two letters, in capitals.

    Asked of CLDR's languages by territory: its names of countries are the same codes, but cost reading a whole language.
    """
    if code in _USUAL_COUNTRIES:
        return True
    from babel.core import get_global

    return len(code) == 2 and code.isalpha() and code in get_global("territory_languages") and code not in _NO_COUNTRY


@lru_cache(maxsize=512)
def canonical_language(tag: str) -> str | None:
    """Return a language tag in its usual case (BCP 47, section 2.1.1): zh-CN, zh-Hant-TW; None if it is none."""
    found = _TAG.fullmatch(tag)
    if found is None:
        return None
    language, script, region, variants = found.groups()
    parts = [language.lower(), script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part) + variants.lower()


def meant_language(tag: str, languages: tuple[str, ...]) -> str | None:
    """Return the one of some languages that a tag means but for its case or its region: `zh` for zh-CN."""
    same = next((one for one in languages if one.casefold() == tag.casefold()), None)
    related = [one for one in languages if one.partition("-")[0] == tag.partition("-")[0].lower()]
    return same or (related[0] if len(related) == 1 and "-" not in tag else None)
