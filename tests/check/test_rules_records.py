"""Each rule over records and words has a shop that breaks it, at one place, and one that looks alike and does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from support import PNG, SELLER, Shop, ShopMaker, article, review

from ccgen.check.prose import PROSE_RULES
from ccgen.check.records import RECORD_RULES
from ccgen.check.registry import RULES
from ccgen.pipeline.project import plan_project

ALL = ["google", "eu", "us", "uk", "de", "amazon", "cn"]
FAR = {"name": "Far Shop", "role": "affiliate", "url": "https://far.example/", "add": {"ref": "ada"}}
AMAZON = {
    "name": "Amazon",
    "role": "affiliate",
    "url": "https://www.amazon.com/",
    "network": "amazon",
    "account": "ada-20",
}
COUNTER = {"name": "Counter", "role": "ours", "url": "https://counter.example/"}
FAR_OFFER = {"url": "https://far.example/pot", "price": "84.00", "checked": "2026-05-31", "availability": "in_stock"}
AMAZON_OFFER = {"merchant": "amazon", "asin": "B000000001"}
OWN_OFFER = {"url": "https://counter.example/cup", "price": "20.00", "availability": "in_stock"}
PICTURE = [{"src": "/p.png", "alt": "It", "ours": True}]
TESTED = {"obtained": "bought", "since": "2026-01-01"}
LONG = "It has stood on my bench since the winter, and I have poured tea from it every day. " * 5
WORDS = {"verdict": "It pours well.", "but": "The lid is loose.", "cons": ["Loose lid"]}
PLAIN: dict[str, Any] = {"evidence": TESTED, "authors": "ada"}
SOUND: dict[str, Any] = {
    "static/p.png": PNG,
    "content/pages/returns.md": article(title="Returns"),
    "content/pages/shipping.md": article(title="Shipping"),
    "content/merchants/far.yaml": FAR,
    "content/merchants/amazon.yaml": AMAZON,
    "content/merchants/counter.yaml": COUNTER,
    "content/categories/pots.yaml": {"name": "Pots"},
    "content/products/pot.yaml": {
        "name": "Pot",
        "category": "pots",
        "images": PICTURE,
        "offers": [FAR_OFFER, AMAZON_OFFER],
    },
    "content/products/cup.yaml": {"name": "Cup", "images": PICTURE, "offers": [OWN_OFFER]},
    "content/reviews/pot.md": review(LONG, **PLAIN, **WORDS),
    "content/guides/pots.md": article(
        LONG, title="Pots", authors="ada", picks=[{"product": "pot", "badge": "Best overall"}]
    ),
}
SETTINGS: dict[str, Any] = {
    "check": {"severity": None, "profiles": ALL},
    "seller": {**SELLER, "returns": "pages/returns.md", "shipping": "pages/shipping.md"},
}


class Case(NamedTuple):
    """What breaks a rule, where that is told, and what looks alike and breaks none. Files are laid over `SOUND`."""

    rule: str
    bad: Mapping[str, Any]
    place: str
    good: Mapping[str, Any]
    settings: Mapping[str, Any] = {}  # for the bad one


def pot(**more: Any) -> dict[str, Any]:
    return {"content/products/pot.yaml": {**SOUND["content/products/pot.yaml"], **more}}


def cup(**more: Any) -> dict[str, Any]:
    return {"content/products/cup.yaml": {**SOUND["content/products/cup.yaml"], **more}}


def of_pot(body: str = LONG, **meta: Any) -> dict[str, Any]:
    return {"content/reviews/pot.md": review(body, **{**PLAIN, **WORDS, **meta})}


def guide(body: str = LONG, **meta: Any) -> dict[str, Any]:
    values = {"title": "Pots", "authors": "ada", "picks": [{"product": "pot"}], **meta}
    return {"content/guides/pots.md": article(body, **values)}


def home(body: str = "Pots.", **meta: Any) -> dict[str, Any]:
    return {"content/_index.md": article(body, **{"title": None, "date": None, "summary": "Pots.", **meta})}


def merchant(name: str, base: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {f"content/merchants/{name}.yaml": {**base, **more}}


REVIEW = "content/reviews/pot.md"
GUIDE = "content/guides/pots.md"
POT = "content/products/pot.yaml"
CUP = "content/products/cup.yaml"
ADA = "content/people/ada.yaml"
BEGUN = "Say in two sentences who you are, what you write about, and how you earn money with it."
NO_TEST = {"evidence": {"obtained": "bought"}}
RATED = {"rating": 4, "scores": {"pour": 4}}
CASES = (
    Case("LK-05", merchant("amazon", AMAZON, account="ada-21"), "account", merchant("amazon", AMAZON, account="b-20")),
    Case(
        "LK-05",
        merchant("amazon", {"name": "A", "role": "affiliate", "url": "https://www.amazon.com/"}, add={"x": "y"}),
        "url",
        merchant("amazon", {"name": "A", "role": "affiliate", "url": "https://www.amazon.com/"}, add={"tag": "a-20"}),
    ),
    Case(
        "LK-05",
        merchant("amazon", AMAZON, domains=["amazon.de"]),
        "domains[0]",
        merchant("amazon", AMAZON, domains=["amazon.ca"]),
    ),
    Case(
        "LK-11",
        merchant("far2", FAR, program="two", url="https://two.example/", domains=["far.example"])
        | pot(offers=[{**FAR_OFFER, "merchant": "far"}, {"url": "https://far.example/p", "merchant": "far2"}]),
        "offers[1]",
        pot(offers=[FAR_OFFER, {"url": "https://far.example/pot?blue", "id": "blue"}, AMAZON_OFFER]),
    ),
    Case(
        "LK-13",
        merchant("old", {"name": "Old", "role": "affiliate", "url": "https://old.example/"}, network="shareasale"),
        "network",
        merchant(
            "old",
            {"name": "Old", "role": "affiliate", "url": "https://old.example/"},
            network="awin",
            account="1",
            program="2",
        ),
    ),
    Case("AT-02", merchant("far", FAR, add={"ref": "ada@shop.example"}), "add.ref", merchant("far", FAR)),
    Case("AT-02", merchant("far", FAR, add={"ref": "+1 312 555 0100"}), "add.ref", merchant("far", FAR)),
    Case(
        "AT-03",
        merchant("amazon", AMAZON, add={"ascsubtag": "{visitor}"}),
        "add.ascsubtag",
        merchant("amazon", AMAZON, add={"ascsubtag": "kettles"}),
    ),
    Case("RV-01", of_pot(title="The pot, tested for years", **NO_TEST), "title", of_pot(title="The pot, tested for years")),
    Case("RV-01", of_pot(verdict="We tested it twice.", **NO_TEST), "verdict", of_pot(verdict="Not tested by us.", **NO_TEST)),
    Case(
        "RV-01",
        of_pot(**NO_TEST) | guide(picks=[{"product": "pot", "badge": "Lab-tested"}]),
        "picks[0].badge",
        guide(picks=[{"product": "pot", "badge": "Lab-tested"}]),
    ),
    Case(
        "RV-01",
        of_pot(evidence={"obtained": "untested", "summary": "Tested by us for a month"}),
        "evidence.summary",
        of_pot(evidence={"obtained": "untested", "summary": "Not tested; its papers read"}),
    ),
    Case(
        "RV-01",
        guide(picks=[{"product": "pot", "evidence": {"obtained": "untested", "summary": "Our tests"}}]),
        "picks[0].evidence.summary",
        guide(picks=[{"product": "pot", "evidence": {"obtained": "loan", "summary": "Our tests"}}]),
    ),
    Case(
        "RV-01",
        of_pot(evidence={"obtained": "bought", "since": "2026-06-02"}),
        "evidence.since",
        of_pot(evidence={"obtained": "bought", "since": "2026-06-01", "until": "2026-07-01"}),
    ),
    Case(
        "RV-01",
        guide(picks=[{"product": "pot", "evidence": {"obtained": "loan", "since": "2027-01-01"}}]),
        "picks[0].evidence.since",
        guide(picks=[{"product": "pot", "evidence": {"obtained": "loan", "since": "2026-01-01"}}]),
    ),
    Case("RV-01", of_pot(f"{LONG}\n\nWe tested it for a month.", **NO_TEST), "13:1", of_pot(f"{LONG}\n\nWe tested it.")),
    Case("RV-02", of_pot(authors=None), "product", of_pot(), {"site": {"author": None}}),
    Case("RV-02", {"content/people/ada.yaml": {"name": "Best Deals!"}}, "name", {"content/people/ada.yaml": {"name": "Ada"}}),
    Case("RV-02", {"content/people/ada.yaml": {"name": "A" * 100}}, "name", {"content/people/ada.yaml": {"name": "A" * 99}}),
    Case(
        "RV-06",
        of_pot(title="An unbiased review") | cup(category="pots"),
        "title",
        of_pot(title="An unbiased review"),
    ),
    Case(
        "RV-06",
        of_pot(f"{LONG}\n\nThis is an independent review.") | cup(category="pots"),
        "13:12",
        of_pot(f"{LONG}\n\nThis is no independent review.") | cup(category="pots"),
    ),
    Case("RV-10", of_pot(rating="4"), "rating", of_pot(rating="4", scores={"pour": "4"})),
    Case(
        "RV-10",
        of_pot(rating="2", scores={"pour": "2"}, verdict="A perfect pot."),
        "verdict",
        of_pot(rating="5", scores={"pour": "5"}, verdict="A perfect pot."),
    ),
    Case("RV-11", of_pot(f"{LONG}\n\nOn Amazon it has 4.6 out of 5 stars."), "13:18", of_pot(f"{LONG}\n\nI give it 4.6 out of 5 stars.")),
    Case(
        "DS-10",
        {"content/makers/us.yaml": {"name": "Us", "ours": True}} | pot(maker="us"),
        "evidence.obtained",
        {"content/makers/us.yaml": {"name": "Us"}} | pot(maker="us"),
    ),
    Case(
        "DS-10",
        of_pot(interests=[{"with": "far", "how": "other"}]),
        "interests[0]",
        of_pot(interests=[{"with": "far", "how": "other", "note": "My sister works there."}]),
    ),
    Case("TR-01", of_pot(but=None, cons=None), "picks[0]", guide(picks=[{"product": "pot", "but": "Heavy."}])),
    Case("TR-01", guide(picks=[{"product": "pot", "but": "&nbsp;"}]) | of_pot(but=None, cons=None), "picks[0]", guide(picks=[{"product": "pot", "but": "-"}])),
    Case("TR-01", of_pot(**RATED, cons=[""]), "cons", of_pot(**RATED, cons=["", "Loose lid"])),
    Case("TR-01", of_pot(**RATED, cons=["&#8203;", "–"]), "cons", of_pot(cons=["&#8203;"])),
    Case("TR-01", of_pot(**RATED, but="&nbsp;"), "but", of_pot(**RATED, but="重")),
    Case(
        "TR-02",
        guide(picks=[{"product": "pot", "badge": "Best overall"}, {"product": "cup", "badge": "Our pick", **dict.fromkeys(("verdict", "but"), "x")}]),
        "picks[1].badge",
        guide(picks=[{"product": "pot", "badge": "Best overall"}, {"product": "cup", "badge": "For one", **dict.fromkeys(("verdict", "but"), "x")}]),
    ),
    Case(
        "TR-02",
        guide(picks=[{"product": "pot", "badge": "Best overall"}, {"product": "cup", "badge": "best  Overall", **dict.fromkeys(("verdict", "but"), "x")}]),
        "picks[1].badge",
        guide(picks=[{"product": "pot", "badge": "Best overall"}]),
    ),
    Case(
        "TR-02",
        guide(f'{LONG}\n\n::product{{cup badge="Our pick"}}', picks=[{"product": "pot", "badge": "Best overall"}]),
        "9:22",
        guide(f'{LONG}\n\n::product{{pot badge="Our pick"}}', picks=[{"product": "pot", "badge": "Best overall"}]),
    ),
    Case(
        "TR-02",
        guide(f'{LONG}\n\n::product{{pot badge="Best overall"}}\n\n::product{{cup badge="Best overall"}}'),
        "11:22",
        guide(f'{LONG}\n\n::product{{pot badge="Since 2025"}}\n\n::product{{cup badge="Since 2025"}}'),
    ),
    Case(
        "TR-02",
        of_pot(verdict=None),
        "picks[0].badge",
        of_pot(verdict=None) | guide(picks=[{"product": "pot", "badge": "Best overall", "verdict": "Pours well."}]),
    ),
    Case("TR-04", of_pot(title="The pot in 2025"), "title", of_pot(title="The pot in 2026")),
    Case(
        "TR-04",
        pot(offers=[{"url": "https://far.example/pot", "checked": "2025-01-01"}, AMAZON_OFFER]),
        "offers",
        pot(offers=[{"url": "https://far.example/pot", "checked": "2025-09-01"}, AMAZON_OFFER]),
    ),
    Case("TR-05", guide(title="The best pots"), "title", guide(title="The best pots", method="I used both.")),
    Case(
        "TR-06",
        pot(offers=[FAR_OFFER, {"url": "https://far.example/2", "id": "two"}]),
        "offers",
        pot(offers=[FAR_OFFER]),
    ),
    Case(
        "TR-07",
        pot(offers=[{**FAR_OFFER, "availability": "out_of_stock"}]),
        "picks[0].product",
        pot(offers=[{**FAR_OFFER, "availability": "out_of_stock"}, AMAZON_OFFER]),
    ),
    Case("TR-07", pot(status="gone"), "picks[0].product", pot(status="gone", replaced_by="cup")),
    Case("TR-09", of_pot("::product{pot}"), "", of_pot(LONG)),
    Case("PR-01", merchant("amazon", AMAZON, show_price="24 hours") | pot(offers=[{**AMAZON_OFFER, "price": "80.00", "checked": "2026-05-31 20:00"}]), "offers[0].price", pot(offers=[FAR_OFFER, {**AMAZON_OFFER, "price": "80.00", "checked": "2026-05-31 20:00"}])),
    Case("PR-01", of_pot(f"{LONG}\n\nAmazon asks $80 for it."), "13:13", of_pot(f"{LONG}\n\nI paid $80 for it.")),
    Case("PR-02", merchant("amazon", AMAZON, show_price="2 days"), "show_price", merchant("amazon", AMAZON, show_price="24 hours")),
    Case("PR-02", merchant("amazon", AMAZON, show_price="always"), "show_price", merchant("amazon", AMAZON, show_price="never")),
    Case("PR-02", merchant("amazon", AMAZON, show_price="1 week"), "show_price", merchant("amazon", AMAZON, show_price="90 minutes")),
    Case(
        "PR-06",
        merchant("far", FAR, show_price="always") | pot(offers=[{**FAR_OFFER, "checked": "2026-05-01"}, AMAZON_OFFER]),
        "offers[0].price",
        merchant("far", FAR, show_price="always") | pot(offers=[{**FAR_OFFER, "checked": "2026-05-28"}, AMAZON_OFFER]),
    ),
    Case("PR-10", cup(offers=[{**OWN_OFFER, "price": "0.00"}]), "offers[0].price", cup(offers=[{**OWN_OFFER, "price": "0.01"}])),
    Case(
        "PR-10",  # two sizes on one page
        cup(offers=[{**OWN_OFFER, "id": "large"}, {**OWN_OFFER, "id": "small", "price": "0.00"}]),
        "offers[1].price",
        cup(offers=[{**OWN_OFFER, "id": "large"}, {**OWN_OFFER, "id": "small"}]),
    ),
    Case("PR-12", cup(name="Honey, 340 g"), "name", cup(name="Honey, 340 g", contains="340 g")),
    Case(
        "PR-13",
        merchant("amazon", AMAZON, show_price="24 hours")
        | pot(offers=[FAR_OFFER, {**AMAZON_OFFER, "price": "80.00", "checked": "2026-05-31 20:00"}]),
        "offers[1].price",
        {},
        {"check": {"severity": {"PR-01": "off"}}},
    ),
    Case(
        "PR-14",
        of_pot(f"{LONG}\n\nHurry, it is the last one."),
        "13:1",
        of_pot(f"{LONG}\n\nHurry!") | pot(offers=[{**FAR_OFFER, "valid_until": "2026-06-05"}, AMAZON_OFFER]),
    ),
    Case("SD-02", cup(images=[]), "name", pot(images=[])),
    Case("SD-02", cup(offers=[{"url": "https://counter.example/cup", "availability": "in_stock"}]), "offers", pot(offers=[{"url": "https://far.example/pot"}, AMAZON_OFFER])),
    Case("SD-12", pot(gtin="2012345678903"), "gtin", pot(gtin="4006381333931")),
    Case("SD-13", pot(sku="a b"), "sku", pot(sku="a-b")),
    Case(
        "SD-14",
        cup(offers=[OWN_OFFER, {**OWN_OFFER, "id": "cn", "url": "https://counter.example/cn", "price": "140 CNY"}]),
        "offers",
        cup(offers=[OWN_OFFER, {**OWN_OFFER, "id": "b", "url": "https://counter.example/b", "price": "21 USD"}]),
    ),
    Case(
        "SD-18",
        of_pot(updates=[{"date": "2026-07-01", "note": "More."}]),
        "updates[0].date",
        of_pot(updates=[{"date": "2026-05-20", "note": "More."}]),
    ),
    Case(
        "IM-01",
        {"static/71QKQ9mwV7L._AC_SL1500_.png": PNG}
        | pot(images=[{"src": "/71QKQ9mwV7L._AC_SL1500_.png", "alt": "It", "credit": "x"}]),
        "images[0]",
        pot(images=[{"src": "/p.png", "alt": "It", "credit": "The maker"}]),
    ),
    Case("IM-02", pot(images=[{"src": "/p.png", "alt": "It"}]), "images[0]", pot(images=[{"src": "/p.png", "alt": "It", "credit": "Bo"}])),
    Case(
        "IM-03",
        of_pot(title="The pot, tested by hand"),
        "evidence",
        of_pot(title="The pot, tested by hand", image={"src": "/p.png", "alt": "It", "ours": True}),
    ),
    Case("CK-01", {}, "seller", {}, {"seller": {"shipping": None}}),
    Case("CK-01", {}, "seller", {}, {"seller": {"returns": None}}),
    Case("GO-01", {}, "site.url", {}, {"site": {"url": "https://example.org/"}}),
    Case("GO-01", {}, "site.url", {}, {"site": {"url": "https://www.example.com/shop/"}}),
    Case("GO-02", home(summary="One sentence that says what people find here."), "summary", home(summary="Pots.")),
    Case("GO-02", home(BEGUN), "4:1", home(f"We sell pots. {BEGUN}")),
    Case("GO-02", {ADA: {"name": "Your Name"}}, "name", {ADA: {"name": "Ada"}}),
)  # fmt: skip
# What a case cannot help breaking too: a title with a claim shows no picture of the test.
ALONGSIDE = {"IM-03"}


def findings(shop: ShopMaker, files: Mapping[str, Any], settings: Mapping[str, Any] = {}) -> tuple[Shop, list[Any]]:
    site = shop({**SOUND, **files}, settings=SETTINGS)
    site.set(**settings)
    config, warnings = site.config()
    project = plan_project(config, warnings, least="info")
    strange = [one for one in project.problems if one.code not in RULES]
    assert not strange, site.told(tuple(strange))
    return site, list(project.problems)


def names_of(found: list[Any], case: Case) -> set[str]:
    return {one.code for one in found} - (ALONGSIDE - {case.rule})


def ids(case: Case) -> str:
    return f"{case.rule}-{case.place}"


def test_the_sound_shop_breaks_no_rule(shop: ShopMaker) -> None:
    site, found = findings(shop, {})
    assert not site.told(tuple(found))


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_what_breaks_a_rule_is_told_at_its_place(shop: ShopMaker, case: Case) -> None:
    site, found = findings(shop, case.bad, case.settings)
    assert names_of(found, case) == {case.rule}, site.told(tuple(found))
    (one,) = (problem for problem in found if problem.code == case.rule)
    if one.at.start >= 0:
        assert site.place(one).partition(":")[2] == case.place
    else:
        assert one.at.field == case.place
    assert one.hint
    assert (site.root / one.at.path).is_file()


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_what_looks_alike_does_not(shop: ShopMaker, case: Case) -> None:
    site, found = findings(shop, case.good)
    assert case.rule not in {one.code for one in found}, site.told(tuple(found))


def test_every_rule_over_records_and_words_has_a_case() -> None:
    assert {case.rule for case in CASES} == RECORD_RULES.keys() | PROSE_RULES.keys()
    decided = {rule.id for rule in RULES.values() if {"records", "prose"} & set(rule.decided)}
    assert decided == RECORD_RULES.keys() | PROSE_RULES.keys()


def test_severities_are_the_registry_s_and_warnings_over_prose(shop: ShopMaker) -> None:
    _, found = findings(shop, of_pot(f"{LONG}\n\nWe tested it for a month.", **NO_TEST))
    assert [one.severity for one in found] == ["warning"]
    _, found = findings(shop, of_pot(verdict="We tested it.", **NO_TEST))
    assert [one.severity for one in found] == ["error"]


@pytest.mark.parametrize(
    "hidden",
    ["`We tested it for a month.`", "```\nWe tested it for a month.\n```", "[here](https://x.example/we-tested-it)"],
)
def test_code_and_destinations_are_not_the_author_s_words(shop: ShopMaker, hidden: str) -> None:
    _, found = findings(shop, of_pot(f"{LONG}\n\n{hidden}", **NO_TEST))
    assert found == []


def test_words_are_found_in_the_languages_of_the_site(shop: ShopMaker) -> None:
    files = {
        "content/reviews/pot.zh-CN.md": article("我们测试了它一个月。", title="壶", date=None),
        **of_pot(**NO_TEST),
    }
    _site, found = findings(shop, files, {"site": {"languages": ["en", "zh-CN"]}})
    assert [(one.code, one.at.path) for one in found if one.code == "RV-01"] == [
        ("RV-01", "content/reviews/pot.zh-CN.md")
    ]


def test_what_a_translation_inherits_is_told_once(shop: ShopMaker) -> None:
    files = {
        "content/reviews/pot.zh-CN.md": article("壶" * 60, title="壶", date=None),
        **of_pot(rating="4", verdict="We tested it.", **NO_TEST),
    }
    _, found = findings(shop, files, {"site": {"languages": ["en", "zh-CN"]}})
    assert sorted(one.code for one in found) == ["RV-01", "RV-10"]
    assert {one.at.path for one in found} == {"content/reviews/pot.md"}


def test_what_is_not_published_is_not_looked_at(shop: ShopMaker) -> None:
    _, found = findings(shop, of_pot(verdict="We tested it.", draft=True, **NO_TEST) | {GUIDE: None})
    assert found == []


def test_a_fault_elsewhere_hides_no_finding_and_makes_none(shop: ShopMaker) -> None:
    """A pick whose review cannot be read has no second problem; a claim beside it is told in the same run."""
    files = {
        **of_pot(rating="x"),
        "content/reviews/cup.md": review(LONG, product="cup", title="We tested a cup", evidence={"obtained": "bought"}),
    }
    site = shop({**SOUND, **files}, settings=SETTINGS)
    assert sorted(site.fails()) == ["RV-01", "bad-number"]


def test_our_own_price_that_went_stale_by_the_clock_stops_no_build(shop: ShopMaker) -> None:
    """What no edit caused is a warning, with the date to renew; a shop that shows no price at all is still stopped."""
    files = {"content/merchants/counter.yaml": {**COUNTER, "show_price": "7 days"}, **cup(checked="2026-05-31")}
    site = shop({**SOUND, **files}, settings=SETTINGS)
    assert "SD-02" not in {one.code for one in site.build(clock="2026-06-06").problems}
    assert "$20.00" in site.page("/products/cup/").text
    (told,) = (one for one in site.build(clock="2026-06-08").problems if one.code == "SD-02")
    assert (told.severity, told.at.field) == ("warning", "checked")
    assert told.message == "our price of `cup` is no longer shown: it was seen more than 7 days ago"
    assert "`checked:`" in told.hint
    assert "$20.00" not in site.page("/products/cup/").text
    site.write(cup(offers=[{**OWN_OFFER, "checked": "2026-06-01"}])).build(clock="2026-06-07")
    (told,) = (one for one in site.build(clock="2026-06-09").problems if one.code == "SD-02")
    assert told.at.field == "offers[0].checked"
    unpriced = {key: value for key, value in OWN_OFFER.items() if key != "price"}
    for lacking, key in (
        ({"offers": [unpriced], "checked": "2026-05-31"}, "`price:`"),
        ({"offers": [OWN_OFFER]}, "`checked:`"),
        ({"checked": "2026-07-01"}, "`checked:`"),  # which has not come yet
    ):
        site.write(cup(**lacking))
        (told,) = site.fails(clock="2026-06-08")["SD-02"]
        assert told.severity == "error"
        assert key in told.hint
    site.write({"content/merchants/counter.yaml": {**COUNTER, "show_price": "never"}, **cup(checked="2026-05-31")})
    assert set(site.fails(clock="2026-06-08")) == {"SD-02"}
