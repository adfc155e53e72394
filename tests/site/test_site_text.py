"""Text stays text: whatever an author or a shop writes into a field, no element and no attribute comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from xml.etree import ElementTree as ET

import feedparser
import pytest
from support import PNG, SELLER, Html, Shop, ShopMaker, article

PAYLOADS = {
    "attribute": '"><script>alert(1)</script><img src=x onerror=alert(2) x="',
    "single quote": "'><svg onload=alert(1)> x='",
    "script": "</script><script>alert(1)</script>",
    "title": "</title><script>alert(1)</script>",
    "comment": "--><script>alert(1)</script><!--",
    "template": "{{ 7*7 }} {% raw %} {# x #} ${7+7} {7}",
    "cdata": "]]><b>x</b>&lt;i&gt; &amp;amp;",
    "entity": "&#60;script&#62;alert(1)&#60;/script&#62;",
}
HARMLESS = "harmless"


def everywhere(shop: ShopMaker, text: str, name: str) -> Shop:
    """A site in which every text field of everything holds `text`."""
    lines = [text, f"{text} 2"]
    review = {
        "title": text,
        "date": "2026-05-01",
        "summary": text,
        "product": "pot",
        "authors": ["ada"],
        "tags": [f"tag {text}"],
        "series": f"series {text}",
        "image": {"src": "p.png", "alt": text, "credit": text},
        "rating": 4,
        "scores": {text: 3},
        "verdict": text,
        "but": text,
        "pros": lines,
        "cons": lines,
        "for_whom": text,
        "not_for": text,
        "evidence": {"obtained": "gift", "summary": text, "photos": [{"src": "p.png", "alt": text, "credit": text}]},
        "interests": [{"with": "mei", "how": "other", "note": text}],
        "updates": [{"date": "2026-05-09", "note": text}],
    }
    guide = {
        "title": text,
        "date": "2026-05-02",
        "method": text,
        "picks": [{"product": "pot", "badge": text, "verdict": text, "but": text}],
        "considered": [{"name": text, "reason": text}],
        "tags": [f"tag {text}"],
        "series": f"series {text}",
    }
    note = {
        "date": "2026-05-03",
        "pictures": [{"src": "p.png", "alt": text, "credit": text, "tagged": [{"at": "1% 2%", "product": "pot"}]}],
    }
    body = (
        "::product{pot}\n\n::compare{pot}\n\n::maker{mei}\n\n::video{src=https://v.example/v title="
        + json.dumps(text.replace('"', "'"), ensure_ascii=False)
        + "}\n"
    )
    return shop(
        {
            "content/merchants/far.yaml": {"name": text, "role": "affiliate", "url": "https://far.example/"},
            "content/merchants/our.yaml": {"name": text, "role": "stall", "url": "https://our.example/"},
            "content/categories/pots.yaml": {"name": text, "specs": {"a": {"label": text, "unit": text}}},
            "content/makers/mei.yaml": {
                "name": text,
                "place": text,
                "since": text,
                "about": text,
                "image": {"src": "/p.png", "alt": text},
            },
            "content/people/ada.yaml": {
                "name": text,
                "bio": text,
                "interests": [{"with": "mei", "how": "family", "note": text}],
            },
            "content/products/pot.yaml": {
                "name": text,
                "line": text,
                "maker": "mei",
                "category": "pots",
                "images": [{"src": "/p.png", "alt": text, "credit": text}],
                "specs": {"a": text},
                "description": text,
                "not_for": text,
                "care": [{"after": "3 days", "do": text}],
                "choices": {text: lines},
                "returns": text,
                "mpn": text,
                "sku": text,
                "offers": [
                    {"url": "https://far.example/pot?a=%22%3E", "note": text, "price": "9.00", "checked": "2026-05-31"},
                    {"url": "https://our.example/pot", "note": text},
                ],
            },
            "static/p.png": PNG,
            "content/_index.md": f"---\ntitle: {json.dumps(text, ensure_ascii=False)}\nsummary: {json.dumps(text, ensure_ascii=False)}\n---\nHome.\n",
            "content/reviews/_index.md": f"---\ntitle: {json.dumps(text, ensure_ascii=False)}\nsummary: {json.dumps(text, ensure_ascii=False)}\n---\n",
            "content/reviews/r/index.md": article(body, **review),
            "content/reviews/r/p.png": PNG,
            "content/guides/g.md": article("Text.", **guide),
            "content/notes/n/index.md": article("Text.", title=text, **note),
            "content/notes/n/p.png": PNG,
        },
        settings={
            "site": {"title": text, "description": text},
            "seller": {**SELLER, "name": text},
            "check": {"severity": {"SD-13": "off", "TR-01": "off"}},
            "menu": [{"to": "reviews/", "label": text}],
        },
        name=name,
    )


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element in order with the names of its attributes."""
    return [(str(node.tag), tuple(sorted(node.attributes))) for node in Html(html).css("*")]


