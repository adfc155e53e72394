"""Prices on pages: until when they hold, reductions and their proof, prices by measure, and products that are gone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from support import PNG, SELLER, Shop, ShopMaker, article

TODAY = date(2026, 6, 1)  # support.CLOCK
POLICIES = {"returns": "pages/returns.md", "shipping": "pages/shipping.md"}
SETTINGS = {"seller": {**SELLER, **POLICIES}, "site": {"languages": ["en", "zh-CN"]}}
WHOLE: dict[str, Any] = {  # what a shop must have that sells
    "static/pot.png": PNG,
    "content/pages/returns.md": "---\ntitle: Returns\n---\nThirty days.\n",
    "content/pages/shipping.md": "---\ntitle: Shipping\n---\nTwo days.\n",
}
MERCHANTS: dict[str, Any] = {
    f"content/merchants/{name}.yaml": {"name": name.title(), "role": role, "url": f"https://{name}.example/", **more}
    for name, role, more in (
        ("counter", "ours", {}),
        ("bazaar", "stall", {}),
        ("hill", "none", {}),
        ("river", "affiliate", {"add": {"ref": "shop"}}),
    )
}
NOTE = 'Costs :price[what *it* "costs"]{pot}.\n\n::product{pot}\n\n::product{pot layout=compact}\n\n::compare{pot by=price}'


def at(name: str, price: str = "80.00", **more: Any) -> dict[str, Any]:
    return {"url": f"https://{name}.example/pot", "price": price, "checked": "2026-05-31", **more}


def selling(shop: ShopMaker, *offers: dict[str, Any], ledger: str | None = None, **product: Any) -> Shop:
    files = {
        **MERCHANTS,
        **WHOLE,
        "content/products/pot.yaml": {"name": "Pot", "images": ["/pot.png"], "offers": list(offers), **product},
        "content/notes/n.md": article(NOTE),
        "content/notes/n.zh-CN.md": "---\ntitle: 笔记\n---\n" + NOTE + "\n",
    }
    return shop({**files, "data/prices.csv": ledger}, settings=SETTINGS)


def ledger(offer: str, *runs: tuple[int, int, str]) -> str:
    """A ledger with a row a day: (first and last days ago, amount)."""
    rows = [
        f"{TODAY - timedelta(days=ago)},{offer},{amount},USD,record\n"
        for first, last, amount in runs
        for ago in range(first, last - 1, -1)
    ]
    return "date,offer,amount,currency,source\n" + "".join(rows)


PROOF = ledger("pot/counter", (40, 11, "99.00"), (10, 0, "80.00"))
WAS = {"price": "99.00", "seen": "2026-05-20"}


# --- until when ------------------------------------------------------------------------------------------------------


def test_each_price_says_until_when_it_holds(shop: ShopMaker) -> None:
    site = selling(shop, at("hill", deposit="20.00", was=WAS), contains="340 g").build()
    until = "2026-06-07T00:00:00+00:00"
    for url, removed in (
        ("/products/pot/", 4),
        ("/notes/n/", 4 + 2 + 1),
    ):  # unit price, was, deposit, seen; compact; table
        page = site.page(url)
        holding = page.css("[data-until]")
        assert {one.attributes["data-until"] for one in holding} == {until}
        prices = [one for one in page.css("main .price") if one.text() == "$80.00"]
        assert prices
        for one in prices:
            assert one.attributes.get("data-until") == until or "data-until" in one.parent.attributes  # type: ignore[union-attr]
        assert len([one for one in holding if one.attributes.get("data-then") == ""]) == removed
    inline = site.page("/notes/n/").one(".prose > p > span[data-until]")
    assert inline.attributes["data-then"] == 'what it "costs"'  # the label stands in for it
    assert "$80.00" in inline.text()


def test_the_end_of_an_offer_ends_its_price(shop: ShopMaker) -> None:
    site = selling(shop, at("hill", valid_until="2026-06-03 12:00"), at("counter", valid_until="2026-06-04")).build()
    found = {one.attributes["data-until"] for one in site.page("/products/pot/").css(".price")}
    assert found == {"2026-06-03T12:00:00+00:00", "2026-06-04T00:00:00+00:00"}
    assert site.project().plan.next_change == datetime(2026, 6, 3, 12, tzinfo=UTC)
    assert site.build(clock="2026-06-03 12:00").page("/products/pot/").css(".price")[0].text() == "$80.00"
    assert site.holding("2026-06-03T12") == {}
    assert site.build(clock="2026-06-04").holding("$80.00", "data-until=") == {}


def test_our_own_price_has_no_end_and_needs_no_script(shop: ShopMaker) -> None:
    site = selling(shop, at("counter")).build()
    assert site.page("/products/pot/").one(".offer .price").text() == "$80.00"
    assert not site.page("/products/pot/").has("[data-until], script[src]")


def test_the_script_is_a_file_and_linked_only_where_a_price_can_go(shop: ShopMaker) -> None:
    site = selling(shop, at("hill")).build()
    for url, words in (
        ("/products/pot/", "see the price there"),
        ("/notes/n/", "see the price there"),
        ("/zh-CN/notes/n/", "价格见店内"),
    ):
        script = site.page(url).one("script[src]")
        assert script.attributes["data-then"] == words
        assert "defer" in script.attributes
        assert site.has(str(script.attributes["src"]))
        assert script.text() == ""  # nothing inline: a strict policy lets it run
    for url in ("/", "/notes/", "/404.html"):
        assert not site.page(url).has("script[src]")
    assert site.build(clock="2026-06-07").holding('<script src="/assets/freshness') == {}


def test_the_next_change_is_the_next_price_to_go(shop: ShopMaker) -> None:
    site = selling(shop, at("hill", checked="2026-05-30 10:00"), at("river"))
    assert site.project().plan.next_change == datetime(2026, 6, 6, 10, tzinfo=UTC)
    assert site.project(clock="2026-06-06 10:00").plan.next_change == datetime(2026, 6, 7, tzinfo=UTC)


def test_beside_each_price_stands_when_it_was_seen(shop: ShopMaker) -> None:
    site = selling(shop, at("hill")).build()
    for url, count, words in (
        ("/products/pot/", 1, "May 31, 2026"),
        ("/notes/n/", 4, "May 31, 2026"),
        ("/zh-CN/notes/n/", 4, "2026年5月31日"),
    ):
        page = site.page(url)
        assert len(page.css("main .price")) == count
        assert page.one("main").text().count(words) == count


# --- reductions ------------------------------------------------------------------------------------------------------


def test_our_own_reduction_comes_from_the_ledger(shop: ShopMaker) -> None:
    site = selling(shop, {"url": "https://counter.example/pot", "price": "80.00", "was": WAS}, ledger=PROOF).build()
    assert "lowest price in the 30 days before: $99.00" in site.page("/products/pot/").text
    assert "降价前 30 天内最低价 US$99.00" in site.page("/zh-CN/notes/n/").text


@pytest.mark.parametrize(
    ("rows", "told", "hint"),
    [
        (None, "has no row of this offer", "ccgen prices record"),
        (ledger("pot/counter", (40, 1, "99.00")), "ends with 99.00 USD, and the price is 80.00 USD", "ccgen prices record"),
        (ledger("pot/counter", (20, 11, "99.00"), (10, 0, "80.00")), "knows 10 of the 30 days", "30 days after the first"),
        (ledger("pot/counter", (60, 31, "80.00"), (30, 11, "99.00"), (10, 0, "80.00")), "not below the lowest price", "delete"),
        (ledger("pot/counter", (40, 0, "80.00")), "holds no other price than 80.00 USD, which it first names on 2026-04-22", "delete"),
        (ledger("pot/counter", (5, 0, "80.00")), "holds no other price than 80.00 USD", "cannot be proven later either"),
        (ledger("pot/bazaar", (40, 11, "99.00"), (10, 0, "80.00")), "has no row of this offer", "ccgen prices record"),
    ],
)  # fmt: skip
def test_without_proof_a_reduction_of_ours_is_refused_at_its_line(
    shop: ShopMaker, rows: str | None, told: str, hint: str
) -> None:
    site = selling(shop, at("counter", was=WAS), ledger=rows)
    (problem,) = site.fails()["PR-07"]
    assert told in problem.message
    assert hint in problem.hint
    place, line, _ = site.place(problem).split(":")
    assert place == "content/products/pot.yaml"
    assert '"price": "99.00"' in (site.root / place).read_text().splitlines()[int(line) - 1]


def test_another_value_than_the_ledgers_is_refused_with_the_right_one(shop: ShopMaker) -> None:
    site = selling(shop, at("counter", was={"price": "120.00", "seen": "2026-05-20"}), ledger=PROOF)
    (problem,) = site.fails()["PR-07"]
    assert problem.message == "the lowest price of the 30 days before 2026-05-22 is 99.00 USD"
    assert problem.hint == "price: 99.00 USD"
    site.edit("content/products/pot.yaml", '"price": "120.00"', '"price": "99.00 USD"').build()


def test_at_a_stall_we_are_the_seller_too(shop: ShopMaker) -> None:
    site = selling(shop, at("bazaar", was=WAS))
    assert "PR-07" in site.fails()
    site.write({"data/prices.csv": PROOF.replace("counter", "bazaar")}).build()
    assert "lowest price in the 30 days before: $99.00" in site.page("/products/pot/").text


def test_another_merchants_reduction_is_that_merchants_claim(shop: ShopMaker) -> None:
    site = selling(shop, at("river", was=WAS)).build()
    assert "River says it was $99.00 (seen May 20, 2026)" in site.page("/products/pot/").text
    assert "River 称原价 US$99.00（查看于 2026年5月20日）" in site.page("/zh-CN/products/pot/").text


@pytest.mark.parametrize("was", ["80.00", "70.00", "99.00 EUR"])
def test_a_claim_that_is_no_reduction_is_not_shown(shop: ShopMaker, was: str) -> None:
    site = selling(shop, at("river", was={"price": was, "seen": "2026-05-20"})).build()
    assert [one.code for one in site.problems] == ["PR-08"]
    assert not site.page("/products/pot/").has(".was")


def test_a_claim_in_another_currency_is_told_as_that(shop: ShopMaker) -> None:
    (problem,) = selling(shop, at("river", was={"price": "99.00 EUR", "seen": "2026-05-20"})).build().problems
    assert problem.message == "`was` is 99.00 EUR, another currency than that of the price, 80.00 USD; it is not shown"
    assert problem.hint == "give it in USD, or delete `was`"


def test_a_claim_from_the_future_is_told_and_not_shown(shop: ShopMaker) -> None:
    site = selling(shop, at("river", was={"price": "99.00", "seen": "2026-06-02"})).build()
    (problem,) = site.problems
    assert (problem.code, problem.severity, problem.at.field) == ("future-date", "warning", "offers[0].was.seen")
    assert not site.page("/products/pot/").has(".was")
    site.build(clock="2026-06-02")
    assert not site.problems
    assert site.page("/products/pot/").has(".was")


def test_rows_of_later_days_count_when_their_day_has_come(shop: ShopMaker) -> None:
    site = selling(shop, at("counter"), ledger=PROOF + "2026-06-05,pot/counter,70.00,USD,record\n").build()
    site.edit(
        "content/products/pot.yaml",
        '"price": "80.00"',
        '"price": "80.00", "was": {"price": "99.00", "seen": "2026-05-20"}',
    )
    site.build()
    assert site.project().plan.next_change == datetime(2026, 6, 5, tzinfo=UTC)
    assert "ends with 70.00 USD" in site.fails(clock="2026-06-05")["PR-07"][0].message


def test_a_damaged_ledger_is_told_once_at_its_place(shop: ShopMaker) -> None:
    site = selling(
        shop, at("counter", was=WAS), ledger=PROOF.replace("2026-05-22,", "2026-05-32,").replace("99.00", "70.00")
    )
    found = site.fails()
    assert list(found) == ["damaged-ledger"]
    (problem,) = found["damaged-ledger"]
    assert site.place(problem) == "data/prices.csv:32:1"


def test_a_ledger_that_proves_nothing_is_not_read(shop: ShopMaker) -> None:
    selling(shop, at("counter"), ledger="nonsense").build()


HEAD, GOOD = "date,offer,amount,currency,source\n", "2026-05-01,a/b,9.00,USD,record\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", None, ""),
        (HEAD, None, ""),
        (HEAD + '2026-05-01,"a,b/c",9,USD,table\n', None, ""),
        ((HEAD + GOOD).replace("\n", "\r\n"), None, ""),
        ("\ufeff" + HEAD + GOOD, None, ""),
        ("date;offer;amount\n", "1:1", "its first line is not the ledger's header"),
        (GOOD, "1:1", "its first line is not the ledger's header"),
        (HEAD + GOOD[:-1], "2:1", "the last line does not end: it may have been cut off"),
        (HEAD + GOOD + "\n" + GOOD, "3:1", "this line is empty"),
        (HEAD + "2026-05-01,a/b,9.00\n", "2:1", "this line has 3 cells, the ledger 5"),
        (HEAD + "01.05.2026,a/b,9.00,USD,record\n", "2:1", "`01.05.2026` is no date"),
        (HEAD + "2026-02-30,a/b,9.00,USD,record\n", "2:1", "`2026-02-30` is not in the calendar"),
        (HEAD + "2026-05-01,a,9.00,USD,record\n", "2:12", "`a` is no offer"),
        (HEAD + "2026-05-01,,9.00,USD,record\n", "2:12", "the offer is missing"),
        (HEAD + "2026-05-01,a/b,$9,USD,record\n", "2:16", "`$9` is no amount"),
        (HEAD + "2026-05-01,a/b,9.001,USD,record\n", "2:16", "`9.001` is finer than USD"),
        (HEAD + "2026-05-01,a/b,9.00,XQQ,record\n", "2:21", "`XQQ` is no currency code"),
        (HEAD + "2026-05-01,a/b,9.00,USD,me\n", "2:25", "`me` is no source"),
        (HEAD + GOOD + "2026-04-30,a/b,9.00,USD,record\n", "3:1", "this row of `a/b` is older than the one before it, of 2026-05-01"),
        (HEAD + "<<<<<<< ours\n" + GOOD, "2:1", "a merge left both versions here"),
    ],
)  # fmt: skip
def test_every_damage_of_the_ledger_has_its_place(shop: ShopMaker, text: str, place: str | None, message: str) -> None:
    site = selling(shop, at("hill", was=WAS))
    (site.root / "data").mkdir()
    (site.root / "data/prices.csv").write_bytes(text.encode())
    if place is None:
        site.build()
        return
    (problem,) = site.fails()["damaged-ledger"]
    assert (site.place(problem), problem.message) == (f"data/prices.csv:{place}", message)
    assert problem.hint


# --- prices by measure -----------------------------------------------------------------------------------------------


def test_goods_by_measure_have_their_price_by_measure(shop: ShopMaker) -> None:
    site = selling(shop, at("hill", "12.00"), contains="340 g").build()
    assert site.page("/products/pot/").one(".unit-price").text() == "$35.29 per kg"
    assert [one.text() for one in site.page("/notes/n/").css(".unit-price")] == ["$35.29 per kg"] * 2
    assert site.page("/zh-CN/products/pot/").one(".unit-price").text() == "US$35.29 / kg"
    assert site.build(clock="2026-06-07").holding("35.29") == {}


def test_germany_compares_by_the_whole(shop: ShopMaker) -> None:
    site = selling(shop, at("hill", "5.00"), contains="100 ml").build()
    assert not site.page("/products/pot/").has(".unit-price")
    site.set(check={"profiles": ["de"]}).build()
    assert site.page("/products/pot/").one(".unit-price").text() == "$50.00 per l"


def test_pieces_have_a_word(shop: ShopMaker) -> None:
    site = selling(shop, at("hill", "9.00"), contains="12 pieces").build()
    assert site.page("/products/pot/").one(".unit-price").text() == "$0.75 per piece"
    assert site.page("/zh-CN/products/pot/").one(".unit-price").text() == "US$0.75 / 件"


# --- what is gone ----------------------------------------------------------------------------------------------------


def kitchen(shop: ShopMaker, **pot: Any) -> Shop:
    def product(name: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "category": "pots", "offers": [f"https://hill.example/{name}"], **more}

    site = selling(shop, at("hill"), category="pots", status="gone", **pot)
    return site.write(
        {
            "content/categories/pots.yaml": {"name": "Pots"},
            "content/products/pan.yaml": product("Pan"),
            "content/products/kettle.yaml": product("Kettle"),
            "content/products/urn.yaml": product("Urn", offers=[at("hill", availability="out_of_stock")]),
            "content/products/jug.yaml": product("Jug", status="gone"),
            "content/products/spoon.yaml": {"name": "Spoon", "offers": [at("hill")]},
            "content/reviews/r.md": article(product="pan", evidence={"obtained": "bought"}),
        }
    )


def instead(site: Shop, url: str = "/products/pot/") -> list[str]:
    return site.page(url).hrefs(".gone a")


def test_a_product_that_is_gone_leads_to_what_can_be_bought_in_its_category(shop: ShopMaker) -> None:
    site = kitchen(shop).build()
    assert instead(site) == ["/products/pan/", "/products/kettle/"]  # what is reviewed comes first
    assert instead(site, "/zh-CN/products/pot/") == ["/zh-CN/products/pan/", "/zh-CN/products/kettle/"]
    assert "Pot is no longer made. What you can buy instead: Pan and Kettle ." in site.page("/products/pot/").text
    assert not site.page("/products/pot/").has("a.buy")
    assert instead(site, "/products/pan/") == []


def test_a_successor_that_can_be_bought_is_enough(shop: ShopMaker) -> None:
    assert instead(kitchen(shop, replaced_by="kettle").build()) == ["/products/kettle/"]
    assert instead(kitchen(shop, replaced_by="urn").build()) == [
        "/products/urn/",
        "/products/pan/",
        "/products/kettle/",
    ]


def test_at_most_three_alternatives(shop: ShopMaker) -> None:
    site = kitchen(shop)
    more = {f"content/products/x{n}.yaml": {"name": f"X{n}", "category": "pots", "offers": [at("hill")]} for n in "123"}
    assert instead(site.write(more).build()) == ["/products/pan/", "/products/kettle/", "/products/x1/"]


def test_successors_that_lead_back_are_told(shop: ShopMaker) -> None:
    site = kitchen(shop, replaced_by="jug")
    site.write({"content/products/jug.yaml": {"name": "Jug", "status": "gone", "replaced_by": "pot"}})
    found = site.fails()["circular-successor"]
    assert sorted(site.place(one).split(":")[0] for one in found) == [
        "content/products/jug.yaml",
        "content/products/pot.yaml",
    ]
