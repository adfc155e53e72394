"""Addresses that can be written in more than one way lead to the same page, tab and file."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from previewing import previewing
from support import PNG, ShopMaker, article

NOTE = "content/notes/a.md"


@pytest.mark.parametrize("path", ["/notes%2Fa/", "/notes/%61/", "/notes/%zz/", "/a%3Fb%23c/"])
def test_a_tab_is_known_by_what_its_address_means(shop: ShopMaker, browser: Browser, path: str) -> None:
    site = shop({NOTE: article("The first text."), "content/notes/draft.md": article(draft=True)})
    with previewing(site.root) as preview:
        page = browser.new_page()
        loads: list[str] = []
        page.on("load", lambda shown: loads.append(shown.url))
        with page.expect_response(lambda answer: "/_ccgen/problems" in answer.url):
            page.goto(preview.url(path))
        # A tab that is known by another name is told to reload for ever, before it is told what is wrong.
        expect(page.locator("ccgen-bar")).to_have_count(1)
        with page.expect_response(lambda answer: "/_ccgen/problems" in answer.url):
            site.edit("content/notes/draft.md", "draft: true\n", "")  # of which all tabs are told
        assert len(loads) == 1
        page.close()


@pytest.mark.parametrize("name", ["bild ü.png", "a+b, c.png", "100%.png", "it's.png"])
def test_a_picture_with_any_name_is_exchanged(shop: ShopMaker, browser: Browser, name: str) -> None:
    site = shop({NOTE: article(f"![p](</{name.replace('%', '%25')}>)"), f"static/{name}": PNG})
    with previewing(site.root) as preview:
        page = browser.new_page()
        with page.expect_response(lambda answer: "/_ccgen/problems" in answer.url):
            page.goto(preview.url("/notes/a/"))
        page.evaluate("window.untouched = true")
        with page.expect_response(lambda answer: ".png?preview=" in answer.url) as asked:
            (site.root / "static" / name).write_bytes(PNG + b"\0")
        assert asked.value.status == 200
        expect(page.locator("img[src*='preview=']")).to_have_count(1)
        assert page.evaluate("window.untouched === true")
        page.close()
