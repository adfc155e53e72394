"""The demo's structured data, read back as search engines read it, says what its pages show: in both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.numbers import format_currency, format_decimal
from extruct.jsonld import JsonLdExtractor
from support import REPOSITORY, Html, path_of

STOCK = {
    "InStock": "in_stock",
    "LimitedAvailability": "limited",
    "PreOrder": "preorder",
    "BackOrder": "backorder",
    "MadeToOrder": "made_to_order",
    "OutOfStock": "out_of_stock",
    "Discontinued": "discontinued",
}


def pages(demo: Path) -> Iterator[tuple[str, Html, dict[str, list[dict[str, Any]]]]]:
    """Every page with a graph: its path, itself, and its things by type."""
    for path in sorted(demo.rglob("index.html")):
        source = path.read_text(encoding="utf-8")
        found = JsonLdExtractor().extract(source)
        if 'http-equiv="refresh"' in source:
            assert not found
            continue
        (document,) = found
        things: dict[str, list[dict[str, Any]]] = {}
        for one in document["@graph"]:
            things.setdefault(one["@type"], []).append(one)
        yield path.relative_to(demo).as_posix(), Html(source), things


def squeezed(text: str) -> str:
    return "".join(text.split())


def words_of(page: Html) -> dict[str, str]:
    lang = page.one("html").attributes["lang"]
    found: dict[str, str] = yaml.safe_load((REPOSITORY / f"themes/plain/i18n/{lang}.yaml").read_text(encoding="utf-8"))
    return {**found, "lang": str(lang)}


def offers_of(product: dict[str, Any]) -> list[dict[str, Any]]:
    found = product.get("offers", [])
    listed = found if isinstance(found, list) else [found]
    return [offer for one in listed for offer in one.get("offers", [one])]


def check_offer(page: Html, offer: dict[str, Any], seen: Counter[str]) -> None:
    """Somewhere on the page a row has the seller, the price and, where it is stated, the availability."""
    words = words_of(page)
    price = offer.get("price") or offer["priceSpecification"]["minPrice"]
    currency = offer.get("priceCurrency") or offer["priceSpecification"]["priceCurrency"]
    money = format_currency(Decimal(price), currency, locale=words["lang"].replace("-", "_"))
    wanted = [money, offer["seller"]["name"]]
    if "availability" in offer:
        wanted.append(words[f"stock_{STOCK[offer['availability'].rpartition('/')[2]]}"])
    rows = [squeezed(row.text()) for row in page.css(".offer, .card-offers")]
    assert any(all(squeezed(one) in row for one in wanted) for row in rows), wanted
    seen["offer"] += 1


def test_values_are_those_that_the_page_shows(demo: Path) -> None:
    seen: Counter[str] = Counter()
    for path, page, things in pages(demo):
        text, words = squeezed(page.one("main").text()), words_of(page)
        for product in things.get("Product", []):
            assert squeezed(product["name"]) in text, path
            for offer in offers_of(product):
                check_offer(page, offer, seen)
            if product.get("offers", {}) and "lowPrice" in product["offers"]:
                amounts = [Decimal(offer["price"]) for offer in offers_of(product)]
                assert Decimal(product["offers"]["lowPrice"]) == min(amounts)
                assert Decimal(product["offers"]["highPrice"]) == max(amounts)
                assert product["offers"]["offerCount"] == len(amounts) > 1
                seen["sum"] += 1
        for review in things.get("Review", []):
            if "reviewRating" in review:
                value = format_decimal(Decimal(review["reviewRating"]["ratingValue"]), locale=words["lang"][:2])
                assert squeezed(words["rating_of"].format(rating=value, scale=5)) in text, path
                seen["rating"] += 1
            for key, box in (("positiveNotes", "pros"), ("negativeNotes", "cons")):
                if key in review:
                    names = [row["name"] for row in review[key]["itemListElement"]]
                    assert names == [" ".join(node.text().split()) for node in page.css(f".{box} li")], path
                    seen[key] += 1
        for article in [*things.get("Article", []), *things.get("BlogPosting", []), *things.get("Review", [])]:
            if "headline" in article:
                assert squeezed(article["headline"]) == squeezed(page.one("h1").text()), path
                times = [node.attributes["datetime"] for node in page.css(".byline time")]
                assert [article["datePublished"], *filter(None, [article.get("dateModified")])] == times
                seen["article"] += 1
    assert seen["offer"] > 60
    assert min(seen[key] for key in ("rating", "positiveNotes", "negativeNotes", "sum")) > 5
    assert seen["article"] > 40


def test_goods_are_stated_by_who_sells_them(demo: Path) -> None:
    """A product's page states what can be bought and is priced; where we sell, our own offer alone, and no review."""
    ours = stated = 0
    for path, page, things in pages(demo):
        if "products/" not in path:
            continue
        rows = [row for row in page.css(".offer") if row.css(".price") and row.css("a.buy")]
        offers = [offer for product in things.get("Product", []) for offer in offers_of(product)]
        assert bool(offers) or not rows, path
        own = [offer for offer in offers if "parentOrganization" in offer["seller"]]
        assert own in ([], offers), path
        counter = words_of(page)["mark_own"]
        assert not rows or bool(own) is any(counter in row.text() for row in rows), path
        assert not own or ("Review" not in things and len(offers) == 1), path
        assert all(("hasMerchantReturnPolicy" in offer) <= bool(own) for offer in offers), path
        ours, stated = ours + len(own), stated + len(offers)
    assert stated > ours + 10 > 20


@pytest.mark.parametrize("folder", ["", "zh-CN/"])
def test_addresses_lead_to_pages_of_the_demo(demo: Path, folder: str) -> None:
    for path, page, things in pages(demo):
        if path.startswith("zh-CN/") is not bool(folder):
            continue
        canonical = page.one('link[rel="canonical"]').attributes["href"]
        crumbs = [row["item"] for one in things.get("BreadcrumbList", []) for row in one["itemListElement"]]
        assert not crumbs or crumbs[-1] == canonical
        listed = [row["url"] for one in things.get("ItemList", []) for row in one["itemListElement"]]
        pictures = [one["url"] for many in things.values() for thing in many for one in _pictures(thing)]
        for url in (*crumbs, *listed, *pictures):
            assert url.startswith("https://fivedoors.example/")
            file = demo / path_of(url).lstrip("/")
            assert (file / "index.html" if url.endswith("/") else file).is_file(), url


def _pictures(thing: dict[str, Any]) -> list[dict[str, Any]]:
    found = thing.get("image", [])
    pictures = found if isinstance(found, list) else [found]
    assert all(one["width"] > 0 and one["height"] > 0 for one in pictures)
    return pictures
