"""Amounts, currencies and dates as networks write them, and sums that are exact."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.earnings import Sale, join, money_text, point_of, read_amount, read_currency, read_date
from ccgen.commerce.links import Purchase


@pytest.mark.parametrize(
    ("text", "amount", "sign"),
    [
        ("12.30", "12.30", ""),
        ("12,30", "12.30", ""),
        ("1,234.56", "1234.56", ""),
        ("1.234,56", "1234.56", ""),
        ("1 234,56", "1234.56", ""),
        ("1\u202f234,56\u00a0€", "1234.56", "€"),
        ("1'234.50", "1234.50", ""),
        ("1,234,567", "1234567", ""),
        ("1234,567", "1234.567", ""),
        ("0,123", "0.123", ""),
        (".50", "0.50", ""),
        ("7", "7", ""),
        ("-12.30", "-12.30", ""),
        ("−12.30", "-12.30", ""),
        ("(12.30)", "-12.30", ""),
        ("$12.30", "12.30", "$"),
        ("-$5", "-5", "$"),
        ("$-5", "-5", "$"),
        ("US$ 7.00", "7.00", "US$"),
        ("EUR 5", "5", "EUR"),
        ("5 EUR", "5", "EUR"),
    ],
)
def test_amounts(text: str, amount: str, sign: str) -> None:
    assert read_amount(text, "") == (Decimal(amount), sign)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "n/a", "=1+2", "=cmd|' /C calc'!A0", "1e5", "１２", "12.", "1.2.3", "12,34,567", "-(1)", "(1", "€5€", "12 34",
     "9" * 30, "1,23.4", "nan", "inf", "0x10", "1_000"],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    assert isinstance(read_amount(text, "."), str)


def test_what_could_be_two_amounts_is_none_unless_the_column_says_which() -> None:
    assert read_amount("1,234", "") == "`1,234` can be read as 1234 and as 1.234"
    assert read_amount("1,234", ".") == (Decimal(1234), "")
    assert read_amount("1,234", ",") == (Decimal("1.234"), "")
    assert point_of(["1,234", "7", "12.50", "n/a"]) == "."
    assert point_of(["1.234", "1.234,5"]) == ","
    assert point_of(["1,234", "7"]) == point_of(["12.50", "12,50"]) == point_of([]) == ""


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]),
)
def test_what_is_written_with_separators_is_read_exactly(amount: Decimal, signs: tuple[str, str]) -> None:
    group, point = signs
    text = f"{amount:,.2f}".replace(",", "\0").replace(".", point).replace("\0", group)
    assert read_amount(text, "") == (amount, "")


@pytest.mark.parametrize(
    ("cell", "sign", "default", "code"),
    [
        ("", "", "USD", "USD"),
        (" eur ", "", "USD", "EUR"),
        ("", "€", "USD", "EUR"),
        ("", "$", "USD", "USD"),
        ("CAD", "$", "USD", "CAD"),
        ("", "GBP", "USD", "GBP"),
        ("CNY", "¥", "", "CNY"),
    ],
)
def test_currencies(cell: str, sign: str, default: str, code: str) -> None:
    assert read_currency(cell, sign, default) == (code, "")


@pytest.mark.parametrize(
    ("cell", "sign", "default"),
    [
        ("", "", ""),
        ("Euro", "", "USD"),
        ("EUR", "$", "USD"),
        ("", "$", "EUR"),
        ("", "¥", "USD"),
        ("", "ZZZ", "USD"),
        ("EUR", "GBP", ""),
    ],
)
def test_no_currency_is_guessed(cell: str, sign: str, default: str) -> None:
    code, wrong = read_currency(cell, sign, default)
    assert wrong
    assert not code or sign


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-02", "2026-11-02"),
        ("2026-11-02T10:20:00Z", "2026-11-02"),
        ("2026/1/2 10:20", "2026-01-02"),
        ("2.11.2026", "2026-11-02"),
        ("11/02/2026", ""),
        ("2026-13-02", ""),
        ("2026-11/02", ""),
        ("", ""),
        ("yesterday", ""),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert read_date(text) == day


def sale(sub: str, amount: str, currency: str = "USD", *merchants: str, day: str = "") -> Sale:
    return Sale(sub, Decimal(amount), currency, day, merchants or ("far",))


POT = Purchase("r_pot_buy-1_pot", "r/pot", "buy-1", "pot", "far")
PAN = Purchase("r_pot_buy-1_pan", "r/pot", "buy-1", "pan", "far")


def test_sums_are_by_place_and_currency_and_never_across() -> None:
    lines, totals = join(
        [sale(POT.sub, "1.10"), sale(POT.sub, "2.20", day="2026-05-02"), sale(POT.sub, "5", "EUR"), sale(PAN.sub, "9")],
        [POT, PAN],
    )
    assert [(one.product, one.currency, one.rows, money_text(one.amount, one.currency)) for one in lines] == [
        ("pot", "EUR", 1, "5.00"),
        ("pan", "USD", 1, "9.00"),
        ("pot", "USD", 2, "3.30"),
    ]
    assert [(one.currency, one.rows, str(one.amount)) for one in totals] == [("EUR", 1, "5"), ("USD", 3, "12.30")]
    assert (lines[2].first, lines[2].last) == ("2026-05-02", "2026-05-02")


def test_unknown_sub_ids_are_counted_apart() -> None:
    lines, (total,) = join([sale("gone", "2"), sale("", "3"), sale("gone", "-1"), sale(POT.sub, "4")], [POT])
    assert [(one.page, one.sub, one.rows, str(one.amount)) for one in lines] == [
        ("r/pot", POT.sub, 1, "4"),
        ("", "", 1, "3"),
        ("", "gone", 2, "1"),
    ]
    assert (total.rows, str(total.amount), total.unknown_rows, str(total.unknown)) == (4, "8", 3, "4")


def test_a_sub_id_of_another_merchant_is_unknown() -> None:
    lines, _ = join([sale(POT.sub, "2", "USD", "near")], [POT])
    assert lines[0].page == ""


def test_one_network_reports_for_several_merchants() -> None:
    near = POT._replace(merchant="near")
    lines, _ = join(
        [sale(POT.sub, "2", "USD", "far", "near"), sale(PAN.sub, "1", "USD", "far", "near")], [POT, near, PAN]
    )
    assert [one.merchant for one in lines] == ["far or near", "far"]


def test_a_network_may_change_cases() -> None:
    lines, _ = join([sale(POT.sub.upper(), "2")], [POT])
    assert (lines[0].page, lines[0].sub) == ("r/pot", POT.sub)
    twins = [POT._replace(sub="AB"), PAN._replace(sub="ab")]
    assert [one.product for one in join([sale("ab", "2")], twins)[0]] == ["pan"]
    assert [one.page for one in join([sale("Ab", "2")], twins)[0]] == [""]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([POT.sub, PAN.sub, "gone", ""]),
            st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
            st.sampled_from(["USD", "EUR"]),
        ),
        max_size=60,
    )
)
def test_nothing_is_lost(sales: list[tuple[str, Decimal, str]]) -> None:
    lines, totals = join([Sale(sub, amount, code, "", ("far",)) for sub, amount, code in sales], [POT, PAN])
    assert sum(one.rows for one in lines) == sum(one.rows for one in totals) == len(sales)
    for total in totals:
        wanted = sum((amount for _, amount, code in sales if code == total.currency), Decimal(0))
        assert (
            total.amount == wanted == sum((one.amount for one in lines if one.currency == total.currency), Decimal(0))
        )


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("12.3", "USD", "12.30"),
        ("12.345", "USD", "12.345"),
        ("-0.1250", "USD", "-0.125"),
        ("1E+3", "JPY", "1000"),
        ("5", "KWD", "5.000"),
    ],
)
def test_amounts_are_shown_whole(amount: str, currency: str, text: str) -> None:
    assert money_text(Decimal(amount), currency) == text
