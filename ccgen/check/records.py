"""Runs the rules over records: what was written, and what was decided from it; reads no file and no page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ccgen.check import records_claims, records_links, records_prices, records_shop, records_trust
from ccgen.check.subject import Subject
from ccgen.errors import Problem

__all__ = ["RECORD_RULES", "check_records"]

RECORD_RULES: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    **records_claims.CHECKS,
    **records_trust.CHECKS,
    **records_links.CHECKS,
    **records_prices.CHECKS,
    **records_shop.CHECKS,
}


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
