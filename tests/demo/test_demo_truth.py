"""One record, many renderings: what the demo's files say of every product is what its record says, at two clocks.

Price, currency, availability, seller and disclosure are read back from pages, cards, tables, structured data, product feeds,
article feeds and Markdown twins, in both languages, and compared with the records (`truth.py`) and so with each other.
"""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import feedparser
import pytest
from demo_site import BASE, LATER
from playwright.sync_api import Browser, Page, sync_playwright
from readback import (
    CODED,
    MONEY,
    STATED,
    Row,
    Shown,
    Twin,
    filled,
    google,
    graph,
    led,
    money,
    moneys,
    stated,
    table,
    text_of,
    told,
)
from support import Html, path_of
from test_demo_browser import ARGS, Quiet, browser_path
from truth import (
    LANGUAGES,
    Article,
    Goods,
    Money,
    Offer,
    articles,
    goods,
    idents,
    mark_of,
    moment,
    record,
    rel_of,
    related,
    sentence,
    ties_to,
    told_of,
    words,
)

NOW = "2026-11-21"
BETWEEN = "2026-11-25"  # some prices are a week old by then, and some are not


class Site(NamedTuple):
    """One language of the demo, built at one clock and looked at at another, which is the same for files."""

    root: Path
    lang: str
    built: datetime
    opened: datetime

    @property
    def folder(self) -> Path:
        return self.root if self.lang == LANGUAGES[0] else self.root / self.lang

    @property
    def goods(self) -> dict[str, Goods]:
        return goods(self.lang, self.opened)

    def offers(self, product: str, ties: set[str] | None = None) -> list[Offer]:
        """Return a product's offers in the order of the build and with the prices of now, as links of a page have them."""
        now = {one.merchant: one for one in self.goods[product].offers}
        found = [now[one.merchant] for one in goods(self.lang, self.built)[product].offers]
        return [
            one._replace(
                mark=mark_of(one.role, ties or set(), one.seller, self.lang), rel=rel_of(one.role, ties or set())
            )
            for one in found
        ]

    def files(self, ending: str) -> Iterator[tuple[str, str]]:
        """Yield the path in the output and the text of each file of the language."""
        for path in sorted(self.folder.rglob(f"*{ending}")):
            if self.lang != LANGUAGES[0] or path.relative_to(self.root).parts[0] not in LANGUAGES:
                yield path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8")

    def pages(self) -> Iterator[tuple[str, Html]]:
        for path, text in self.files("index.html"):
            if 'http-equiv="refresh"' not in text:
                yield path, Html(text)

    def twins(self) -> Iterator[tuple[str, Twin]]:
        for path, text in self.files("index.md"):
            yield path, Twin(text, path, self.lang)

    def article(self, path: str) -> Article | None:
        return next((one for one in articles(self.lang) if one.path == path.rpartition(".")[0]), None)


@pytest.fixture(params=[NOW, LATER])
def clock(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=LANGUAGES)
def site(request: pytest.FixtureRequest, clock: str) -> Site:
    root = request.getfixturevalue("demo" if clock == NOW else "demo_later")
    return Site(root, str(request.param), moment(clock), moment(clock))


# --- offers ---

LISTS = {"page", "wide", "box", "twin"}


def check_rows(site: Site, rows: Iterable[Row], ties: dict[str, set[str]], path: str) -> Counter[str]:
    """Compare what a rendering says with the records; return how many rows of each kind there were."""
    seen: Counter[str] = Counter()
    lists: Counter[tuple[str, str]] = Counter()
    for row in rows:
        offers = site.offers(row.product, ties.get(row.product))
        chosen: Offer | None
        if row.kind in LISTS:
            chosen = offers[lists[row.kind, row.product] % len(offers)]
            lists[row.kind, row.product] += 1
        else:
            before = goods(site.lang, site.built)[row.product]
            first = before.first if row.kind not in {"table-price", "twin-price"} else before.priced or before.first
            chosen = next((one for one in offers if first and one.merchant == first.merchant), None)
        if chosen is None:
            assert (row.says.get("buyable", False), row.says.get("price")) == (False, None), (path, row)
        else:
            assert row.says == {key: getattr(chosen, key) for key in row.says}, (path, row.kind, row.product)
        seen[row.kind] += 1
    for (kind, product), count in lists.items():
        assert count % len(site.goods[product].offers) == 0, f"{path} lists {count} offers of {product} as {kind}"
    return seen


