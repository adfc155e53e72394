"""What is said of a page after an edit is what is said of it on a clean build, whatever that went by beside the page's facts."""

from __future__ import annotations

from typing import Any

import pytest
from support import Shop, ShopMaker, article

from ccgen.errors import Problem

MILD = ("DS-01", "DS-04", "LK-01", "PR-01", "PR-03", "PR-04", "SD-20")  # else nothing would be built that has them
FAR = {"name": "Far", "role": "affiliate", "url": "https://far.example/"}
AMAZON = {
    "name": "Amazon",
    "role": "affiliate",
    "network": "amazon",
    "account": "x-20",
    "url": "https://www.amazon.com/",
    "show_price": "24 hours",
}
THEME = {"themes/mine/theme.yaml": "version: 0.1\nextends: plain\n"}
GRAPH = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article","headline":"x","url":"%s"}</script>'
CSV = "content/products/products.csv"
Files = dict[str, Any]


def cup(price: str) -> Files:
    return {
        "name": "Cup",
        "offers": [{"merchant": "amazon", "asin": "B0EXAMPLE1", "price": price, "checked": "2026-06-01"}],
    }


def mug(**more: Any) -> Files:
    url = "https://far.example/mug"
    return {"name": "Mug", "offers": [{"url": url, "price": "20.00", "checked": "2026-05-30", **more}]}


def ending(name: str, html: str) -> Files:
    text = f'{{% extends "article/base.html" %}}{{% block article_end %}}{html}{{{{ super() }}}}{{% endblock %}}'
    return {**THEME, f"themes/mine/templates/article/{name}.html": text}


# Before, and what is written then; `told` is what a clean build says of the one and not of the other.
EDITS: dict[str, tuple[Files, Files, str]] = {
    "a link of a theme becomes that of an offer": (
        {
            **ending("note", '<a href="https://far.example/knife">A knife</a>'),
            "content/merchants/far.yaml": FAR,
            "content/notes/n.md": article("Text."),
        },
        {"content/products/knife.yaml": {"name": "Knife", "offers": ["https://far.example/knife"]}},
        "LK-01",
    ),
    "the price of an offer in prose": (
        {
            "content/merchants/amazon.yaml": AMAZON,
            "content/products/cup.yaml": cup("9.00"),
            "content/notes/n.md": article("[At Amazon](https://www.amazon.com/dp/B0EXAMPLE1) it is $12.00."),
        },
        {"content/products/cup.yaml": cup("12.00")},
        "PR-03",
    ),
    "the earlier price of an offer in prose": (
        {
            "content/merchants/far.yaml": {**FAR, "add": {"r": "s"}},
            "content/products/mug.yaml": mug(),
            "content/notes/n.md": article("[The mug](https://far.example/mug) once cost $25.00."),
        },
        {"content/products/mug.yaml": mug(was={"price": "25.00", "seen": "2026-05-20"})},
        "PR-08",
    ),
    "a page that is named in markup goes": (
        {
            **ending("note", GRAPH % "https://shop.example/stories/new/"),
            "content/notes/n.md": article("Text."),
            "content/stories/new.md": article("New."),
        },
        {"content/stories/new.md": None},
        "SD-20",
    ),
}
WORDS = "themes/mine/i18n/en.yaml"
EDITS["the words of a claim"] = (
    {
        **THEME,
        "themes/mine/templates/product.html": (
            '{% extends "base.html" %}{% block main %}<h1>{{ product.name }}</h1>{% for offer in product.offers %}'
            '<a href="{{ offer.link.href }}" rel="{{ offer.link.rel }}">20.00, 30.00. Zook.</a>{% endfor %}{% endblock %}'
        ),
        "content/merchants/far.yaml": {**FAR, "add": {"r": "s"}},
        "content/products/mug.yaml": mug(was={"price": "30.00", "seen": "2026-05-20"}),
        WORDS: "was_claim: 'Zook {price} {merchant} {date}'\n",
    },
    {WORDS: "was_claim: 'Quux {price} {merchant} {date}'\n"},
    "PR-08",
)
AT_ITS_SOURCE: dict[str, tuple[Files, Files]] = {
    "an article in a folder of its own": (
        {"content/stories/one.md": article("Text.", title="One")},
        {"content/stories/one.md": None, "content/stories/one/index.md": article("Text.", title="One")},
    ),
    "an empty line above a row": ({CSV: "id,name\nlid,Lid\n"}, {CSV: "id,name\n\nlid,Lid\n"}),
    "a row above a row": ({CSV: "id,name\nlid,Lid\n"}, {CSV: "id,name\nair,Air\nlid,Lid\n"}),
    "a record instead of a row": (
        {CSV: "id,name\nlid,Lid\n"},
        {CSV: None, "content/products/lid.yaml": {"name": "Lid"}},
    ),
}


