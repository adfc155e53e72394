"""Rules over structured data: each with markup that keeps it and markup that breaks it, whatever theme wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from page_site import OURS, POT, broken, headed, page_shop
from support import ShopMaker

OFFER = {
    "@type": "Offer",
    "price": "84.00",
    "priceCurrency": "USD",
    "availability": "https://schema.org/InStock",
}
PRODUCT = {"@context": "https://schema.org", "@type": "Product", "name": "Clay Pot", "offers": OFFER}
NOTES = {
    "@type": "ItemList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Pours well"},
        {"@type": "ListItem", "position": 2, "name": "Light"},
    ],
}
JUDGEMENT = {
    "@type": "Review",
    "author": {"@type": "Person", "name": "Ada"},
    "reviewRating": {"@type": "Rating", "ratingValue": "4.5", "bestRating": "5"},
    "positiveNotes": NOTES,
}
CRUMBS = [
    {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://shop.example/"},
    {"@type": "ListItem", "position": 2, "name": "Clay Pot"},
]
FILM = {
    "@type": "VideoObject",
    "name": "Clay Pot",
    "thumbnailUrl": "https://x.example/p.png",
    "uploadDate": "2026-05-01",
}


def but(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a node with other properties; None removes one."""
    return {key: one for key, one in {**value, **changes}.items() if one is not None}


def offered(**changes: Any) -> dict[str, Any]:
    return but(PRODUCT, offers=but(OFFER, **changes))


