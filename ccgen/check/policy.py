"""Which rules count on this site and how much: profiles, severities and waivers of ccgen.yaml; runs no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from ccgen.check.registry import RULES
from ccgen.commerce.profiles import PROFILES, active_profiles, parameter
from ccgen.errors import At, Problem, Severity
from ccgen.model.rule import Rule
from ccgen.model.settings import CheckSettings, Waiver
from ccgen.text.near import did_you_mean

__all__ = ["Policy", "make_policy"]

_SETTINGS = "ccgen.yaml"
_ORDER: Mapping[str, int] = {"info": 0, "warning": 1, "error": 2}


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What ccgen.yaml decides about rules. Pure: it counts nothing, so that workers may ask it in any order.

    Findings are told apart from their severity: a rule's finding carries the rule's own (`finding` in `check.registry`), and
    `judged` gives it the site's. So a finding that is kept in the state needs no new look when a severity changes.
    """

    profiles: tuple[str, ...]
    severities: Mapping[str, Severity | None]  # of every rule, None where it is off; without waivers
    chosen: frozenset[str]  # rules whose severity the owner chose
    waivers: tuple[Waiver, ...] = ()

    def severity(self, rule: str, path: str) -> Severity | None:
        """Return how much a rule counts at a file, None where it is off, of no active profile, or waived.

        `path` is inside the project: `content/reviews/kettle.md`.
        """
        return None if self.waiver(rule, path) is not None else self.severities.get(rule)

    def waiver(self, rule: str, path: str) -> int | None:
        """Return the number of the waiver that covers a rule at a file, None where there is none."""
        for number, one in enumerate(self.waivers):
            if one.rule == rule and _covers(one.at, path):
                return number
        return None

    def asked(self, least: Severity = "info") -> frozenset[str]:
        """Return the rules that count at least so much somewhere: those of `error` are what a build looks for."""
        return frozenset(
            rule for rule, given in self.severities.items() if given is not None and _ORDER[given] >= _ORDER[least]
        )

    def counting(self, problems: Iterable[Problem], least: Severity) -> tuple[Problem, ...]:
        """Return problems without findings of rules that count less than that on this site; what is no rule's stays."""
        asked = self.asked(least)
        return tuple(one for one in problems if one.code not in RULES or one.code in asked)

    def judged(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return problems as the site wants them: findings of rules that do not count here are left out.

        A finding that was made as less than its rule (over prose, say) stays that, unless the owner chose the severity.
        What is no rule's stays as it is.
        """
        kept = []
        for problem in problems:
            if problem.code not in RULES:
                kept.append(problem)
                continue
            given = self.severity(problem.code, problem.at.path)
            if given is None:
                continue
            if problem.code not in self.chosen and _ORDER[problem.severity] < _ORDER[given]:
                given = problem.severity
            kept.append(problem if given == problem.severity else msgspec.structs.replace(problem, severity=given))
        return tuple(kept)

    def unused(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return a warning for each waiver that none of the problems needs; `problems` are those before `judged`."""
        used = {self.waiver(one.code, one.at.path) for one in problems if one.code in RULES}
        return tuple(
            Problem(
                code="unused-waiver",
                message=f"nothing at `{one.at}` breaks `{one.rule}`",
                at=At(path=_SETTINGS, field=f"check.waive[{number}]"),
                hint="delete the waiver"
                if self.severities.get(one.rule)
                else "the rule is off here; delete the waiver",
                severity="warning",
            )
            for number, one in enumerate(self.waivers)
            if number not in used and one.rule in RULES
        )

    def parameter(self, name: str) -> int:
        """Return a period under the active profiles: see `commerce.profiles`."""
        return parameter(name, self.profiles)


def make_policy(settings: CheckSettings) -> tuple[Policy, tuple[Problem, ...]]:
    """Return the policy of `check:` in ccgen.yaml, and what is wrong there: names of nothing, waivers that say nothing."""
    profiles = active_profiles(settings.profiles)
    severities: dict[str, Severity | None] = {one.id: _default(one, profiles) for one in RULES.values()}
    for rule, given in settings.severity.items():
        if rule in severities:
            severities[rule] = None if given == "off" else given
    policy = Policy(
        profiles=profiles,
        severities=severities,
        chosen=frozenset(settings.severity),
        waivers=settings.waive,
    )
    return policy, (*_unknown(settings), *_unsaid(settings))


def _default(rule: Rule, profiles: tuple[str, ...]) -> Severity | None:
    if rule.places and not rule.places.intersection(profiles):
        return None
    return "error" if set(rule.error_in).intersection(profiles) else rule.severity


def _covers(where: str, path: str) -> bool:
    """Say whether a waiver's `at` means a file: itself (with or without ending, bundle or language), or a folder above it.

    What ccgen.yaml names lies below content/, or is a path from the project's root (`themes/`, `ccgen.yaml`).
    """
    for start in (where, f"content/{where}"):
        folder = start if start.endswith("/") else f"{start}/"
        if path == start or path.startswith(folder):
            return True
        if path.startswith(f"{start}.") and "/" not in path[len(start) :]:
            return True
    return False


def _unknown(settings: CheckSettings) -> Iterable[Problem]:
    for number, name in enumerate(settings.profiles):
        if name not in PROFILES:
            hint = did_you_mean(name, PROFILES) or f"there are {', '.join(f'`{one}`' for one in PROFILES)}"
            yield _fault("unknown-profile", f"no profile `{name}`", f"check.profiles[{number}]", hint)
    for rule in settings.severity:
        if rule not in RULES:
            yield _fault("unknown-rule", f"no rule `{rule}`", f"check.severity.{rule}", _near(rule), on_key=True)
    for number, waiver in enumerate(settings.waive):
        if waiver.rule not in RULES:
            field = f"check.waive[{number}].rule"
            yield _fault("unknown-rule", f"no rule `{waiver.rule}`", field, _near(waiver.rule))


def _unsaid(settings: CheckSettings) -> Iterable[Problem]:
    """Yield waivers whose place or reason is blank: one would hold everywhere, the other for nothing that can be judged."""
    for number, waiver in enumerate(settings.waive):
        for key, text in (("at", waiver.at), ("reason", waiver.reason)):
            if not text.strip():
                field = f"check.waive[{number}].{key}"
                yield _fault("missing-field", f"`{key}` is empty", field, "give it a value", on_key=True)


def _near(rule: str) -> str:
    # Ids are short: one wrong letter of five leaves less in common than in a name.
    return did_you_mean(rule.upper(), RULES, 0.7) or "`ccgen check --rules` lists them"


def _fault(code: str, message: str, field: str, hint: str, *, on_key: bool = False) -> Problem:
    return Problem(code=code, message=message, at=At(path=_SETTINGS, field=field, on_key=on_key), hint=hint)
