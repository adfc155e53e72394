"""What each page states as structured data, read back as a search engine reads it: types, offers, and what is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from extruct.jsonld import JsonLdExtractor
from support import PNG, SELLER, Html, Shop, ShopMaker, article, review

BASE = "https://shop.example/"
PRICED = {"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31", "availability": "in_stock"}
JUDGED = {
    "rating": "4.5",
    "verdict": "It pours.",
    "but": "It drips.",
    "pros": ["Pours *well*", "Light & quiet"],
    "cons": ["Drips"],
}
POLICIES = {
    f"content/pages/{name}.md": article(title=name.title(), date=None) for name in ("returns", "shipping", "contact")
}
OURS = {**SELLER, "returns": "pages/returns.md", "shipping": "pages/shipping.md"}
# Faults that some tests make on purpose: the graph must hold its own where the checker is told to let them pass.
LET_PASS = {"severity": dict.fromkeys(("SD-13", "PR-10", "TR-01"), "off")}


def stated(site: Shop, url: str) -> list[dict[str, Any]]:
    """The graph of a page, [] for none."""
    found = JsonLdExtractor().extract(site.text(url))
    assert len(found) <= 1
    return list(found[0]["@graph"]) if found else []


def types(site: Shop, url: str) -> list[str]:
    return [one["@type"] for one in stated(site, url)]


def one(site: Shop, url: str, kind: str) -> dict[str, Any]:
    found = [thing for thing in stated(site, url) if thing["@type"] == kind]
    assert len(found) == 1, f"{len(found)} {kind} on {url}"
    return found[0]


def selling(shop: ShopMaker, role: str = "none", *offers: Any, **product: Any) -> Shop:
    """A shop with a reviewed pot, and who sells it."""
    return shop(
        {
            **POLICIES,
            "content/merchants/far.yaml": {"name": "Far Shop", "role": role, "url": "https://far.example/"},
            "content/merchants/near.yaml": {"name": "Near Shop", "role": "affiliate", "url": "https://near.example/"},
            "content/makers/mei.yaml": {"name": "Mei"},
            "content/products/pot/index.md": f"---\nname: Pot\nmaker: mei\nimages: [pot.png]\n{_yaml(product, offers or (PRICED,))}---\n",
            "content/products/pot.yaml": None,
            "content/products/pot/pot.png": PNG,
            "content/reviews/pot.md": review(title="The pot", **JUDGED),
        },
        settings={"seller": OURS if role in {"ours", "stall"} else None, "check": LET_PASS},
    )


def _yaml(product: dict[str, Any], offers: tuple[Any, ...]) -> str:
    return "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in {**product, "offers": list(offers)}.items()
    )


# --- pages -----------------------------------------------------------------------------------------------------------


def test_every_kind_of_page_states_what_it_is(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate")
    site.write(
        {
            "content/stories/s.md": article(title="A story"),
            "content/notes/n.md": article("Just a note.", title=None),
            "content/guides/g.md": article(title="A guide", tags=["tea"], picks=[{"product": "pot"}]),
            "content/guides/plain.md": article(title="No picks"),
        }
    ).build()
    frame = ["WebSite", "Organization"]
    assert types(site, "/") == frame
    for url, expected in {
        "/reviews/pot/": ["Review", "Product", "Person"],
        "/stories/s/": ["Article", "Person"],
        "/notes/n/": ["BlogPosting", "Person"],
        "/guides/g/": ["Article", "ItemList", "Person"],
        "/guides/plain/": ["Article", "Person"],
        "/returns/": ["WebPage"],
        "/products/pot/": ["Product", "Review", "Person"],
        "/makers/mei/": ["Brand"],
        "/people/ada/": ["ProfilePage", "Person"],
        "/reviews/": ["CollectionPage", "ItemList"],
        "/tags/tea/": ["CollectionPage", "ItemList"],
    }.items():
        assert types(site, url) == [*frame, "BreadcrumbList", *expected], url
    assert "application/ld+json" not in site.text("/404.html")


def test_ids_are_absolute_and_lead_to_things_of_the_site(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate").build()
    urls = [path.removesuffix("index.html") for path in site.outputs() if path.endswith("index.html")]
    known = {thing["@id"] for url in urls for thing in stated(site, f"/{url}")}

    def check(value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                check(each)
        elif isinstance(value, dict):
            if "@id" in value:
                assert value["@id"].startswith(BASE)
                assert set(value) > {"@id"} or value["@id"] in known, value
            for key, each in value.items():
                assert each not in ("", [], {}), key
                check(each)

    for url in urls:
        check(stated(site, f"/{url}"))
    assert len(known) > 10


def test_pages_that_search_leaves_out_state_nothing(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/stories/u.md": article(unlisted=True),
            "content/stories/d.md": article(draft=True),
            "content/stories/f.md": article(date="2027-01-01"),
            "content/stories/s.md": article(),
        }
    ).build(drafts=True, future=True)
    assert [bool(stated(site, f"/stories/{name}/")) for name in "udfs"] == [False, False, False, True]


def test_crumbs_lead_down_from_home(shop: ShopMaker) -> None:
    site = selling(shop)
    site.write({f"content/notes/n{number}.md": article(title=f"N{number}") for number in range(21)}).build()

    def crumbs(url: str) -> list[tuple[str, str]]:
        rows = one(site, url, "BreadcrumbList")["itemListElement"]
        assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
        return [(row["name"], row["item"].removeprefix(BASE[:-1])) for row in rows]

    home = ("Home", "/")
    assert crumbs("/reviews/pot/") == [home, ("Reviews", "/reviews/"), ("The pot", "/reviews/pot/")]
    assert crumbs("/products/pot/") == [home, ("Pot", "/products/pot/")]
    assert crumbs("/returns/") == [home, ("Returns", "/returns/")]
    assert crumbs("/notes/page/2/") == [home, ("Notes", "/notes/"), ("Page 2 of 2", "/notes/page/2/")]
    entries = one(site, "/notes/page/2/", "ItemList")["itemListElement"]
    assert [entry["name"] for entry in entries] == [
        node.text() for node in site.page("/notes/page/2/").css(".teaser h2")
    ]


def test_a_theme_need_not_state_anything(shop: ShopMaker) -> None:
    site = shop(
        {
            "themes/bare/theme.yaml": {"extends": "plain", "version": "1.0.0"},
            "themes/bare/templates/home.html": "<!doctype html>\n<title>{{ site.title }}</title>\n",
        },
        settings={"theme": "bare"},
    ).build()
    assert "ld+json" not in site.text("/")
    assert "ld+json" in site.text("/products/pot/")


def test_urls_stand_below_the_base_path(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate").build(base_url="https://host.example/a/shop/")
    product = one(site, "/products/pot/", "Product")
    assert product["url"] == "https://host.example/a/shop/products/pot/"
    assert product["image"][0]["url"] == "https://host.example/a/shop/products/pot/pot.png"
    assert (product["image"][0]["width"], product["image"][0]["height"]) == (1, 1)


# --- reviews and articles --------------------------------------------------------------------------------------------


def test_a_review_says_what_it_reviews_who_wrote_it_and_how_it_judges(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate").build()
    found, product, person = (one(site, "/reviews/pot/", kind) for kind in ("Review", "Product", "Person"))
    assert found["itemReviewed"]["@id"] == product["@id"] == f"{BASE}products/pot/#product"
    assert product["review"]["@id"] == found["@id"]
    assert [author["@id"] for author in found["author"]] == [person["@id"]]
    assert person["name"] == "Ada"
    assert found["reviewRating"] == {"@type": "Rating", "ratingValue": "4.5", "bestRating": "5", "worstRating": "0"}
    assert notes(found) == (["Pours well", "Light & quiet"], ["Drips"])
    assert (found["name"], found["inLanguage"], found["datePublished"]) == ("The pot", "en", "2026-05-01")
    assert product["brand"]["name"] == "Mei"


def notes(found: dict[str, Any]) -> tuple[list[str], list[str]]:
    pros, cons = (
        [row["name"] for row in found.get(key, {}).get("itemListElement", [])]
        for key in ("positiveNotes", "negativeNotes")
    )
    return pros, cons


def test_a_review_without_a_rating_states_none(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate").write({"content/reviews/pot.md": review()}).build()
    assert "reviewRating" not in one(site, "/reviews/pot/", "Review")
    assert types(site, "/products/pot/")[3:] == ["Product"]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"pros": ["A"], "cons": []}, ([], [])),
        ({"pros": ["A", "B"], "cons": []}, (["A", "B"], [])),
        ({"pros": [], "cons": ["A", "B"]}, ([], ["A", "B"])),
        ({"pros": ["A"], "cons": ["B"]}, (["A"], ["B"])),
        ({"pros": ["A"], "cons": ["B"], "evidence": {"obtained": "ours"}}, ([], [])),
    ],
)
def test_pros_and_cons_are_two_at_least_and_not_of_ones_own_goods(
    shop: ShopMaker, meta: dict[str, Any], expected: tuple[list[str], list[str]]
) -> None:
    site = selling(shop, "affiliate").write({"content/reviews/pot.md": review(**meta)}).build()
    assert notes(one(site, "/reviews/pot/", "Review")) == expected


def test_what_a_theme_leaves_out_is_not_stated(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate")
    site.write({"themes/mute/theme.yaml": {"extends": "plain", "version": "1.0.0"}})
    site.write(
        {
            "themes/mute/directives/cons.html": "<p>None.</p>\n",
            "themes/mute/templates/parts/offer.html": '{% set link = offer.link %}<a href="{{ link.href }}" rel="{{ link.rel }}">{{ offer.merchant.name }}</a> {{ link.mark }}\n',
        }
    )
    site.set(theme="mute").build()
    assert "$9.00" not in site.text("/products/pot/")
    assert "offers" not in one(site, "/products/pot/", "Product")
    assert "offers" not in one(site, "/reviews/pot/", "Product")
    assert notes(one(site, "/reviews/pot/", "Review")) == (["Pours well", "Light & quiet"], [])


@pytest.mark.parametrize(
    ("date", "updates", "modified"),
    [
        ("2026-05-01", [], None),
        ("2026-05-01", ["2026-05-03", "2026-05-02"], "2026-05-03"),
        ("2026-05-01 10:00", ["2026-05-01"], "2026-05-01T10:00"),
        ("2026-05-01T23:00+09:00", ["2026-05-01T20:00+00:00"], "2026-05-01T20:00+00:00"),
    ],
)
def test_nothing_is_changed_before_it_appears(
    shop: ShopMaker, date: str, updates: list[str], modified: str | None
) -> None:
    entries = [{"date": each, "note": "N"} for each in updates]
    site = shop({"content/stories/s.md": article(date=date, updates=entries)}).build()
    assert one(site, "/stories/s/", "Article").get("dateModified") == modified


def test_a_guide_lists_its_picks_by_their_own_pages(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate")
    site.write(
        {
            "content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]},
            "content/guides/g.md": article(picks=[{"product": "pan"}, {"product": "pot"}]),
        }
    ).build()
    rows = one(site, "/guides/g/", "ItemList")["itemListElement"]
    assert [(row["position"], row["name"], row["url"]) for row in rows] == [
        (1, "Pan", f"{BASE}products/pan/"),
        (2, "Pot", f"{BASE}products/pot/"),
    ]


def test_an_article_without_an_author_is_the_publishers(shop: ShopMaker) -> None:
    site = shop({"content/stories/s.md": article()}, settings={"site": {"author": None}}).build()
    assert one(site, "/stories/s/", "Article")["author"] == [{"@id": f"{BASE}#organization"}]
    assert one(site, "/stories/s/", "Organization")["name"] == "Shop"


def test_both_languages_are_stated_in_their_own_words(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate")
    site.set(site={"languages": ["en", "zh-CN"], "title@zh-CN": "店"})
    site.write({"content/products/pot/index.zh-CN.md": "---\nname: 壶\n---\n"}).build()
    assert one(site, "/zh-CN/products/pot/", "Product")["name"] == "壶"
    assert one(site, "/zh-CN/", "WebSite")["name"] == "店"
    assert one(site, "/", "WebSite")["name"] == "Shop"
    assert {one(site, url, "Organization")["@id"] for url in ("/", "/zh-CN/")} == {f"{BASE}#organization"}


# --- relations -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["ours", "stall", "affiliate", "none"])
def test_the_relation_decides_what_a_product_is(shop: ShopMaker, role: str) -> None:
    site = selling(shop, role, sku="P 1", gtin="4006381333931").build()
    product = one(site, "/products/pot/", "Product")
    offer, ours = product["offers"], role == "ours"
    assert (offer["price"], offer["priceCurrency"]) == ("9.00", "USD")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["seller"]["name"] == "Far Shop"
    assert offer["url"] == product["url"] == f"{BASE}products/pot/"
    assert ("parentOrganization" in offer["seller"]) is ours
    assert ("hasMerchantReturnPolicy" in offer) is ours
    assert ("review" in product) is not ours
    assert product["gtin"] == "4006381333931"
    assert "sku" not in product
    judged = one(site, "/reviews/pot/", "Review")
    assert (notes(judged) == ([], [])) is ours
    on_review = one(site, "/reviews/pot/", "Product")
    assert ("offers" in on_review) is not ours
    assert "far.example" not in str(stated(site, "/products/pot/"))


def test_a_listing_names_the_sellers_policy(shop: ShopMaker) -> None:
    site = selling(shop, "ours").build()
    policy = one(site, "/products/pot/", "Organization")["hasMerchantReturnPolicy"]
    assert policy["merchantReturnLink"] == f"{BASE}returns/"
    assert one(site, "/products/pot/", "Product")["offers"]["hasMerchantReturnPolicy"] == {"@id": policy["@id"]}
    site.write({"content/products/pot/index.md": site_product(returns="Cut to order, so no returns.")}).build()
    assert "hasMerchantReturnPolicy" not in one(site, "/products/pot/", "Product")["offers"]
    site.write({"content/products/pot/index.md": site_product(returns="pages/returns.md")}).build()
    own = one(site, "/products/pot/", "Product")["offers"]["hasMerchantReturnPolicy"]
    assert own == {"@type": "MerchantReturnPolicy", "merchantReturnLink": f"{BASE}returns/"}


def site_product(*offers: Any, **product: Any) -> str:
    return f"---\nname: Pot\nimages: [pot.png]\n{_yaml(product, offers or (PRICED,))}---\n"


def test_only_our_own_offer_is_stated_where_we_sell(shop: ShopMaker) -> None:
    near = {"url": "https://near.example/pot", "price": "7.00", "checked": "2026-05-31"}
    site = selling(shop, "ours", PRICED, near).build()
    assert one(site, "/products/pot/", "Product")["offers"]["price"] == "9.00"
    assert "near.example" in site.text("/products/pot/") or "Near Shop" in site.text("/products/pot/")


@pytest.mark.parametrize("obtained", ["gift", "loan"])
def test_a_gift_or_a_loan_is_reviewed_like_anything_else(shop: ShopMaker, obtained: str) -> None:
    site = selling(shop, "none")
    site.write({"content/reviews/pot.md": review(**{**JUDGED, "evidence": {"obtained": obtained}})}).build()
    assert one(site, "/reviews/pot/", "Review")["reviewRating"]["ratingValue"] == "4.5"
    assert "parentOrganization" not in str(one(site, "/reviews/pot/", "Product"))


def test_what_was_paid_for_is_an_article_and_no_review(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate")
    interests = [{"with": "pot", "how": "sponsored"}]
    site.write(
        {
            "content/reviews/pot.md": review(interests=interests, **JUDGED),
            "content/guides/g.md": article(picks=[{"product": "pot"}], interests=interests),
        }
    ).build()
    assert types(site, "/reviews/pot/")[3:] == ["Article", "Person"]
    assert types(site, "/guides/g/")[3:] == ["Article", "Person"]
    assert "review" not in one(site, "/products/pot/", "Product")


# --- offers ----------------------------------------------------------------------------------------------------------


def near(**more: Any) -> dict[str, Any]:
    return {"url": "https://near.example/pot", "price": "7.50", "checked": "2026-05-31", **more}


def test_several_merchants_are_summed_up(shop: ShopMaker) -> None:
    site = selling(shop, "none", PRICED, near(availability="limited", condition="used")).build()
    found = one(site, "/products/pot/", "Product")["offers"]
    assert (found["@type"], found["lowPrice"], found["highPrice"]) == ("AggregateOffer", "7.50", "9.00")
    assert (found["priceCurrency"], found["offerCount"]) == ("USD", 2)
    rows = {each["seller"]["name"]: each for each in found["offers"]}
    assert rows["Near Shop"]["itemCondition"] == "https://schema.org/UsedCondition"
    assert rows["Near Shop"]["availability"] == "https://schema.org/LimitedAvailability"
    assert rows["Far Shop"]["price"] == "9.00"
    assert "itemCondition" not in rows["Far Shop"]


def test_currencies_are_never_mixed(shop: ShopMaker) -> None:
    site = selling(shop, "none", PRICED, near(price="7.50 EUR")).build()
    found = one(site, "/products/pot/", "Product")["offers"]
    assert (found["@type"], found["priceCurrency"]) == ("Offer", site_first_currency(site))


def site_first_currency(site: Shop) -> str:
    """The currency of the first price that the page shows."""
    return {"$": "USD", "€": "EUR"}[site.page("/products/pot/").css(".offer-price .price")[0].text().strip()[0]]


def test_variants_of_one_shop_are_not_summed_up(shop: ShopMaker) -> None:
    site = selling(shop, "none", {**PRICED, "id": "small"}, {**PRICED, "id": "large", "price": "12.00"}).build()
    found = one(site, "/products/pot/", "Product")["offers"]
    assert sorted((each["@type"], each["price"]) for each in found) == [("Offer", "12.00"), ("Offer", "9.00")]


def test_what_is_sold_out_counts_only_where_nothing_can_be_bought(shop: ShopMaker) -> None:
    site = selling(shop, "none", PRICED, near(availability="out_of_stock")).build()
    assert one(site, "/products/pot/", "Product")["offers"]["price"] == "9.00"
    site.write({"content/products/pot/index.md": site_product(near(availability="out_of_stock"))}).build()
    found = one(site, "/products/pot/", "Product")["offers"]
    assert (found["price"], found["availability"]) == ("7.50", "https://schema.org/OutOfStock")


@pytest.mark.parametrize("offer", [{"price": None}, {"checked": "2026-05-01"}, {"valid_until": "2026-05-31"}])
def test_a_price_that_is_not_shown_is_not_stated(shop: ShopMaker, offer: dict[str, Any]) -> None:
    changed = {key: value for key, value in {**PRICED, **offer}.items() if value is not None}
    site = selling(shop, "affiliate", changed).build()
    assert "offers" not in one(site, "/products/pot/", "Product")
    assert "price" not in str(stated(site, "/reviews/pot/")).lower().replace("pricevaliduntil", "")
    site.write({"content/reviews/pot.md": None}).build()
    assert types(site, "/products/pot/")[3:] == ["ItemPage"]


def test_a_price_is_valid_until_it_goes_stale_or_the_offer_ends(shop: ShopMaker) -> None:
    site = selling(shop, "affiliate").build()
    assert one(site, "/products/pot/", "Product")["offers"]["priceValidUntil"] == "2026-06-07T00:00:00+00:00"
    site.write({"content/products/pot/index.md": site_product({**PRICED, "valid_until": "2026-06-03"})}).build()
    assert one(site, "/products/pot/", "Product")["offers"]["priceValidUntil"] == "2026-06-03T00:00:00+00:00"
    site.write({"content/products/pot/index.md": site_product({**PRICED, "valid_until": "2026-07-03"})}).build()
    assert one(site, "/products/pot/", "Product")["offers"]["priceValidUntil"] == "2026-06-07T00:00:00+00:00"


def test_a_least_price_says_that_it_is_one(shop: ShopMaker) -> None:
    site = selling(shop, "none", {**PRICED, "price": "from 1280 CNY"}).build()
    found = one(site, "/products/pot/", "Product")["offers"]
    assert "price" not in found
    assert {key: found["priceSpecification"][key] for key in ("price", "minPrice", "priceCurrency")} == {
        "price": "1280",
        "minPrice": "1280",
        "priceCurrency": "CNY",
    }
    site.write({"content/products/pot/index.md": site_product({**PRICED, "price": "from 8"}, near())}).build()
    found = one(site, "/products/pot/", "Product")["offers"]
    assert found["lowPrice"] == "7.50"
    assert "highPrice" not in found


def test_a_shop_gives_nothing_away_in_markup(shop: ShopMaker) -> None:
    site = selling(shop, "ours", {**PRICED, "price": "0.00"}).build()
    assert types(site, "/products/pot/")[3:] == ["ItemPage"]


def test_a_review_states_the_offers_that_stand_in_it(shop: ShopMaker) -> None:
    """An author who shows another product in a review shows no price of the one reviewed."""
    site = selling(shop, "none", PRICED, near())
    site.write({"content/products/pan.yaml": {"name": "Pan", "offers": [{**PRICED, "url": "https://far.example/pan"}]}})
    site.write({"content/reviews/pot.md": review("The Pot.\n\n::product{pan}\n", **JUDGED)}).build()
    assert "offers" not in one(site, "/reviews/pot/", "Product")
    site.write({"content/reviews/pot.md": review("::product{pot merchant=near}", **JUDGED)}).build()
    found = one(site, "/reviews/pot/", "Product")["offers"]
    assert (found["price"], "availability" in found) == ("7.50", False)


def test_a_review_that_does_not_name_its_product_leaves_it_to_its_page(shop: ShopMaker) -> None:
    site = selling(shop, "none")
    site.write({"content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]}})
    for text, named in (("![A Pot](/a.png)", False), ("The Pot.", True)):
        found = review(f"{text}\n\n::product{{pan}}\n", **JUDGED)
        site.write({"content/reviews/pot.md": found, "static/a.png": PNG}).build()
        assert ("Product" in types(site, "/reviews/pot/")) is named
        assert one(site, "/reviews/pot/", "Review")["itemReviewed"]["@id"] == f"{BASE}products/pot/#product"


# --- videos, and what could break a page -----------------------------------------------------------------------------


def test_a_video_of_which_all_is_known_is_stated(shop: ShopMaker) -> None:
    whole = 'title="Pouring" date=2026-04-01 poster=p.png'
    site = shop(
        {
            "content/stories/s/index.md": article(
                f'::video{{src="https://v.example/w" {whole}}}\n\n::video{{src="/film.mp4" {whole}}}\n\n'
                '::video{src="https://v.example/x" title="No date" poster=p.png}\n'
            ),
            "content/stories/s/p.png": PNG,
            "static/film.mp4": b"film",
        }
    ).build()
    linked, played = (thing for thing in stated(site, "/stories/s/") if thing["@type"] == "VideoObject")
    assert (linked["name"], linked["uploadDate"], linked["url"]) == ("Pouring", "2026-04-01", "https://v.example/w")
    assert linked["thumbnailUrl"] == f"{BASE}stories/s/p.png"
    assert played["contentUrl"] == f"{BASE}film.mp4"
    page = site.page("/stories/s/")
    assert [node.attributes["datetime"] for node in page.css(".video time")] == ["2026-04-01"] * 2
    assert not page.has("iframe")


@pytest.mark.parametrize(
    "name", ["</script><script>alert(1)</script>", "<!-- <script>", 'a "b" c', "月牙 & <b> 👜", "\\u003c"]
)
def test_no_name_harms_a_page(shop: ShopMaker, name: str) -> None:
    site = selling(shop, "affiliate")
    site.write(
        {
            "content/products/pot/index.md": site_product().replace("name: Pot", f"name: {_quoted(name)}"),
            "content/reviews/pot.md": review(title=name, **{**JUDGED, "pros": [name, "B"]}),
        }
    ).build()
    assert one(site, "/products/pot/", "Product")["name"] == name
    assert one(site, "/reviews/pot/", "Review")["headline"] == name
    for url in ("/products/pot/", "/reviews/pot/", "/reviews/"):
        page = site.page(url)
        assert [node.attributes.get("type") for node in page.css("script:not([src])")] == ["application/ld+json"]
        assert page.has("main h1")


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def test_nothing_goes_stale_in_a_graph(shop: ShopMaker, tmp_path: Any) -> None:
    """A page is drawn again when what it states changes, though its own words do not."""
    site = selling(shop, "ours").build()
    site.write({"content/stories/s.md": article(title="A story")}).build()
    edits = [
        ("ccgen.yaml", "Ada's Counter", "Ada's Corner"),
        ("ccgen.yaml", "hi@shop.example", "ho@shop.example"),
        ("content/merchants/far.yaml", "Far Shop", "Further Shop"),
        ("content/people/ada.yaml", "Ada", "Ada L"),
        ("content/reviews/pot.md", "4.5", "3.5"),
        ("content/makers/mei.yaml", "Mei", "Mei & Co"),
    ]
    for number, (file, old, new) in enumerate(edits):
        site.edit(file, old, new).build()
        fresh = Shop(tmp_path / f"fresh{number}", {}, {})
        for path in site.root.rglob("*"):
            if path.is_file() and not {"site", ".ccgen"} & set(path.relative_to(site.root).parts):
                fresh.write({path.relative_to(site.root).as_posix(): path.read_bytes()})
        (fresh.root / "content/products/pot.yaml").unlink()
        assert fresh.build().outputs() == site.outputs(), file
    assert Html(site.text("/stories/s/")).has('script[type="application/ld+json"]')


def test_what_all_pages_state_is_noted_by_each(shop: ShopMaker) -> None:
    """Pages that show nothing of the site but state it: what is made once for all of them is an input of every one."""
    bare = "<!doctype html>\n<title>{{ maker.name }}</title>\n{{ structured_data }}\n"
    site = shop(
        {
            **{f"content/makers/{name}.yaml": {"name": name.title()} for name in ("bo", "mei", "tom")},
            "themes/bare/theme.yaml": {"extends": "plain", "version": "1.0.0"},
            "themes/bare/templates/maker.html": bare,
        },
        settings={"theme": "bare", "site": {"description": "Things"}, "check": {"severity": {"SD-06": "off"}}},
    ).build()
    site.set(site={"description": "Other things"}).build()
    for name in ("bo", "mei", "tom"):
        assert one(site, f"/makers/{name}/", "WebSite")["description"] == "Other things"
