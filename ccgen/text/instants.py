"""Dates and instants as records and facts hold them, as one instant; knows no clock."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache

__all__ = ["instant"]


@lru_cache(maxsize=1 << 15)
def instant(text: str, zone: tzinfo) -> datetime:
    """Read a checked `When` text; without a zone of its own it is in `zone`, and a bare date is its first minute there."""
    when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return when if when.tzinfo else when.replace(tzinfo=zone)
