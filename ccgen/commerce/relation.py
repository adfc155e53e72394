"""How we stand to a product and who sells it, and what follows for links and words; computed, never written.

The table is in docs/formats.md, "Who pays". Where several relations apply, the first in `STRICTNESS` gives the mark at the
link, and every one gives its sentence. Money for the click is the strictest but for an advertisement: a reader at a link
needs to know that it pays before how the reviewer came by the product, which the evidence says.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ccgen.model.records import Evidence, Interest, Role

__all__ = ["PAID", "STRICTNESS", "article_ties", "rel_of", "relations", "role_relation"]

STRICTNESS = ("sponsored", "affiliate", "gift", "loan", "stall", "own", "none")
PAID = frozenset({"sponsored", "affiliate", "gift", "loan"})

_ROLE_RELATION: dict[str, str] = {"ours": "own", "stall": "stall", "affiliate": "affiliate", "none": "none"}


def role_relation(role: Role | str) -> str:
    """Return the relation that a merchant's role alone makes."""
    return _ROLE_RELATION[role]


def article_ties(evidence: Evidence | None, interests: Iterable[Interest]) -> frozenset[str]:
    """Return the relations that an article's own evidence and interests add to each product it is about."""
    found = {interest.how for interest in interests if interest.how in PAID}
    if evidence is not None and evidence.obtained in {"gift", "loan"}:
        found.add(evidence.obtained)
    return frozenset(found)


def relations(role: Role | str, ties: Iterable[str]) -> tuple[str, ...]:
    """Return all relations that apply at a link, strictest first; `none` only when nothing else does."""
    return _in_order(frozenset((role_relation(role), *ties)))


@cache
def _in_order(found: frozenset[str]) -> tuple[str, ...]:
    some = found - {"none"} or found
    return tuple(sorted(some, key=STRICTNESS.index))


@cache
def rel_of(found: tuple[str, ...]) -> str:
    """Return the `rel` attribute of a purchase link, '' for a link to our own counter."""
    names = set(found)
    if names & PAID:
        return "sponsored nofollow noopener"
    return "noopener" if "none" in names or not names else ""