def ties_at(site: Site, path: str) -> dict[str, set[str]]:
    article = site.article(path)
    return article.ties if article else {}


def test_pages_cards_and_tables_say_what_the_records_say(site: Site) -> None:
    seen: Counter[str] = Counter()
    listed = set()
    for path, page in site.pages():
        rows = list(Shown(page, path).rows())
        seen += check_rows(site, rows, ties_at(site, path), path)
        listed |= {row.product for row in rows if row.kind == "page"}
    assert listed == {one.ident for one in site.goods.values() if one.offers}
    assert seen["page"] == sum(len(one.offers) for one in site.goods.values()) == 47
    least = {"wide": 25, "box": 5, "compact": 3, "table-price": 8, "table-buy": 19, "buy": 5}
    least = least if site.lang == "en" else {"wide": 10, "compact": 3, "table-price": 3, "table-buy": 6, "buy": 1}
    assert not {kind: seen[kind] for kind, count in least.items() if seen[kind] < count}, seen


def test_markdown_twins_say_what_the_records_say(site: Site) -> None:
    seen: Counter[str] = Counter()
    offers = 0
    for path, twin in site.twins():
        rows = list(twin.rows())
        seen += check_rows(site, rows, ties_at(site, path), path)
        offers += len(rows) if "products/" in path else 0
    assert offers == sum(len(one.offers) for one in site.goods.values()) == 47
    least = {"twin": 75, "twin-price": 8, "twin-buy": 19} if site.lang == "en" else {"twin": 55, "twin-buy": 6}
    assert not {kind: seen[kind] for kind, count in least.items() if seen[kind] < count}, seen


def test_a_twin_and_its_page_say_the_same(site: Site) -> None:
    twins = dict(site.twins())
    compared = 0
    for path, page in site.pages():
        twin = twins.get(path.replace(".html", ".md"))
        if twin is None:
            continue
        mine = [row for row in Shown(page, path).rows() if row.kind in LISTS]
        same = [row for row in twin.rows() if row.kind == "twin" and row.product in {one.product for one in mine}]
        keys = ("seller", "price", "unit", "stock", "mark", "buyable")
        found = Counter((row.product, *(row.says.get(key, "") for key in keys)) for row in same)
        assert not Counter((row.product, *(row.says.get(key, "") for key in keys)) for row in mine) - found, path
        compared += len(mine)
    assert compared > (80 if site.lang == "en" else 55)


def test_a_price_in_a_sentence_is_that_of_the_record_or_its_words(site: Site) -> None:
    shown = hidden = 0
    twins = dict(site.twins())
    for path, page in site.pages():
        article = site.article(path)
        calls = [call for call in article.calls if call[0] == "price"] if article else []
        known = [(site.goods[products[0]].priced, label) for _, label, products in calls]
        offers = [offer for offer, _ in known if offer]
        prices = [(one.price, one.seller if one.seen else "") for one in offers]
        assert Shown(page, path).loose() == prices, path
        if article:
            assert twins[path.replace(".html", ".md")].loose() == [price for price, _ in prices], path
        for offer, label in known:
            assert offer or " ".join(label.split()) in text_of(page.one("main")), path
        shown, hidden = shown + len(offers), hidden + len(known) - len(offers)
    assert shown + hidden == (13 if site.lang == "en" else 4)
    assert (
        hidden
        == {("en", NOW): 0, ("zh-CN", NOW): 0, ("en", LATER): 7, ("zh-CN", LATER): 2}[site.lang, str(site.built.date())]
    )


