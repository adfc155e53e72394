"""What a rule of the checker is, whatever it reads; knows no site, no page and no setting.

A rule's id is the code of its findings (`PR-05`) and stands in severities and waivers of ccgen.yaml for ever.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ccgen.errors import Severity

__all__ = ["CLASSES", "Decided", "Rule"]

# read: while files are read; plan: while the site is planned; records, prose, page: by `check` over what was planned, what
# was written and what was drawn; outward: by `ccgen links check`; never: no build can tell, and `why` says so.
Decided = Literal["read", "plan", "records", "prose", "page", "outward", "never"]

# Profiles that nobody chooses: they say which products or pages a rule is about, and the rule looks for that itself.
CLASSES = frozenset({"own", "aff"})


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One condition that fails, and what follows.

    A rule applies always when `profiles` holds `all` or only classes (`own`, `aff`), else when one of the others is active.
    `severity` holds unless a profile of `error_in` is active, which makes it an error. `decided` is never empty; `never`
    stands alone and has its `why`. A rule that is not `verified` (its source was not read) is no error.
    """

    id: str
    title: str  # what fails, in one clause
    severity: Severity
    profiles: tuple[str, ...]
    decided: tuple[Decided, ...]
    source: str
    fix: str
    why: str = ""  # why no build can tell
    error_in: tuple[str, ...] = ()
    reviewed: str = "2026-11-20"  # ISO date on which the source was last looked at
    verified: bool = True

    @property
    def places(self) -> frozenset[str]:
        """The profiles of which one must be active; empty where the rule applies always."""
        return frozenset() if "all" in self.profiles else frozenset(self.profiles) - CLASSES
