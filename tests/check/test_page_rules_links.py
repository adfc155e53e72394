"""Rules over links of finished pages: each with a page that keeps it and one that breaks it."""

from __future__ import annotations

import pytest
from page_site import ALL, AMAZON, FAR, POT, broken, drawn, page_shop
from support import Shop, ShopMaker, article

LINK = '<a class="buy" href="{{{{ link.href }}}}"{rel}>{words}</a> <small>{{{{ link.mark }}}}</small>'
BUY = "{{% for offer in record.offers %}}{{% set link = offer.link %}}{link}{{% endfor %}}"
BUY_YAML = "doc: x\nform: inline\nlabel: optional\nrecords: product?\nparams: {merchant: {type: merchant}, slot: {}}\nplain: template\n"


def buying(rel: str = ' rel="{{ link.rel }}"', words: str = "{{ label }}") -> dict[str, str]:
    """Return a theme's drawing of `:buy`."""
    return {
        "themes/mine/directives/buy.html": BUY.format(link=LINK.format(rel=rel, words=words)),
        "themes/mine/directives/buy.yaml": BUY_YAML,
    }


def test_plain_keeps_all_rules_over_links(shop: ShopMaker) -> None:
    site = page_shop(shop, profiles=ALL)
    assert broken(site.check(), "LK-01", "LK-02", "LK-03", "LK-04", "LK-12") == []


@pytest.mark.parametrize(
    ("rel", "severity"), [("", "error"), (' rel="noopener"', "error"), (' rel="nofollow noopener"', "warning")]
)
def test_a_paid_link_without_its_rel(shop: ShopMaker, rel: str, severity: str) -> None:
    site = page_shop(shop, buying(rel))
    (problem,) = broken(site.check(), "LK-01")
    assert problem.severity == severity
    assert problem.at.path == "content/reviews/pot.md"
    assert "`far`" in problem.message
    assert problem.hint.endswith("change the template that draws /reviews/pot/ (`article/review.html`)")


def test_a_build_stops_at_a_paid_link_without_its_rel(shop: ShopMaker) -> None:
    assert page_shop(shop, buying()).build().problems == ()
    assert "LK-01" in page_shop(shop, buying("")).fails()


def test_one_finding_for_all_pages_of_one_template(shop: ShopMaker) -> None:
    more = {f"content/notes/n{number}.md": article(":buy[x]{pot}") for number in range(3)}
    (first, second) = page_shop(shop, {**buying(""), **more}).fails()["LK-01"]
    assert {first.hint.rpartition(", and ")[2], second.hint.rpartition("(")[2]} == {
        "2 more pages",
        "`article/review.html`)",
    }


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("https://go.far.example/?u=https%3A%2F%2Ffar.example%2Fother", True),
        ("https://far.example/", False),  # a website is no purchase
        ("https://www.awin1.com/cread.php?awinmid=1&ued=x", True),
        ("https://s.click.taobao.com/abc", True),
        ("https://notfar.example/pot", False),
        ("/products/pot/", False),
        ("HTTPS://FAR.example/pot", True),
        ("//far.example/pot", True),
        ("http://far.example/pot", True),
        (r"https:\\go.far.example\x", True),
        ("  ht\ttps://a@go.far.example:443/x ", True),
    ],
)
def test_a_link_of_the_themes_own_making(shop: ShopMaker, url: str, counts: bool) -> None:
    site = page_shop(shop, drawn(f'<a href="{url}">x</a>'))
    assert bool(broken(site.check(), "LK-01")) is counts


def test_a_link_at_a_merchant_whose_links_carry_parameters(shop: ShopMaker) -> None:
    paid = drawn('<a href="https://far.example/x?ref=ada">x</a>')
    plain = drawn('<a href="https://far.example/x">x</a>')
    merchant = {key: value for key, value in FAR.items() if key != "link"} | {"add": {"ref": "ada"}}
    adding = {"content/merchants/far.yaml": merchant}
    assert broken(page_shop(shop, adding | paid).check(), "LK-01")
    assert not broken(page_shop(shop, adding | plain).check(), "LK-01")


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("https://www.amazon.com/dp/B0EXAMPLE1?th=1&tag=me-20", True),
        ("https://www.amazon.com/dp/B0EXAMPLE1", False),
        ("https://www.amazon.com/s?hashtag=me-20", False),
        ("https://www.amazon.com/dp/B0EXAMPLE1?tag=", False),
        ("https://www.ebay.com/itm/1?mkevt=1&campid=5338", True),
        ("https://www.ebay.com/itm/1", False),
    ],
)
def test_an_account_in_a_link_to_a_shop_that_no_record_names(shop: ShopMaker, url: str, counts: bool) -> None:
    site = page_shop(shop, {"content/notes/n.md": article(f"See [it]({url}).")})
    assert {one.at.path for one in broken(site.check(), "LK-01", "DS-01")} == (
        {"content/notes/n.md"} if counts else set()
    )
    assert {one.code for one in broken(site.problems, "LK-01", "DS-01")} == ({"LK-01", "DS-01"} if counts else set())


