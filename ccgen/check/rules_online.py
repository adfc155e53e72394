"""The rules about what must be the site's own before it goes online (GO), as data."""

from __future__ import annotations

from ccgen.model.rule import Rule

__all__ = ["RULES"]

_OURS = "ccgen's own design"

RULES: tuple[Rule, ...] = (
    Rule(
        id="GO-01",
        title="the site's address is one that stands for an example",
        severity="warning",
        profiles=("all",),
        decided=("records",),
        source="RFC 2606, section 3: example.com, example.net and example.org",
        fix="write the address where the site will be published",
    ),
    Rule(
        id="GO-02",
        title="a text is still that which `ccgen new site` wrote",
        severity="warning",
        profiles=("all",),
        decided=("records",),
        source=_OURS,
        fix="write your own, or delete it",
    ),
)
