"""Runs the rules over records: what was written, and what was decided from it; reads no file and no page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ccgen.check import records_claims, records_links, records_online, records_prices, records_shop, records_trust
from ccgen.check.subject import Subject
from ccgen.errors import Problem

__all__ = ["RECORD_RULES", "check_records", "go_by_faces"]

RECORD_RULES: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    **records_claims.CHECKS,
    **records_trust.CHECKS,
    **records_links.CHECKS,
    **records_prices.CHECKS,
    **records_shop.CHECKS,
    **records_online.CHECKS,
}


# Rules that say the same of a site as long as the faces of its sources (`model.face`) are the same. Two of them look at what
# things cost: PR-10 and SD-02, at goods of our own, whose prices no amended plan changes.
_OF_FACES = frozenset("AT-02 CK-01 DS-10 LK-13 PR-10 RV-01 RV-02 SD-02 SD-12 SD-13 SD-18 TR-01 TR-02 TR-07".split())


def go_by_faces(rules: frozenset[str]) -> bool:
    """Say whether rules over records find the same where no face changed."""
    return rules.isdisjoint(RECORD_RULES.keys() - _OF_FACES)


def check_records(subject: Subject, rules: frozenset[str]) -> tuple[Problem, ...]:
    """Return what breaks the given rules, each finding with its rule's own severity; `Policy.judged` gives the site's.

    Where something is wrong with a file already, its findings may follow from that, and are left out.
    """
    found = (problem for rule, look in RECORD_RULES.items() if rule in rules for problem in look(subject))
    tables = any(path.endswith(".csv") for path in subject.faulty)
    return tuple(
        one
        for one in found
        if one.at.path not in subject.faulty and not (tables and one.at.path.startswith("content/products"))
    )
