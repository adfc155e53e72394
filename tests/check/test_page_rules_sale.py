"""Rules over prices, comparisons and checkouts of finished pages: each kept and broken."""

from __future__ import annotations

from typing import Any

import pytest
from page_site import AMAZON, OURS, POT, THEME, broken, drawn, page_shop
from support import Content, ShopMaker

BLOCK = THEME + "parts/disclosure.html"
PRICED = {
    "content/merchants/amazon.yaml": AMAZON,
    "content/products/pot.yaml": {
        "name": "Clay Pot",
        "offers": [{"merchant": "amazon", "asin": "B0EXAMPLE1", "price": "84.00", "checked": "2026-05-31 12:00"}],
    },
}
LINE = '{% for offer in product.offers %}<a href="{{ offer.link.href }}" rel="{{ offer.link.rel }}">Amazon</a> '
LINE += "{{ offer.price|money }} {{ offer.link.mark }}"
ASSOCIATE = (
    "<p>As an Amazon Associate I earn from qualifying purchases. Links marked “paid link” earn us a commission from "
)
ASSOCIATE += "Amazon when you buy there. You pay the same.</p>"


def test_plain_keeps_all_rules_on_sale(shop: ShopMaker) -> None:
    for files in ({}, PRICED):
        site = page_shop(shop, files, profiles=["amazon", "eu"])
        assert broken(site.check(), "PR-03", "PR-04", "PR-08", "TR-08", "CK-02", "CK-03", "CK-04") == []


def test_a_price_of_amazons_has_its_time_and_its_notice(shop: ShopMaker) -> None:
    bare: dict[str, Content] = {
        **PRICED,
        THEME + "product.html": "{% extends 'plain/base.html' %}{% block main %}MAIN{% endblock %}",
    }
    for main, found in (
        (LINE + "<time datetime='{{ offer.seen }}'></time>{% endfor %}{% include 'parts/disclosure.html' %}", set()),
        (LINE + "{% endfor %}{% include 'parts/disclosure.html' %}", {"PR-03"}),
        (LINE + "<time datetime='{{ offer.seen }}'></time>{% endfor %}" + ASSOCIATE, {"PR-04"}),
    ):
        files = {key: text.replace("MAIN", main) if isinstance(text, str) else text for key, text in bare.items()}
        site = page_shop(shop, files, profiles=["amazon"], body="Text.")
        told = [one for one in site.check() if one.at.path == "content/products/pot.yaml"]
        assert {one.code for one in broken(told, "PR-03", "PR-04")} == found


def test_anothers_reduction_is_its_claim(shop: ShopMaker) -> None:
    offer: dict[str, Any] = dict(POT["offers"][0])  # type: ignore[index]
    files: dict[str, Content] = {
        "content/products/pot.yaml": {**POT, "offers": [{**offer, "was": {"price": "99.00", "seen": "2026-05-01"}}]}
    }
    assert broken(page_shop(shop, files).check(), "PR-08") == []
    bare = "{% for offer in product.offers %}<s>{{ offer.was.price|money }}</s> {{ offer.link.href }}{% endfor %}"
    files[THEME + "parts/offers.html"] = (
        bare + '{% for offer in product.offers %}<a href="{{ offer.link.href }}" rel="sponsored">x</a>{% endfor %}'
    )
    assert broken(page_shop(shop, files).check(), "PR-08")
    assert broken(page_shop(shop, files, profiles=["us"]).check(), "PR-08") == []


COMPARED: dict[str, Content] = {
    "content/categories/pots.yaml": {"name": "Pots", "specs": {"lid": {"label": "Lid"}, "weight": {"label": "Weight"}}},
    "content/products/pot.yaml": {**POT, "category": "pots", "specs": {"lid": "No"}},
    "content/products/pan.yaml": {"name": "Pan", "category": "pots", "specs": {"weight": "1 kg"}},
}


@pytest.mark.parametrize(("word", "counts"), [("not known", False), ("No", True), ("✗", True), ("", False)])
def test_what_is_not_known_is_no_no(shop: ShopMaker, word: str, counts: bool) -> None:
    table = (
        "<table><tr><td></td>{% for one in record.picks %}<th><a href='{{ one.product.url|url }}'>x</a></th>{% endfor %}</tr>"
        "<tr><th>Lid</th><td>No</td><td>WORD</td></tr></table>"
    )
    files = {
        **COMPARED,
        "themes/mine/directives/picks.html": table.replace("WORD", word),
        "themes/mine/directives/picks.yaml": "doc: x\nform: leaf\nrecords: article?\nparams: {layout: {}}\nplain: template\n",
        "content/guides/g.md": "---\ntitle: G\ndate: 2026-05-01\npicks: [{product: pot, but: x}, {product: pan, but: y}]\n---\n",
    }
    found = broken(page_shop(shop, files).check(), "TR-08")
    assert bool(found) is counts
    if counts:
        assert "Pan at “Lid”" in found[0].message


OWN = {"content/merchants/far.yaml": OURS | {"url": "https://far.example/"}}


@pytest.mark.parametrize(
    ("url", "price", "counts"),
    [
        ("/products/pot/", "84.00", False),
        ("https://shop.example/products/pot/", "84", False),
        ("/products/pot/", "79.00", True),
        ("/products/pot/", "", True),
        ("/cart/", "84.00", True),
    ],
)
def test_a_carts_button(shop: ShopMaker, url: str, price: str, counts: bool) -> None:
    button = f'<button class="snipcart-add-item" data-item-url="{url}" data-item-price="{price}">x</button>'
    assert bool(broken(page_shop(shop, {**OWN, **drawn(button)}).check(), "CK-03")) is counts


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("/a%20b/products/pot/", False),
        ("https://shop.example/a%20b/products/pot/", False),
        ("/a%20b/products/pot/?size=2#top", False),
        ("/products/pot/", True),
        ("products/pot/", True),
        ("/a%20b/products/pan/", True),
    ],
)
def test_a_carts_button_below_a_base_path(shop: ShopMaker, url: str, counts: bool) -> None:
    button = f'<button class="snipcart-add-item" data-item-url="{url}" data-item-price="84.00">x</button>'
    site = page_shop(shop, {**OWN, **drawn(button)}).set(site={"url": "https://shop.example/a%20b/"})
    assert bool(broken(site.check(), "CK-03")) is counts


def test_scripts_of_others(shop: ShopMaker) -> None:
    cart = '<script src="https://cdn.snipcart.com/snipcart.js"></script><button class="snipcart-add-item">x</button>'
    found = page_shop(shop, {**OWN, **drawn(cart)}).check()
    assert broken(found, "CK-04")
    assert not broken(found, "CK-02")  # plain links the offer too
    alone = {**OWN, THEME + "product.html": "{% extends 'plain/base.html' %}{% block main %}" + cart + "{% endblock %}"}
    assert broken(page_shop(shop, alone).check(), "CK-02")
    ours = drawn('<script src="https://shop.example/x.js"></script>')
    assert not broken(page_shop(shop, {**OWN, "static/x.js": "1", **ours}).check(), "CK-04")
