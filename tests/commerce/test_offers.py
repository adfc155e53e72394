"""Which offer a record became, and whose an address is."""

from __future__ import annotations

import pytest

from ccgen.commerce.links import link_base
from ccgen.commerce.offers import hosts_of, made_from, merchant_of, offer_key
from ccgen.model.parts import Offer, ref
from ccgen.model.records import MerchantRecord, OfferRecord

FAR = MerchantRecord(name="Far", role="none", url="https://www.far.example/", domains=("far.example", "m.far.test"))
OUTLET = MerchantRecord(name="Outlet", role="none", url="https://outlet.far.example/")


def offer(ident: str | None = None, target: str = "https://far.example/pot") -> Offer:
    return Offer(
        key=offer_key("pot", "far", ident),
        merchant=ref("merchant", "en", "far"),
        product="pot",
        role="none",
        base=link_base(FAR, target),
    )


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        (OfferRecord(url="https://far.example/pot"), True),
        (OfferRecord(merchant="far", url="https://far.example/pot"), True),
        (OfferRecord(merchant="far", asin="B000000001"), True),
        (OfferRecord(merchant="near", url="https://far.example/pot"), False),
        (OfferRecord(url="https://far.example/pot", id="large"), False),
        (OfferRecord(url="https://far.example/pan"), False),
    ],
)
def test_an_offer_knows_its_record(record: OfferRecord, wanted: bool) -> None:
    assert made_from(offer(), record) is wanted


def test_two_sizes_on_one_page_are_two_offers() -> None:
    records = [OfferRecord(url="https://far.example/pot", id=ident) for ident in ("large", "small")]
    assert [made_from(offer("small"), one) for one in records] == [False, True]


def test_hosts_are_told_once() -> None:
    assert hosts_of(FAR) == ("far.example", "m.far.test")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://outlet.far.example/pot", OUTLET),
        ("https://www.outlet.far.example/pot", OUTLET),
        ("https://far.example/pot", FAR),
        ("https://notfar.example/pot", None),
        ("mailto:shop@far.example", None),
    ],
)
def test_the_longest_host_says_whose_an_address_is(url: str, wanted: MerchantRecord | None) -> None:
    assert merchant_of(url, (FAR, OUTLET)) == wanted == merchant_of(url, (OUTLET, FAR))
