"""What a merchant and a price must say before a page may show a link or an amount."""

from __future__ import annotations

import pytest
from support import Shop, ShopMaker, article, review

from ccgen.model.facts import ArticleRelation

FAR = {"name": "Far", "role": "affiliate", "url": "https://far.example/", "link": "https://go.example/?u={url}"}


def with_merchant(shop: ShopMaker, **more: object) -> Shop:
    return shop(
        {"content/merchants/far.yaml": {key: value for key, value in {**FAR, **more}.items() if value is not None}}
    )


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"network": "awinn", "link": None}, "unknown-network", "network"),
        ({"network": "awin", "account": "1", "program": "2"}, "two-link-rules", "link"),
        ({"network": "awin", "account": "1", "link": None}, "missing-field", "network"),
        ({"network": "awin", "program": "2", "link": None}, "missing-field", "network"),
        ({"link": "go.example/?u={url}"}, "bad-link", "link"),
        ({"sub_id": {"max": 3, "chars": "a-z"}}, "AT-01", "sub_id.max"),
    ],
)
def test_a_link_that_would_earn_nothing_is_an_error_where_it_is_written(
    shop: ShopMaker, more: dict[str, object], code: str, field: str
) -> None:
    problems = with_merchant(shop, **more).fails()[code]
    assert [(one.at.path, one.at.field) for one in problems] == [("content/merchants/far.yaml", field)]


def test_links_marked_as_paid_that_carry_nothing_are_a_warning(shop: ShopMaker) -> None:
    site = with_merchant(shop, link=None).build()
    assert [one.code for one in site.problems] == ["plain-affiliate"]
    assert not with_merchant(shop, link=None, add={"ref": "me"}).build().problems


def test_a_price_from_the_future_is_told_and_not_shown(shop: ShopMaker) -> None:
    offer = {"url": "https://far.example/pot", "price": "20.00 USD", "checked": "2026-06-02"}
    site = shop({"content/products/pot.yaml": {"name": "Pot", "offers": [offer]}}).build()
    assert [(one.code, one.severity) for one in site.problems] == [("future-date", "warning")]
    assert "20.00" not in site.text("/products/pot/")
    assert "20.00" in site.build(clock="2026-06-03").text("/products/pot/")


def test_a_summary_nobody_wrote_names_the_product(shop: ShopMaker) -> None:
    text = "We walked. :product{pot} came along, for :price{pot}."
    site = shop({"content/notes/n.md": article(text)}).build()
    summary = site.page("/notes/n/").one('meta[name="description"]').attributes["content"]
    assert summary == "We walked. Pot came along, for see the price there."


def test_what_a_flag_shows_before_its_time_says_so(shop: ShopMaker) -> None:
    site = shop({"content/reviews/d.md": review(draft="yes"), "content/notes/l.md": article(date="2026-07-01")})
    site.build(drafts=True, future=True)
    assert site.built is not None
    assert [(one.path, one.reason) for one in site.built.previewed] == [
        ("content/notes/l.md", "scheduled"),
        ("content/reviews/d.md", "draft"),
    ]
    for url in ("/reviews/d/", "/notes/l/"):
        page = site.page(url)
        assert page.has(".preview")
        assert page.has('meta[name="robots"][content*="noindex"]')
        assert url not in site.text("/sitemap.xml")


def test_a_directive_counts_by_what_its_declaration_says_of_links(shop: ShopMaker) -> None:
    site = with_merchant(shop)
    declared = "doc: Its name.\nform: [inline, leaf]\nrecords: product\nplain: template\n"
    drawn = {"directives/named.html": "{{ record.name }}", "directives/named.plain.html": "{{ record.name }}"}
    inline, leaf = (article("See :named{pot}.", title="In"), article("::named{pot}", title="Le"))
    site.write({"content/notes/i.md": inline, "content/notes/l.md": leaf, **drawn})

    def disclosed(links: str) -> list[str]:
        site.write({"directives/named.yaml": declared + links}).build()
        return [name for name in "il" if site.page(f"/notes/{name}/").has(".disclosure")]

    assert disclosed("") == ["i", "l"]
    assert disclosed("links: none\n") == []
    assert disclosed("links: leaf\n") == ["l"]


def test_a_template_alone_does_not_inherit_what_was_said_of_the_links_of_another(shop: ShopMaker) -> None:
    site = with_merchant(shop)
    site.write({"content/notes/n.md": article("See :product{pot} at :price{pot}.")})

    def merchants() -> list[str]:
        groups = site.project().plan.facts.groups["article:en:notes/n"]
        relation = next(one for one in groups if isinstance(one, ArticleRelation))
        return [one.owner for one in relation.merchants]

    assert merchants() == []
    for name in ("price", "product"):
        site.write({f"directives/{name}.html": "{{ record.name }}"})
        assert merchants() == ["merchant:en:far"], name
        site.write({f"directives/{name}.html": None})


def test_a_site_that_draws_a_directive_its_own_way_cannot_lose_the_disclosure(shop: ShopMaker) -> None:
    site = with_merchant(shop)
    site.write({"content/notes/n.md": article("See :product{pot}.")}).build()
    assert not site.page("/notes/n/").has(".disclosure")
    link = '{% set link = record.offers[0].link %}<a href="{{ link.href }}" rel="{{ link.rel }}">{{ record.name }}</a>'
    site.write(
        {
            "directives/product.yaml": "doc: Ours.\nform: inline\nrecords: product\nparams: {layout: {}}\nplain: template\n",
            "directives/product.html": link,
        }
    ).build()
    page = site.page("/notes/n/")
    assert page.one(".prose a").attributes["rel"] == "sponsored nofollow noopener"
    assert "paid link" in page.one(".disclosure").text()
