"""The quick search for the nearest name finds what comparing every name finds."""

from __future__ import annotations

from difflib import SequenceMatcher
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from ccgen.text import near
from ccgen.text.near import nearest

names = st.text(st.sampled_from("abcde-_É中"), max_size=9)
words = st.lists(st.sampled_from(["kettle", "pot", "guide", "best", "2"]), min_size=1, max_size=4).map("-".join)


def compared(name: str, several: list[str], least: float, most: int = 5_000) -> str | None:
    """Return the nearest of the names by comparing each: of more than `most` only those nearest in length."""
    wanted = name.casefold().replace("_", "-")
    ordered = sorted(set(several))
    if len(ordered) > most:
        ordered = sorted(sorted(ordered, key=lambda one: abs(len(one) - len(wanted)))[:most])
    best, best_ratio = None, least
    for one in ordered:
        if not one:
            continue
        ratio = SequenceMatcher(None, one.casefold().replace("_", "-"), wanted, autojunk=False).ratio()
        if ratio > best_ratio:
            best, best_ratio = one, ratio
    return best


@settings(max_examples=400)
@given(st.one_of(names, words), st.lists(st.one_of(names, words), max_size=30), st.sampled_from([0.0, 0.6, 0.75]))
def test_the_same_name_is_found(name: str, several: list[str], least: float) -> None:
    assert nearest(name, several, least) == compared(name, several, least)


@settings(max_examples=100)
@given(name=names, several=st.lists(names, min_size=8, max_size=30))
def test_the_same_of_very_many(name: str, several: list[str]) -> None:
    before = near._MOST_NAMES
    near._MOST_NAMES = 7
    near._names.cache_clear()
    try:
        assert nearest(name, several) == compared(name, several, 0.6, 7)
    finally:
        near._MOST_NAMES = before
        near._names.cache_clear()


def test_a_miss_among_thousands_costs_a_small_part_of_comparing_each() -> None:
    parts = "kettle leather wallet orange orchard serum noodle pantry coffee bench harvest story guide".split()
    known = [f"{one}-{two}-{three}" for one in parts for two in parts for three in parts]  # 2,197
    missed = [f"the-{parts[number % 13]}-of-{number}-{parts[number % 7]}s" for number in range(20)]
    took = []
    for how in (nearest, compared):
        began = process_time()
        found = [how(one, known, 0.6) for one in missed]
        took.append((process_time() - began, found))
    assert took[0][1] == took[1][1]
    assert took[0][0] * 20 < took[1][0]
