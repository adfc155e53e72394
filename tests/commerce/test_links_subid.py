"""Sub-ids: within a network's limits, always the same, and never the same for two places."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.links import Place, link_base, purchase, sub_alphabet, sub_id
from ccgen.commerce.networks import NETWORKS
from ccgen.model.parts import Offer, Ref
from ccgen.model.records import MerchantRecord

USUAL = "A-Za-z0-9_-"
CHARS = [USUAL, "A-Za-z0-9", "a-z", "A-Z", "0-9", "A-Z0-9", "a-z0-9.", "A-Fa-f0-9-", "a-z_", r"\w"]
PLACE = Place("reviews", "reviews/pot", "product-1")
# Few signs, so that names that differ only in what parts them are tried often.
NAMES = st.text("ab-_/.", min_size=1, max_size=6) | st.text("é壶 ab", min_size=1, max_size=30)


@given(
    page=st.text(min_size=1, max_size=60),
    slot=st.text(min_size=1, max_size=30),
    product=st.text(min_size=1, max_size=60),
    most=st.integers(min_value=1, max_value=80),
    chars=st.sampled_from(CHARS),
)
def test_a_sub_id_keeps_within_its_limits(page: str, slot: str, product: str, most: int, chars: str) -> None:
    found = sub_id(Place("s", page, slot), product, most, chars)
    assert 0 < len(found) <= most
    assert re.fullmatch(f"[{chars}]*", found)
    assert found == sub_id(Place("other", page, slot), product, most, chars)


@given(
    places=st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=2, max_size=40, unique=True),
    chars=st.sampled_from(CHARS),
    most=st.sampled_from([12, 13, 20, 40, 200]),
)
def test_no_two_places_have_the_same(places: list[tuple[str, str, str]], chars: str, most: int) -> None:
    found = {sub_id(Place("s", page, slot), product, most, chars) for page, slot, product in places}
    assert len(found) == len(places)


@pytest.mark.parametrize("chars", CHARS)
@pytest.mark.parametrize("most", [16, 50])
def test_no_two_places_of_a_large_site_have_the_same(chars: str, most: int) -> None:
    dice = random.Random(7)
    words = ["pot", "pot-1", "a", "a-b", "b", "a_b", "kettle", "1", "x" * 30]
    places = set()
    while len(places) < 5_000:
        page = "/".join(dice.choices(words, k=dice.randint(1, 3)))
        places.add(
            (page, f"{dice.choice(words)}-{dice.randint(1, 9)}", "-".join(dice.choices(words, k=dice.randint(1, 2))))
        )
    found = {sub_id(Place("s", page, slot), product, most, chars) for page, slot, product in places}
    assert len(found) == len(places)
    # Networks may fold cases: they must differ in more than that. Names that a reader sees are lower case here.
    assert len({one.casefold() for one in found}) == len(places)


@pytest.mark.parametrize("network", [name for name, one in NETWORKS.items() if one.sub_max])
@given(page=st.text(min_size=1, max_size=300), product=st.text(min_size=1, max_size=150))
def test_every_network_gets_what_it_takes(network: str, page: str, product: str) -> None:
    entry = NETWORKS[network]
    record = MerchantRecord(
        name="Far",
        role="affiliate",
        url="https://far.example/",
        network=network,
        account={"default": "a"},
        program="h.example/1/2",
    )
    if network not in {"impact"}:
        record = MerchantRecord(name="Far", role="affiliate", url="https://far.example/", network=network, program="1")
    offer = Offer(
        key=f"{product}/far",
        merchant=Ref("merchant:en:far"),
        product=product,
        role="affiliate",
        base=link_base(record, "https://far.example/x"),
    )
    made = purchase(offer, Place("s", page, "buy-1"))
    assert made is not None
    assert re.fullmatch(f"[{entry.sub_chars}]{{1,{entry.sub_max}}}", made.sub)


def test_a_sub_id_that_fits_can_be_read() -> None:
    assert sub_id(PLACE, "pot", 50, USUAL) == "reviews_pot_product-1_pot"
    assert sub_id(PLACE, "pot", 25, USUAL) == "reviews_pot_product-1_pot"


def test_one_that_does_not_fit_says_a_little_of_everything() -> None:
    found = sub_id(Place("guides", "guides/grinding-by-hand", "product-1"), "osk-hand-grinder", 40, USUAL)
    assert re.fullmatch(r"grinding-product-osk-hand__[a-z0-9]{12}", found)
    assert sub_id(Place("r", "reviews/月牙", "buy-1"), "yueya", 50, USUAL).startswith("buy-1-yueya__")
    assert re.fullmatch("[a-z0-9]{12}", sub_id(PLACE, "pot", 12, USUAL))


@pytest.mark.parametrize("most", range(1, 60))
def test_cutting_is_exact(most: int) -> None:
    for lengths in ((15, 5, 15), (1, 40, 40), (20, 20, 20), (1, 1, 60), (16, 15, 15)):
        page, slot, product = ("x" * length for length in lengths)
        assert len(sub_id(Place("s", page, slot), f"{product}.", most, USUAL)) <= most


def test_names_that_run_into_each_other_stay_apart() -> None:
    pairs = [
        (Place("s", "a/b", "c-1"), "d", Place("s", "a", "b/c-1"), "d"),
        (Place("s", "a-b", "c"), "d", Place("s", "a/b", "c"), "d"),
        (Place("s", "a_b", "c"), "d", Place("s", "a/b", "c"), "d"),
        (Place("s", "a", "b"), "c_d", Place("s", "a/b", "c"), "d"),
        (Place("s", "a", "b_c"), "d", Place("s", "ab", "_c"), "d"),
    ]
    for one, first, other, second in pairs:
        for most in (50, 12):
            assert sub_id(one, first, most, USUAL) != sub_id(other, second, most, USUAL)


def test_a_digest_is_in_one_case() -> None:
    assert sub_alphabet(USUAL).symbols == "abcdefghijklmnopqrstuvwxyz0123456789"
    assert sub_alphabet("A-Z0-9").symbols == "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    assert sub_alphabet("A-Fa-f").symbols == "abcdef"


def test_a_link_in_prose_names_no_product() -> None:
    record = MerchantRecord(name="Far", role="affiliate", url="https://far.example/", add={"s": "{sub}"})
    base = link_base(record, "https://far.example/x")
    offer = Offer(key="/far", merchant=Ref("merchant:en:far"), product="link", role="affiliate", base=base)
    made = purchase(offer, Place("notes", "notes/n", "link-1"))
    assert made == ("notes_n_link-1_link", "notes/n", "link-1", "", "far")
