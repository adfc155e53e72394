"""A moment that comes while a test looks, late enough that the time before it is seen too; knows no test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_SECONDS = (4, 16, 64)  # the later ones are for machines that had something else to do


class _CameBeforeError(Exception):
    """The moment came before the time before it was seen."""


class Moment:
    """A second that is soon to come. `str` writes it as an author does."""

    def __init__(self, seconds: float) -> None:
        self.at = (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"

    @contextmanager
    def before(self) -> Iterator[None]:
        """Look at the time before. What was seen, right or wrong, says nothing if the moment came meanwhile."""
        try:
            yield
        finally:
            if self.has_come():
                raise _CameBeforeError

    def has_come(self, seconds: float = 0) -> bool:
        """Say whether the moment came, so many seconds ago at least."""
        return datetime.now(UTC) >= self.at + timedelta(seconds=seconds)


def with_a_moment(script: Callable[[Moment], None]) -> None:
    """Run a script; again with a moment that comes later where it came too soon for this machine."""
    for seconds in _SECONDS:
        try:
            return script(Moment(seconds))
        except _CameBeforeError:
            continue
    raise AssertionError(f"this machine takes more than {_SECONDS[-1]} seconds to see the time before a moment")
