"""Rules as people read them: one explained, and all listed; knows no finding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ccgen.check.policy import Policy
from ccgen.check.registry import RULES
from ccgen.errors import UsageError
from ccgen.model.rule import Rule
from ccgen.text.near import did_you_mean

__all__ = ["STAGES", "explained", "rule_named", "rule_rows", "rule_value"]

STAGES = {
    "read": "while files are read",
    "plan": "while the site is planned",
    "records": "from records and front matter",
    "prose": "from the words of articles (a warning at most)",
    "page": "from finished pages",
    "outward": "by `ccgen links check`",
    "never": "by no build",
}


def rule_named(name: str) -> Rule:
    """Return a rule by its id, in any case.

    :raises UsageError: there is none; the hint names the nearest.
    """
    rule = RULES.get(name.upper())
    if rule is None:
        hint = did_you_mean(name.upper(), RULES, 0.7) or "`ccgen check --rules` lists them"
        raise UsageError(f"no rule `{name}`", code="unknown-rule", hint=hint)
    return rule


def explained(rule: Rule, policy: Policy) -> Iterator[str]:
    """Yield the lines that say all there is to say of a rule, and how to live with it."""
    yield f"{rule.id}: {rule.title}"
    yield f"  counts here as  {policy.severities[rule.id] or 'nothing: it is off, or of no active profile'}"
    yield f"  by itself       {_by_itself(rule)}"
    yield f"  profiles        {', '.join(rule.profiles)} (active here: {', '.join(policy.profiles)})"
    yield f"  decided         {'; '.join(STAGES[one] for one in rule.decided)}"
    if rule.why:
        yield f"  because         {rule.why}"
    yield f"  source          {rule.source} (looked at {rule.reviewed}{'' if rule.verified else '; not verified'})"
    yield f"  fix             {rule.fix}"
    yield "  in ccgen.yaml"
    yield f"    check: {{severity: {{{rule.id}: off}}}}"
    yield f"    check: {{waive: [{{rule: {rule.id}, at: reviews/kettle.md, reason: Why it is right there}}]}}"


def _by_itself(rule: Rule) -> str:
    if not rule.error_in:
        return rule.severity
    return f"{rule.severity}; error in {', '.join(rule.error_in)}"


def rule_value(rule: Rule, policy: Policy) -> dict[str, Any]:
    """Return a rule for JSON; `severity` is what it counts as here, None where it does not."""
    return {
        "rule": rule.id,
        "title": rule.title,
        "severity": policy.severities[rule.id],
        "by_itself": rule.severity,
        "error_in": list(rule.error_in),
        "profiles": list(rule.profiles),
        "decided": list(rule.decided),
        "why": rule.why,
        "source": rule.source,
        "reviewed": rule.reviewed,
        "verified": rule.verified,
        "fix": rule.fix,
    }


def rule_rows(policy: Policy) -> Iterator[tuple[str, str, str, str]]:
    """Yield id, severity here, where it is decided, and what fails, of every rule; with the reason where none can tell."""
    for rule in RULES.values():
        title = f"{rule.title} (no build can tell: {rule.why})" if rule.why else rule.title
        yield rule.id, policy.severities[rule.id] or "off", ",".join(rule.decided), title
