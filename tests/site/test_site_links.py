"""Links in prose: to sources, to anchors, to files, and broken ones with their place."""

from __future__ import annotations

import pytest
from support import PNG, ShopMaker, article


def test_links_go_to_source_files_or_site_urls(shop: ShopMaker) -> None:
    body = """[up](../stories/orchard.md#harvest) [same](other.md) [record](../products/pot.yaml) [section](../stories/)
[url](/stories/orchard/) [short](/stories/orchard) [query](other.md?a=1&b=2#one) [mail](mailto:a@b.example)
[out](https://else.example/x?y=1&z) [ref][r] <https://else.example/> [here](#own) [top](#top) [home](/)

## Own

[r]: ../stories/orchard.md "Title"
"""
    site = shop(
        {
            "content/notes/a.md": article(body),
            "content/notes/other.md": article("# One"),
            "content/stories/orchard.md": article("## Harvest\n"),
        }
    ).build(base_url="https://example.org/shop/")
    base = "/shop"
    assert site.page("/notes/a/").hrefs(".prose a") == [
        f"{base}/stories/orchard/#harvest",
        f"{base}/notes/other/",
        f"{base}/products/pot/",
        f"{base}/stories/",
        f"{base}/stories/orchard/",
        f"{base}/stories/orchard/",
        f"{base}/notes/other/?a=1&b=2#one",
        "mailto:a@b.example",
        "https://else.example/x?y=1&z",
        f"{base}/stories/orchard/",
        "https://else.example/",
        "#own",
        "#top",
        f"{base}/",
    ]
    assert site.page("/notes/a/").one("a[title=Title]").text() == "ref"
    rels = {node.attributes["href"]: node.attributes.get("rel") for node in site.page("/notes/a/").css(".prose a")}
    assert rels["https://else.example/"] == "noopener"
    assert rels["mailto:a@b.example"] is None


def test_raw_links_and_pictures_are_resolved_too(shop: ShopMaker) -> None:
    body = '<p><a href="b.md">b</a> <img src="/p.png" srcset="/p.png 1x, /q.png 2x" alt=""></p>\n'
    site = shop(
        {"static/p.png": PNG, "static/q.png": PNG, "content/notes/a.md": article(body), "content/notes/b.md": article()}
    )
    site.build(base_url="https://example.org/shop/")
    page = site.page("/notes/a/")
    assert page.one(".prose a").attributes["href"] == "/shop/notes/b/"
    assert page.one(".prose img").attributes["srcset"] == "/shop/p.png 1x, /shop/q.png 2x"


BROKEN = {
    "[x](gone.md)": ("broken-link", 5),
    "[x](/gone/)": ("broken-link", 5),
    "[x](b.md#gone)": ("broken-anchor", 5),
    "[x](#gone)": ("broken-anchor", 5),
    "![x](gone.png)": ("missing-image", 6),
    '<a href="gone.md">x</a>': ("broken-link", 10),
    '<img src="gone.png" alt="">': ("missing-image", 11),
    '<img src="/p.png" srcset="/p.png 1x, /gone.png 2x" alt="">': ("missing-image", 38),
    "::product{gone}": ("unknown-product", 11),
    "::maker{gone}": ("unknown-maker", 9),
    "[x](//else.example/)": ("link-without-scheme", 5),
    "[x](../../ccgen.yaml)": ("broken-link", 5),
}


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_broken_is_told_at_its_line_and_column(shop: ShopMaker, body: str) -> None:
    code, column = BROKEN[body]
    site = shop(
        {"static/p.png": PNG, "content/notes/a.md": article(f"One.\n\n{body}\n"), "content/notes/b.md": article()}
    )
    found = site.fails()
    assert list(found) == [code]
    (problem,) = found[code]
    assert site.place(problem) == f"content/notes/a.md:7:{column}"
    assert problem.hint
    assert not site.output.exists()


