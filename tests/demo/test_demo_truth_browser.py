"""A page of the demo that was built now and is opened later says in a real browser what a build of then would say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import chromium, served
from compared import BETWEEN, NOW, Site, check_rows, ties_at
from demo_site import LATER
from playwright.sync_api import Browser
from readback import (
    Shown,
)
from support import Html
from truth import (
    LANGUAGES,
    goods,
    moment,
)

# --- in a browser ---

NO_PICTURES = "--blink-settings=imagesEnabled=false"


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    with served(demo) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(NO_PICTURES) as opened:
        yield opened


@pytest.mark.parametrize(
    ("opened", "langs", "least", "most"),
    [(NOW, ("zh-CN",), 50, 100), (BETWEEN, ("en",), 60, 90), (LATER, LANGUAGES, 20, 60)],
)
def test_a_page_that_was_built_now_says_what_is_true_when_it_is_opened(
    browser: Browser, address: str, demo: Path, opened: str, langs: tuple[str, ...], least: int, most: int
) -> None:
    """Pages with prices that can go stale; what is left on them is what a build at that time would say."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.install(time=moment(opened))
    seen: Counter[str] = Counter()
    prices = 0
    for lang in langs:
        site = Site(demo, lang, moment(NOW), moment(opened))
        for path, built in site.pages():
            if not built.css("main [data-until]"):
                continue
            page.goto(f"{address}/{path.removesuffix('index.html')}", wait_until="domcontentloaded")
            shown = Shown(Html(page.content()), path)
            seen += check_rows(site, shown.rows(), ties_at(site, path), path)
            article = site.article(path)
            calls = [products[0] for name, _, products in (article.calls if article else ()) if name == "price"]
            first = [goods(lang, moment(NOW))[one].priced for one in calls]
            now = [
                one for known in first if known for one in site.offers(known.product) if one.merchant == known.merchant
            ]
            assert [price for price, _ in shown.loose()] == [one.price for one in now if one.price], path
            kept = len(shown.page.css("main .price"))
            assert kept == len(built.css("main .price")) or opened != NOW, path
            prices += kept
    context.close()
    kinds = ("page", "wide", "compact") if langs == ("zh-CN",) else ("page", "wide", "box", "compact", "table-price")
    assert not {kind: seen[kind] for kind in kinds if seen[kind] < 3}, seen
    assert least < prices < most
