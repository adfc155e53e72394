"""Who pays is said on every kind of page, in its language, before the first link that anybody pays for."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from support import SELLER, Html, Shop, ShopMaker, article, review

FAR = {
    "name": "Far Shop",
    "role": "affiliate",
    "url": "https://far.example/",
    "link": "https://go.far.example/?u={url}",
}
STALL = {"name": "Quay Market", "role": "stall", "url": "https://quay.example/"}
EARN = "earn us a commission from Far Shop"


def telling(shop: ShopMaker, files: dict[str, Any] | None = None, **settings: Any) -> Shop:
    return shop(
        {
            "content/merchants/far.yaml": FAR,
            "content/merchants/quay.yaml": STALL,
            "content/makers/mei.yaml": {"name": "Mei"},
            "content/products/pot.yaml": {"name": "Pot", "maker": "mei", "offers": ["https://far.example/pot"]},
            **(files or {}),
        },
        settings={"seller": SELLER, **settings},
    )


def told(page: Html) -> str:
    return " ".join(" ".join(one.text().split()) for one in page.css("aside.disclosure"))


PLACES = {
    "home": ("content/_index.md", "---\n---\n::product{pot}\n", "/"),
    "section": ("content/notes/_index.md", "---\ntitle: Notes\n---\n::products{pot}\n", "/notes/"),
    "maker": ("content/makers/mei.yaml", {"name": "Mei"}, "/makers/mei/"),
    "maker's prose": ("content/makers/bo.md", "---\nname: Bo\n---\n:buy[it]{pot}\n", "/makers/bo/"),
    "person": ("content/people/ada.md", "---\nname: Ada\n---\n[a shop](https://far.example/x)\n", "/people/ada/"),
    "product": ("content/products/pan.md", "---\nname: Pan\n---\n::product{pot}\n", "/products/pan/"),
    "story": ("content/stories/s.md", article(":buy[it]{pot}"), "/stories/s/"),
    "page": ("content/pages/p.md", article("[a shop](https://far.example/x)", date=None), "/p/"),
    "unlisted": ("content/notes/u.md", article("::product{pot}", unlisted="yes"), "/notes/u/"),
    "raw link": ("content/notes/r.md", article("[a shop](https://far.example/x)"), "/notes/r/"),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_kind_of_page_says_who_pays(shop: ShopMaker, place: str) -> None:
    name, source, url = PLACES[place]
    first = {"content/people/ada.yaml": None} if place == "person" else {}
    page = telling(shop, {"content/notes/n.md": article("Text."), **first, name: source}).build().page(url)
    assert EARN in told(page)
    assert page.source.index(EARN) < page.source.index("go.far.example")
    assert len(page.css("aside.disclosure")) == 1


def test_a_page_without_links_says_nothing(shop: ShopMaker) -> None:
    site = telling(shop, {"content/notes/n.md": article("Text.")}).build()
    for url in ("/", "/notes/", "/notes/n/", "/people/ada/", "/404.html"):
        assert not site.page(url).has(".disclosure")


def test_every_seller_is_named_once(shop: ShopMaker) -> None:
    offers = ["https://far.example/pan", "https://quay.example/pan"]
    more = {"content/products/pan.yaml": {"name": "Pan", "maker": "mei", "offers": offers}}
    said = told(telling(shop, more).build().page("/makers/mei/"))
    assert said.count("Far Shop") == 1
    assert said.index("earn us a commission") < said.index("We sell at Quay Market ourselves")


@pytest.mark.parametrize(
    ("obtained", "words"),
    [
        ("gift", "We got this product free of charge"),
        ("loan", "This product was lent to us"),
        ("ours", "We make this product ourselves"),
        ("bought", ""),
    ],
)
def test_a_products_page_says_how_its_review_came_by_it(shop: ShopMaker, obtained: str, words: str) -> None:
    site = telling(shop, {"content/reviews/pot.md": review(evidence={"obtained": obtained})}).build()
    said = told(site.page("/products/pot/"))
    assert (words in said) if words else "We " not in said
    assert EARN in said
    assert "this article" not in said


def test_what_a_maker_of_ours_makes_is_ours_wherever_it_is_sold(shop: ShopMaker) -> None:
    site = telling(
        shop,
        {"content/makers/mei.yaml": {"name": "Mei", "ours": "yes"}, "content/notes/n.md": article("::product{pot}")},
    )
    site.build()
    assert "We make this product ourselves" in told(site.page("/products/pot/"))
    assert "We make a product in this article ourselves" in told(site.page("/notes/n/"))


HOW = {
    "employed": "Works or has worked for Mei.",
    "family": "Family at Mei.",
    "travel": "Mei paid for travel.",
    "other": "A tie to Mei.",
}


@pytest.mark.parametrize("how", HOW)
def test_a_tie_that_no_link_shows_is_said(shop: ShopMaker, how: str) -> None:
    mine = {
        "content/stories/s.md": article("::product{pot}", interests=[{"with": "mei", "how": how, "note": "In *2019*."}])
    }
    page = telling(shop, mine).build().page("/stories/s/")
    assert f"{HOW[how]} In 2019." in told(page)
    theirs = {
        "content/people/ada.yaml": {"name": "Ada", "interests": [{"with": "mei", "how": how, "note": "So."}]},
        "content/stories/s.md": article("::product{pot}"),
        "content/stories/t.md": article("Text."),
    }
    site = telling(shop, theirs).build()
    for url in ("/stories/s/", "/products/pot/"):
        assert f"Ada: {HOW[how]}" in told(site.page(url))
    assert not site.page("/stories/t/").has(".disclosure")


def test_feeds_begin_with_it(shop: ShopMaker) -> None:
    site = telling(shop, {"content/notes/n.md": article("Before.\n\n[a shop](https://far.example/x)\n")}).build()
    html = site.json("/feed.json")["items"][0]["content_html"]
    assert html.index(EARN) < html.index("Before.")
    (entry,) = feedparser.parse(site.text("/feed.xml")).entries
    assert entry.content[0].value.index(EARN) < entry.content[0].value.index("Before.")
    assert EARN not in entry.summary


def test_the_words_are_those_of_the_pages_language(shop: ShopMaker) -> None:
    languages = {"site": {"languages": ["en", "zh-CN"]}}
    files = {
        "content/notes/n.md": article("::product{pot}"),
        "content/notes/n.zh-CN.md": "---\ntitle: 一篇\n---\n::product{pot}\n",
        "content/products/pot.zh-CN.yaml": {"name": "壶"},
    }
    site = telling(shop, files, **languages).build()
    for url in ("/zh-CN/notes/n/", "/zh-CN/products/pot/", "/zh-CN/makers/mei/"):
        page = site.page(url)
        assert "广告" in told(page)
        assert "广告" in page.one(".mark").text()
        assert "commission" not in told(page)
    assert "广告" not in site.page("/notes/n/").text


@pytest.mark.parametrize("way", [{"network": "amazon", "account": "a-20"}, {"add": {"tag": "a-20"}}])
def test_amazon_asks_for_a_sentence_of_its_own(shop: ShopMaker, way: dict[str, Any]) -> None:
    amazon = {"name": "Amazon", "role": "affiliate", "url": "https://www.amazon.com/", **way}
    files = {
        "content/merchants/amazon.yaml": amazon,
        "content/products/pan.yaml": {"name": "Pan", "offers": [{"merchant": "amazon", "asin": "B0EXAMPLE1"}]},
        "content/notes/n.md": article("::product{pan}"),
        "content/_index.md": "---\n---\n::product{pan}\n",
    }
    site = telling(shop, files).build()
    for url in ("/", "/notes/n/", "/products/pan/"):
        assert "As an Amazon Associate we earn from qualifying purchases." in told(site.page(url))
        assert "A price of Amazon’s" not in site.page(url).text  # none is shown
    assert "Amazon Associate" not in site.page("/products/pot/").text


def test_a_price_of_amazons_is_told_where_one_may_be_shown(shop: ShopMaker) -> None:
    amazon = {
        "name": "Amazon",
        "role": "affiliate",
        "url": "https://www.amazon.com/",
        "network": "amazon",
        "account": "a-20",
        "show_price": "1 day",
    }
    priced = {"merchant": "amazon", "asin": "B0EXAMPLE1", "price": "9.00", "checked": "2026-06-01"}
    files = {
        "content/merchants/amazon.yaml": amazon,
        "content/products/pan.yaml": {"name": "Pan", "offers": [priced]},
        "content/notes/n.md": article("::product{pan}"),
        "content/_index.md": "---\n---\n::product{pan}\n",
    }
    site = telling(shop, files).set(outputs={"markdown": True}).build(clock="2026-06-01 12:00")
    pages = ("/", "/notes/n/", "/products/pan/")
    for url in pages:
        assert "Associate we earn from qualifying purchases. A price of Amazon’s was right" in told(site.page(url))
    assert "A price of Amazon’s was right" in (site.output / "notes/n/index.md").read_text()
    site.build(clock="2026-06-03")
    for url in pages:
        assert "Associate we earn" in told(site.page(url))
        assert "A price of Amazon’s" not in site.page(url).text


def test_several_merchants_are_listed_as_the_language_does(shop: ShopMaker) -> None:
    files: dict[str, Any] = {
        f"content/merchants/{name}.yaml": {
            "name": name.title(),
            "role": "affiliate",
            "url": f"https://{name}.example/",
            "add": {"ref": "a"},
        }
        for name in ("east", "west", "north")
    }
    offers = [f"https://{name}.example/pot" for name in ("east", "west", "north")]
    files |= {
        "content/products/both.yaml": {"name": "Both", "offers": offers[:2]},
        "content/products/all.yaml": {"name": "All", "offers": offers},
        "content/pages/a.md": article("::product{all}"),
    }
    site = telling(shop, files, site={"languages": ["zh-CN"]}).set(outputs={"markdown": True}).build()
    assert "commission from East and West when" in told(site.page("/products/both/"))
    assert "commission from East, North, and West when" in told(site.page("/a/"))
    assert "commission from East, North, and West when" in (site.output / "a/index.md").read_text()


def test_a_page_follows_when_a_merchant_begins_to_pay(shop: ShopMaker) -> None:
    free = {"name": "Far Shop", "role": "none", "url": "https://far.example/"}
    site = telling(shop, {"content/merchants/far.yaml": free, "content/_index.md": "---\n---\n:buy[it]{pot}\n"}).build()
    assert not site.page("/").has(".disclosure")
    site.write({"content/merchants/far.yaml": FAR}).build()
    assert EARN in told(site.page("/"))
    assert EARN in told(site.page("/makers/mei/"))