FIELDS = {
    "product: gone": "unknown-product",
    "authors: [gone]": "unknown-person",
    "image: gone.png": "missing-image",
    "evidence: {obtained: bought, method: pages/gone.md}": "broken-link",
    "evidence: {obtained: bought, photos: [gone.png]}": "missing-image",
}


@pytest.mark.parametrize("field", FIELDS)
def test_references_in_front_matter(shop: ShopMaker, field: str) -> None:
    rest = {"product": "product: pot", "evidence": "evidence: {obtained: bought}"}
    rest.pop(field.partition(":")[0], None)
    text = "\n".join(["---", "title: T", "date: 2026-05-01", *rest.values(), field, "---", "Text.", ""])
    site = shop({"content/reviews/r.md": text})
    found = site.fails()
    assert list(found) == [FIELDS[field]]
    (problem,) = found[FIELDS[field]]
    assert site.place(problem).startswith(f"content/reviews/r.md:{4 + len(rest)}:")


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"menu": ["gone/"]}, "broken-link"),
        ({"menu": [{"to": "pages/gone.md", "label": "x"}]}, "broken-link"),
        ({"site": {"author": "gone"}}, "unknown-person"),
        ({"seller": {"name": "S", "contact": "c", "returns": "pages/gone.md"}}, "broken-link"),
    ],
)
def test_references_in_settings(shop: ShopMaker, settings: dict[str, object], code: str) -> None:
    site = shop({"content/notes/a.md": article()}, settings=settings)
    found = site.fails()
    assert list(found) == [code]
    assert {problem.at.path for problem in found[code]} == {"ccgen.yaml"}
    assert len(found[code]) == 1


def test_an_anchor_that_the_theme_makes_is_found(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article("[offers](/products/pot/#_offers) [foot](b.md#fn-1)"),
            "content/notes/b.md": article("Text.[^1]\n\n[^1]: Foot.\n"),
        }
    ).build()
    assert "/products/pot/#_offers" in site.page("/notes/a/").hrefs()
    site.edit("content/notes/a.md", "#_offers", "#_offres")
    (problem,) = site.fails()["broken-anchor"]
    assert "_offers" in problem.hint


def test_a_reference_to_a_record_that_failed_is_no_second_problem(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/products/pan.yaml": "name: Pan\nprise: 3\n",
            "content/notes/b.md": article(colour="red"),
            "content/notes/a.md": article("::product{pan}\n\n[b](b.md)"),
        }
    )
    assert set(site.fails()) == {"unknown-key"}
    assert len(site.problems) == 2


def test_all_problems_of_all_files_come_in_one_run(shop: ShopMaker) -> None:
    site = shop({f"content/notes/n{number}.md": article(f"[x](gone{number}.md)") for number in range(50)})
    assert len(site.fails()["broken-link"]) == 50


@pytest.mark.parametrize(
    "heading",
    [
        "Related",
        "Contents",
        "Main",
        "Offers",
        "Products",
        "Specs",
        "Care",
        "Latest",
        "Row 1",
        "Interests",
        "Articles",
        "Mentions",
    ],
)
def test_no_heading_collides_with_the_themes_own_ids(shop: ShopMaker, heading: str) -> None:
    prose = f"## {heading}\n\n## Two\n\n## Three\n\n## Four\n"
    site = shop(
        {
            "content/_index.md": prose,
            "content/stories/a.md": article(prose + "::product{pot}\n"),
            "content/stories/b.md": article("::product{pot}\n"),
            "content/products/pot.yaml": None,
            "content/products/pot.md": "---\nname: Pot\nmaker: mei\nspecs: {a: b}\ncare: [{after: 3 days, do: Oil}]\n---\n"
            + prose,
            "content/makers/mei.md": "---\nname: Mei\n---\n" + prose,
            "content/people/ada.md": "---\nname: Ada\ninterests: [{with: mei, how: family}]\n---\n" + prose,
            "content/people/ada.yaml": None,
        }
    )
    assert site.check() == (), site.told()
