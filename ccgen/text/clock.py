"""Time, asked in one place: what has passed, and when what was asked next changes; knows no record."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ccgen.text.instants import instant

__all__ = ["Clock", "iso"]


class Clock:
    """The instant of a build. Every comparison goes through `passed`, which gathers the instants still to come."""

    def __init__(self, now: datetime, zone: str) -> None:
        self.now = now
        self.zone = ZoneInfo(zone)
        self._coming: datetime | None = None

    def passed(self, when: datetime) -> bool:
        """Say whether an instant has come; one that has not is remembered if it is the next."""
        if when <= self.now:
            return True
        if self._coming is None or when < self._coming:
            self._coming = when
        return False

    @property
    def next_change(self) -> datetime | None:
        """The nearest instant that a comparison is still waiting for."""
        return self._coming

    def read(self, text: str) -> datetime:
        """Read a checked `When`; without a zone it is the site's, a bare date is its first minute."""
        return instant(text, self.zone)


def iso(text: str | None) -> str:
    """Return a `When` as facts hold it: ISO 8601, a bare date stays a date; '' for None."""
    return "" if text is None else text.strip().replace(" ", "T", 1)
