"""What is not published now; stands alone, for a build with nothing to do tells of it and knows no more of the site."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Hidden"]


class Hidden(msgspec.Struct, frozen=True, kw_only=True):
    """An article that is not published now, why, since or until when, and the flag that shows it."""

    path: str
    reason: Literal["draft", "scheduled", "expired"]
    date: str
    flag: str
