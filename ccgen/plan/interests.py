"""Declared ties of authors and articles, with the names of what they are with; knows no page."""

from __future__ import annotations

from collections.abc import Iterable

from ccgen.errors import At
from ccgen.model.parts import InterestFact
from ccgen.model.records import Interest
from ccgen.plan.index import Index

__all__ = ["interests_of"]


def interests_of(
    index: Index, interests: Iterable[Interest], lang: str, path: str, who: str = ""
) -> tuple[InterestFact, ...]:
    """Return declared ties with the names of what they are with; an unknown one is noted."""
    found = []
    for number, interest in enumerate(interests):
        kinds = ("maker", "merchant", "product")
        entry = next(
            (
                index.table(kind).get((interest.with_, lang))
                for kind in kinds
                if (interest.with_, lang) in index.table(kind)
            ),
            None,
        )
        if entry is None:
            names = {ident for kind in kinds for ident, _ in index.table(kind)}
            index.unknown("maker", interest.with_, At(path=path, field=f"interests[{number}].with"), names)
        else:
            name: str = entry.record.name  # type: ignore[attr-defined]  # makers, merchants and products have names
            found.append(InterestFact(how=interest.how, name=name, note=interest.note or "", who=who))
    return tuple(found)
