"""Prices by measure: exact, rounded once, and in the unit by which such goods are compared."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.prices import unit_price
from ccgen.model.parts import Price, UnitPrice
from ccgen.text.values import MEASURES


def made(amount: str, contains: str, currency: str = "EUR", *, whole: bool = False) -> tuple[str, str] | None:
    found = unit_price(Price(amount=amount, currency=currency), contains, whole=whole)
    return (found.price.amount, found.per) if found else None


@pytest.mark.parametrize(
    ("amount", "contains", "wanted"),
    [
        ("12.00", "340 g", ("35.29", "kg")),
        ("12.00", "0.34 kg", ("35.29", "kg")),
        ("68.00", "30 ml", ("226.67", "100 ml")),
        ("5.00", "249 g", ("2.01", "100 g")),
        ("5.00", "250 g", ("20.00", "kg")),
        ("5.00", "500 mg", ("1000.00", "100 g")),
        ("3.50", "75 cl", ("4.67", "l")),
        ("3.50", "2 dl", ("1.75", "100 ml")),
        ("9.00", "1.5 l", ("6.00", "l")),
        ("9.00", "150 cm", ("6.00", "m")),
        ("9.00", "900 mm", ("10.00", "m")),
        ("9.00", "2 m²", ("4.50", "m²")),
        ("9.00", "12 pieces", ("0.75", "piece")),
        ("9.00", "12 oz", ("0.75", "oz")),
        ("9.00", "18 oz", ("8.00", "lb")),
        ("9.00", "2 lb", ("4.50", "lb")),
        ("9.00", "12 fl oz", ("0.75", "fl oz")),
    ],
)
def test_measures_and_their_units(amount: str, contains: str, wanted: tuple[str, str]) -> None:
    assert made(amount, contains) == wanted


@pytest.mark.parametrize("contains", ["1 kg", "100 g", "1000 ml", "1 m", "1 pieces", "16 oz", "1 oz"])
def test_what_would_say_the_price_again_is_left_out(contains: str) -> None:
    assert made("7.00", contains) is None


def test_what_rounds_to_nothing_is_left_out() -> None:
    assert made("1.00", "1000 pieces") is None
    assert made("1.00", "150 pieces") == ("0.01", "piece")


def test_where_the_whole_is_wanted_small_goods_are_compared_by_it_too() -> None:
    assert made("5.00", "100 g", whole=True) == ("50.00", "kg")
    assert made("68.00", "30 ml", whole=True) == ("2266.67", "l")


@pytest.mark.parametrize(
    ("amount", "contains", "currency", "wanted"),
    [
        ("1.01", "2 pieces", "EUR", "0.51"),  # 0.505: half up, and a float would be below it
        ("1.005", "3 pieces", "KWD", "0.335"),
        ("1000", "3 kg", "JPY", "333"),
        ("1001", "2 kg", "JPY", "501"),
        ("2.675", "1.000 pieces", "KWD", None),
    ],
)
def test_half_up_in_the_currencys_own_digits(amount: str, contains: str, currency: str, wanted: str | None) -> None:
    found = made(amount, contains, currency)
    assert (found and found[0]) == wanted


def test_from_stays_from() -> None:
    found = unit_price(Price(amount="10.00", currency="EUR", least=True), "2 kg")
    assert found == UnitPrice(price=Price(amount="5.00", currency="EUR", least=True), per="kg")


@given(st.decimals("0.01", "99999.99", places=2), st.decimals("0.001", "5000", places=3), st.sampled_from(MEASURES))
def test_it_is_never_off_by_more_than_half_of_the_last_digit(amount: Decimal, quantity: Decimal, unit: str) -> None:
    found = unit_price(Price(amount=f"{amount:f}", currency="EUR"), f"{quantity:f} {unit}")
    if found is None:
        return
    step = Fraction(1, 100)
    size = {"kg": 1000, "100 g": 100, "l": 1000, "100 ml": 100, "m": 1000, "lb": 16}.get(found.per, 1)
    grams = {"mg": Fraction(1, 1000), "kg": 1000, "l": 1000, "cl": 10, "dl": 100, "cm": 10, "m": 1000, "lb": 16}
    exact = Fraction(amount) * size / (Fraction(quantity) * grams.get(unit, 1))
    assert abs(Fraction(found.price.amount) - exact) <= step / 2
    assert found.price.amount == str(Decimal(found.price.amount).quantize(Decimal("0.01"), ROUND_HALF_UP))