@pytest.mark.parametrize("link", ["[it](https://amzn.to/3abc)", '<a href="https://amzn.to/3abc">it</a>'])
def test_a_paid_link_in_prose_that_no_record_names_is_told_where_it_is_written(shop: ShopMaker, link: str) -> None:
    site = page_shop(shop, {"content/notes/n.md": article(f"Text.\n\nSee {link}.")})
    (problem,) = broken(site.check(), "LK-01")  # on its page and in feeds, and yet in one place
    path, line, _ = site.place(problem).split(":")
    assert "amzn.to" in (site.root / path).read_text().splitlines()[int(line) - 1]
    assert problem.message == "a paid link of amazon is written out, and no merchant record says who pays"
    assert problem.hint == (
        "record the merchant in content/merchants/ with `role: affiliate` and `network: amazon`, and link to its own"
        " address in Markdown: then ccgen writes the `rel`"
    )
    theme = drawn('<a href="https://amzn.to/3abc">x</a>', "article/note.html")
    both = page_shop(shop, {"content/notes/n.md": article("See [it](https://amzn.to/other)."), **theme}).check()
    assert sorted(one.hint.split()[0] for one in broken(both, "LK-01")) == ["record", "write"]


def test_a_gift_makes_every_link_to_it_paid(shop: ShopMaker) -> None:
    merchant = {"content/merchants/far.yaml": {"name": "Far", "role": "none", "url": "https://far.example/"}}
    given = {"evidence": {"obtained": "gift"}}
    assert not broken(page_shop(shop, merchant | buying(), **given).check(), "LK-01")
    assert broken(page_shop(shop, merchant | buying(' rel="noopener"'), **given).check(), "LK-01")
    assert not broken(page_shop(shop, merchant | buying(' rel="noopener"')).check(), "LK-01")


def test_a_link_that_is_written_out(shop: ShopMaker) -> None:
    text = "See [it](https://far.example/pot).\n"
    site = page_shop(shop, body=text)
    (problem,) = broken(site.check(), "LK-02")
    assert problem.severity == "warning"
    assert problem.hint == ":buy[it]{pot merchant=far}"  # on its page and in feeds, and yet in one place
    assert site.place(problem).startswith("content/reviews/pot.md:")
    line = int(site.place(problem).split(":")[1])
    assert "https://far.example/pot" in (site.root / "content/reviews/pot.md").read_text().splitlines()[line - 1]
    assert broken(site.build().problems, "LK-02") == []  # a warning is for `ccgen check`


@pytest.mark.parametrize(
    ("body", "offers", "hint"),
    [
        ("See [it](https://far.example/pot 'here').", POT["offers"], "write `:buy[…]{pot merchant=far}`"),
        ("See [it *now*](https://far.example/pot).", POT["offers"], "write `:buy[…]{pot merchant=far}`"),
        ("See <https://far.example/pot>.", POT["offers"], "write `:buy[…]{pot merchant=far}`"),
        ("> See [it](https://far.example/pot).", POT["offers"], ":buy[it]{pot merchant=far}"),
        (":::note\nSee [it](https://far.example/pot).\n:::", POT["offers"], ":buy[it]{pot merchant=far}"),
        ("See [it](https://far.example/pan).", POT["offers"], "record the product"),
        ("See [it](https://far.example/pot).", [*POT["offers"], {"url": "https://far.example/b", "id": "b"}], "record the"),
    ],
)  # fmt: skip
def test_a_written_link_is_corrected_where_one_product_is_meant(
    shop: ShopMaker, body: str, offers: list[object], hint: str
) -> None:
    site = page_shop(shop, {"content/products/pot.yaml": {**POT, "offers": offers}}, body=f"{body}\n")
    (problem,) = broken(site.check(), "LK-02")
    assert problem.hint.startswith(hint)


