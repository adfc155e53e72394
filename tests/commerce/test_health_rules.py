"""States of links over time, and which addresses may be asked for at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.arrival import Redirect, added_names, lost_by, neutral, onward
from ccgen.commerce.health import Answer, judge
from ccgen.commerce.networks import NETWORKS
from ccgen.commerce.watched import carried, paid_at, plain_url
from ccgen.model.health import LinkHealth
from ccgen.model.records import MerchantRecord

URL = "https://shop.example/pot"
START = datetime(2026, 6, 1, tzinfo=UTC)
Kind = Literal["reached", "unchanged", "gone", "unclear"]
LOOKS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["reached", "unchanged", "gone", "unclear"])), max_size=12
)


@given(LOOKS)
def test_broken_is_what_was_gone_twice_a_day_apart_and_not_seen_between(looks: list[tuple[int, Kind]]) -> None:
    known: LinkHealth | None = None
    now = START
    gone: list[datetime] = []  # since a page was last seen
    last = "ok"
    for hours, kind in looks:
        now += timedelta(hours=hours)
        known = judge(URL, known, Answer(kind, 200, "why", final=URL), now=now)
        gone = [*gone, now] if kind == "gone" else [] if kind in {"reached", "unchanged"} else gone
        broken = any(later - first >= timedelta(days=1) for first in gone for later in gone)
        wanted = "broken" if broken else "suspect" if gone else "uncertain" if kind == "unclear" else "ok"
        assert known.state == wanted
        assert len(known.strikes) == (2 if broken else 1 if gone else 0)
        assert known.checked == now
        assert known.since == now or known.state == last
        last = known.state


def merchant(**more: object) -> MerchantRecord:
    return MerchantRecord(**{"name": "Shop", "role": "affiliate", "url": "https://www.shop.example/", **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "more", "wanted"),
    [
        (
            "https://www.amazon.de/dp/B0?tag=a-21&th=1&linkCode=x",
            {"network": "amazon"},
            "https://www.amazon.de/dp/B0?th=1",
        ),
        ("https://www.amazon.co.uk/dp/B0?%74ag=a-21", None, "https://www.amazon.co.uk/dp/B0"),
        ("https://www.ebay.com/itm/1?mkevt=1&campid=5&var=2", None, "https://www.ebay.com/itm/1?var=2"),
        ("https://blog.example/?tag=tea", None, "https://blog.example/?tag=tea"),
        (
            "https://www.shop.example/a?ref=x&b=1%202+3#top",
            {"add": {"ref": "me"}},
            "https://www.shop.example/a?b=1%202+3",
        ),
        ("https://www.shop.example/a?x=&x=2", {"network": "awin", "program": "1"}, "https://www.shop.example/a?x=&x=2"),
        ("https://buy.stripe.com/x?client_reference_id=1", {"network": "stripe"}, "https://buy.stripe.com/x"),
    ],
)
def test_a_plain_address_says_nothing_of_us(url: str, more: dict[str, object] | None, wanted: str) -> None:
    assert plain_url(url, None if more is None else merchant(**more)) == wanted


@pytest.mark.parametrize("network", [name for name, one in NETWORKS.items() if one.hosts])
def test_no_host_of_a_network_may_be_asked(network: str) -> None:
    for host in NETWORKS[network].hosts:
        assert paid_at(f"https://{host}/x", None)
        assert paid_at(f"https://www.{host}/x", None)
        assert not paid_at(f"https://not{host}/x", None)


def test_the_hosts_of_a_merchants_own_paid_links_may_not_be_asked() -> None:
    own = merchant(link="https://go.shop.example/c/1?u={url}&s={sub}")
    impact = merchant(network="impact", program="brand.example/12/34")
    assert carried("https://go.shop.example/c/1", [own])
    assert carried("https://brand.example/c/1", [impact])
    assert not carried("https://www.shop.example/pot", [own, impact])
    # A shop that counts clicks by a parameter of its own pages can be asked for its pages.
    assert not paid_at("https://www.shop.example/pot", merchant(link="https://www.shop.example/r?to={url}"))
    assert paid_at("https://item.jd.com/1.html", merchant(network="jd"))
    assert not paid_at("https://item.jd.com/1.html", merchant(network="jd", role="stall"))


NAMES = ("ref", "sid")


@pytest.mark.parametrize(
    ("url", "target", "lost"),
    [
        ("http://s.example/p?ref=x&sid=x", "https://s.example/p", NAMES),
        ("https://s.example/p?ref=x&sid=x", "https://s.example/p/", NAMES),
        ("https://s.example/p?ref=x&sid=x", "https://s.example/p", ()),  # taken: the same page without them
        ("https://s.example/p?a=1&ref=x&sid=x", "https://s.example/q?sid=x&a=1", ("ref",)),
        ("https://s.example/p?ref=x&%73id=x", "https://s.example/q?%72ef=&sid=2", ()),
        ("https://s.example/p", "https://s.example/q", ()),  # they were gone before
    ],
)
def test_what_a_redirect_drops(url: str, target: str, lost: tuple[str, ...]) -> None:
    assert lost_by([Redirect(url, target)], NAMES) == lost
    assert lost_by([Redirect(url, target, sets_cookie=True)], NAMES) == ()


def test_nobodys_values_stand_in_place_of_ours() -> None:
    assert neutral("https://s.example/p?a=%20&ref=us#top", NAMES) == (
        "https://s.example/p?a=%20&ref=ccgen-check&sid=ccgen-check"
    )
    plain = "https://s.example/q?b=2"
    assert onward("https://s.example/q?ref=us&b=2&pid=us", plain, NAMES) == f"{plain}&ref=ccgen-check"
    assert onward("https://s.example/q", "https://s.example/q", NAMES) == "https://s.example/q"
    for shop in ("https://www.amazon.de/dp/B0", "https://www.ebay.co.uk/itm/1"):
        assert onward(f"{shop}?ref=us", shop, NAMES) == "", "not asked for with a parameter of any name"


def test_parameters_that_purchase_links_add() -> None:
    assert added_names(merchant(add={"ref": "slow", "sid": "{sub}"}), URL) == NAMES
    assert added_names(merchant(network="awin", account={"default": "1"}, program="2"), URL) == ()
    assert added_names(merchant(network="stripe"), URL) == ("client_reference_id",)
    assert added_names(None, URL) == ()


@pytest.mark.parametrize(
    ("made", "url"),
    [
        ({"network": "amazon", "account": {"default": "a-20"}}, "https://www.amazon.com/dp/B0"),
        ({"network": "amazon", "account": {"default": "a-20"}, "add": {"th": "1"}}, URL),
        ({"network": "ebay", "account": {"default": "1"}, "program": "711-0/1"}, "https://www.ebay.com/itm/1"),
        ({"add": {"tag": "a-20"}}, "https://smile.amazon.co.jp/dp/B0"),  # the same links, written by hand
        ({"add": {"campid": "1"}}, "https://ebay.de/itm/1"),
    ],
)
def test_nothing_is_tried_out_where_only_people_may_follow_links(made: dict[str, Any], url: str) -> None:
    assert added_names(merchant(**made), url) == ()
