"""Specs of several products side by side: which rows there are, and which value is best; pure, knows no page.

A value is called best only where the category says which way is better, where at least two products give a number of the
same unit, and where they differ: then every product that has the best number is. Where one gives no plain number, nobody
can say. What is not given stays a gap that the page says in words (rule TR-08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from ccgen.model.parts import ComparedCell, ComparedRow, SpecFact
from ccgen.text.numbers import read_number
from ccgen.text.unreadable import UnreadableError

__all__ = ["SHOWN", "compared", "measured", "row_keys"]

SHOWN = ("rating", "price")  # rows that a page draws from other facts than specs; they are never marked
_BEST: dict[str, Callable[[Iterable[Decimal]], Decimal]] = {"lower": min, "higher": max}


def measured(text: str, unit: str) -> tuple[str, str]:
    """Part a spec as written (`62 g`, `62`, `2–3 g`) into value and the category's unit; what has another stays whole."""
    bare = text.removesuffix(unit).rstrip() if unit else text
    return (bare, unit) if unit and bare[-1:].isdecimal() else (text, "")


def row_keys(products: Sequence[Sequence[SpecFact]], order: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of all specs that a product gives, in the category's `order`, then `rating` and `price`."""
    given = dict.fromkeys(spec.key for specs in products for spec in specs)
    first = [key for key in dict.fromkeys(order) if key in given]
    return (*first, *(key for key in given if key not in first), *SHOWN)


def compared(
    products: Sequence[Sequence[SpecFact]], labels: Sequence[SpecFact], keys: Sequence[str]
) -> tuple[ComparedRow, ...]:
    """Return a row for each key with one cell for each product. `labels` are those of the products' categories."""
    known = {label.key: label for label in reversed([*labels, *(spec for specs in products for spec in specs)])}
    return tuple(_row(key, products, known.get(key)) for key in keys)


def _row(key: str, products: Sequence[Sequence[SpecFact]], label: SpecFact | None) -> ComparedRow:
    if key in SHOWN or label is None:
        return ComparedRow(key=key, label="" if key in SHOWN else key, cells=tuple(ComparedCell() for _ in products))
    found = [next((spec for spec in specs if spec.key == key), None) for specs in products]
    best = _best(found, label)
    return ComparedRow(
        key=key,
        label=label.label,
        better=label.better,
        cells=tuple(
            ComparedCell(value=spec.value, unit=spec.unit, best=best is not None and _measure(spec)[0] == best)
            if spec is not None
            else ComparedCell()
            for spec in found
        ),
    )


def _best(found: Iterable[SpecFact | None], label: SpecFact) -> Decimal | None:
    """Return the number that is best, None where nobody can say: other units, or text among the numbers."""
    measures = [_measure(spec) for spec in found if spec is not None]
    numbers = [number for number, _ in measures if number is not None]
    alike = len(numbers) == len(measures) and len({unit for _, unit in measures}) == 1
    if label.better not in _BEST or not alike or len(set(numbers)) < 2:
        return None
    return _BEST[label.better](numbers)


def _measure(spec: SpecFact) -> tuple[Decimal | None, str]:
    """Part a value into its number, None where it does not begin with one, and what it counts (`35 days`)."""
    number, _, counted = spec.value.partition(" ")
    try:
        return read_number(number), f"{counted} {spec.unit}".strip()
    except UnreadableError:
        return None, ""
