"""Offers: which come first, which prices are shown, what one cannot buy."""

from __future__ import annotations

from typing import Any

import pytest
from support import SELLER, Shop, ShopMaker, article, review

MERCHANTS: dict[str, Any] = {
    f"content/merchants/{name}.yaml": {"name": name.title(), "role": role, "url": f"https://{name}.example/", **more}
    for name, role, more in (
        ("counter", "ours", {}),
        ("bazaar", "stall", {}),
        ("river", "affiliate", {}),
        ("hill", "none", {}),
        ("euro", "none", {"currency": "EUR"}),
    )
}


def offers(
    shop: ShopMaker, several: list[dict[str, Any] | str], *, product: dict[str, Any] | None = None, **settings: Any
) -> Shop:
    return shop(
        {
            **MERCHANTS,
            "content/products/pot.yaml": {"name": "Pot", "offers": several, **(product or {})},
            "content/notes/n.md": article(
                "At :price[some price]{pot}, :buy[buy it]{pot}.\n\n::product{pot}\n\n::compare{pot by=price}"
            ),
        },
        settings={"seller": SELLER, **settings},
    )


def at(name: str, price: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "url": f"https://{name}.example/pot",
        **({"price": price, "checked": "2026-05-31"} if price else {}),
        **more,
    }


def order(site: Shop) -> list[str]:
    return [
        str(node.attributes["href"]).split("//")[1].split(".")[0]
        for node in site.page("/products/pot/").css("li.offer a.buy")
    ]


def test_our_own_counter_then_stock_then_price(shop: ShopMaker) -> None:
    site = offers(
        shop,
        [
            at("hill", "5.00"),
            at("river", "8.00", availability="in_stock"),
            at("euro", "1.00"),
            at("bazaar", "9.00", availability="in_stock"),
            at("counter", "10.00", availability="in_stock"),
        ],
    ).build()
    assert order(site) == ["counter", "bazaar", "river", "hill", "euro"]
    site.set(offers={"order": ["price"]}).build()
    assert order(site) == ["hill", "river", "bazaar", "counter", "euro"]  # other currencies are not compared
    site.set(offers={"order": ["as_written"]}).build()
    assert order(site) == ["hill", "river", "euro", "bazaar", "counter"]


def test_what_one_cannot_buy_comes_last_and_has_no_link(shop: ShopMaker) -> None:
    site = offers(
        shop,
        [
            at("hill", "1.00", availability="out_of_stock"),
            at("euro", "2.00", valid_until="2026-05-20"),
            at("bazaar", "2.00", availability="discontinued"),
            at("river", "9.00"),
        ],
    ).build()
    rows = site.page("/products/pot/").css("li.offer")
    assert len(rows) == 4
    assert [bool(row.css("a.buy")) for row in rows] == [True, False, False, False]
    assert "sold out" in site.page("/products/pot/").text
    assert site.page("/notes/n/").one("p > a.buy").attributes["href"] == "https://river.example/pot"


def test_unknown_availability_is_never_shown_as_in_stock(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "1.00")]).build()
    assert not site.page("/products/pot/").has(".stock")
    assert "in stock" not in site.page("/notes/n/").text


@pytest.mark.parametrize(
    ("rule", "clock", "shown"),
    [
        (None, "2026-06-06", True),
        (None, "2026-06-07", False),  # seven days after 2026-05-31 00:00 have passed
        ("36 hours", "2026-06-01 11:59", True),
        ("36 hours", "2026-06-01 12:00", False),
        ("2 weeks", "2026-06-13", True),
        ("never", "2026-05-31", False),
        ("always", "2030-01-01", True),
    ],
)
def test_a_price_is_shown_while_it_is_fresh(shop: ShopMaker, rule: str | None, clock: str, shown: bool) -> None:
    site = offers(shop, [at("hill", "165.00")])
    site.write(
        {
            "content/merchants/hill.yaml": {
                "name": "Hill",
                "role": "none",
                "url": "https://hill.example/",
                **({"show_price": rule} if rule else {}),
            }
        }
    )
    site.build(clock=clock)
    for url in ("/products/pot/", "/notes/n/"):
        assert ("$165.00" in site.page(url).text) is shown
        assert ("see the price there" in site.page(url).text) is not shown
    assert ("At some price," in site.page("/notes/n/").text) is not shown
    assert ("seen May 31, 2026" in site.page("/products/pot/").text) is shown
    assert site.page("/products/pot/").has(".seen") is shown


def test_prices_at_amazon_are_not_shown_unless_asked(shop: ShopMaker) -> None:
    amazon = {
        "name": "Amazon",
        "role": "affiliate",
        "url": "https://www.amazon.com/",
        "network": "amazon",
        "account": "shop-20",
    }
    site = offers(shop, [{"merchant": "amazon", "asin": "B0EXAMPLE1", "price": "9.00", "checked": "2026-06-01"}])
    site.write({"content/merchants/amazon.yaml": amazon}).build()
    assert site.holding("9.00") == {}
    assert (
        site.page("/products/pot/").one("li.offer a.buy").attributes["href"]
        == "https://www.amazon.com/dp/B0EXAMPLE1?tag=shop-20"
    )
    site.write({"content/merchants/amazon.yaml": {**amazon, "show_price": "1 day"}}).build(clock="2026-06-01 12:00")
    assert "$9.00" in site.page("/products/pot/").text


def test_our_own_price_needs_no_date(shop: ShopMaker) -> None:
    site = offers(shop, [{"url": "https://counter.example/pot", "price": "from 1280 JPY", "deposit": "200 JPY"}]).build(
        clock="2031-01-01"
    )
    assert "from ¥1,280" in site.page("/products/pot/").text
    assert "deposit ¥200" in site.page("/products/pot/").text