# --- structured data ---


def statable(one: Goods) -> list[Offer]:
    """The rule of docs/structured-data.md: what is priced; where we sell, our own alone; sold out only if nothing else is."""
    priced = [offer for offer in one.offers if offer.price and not one.gone]
    kept = [offer for offer in priced if offer.role == "ours"] or priced
    kept = [offer for offer in kept if offer.buyable] or kept
    return [offer for offer in kept if offer.price and kept[0].price and offer.price[1] == kept[0].price[1]]


def test_structured_data_states_what_the_records_say(site: Site) -> None:
    stating: dict[str, int] = {}
    for path, page in site.pages():
        products = graph(page.source).get("Product", [])
        rows = [row for product in products for row in stated(product)]
        article = site.article(path)
        wanted: list[Offer] = []
        if "products/" in path:
            wanted = statable(site.goods[path.split("/")[-2]])
        elif article and article.section == "reviews":
            wanted = [one for one in statable(site.goods[article.meta["product"]]) if one.role != "ours"]
        assert [row.product for row in rows] == [offer.product for offer in wanted], path
        for row, offer in zip(rows, wanted, strict=True):
            assert row.says == {key: getattr(offer, key) for key in row.says}, path
            assert "condition" in row.says or not offer.condition
        stating[path] = len(rows)
    fresh = site.built == moment(NOW)
    assert sum(count for path, count in stating.items() if "products/" in path) == (35 if fresh else 17)
    reviews = sum(count for path, count in stating.items() if "reviews/" in path)
    assert reviews >= (2 if site.lang == "zh-CN" else 8) if fresh else reviews == 0


# --- product feeds ---

WORDS = {
    "google": {"in_stock": "in_stock", "limited": "in_stock", "preorder": "preorder", "made_to_order": "backorder"},
    "meta": {
        "in_stock": "in stock",
        "limited": "in stock",
        "preorder": "preorder",
        "made_to_order": "available for order",
    },
    "openai": {"in_stock": "in_stock", "limited": "in_stock", "preorder": "pre_order", "made_to_order": "backorder"},
}
SOLD_OUT = {"google": "out_of_stock", "meta": "out of stock", "openai": "out_of_stock"}


def test_product_feeds_say_what_the_records_say(site: Site) -> None:
    feeds = {
        "google": google((site.folder / "feeds/google.xml").read_bytes()),
        "meta": table((site.folder / "feeds/meta.csv").read_text(encoding="utf-8")),
        "openai": table((site.folder / "feeds/openai.csv").read_text(encoding="utf-8")),
    }
    prefix = BASE if site.lang == LANGUAGES[0] else f"{BASE}{site.lang}/"
    for channel, rows in feeds.items():
        wanted = {}
        for ident, one in site.goods.items():
            own = [offer for offer in one.offers if offer.role == "ours" and offer.price and not one.gone]
            come = record("products", ident, "en").get("offers", [{}])[0].get("available_from")
            late = channel != "meta" and come is not None and moment(come) <= site.built
            if own and not late:
                stock = {**WORDS[channel], "out_of_stock": SOLD_OUT[channel]}[own[0].stock]
                url = f"{prefix}products/{ident}/"
                wanted[ident] = {"id": ident, "name": one.name, "price": own[0].price, "stock": stock, "url": url}
        seller = {"seller": record_of_seller(site.lang)} if channel == "openai" else {}
        assert {row["id"]: row for row in rows} == {ident: row | seller for ident, row in wanted.items()}, channel
        assert len(rows) == len(wanted) == (16 if channel != "meta" and site.built == moment(LATER) else 17)


def record_of_seller(lang: str) -> str:
    from support import REPOSITORY
    from truth import load

    seller = load((REPOSITORY / "ccgen.yaml").read_text(encoding="utf-8"))["seller"]
    return str(seller.get(f"name@{lang}", seller["name"]))
