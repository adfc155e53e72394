"""What a merchant's page says about buying."""

from __future__ import annotations

import json
import time

import pytest

from ccgen.books.landing import decoded, sold_out_in
from ccgen.commerce.health import SOLD_OUT


def product(availability: object, **more: object) -> dict[str, object]:
    return {"@type": "Product", "name": "Pot", "offers": {"@type": "Offer", "availability": availability}, **more}


def page(*graphs: object, text: str = "") -> str:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in graphs)
    return f"<html><head>{scripts}</head><body><h1>Pot</h1>{text}</body></html>"


@pytest.mark.parametrize("word", SOLD_OUT)
def test_every_word_is_found(word: str) -> None:
    assert word in sold_out_in(page(text=f"<p>… <i>{word.upper() if word.isascii() else word}</i>!</p>"), SOLD_OUT)


@pytest.mark.parametrize(
    "text",
    [
        "<p>unsold outlets</p>",
        "<p>nonausverkauft</p>",
        "<script>var texts = {soldOut: 'Sold out'};</script>",
        "<template>Sold out</template><noscript>sold out</noscript>",
        "<p hidden>sold out</p>",
        '<p style="color:red;display:none">sold out</p>',
        "<!-- sold out -->",
        '<img alt="sold out">',
        "<p>We never sell out.</p>",
    ],
)
def test_what_is_no_such_word_or_not_shown_is_not_found(text: str) -> None:
    assert sold_out_in(page(text=text), SOLD_OUT) == ""


@pytest.mark.parametrize("state", ["OutOfStock", "https://schema.org/SoldOut", "http://schema.org/Discontinued/"])
@pytest.mark.parametrize("shape", ["plain", "graph", "list", "variants", "aggregate", "typed twice"])
def test_markup_says_it(state: str, shape: str) -> None:
    graph: object = {
        "plain": product(state),
        "graph": {"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, product(state)]},
        "list": [{"@type": "Organization"}, product(state)],
        "variants": {"@type": "ProductGroup", "hasVariant": [product(state), product(state)]},
        "aggregate": {"@type": "Product", "offers": {"@type": "AggregateOffer", "offers": [{"availability": state}]}},
        "typed twice": {**product(state), "@type": ["Product", "Vehicle"]},
    }[shape]
    assert "markup" in sold_out_in(page(graph), SOLD_OUT)


@pytest.mark.parametrize(
    "source",
    [
        page(product("InStock"), text="<aside>Cup: sold out</aside>"),
        page(product("PreOrder"), product("OutOfStock"), text="sold out"),
        page(product("InStock", isRelatedTo=product("OutOfStock"))),
        page({"@type": "WebPage", "mainEntity": product("InStock")}, text="out of stock"),
        '<div itemscope><link itemprop="availability" href="https://schema.org/InStock">sold out</div>',
        '<meta property="product:availability" content="in stock"><p>sold out',
    ],
)
def test_markup_that_says_one_can_buy_outweighs_words(source: str) -> None:
    assert sold_out_in(source, SOLD_OUT) == ""


@pytest.mark.parametrize(
    "source",
    [
        '<div itemscope><link itemprop="availability" href="https://schema.org/OutOfStock"></div>',
        '<meta property="og:availability" content="out of stock">',
        '<meta property="product:availability" content="oos">',
    ],
)
def test_other_markup(source: str) -> None:
    assert "markup" in sold_out_in(source, SOLD_OUT)


def test_broken_markup_is_passed_over() -> None:
    source = page(text="sold out").replace("<head>", '<head><script type="application/ld+json">{"@type": </script>')
    assert "text" in sold_out_in(source, SOLD_OUT)
    deep = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    assert "text" in sold_out_in(deep + "<p>sold out", SOLD_OUT)
    nested = '{"@graph":' * 3000 + "1" + "}" * 3000
    assert "text" in sold_out_in(f'<script type="application/ld+json">{nested}</script><p>sold out', SOLD_OUT)


def test_a_hostile_page_is_read_quickly() -> None:
    began = time.process_time()
    assert sold_out_in("<div>" * 100_000 + "sold out", SOLD_OUT) == ""
    assert sold_out_in("<p>x</p>" * 9_000 + "sold out", SOLD_OUT) != ""
    assert sold_out_in("sold  out" * 60_000, ["sold out" * 50]) == ""
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("data", "kind", "wanted"),
    [
        ("已售罄".encode("gbk"), "text/html; charset=GBK", "已售罄"),
        (b'<meta charset="gb2312">' + "已售罄".encode("gbk"), "text/html", "已售罄"),
        ("épuisé".encode("latin-1"), "text/html; charset=iso-8859-1", "épuisé"),
        ("売り切れ".encode("shift_jis"), 'text/html; charset="Shift_JIS"', "売り切れ"),
        ("épuisé".encode(), "text/html", "épuisé"),
        ("épuisé".encode(), "text/html; charset=punycode", "épuisé"),
        ("épuisé".encode(), "text/html; charset=windows-9999", "épuisé"),
        (b"\xff\xfe", "text/html; charset=utf-8", "\ufffd\ufffd"),
    ],
)
def test_encodings(data: bytes, kind: str, wanted: str) -> None:
    assert decoded(data, kind).endswith(wanted)
