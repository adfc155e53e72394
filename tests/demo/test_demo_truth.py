"""One record, many renderings: what the demo's files say of every product is what its record says, at two clocks.

Price, currency, availability and seller are read back from pages, cards, tables, sentences, structured data, product feeds and
Markdown twins, in both languages, and compared with the records (`truth.py`) and so with each other.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from compared import BETWEEN, LISTS, NOW, Site, check_rows, parsed, settings, ties_at
from demo_site import BASE, LATER, build_demo
from readback import (
    CODED,
    STATED,
    Shown,
    google,
    graph,
    moneys,
    stated,
    table,
    text_of,
    without_paid,
)
from support import REPOSITORY
from truth import (
    LANGUAGES,
    Goods,
    Money,
    Offer,
    articles,
    goods,
    moment,
    record,
    words,
)

# --- offers ---


def test_pages_cards_and_tables_say_what_the_records_say(site: Site) -> None:
    seen: Counter[str] = Counter()
    listed = set()
    for path, page in site.pages():
        rows = list(Shown(page, path).rows())
        seen += check_rows(site, rows, ties_at(site, path), path)
        listed |= {row.product for row in rows if row.kind == "page"}
    assert listed == {one.ident for one in site.goods.values() if one.offers}
    assert seen["page"] == sum(len(one.offers) for one in site.goods.values()) == 48
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
    assert offers == sum(len(one.offers) for one in site.goods.values()) == 48
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
    assert sum(count for path, count in stating.items() if "products/" in path) == (34 if fresh else 17)
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
        seller = (
            {"seller": settings()["seller"].get(f"name@{site.lang}", settings()["seller"]["name"])}
            if channel == "openai"
            else {}
        )
        assert {row["id"]: row for row in rows} == {ident: row | seller for ident, row in wanted.items()}, channel
        assert len(rows) == len(wanted) == (16 if channel != "meta" and site.built == moment(LATER) else 17)


# --- the reduction, against the ledger as it stands in git ---


def test_the_earlier_price_of_our_own_is_the_lowest_of_thirty_days(site: Site) -> None:
    reduced = {
        one.ident: offer for one in site.goods.values() for offer in one.offers if offer.was and offer.role == "ours"
    }
    assert len(reduced) == 1
    for ident, offer in reduced.items():
        with (REPOSITORY / "data" / "prices.csv").open(encoding="utf-8", newline="") as stream:
            rows = [row for row in csv.DictReader(stream) if row["offer"].startswith(f"{ident}/fivedoors")]
        began = next(row["date"] for row in rows if Decimal(row["amount"]) == offer.price[0])
        before = [row for row in rows if date.fromisoformat(began) - timedelta(30) <= date.fromisoformat(row["date"])]
        lowest = min(Decimal(row["amount"]) for row in before if row["date"] < began)
        assert (lowest, offer.price[1]) == offer.was
        words = {"en": f"lowest price in the 30 days before: ${lowest}", "zh-CN": f"降价前 30 天内最低价 US${lowest}"}
        page = (site.folder / "products" / ident / "index.html").read_text(encoding="utf-8")
        assert words[site.lang] in page


# --- no other price anywhere ---


def amounts(text: str, path: str, lang: str) -> Iterator[Money]:
    """Yield every amount that a file states: as a reader sees it, as markup has it, as a feed writes it."""
    yield from moneys(text, lang)
    yield from ((Decimal(found["amount"]), "") for found in STATED.finditer(text))
    if "feeds/" in path:
        yield from ((Decimal(found["amount"]), found["code"]) for found in CODED.finditer(text))


def test_no_file_has_a_price_that_is_not_to_be_shown(site: Site) -> None:
    count = 0
    for ending in ("html", "md", "xml", "json", "csv", "txt", "js"):
        for path, text in site.files(f".{ending}"):
            shown = [site.goods[one] for one in set(re.findall(r"/products/([a-z0-9-]+)/", text)) if one in site.goods]
            known = {
                money
                for one in shown
                for offer in one.offers
                for money in (offer.price, offer.unit, offer.was)
                if money
            }
            known |= {(amount, "") for amount, _ in known}
            text, paid = without_paid(text, site.lang)
            once = {one for article in articles(site.lang) for one in article.paid}
            assert set(paid) <= once, path
            found = list(amounts(text, path, site.lang))
            assert set(found) <= known, f"{path} has {set(found) - known}"
            count += len(found)
    least = {("en", NOW): 400, ("zh-CN", NOW): 300, ("en", LATER): 200, ("zh-CN", LATER): 150}
    assert count > least[site.lang, str(site.built.date())]


def test_our_own_prices_go_from_every_file_when_they_are_to_be_fresh(tmp_path: Path) -> None:
    """The demo's counter shows its prices always; a copy whose counter does not loses them everywhere, feeds included."""
    root = tmp_path / "copy"
    for name in ("content", "static"):
        shutil.copytree(REPOSITORY / name, root / name)
    settings_text = (REPOSITORY / "ccgen.yaml").read_text(encoding="utf-8")
    (root / "ccgen.yaml").write_text(f"{settings_text}check: {{severity: {{SD-02: off}}}}\n", encoding="utf-8")
    counter = root / "content/merchants/fivedoors.yaml"
    counter.write_text(counter.read_text(encoding="utf-8").replace("show_price: always", "show_price: 7 days"))
    for given in root.glob("content/products/*/index.md"):
        text = given.read_text(encoding="utf-8")
        if "\nchecked:" not in text:
            given.write_text(text.replace("---\n", "---\nchecked: 2026-11-20\n", 1), encoding="utf-8")
    output = build_demo(tmp_path / "built", BASE, clock=LATER, root=root)
    for lang in LANGUAGES:
        site = Site(output, lang, moment(LATER), moment(LATER))
        assert google((site.folder / "feeds/google.xml").read_bytes()) == []
        for ending in ("html", "md", "xml", "json", "csv", "txt"):
            for path, text in site.files(f".{ending}"):
                assert not list(amounts(without_paid(text, lang)[0], path, lang)), path
        told = sum(text.count(words(lang)["see_price"]) for _, text in site.files("index.html"))
        assert told > 50


def test_at_the_later_clock_every_seen_price_is_stale(demo_later: Path) -> None:
    """What the other tests compare is what they should: the sample has stale, fresh and lasting prices in numbers."""
    counted = {
        day: Counter("stale" if one.price is None else "lasting" if one.until is None else "fresh" for one in known)
        for day in (NOW, BETWEEN, LATER)
        for known in [[offer for item in goods("en", moment(day)).values() for offer in item.offers]]
    }
    assert counted[NOW] == {"lasting": 17, "fresh": 23, "stale": 8}
    assert counted[LATER] == {"lasting": 17, "stale": 31}
    assert min(counted[BETWEEN][one] for one in ("lasting", "fresh", "stale")) > 5
    for lang in LANGUAGES:
        page = Site(demo_later, lang, moment(LATER), moment(LATER)).folder / "products/sorrel-spf50/index.html"
        assert text_of(parsed(page).one(".product-facts")).count(words(lang)["see_price"]) == 2
