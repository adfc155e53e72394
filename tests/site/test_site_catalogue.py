"""Product feeds of a whole site: what is in them, what is not and is told, in each language and at each clock."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support import SELLER, Shop, ShopMaker, article

from ccgen.commerce.catalogue import check_rows
from ccgen.commerce.targets import TARGETS, TargetName
from ccgen.model.facts import CatalogueGroup
from ccgen.render.catalogue import csv_text, rss_text
from ccgen.text.plaintext import clean

G = "{http://base.google.com/ns/1.0}"
ALL = {"google": True, "meta": True, "openai": True}
FEEDS = {"google": "/feeds/google.xml", "meta": "/feeds/meta.csv", "openai": "/feeds/openai.csv"}


def picture(width: int = 600, height: int = 600, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 200).save(out, form)
    return out.getvalue()


PICTURE = picture()
POLICIES = {"returns": "pages/returns.md", "shipping": "pages/shipping.md"}


def merchant(name: str, role: str, **more: Any) -> dict[str, Any]:
    return {"name": name.title(), "role": role, "url": f"https://{name}.example/", **more}


def sells(shop: ShopMaker, offers: list[Any] | None = None, *, outputs: Mapping[str, bool] = ALL, **pot: Any) -> Shop:
    """A shop that sells a pot at its own counter, with all that feeds ask for."""
    own = [{"url": "https://counter.example/pot", "price": "15.00", "availability": "in_stock"}]
    product = {
        "name": "Pot",
        "description": "A pot with *a* lid.",
        "maker": "us",
        "images": [{"src": "/pot.png", "alt": "A pot"}],
        "offers": own if offers is None else offers,
        **pot,
    }
    return shop(
        {
            "content/merchants/counter.yaml": merchant("counter", "ours"),
            "content/merchants/bazaar.yaml": merchant("bazaar", "stall"),
            "content/merchants/hill.yaml": merchant(
                "hill", "affiliate", link="https://go.hill.example/?u={url}&s={sub}", domains=["go.hill.example"]
            ),
            "content/makers/us.yaml": {"name": "Ada & Co", "ours": True},
            "content/products/pot.yaml": {key: value for key, value in product.items() if value is not None},
            "content/pages/returns.md": article(title="Returns"),
            "content/pages/shipping.md": article(title="Shipping"),
            "static/pot.png": PICTURE,
        },
        settings={"seller": {**SELLER, **POLICIES}, "outputs": outputs},
    )


def rows(site: Shop, name: str, prefix: str = "") -> list[dict[str, str]]:
    """A feed read back as a channel reads it."""
    text = site.file(prefix + FEEDS[name]).read_bytes().decode()
    if name != "google":
        found = list(csv.DictReader(io.StringIO(text, newline="")))
        return [{key: value for key, value in row.items() if value} for row in found]
    channel = ET.fromstring(text).find("channel")
    assert channel is not None
    made = []
    for item in channel.findall("item"):
        row: dict[str, str] = {}
        for element in item:
            key = element.tag.removeprefix(G)
            row[key] = ",".join(filter(None, (row.get(key), element.text)))
        made.append(row)
    return made


def told(site: Shop, code: str) -> list[tuple[str, str]]:
    return [(site.place(one), one.severity) for one in site.problems if one.code == code]


# --- what is in them -------------------------------------------------------------------------------------------------


def test_what_we_sell_is_in_every_feed(shop: ShopMaker) -> None:
    site = sells(shop).build()
    assert site.problems == ()
    (google,), (meta,), (openai,) = (rows(site, name) for name in FEEDS)
    assert google == {
        "id": "pot",
        "title": "Pot",
        "description": "A pot with a lid.",
        "link": "https://shop.example/products/pot/",
        "image_link": "https://shop.example/pot.png",
        "availability": "in_stock",
        "price": "15.00 USD",
        "condition": "new",
        "brand": "Ada & Co",
        "identifier_exists": "no",
    }
    assert meta == {key: value for key, value in google.items() if key != "identifier_exists"} | {
        "availability": "in stock"
    }
    assert openai == {
        "is_eligible_search": "true",
        "is_eligible_checkout": "false",
        "item_id": "pot",
        "title": "Pot",
        "description": "A pot with a lid.",
        "url": "https://shop.example/products/pot/",
        "brand": "Ada & Co",
        "seller_name": "Ada's Counter",
        "image_url": "https://shop.example/pot.png",
        "availability": "in_stock",
        "price": "15.00 USD",
        "condition": "new",
        "seller_url": "https://shop.example/",
        "return_policy": "https://shop.example/returns/",
        "store_country": "US",
    }
    for name in FEEDS:
        target: TargetName = name  # type: ignore[assignment]
        assert check_rows(target, rows(site, name), host="shop.example", passed=lambda _: True) == ()


def test_a_feed_reader_reads_googles(shop: ShopMaker) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import feedparser

        read = feedparser.parse(sells(shop).build().text("/feeds/google.xml"))
    assert not read.bozo
    assert read.version == "rss20"
    (entry,) = read.entries
    assert (entry.title, entry.link, entry.g_price) == ("Pot", "https://shop.example/products/pot/", "15.00 USD")


def test_feeds_are_written_only_when_asked_for(shop: ShopMaker) -> None:
    site = sells(shop, outputs={}).build()
    assert not any(site.has(url) for url in FEEDS.values())
    site.set(outputs={"meta": True}).build()
    assert [url for url in FEEDS.values() if site.has(url)] == ["/feeds/meta.csv"]


def test_what_others_sell_is_in_no_feed(shop: ShopMaker) -> None:
    others = [
        {"url": "https://bazaar.example/pot", "price": "14.00", "checked": "2026-05-31", "availability": "in_stock"},
        {"url": "https://hill.example/pot", "price": "13.00", "checked": "2026-05-31", "availability": "in_stock"},
        "https://far.example/pot",
    ]
    site = sells(shop, others).build()
    assert all(rows(site, name) == [] for name in FEEDS)
    assert (
        site.holding("bazaar.example", "hill.example", "far.example")
        .keys()
        .isdisjoint(url.lstrip("/") for url in FEEDS.values())
    )
    assert site.problems == ()


def test_a_feed_of_nothing_is_told(shop: ShopMaker) -> None:
    site = sells(shop, [], outputs={"google": True}).write({"content/merchants/counter.yaml": None}).build()
    ((place, severity),) = told(site, "empty-product-feed")
    assert place.startswith("ccgen.yaml:")
    assert severity == "warning"
    assert rows(site, "google") == []


def test_two_sizes_have_two_ids_that_never_change(shop: ShopMaker) -> None:
    own = {"url": "https://counter.example/pot", "price": "15.00", "availability": "in_stock"}
    site = sells(shop, [{**own, "id": "big", "price": "25.00"}, own]).build()
    for name, key in (("google", "id"), ("meta", "id"), ("openai", "item_id")):
        found = {row[key]: row["price"] for row in rows(site, name)}
        assert found == {"pot": "15.00 USD", "pot/big": "25.00 USD"}


def test_each_language_has_its_own_feed(shop: ShopMaker) -> None:
    site = sells(shop).set(site={"languages": ["en", "zh-CN"]})
    site.write(
        {
            "content/products/pot.zh-CN.yaml": {"name": "锅", "description": "一口锅。"},
            "content/products/pan.yaml": {
                "name": "Pan",
                "line": "Flat.",
                "maker": "us",
                "images": ["/pot.png"],
                "offers": [{"url": "https://counter.example/pan", "price": "9.00", "availability": "limited"}],
            },
        }
    )
    site.build()
    assert {row["id"] for row in rows(site, "google")} == {"pan", "pot"}
    (pot,) = rows(site, "google", "/zh-CN")  # the pan has no name in Chinese, and is no Chinese product
    assert (pot["title"], pot["description"], pot["id"]) == ("锅", "一口锅。", "pot")
    assert pot["link"] == "https://shop.example/zh-CN/products/pot/"


def test_what_describes_it_is_its_text(shop: ShopMaker) -> None:
    site = sells(shop, description=None)
    site.write({"content/products/pot.yaml": None})
    site.write(
        {
            "content/products/pot.md": (
                "---\nname: Pot\nmaker: us\nimages: [{src: /pot.png, alt: A pot}]\n"
                "offers: [{url: 'https://counter.example/pot', price: 15.00, availability: in_stock}]\n---\n"
                "First *words* & more.[^1]\n\n- a\n- b\n\n:::note[Mind]\nthe lid\n:::\n\n[^1]: Note.\n"
            )
        }
    )
    (row,) = rows(site.build(), "google")
    assert row["description"] == "First words & more.\na\nb\nMind\nthe lid"
    site.edit("content/products/pot.md", "First", "x" * 4990 + "\n\nFirst")
    (row,) = rows(site.build(), "google")
    assert row["description"] == "x" * 4990


# --- what is not, and is told ----------------------------------------------------------------------------------------

OWN = {"url": "https://counter.example/pot", "price": "15.00", "availability": "in_stock"}


def without(key: str) -> list[Any]:
    return [{name: value for name, value in OWN.items() if name != key}]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"images": None}, "FD-02", "pot.yaml:1:"),
        ({"description": None}, "FD-02", "pot.yaml:1:"),
        ({"maker": None}, "FD-02", "pot.yaml:1:"),
        ({"offers": without("availability")}, "FD-02", "offers"),
        ({"name": "x" * 151}, "FD-03", "name"),
        ({"mpn": "x" * 71}, "FD-03", "mpn"),
        ({"offers": [{**OWN, "availability": "preorder"}]}, "FD-04", "offers"),
        ({"offers": [{**OWN, "availability": "preorder", "available_from": "2027-06-02"}]}, "FD-04", "available_from"),
        ({"offers": [{**OWN, "price": "0.00"}]}, "PR-10", "price"),
        ({"gtin": "2000000000008"}, "SD-12", "gtin"),
    ],
)
def test_what_a_channel_refuses_is_told_at_its_place(
    shop: ShopMaker, changes: dict[str, Any], code: str, field: str
) -> None:
    site = sells(shop, **changes)
    found = site.fails()[code]
    assert len(found) == 1, found
    assert found[0].at.path == "content/products/pot.yaml"
    assert found[0].hint
    assert "asked for by" in found[0].hint
    assert field in found[0].at.field or field in site.place(found[0])


def test_a_drawing_is_no_picture_of_a_feed(shop: ShopMaker) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600"><rect width="9" height="9"/></svg>'
    site = sells(shop, images=["/pot.svg"]).write({"static/pot.svg": svg})
    (problem,) = site.fails()["FD-02"]
    assert problem.at.field == "images"
    assert "SVG" in problem.hint
    site.edit("content/products/pot.yaml", '"/pot.svg"', '"/pot.svg", "/pot.png"').build()
    assert {row["image_link"] for row in rows(site, "google")} == {"https://shop.example/pot.png"}


def test_small_pictures_and_doubtful_numbers_are_warnings(shop: ShopMaker) -> None:
    site = (
        sells(shop).write({"static/pot.png": picture(499, 900), "content/makers/us.yaml": {"name": "Harrow"}}).build()
    )
    assert [severity for _, severity in told(site, "IM-05")] == ["warning"]
    assert [severity for _, severity in told(site, "FD-06")] == ["warning"]
    site.write({"static/pot.png": PICTURE}).edit(
        "content/products/pot.yaml", '"maker"', '"mpn": "P-1",\n "maker"'
    ).build()
    assert site.problems == ()


def test_promotion_in_a_name_is_a_warning(shop: ShopMaker) -> None:
    site = sells(shop, name="Pot, free shipping").build()
    assert [severity for _, severity in told(site, "FD-07")] == ["warning"]
    assert len(rows(site, "google")) == 1


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"offers": [{**OWN, "price": "from 15.00"}]}, True),
        ({"offers": [{**OWN, "valid_until": "2026-05-01"}]}, False),  # it says itself when it is over
        ({"offers": [{**OWN, "availability": "discontinued"}]}, False),
        ({"status": "gone"}, False),
    ],
)
def test_what_has_no_price_now_is_left_out(shop: ShopMaker, changes: dict[str, Any], warned: bool) -> None:
    site = sells(shop, **changes).build()
    assert all(rows(site, name) == [] for name in FEEDS)
    assert bool(told(site, "feed-left-out")) is warned
    assert {place.partition(":")[0] for place, _ in told(site, "feed-left-out")} <= {"content/products/pot.yaml"}


def test_a_stale_price_leaves_the_feeds_at_its_hour(shop: ShopMaker) -> None:
    site = sells(shop, [{**OWN, "checked": "2026-05-31"}])
    site.write({"content/merchants/counter.yaml": merchant("counter", "ours", show_price="7 days")})
    site.set(check={"severity": {"SD-02": "off"}})  # a shop that shows no price is told so elsewhere
    site.build(clock="2026-06-06 23:59")
    assert all(len(rows(site, name)) == 1 for name in FEEDS)
    site.build(clock="2026-06-07 00:01")
    assert all(rows(site, name) == [] for name in FEEDS)
    assert [severity for _, severity in told(site, "feed-left-out")] == ["warning"]
    assert site.holding("15.00 USD") == {}


def test_a_preorder_whose_date_has_come_is_left_out(shop: ShopMaker) -> None:
    site = sells(shop, [{**OWN, "availability": "preorder", "available_from": "2026-06-10"}]).build()
    assert rows(site, "google")[0]["availability_date"] == "2026-06-10T00:00:00+00:00"
    assert "from Jun 10, 2026" in site.page("/products/pot/").text
    site.build(clock="2026-06-11")
    assert [severity for _, severity in told(site, "FD-04")] == ["warning"]
    assert rows(site, "google") == rows(site, "openai") == []
    assert len(rows(site, "meta")) == 1  # asks for no date


def test_what_is_unknown_is_not_claimed(shop: ShopMaker) -> None:
    site = sells(shop, without("availability"), outputs={"openai": True}).build()
    assert rows(site, "openai")[0]["availability"] == "unknown"


# --- as files --------------------------------------------------------------------------------------------------------


def test_a_changed_price_draws_the_feeds_anew_and_nothing_else_does(shop: ShopMaker) -> None:
    site = sells(shop).build()
    site.edit("content/products/pot.yaml", "15.00", "16.00").build()
    assert {url.lstrip("/") for url in FEEDS.values()} <= site.rendered
    assert rows(site, "openai")[0]["price"] == "16.00 USD"
    site.write({"content/notes/n.md": "---\ntitle: N\ndate: 2026-05-01\n---\nText.\n"}).build()
    assert not {url.lstrip("/") for url in FEEDS.values()} & site.rendered
    assert site.build().written == set()


def test_a_feed_keeps_its_address(shop: ShopMaker) -> None:
    site = sells(shop).write({"static/feeds/google.xml": "<a/>"})
    (problem,) = site.fails()["url-collision"]
    assert problem.at.path == "static/feeds/google.xml"
    assert "a product feed" in problem.message


def group(target: str, *texts: str) -> CatalogueGroup:
    row = tuple(zip(("id", "title", "description"), texts, strict=False))
    return CatalogueGroup(target=target, title=texts[0], description="", url="https://a.example/", rows=(row,))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3))
def test_any_text_is_well_formed_and_reads_back(texts: list[str]) -> None:
    texts = [clean(text) for text in texts]
    tree = ET.fromstring(rss_text(TARGETS["google"], group("google", *texts)))
    item = tree.find("channel/item")
    assert item is not None
    assert [element.text or "" for element in item] == texts
    (row,) = csv.DictReader(io.StringIO(csv_text(TARGETS["meta"], group("meta", *texts)), newline=""))
    read = [row["id"], row["title"], row["description"]]
    assert [text.removeprefix("'") if text[1:2] in tuple("=+-@") else text for text in read] == [
        text.removeprefix("'") if text[1:2] in tuple("=+-@") else text for text in texts
    ]
    assert not any(text.startswith(("=", "@")) for text in read)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1+1", "'+1+1"),
        ("- with a lid", "'- with a lid"),
        ("-5", "-5"),
        ("15.00 USD", "15.00 USD"),
        ("https://a.example/?a=1", "https://a.example/?a=1"),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    (row,) = csv.DictReader(io.StringIO(csv_text(TARGETS["meta"], group("meta", "a", text)), newline=""))
    assert row["title"] == cell
