"""Which value of a comparison is best: only where the category says what better is, and only among plain numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.compare import SHOWN, compared, measured, row_keys
from ccgen.model.parts import SpecFact

LABEL = SpecFact(key="weight", label="Weight", value="", unit="g", better="lower")


def specs(*values: str | None, better: str = "lower", unit: str = "g") -> list[tuple[SpecFact, ...]]:
    return [
        () if value is None else (SpecFact(key="weight", label="Weight", value=value, unit=unit, better=better),)
        for value in values
    ]


def best(*values: str | None, better: str = "lower") -> list[bool]:
    label = SpecFact(key="weight", label="Weight", value="", unit="g", better=better)
    (row,) = compared(specs(*values, better=better), [label], ["weight"])
    return [cell.best for cell in row.cells]


@pytest.mark.parametrize(
    ("values", "better", "marked"),
    [
        (("62", "58.5", "70"), "lower", (1,)),
        (("62", "58.5", "70"), "higher", (2,)),
        (("62", "58.5", "70"), "", ()),
        (("58.50", "58.5", "70"), "lower", (0, 1)),  # the same number, written differently
        (("62", "62"), "lower", ()),  # nobody is better than another
        (("62", None, "70"), "lower", (0,)),  # a gap is said, and the rest compared
        (("62", None), "lower", ()),
        ((None, None), "lower", ()),
        (("62", "about 50", "70"), "lower", ()),  # nobody can say
        (("12 days", "35 days"), "higher", (1,)),
        (("12 days", "5 weeks"), "higher", ()),
        (("9", "10"), "higher", (1,)),  # as numbers, not as text
        (("٣", "2"), "lower", ()),
    ],
)
def test_the_best_is_marked_only_where_it_is_certain(
    values: tuple[str | None, ...], better: str, marked: tuple[int, ...]
) -> None:
    assert best(*values, better=better) == [number in marked for number in range(len(values))]


def test_other_units_are_not_compared() -> None:
    mixed = [*specs("62"), *specs("0.05 kg", unit="")]
    (row,) = compared(mixed, [LABEL], ["weight"])
    assert [cell.best for cell in row.cells] == [False, False]
    same_number = [*specs("62"), *specs("50", unit="oz")]
    (row,) = compared(same_number, [LABEL], ["weight"])
    assert not any(cell.best for cell in row.cells)


numbers = st.decimals(min_value=0, max_value=10**6, allow_nan=False, places=2).map(lambda one: f"{one:f}")


@given(st.lists(st.none() | numbers, max_size=8), st.sampled_from(["lower", "higher"]))
def test_a_marked_value_is_beaten_by_none_and_beats_one(values: list[str | None], better: str) -> None:
    marks = best(*values, better=better)
    given_ = [Decimal(value) for value in values if value is not None]
    for value, marked in zip(values, marks, strict=True):
        if value is None:
            assert not marked
            continue
        number = Decimal(value)
        behind = [other < number if better == "lower" else other > number for other in given_]
        assert marked == (not any(behind) and len(set(given_)) > 1)


@pytest.mark.parametrize(
    ("text", "unit", "parted"),
    [
        ("62 g", "g", ("62", "g")),
        ("62g", "g", ("62", "g")),
        ("62", "g", ("62", "g")),
        ("2–3 g", "g", ("2–3", "g")),
        ("0.06 kg", "g", ("0.06 kg", "")),
        ("about an ounce", "g", ("about an ounce", "")),
        ("62 g", "", ("62 g", "")),
    ],
)
def test_a_value_is_parted_from_its_unit(text: str, unit: str, parted: tuple[str, str]) -> None:
    assert measured(text, unit) == parted


def test_rows_stand_in_the_order_of_the_category() -> None:
    def spec(key: str) -> SpecFact:
        return SpecFact(key=key, label=key.title(), value="1")

    products = [(spec("b"), spec("x")), (spec("c"), spec("b"))]
    assert row_keys(products, ["a", "b", "c"]) == ("b", "c", "x", *SHOWN)
    rows = compared(products, [], row_keys(products, ["a", "b", "c"]))
    assert [(row.key, row.label, [cell.value for cell in row.cells]) for row in rows] == [
        ("b", "B", ["1", "1"]),
        ("c", "C", ["", "1"]),
        ("x", "X", ["1", ""]),
        ("rating", "", ["", ""]),
        ("price", "", ["", ""]),
    ]
