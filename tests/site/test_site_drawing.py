"""Directives as templates call them, what one drawing may serve, and what a page may hold of the machinery: nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import Shop, ShopMaker, article, review

from ccgen.render import faults
from ccgen.render.view import Scope

THEME = "version: 1.0.0\nextends: plain\ncontract: 1\n"
BOX = """doc: A box.
form: [inline, leaf]
records: product*
params:
  other: {type: product}
  shout: {type: flag, default: no}
  size: {type: int, default: 2}
  names: {type: "[text]", default: "a,b"}
  say: {}
plain: template
"""


def drawing(
    shop: ShopMaker, template: str, box: str = "", files: dict[str, Any] | None = None, **settings: Any
) -> Shop:
    """Return a site whose notes end with `template`, and whose directive `box` is drawn by `box`."""
    block = (
        '{% extends "plain/article/note.html" %}{% block article_end %}<div id="mine">'
        + template
        + "</div>{% endblock %}"
    )
    return shop(
        {
            "themes/mine/theme.yaml": THEME,
            "themes/mine/templates/article/note.html": block,
            "directives/box.yaml": BOX,
            "directives/box.html": box,
            "directives/box.plain.html": "",
            "content/notes/a.md": article("A."),
            **(files or {}),
        },
        settings={"theme": "mine", **settings},
    )


def mine(site: Shop, url: str = "/notes/a/") -> str:
    return site.build().page(url).one("#mine").text()


def test_defaults_are_typed_in_templates_as_in_prose(shop: ShopMaker) -> None:
    box = "{{ 'loud' if params.shout else 'low' }} {{ params.size + 1 }} {{ params.names|join('-') }}"
    site = drawing(shop, "{{ directive('box') }}", box, {"content/notes/b.md": article(":box{pot}")})
    assert mine(site) == "low 3 a-b"
    assert "low 3 a-b" in site.page("/notes/b/").one(".prose").text()


def test_a_changed_declaration_draws_again_what_a_template_called(shop: ShopMaker) -> None:
    site = drawing(shop, "{{ directive('box') }}", "{{ params.size }} {{ form }}")
    assert mine(site) == "2 leaf"
    site.edit("directives/box.yaml", "default: 2", "default: 7")
    assert mine(site) == "7 leaf"
    site.edit("directives/box.yaml", "[inline, leaf]", "[inline]")
    assert mine(site) == "7 inline"


def test_a_record_or_a_list_given_by_a_template_can_be_shared(shop: ShopMaker) -> None:
    template = "{{ directive('box', other=article.product, names=[article.title, 'x']) if article.product }}"
    files = {
        "themes/mine/templates/article/review.html": '{% extends "plain/article/review.html" %}'
        "{% block article_end %}<div id='mine'>" + template + "</div>{% endblock %}",
        "content/reviews/one.md": review(title="T"),
        "content/reviews/two.md": review(title="T", date="2026-05-02"),
    }
    site = drawing(shop, "", "{{ params.other.name }} {{ params.names|join(',') }}", files).build()
    assert [site.page(f"/reviews/{one}/").one("#mine").text() for one in ("one", "two")] == ["Pot T,x"] * 2
    site.edit("content/products/pot.yaml", '"Pot"', '"Pan"').build()
    assert [site.page(f"/reviews/{one}/").one("#mine").text() for one in ("one", "two")] == ["Pan T,x"] * 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("directive('box', say={'a': 1})", "`say` of directive `box` is a dict"),
        ("directive('box', say=nothing)", "no `nothing`|`nothing` is undefined"),
        ("directive('box', records=article.section)", "`records` of directive `box` is no list of records"),
        ("directive('box', records=['pot'])", "`records` of directive `box` is no list of records"),
        ("directive('box', saying='x')", "no parameter `saying`"),
        ("article.authors", "a person is not text"),
        ("article.headings", "a Heading is not text"),
        ("[site]", "`site` and `theme` are not text"),
        ("article.words", "is not text"),
        ("article.tags|random", "no filter named `random`|No filter named `random`"),
        ("article|pprint", "No filter named `pprint`"),
        ("5|date", "TypeError"),
        ("t", "`t` is a function: call it, `t(…)`"),
        ("t|upper", "`t` is a function"),
        ("'x' ~ asset", "`asset` is a function"),
        ("[this_page]", "`this_page` is a function"),
        ("directive", "`directive` is a function: call it, `directive(…)`"),
        ("'%s' % directive", "`directive` is a function"),
    ],
)
def test_what_a_template_may_not_do_is_told_at_its_line(shop: ShopMaker, call: str, said: str) -> None:
    files = {"content/notes/a.md": article("## One\n\n## Two\n", tags=["x"])}
    site = drawing(shop, f"{{{{ {call} }}}}", "", files)
    found = site.fails()
    assert [*found] == ["template-error"]
    assert any(one in found["template-error"][0].message for one in said.split("|"))
    assert site.place(found["template-error"][0]).startswith("themes/mine/templates/article/note.html:1:")


def test_text_given_as_a_label_is_text(shop: ShopMaker) -> None:
    site = drawing(shop, "{{ directive('product', [site.author.articles[0].product], label='<b>5 < 6') }}")
    site.write({"content/reviews/z.md": review(title="Z", date="2026-05-20")}).build()
    assert site.page("/notes/a/").one("#mine .card-line").text() == "<b>5 < 6"


def test_markup_and_text_that_are_equal_are_not_drawn_alike(shop: ShopMaker) -> None:
    site = drawing(
        shop, "{{ directive('box', say='<i>a</i>'|safe) }} {{ directive('box', say='<i>a</i>') }}", "{{ params.say }}"
    )
    page = site.build().page("/notes/a/")
    assert len(page.css("#mine i")) == 1
    assert page.one("#mine").text() == "a <i>a</i>"


def test_a_product_that_a_drawing_shows_unnamed_has_the_articles_ties(shop: ShopMaker) -> None:
    box = "{% for p in record.maker.products %}{% for o in p.offers %}{% set l = o.link %}<a class='{{ p.id }}' rel='{{ l.rel }}' href='{{ l.href }}'>x</a>{% endfor %}{% endfor %}"
    files = {
        "content/makers/m.yaml": {"name": "M"},
        "content/products/pot.yaml": {"name": "Pot", "maker": "m", "offers": ["https://far.example/pot"]},
        "content/products/lid.yaml": {"name": "Lid", "maker": "m", "offers": ["https://far.example/lid"]},
        "content/reviews/pot.md": review("::box{lid}", evidence={"obtained": "gift"}),
        "content/notes/b.md": article("::box{lid}"),
    }
    site = drawing(shop, "", box, files).build()
    rels = {url: site.page(url).one(".prose a.pot").attributes["rel"] for url in ("/reviews/pot/", "/notes/b/")}
    assert rels == {"/reviews/pot/": "sponsored nofollow noopener", "/notes/b/": "noopener"}
    assert site.page("/reviews/pot/").one(".prose a.lid").attributes["rel"] == "noopener"


def test_a_card_does_not_send_readers_of_the_review_to_the_review(shop: ShopMaker) -> None:
    rated = {"rating": "4", "verdict": "Good.", "but": "Dear.", "cons": ["Dear"]}
    site = shop(
        {
            "content/reviews/pot.md": review("::product{pot}", **rated),
            "content/notes/a.md": article("::product{pot}"),
        }
    ).build()
    assert "/reviews/pot/" not in site.page("/reviews/pot/").hrefs(".prose .card a")
    assert "/reviews/pot/" in site.page("/notes/a/").hrefs(".prose .card a")


@pytest.mark.parametrize("mark", ["\ufdd00\ufdd1", "\ufdd0 0\ufdd1", "&#xFDD0;0&#xFDD1;"])
def test_no_text_passes_for_an_open_link(shop: ShopMaker, mark: str) -> None:
    """Where a text with the marks is not refused, it is never filled in, and does no harm."""
    for files in (
        {"content/products/pot.yaml": json.dumps({"name": f"Pot{mark}", "offers": ["https://far.example/pot"]})},
        {
            "content/notes/b.md": article(
                f"::product[a{mark}]{{pot}}\n\n::box{{pot say='{mark}'}}\n\n:::box[{mark}]{{pot}}\n:::"
            )
        },
        {"content/notes/b.md": article("B.", extra={"x": mark}, title=f"T{mark}")},
        {"content/categories/c.csv": f"id,name\nc,{mark}\n"},
    ):
        site = drawing(
            shop,
            "{{ directive('product', [site.author.articles[0].product]) if site.author.articles[0].product }}",
            "{{ params.say }}{% for o in record.offers %}<a class=go href='{{ o.link.href }}'>x</a>{% endfor %}",
            files,
        )
        try:
            site.build()
        except AssertionError:
            continue
        for path, data in site.outputs().items():
            assert data.decode().count('far.example/pot"') == data.decode().count('href="https://far.example/pot"'), (
                path
            )


def test_code_samples_stay_as_they_are_in_feeds(shop: ShopMaker) -> None:
    body = '`<a href="#x">` and [here](#one) and <a href="#one">raw</a>.[^1]\n\n```html\n<a href="#y">\n```\n\n## One\n\n[^1]: A note.\n'
    site = shop({"content/notes/a.md": article(body)}).build()
    html = site.json("/feed.json")["items"][0]["content_html"]
    assert '&lt;a href="#x"&gt;' in html.replace("&quot;", '"')
    assert '&lt;a href="#y"&gt;' in html.replace("&quot;", '"')
    page = "https://shop.example/notes/a/"
    assert html.count(f'href="{page}#one"') == 2
    assert f'href="{page}#fn-1"' in html
    assert f'href="{page}#fnref-1"' in html
    assert 'href="#' not in html.replace('&lt;a href="#', "").replace("&lt;a href=&quot;#", "")


def test_a_feeds_ids_outlive_another_address_and_a_corrected_date(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("A.")}).build()
    first = site.json("/feed.json")["items"][0]["id"]
    assert first == "tag:shop.example,2000:notes/a@en"
    site.edit("content/notes/a.md", "2026-05-01", "2026-05-02").build(base_url="https://test.example/x/")
    assert site.json("/feed.json")["items"][0]["id"] == first


def test_a_categorys_name_in_words(shop: ShopMaker) -> None:
    files = {
        "content/categories/pots.yaml": {"name": "Pots"},
        "content/products/pot.yaml": {"name": "Pot", "category": "pots", "offers": ["https://far.example/pot"]},
        "content/reviews/pot.md": review("::box{pot}"),
    }
    site = drawing(shop, "", "<i id=c>{{ record.category.words('name') }}</i>", files).build()
    assert site.page("/reviews/pot/").one("#c").text() == "Pots"


def test_a_fault_of_ours_below_a_template_is_not_laid_to_the_template(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Scope, _offer: object) -> None:
        raise KeyError("ours")

    site = shop({"content/notes/a.md": article("::product{pot}")})
    monkeypatch.setattr(Scope, "link", broken)
    monkeypatch.setattr(faults, "_OURS", str(Path(__file__).parent))
    with pytest.raises(KeyError):
        site.build()
