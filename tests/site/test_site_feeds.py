"""Atom and JSON feeds."""

from __future__ import annotations

from typing import Any

import feedparser
import pytest
from support import PNG, Html, Shop, ShopMaker, article, review

BODY = """See [before](old.md#one), [here](#here), [a file](/f.txt) and ![p](p.png).

## Here

::product{pot}

Pay :price[the price]{pot} or :buy[buy it]{pot}.[^1]

[^1]: A note.
"""


def feeding(shop: ShopMaker) -> Shop:
    return shop(
        {
            "static/f.txt": "x",
            "content/merchants/far.yaml": {"name": "Far Shop", "role": "affiliate", "url": "https://far.example/"},
            "content/products/pot.yaml": {
                "name": "Pot",
                "offers": [{"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}],
            },
            "content/notes/old.md": article("## One", title="Old & <b>bold</b>", date="2026-04-01", tags=["Tea"]),
            "content/notes/new/index.md": article(BODY, title="New", image="p.png", summary="Short."),
            "content/notes/new/p.png": PNG,
            "content/pages/about.md": article(title="About", date=None),
        }
    ).edit("content/notes/new/index.md", "(old.md", "(../old.md")


def test_feeds_parse_and_hold_the_whole_article(shop: ShopMaker) -> None:
    site = feeding(shop).build(base_url="https://example.org/shop/")
    for url in ("/feed.xml", "/notes/feed.xml", "/people/ada/feed.xml"):
        feed = feedparser.parse(site.text(url))
        assert not feed.bozo, feed.get("bozo_exception")
        assert [entry.title for entry in feed.entries] == ["New", "Old & <b>bold</b>"]
        newest = feed.entries[0]
        assert newest.link == "https://example.org/shop/notes/new/"
        assert newest.published == "2026-05-01T00:00:00+00:00"
        assert newest.author == "Ada"
        html = Html(newest.content[0].value)
        assert "A note." in html.text
        for node in html.css("[href], [src]"):
            link = node.attributes.get("href") or node.attributes.get("src")
            assert str(link).startswith("https://"), link
    entry = feedparser.parse(site.text("/feed.xml")).entries[1]
    assert [tag.term for tag in entry.tags] == ["Tea"]


def test_feeds_disclose_before_the_first_link_and_name_no_price(shop: ShopMaker) -> None:
    site = feeding(shop).build()
    html = site.json("/feed.json")["items"][0]["content_html"]
    assert "commission" in html
    assert html.index("commission") < html.index("<a ")
    assert "9.00" not in html
    assert "the price" in html
    assert "{merchants}" not in html
    assert "Far Shop" in html


def test_json_feeds_follow_version_1_1(shop: ShopMaker) -> None:
    site = feeding(shop).build(base_url="https://example.org/shop/")
    for url in ("/feed.json", "/notes/feed.json", "/people/ada/feed.json"):
        feed = site.json(url)
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == "https://example.org/shop" + url
        item: dict[str, Any] = feed["items"][0]
        assert item["id"]
        assert item["url"] == "https://example.org/shop/notes/new/"
        assert item["image"] == "https://example.org/shop/notes/new/p.png"
        assert item["date_published"] == "2026-05-01T00:00:00+00:00"
        assert item["authors"] == [{"name": "Ada", "url": "https://example.org/shop/people/ada/"}]
        assert item["summary"] == "Short."


def ids(site: Shop) -> list[str]:
    return [entry.id for entry in feedparser.parse(site.text("/feed.xml")).entries]


def test_ids_survive_a_new_address(shop: ShopMaker) -> None:
    site = feeding(shop).build()
    before = ids(site)
    assert len(set(before)) == 2
    site.edit("content/notes/new/index.md", 'title: "New"', 'title: "Newer"\nslug: renamed').build()
    assert site.has("/notes/renamed/")
    assert ids(site) == before
    assert [item["id"] for item in site.json("/feed.json")["items"]] == before
    site.set(urls={"notes": "/{year}/{slug}/"}).build()
    assert ids(site) == before


def test_feeds_change_with_articles_never_with_time(shop: ShopMaker) -> None:
    site = feeding(shop).build()
    before = site.text("/feed.xml")
    assert "<updated>2026-05-01T00:00:00+00:00</updated>" in before
    site.build(clock="2026-06-03")
    assert site.text("/feed.xml") == before
    site.edit("content/notes/old.md", "tags:", 'updates: [{date: 2026-05-20, note: "n"}]\ntags:').build()
    feed = feedparser.parse(site.text("/feed.xml"))
    assert feed.feed.updated == feed.entries[1].updated == "2026-05-20T00:00:00+00:00"


def test_a_feed_holds_as_many_as_asked(shop: ShopMaker) -> None:
    files = {f"content/notes/n{number}.md": article(date=f"2026-05-0{number}") for number in range(1, 6)}
    site = shop(files, settings={"feeds": {"items": 3}}).build()
    assert len(site.json("/feed.json")["items"]) == 3
    assert len(feedparser.parse(site.text("/notes/feed.xml")).entries) == 3


def test_pages_announce_their_feeds(shop: ShopMaker) -> None:
    site = feeding(shop).build()
    links = "link[rel=alternate][type*=feed], link[rel=alternate][type*=atom]"
    assert site.page("/").hrefs(links) == ["/feed.xml", "/feed.json"]
    assert site.page("/notes/").hrefs(links) == ["/notes/feed.xml", "/notes/feed.json", "/feed.xml", "/feed.json"]
    assert site.page("/people/ada/").hrefs(links)[:2] == ["/people/ada/feed.xml", "/people/ada/feed.json"]
    assert site.page("/notes/old/").hrefs(links) == ["/feed.xml", "/feed.json"]


def test_what_xml_cannot_hold_does_not_break_a_feed(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("A\x0bB & <i>c</i> ]]> \u2028 é\n", title="T ]]> &amp;")}).build()
    feed = feedparser.parse(site.file("/feed.xml").read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert "]]>" in feed.entries[0].title.replace("&gt;", ">")


@pytest.mark.parametrize("relation", ["gift", "loan"])
def test_a_gift_is_said_in_the_feed_too(shop: ShopMaker, relation: str) -> None:
    site = shop({"content/reviews/a.md": review("::product", evidence={"obtained": relation})}).build()
    html = site.json("/feed.json")["items"][0]["content_html"]
    assert ("free of charge" if relation == "gift" else "lent") in html