def skeleton(site: Shop, convert: Callable[[str], object]) -> dict[str, object]:
    """Return each page's shape; addresses that hold the text itself are left out of the comparison."""
    found: dict[str, object] = {}
    for path in site.outputs():
        if path.endswith(".html"):
            kind, _, _ = path.rpartition("/")
            key = kind if kind.partition("/")[0] not in {"tags", "series"} else kind.partition("/")[0]
            found[key] = convert(site.text(path))
    return found


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    root = tmp_path_factory.mktemp("harmless")

    def make(files: dict[str, object], *, settings: dict[str, object], name: str) -> Shop:
        return Shop(root / name, files, settings)  # type: ignore[arg-type]

    return skeleton(everywhere(make, HARMLESS, "harmless").build(), shape)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_makes_an_element_or_an_attribute(shop: ShopMaker, harmless: dict[str, object], payload: str) -> None:
    site = everywhere(shop, PAYLOADS[payload], "payload").build()
    found = skeleton(site, shape)
    assert found.keys() == harmless.keys()
    for page, wanted in harmless.items():
        assert found[page] == wanted, page
    page = site.page("/products/pot/")
    for node in page.css("*"):
        assert not [name for name in node.attributes if name.startswith("on")], node.html
    if payload == "template":
        assert "{{ 7*7 }}" in page.text
        assert "49" not in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_field_breaks_a_feed_or_a_list(shop: ShopMaker, payload: str) -> None:
    text = PAYLOADS[payload]
    site = everywhere(shop, text, "payload").build()
    for path in site.outputs():
        if path.endswith(".xml"):
            ET.fromstring(site.file(path).read_bytes())
        elif path.endswith(".json"):
            site.json(path)
    feed = feedparser.parse(site.file("/feed.xml").read_bytes())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.feed.title == text
    assert {entry.title for entry in feed.entries} == {text}
    items = site.json("/feed.json")["items"]
    assert {item["title"] for item in items} == {text}
    for item in items:
        assert not Html(item["content_html"]).has("script, svg, [onerror], [onload]")


def test_the_text_is_really_shown(shop: ShopMaker) -> None:
    """Without this the tests above would hold for a theme that shows nothing."""
    mark = "QZX"
    site = everywhere(shop, mark, "shown").build()
    counted = {
        url: site.text(url).count(mark)
        for url in (
            "/",
            "/reviews/",
            "/reviews/r/",
            "/guides/g/",
            "/notes/n/",
            "/products/pot/",
            "/makers/mei/",
            "/people/ada/",
        )
    }
    least = {
        "/": 12,
        "/reviews/": 8,
        "/reviews/r/": 60,
        "/guides/g/": 20,
        "/notes/n/": 10,
        "/products/pot/": 35,
        "/makers/mei/": 10,
        "/people/ada/": 10,
    }
    assert {url: count for url, count in counted.items() if count < least[url]} == {}