PAGES = {"product": "product.html", "review": "article/review.html"}
GOOD: list[tuple[str, object]] = [
    ("product", PRODUCT),
    ("product", {"@context": "https://schema.org", "@graph": [PRODUCT]}),
    ("product", [PRODUCT]),
    ("product", offered(price=84)),
    ("product", but(PRODUCT, offers={"@type": "AggregateOffer", "lowPrice": "84.00", "priceCurrency": "USD"})),
    ("product", offered(priceValidUntil="2026-06-07")),
    ("product", but(PRODUCT, name="  Clay\n Pot")),
    ("product", {"@type": "BreadcrumbList", "itemListElement": CRUMBS}),
    ("product", {"@type": "Organization", "name": "Shop"}),
    ("product", but(PRODUCT, offers=None, review={"@type": "Review"})),
    (
        "product",
        {"@graph": [but(PRODUCT, offers=None, **{"@id": "#p"}), {"@type": "Review", "itemReviewed": {"@id": "#p"}}]},
    ),
    ("product", but(PRODUCT, url="https://shop.example/products/pot/")),
    ("review", but(JUDGEMENT, itemReviewed={"@type": "Product", "name": "Clay Pot"})),
    ("review", FILM),
    (
        "review",
        {
            "@type": "ItemList",
            "itemListElement": [{"@type": "ListItem", "item": {"@type": "Product", "name": "Clay Pot"}}],
        },
    ),
]
BAD: list[tuple[str, str, object]] = [
    ("SD-01", "product", but(PRODUCT, offers=None)),
    ("SD-01", "product", but(PRODUCT, name=None)),
    ("SD-03", "product", offered(hasMerchantReturnPolicy={"@type": "MerchantReturnPolicy"})),
    ("SD-03", "product", offered(shippingDetails={"@type": "OfferShippingDetails"})),
    ("SD-04", "review", but(JUDGEMENT, positiveNotes={"@type": "ItemList", "itemListElement": CRUMBS[1:]})),
    (
        "SD-04",
        "review",
        but(JUDGEMENT, positiveNotes={"@type": "ItemList", "itemListElement": [{"position": 1}, *CRUMBS]}),
    ),
    ("SD-06", "product", but(PRODUCT, name="Iron Pot")),
    ("SD-06", "product", offered(availability="PreOrder")),
    ("SD-06", "review", but(JUDGEMENT, reviewRating={"@type": "Rating", "ratingValue": "4.8"})),
    (
        "SD-06",
        "review",
        but(
            JUDGEMENT,
            negativeNotes={"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "name": "Too red"}]},
        ),
    ),
    ("SD-06", "product", '{"@type": "Product",'),
    ("SD-07", "product", but(PRODUCT, offers={"@type": "AggregateOffer", "lowPrice": "84.00"})),
    (
        "SD-07",
        "product",
        but(PRODUCT, offers={"@type": "AggregateOffer", "highPrice": "84.00", "priceCurrency": "USD"}),
    ),
    ("SD-08", "product", offered(price="$84.00")),
    ("SD-08", "product", offered(price="84,00")),
    ("SD-08", "product", offered(priceCurrency="US$")),
    ("SD-09", "product", offered(priceValidUntil="2026-05-30")),
    ("SD-11", "product", offered(availability=["InStock", "OnlineOnly"])),
    ("SD-11", "product", but(PRODUCT, sku=["1", "2"])),
    ("SD-15", "product", {"@type": "FAQPage"}),
    ("SD-16", "product", {"@type": "BreadcrumbList", "itemListElement": [but(CRUMBS[0], item=None), CRUMBS[1]]}),
    ("SD-16", "product", {"@type": "BreadcrumbList", "itemListElement": [but(CRUMBS[0], name=None)]}),
    ("SD-16", "product", {"@type": "BreadcrumbList", "itemListElement": [but(CRUMBS[0], position=None)]}),
    ("SD-17", "review", but(FILM, thumbnailUrl=None)),
    ("SD-17", "review", but(FILM, uploadDate=None)),
    ("SD-20", "product", but(PRODUCT, url="https://shop.example/products/pot")),
    (
        "RV-07",
        "product",
        but(PRODUCT, aggregateRating={"@type": "AggregateRating", "ratingValue": "4.5", "ratingCount": 3}),
    ),
    ("RV-08", "product", {"@type": "OnlineStore", "name": "Shop", "aggregateRating": {"@type": "AggregateRating"}}),
    ("RV-08", "review", but(JUDGEMENT, itemReviewed={"@type": "Organization", "name": "Shop"})),
    ("PR-09", "product", offered(price="79.00")),
    ("PR-09", "product", offered(priceCurrency="EUR")),
    ("PR-09", "review", but(PRODUCT, url="https://shop.example/products/pot/", offers=but(OFFER, price="79.00"))),
]
RULES = (*sorted({rule for rule, _, _ in BAD}), "SD-05", "SD-10")


@pytest.mark.parametrize(("page", "markup"), GOOD, ids=range(len(GOOD)))
def test_markup_that_says_what_the_page_says(shop: ShopMaker, page: str, markup: object) -> None:
    site = page_shop(shop, headed(markup, PAGES[page]))
    assert broken(site.check(), *RULES) == []


@pytest.mark.parametrize(("rule", "page", "markup"), BAD, ids=[f"{one[0]}-{number}" for number, one in enumerate(BAD)])
def test_markup_that_breaks_a_rule(shop: ShopMaker, rule: str, page: str, markup: object) -> None:
    found = broken(page_shop(shop, headed(markup, PAGES[page])).check(), rule)
    assert found, rule
    assert f"`{PAGES[page]}`" in found[0].hint or rule == "SD-15"


@pytest.mark.parametrize("rule", ["SD-06", "SD-08", "PR-09"])
def test_errors_stop_a_build(shop: ShopMaker, rule: str) -> None:
    markup = next(one for name, _, one in BAD if name == rule)
    assert rule in page_shop(shop, headed(markup)).fails()


def test_pros_of_our_own_goods(shop: ShopMaker) -> None:
    own = {"content/merchants/far.yaml": OURS | {"url": "https://far.example/"}}
    markup = but(PRODUCT, review=JUDGEMENT)
    assert broken(page_shop(shop, {**own, **headed(PRODUCT)}).check(), "SD-05") == []
    assert broken(page_shop(shop, {**own, **headed(markup)}).check(), "SD-05")


def test_several_products_in_full(shop: ShopMaker) -> None:
    full = but(PRODUCT, review=JUDGEMENT)
    one, two = headed([full], PAGES["review"]), headed([full, but(full, name="Light")], PAGES["review"])
    assert broken(page_shop(shop, one).check(), "SD-10") == []
    assert broken(page_shop(shop, two).check(), "SD-10")


@pytest.mark.parametrize(
    ("lang", "amount", "currency"),
    [("de", "1280.50", "EUR"), ("en", "1280.00", "USD"), ("zh-CN", "12800", "JPY"), ("fr", "1280.50", "EUR")],
)
def test_an_amount_is_found_as_each_language_writes_it(shop: ShopMaker, lang: str, amount: str, currency: str) -> None:
    product = {**POT, "offers": [{**POT["offers"][0], "price": f"{amount} {currency}"}]}  # type: ignore[dict-item]
    files = {"content/products/pot.yaml": product}
    site = page_shop(shop, files | headed(offered(price=amount, priceCurrency=currency)), site={"language": lang})
    assert broken(site.check(), "SD-06", "PR-09", "SD-08") == []
    other = str(float(amount) + 1)
    site = page_shop(shop, files | headed(offered(price=other, priceCurrency=currency)), site={"language": lang})
    assert {one.code for one in broken(site.check(), "SD-06", "PR-09")} == {"SD-06", "PR-09"}


def test_a_canonical_address_that_is_not_the_pages(shop: ShopMaker) -> None:
    base = {"themes/mine/templates/base.html": "{% extends 'plain/base.html' %}{% block head %}LINK{% endblock %}"}
    assert broken(page_shop(shop).check(), "SD-20") == []
    wrong = {
        key: text.replace("LINK", '<link rel="canonical" href="https://shop.example/x">') for key, text in base.items()
    }
    assert broken(page_shop(shop, wrong).check(), "SD-20")


def test_words_in_angle_brackets_are_no_tags(shop: ShopMaker) -> None:
    pros = ["**Boils** a cup in <3 minutes and >2 litres in six", "Light"]
    site = page_shop(shop, body="::pros\n", pros=pros)
    assert broken(site.check(), "SD-06") == []
