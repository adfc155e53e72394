"""docs/rules.md, made from the rules themselves: `python docs/write_rules.py` writes it, and a test holds both equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccgen.check.registry import RULES
from ccgen.commerce.profiles import DEFAULT_PROFILES, PARAMETERS, PROFILES, Profile
from ccgen.model.rule import Rule

__all__ = ["document"]

_FAMILIES = {
    "LK": "Links",
    "DS": "Disclosure",
    "RV": "Reviews and claims",
    "SD": "Structured data",
    "PR": "Prices",
    "IM": "Pictures",
    "TR": "Trust",
    "AT": "Attribution",
    "CK": "Selling on one's own",
    "FD": "Product feeds",
    "GO": "Going online",
}
_STAGES = {
    "read": "files, as they are read",
    "plan": "the plan of the site",
    "records": "records and front matter",
    "prose": "words of articles",
    "page": "finished pages",
    "outward": "`ccgen links check`",
}
_HEAD = """# Rules

<!-- Made by `python docs/write_rules.py`; change the rules in ccgen/check/ instead. -->

What `ccgen check` looks for beside [what cannot be built](errors.md). Each rule has an id, which is the word in brackets of
its findings (`error[PR-05]: …`), a severity, the profiles for which it counts, and a source. `ccgen check --explain PR-05` says
all of it, with what counts on your site; `ccgen check --rules` lists them. Errors stop a build, too, but for those of
`ccgen links check`; warnings and notes (`info`) are told by `ccgen check` only. A rule over the words of articles knows words,
not meaning, so what it finds there is a warning at most. A rule whose source was not read is a warning at most, and is marked
*not verified*.

These rules are help for careful people, not legal advice.

## Severities and waivers

```yaml
# ccgen.yaml
check:
  profiles: [google, eu, us]             # instead of google and eu
  severity: {TR-06: off, IM-02: error}   # error, warning, info or off
  waive:
    - {rule: IM-02, at: reviews/old/, reason: The photographer is unknown}
```

A waiver takes the findings of one rule at one place, and says why. `at` is a file or a folder below `content/`
(`reviews/old/`, `reviews/kettle.md`, `reviews/kettle` for all its languages) or from the site's folder (`ccgen.yaml`,
`themes/mine/`). `ccgen check` names a waiver that nothing needs any more. A list of profiles takes the place of the default;
a severity that you choose holds for prose, too.

## Profiles
"""
_PARAMETERS = {
    "lowest_price_days": "days whose lowest price a reduction is measured against",
    "price_days": "days for which a price may be shown before `PR-06` warns",
    "amazon_price_hours": "hours for which a price of Amazon's may be shown",
    "verified_months": "months (of 30 days) after which offers want to be looked at (`TR-04`)",
}


def document() -> str:
    """Return the whole page."""
    parts = [_HEAD, *_profiles(PROFILES.values())]
    for family, title in _FAMILIES.items():
        parts += ["", f"## {title} ({family})", "", *_table(one for one in RULES.values() if one.id.startswith(family))]
    parts += ["", "## What no build can decide", "", *_undecided(RULES.values())]
    return "\n".join(parts) + "\n"


def _profiles(profiles: Iterable[Profile]) -> Iterator[str]:
    defaults = " and ".join(f"`{one}`" for one in DEFAULT_PROFILES)
    yield f"`check.profiles` says which of these count; where it is not given, {defaults} do. Rules marked *all* always count,"
    yield "and those marked *own* or *aff* alone look for goods of your own or for paid links by themselves."
    yield ""
    yield "| profile | what it is | sources | looked at | periods |"
    yield "|---|---|---|---|---|"
    for one in profiles:
        periods = ", ".join(f"`{name}` {value}" for name, value in one.parameters.items()) or "–"
        yield f"| `{one.name}` | {one.title} | {'; '.join(one.sources)} | {one.reviewed} | {periods} |"
    yield ""
    yield "| period | what it counts | where no profile says otherwise |"
    yield "|---|---|---|"
    for name, value in PARAMETERS.items():
        yield f"| `{name}` | {_PARAMETERS[name]} | {value} |"


def _table(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| rule | what fails | severity | profiles | found in | what to do | source |"
    yield "|---|---|---|---|---|---|---|"
    for one in rules:
        severity = one.severity + (f"; error in {', '.join(one.error_in)}" if one.error_in else "")
        found = "; ".join(_STAGES[stage] for stage in one.decided if stage in _STAGES) or "–"
        source = one.source + ("" if one.verified else " (*not verified*)")
        cells = (f"`{one.id}`", one.title, severity, ", ".join(one.profiles), found, one.fix, source)
        yield f"| {' | '.join(cells)} |"


def _undecided(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| rule | what would fail | why no build can tell |"
    yield "|---|---|---|"
    for one in rules:
        if one.why:
            yield f"| `{one.id}` | {one.title} | {one.why} |"
