"""The demo in a real browser: on a phone and on a desk, light and dark, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import chromium, served
from playwright.sync_api import Browser, Page

PAGES = [
    "/",
    "/404.html",
    "/about/",
    "/guides/",
    "/guides/pour-over-gear/",
    "/makers/mei-workshop/",
    "/notes/bench-today/",
    "/people/tom/",
    "/products/harrow-gooseneck/",
    "/products/yueya/",
    "/reviews/",
    "/reviews/harrow-gooseneck/",
    "/stories/broth/",
    "/tags/coffee/",
    "/zh-CN/",
    "/zh-CN/products/yueya/",
    "/zh-CN/reviews/harrow-gooseneck/",
    "/zh-CN/stories/yueya-corner/",
]
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHADE = """[document.body, document.documentElement].map(one => getComputedStyle(one).backgroundColor)
  .find(one => one !== "rgba(0, 0, 0, 0)")"""
UNSEEN = "[...document.images].filter(one => one.complete && one.naturalWidth === 0).map(one => one.src)"


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    with served(demo) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def listening(page: Page) -> list[str]:
    """Return a list that fills with whatever goes wrong on the page."""
    found: list[str] = []
    page.on("console", lambda one: found.append(one.text) if one.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    # An icon that is still on its way when the next page is opened is given up by the browser itself.
    page.on(
        "requestfailed",
        lambda request: None if request.failure == "net::ERR_ABORTED" else found.append(f"failed: {request.url}"),
    )
    page.on("response", lambda got: found.append(f"{got.status}: {got.url}") if got.status >= 400 else None)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_nothing_fails(browser: Browser, address: str, width: int, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    found = listening(page)
    shades = set()
    for url in PAGES:
        page.goto(address + url, wait_until="load")
        wide = page.evaluate(WIDE)
        if wide > 0:
            found.append(f"{url} is {wide} px too wide")
        found += [f"{url}: no picture at {one}" for one in page.evaluate(UNSEEN)]
        shades.add(page.evaluate(SHADE))
        outside = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        found += [f"{url} loads {one}" for one in outside if not one.startswith(address)]
    context.close()
    assert found == []
    (shade,) = shades
    channels = [int(part) for part in shade[shade.index("(") + 1 : -1].split(",")[:3]]
    assert (sum(channels) / 3 > 127) is (scheme == "light"), shade


def test_a_reader_without_javascript_can_buy(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    found = listening(page)
    page.goto(f"{address}/")
    page.click(".teaser-title a >> nth=0")
    assert page.locator("article.article h1").is_visible()
    page.goto(f"{address}/reviews/harrow-gooseneck/")
    page.click(".card-name a >> nth=0")
    assert page.url.startswith(f"{address}/products/")
    link = page.locator("a.buy >> nth=0")
    assert link.is_visible()
    assert str(link.get_attribute("href")).startswith("https://")
    context.close()
    assert found == []


def test_links_to_shops_are_marked_where_a_reader_sees_it(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for url in PAGES:
        page.goto(address + url)
        for link in page.locator("a.buy[rel^=sponsored]").all():
            mark = link.locator("xpath=following-sibling::*[1]")
            assert mark.get_attribute("class") == "mark"
            assert mark.is_visible()
            assert mark.inner_text().strip()
    context.close()


def test_a_keyboard_reaches_the_text_first(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{address}/reviews/harrow-gooseneck/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#_main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "_main"
    context.close()
