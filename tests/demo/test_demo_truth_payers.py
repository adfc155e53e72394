"""Who pays: each page, twin and article feed of the demo says it, before the first link, as the records have it; at two clocks."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

import feedparser
from compared import Site, ties_at
from readback import (
    led,
    moneys,
    text_of,
    told,
    without_paid,
)
from support import Html, path_of
from truth import (
    RELATIONS,
    idents,
    related,
    sentence,
    ties_to,
    told_of,
)

# --- who pays ---


def owed(site: Site, path: str, page: Html) -> tuple[set[str], list[str]]:
    """Return the sentences that the links of a page need, and all that a page with its products may have."""
    shown = {path.split("/")[-2]} if "products/" in path else set()
    links = [(product, merchant) for _, (product, merchant), _ in led(page, "aside")]
    named = (re.search(r"/products/([^/]+)/$", href) for href in page.hrefs("main a"))
    shown |= {product for product, _ in links} | {found[1] for found in named if found}
    article, ties = site.article(path), ties_at(site, path)
    offers = [(offer, ties.get(product, set())) for product in shown for offer in site.goods[product].offers]
    may = {one for offer, tied in offers for one in related(offer.role, tied)} - {"none"}
    may |= {one for tied in ties.values() for one in tied}
    must = {
        one for offer, tied in offers if (offer.product, offer.merchant) in links for one in related(offer.role, tied)
    }
    sellers: dict[str, set[str]] = {one: set() for one in may}
    for offer, tied in offers:
        for one in related(offer.role, tied)[:1]:
            sellers.setdefault(one, set()).add(offer.seller)
    said = {one: sentence(one, sorted(sellers[one]), site.lang) for one in may}
    people = article.meta.get("authors", []) if article else idents("people")
    return (
        {said[one] for one in must - {"none"}},
        [
            *(said[one] for one in RELATIONS if one in may),
            sentence("made", [], site.lang),
            *ties_to(shown, people, site.lang),
        ],
    )


def test_the_sentence_stands_before_the_first_link_and_each_link_has_its_mark(site: Site) -> None:
    seen: Counter[str] = Counter()
    for path, page in site.pages():
        ties, shown = ties_at(site, path), told(page)
        must, may = owed(site, path, page)
        assert must <= set(shown), path
        if "products/" in path:
            assert shown == told_of(site.goods[path.split("/")[-2]], site.lang), path
        else:
            assert shown == [one for one in may if one in shown], path
        for node, (product, merchant), before in led(page, "aside"):
            offer = next(one for one in site.offers(product, ties.get(product)) if one.merchant == merchant)
            after = node.css_first("a.buy") and node.next
            while after is not None and not text_of(after):
                after = after.next
            mark = text_of(after) if after is not None and after.attributes.get("class") == "mark" else ""
            assert (mark, node.attributes.get("rel") or "") == (offer.mark, offer.rel), (path, product)
            assert before or not offer.mark, f"{path} links to {product} at {merchant} before it says who pays"
            assert site.lang != "zh-CN" or offer.role != "affiliate" or ("广告" in mark and "广告" in shown[0]), path
            seen[offer.role] += 1
            seen["tied"] += bool(ties.get(product))
    least = {"ours": 50, "stall": 15, "affiliate": 40, "none": 20, "tied": 3}
    least = least if site.lang == "en" else {"ours": 30, "stall": 10, "affiliate": 25, "none": 10}
    assert not {role: seen[role] for role, count in least.items() if seen[role] < count}, seen


def test_twins_tell_who_pays_as_their_pages_do(site: Site) -> None:
    pages, links, sentences = dict(site.pages()), 0, 0
    for path, twin in site.twins():
        shown = told(pages[path.replace(".md", ".html")])
        assert twin.told() == shown or not (twin.told() or any(led(twin.page, "blockquote"))), path
        assert twin.told() == shown or not (site.article(path) or "products/" in path), path
        for _, (product, merchant), before in led(twin.page, "blockquote"):
            offer = next(
                one for one in site.offers(product, ties_at(site, path).get(product)) if one.merchant == merchant
            )
            assert before or not offer.mark, f"{path} links to {product} before it says who pays"
            links += bool(offer.mark)
        sentences += len(twin.told())
    assert (links, sentences) > ((75, 70) if site.lang == "en" else (45, 45))


def entries(site: Site) -> Iterator[tuple[str, str, str]]:
    """Yield the file, the page and the content of each article in each feed."""
    for path, text in site.files("feed.xml"):
        read = feedparser.parse(text.encode())
        assert not read.bozo
        yield from ((path, one.link, one.content[0].value) for one in read.entries)
    for path, text in site.files("feed.json"):
        yield from ((path, one["url"], one["content_html"]) for one in json.loads(text)["items"])


def test_article_feeds_tell_who_pays_and_no_price(site: Site) -> None:
    pages, seen = dict(site.pages()), Counter[str]()
    for path, url, content in entries(site):
        target = f"{path_of(url).lstrip('/')}index.html"
        article = Html(f"<html><body>{content}</body></html>")
        assert told(article) == told(pages[target]), (path, url)
        assert not list(led(article, "aside")), f"{path} leads from {url} to a shop"
        text, paid = without_paid(text_of(article.one("body")), site.lang)
        assert not moneys(text, site.lang), (path, url)
        written = site.article(target)
        assert written
        assert set(paid) <= written.paid
        seen.update(entries=1, sentences=len(told(article)))
        seen[path.rpartition(".")[2]] += 1
    assert seen["xml"] == seen["json"] > (50 if site.lang == "en" else 20)
    assert seen["sentences"] > (100 if site.lang == "en" else 40)
