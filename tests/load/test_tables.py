from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgen.text.report import format_problem

PRODUCTS = """id,name,name@zh-CN,maker,specs.weight,specs.cards,images,care,made_to_order
yueya,"Yueya, the wallet",月牙,mei,62 g,8,a.jpg|b.jpg,,21 days
qiao,Qiao,,mei,,,,,
,,,,,,,,
"""
OFFERS = """product;url;merchant;price;checked;ships_to;was.price;was.seen
yueya;https://a.example/1;;165.00 USD;2026-11-20;US|CA;199.00 USD;2026-10-01
yueya;;amazon;12;2026-11-20;;;
"""


def tables(products: str | bytes = PRODUCTS, offers: str | bytes | None = None) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {"content/products/products.csv": products}
    return files if offers is None else {**files, "content/products/offers.csv": offers}


def test_products_and_offers(shop) -> None:
    loaded = shop(tables(offers=OFFERS.replace(";;amazon", ";https://b.example/2;amazon"))).loaded()
    assert loaded.problems == ()
    yueya, qiao = loaded.products["yueya", "en"], loaded.products["qiao", "en"]
    assert (yueya.record.name, yueya.record.made_to_order) == ("Yueya, the wallet", "21 days")
    assert yueya.record.specs == {"weight": "62 g", "cards": "8"}
    assert [image.src for image in yueya.record.images] == ["a.jpg", "b.jpg"]
    assert qiao.record.specs == {}
    assert (yueya.path, yueya.field, qiao.field) == ("content/products/products.csv", "[0]", "[1]")
    first, second = yueya.record.offers
    assert (first.price, first.ships_to, first.was.price) == ("165.00 USD", ("US", "CA"), "199.00 USD")
    assert second.merchant == "amazon"
    chinese = loaded.products["yueya", "zh-CN"]
    assert chinese.record.name == "月牙"
    assert chinese.record.offers == yueya.record.offers
    assert loaded.products["qiao", "zh-CN"].fallback == {"name"}


def test_every_problem_of_a_row_can_be_found(shop) -> None:
    entry = (
        shop(tables(offers=OFFERS.replace(";;amazon", ";https://b.example/2;amazon")))
        .loaded()
        .products["yueya", "zh-CN"]
    )
    assert (entry.at("maker").path, entry.at("maker").field) == ("content/products/products.csv", "[0].maker")
    offer = entry.at("offers[1].price")
    assert (offer.path, offer.field) == ("content/products/offers.csv", "[1].price")
    assert entry.at("offers[10].price").path == "content/products/products.csv"


def test_an_offer_has_words_too(shop) -> None:
    offers = "product,url,note,note@zh-CN\na,https://a.example/1,new,新\na,https://a.example/2,old,\n"
    loaded = shop({"content/products/a.yaml": "name: A\n", "content/products/offers.csv": offers}).loaded()
    assert loaded.problems == ()
    chinese = loaded.products["a", "zh-CN"]
    assert [offer.note for offer in loaded.products["a", "en"].record.offers] == ["new", "old"]
    assert [offer.note for offer in chinese.record.offers] == ["新", "old"]
    assert chinese.fallback == {"name", "offers[1].note"}


def test_both_places_of_what_stands_twice_are_named(shop) -> None:
    offers = 'product,url,note\na,https://a.example/0,\n\na,https://a.example/1,"b\n"\na,https://a.example/1,\n'
    record = "name: A\noffers: [{url: 'https://a.example/0'}]\n"
    loaded = shop({"content/products/a.yaml": record, "content/products/offers.csv": offers}).loaded()
    assert [one.message for one in loaded.problems] == [
        "this offer of `a` stands also in `content/products/a.yaml`, `offers[0]`",
        "this offer of `a` stands also in `content/products/offers.csv`, line 4",
    ]
    twice = shop(tables("id,name\na,A\n\na,B\n")).loaded()
    assert "the product `a` stands on line 2 and again on line 4" in [one.message for one in twice.problems]


