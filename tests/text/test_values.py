from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from ccgen.text.codes import country_names, is_country
from ccgen.text.numbers import read_bool, read_int, read_number
from ccgen.text.unreadable import UnreadableError
from ccgen.text.values import CHECKS


def fault(kind: str, text: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        CHECKS[kind](text)
    assert caught.value.hint or caught.value.value
    return caught.value


@pytest.mark.parametrize(
    ("kind", "text", "made"),
    [
        ("money", "165.00 USD", "165.00 USD"),
        ("money", "165.00", "165.00"),
        ("money", "0", "0"),
        ("money", "from  1280   CNY", "from 1280 CNY"),
        ("money", "1280 JPY", "1280 JPY"),
        ("money", "1.234 KWD", "1.234 KWD"),
        ("when", "2026-11-27", "2026-11-27"),
        ("when", "2026-11-27 06:00", "2026-11-27 06:00"),
        ("when", "2026-11-27T06:00:30Z", "2026-11-27 06:00:30Z"),
        ("when", "2026-11-27 06:00 +0800", "2026-11-27 06:00+08:00"),
        ("when", "2024-02-29", "2024-02-29"),
        ("duration", "7 days", "7 days"),
        ("duration", "1 day", "1 day"),
        ("duration", "36hours", "36 hours"),
        ("duration", "2 Week", "2 weeks"),
        ("show_price", "never", "never"),
        ("show_price", "3 days", "3 days"),
        ("url", "https://shop.example/a?b=c#d", "https://shop.example/a?b=c#d"),
        ("url", "http://例え.jp/é", "http://例え.jp/é"),
        ("id", "harrow-gooseneck", "harrow-gooseneck"),
        ("id", "月牙", "月牙"),
        ("slug", "月牙", "月牙"),
        ("host", "Shop.example", "shop.example"),
        ("path", "../stories/a.md#x", "../stories/a.md#x"),
        ("path", "/pictures/a.png", "/pictures/a.png"),
        ("alias", "/old/name.html", "/old/name.html"),
        ("language", "zh-Hant-TW", "zh-Hant-TW"),
        ("currency", "CNY", "CNY"),
        ("country", "CN", "CN"),
        ("number", "4.5", "4.5"),
        ("spot", "38% 61.5%", "38% 61.5%"),
        ("measure", "340 g", "340 g"),
        ("measure", "1L", "1 l"),
        ("gtin", "0012345678905", "0012345678905"),
        ("gtin", "4006381333931", "4006381333931"),
        ("pattern", "/{year}/{slug}/", "/{year}/{slug}/"),
        ("line", "plain, 文字 & <b>", "plain, 文字 & <b>"),
        ("inline", "two\nlines", "two\nlines"),
    ],
)
def test_good_values_come_out_in_one_spelling(kind: str, text: str, made: str) -> None:
    assert CHECKS[kind](text) == made
    assert CHECKS[kind](made) == made


@pytest.mark.parametrize(
    ("kind", "text", "repaired"),
    [
        ("money", "1.299,00", "1299.00"),
        ("money", "1,299.00", "1299.00"),
        ("money", "€12", "12 EUR"),
        ("money", "US$ 1,299.50", "1299.50 USD"),
        ("money", "12 usd", "12 USD"),
        ("money", "1299,5 EUR", "1299.5 EUR"),
        ("money", "-1", ""),
        ("money", "NaN", ""),
        ("money", "Infinity", ""),
        ("money", "1e3", ""),
        ("money", "", ""),
        ("money", "12.345 USD", ""),
        ("money", "100.5 JPY", ""),
        ("money", "12 XXQ", ""),
        ("money", "１２", ""),
        ("money", "12 USD EUR", ""),
        ("money", "007", ""),
        ("when", "2024-02-30", ""),
        ("when", "yesterday", ""),
        ("when", "2026/1/2", "2026-01-02"),
        ("when", "2026年1月2日", "2026-01-02"),
        ("when", "2026-11-27 25:00", ""),
        ("when", "2026-13-01", ""),
        ("when", "0000-01-01", ""),
        ("when", "２０２６-11-27", ""),
        ("duration", "2 months", "60 days"),
        ("duration", "3d", "3 days"),
        ("duration", "soon", ""),
        ("show_price", "sometimes", ""),
        ("url", "javascript:alert(1)", ""),
        ("url", "java\tscript:alert(1)", ""),
        ("url", "data:text/html,x", ""),
        ("url", "file:///etc/passwd", ""),
        ("url", "//evil.example/x", "https://evil.example/x"),
        ("url", "shop.example/x", "https://shop.example/x"),
        ("url", "https://", ""),
        ("url", "https://a b", ""),
        ("url", "https://user:pass@shop.example/", ""),
        ("url", "https://shop.example/\u202etxt", ""),
        ("url", "https://shop.example:99999/", ""),
        ("url", "https://shop\\.example/", ""),
        ("id", "../x", ""),
        ("id", "a/b", ""),
        ("id", "", ""),
        ("id", ".hidden", ""),
        ("slug", "My Kettle", "my-kettle"),
        ("slug", "../../x", ""),
        ("slug", "%2e%2e%2f", ""),
        ("slug", "C:\\x", ""),
        ("slug", "con", ""),
        ("slug", "🎉", ""),
        ("host", "https://shop.example/x", "shop.example"),
        ("host", "shop example", ""),
        ("path", "~/x", ""),
        ("path", "C:/x", ""),
        ("path", "//evil/x", ""),
        ("path", "file:///x", ""),
        ("path", "%2e%2e/x", "../x"),
        ("path", "..\\x", ""),
        ("alias", "old-name/", "/old-name/"),
        ("alias", "/a/../b", ""),
        ("alias", "//evil", ""),
        ("alias", "https://a.example/", ""),
        ("alias", "/a?b", ""),
        ("alias", "/%2e%2e/", ""),
        ("language", "zh-cn", "zh-CN"),
        ("language", "english", ""),
        ("currency", "usd", "USD"),
        ("currency", "€", ""),
        ("country", "us", "US"),
        ("country", "China", "CN"),
        ("country", "EU", ""),
        ("number", "4,5", "4.5"),
        ("number", "-1", ""),
        ("number", "inf", ""),
        ("number", "1e3", ""),
        ("spot", "138% 1%", ""),
        ("spot", "38 61", ""),
        ("measure", "340 gr", ""),
        ("measure", "0 g", ""),
        ("gtin", "0012345678906", ""),
        ("gtin", "12345", ""),
        ("pattern", "/{sulg}/", ""),
        ("pattern", "/x/", ""),
        ("pattern", "{slug}", ""),
        ("pattern", "/../{slug}/", ""),
        ("line", "a\nb", "a b"),
        ("line", "a\u202eb", ""),
        ("line", "a\x1b[31mb", ""),
        ("inline", "a\ufdd0b", ""),
    ],
)
def test_bad_values_are_named_and_repaired_only_where_that_is_certain(kind: str, text: str, repaired: str) -> None:
    found = fault(kind, text)
    assert found.value == repaired
    if repaired:
        assert CHECKS[kind](repaired) == repaired


def test_bidi_controls_are_named() -> None:
    found = fault("line", "Kettle\u202e")
    assert (found.code, found.message) == ("bidi-control", "U+202E changes the direction of the text around it, unseen")
    assert CHECKS["line"]("\u200fשלום") == "\u200fשלום"  # a mark that Hebrew needs


def test_the_calendar_hint_names_the_last_day_only_where_the_day_is_wrong() -> None:
    assert fault("when", "2026-02-30").hint == "the last day of that month is 2026-02-28"
    assert "hours" in fault("when", "2026-11-30 25:00").hint


@pytest.mark.parametrize(("text", "flag"), [("yes", True), ("On", True), ("TRUE", True), ("no", False), ("off", False)])
def test_flags(text: str, flag: bool) -> None:
    assert read_bool(text) is flag
    with pytest.raises(UnreadableError):
        read_bool(text + "!")


@pytest.mark.parametrize("text", ["1.0", "1e3", "٣", "１", "0x1", "", "+1", "01", "9" * 30])
def test_whole_numbers_are_ascii_digits(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_int(text)
    assert read_int("-20") == -20


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.sampled_from(["USD", "EUR", "CNY"]), st.booleans())
def test_money_is_exact(amount: Decimal, code: str, least: bool) -> None:
    text = f"{'from ' if least else ''}{amount} {code}"
    assert CHECKS["money"](text) == text
    assert Decimal(CHECKS["money"](str(amount))) == amount


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9990, 12, 31)))
def test_every_instant_of_the_calendar_is_read(when: datetime) -> None:
    text = f"{when:%Y}".zfill(4) + f"{when:-%m-%d %H:%M}"
    assert datetime.fromisoformat(CHECKS["when"](text)) == when.replace(second=0, microsecond=0)


@given(st.sampled_from(sorted(CHECKS)), st.text(max_size=40))
def test_no_text_makes_a_check_fail_otherwise(kind: str, text: str) -> None:
    try:
        made = CHECKS[kind](text)
    except UnreadableError as found:
        assert found.code
        assert found.message
        return
    assert CHECKS[kind](made) == made


def test_numbers_are_decimal() -> None:
    assert read_number("0.1") + read_number("0.2") == Decimal("0.3")


def test_countries_are_those_that_have_a_name() -> None:
    names = Locale("en").territories
    assert {code for code in names if is_country(code)} == set(country_names().values())
    assert not any(is_country(code) for code in ("", "EU", "001", "us", "ZZ"))
    assert len(country_names()) > 240
