"""Themes and directives of a site's own; what a template does wrong is told at its line."""

from __future__ import annotations

import pytest
from support import Shop, ShopMaker, article

THEME = """version: 1.0.0
extends: plain
contract: 1
styles: [mine.css]
set: {scheme: dark}
options:
  shout: {type: flag, default: no, doc: Louder titles.}
  accent: {type: color, default: "#8c3b2a", doc: Colour.}
"""
RECIPE = """doc: A recipe.
form: container
label: required
records: product?
params: {serves: {type: int, default: 2, min: 1}, time: {type: duration, required: yes}}
styles: [recipe.css]
plain: body
"""
RECIPE_HTML = """<section class="recipe">
<h3>{{ label }} ({{ params.serves + 1 }}, {{ params.time|duration }})</h3>
{% if record %}<p>{{ record.name }}</p>{% endif %}
{{ content }}
</section>
"""


def themed(shop: ShopMaker, files: dict[str, str], **options: object) -> Shop:
    return shop(
        {
            "themes/mine/theme.yaml": THEME,
            "themes/mine/assets/mine.css": '@import "more/extra.css";\nbody { background: url("dot.svg#a") }\n',
            "themes/mine/assets/more/extra.css": "p { color: red }\n",
            "themes/mine/assets/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
            "content/notes/a.md": article("A.", title="A"),
            **files,
        },
        settings={"theme": {"name": "mine", "options": options}},
    )


def test_a_theme_extends_plain_with_an_option_and_an_override(shop: ShopMaker) -> None:
    files = {
        "themes/mine/templates/parts/headline.html": "<h1>{{ article.title|upper if theme.shout else article.title }}</h1>",
        "themes/mine/templates/article/note.html": '{% extends "plain/article/note.html" %}{% block article_end %}<p id="mine">{{ theme.accent }}</p>{{ super() }}{% endblock %}',
    }
    site = themed(shop, files, accent="#123456").build()
    page = site.page("/notes/a/")
    assert page.one("#mine").text() == "#123456"
    assert page.one("html").attributes["data-scheme"] == "dark"
    styles = page.hrefs("link[rel=stylesheet]")
    assert ["plain" in styles[0], "mine" in styles[1]] == [True, True]
    css = site.text(styles[1])
    assert "more/extra." in css
    assert "dot." in css
    site.set(theme={"options": {"shout": True}}).build()
    assert site.has("/notes/a/")


def test_assets_are_named_by_their_bytes_and_found_under_a_base_path(shop: ShopMaker) -> None:
    site = themed(shop, {}).build(base_url="https://example.org/shop/")
    before = site.page("/").hrefs("link[rel=stylesheet]")
    assert all(one.startswith("/shop/assets/") for one in before)
    site.edit("themes/mine/assets/more/extra.css", "red", "blue").build(base_url="https://example.org/shop/")
    after = site.page("/").hrefs("link[rel=stylesheet]")
    assert after[0] == before[0]
    assert after[1] != before[1]  # the file that imports it has a new name too
    assert not site.has(before[1].removeprefix("/shop"))


def test_a_site_has_directives_of_its_own(shop: ShopMaker) -> None:
    body = ":::recipe[Stew *slow*]{pot serves=3 time=2 hours}\n1. Wait\n:::\n".replace("time=2 hours", 'time="2 hours"')
    site = shop(
        {
            "directives/recipe.yaml": RECIPE,
            "directives/recipe.html": RECIPE_HTML,
            "directives/recipe.css": "",
            "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            "themes/mine/assets/recipe.css": ".recipe { color: red }\n",
            "content/notes/a.md": article(body),
            "content/notes/b.md": article("B."),
        },
        settings={"theme": "mine"},
    ).build()
    page = site.page("/notes/a/")
    assert page.one(".recipe h3").text() == "Stew slow (4, 2 hours)"
    assert page.one(".recipe h3 em").text() == "slow"
    assert page.one(".recipe p").text() == "Pot"
    assert page.one(".recipe li").text() == "Wait"
    assert any("recipe" in one for one in page.hrefs("link[rel=stylesheet]"))
    assert not any("recipe" in one for one in site.page("/notes/b/").hrefs("link[rel=stylesheet]"))
    assert "Wait" in site.json("/feed.json")["items"][1]["content_html"]


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("", "missing-parameter"),
        ("time=soon", None),
        ('time="2 hours" serves=0', None),
        ('time="2 hours" servs=1', None),
    ],
)
def test_a_directives_declaration_is_checked(shop: ShopMaker, attributes: str, code: str | None) -> None:
    site = shop(
        {
            "directives/recipe.yaml": RECIPE.replace("styles: [recipe.css]\n", ""),
            "directives/recipe.html": RECIPE_HTML,
            "content/notes/a.md": article(f":::recipe[Stew]{{{attributes}}}\nx\n:::\n"),
        }
    )
    found = site.fails()
    assert len(site.problems) == 1
    assert site.place(site.problems[0]).startswith("content/notes/a.md:5:")
    if code:
        assert code in found


