"""Every rule of the checker by its id, and the one way to make a finding of it; reads nothing."""

from __future__ import annotations

from collections.abc import Mapping

from ccgen.check import rules_claims, rules_links, rules_markup, rules_online, rules_prices, rules_shop
from ccgen.errors import At, Problem
from ccgen.model.rule import Rule

__all__ = ["RULES", "finding"]

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *rules_links.RULES,
        *rules_claims.RULES,
        *rules_markup.RULES,
        *rules_prices.RULES,
        *rules_shop.RULES,
        *rules_online.RULES,
    )
}


def finding(rule: str, message: str, at: At, hint: str = "", *, mild: bool = False) -> Problem:
    """Return a finding of a rule: its id is the code, and `hint` the rule's own fix where none is given.

    It has the greatest severity that the rule may have; a `mild` one is a warning at most, as over prose, where a word is no
    proof. What counts on a site is for `Policy.judged`.
    """
    known = RULES[rule]
    severity = "error" if known.error_in else known.severity
    if mild and severity == "error":
        severity = "warning"
    return Problem(code=rule, message=message, at=at, hint=hint or known.fix, severity=severity)
