"""Products side by side and picks of a guide, as pages show them."""

from __future__ import annotations

from tests.support import Shop, ShopMaker, article, review

KETTLES = {
    "name": "Kettles",
    "specs": {
        "weight": {"label": "Weight", "unit": "g", "better": "lower"},
        "holds": {"label": "Holds", "unit": "ml"},
        "spout": {"label": "Spout"},
    },
}


def shop_of(shop: ShopMaker, body: str = "::compare{pot pan}", **files: object) -> Shop:
    return shop(
        {
            "content/categories/kettles.yaml": KETTLES,
            "content/products/pot.yaml": {
                "name": "Pot",
                "category": "kettles",
                "specs": {"spout": "thin", "weight": "620 g", "holds": "900 ml"},
                "offers": [{"url": "https://far.example/pot", "price": "20.00 USD", "checked": "2026-05-30"}],
            },
            "content/products/pan.yaml": {"name": "Pan", "category": "kettles", "specs": {"weight": "580"}},
            "content/notes/n.md": article(body),
            **files,
        }
    )


def rows(site: Shop) -> dict[str, list[str]]:
    page = site.page("/notes/n/")
    found = {}
    for row in page.css(".compare tbody tr"):
        cells = [
            " ".join(part.text() for part in cell.css("td > :not(.compare-name)")).split() for cell in row.css("td")
        ]
        found[row.css_first("th").text()] = [" ".join(cell) for cell in cells]
    return found


def test_a_comparison_is_made_from_specs_and_offers(shop: ShopMaker) -> None:
    site = shop_of(shop).build()
    found = rows(site)
    assert list(found) == ["Weight", "Holds", "Spout", "Rating", "Price", "Where to buy"]
    assert found["Weight"] == ["620 g", "580 g best here"]
    assert found["Holds"] == ["900 ml", "not known"]
    assert found["Price"][0].startswith("$20.00")
    assert found["Price"][1] == "not on sale"
    assert len(site.page("/notes/n/").css("td.best")) == 1


def test_by_chooses_rows_and_their_order(shop: ShopMaker) -> None:
    site = shop_of(shop, "::compare{pot pan by=price,weight}").build()
    assert list(rows(site)) == ["Price", "Weight", "Where to buy"]


def test_a_row_that_no_product_has_is_told_at_its_place(shop: ShopMaker) -> None:
    site = shop_of(shop, "::compare{pot pan by=price,wieght}")
    (problem,) = site.fails()["unknown-spec"]
    assert site.place(problem) == "content/notes/n.md:5:28"
    assert problem.hint == "did you mean `weight`?"


def test_a_comparison_is_drawn_again_when_a_spec_or_a_category_changes(shop: ShopMaker) -> None:
    site = shop_of(shop).build()
    site.edit("content/products/pan.yaml", '"580"', '"640"').build()
    assert "notes/n/index.html" in site.rendered
    assert rows(site)["Weight"] == ["620 g best here", "640 g"]
    site.edit("content/categories/kettles.yaml", '"lower"', '"higher"').build()
    assert rows(site)["Weight"] == ["620 g", "640 g best here"]
    site.build()
    assert site.rendered == set()


def test_a_pick_says_verdict_trade_off_and_evidence_of_the_review(shop: ShopMaker) -> None:
    site = shop_of(
        shop,
        **{
            "content/reviews/r.md": review(
                verdict="Pours well.",
                but="Heavy when full.",
                rating=4,
                cons=["Heavy"],
                evidence={"obtained": "bought", "summary": "Forty *timed* boils"},
            ),
            "content/guides/g.md": article(
                "::picks", picks=[{"product": "pot", "badge": "Top pick"}], method="I boiled water."
            ),
        },
    ).build()
    card = site.page("/guides/g/").one(".picks .card")
    text = " ".join(card.text().split())
    for words in ("Top pick", "Pours well.", "Heavy when full.", "Bought with our own money: Forty timed boils"):
        assert words in text
