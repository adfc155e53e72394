"""Codes that are known without CLDR are in CLDR."""

from __future__ import annotations

from babel.core import get_global

from ccgen.text import codes


def test_the_usual_currencies_and_countries_are_codes() -> None:
    assert set(get_global("all_currencies")) >= codes._USUAL_CURRENCIES
    assert set(get_global("territory_languages")) - codes._NO_COUNTRY >= codes._USUAL_COUNTRIES
    assert codes.is_currency("XPF")
    assert not codes.is_currency("EURO")
    assert codes.is_country("FJ")
    assert not codes.is_country("EU")
