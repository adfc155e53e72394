"""Product feeds as rows: what each channel gets for one thing, and each fault that its validator finds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.catalogue import Finding, Item, check_ids, check_rows, row_of
from ccgen.commerce.identifiers import brand_fault, check_digit, gtin_fault, gtin_is_restricted, mpn_fault, sku_fault
from ccgen.commerce.promotion import promotional
from ccgen.commerce.targets import TARGETS, TargetName
from ccgen.model.parts import Price
from ccgen.text.plaintext import clean, html_text

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NAMES: tuple[TargetName, ...] = ("google", "meta", "openai")
ITEM = Item(
    id="pot",
    title="Pot",
    description="A pot with a lid.",
    url="https://shop.example/products/pot/",
    images=("https://shop.example/products/pot/pot.jpg", "https://shop.example/products/pot/a,b.png"),
    price=Price(amount="15", currency="USD"),
    availability="in_stock",
    brand="Ada",
    gtin="4006381333931",
    seller_name="Ada's Counter",
    seller_url="https://shop.example/",
)


def passed(when: datetime) -> bool:
    return when <= NOW


def found(name: TargetName, *rows: dict[str, str]) -> list[Finding]:
    return list(check_rows(name, rows, host="shop.example", passed=passed))


def row(name: TargetName, **changes: Any) -> dict[str, str]:
    return row_of(TARGETS[name], ITEM._replace(**changes))


# --- rows ------------------------------------------------------------------------------------------------------------


def test_one_thing_in_each_channels_words() -> None:
    google, meta, openai = (row(name) for name in NAMES)
    assert google["price"] == meta["price"] == openai["price"] == "15.00 USD"
    assert google["id"] == meta["id"] == openai["item_id"] == "pot"
    assert google["link"] == meta["link"] == openai["url"] == ITEM.url
    assert (google["availability"], meta["availability"], openai["availability"]) == (
        "in_stock",
        "in stock",
        "in_stock",
    )
    assert google["additional_image_link"] == "https://shop.example/products/pot/a%2Cb.png"
    assert openai["is_eligible_search"] == "true"
    assert openai["is_eligible_checkout"] == "false"
    assert all(found(name, row(name)) == [] for name in NAMES)


@pytest.mark.parametrize(
    ("availability", "google", "meta", "openai"),
    [
        ("limited", "in_stock", "in stock", "in_stock"),
        ("preorder", "preorder", "preorder", "pre_order"),
        ("backorder", "backorder", "available for order", "backorder"),
        ("made_to_order", "backorder", "available for order", "backorder"),
        ("out_of_stock", "out_of_stock", "out of stock", "out_of_stock"),
        ("unknown", None, None, "unknown"),
        ("discontinued", None, None, None),
    ],
)
def test_availability_is_said_in_each_channels_words(
    availability: str, google: str | None, meta: str | None, openai: str | None
) -> None:
    words = [row(name, availability=availability).get("availability") for name in NAMES]
    assert words == [google, meta, openai]


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("1280", "JPY", "1280 JPY"), ("1.5", "KWD", "1.500 KWD"), ("0.10", "EUR", "0.10 EUR")],
)
def test_a_price_has_its_currencys_digits(amount: str, currency: str, text: str) -> None:
    assert row("google", price=Price(amount=amount, currency=currency))["price"] == text


def test_what_is_not_known_is_left_out() -> None:
    assert {"gtin", "mpn", "brand", "product_type"}.isdisjoint(row("google", gtin="", brand=""))
    assert row("google", gtin="", brand="")["identifier_exists"] == "no"
    assert "identifier_exists" not in row("google")
    assert "identifier_exists" not in row("google", gtin="", mpn="P-1")
    assert row("google", measure="340 g")["unit_pricing_measure"] == "340 g"
    assert "unit_pricing_measure" not in row("google", measure="3 dl")
    assert "availability_date" not in row("google", available_from="2026-07-01T00:00:00+00:00")


# --- what is wrong ---------------------------------------------------------------------------------------------------

FAULTS: list[tuple[TargetName, dict[str, str | None], str, str]] = [
    *((name, {"title": None}, "FD-02", "title") for name in NAMES),
    *((name, {"description": None}, "FD-02", "description") for name in NAMES),
    *((name, {"availability": None}, "FD-02", "availability") for name in NAMES),
    ("google", {"image_link": None}, "FD-02", "image"),
    ("google", {"image_link": "https://shop.example/pot.svg"}, "FD-02", "image"),
    ("meta", {"condition": None}, "FD-02", "condition"),
    ("meta", {"brand": None, "gtin": None}, "FD-02", "brand"),
    ("openai", {"brand": None}, "FD-02", "brand"),
    ("openai", {"seller_name": None}, "FD-02", "seller_name"),
    ("google", {"brand": None}, "FD-02", "brand"),  # a thing with a GTIN has a brand
    ("google", {"id": "x" * 51}, "FD-03", "id"),
    ("google", {"title": "x" * 151}, "FD-03", "title"),
    ("google", {"description": "x" * 5001}, "FD-03", "description"),
    ("google", {"brand": "x" * 71}, "FD-03", "brand"),
    ("google", {"mpn": "x" * 71}, "FD-03", "mpn"),
    ("openai", {"seller_name": "x" * 71}, "FD-03", "seller_name"),
    ("google", {"availability": "preorder"}, "FD-04", "available_from"),
    ("openai", {"availability": "pre_order"}, "FD-04", "available_from"),
    (
        "google",
        {"availability": "preorder", "availability_date": "2027-06-02T00:00:00+00:00"},
        "FD-04",
        "available_from",
    ),
    (
        "google",
        {"availability": "preorder", "availability_date": "2026-05-01T00:00:00+00:00"},
        "FD-04",
        "available_from",
    ),
    ("google", {"availability": "preorder", "availability_date": "soon"}, "FD-04", "available_from"),
    ("google", {"brand": "N/A"}, "FD-05", "brand"),
    ("meta", {"brand": "no Brand"}, "FD-05", "brand"),
    ("google", {"gtin": None}, "FD-06", "gtin"),
    ("google", {"identifier_exists": "no"}, "FD-06", "identified"),
    ("google", {"title": "POT WITH LID"}, "FD-07", "title"),
    ("google", {"title": "Pot, free shipping"}, "FD-07", "title"),
    ("google", {"description": "A pot. See https://shop.example/."}, "FD-07", "description"),
    ("google", {"description": "A <b>pot</b>."}, "FD-07", "description"),
    ("openai", {"mpn": "n/a"}, "FD-08", "mpn"),
    ("openai", {"is_eligible_search": "TRUE"}, "FD-08", "searchable"),
    ("google", {"link": "https://www.elsewhere.example/pot"}, "FD-01", "url"),
    ("google", {"link": "/products/pot/"}, "feed-value", "url"),
    ("google", {"availability": "in stock"}, "feed-value", "availability"),
    ("meta", {"condition": "mint"}, "feed-value", "condition"),
    ("google", {"title": "Po\u0007t"}, "feed-value", "title"),
    ("google", {"title": "Pote\u0301"}, "feed-value", "title"),  # not NFC
    ("google", {"price": "0.00 USD"}, "PR-10", "price"),
    ("google", {"price": "15,00 USD"}, "SD-08", "price"),
    ("google", {"price": "15.00 XYZ"}, "SD-08", "price"),
    ("google", {"gtin": "4006381333930"}, "SD-12", "gtin"),
    ("google", {"gtin": "2000000000008"}, "SD-12", "gtin"),
    ("google", {"additional_image_link": ",".join(["https://shop.example/a.png"] * 11)}, "feed-value", "more_images"),
]


@pytest.mark.parametrize(
    ("name", "changes", "code", "value"),
    FAULTS,
    ids=[f"{one[0]}-{one[2]}-{one[3]}-{n}" for n, one in enumerate(FAULTS)],
)
def test_each_fault_of_a_row_is_found(name: TargetName, changes: dict[str, str | None], code: str, value: str) -> None:
    broken = {key: text for key, text in {**row(name), **changes}.items() if text is not None}
    assert {(one.code, one.value, one.row) for one in found(name, row(name, id="other"), broken)} == {(code, value, 1)}


def test_words_are_warnings_and_the_rest_errors() -> None:
    (shouted,) = found("google", row("google", title="POT WITH LID"))
    assert shouted.severity == "warning"
    (free,) = found("google", row("google", price=Price(amount="0", currency="USD")))
    assert free.severity == "error"


def test_ids_are_unique_in_a_feed_and_equal_in_all() -> None:
    assert [one.code for one in found("meta", row("meta"), row("meta"))] == ["feed-value"]
    feeds: dict[TargetName, list[dict[str, str]]] = {name: [row(name), row(name, id="pot/big")] for name in NAMES}
    assert check_ids(feeds) == ()
    assert check_ids({**feeds, "openai": feeds["openai"][:1]}) == ()  # not everything is in every feed
    feeds["openai"] = [row("openai", id="sku-1")]
    assert [(one.code, one.severity) for one in check_ids(feeds)] == [("FD-09", "warning")]


@pytest.mark.parametrize(
    "text",
    ["包邮，先到先得", "今日特价", "Buy now", "20 % off", "on sale", "www.shop.example has it", "A&nbsp;B", "<br>"],
)
def test_words_that_sell(text: str) -> None:
    assert promotional(text, title=False)


@pytest.mark.parametrize(
    "text", ["USB hub", "Salt & pepper", "A < B", "For a free afternoon", "An offer you make", "月牙短夹"]
)
def test_words_that_say_what_a_thing_is(text: str) -> None:
    assert promotional(text, title=True) == ""


def test_the_tables_are_dated_and_name_their_source() -> None:
    for target in TARGETS.values():
        datetime.fromisoformat(target.reviewed)
        assert all(source.startswith("https://") for source in target.sources)
        names = [field.name for field in target.fields]
        assert len(names) == len(set(names))
        assert {field.value for field in target.fields} <= set(Item._fields) | {
            *("image", "more_images", "identified", "searchable", "checkout")
        }


# --- identifiers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["4006381333931", "0012345678905", "036000291452", "96385074", "10012345678902"])
def test_a_gtin(text: str) -> None:
    assert gtin_fault(text) is None


@pytest.mark.parametrize("digits", ["020000000000", "040000000000", "200000000000", "290000000000", "980000000000"])
def test_numbers_of_one_shop_and_of_coupons_are_no_gtin(digits: str) -> None:
    for form in (digits, f"1{digits}", *([digits[1:]] if digits[0] == "0" else [])):
        text = f"{form}{check_digit(form)}"
        assert gtin_is_restricted(text)
        fault = gtin_fault(text)
        assert fault is not None
        assert fault.rule == "SD-12"
    for short in ("0000001", "2000001"):
        assert gtin_is_restricted(f"{short}{check_digit(short)}")


@given(
    st.sampled_from([7, 11, 12, 13]).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n)), st.integers(1, 9)
)
def test_a_wrong_check_digit_is_always_found(digits: str, wrong: int) -> None:
    right = check_digit(digits)
    fault = gtin_fault(f"{digits}{(right + wrong) % 10}")
    assert fault is not None
    assert str(right) in fault.message


def test_other_identifiers() -> None:
    assert sku_fault("A-1") is None
    sku = sku_fault("A  1\u00a0b")
    assert sku is not None
    assert (sku.rule, sku.hint) == ("SD-13", "write `A-1-b`")
    assert brand_fault("Harrow") is None
    assert brand_fault("无品牌") == ("FD-05", "`无品牌` is no brand", "leave `maker` out where there is none")
    assert mpn_fault("x" * 70) is None
    assert mpn_fault("x" * 71) is not None


# --- text ------------------------------------------------------------------------------------------------------------


def test_html_becomes_text() -> None:
    html = '<p>A &amp; B<sup class="footnote-ref"><a>1</a></sup></p>\n<ul>\n<li>one\ntwo</li>\n</ul><!-- no --><script>x</script>'
    assert html_text(html) == "A & B\none two"


@given(st.text())
def test_clean_text_is_clean_and_stays(text: str) -> None:
    for lines in (False, True):
        cleaned = clean(text, lines=lines)
        assert clean(cleaned, lines=lines) == cleaned
        assert all(letter >= " " or (lines and letter == "\n") for letter in cleaned)
