"""A page that stays open in a real browser, under a strict policy: prices go when their time has come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import chromium, served
from playwright.sync_api import Browser, Page
from support import RECORDS, Shop, ShopMaker, article

UNTIL = "2026-06-07T00:00:00Z"  # seven days after the price was seen
NOTE = "It costs :price{pot} there, and :price[what *it* costs]{pot} here.\n\n::product{pot}\n\n::product{pot layout=compact}"


STRICT = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    offer = {
        "url": "https://far.example/pot",
        "price": "80.00",
        "checked": "2026-05-31",
        "deposit": "20.00",
        "was": {"price": "99.00", "seen": "2026-05-20"},
    }
    return shop(
        {
            "content/products/pot.yaml": {"name": "Pot", "contains": "340 g", "offers": [offer]},
            "content/notes/n.md": article(NOTE),
            "static/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>',
        }
    ).build()


def opened(browser: Browser, at: str) -> tuple[Page, list[str]]:
    page = browser.new_context().new_page()
    page.clock.install(time=at)
    wrong: list[str] = []
    page.on("console", lambda one: wrong.append(one.text) if one.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


AMOUNTS = ("80.00", "99.00", "20.00", "235.29")


def shown(page: Page) -> set[str]:
    text = page.inner_text("main")
    return {amount for amount in AMOUNTS if amount in text}


def test_a_price_goes_from_an_open_page(browser: Browser, site: Shop) -> None:
    page, wrong = opened(browser, "2026-06-06T20:00:00Z")
    with served(site.output, STRICT) as address:
        page.goto(f"{address}/notes/n/")
        assert shown(page) == set(AMOUNTS)
        page.clock.run_for("03:59:59")
        assert shown(page) == set(AMOUNTS)
        page.clock.run_for(1000)
        assert shown(page) == set()
        words = page.inner_text(".prose > p >> nth=0")
        assert words == "It costs see the price there there, and what it costs here."
        assert page.locator(".card .quiet", has_text="see the price there").count() == 2
        assert page.locator("[data-until], .was, .unit-price").count() == 0
        assert page.locator("a.buy").count() == 2  # the way to the shop stays
    page.context.close()
    assert wrong == []


def test_a_page_that_is_opened_later_hides_its_prices_at_once(browser: Browser, site: Shop) -> None:
    page, wrong = opened(browser, UNTIL)
    with served(site.output, STRICT) as address:
        for url in ("/notes/n/", "/products/pot/"):
            page.goto(address + url)
            assert shown(page) == set(), url
    page.context.close()
    assert wrong == []


def test_no_timer_is_longer_than_a_browser_can_count(browser: Browser, site: Shop) -> None:
    """A longer one fires at once, and again and again."""
    site.write({"content/merchants/far.yaml": {**RECORDS["content/merchants/far.yaml"], "show_price": "5000 weeks"}})
    page = browser.new_context().new_page()
    page.add_init_script(
        "globalThis.waits = []; const set = setTimeout;"
        "globalThis.setTimeout = (run, wait) => { waits.push(wait); return set(run, wait); };"
    )
    with served(site.build().output, STRICT) as address:
        page.goto(f"{address}/products/pot/")
        waits = page.evaluate("waits")
        assert waits
        assert max(waits) < 2**31
        assert "80.00" in shown(page)
    page.context.close()


def test_without_javascript_nothing_is_lost(browser: Browser, site: Shop) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    with served(site.output, STRICT) as address:
        page.goto(f"{address}/notes/n/")
        assert shown(page) == set(AMOUNTS)
    page.context.close()
