"""A shop is reached by more than links: forms, drawings, scripts and refreshes owe what links do."""

from __future__ import annotations

import pytest
from page_site import FAR, THEME, broken, drawn, page_shop
from support import ShopMaker

FORM = (
    '<form action="https://go.far.example/"{rel}><input type="hidden" name="sid" value="1"><button>Buy</button></form>'
)
SCRIPT = "<button onclick=\"window.open('{}')\">Amazon</button>"
WAYS = {
    "a form": (FORM.format(rel=""), "a form leads to a paid link to `far`"),
    "its button": ('<form><button formaction="https://go.far.example/x">x</button></form>', "a form leads to a paid link"),
    "a drawing": ('<svg><a xlink:href="https://go.far.example/x"><text>x</text></a></svg>', "a paid link to `far` has no"),
    "a map": ('<map><area href="https://go.far.example/x" alt="x"></map>', "a paid link to `far` has no"),
    "a script": ("<button onclick=\"location='https://go.far.example/x'\">x</button>", "a script leads to a paid link"),
    "a script in a link": ("<a href=\"javascript:open('https://go.far.example/x')\">x</a>", "a script leads to"),
    "the page itself": ('<meta http-equiv="refresh" content="3;url=https://go.far.example/x">', "the page sends its readers"),
    "a frame": ('<iframe src="https://go.far.example/x"></iframe>', "the page loads a paid link to `far` that no reader"),
    "an object": ('<object data="https://go.far.example/x"></object>', "the page loads a paid link"),
    "an embedding": ('<embed src="https://go.far.example/x">', "the page loads a paid link"),
    "a frame, unrecorded": ('<iframe src="https://amzn.to/x" rel="sponsored"></iframe>', "the page loads a paid link that"),
    "loaded ahead": ('<link rel="PREFETCH sponsored" href="https://go.far.example/x">', "the page loads a paid link"),
    "drawn ahead": ('<link rel="prerender" href="https://go.far.example/x">', "the page loads a paid link"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "message"), WAYS.values(), ids=WAYS)
def test_other_ways_to_a_shop_are_paid_links_too(shop: ShopMaker, html: str, message: str) -> None:
    bare = {THEME + "product.html": "{% extends 'plain/base.html' %}{% block main %}" + html + "{% endblock %}"}
    found = page_shop(shop, bare, body="Text.", profiles=["eu"]).fails()
    assert [one.message.startswith(message) for one in found["LK-01"]] == [True]
    assert [one.at.path for one in found["DS-01"]] == ["content/products/pot.yaml"]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://video.example/x"></iframe>',
        '<iframe src="https://www.amazon.com/author"></iframe>',
        '<link rel="preconnect" href="https://go.far.example/">',
        '<link rel="prefetch" href="/products/pot/">',
    ],
)
def test_what_a_page_may_load(shop: ShopMaker, html: str) -> None:
    assert broken(page_shop(shop, drawn(html)).check(), "LK-01", "LK-04", "DS-02", "DS-04") == []


def test_a_form_may_say_that_it_is_paid(shop: ShopMaker) -> None:
    said = drawn(FORM.format(rel=' rel="sponsored"'))
    assert broken(page_shop(shop, said).check(), "LK-01") == []
    ours = '<form method="post" action="https://go.far.example/"><button>Buy</button></form>'
    own = {"content/merchants/far.yaml": FAR | {"role": "stall"}}
    assert broken(page_shop(shop, own | drawn(ours)).check(), "LK-01", "DS-01") == []


def test_a_mark_stands_at_a_form_too(shop: ShopMaker) -> None:
    form = FORM.format(rel=' rel="sponsored"')
    marked = drawn(f"<div>{form} <small>paid link</small></div>")
    assert broken(page_shop(shop, marked).check(), "DS-04") == []
    assert broken(page_shop(shop, drawn(f"<div>{form}</div>")).check(), "DS-04")


@pytest.mark.parametrize(
    ("html", "counts"),
    [
        (SCRIPT.format("https://www.amazon.com/dp/B0EXAMPLE1"), True),
        (SCRIPT.format("https://wiki.example/amazon.com"), False),
        ('<meta http-equiv="refresh" content="9; url=https://www.amazon.com/dp/B0EXAMPLE1">', True),
        ('<meta http-equiv="refresh" content="9; url=https://wiki.example/amazon.com">', False),
    ],
)
def test_amazon_is_reached_by_links(shop: ShopMaker, html: str, counts: bool) -> None:
    assert bool(broken(page_shop(shop, drawn(html), profiles=["amazon"]).check(), "LK-04")) is counts


def test_a_link_with_an_id_has_it_once(shop: ShopMaker) -> None:
    page_shop(shop, body='Text <a id="q" href="/">x</a>.\n').build()
