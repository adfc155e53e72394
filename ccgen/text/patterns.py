"""Regular expressions that are compiled when they are first used, for what few builds meet; knows none of them.

Compiling costs 0.1 to 5 ms, most for sets of characters beyond Latin, and a build that draws one page has time for few.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["late"]


class _Late:
    """A pattern that becomes one when an attribute of it is asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        # `re` remembers the pattern itself; the method found here is found next time without a call.
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)
        return found


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what can be used by its methods as `re.compile(pattern, flags)`, and costs nothing before."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
