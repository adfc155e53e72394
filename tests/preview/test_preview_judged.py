"""What is wrong with pages that nobody asks for, after an edit of something else: it is told, and forgotten when it is mended."""

from __future__ import annotations

from typing import Any

from support import Shop, ShopMaker, article
from within import NoServer, codes, in_session, until

from ccgen.preview.session import Told

TWO = "content/stories/two.md"


def linking(url: str) -> dict[str, Any]:
    html = f'{{% extends "article/base.html" %}}{{% block article_end %}}<a href="{url}">two</a>{{% endblock %}}'
    return {
        "themes/mine/theme.yaml": "version: 0.1\nextends: plain\n",
        "themes/mine/templates/article/page.html": html,
        "content/pages/how.md": article("How.", title="How", date=None),
        "content/stories/one.md": article("One.", title="One"),
        TWO: article("Two.", title="Two"),
        "content/merchants/far.yaml": {"name": "Far", "role": "affiliate", "url": "https://far.example/"},
        "content/products/spoon.yaml": {"name": "Spoon"},
    }


KNIFE = '{"name": "Knife", "offers": ["https://far.example/knife"]}'


def is_told_and_forgotten(site: Shop, code: str, file: str, text: str) -> None:
    """Break what a page is judged by, and mend it; `text` is what a file holds where nothing is wrong, '' for none."""
    path = site.root / file
    wrong = "" if text else KNIFE

    def put(words: str) -> None:
        path.write_text(words) if words else path.unlink()

    def script(server: NoServer, said: list[Told]) -> None:
        server.page("/how/")  # known from now on
        put(wrong)
        until(lambda: code in codes(said))
        put(text)
        until(lambda: not any(code in one["text"] for one in server.explained("/how/")["here"]))

    in_session(site, script)


def test_a_page_that_is_linked_goes_and_comes_back(shop: ShopMaker) -> None:
    files = linking("/stories/two/")
    is_told_and_forgotten(shop(files, settings={"theme": "mine"}), "broken-page-link", TWO, files[TWO])


def test_a_link_becomes_that_of_an_offer_and_is_none_again(shop: ShopMaker) -> None:
    site = shop(linking("https://far.example/knife"), settings={"theme": "mine"})
    is_told_and_forgotten(site, "LK-01", "content/products/knife.yaml", "")
