"""`part('name', …)`: a template that sees what it is given and nothing else, and is drawn once for all pages."""

from __future__ import annotations

import re

import pytest

from tests.support import Shop, ShopMaker, article

NOTE = "themes/mine/templates/article/note.html"
PART = "themes/mine/templates/parts/mine.html"
PAGE = "<!doctype html>\n<title>x</title>\n\n<p>{}</p>\n"
COUNTER = {
    "name": "Counter",
    "role": "affiliate",
    "url": "https://counter.example/",
    "link": "https://go.example/?u={url}&s={sub}",
}
BUY = (
    "{% for offer in product.offers %}"
    '<a class="mine" rel="{{ offer.link.rel }}" href="{{ offer.link.href }}">{{ offer.merchant.name }}</a>{% endfor %}'
)


def themed(shop: ShopMaker, page: str, part: str, **more: object) -> Shop:
    """Return a shop of two notes whose template is `page`, and whose part is `part`."""
    return shop(
        {
            "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            NOTE: PAGE.format(page),
            PART: part,
            "content/notes/a.md": article("A.", title="First", date="2026-05-01"),
            "content/notes/b.md": article("B.", title="Second", date="2026-05-02"),
            **more,
        },
        settings={"theme": "mine"},
    )


@pytest.mark.parametrize("name", ["article", "page", "content", "menu", "around", "directive"])
def test_a_part_sees_nothing_of_the_page(shop: ShopMaker, name: str) -> None:
    page = "{% set around = 1 %}{{ part('parts/mine.html', item=article) }}"
    (problem,) = themed(shop, page, "<i>\n{{ " + name + " }}</i>").fails()["template-error"]
    assert problem.message == f"there is no `{name}` here"
    assert problem.at.path == PART


def test_what_a_part_reads_is_read_by_every_page_that_shows_it(shop: ShopMaker) -> None:
    page = "{{ part('parts/mine.html', items=[article.previous, article, article.next]) }}"
    part = "{% for item in items if item %}<i>{{ item.title }}</i>{% endfor %}"
    site = themed(shop, page, part).build()
    assert re.findall("<i>(.*?)</i>", site.text("/notes/a/")) == ["First", "Second"]
    site.edit("content/notes/b.md", "Second", "Third").build()
    assert {"notes/a/index.html", "notes/b/index.html"} <= site.rendered
    assert "<i>Third</i>" in site.text("/notes/a/")
    site.edit(PART, "<i>", "<b>").build()
    assert {"notes/a/index.html", "notes/b/index.html"} <= site.rendered
    site.build()
    assert site.rendered == set()


def test_a_flag_and_a_number_are_different_arguments(shop: ShopMaker) -> None:
    page = "{{ part('parts/mine.html', flag=true) }}{{ part('parts/mine.html', flag=1) }}"
    site = themed(shop, page, "<i>{{ flag }}</i>").build()
    assert re.findall("<i>(.*?)</i>", site.text("/notes/a/")) == ["True", "1"]
    assert re.findall("<i>(.*?)</i>", site.text("/notes/b/")) == ["True", "1"]


def test_markup_and_text_are_different_arguments(shop: ShopMaker) -> None:
    page = "{{ part('parts/mine.html', text='<u>') }}{{ part('parts/mine.html', text='<u>'|safe) }}"
    site = themed(shop, page, "<i>{{ text }}</i>").build()
    assert "<i>&lt;u&gt;</i><i><u></i>" in site.text("/notes/a/")


def test_a_purchase_link_in_a_part_says_which_page_it_is_on(shop: ShopMaker) -> None:
    more = {
        "content/merchants/counter.yaml": COUNTER,
        "content/products/cup.yaml": {"name": "Cup", "offers": ["https://counter.example/cup"]},
        "content/notes/a.md": article("::product{cup}", title="First", date="2026-05-01"),
        "content/notes/b.md": article("::product{cup}", title="Second", date="2026-05-02"),
        "themes/mine/templates/cards/wide.html": "{{ part('parts/mine.html', product=record) }}",
    }
    site = themed(shop, '{% include "parts/disclosure.html" %}{{ content }}', BUY, **more).build()
    found = {url: site.page(url).one("a.mine").attributes for url in ("/notes/a/", "/notes/b/")}
    assert all("sponsored" in str(one["rel"]) for one in found.values())
    subs = [str(one["href"]).partition("&s=")[2] for one in found.values()]
    assert subs == ["notes_a_product-1_cup", "notes_b_product-1_cup"]
    assert not site.holding("\ufdd0", "\ufdd1")


def test_a_part_asks_whose_page_it_is_on(shop: ShopMaker) -> None:
    page = "{{ part('parts/mine.html', item=article) }}{{ part('parts/mine.html', item=article.previous or article.next) }}"
    site = themed(shop, page, "<i>{{ this_page(item) }}</i>").build()
    for url in ("/notes/a/", "/notes/b/"):
        assert re.findall("<i>(.*?)</i>", site.text(url)) == ["True", "False"]


ERRORS = {
    "{{ part('parts/mine.html', item=nothing) }}": ("template-error", "there is no `nothing` here"),
    "{{ part('parts/mine.html', item={'a': 1}) }}": ("template-error", "`item` of part `parts/mine.html` is a dict"),
    "{{ part('parts/mone.html') }}": ("missing-template", "no template `parts/mone.html`"),
    "{% set x = part(\n'parts/mone.html') %}": ("missing-template", "no template `parts/mone.html`"),
    "{{ part('parts/m' ~ 'one.html') }}": ("template-error", "no template `parts/mone.html`"),
}


@pytest.mark.parametrize("source", ERRORS)
def test_what_a_part_cannot_be_given_is_told_at_its_line(shop: ShopMaker, source: str) -> None:
    code, message = ERRORS[source]
    site = themed(shop, source, "{{ item }}")
    (problem,) = site.fails()[code]
    assert message in problem.message
    assert site.place(problem).startswith(f"{NOTE}:{5 if 'set' in source else 4}:")


def test_a_part_may_draw_itself_as_long_as_that_ends(shop: ShopMaker) -> None:
    part = "<i>{{ left }}</i>{% if left %}{{ part('parts/mine.html', left=left - 1) }}{% endif %}"
    site = themed(shop, "{{ part('parts/mine.html', left=3) }}", part).build()
    assert re.findall("<i>(.*?)</i>", site.text("/notes/a/")) == ["3", "2", "1", "0"]
    endless = themed(shop, "{{ part('parts/mine.html', left=0) }}", "{{ part('parts/mine.html', left=left + 1) }}")
    assert endless.fails().keys() == {"template-error"}