def test_offers_join_those_of_a_record(shop) -> None:
    record = "name: A\noffers: [{url: 'https://a.example/0', price: 1}]\n"
    loaded = shop(
        {
            "content/products/a.yaml": record,
            "content/products/offers.csv": "product,url\na,https://a.example/1\n",
        }
    ).loaded()
    assert loaded.problems == ()
    entry = loaded.products["a", "en"]
    assert [offer.url for offer in entry.record.offers] == ["https://a.example/0", "https://a.example/1"]
    assert entry.at("offers[0].url").path == "content/products/a.yaml"
    assert (entry.at("offers[1].url").path, entry.at("offers[1]").field) == ("content/products/offers.csv", "[0]")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ways_of_saving_a_table(shop, delimiter: str, mark: str, end: str) -> None:
    text = mark + end.join(["id,name,line", 'a,"A ""x""",l', "", "b,B,", ",,", ""]).replace(",", delimiter)
    loaded = shop(tables(text)).loaded()
    assert loaded.problems == ()
    assert [entry.record.name for (_, lang), entry in loaded.products.items() if lang == "en"] == ['A "x"', "B"]


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("", "empty-table", "1:1"),
        ("name\nA\n", "missing-column", "1:1"),
        ("id,name,id\na,A,b\n", "duplicate-column", "1:9"),
        ("id,name,brand\na,A,b\n", "unknown-column", "1:9"),
        ("id,name,specs\na,A,b\n", "wrong-type", "2:5"),
        ("id,name,specs.\na,A,b\n", "unknown-column", "1:9"),
        ("id,name,maker.x\na,A,b\n", "unknown-column", "1:9"),
        ("id,name,name@fr\na,A,b\n", "unknown-language", "1:9"),
        ("id,name,maker@zh-CN\na,A,b\n", "not-a-word", "1:9"),
        ("id,name\na,A,b\n", "nameless-column", "2:5"),
        ("id,name,\na,A,b\n", "nameless-column", "2:5"),
        ("id,name,line\na,A\n", "short-row", "2:1"),
        ("id,name\n,A\n", "missing-field", "2:1"),
        ("id,name\na,A\nb,B\na,C\n", "two-sources", "4:1"),
        ('id,name,line\nz,"two\nlines",x\na,"A"b,c\n', "csv-quote", "4:3"),
        ('id,name\na,"A\n', "csv-quote", "2:3"),
        ("id,name\na,A\x1b\n", "bad-text", "2:3"),
        ('id,name,gtin,description\nz,Z,,"two\n\nlines"\na,A,123,\n', "bad-gtin", "5:5"),
        ("id,name\n../x,A\n", "bad-id", "2:1"),
    ],
)
def test_faults_of_a_table(shop, text: str, code: str, where: str) -> None:
    loaded = shop(tables(text)).loaded()
    faults = loaded.problems
    assert [one.code for one in faults] == [code]
    shown = format_problem(faults[0], text)
    assert f"content/products/products.csv:{where}\n" in shown + "\n"
    assert faults[0].hint


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("id,name\na,A\n".encode("utf-16"), "not-utf8"),
        ("id,name\na,Café\n".encode("cp1252"), "not-utf8"),
        (b"id,name\na,A\0\n", "nul-character"),
    ],
)
def test_tables_that_are_no_text(shop, data: bytes, code: str) -> None:
    assert shop(tables(data)).codes() == [code]


def test_a_cell_of_200_kb_is_read(shop) -> None:
    loaded = shop(tables(f'id,name,description\na,A,"{"x" * 200_000}"\n')).loaded()
    assert loaded.problems == ()
    assert len(loaded.products["a", "en"].record.description) == 200_000


def test_the_same_product_in_a_table_and_a_record(shop) -> None:
    files = {**tables("id,name\na,A\n"), "content/products/a.yaml": "name: A\n"}
    loaded = shop(files).loaded()
    assert [(one.code, one.at.path, one.at.field) for one in loaded.problems] == [
        ("two-sources", "content/products/products.csv", "[0].id")
    ]
    assert "`content/products/a.yaml`" in loaded.problems[0].message


@pytest.mark.parametrize(
    ("offers", "code", "field"),
    [
        ("product,url\na,https://a.example/0\n", "two-sources", "[0]"),
        ("product,merchant,asin\na,amazon,X1\n", "two-sources", "[0]"),
        ("product,url\na,https://a.example/1\na,https://a.example/1\n", "two-sources", "[1]"),
        ("product,url\nb,https://a.example/1\n", "unknown-product", "[0].product"),
        ("product,url\n,https://a.example/1\n", "missing-field", "[0].product"),
        ("product,url,price\na,https://a.example/1,12 usd\n", "bad-money", "[0].price"),
        ("product,url,pirce\na,https://a.example/1,12\n", "unknown-column", ""),
        ("product,url\na,ftp://x\n", "bad-url", "[0].url"),
        ("product,price,checked\na,12,2026-11-20\n", "missing-field", "[0]"),
    ],
)
def test_faults_of_offers(shop, offers: str, code: str, field: str) -> None:
    record = "name: A\noffers: [{url: 'https://a.example/0'}, {merchant: amazon, asin: X1}]\n"
    site = shop({"content/products/a.yaml": record, "content/products/offers.csv": offers})
    assert site.problem()[:3] == (code, "content/products/offers.csv", field)


def test_an_offer_of_a_product_that_failed_is_no_second_problem(shop) -> None:
    site = shop(
        {"content/products/a.yaml": "nmae: A\n", "content/products/offers.csv": "product,url\na,https://a.example/1\n"}
    )
    assert site.codes() == ["unknown-key"]


names = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@settings(max_examples=30)
@given(st.dictionaries(st.from_regex("[a-z][a-z0-9]{0,5}", fullmatch=True), names, max_size=6), st.sampled_from(",;\t"))
def test_any_table_that_a_spreadsheet_writes_is_read_back(
    shop_at, tmp_path_factory, rows: dict[str, str], delimiter: str
) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(
        [["id", "name", "line"], *([key, name, ""] for key, name in rows.items())]
    )
    loaded = shop_at(tmp_path_factory.mktemp("shop")).write(tables(stream.getvalue())).loaded()
    found = {key: entry.record.name for (key, lang), entry in loaded.products.items() if lang == "en"}
    assert loaded.problems == ()
    assert found == {key: name.strip() for key, name in rows.items()}