def made(shop: ShopMaker, name: str, files: Files) -> Shop:
    theme = "mine" if THEME.keys() <= files.keys() else "plain"
    check: dict[str, Any] = {"severity": {**dict.fromkeys(MILD, "warning"), "PR-01": "off"}}
    if AMAZON in files.values():
        check["profiles"] = ["amazon"]
    return shop(files, name=name, settings={"theme": theme, "check": check})


def said(site: Shop, problems: tuple[Problem, ...]) -> list[str]:
    return sorted(site.told(problems))


def assert_said_as_of_a_clean_one(shop: ShopMaker, first: Files, second: Files) -> tuple[list[str], list[str]]:
    site, whole = made(shop, "site", first).build(), {**first, **second}
    told = []
    for number, (edit, files) in enumerate(((second, whole), ({name: first.get(name) for name in second}, first))):
        site.write(edit).build()
        clean = made(shop, f"clean{number}", files)
        assert said(site, site.problems) == said(clean, clean.build().problems)
        assert said(site, site.check()) == said(clean, clean.check())
        assert site.outputs() == clean.outputs()
        told.append(said(site, site.problems))
    return told[0], told[1]


@pytest.mark.parametrize("name", EDITS)
def test_a_page_is_judged_by_what_its_addresses_lead_to_now(shop: ShopMaker, name: str) -> None:
    first, second, code = EDITS[name]
    after, before = assert_said_as_of_a_clean_one(shop, first, second)
    assert any(f" {code} " in one for one in after)
    assert not any(f" {code} " in one for one in before)


@pytest.mark.parametrize("name", AT_ITS_SOURCE)
def test_what_is_wrong_with_a_page_is_told_at_its_source_as_it_is_now(shop: ShopMaker, name: str) -> None:
    link = '<p><a rel="nofollow" href="https://far.example/x?r=s">x</a></p>'
    product = f'{{% extends "base.html" %}}{{% block main %}}<h1>{{{{ product.name }}}}</h1>{link}{{% endblock %}}'
    both = {
        **ending("story", link),
        "themes/mine/templates/feed.html": link + "{{ content }}",
        "themes/mine/templates/product.html": product,
        "content/merchants/far.yaml": {**FAR, "add": {"r": "s"}},
    }
    first, second = AT_ITS_SOURCE[name]
    after, before = assert_said_as_of_a_clean_one(shop, {**both, **first}, second)
    assert [one for one in after if " LK-01 " in one] != [one for one in before if " LK-01 " in one]


def test_a_check_after_an_edit_tells_in_the_order_of_a_clean_one(shop: ShopMaker) -> None:
    link = '<p><a rel="nofollow" href="https://far.example/x?r=s">x</a></p>'
    files = {
        **ending("story", link),
        "content/merchants/far.yaml": {**FAR, "add": {"r": "s"}},
        **{f"content/stories/{name}.md": article(f"Of {name}.", title=name) for name in "abc"},
    }
    site = made(shop, "site", files).build()
    edited = {"content/stories/a.md": article("Of a, and more.", title="a")}
    clean = made(shop, "clean", {**files, **edited})
    assert site.told(site.write(edited).check()) == clean.told(clean.check())