def test_a_written_link_is_corrected_as_soon_as_its_product_is_recorded(shop: ShopMaker) -> None:
    site = page_shop(shop, body="See [it](https://far.example/pan).\n")
    assert broken(site.check(), "LK-02")[0].hint.startswith("record the product")
    site.write({"content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]}})
    assert broken(site.check(), "LK-02")[0].hint == ":buy[it]{pan merchant=far}"


def amazon_shop(shop: ShopMaker, words: str, files: dict[str, str] | None = None, *profiles: str) -> Shop:
    return page_shop(
        shop,
        {
            "content/merchants/amazon.yaml": AMAZON,
            "content/products/pot.yaml": {"name": "Clay Pot", "offers": [{"merchant": "amazon", "asin": "B0EXAMPLE1"}]},
            **(files or {}),
        },
        body=f":buy[{words}]{{pot}}.\n",
        profiles=profiles or ("amazon",),
    )


def test_a_link_to_amazon_names_amazon(shop: ShopMaker) -> None:
    assert broken(amazon_shop(shop, "Buy now").check(), "LK-03") == []  # plain says where it opens
    plain = '<a href="{{ link.href }}" rel="{{ link.rel }}">{{ label }}</a>'
    drawing = {
        "themes/mine/directives/buy.html": "{% for offer in record.offers %}{% set link = offer.link %}"
        + plain
        + "{% endfor %}",
        "themes/mine/directives/buy.yaml": BUY_YAML,
    }
    assert broken(amazon_shop(shop, "Check it at Amazon", drawing).check(), "LK-03") == []
    (problem,) = broken(amazon_shop(shop, "Buy now", drawing).check(), "LK-03")
    assert "“Buy now”" in problem.message
    assert broken(amazon_shop(shop, "Buy now", drawing, "google").check(), "LK-03") == []


@pytest.mark.parametrize(
    ("html", "counts"),
    [
        ('<a href="https://www.amazon.com/dp/B0EXAMPLE1?tag=ada-20" rel="sponsored">Amazon</a>', False),
        ('<a href="https://short.example/?to=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB0" rel="sponsored">Amazon</a>', True),
        ('<a href="https://wiki.example/amazon.com">about Amazon</a>', False),
        ('<a href="https://short.example/?to=https://notamazon.com/dp/B0">about Amazon</a>', False),
        ('<a href="https://short.example/?to=https://www.amazon.com.evil.example/">about Amazon</a>', False),
        ('<a href="https://short.example/?to=//SMILE.Amazon.co.uk./dp/B0">Amazon</a>', True),
        ('<meta http-equiv="Refresh" content="0; url=https://www.amazon.de/dp/B0">', True),
    ],
)
def test_a_link_that_hides_amazon(shop: ShopMaker, html: str, counts: bool) -> None:
    site = page_shop(shop, drawn(html), profiles=["amazon"])
    assert bool(broken(site.check(), "LK-04")) is counts


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ('<a href="/" target="_blank">home</a>', 2),
        ('<a href="/" target="_blank" rel="noopener">home</a>', 1),
        ('<a href="/" target="_blank">home (opens in a new tab)</a>', 1),
        ('<a href="/" target="_blank" rel="noopener" aria-label="home, new window">home</a>', 0),
        ('<a href="/">home</a>', 0),
    ],
)
def test_a_link_into_a_new_window(shop: ShopMaker, link: str, found: int) -> None:
    assert len(broken(page_shop(shop, drawn(link)).check(), "LK-12")) == found


def test_a_rule_that_is_off_or_waived_is_silent(shop: ShopMaker) -> None:
    site = page_shop(shop, buying(""))
    assert "LK-01" in site.fails()
    site.set(check={"severity": {"LK-01": "off"}}).build()
    site.set(check={"severity": {"LK-01": "warning"}})
    assert [one.severity for one in broken(site.check(), "LK-01")] == ["warning"]
    site.set(check={"severity": None, "waive": [{"rule": "LK-01", "at": "reviews/", "reason": "tested here"}]}).build()


def test_a_page_left_fresh_is_read_again_when_a_rule_comes_to_count(shop: ShopMaker) -> None:
    site = page_shop(shop, buying(""))
    site.set(check={"severity": {"LK-01": "off"}}).build()
    assert "LK-01" in site.set(check={"severity": None}).fails()


def test_a_page_left_fresh_is_read_again_when_a_merchant_pays(shop: ShopMaker) -> None:
    """The page reads no fact of the merchant: its address stands in the template."""
    site = page_shop(shop, drawn('<a href="https://new.example/?u=1">x</a>', "article/page.html"))
    site.write({"content/pages/about.md": article(date=None)}).build()
    new = {"name": "New", "role": "affiliate", "url": "https://shop.test/", "link": "https://new.example/?u={url}"}
    assert "LK-01" in site.write({"content/merchants/new.yaml": new}).fails()