def test_an_earlier_price_goes_with_the_price(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "84.00", was={"price": "99.00", "seen": "2026-05-01"})]).build()
    assert "Hill says it was $99.00 (seen May 1, 2026)" in site.page("/products/pot/").text
    site.build(clock="2026-07-01")
    assert site.holding("99.00", "84.00") == {}


def test_a_product_that_is_gone_leads_to_its_successor(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "84.00")], product={"status": "gone", "replaced_by": "pan"})
    site.write({"content/products/pan.yaml": {"name": "Pan"}}).build()
    page = site.page("/products/pot/")
    assert page.one(".gone a").attributes["href"] == "/products/pan/"
    assert not page.has("a.buy")
    note = site.page("/notes/n/")
    assert not note.has("a.buy")
    assert note.one(".card .gone a").attributes["href"] == "/products/pan/"
    assert "buy it" in note.text
    assert site.holding("84.00") == {}


def test_a_product_nobody_sells(shop: ShopMaker) -> None:
    site = offers(shop, []).build()
    assert "Nobody sells it at the moment." in site.page("/products/pot/").text
    assert site.page("/notes/n/").one(".prose > p a").attributes["href"] == "/products/pot/"


def test_one_merchant_is_chosen_by_name(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "1.00"), at("river", "2.00")])
    site.write(
        {
            "content/notes/n.md": article(
                ":price{pot merchant=river} :buy[b]{pot merchant=river}\n\n::offers{pot merchant=river}"
            )
        }
    ).build()
    page = site.page("/notes/n/")
    assert "$2.00" in page.one(".prose > p").text()
    assert {str(one)[:21] for one in page.hrefs("a.buy")} == {"https://river.example"}


FAULTS = {
    "PR-05": [{"url": "https://hill.example/pot", "price": "1.00"}],
    "unknown-merchant": ["https://nobody.example/pot"],
    "LK-08": [{"merchant": "hill", "url": "https://river.example/pot"}],
    "duplicate-offer": [at("hill"), at("hill", "1.00")],
}


@pytest.mark.parametrize("code", FAULTS)
def test_offers_that_do_not_fit_are_told_at_their_place(shop: ShopMaker, code: str) -> None:
    site = offers(shop, FAULTS[code])
    (problem,) = site.fails()[code]
    assert site.place(problem).startswith("content/products/pot.yaml:")
    assert problem.hint


def test_a_price_without_any_currency(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "1.00")]).set(site={"currency": None})
    assert "price-without-currency" in site.fails()


def test_two_offers_at_one_merchant_have_ids(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "3.00", id="small"), at("hill", "5.00", id="large")]).build()
    assert len(site.page("/products/pot/").css("li.offer")) == 2


def test_selling_needs_a_seller(shop: ShopMaker) -> None:
    site = offers(shop, [at("counter", "3.00")]).set(seller=None)
    found = site.fails()["missing-seller"]
    assert {problem.at.path for problem in found} == {"content/merchants/counter.yaml", "content/merchants/bazaar.yaml"}


def test_offers_from_a_table_and_a_record_are_one(shop: ShopMaker) -> None:
    site = offers(shop, [at("hill", "3.00")])
    site.write(
        {
            "content/products/offers.csv": "product,url,price,checked\npot,https://river.example/pot,2.00,2026-05-31\n",
            "content/products/products.csv": "id;name;line;specs.weight\npan;Pan;Flat;2 kg\n",
        }
    ).build()
    assert order(site) == ["river", "hill"]
    assert "Flat" in site.page("/products/pan/").text
    assert "2 kg" in site.page("/products/pan/").text


def test_specs_carry_their_categorys_words(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/categories/pots.yaml": {
                "name": "Pots",
                "specs": {"weight": {"label": "Weight", "unit": "g"}, "lid": {"label": "Lid"}},
            },
            "content/products/pot.yaml": {
                "name": "Pot",
                "category": "pots",
                "specs": {"weight": "900"},
                "contains": "2 l",
                "choices": {"Colour": ["Red", "Blue"]},
                "care": [{"after": "90 days", "do": "Oil *it*."}],
                "made_to_order": "21 days",
                "not_for": "Camps.",
            },
            "content/products/pan.yaml": {"name": "Pan", "category": "pots", "specs": {"lid": "None"}},
            "content/reviews/r.md": review("::compare{pot pan by=weight,lid,price}"),
        }
    ).build()
    page = site.page("/products/pot/")
    rows = [" ".join(row.text(separator=" ").split()) for row in page.css("table.specs tr")]
    assert rows == ["Contains 2 l", "Weight 900 g"]
    for words in ("Red, Blue", "After 90 days", "Oil it.", "in about 21 days", "Camps."):
        assert words in " ".join(page.one("main").text().split()), words
    table = [" ".join(row.text(separator=" ").split()) for row in site.page("/reviews/r/").css("table tbody tr")]
    assert table[0] == "Weight Pot 900 g Pan not known"  # the names are for narrow screens
    assert table[1] == "Lid Pot not known Pan None"


def test_a_spec_that_the_category_lacks(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/categories/pots.yaml": {"name": "Pots", "specs": {"weight": {"label": "Weight"}}},
            "content/products/pot.yaml": {"name": "Pot", "category": "pots", "specs": {"wieght": "900"}},
        }
    )
    (problem,) = site.fails()["unknown-spec"]
    assert problem.hint == "did you mean `weight`?"
