"""Purchase links and their sub-ids, without a site."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.links import Place, link, link_base, sub_id
from ccgen.commerce.networks import NETWORKS
from ccgen.model.parts import Offer, Ref
from ccgen.model.records import MerchantRecord, SubIdRule

TARGET = "https://far.example/pot?colour=red&size=1#top"
PLACE = Place("reviews", "reviews/pot", "product-1")


def made(record: MerchantRecord, target: str = TARGET, place: Place = PLACE) -> str:
    offer = Offer(
        key="pot/far", merchant=Ref("merchant:en:far"), product="pot", role=record.role, base=link_base(record, target)
    )
    return link(offer, ("none",), place).href


def merchant(**more: object) -> MerchantRecord:
    return MerchantRecord(name="Far", role="affiliate", url="https://far.example/", **more)  # type: ignore[arg-type]


def test_without_a_network_the_link_is_the_target() -> None:
    assert made(merchant()) == TARGET


def test_what_is_appended_takes_the_place_of_what_was_there() -> None:
    href = made(merchant(add={"ref": "me", "size": "2"}))
    assert href == "https://far.example/pot?colour=red&ref=me&size=2#top"


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_makes_a_safe_link_that_holds_the_target(network: str) -> None:
    record = merchant(network=network, account={"default": "acc", "reviews": "acc-reviews"}, program="go.example")
    href = made(record)
    parts = urlsplit(href)
    assert parts.scheme == "https"
    assert parts.netloc
    assert "{" not in unquote(href)
    template = NETWORKS[network].template
    if template:
        assert "far.example/pot?colour=red&size=1#top" in unquote(href)
        assert parts.netloc != "far.example"
    else:
        assert parts.netloc == "far.example"
        assert parts.fragment == "top"
        assert parse_qs(parts.query)["colour"] == ["red"]
    if "{account}" in template or any("{account}" in value for _, value in NETWORKS[network].append):
        assert "acc-reviews" in href
    if NETWORKS[network].sub_max:
        assert "reviews-pot-product-1-pot" in href


def test_the_account_is_that_of_the_section_else_the_default() -> None:
    record = merchant(network="amazon", account={"default": "all-20", "reviews": "tests-20"})
    assert made(record).endswith("size=1&tag=tests-20#top")
    assert made(record, place=Place("notes", "notes/n", "buy-1")).endswith("size=1&tag=all-20#top")


def test_a_target_cannot_break_out_of_a_template() -> None:
    record = merchant(link="https://t.example/c?u={url}&sid={sub}", sub_id=SubIdRule(max=20))
    target = 'https://far.example/?a={sub}&b=1#"><script>&sid=evil'
    query = parse_qs(urlsplit(made(record, target)).query)
    assert query["u"] == [target]
    assert len(query["sid"]) == 1


@given(
    page=st.text(min_size=1, max_size=60),
    slot=st.text(min_size=1, max_size=30),
    product=st.text(min_size=1, max_size=60),
    most=st.integers(min_value=1, max_value=80),
    chars=st.sampled_from(["A-Za-z0-9_-", "A-Za-z0-9", "a-z", "A-Z", "0-9", "A-Z0-9", "a-z0-9.", "A-Fa-f0-9-", r"\w"]),
)
def test_a_sub_id_keeps_within_its_limits(page: str, slot: str, product: str, most: int, chars: str) -> None:
    found = sub_id(Place("s", page, slot), product, most, chars)
    assert len(found) <= most
    assert re.fullmatch(f"[{chars}]*", found)
    assert found == sub_id(Place("s", page, slot), product, most, chars)


@given(
    several=st.lists(st.text("abcdefgh-/éß壶 ", min_size=1, max_size=90), min_size=2, max_size=12, unique=True),
    chars=st.sampled_from(["A-Za-z0-9_-", "A-Za-z0-9", "a-z", "A-Z", "0-9"]),
)
def test_sub_ids_that_had_to_be_cut_stay_apart(several: list[str], chars: str) -> None:
    pages = {page.replace("/", "-") for page in several}
    found = {sub_id(Place("s", page, "buy-1"), "pot", 24, chars) for page in pages}
    assert len(found) == len(pages)


def test_a_sub_id_that_fits_can_be_read() -> None:
    assert sub_id(PLACE, "pot", 50, "A-Za-z0-9_-") == "reviews-pot-product-1-pot"


def test_a_network_without_a_sub_id_gets_none() -> None:
    assert "reviews-pot" not in made(merchant(network="amazon", account={"default": "x"}))
    assert "reviews-pot" not in made(merchant(link="https://t.example/?u={url}"))