ERRORS = {
    "{{ article.titel }}": "titel",
    "{{ nothing }}": "nothing",
    "{{ 1 / 0 }}": "division",
    "{{ article.title|nofilter }}": "nofilter",
    "{{ t('nothing') }}": "nothing",
    "{{ asset('nothing.css') }}": "nothing.css",
    "{% for x in %}{% endfor %}": "",
    "{{ article.authors[0] }}": "not text",
    "{{ article.__class__ }}": "",
    "{{ directive('nothing') }}": "nothing",
}


@pytest.mark.parametrize("source", ERRORS)
def test_a_template_error_names_the_templates_line_and_the_article(shop: ShopMaker, source: str) -> None:
    site = themed(
        shop, {"themes/mine/templates/article/note.html": f"<!doctype html>\n<title>x</title>\n\n<p>{source}</p>\n"}
    )
    (problem,) = [one for several in site.fails().values() for one in several]
    assert site.place(problem).startswith("themes/mine/templates/article/note.html:4:")
    assert ERRORS[source] in problem.message
    assert "content/notes/a.md" in problem.hint or problem.code != "template-error"
    assert not site.output.exists()


def test_one_template_error_on_many_pages_is_told_once_and_all_else_is_checked(shop: ShopMaker) -> None:
    site = themed(
        shop,
        {
            "themes/mine/templates/article/note.html": "{{ article.titel }}",
            "content/notes/b.md": article(),
            "content/stories/c.md": article("[x](#gone)"),
        },
    )
    found = site.fails()
    assert {code: len(several) for code, several in found.items()} == {"template-error": 1, "broken-anchor": 1}
    assert found["template-error"][0].hint == "while drawing content/notes/a.md, and 1 more page"


def test_templates_cannot_reach_what_draws_them(shop: ShopMaker) -> None:
    for source in (
        "{{ article._scope }}",
        "{{ _scope.book }}",
        "{{ article.get.__func__ }}",
        "{{ ''.__class__.__mro__ }}",
    ):
        site = themed(shop, {"themes/mine/templates/article/note.html": source}).write({})
        assert "template-error" in site.fails(), source


def test_a_links_base_is_hidden_from_templates(shop: ShopMaker) -> None:
    source = "{% for offer in record.offers %}{{ offer.base }}{% endfor %}"
    site = themed(
        shop, {"themes/mine/templates/cards/inline.html": source, "content/notes/a.md": article(":product{pot}")}
    )
    assert "template-error" in site.fails()


def test_a_changed_template_renders_what_reaches_it(shop: ShopMaker) -> None:
    site = themed(
        shop,
        {
            "themes/mine/templates/cards/inline.html": '<a href="{{ record.url|url }}">{{ record.name }}</a>',
            "content/notes/b.md": article(":product{pot}"),
        },
    ).build()
    site.edit("themes/mine/templates/cards/inline.html", "<a ", '<a class="x" ').build()
    assert "notes/b/index.html" in site.rendered
    assert "sitemap.xml" not in site.rendered
    assert site.page("/notes/b/").has("a.x")


def test_an_unknown_option_or_theme_is_told(shop: ShopMaker) -> None:
    site = themed(shop, {}, shuot=True)
    (problem,) = [one for several in site.fails().values() for one in several]
    assert problem.at.path == "ccgen.yaml"
    assert "shout" in problem.hint
    site = shop({}, settings={"theme": "plian"}, name="other")
    (problem,) = [one for several in site.fails().values() for one in several]
    assert problem.at.path == "ccgen.yaml"
    assert "plain" in problem.hint
