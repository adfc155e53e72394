"""What is decided once is the same wherever it is shown: ties, titles of sections, what two products share, free keys."""

from __future__ import annotations

import pytest
from support import ShopMaker, article, review

KETTLES = {
    f"content/products/kettle-{one}.yaml": {"name": "Kettle", "offers": [f"https://far.example/{one}"]}
    for one in ("steel", "clay")
}


def test_an_authors_tie_to_a_merchant_stands_in_the_evidence(shop: ShopMaker) -> None:
    ada = {"name": "Ada", "interests": [{"with": "far", "how": "gift"}]}
    made = shop({"content/people/ada.yaml": ada, "content/reviews/pot.md": review(":buy{pot}")}).build()
    page = made.page("/reviews/pot/")
    assert page.one("article p a[rel]").attributes["rel"] == "sponsored nofollow noopener"
    assert "Far Shop" in page.one(".evidence").text()


def test_an_authors_tie_that_does_not_count_is_not_told(shop: ShopMaker) -> None:
    ada = {"name": "Ada", "interests": [{"with": "near", "how": "gift"}]}
    near = {"name": "Near Shop", "role": "none", "url": "https://near.example/"}
    files = {"content/people/ada.yaml": ada, "content/merchants/near.yaml": near}
    made = shop({**files, "content/reviews/pot.md": review(":buy{pot}")}).build()
    assert "Near Shop" not in made.text("/reviews/pot/")


def test_a_section_has_one_title(shop: ShopMaker) -> None:
    settings = {"sections": {"field-notes": {"kind": "note"}}, "menu": [{"to": "field-notes/"}]}
    made = shop({"content/field-notes/one.md": article()}, settings=settings).build()
    assert {node.text() for node in made.page("/").css('a[href="/field-notes/"]')} == {"Field notes"}
    assert made.page("/field-notes/").one("h1").text() == "Field notes"


def test_a_section_without_a_title_has_the_themes(shop: ShopMaker) -> None:
    settings = {"site": {"language": "zh-CN"}, "menu": [{"to": "stories/"}]}
    made = shop({"content/stories/one.md": article()}, settings=settings).build()
    assert made.page("/stories/").one("h1").text() == "故事"
    assert "故事" in made.text("/stories/feed.xml")
    assert {node.text().strip() for node in made.page("/").css('a[href="/stories/"]')} == {"故事"}


def test_products_of_one_name_are_two(shop: ShopMaker) -> None:
    files = {
        **KETTLES,
        "content/reviews/steel.md": review(product="kettle-steel", title="Steel"),
        "content/reviews/clay.md": review(product="kettle-clay", title="Clay"),
        "content/notes/steel.md": article("::product{kettle-steel}", title="Seen"),
    }
    facts = shop(files).project().plan.facts.groups["article:en:reviews/steel"]
    near = next(one for one in facts if type(one).__name__ == "ArticleRelated").related
    assert [(one.article.owner, one.about) for one in near] == [("article:en:notes/steel", "Kettle")]


@pytest.mark.parametrize(
    ("type_", "value", "code"),
    [
        ("product", "pto", "unknown-product"),
        ("maker", "nobody", "unknown-maker"),
        ("merchant", "fra", "unknown-merchant"),
        ("article", "notes/nothing", "unknown-article"),
        ("image", "none.png", "missing-image"),
        ("[product]", ["pot", "pto"], "unknown-product"),
    ],
)
def test_references_in_free_keys_are_checked(shop: ShopMaker, type_: str, value: object, code: str) -> None:
    files = {"content/notes/one.md": article(extra={"mine": value})}
    (problem,) = shop(files, settings={"extra": {"mine": type_}}).fails()[code]
    assert (problem.at.path, problem.at.field.partition("[")[0]) == ("content/notes/one.md", "extra.mine")


def test_free_keys_of_records_are_checked(shop: ShopMaker) -> None:
    files = {"content/products/pan.yaml": {"name": "Pan", "extra": {"mine": "pto"}}}
    (problem,) = shop(files, settings={"extra": {"mine": "product"}}).fails()["unknown-product"]
    assert problem.at.path == "content/products/pan.yaml"


def test_a_product_unknown_in_many_places_is_told_once_for_each(shop: ShopMaker) -> None:
    body = "::product{pto}\n\n::product{pto}"
    assert len(shop({"content/reviews/one.md": review(body, product="pto")}).fails()["unknown-product"]) == 3
