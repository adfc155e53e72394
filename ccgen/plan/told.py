"""Which findings are told: each fault once, where it was written, and nothing that only follows from another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ccgen.errors import Problem
from ccgen.model.loaded import Loaded
from ccgen.plan.index import Index
from ccgen.text.fields import parent_of

__all__ = ["told"]

_KINDS = ("product", "maker", "person", "merchant", "category")
# Rules that look at several keys of one offer: with one of these in doubt, they would tell its fault again.
_OF_OFFERS = frozenset({"duplicate-offer", "LK-08", "price-without-currency", "PR-05"})
_MEANT = re.compile(r"did you mean `([a-z_]+)`")  # a key that is misspelt leaves the right one in doubt


def told(found: Iterable[Problem], index: Index) -> list[Problem]:
    """Return what `plan` found without what a translation only inherits, and without what follows from a load's fault."""
    inherited = _Inherited(index)
    doubtful = _doubtful(index.loaded)
    kept = [one for one in dict.fromkeys(found) if not _follows(one, doubtful)]
    at_home = {(one.code, one.message, one.at.field, one.at.path) for one in kept}
    return [
        one
        for one in kept
        if not one.at.field
        or (home := inherited.home(one.at.path)) is None
        or (one.code, one.message, one.at.field, home) not in at_home
    ]


class _Inherited:
    """Where the values that a translation does not give itself are written."""

    def __init__(self, index: Index) -> None:
        default = index.config.language
        written = {(one.section, one.id): one.path for one in index.loaded.articles if one.lang == default}
        self._homes = {
            one.path: written.get((one.section, one.id)) for one in index.loaded.articles if one.lang != default
        }
        for kind in _KINDS:
            table = index.table(kind)
            self._homes |= {
                entry.path: table[ident, default].path for (ident, lang), entry in table.items() if lang != default
            }

    def home(self, path: str) -> str | None:
        """Return the other file that a file's values come from, None where there is none."""
        home = self._homes.get(path)
        return None if home == path else home


def _doubtful(loaded: Loaded) -> frozenset[tuple[str, str]]:
    """Return the mappings that hold a fault, and the faulty keys of a file itself, as path and field."""
    found: set[tuple[str, str]] = set()
    for one in loaded.problems:
        if one.severity == "error" and one.at.field:
            found.add((one.at.path, parent_of(one.at.field) or one.at.field))
            meant = _MEANT.search(one.hint) if one.code == "unknown-key" else None
            if meant is not None:
                found.add((one.at.path, meant[1]))
    return frozenset(found)


def _follows(problem: Problem, doubtful: frozenset[tuple[str, str]]) -> bool:
    path, field = problem.at.path, problem.at.field
    at_host = problem.code == "unknown-merchant" and field.endswith(".url")
    if problem.code not in _OF_OFFERS and not at_host:
        return False
    return (path, parent_of(field)) in doubtful or (path, field) in doubtful or (path, "checked") in doubtful
