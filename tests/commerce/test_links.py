"""Purchase links, without a site: what stands in them, where, and in which encoding."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.links import Place, Way, link, link_base, place_on, purchase
from ccgen.commerce.networks import NETWORKS, network_at, program_values
from ccgen.model.parts import Offer, Ref
from ccgen.model.records import MerchantRecord, SubIdRule

TARGET = "https://far.example/pot?colour=red&size=1#top"
PLACE = Place("reviews", "reviews/pot", "product-1")
PROGRAMS = {"impact": "brand.pxf.io/556677/7890", "ebay": "711-53200-19255-0"}
SUB = "reviews_pot_product-1_pot"


def offer_of(record: MerchantRecord, target: str = TARGET) -> Offer:
    return Offer(
        key="pot/far", merchant=Ref("merchant:en:far"), product="pot", role=record.role, base=link_base(record, target)
    )


def made(record: MerchantRecord, target: str = TARGET, place: Place = PLACE) -> str:
    return link(offer_of(record, target), ("none",), place).href


def merchant(**more: object) -> MerchantRecord:
    return MerchantRecord(name="Far", role="affiliate", url="https://far.example/", **more)  # type: ignore[arg-type]


def at(network: str) -> MerchantRecord:
    account = {"default": "acc", "reviews": "acc-reviews"}
    return merchant(network=network, account=account, program=PROGRAMS.get(network, "6220"))


# Every network's link as its own documents and builders make it.
SHAPES = {
    "amazon": "https://far.example/pot?colour=red&size=1&tag=acc-reviews#top",
    "awin": f"https://www.awin1.com/cread.php?awinmid=6220&awinaffid=acc-reviews&clickref={SUB}&ued={quote(TARGET, safe='')}",
    "cj": f"https://www.anrdoezrs.net/links/acc-reviews/type/dlg/sid/{SUB}/{TARGET}",
    "ebay": "https://far.example/pot?colour=red&size=1&mkevt=1&mkcid=1&mkrid=711-53200-19255-0&campid=acc-reviews"
    f"&toolid=10001&customid={SUB}#top",
    "impact": f"https://brand.pxf.io/c/acc-reviews/556677/7890?u={quote(TARGET, safe='')}&subId1={SUB}",
    "rakuten": f"https://click.linksynergy.com/deeplink?id=acc-reviews&mid=6220&murl={quote(TARGET, safe='')}&u1={SUB}",
    "skimlinks": f"https://go.skimresources.com/?id=acc-reviews&xs=1&url={quote(TARGET, safe='')}&xcust={SUB}",
    "sovrn": f"https://redirect.viglink.com/?format=go&key=acc-reviews&u={quote(TARGET, safe='')}&cuid={SUB}",
    "shareasale": TARGET,
    "jd": TARGET,
    "pinduoduo": TARGET,
    "taobao": TARGET,
    "paypal": TARGET,
    "stripe": f"https://far.example/pot?colour=red&size=1&client_reference_id={SUB}#top",
}


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_makes_its_link(network: str) -> None:
    assert made(at(network)) == SHAPES[network]


@pytest.mark.parametrize("network", NETWORKS)
def test_the_table_is_whole(network: str) -> None:
    entry = NETWORKS[network]
    shape = entry.template + "".join(f"{key}={value}" for key, value in entry.append)
    assert entry.source
    assert (entry.kind == "minted") == (not shape)
    assert (entry.sub_max > 0) == ("{sub}" in shape) == bool(entry.parameter)
    assert entry.parameter in shape.replace("/", "=")
    if entry.kind in {"wrap", "path"}:
        assert ("{url}" in entry.template) == (entry.kind == "wrap")
        host = urlsplit(entry.template).netloc
        assert host == "{host}" or network_at(host) == network


def test_without_a_network_the_link_is_the_target() -> None:
    assert made(merchant()) == TARGET


ODD = [
    "https://far.example/pot?b=%41+c%20d&&=x&a&q=%E6%9C%88;z#/route?x=1&y=%2F",
    "https://far.example/a%2Fb?u=https%3A%2F%2Fx.example%2F%3Fa%3D1",
    "https://far.example?x=1&",
    "https://far.example/月?名=牙",
]


@pytest.mark.parametrize("target", ODD)
def test_what_the_merchant_wrote_stays_byte_for_byte(target: str) -> None:
    rest, mark, fragment = target.partition("#")
    assert made(merchant(), target) == target
    assert made(merchant(add={"ref": "me you"}), target) == f"{rest}&ref=me%20you{mark}{fragment}"
    encoded = parse_qs(urlsplit(made(at("awin"), target)).query)["ued"]
    assert encoded == [target]


def test_what_is_appended_takes_the_place_of_what_was_there() -> None:
    href = made(merchant(add={"ref": "me", "size": "2"}))
    assert href == "https://far.example/pot?colour=red&ref=me&size=2#top"
    assert made(merchant(add={"tag": "mine"}), "https://far.example/?t%61g=theirs") == "https://far.example/?tag=mine"
    assert made(at("amazon"), "https://far.example/dp/B0?tag=theirs-20") == "https://far.example/dp/B0?tag=acc-reviews"


@given(
    target=st.text(max_size=40), add=st.dictionaries(st.text(min_size=1, max_size=8), st.text(max_size=8), max_size=3)
)
def test_parameters_are_there_once_and_nothing_else_moves(target: str, add: dict[str, str]) -> None:
    target = "https://far.example/" + target.replace("\ufdd0", "")
    href = made(merchant(add=add), target)
    rest, mark, fragment = target.partition("#")
    assert href.endswith(mark + fragment)
    assert href.startswith(rest.partition("?")[0])
    query = href.partition("#")[0].partition("?")[2]
    for key, value in add.items():
        assert [one for one in parse_qsl(query, keep_blank_values=True) if one[0] == key] == [(key, value)]


def test_a_path_holds_the_target_as_it_is_and_nothing_no_url_may() -> None:
    start = f"https://www.anrdoezrs.net/links/acc-reviews/type/dlg/sid/{SUB}/"
    assert made(at("cj"), "https://far.example/a%20b?x=%2F#t") == start + "https://far.example/a%20b?x=%2F#t"
    assert made(at("cj"), 'https://far.example/壶 "x"') == start + "https://far.example/%E5%A3%B6%20%22x%22"


def test_a_target_cannot_break_out_of_a_template() -> None:
    record = merchant(link="https://t.example/c?u={url}&sid={sub}", sub_id=SubIdRule(max=20))
    target = 'https://far.example/?a={sub}&b=1#"><script>&sid=evil'
    query = parse_qs(urlsplit(made(record, target)).query)
    assert query["u"] == [target]
    assert len(query["sid"]) == 1


def test_the_account_is_that_of_the_section_else_the_default() -> None:
    record = merchant(network="amazon", account={"default": "all-20", "reviews": "tests-20"})
    assert made(record).endswith("size=1&tag=tests-20#top")
    assert made(record, place=Place("notes", "notes/n", "buy-1")).endswith("size=1&tag=all-20#top")


def test_amazon_gets_nothing_that_could_name_a_visitor_or_a_place() -> None:
    assert "reviews_pot" not in made(at("amazon"))
    assert purchase(offer_of(at("amazon")), PLACE) is None
    assert purchase(offer_of(merchant(network="amazon", account={"default": "x"}, sub_id=SubIdRule())), PLACE) is None


def test_a_merchants_own_parameter_may_carry_the_sub_id() -> None:
    assert made(merchant(add={"custom": "{sub}", "ref": "me"})).endswith(f"&custom={SUB}&ref=me#top")
    paypal = merchant(network="paypal", add={"custom": "{sub}"}, sub_id=SubIdRule(max=127))
    assert f"custom={SUB}" in made(paypal, "https://www.paypal.com/ncp/payment/ABC?locale.x=en_US")
    assert "reviews_pot" not in made(merchant(link="https://t.example/?u={url}"))


def test_parts_of_a_program_are_named() -> None:
    impact, ebay = NETWORKS["impact"], NETWORKS["ebay"]
    assert program_values(impact, "go.example/1/2") == {"host": "go.example", "ad": "1", "program": "2"}
    assert program_values(ebay, "711/42") == {"rotation": "711", "tool": "42"}
    assert program_values(ebay, "711") == {"rotation": "711", "tool": "10001"}
    for program in ("", "go.example", "go.example/1", "go.example//2", "go.example/1/2/3"):
        assert program_values(impact, program) is None


def test_a_program_cannot_break_out() -> None:
    record = merchant(network="awin", account={"default": "1"}, program='6&ued=x#"{sub}')
    query = parse_qs(urlsplit(made(record)).query)
    assert query["awinmid"] == ['6&ued=x#"{sub}']
    assert query["ued"] == [TARGET]


@pytest.mark.parametrize(
    ("owner", "place"),
    [
        ("article:en:reviews/pot", Place("reviews", "reviews/pot", "page")),
        ("article:zh-CN:reviews/pot", Place("reviews", "zh-CN/reviews/pot", "page")),
        ("product:en:pot", Place("product", "products/pot", "page")),
        ("maker:zh-CN:mei", Place("maker", "zh-CN/makers/mei", "page")),
        ("person:en:ada", Place("person", "people/ada", "page")),
        ("list:en:reviews/page/2", Place("list", "page/list/reviews/page/2", "page")),
        ("home:en", Place("home", "page/home", "page")),
    ],
)
def test_every_page_has_a_name_of_its_own(owner: str, place: Place) -> None:
    assert place_on(owner, "en") == place


def test_a_networks_own_hosts_are_known() -> None:
    assert network_at("www.awin1.com") == "awin"
    assert network_at("brand.pxf.io") == "impact"
    assert network_at("s.click.taobao.com") == "taobao"
    assert network_at("www.taobao.com") == network_at("notawin1.com") == ""
    assert unquote(SUB) == SUB


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_one_way_leads_from_every_place_as_one_of_its_own_would(network: str) -> None:
    offer = offer_of(at(network))
    way = Way(offer)
    places = [PLACE, Place("guides", "guides/pots", "link-2"), Place("reviews", "reviews/壶", "é 1"), PLACE]
    assert [way.at(place) for place in places] == [link(offer, ("none",), place).href for place in places]
