"""What a run spends its time on, by name: own time, and time with all that it calls; knows nothing of what is measured.

Measured is wall time. Where nobody asked for a profile there is no `Timing`, and nothing is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter

__all__ = ["Spent", "Table", "Timing", "stage"]


class Spent:
    """Time spent on one thing, in seconds: `own` without what else it called of its table, `whole` with it."""

    __slots__ = ("began", "depth", "own", "times", "whole")

    def __init__(self) -> None:
        self.own = self.whole = self.began = 0.0
        self.times = self.depth = 0


class Table:
    """Things that begin and end within each other. At any moment the own time of one of them passes, or of none."""

    def __init__(self) -> None:
        self._spent: dict[str, Spent] = {}
        self._open: list[Spent] = []
        self._since = 0.0

    def begin(self, name: str, times: int = 1) -> None:
        """Begin something, or with `times` 0 go on with it."""
        now = perf_counter()
        if self._open:
            self._open[-1].own += now - self._since
        one = self._spent.get(name) or self._spent.setdefault(name, Spent())
        one.times += times
        if not one.depth:
            one.began = now
        one.depth += 1
        self._open.append(one)
        self._since = now

    def end(self) -> None:
        """End what was begun last."""
        now = perf_counter()
        one = self._open.pop()
        one.own += now - self._since
        one.depth -= 1
        if not one.depth:
            one.whole += now - one.began
        self._since = now

    @contextmanager
    def measure(self, name: str, times: int = 1) -> Iterator[None]:
        """Measure a block, as `begin` and `end` do."""
        self.begin(name, times)
        try:
            yield
        finally:
            self.end()

    def first(self) -> list[tuple[str, Spent]]:
        """Return what was measured, in the order in which it first began."""
        return list(self._spent.items())

    def dearest(self) -> list[tuple[str, Spent]]:
        """Return what was measured, the largest own time first."""
        return sorted(self._spent.items(), key=lambda row: (-row[1].own, row[0]))


class Timing:
    """One run, from when this is made; a table for each kind of thing, which know nothing of each other."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self.stages, self.templates, self.directives, self.pages = Table(), Table(), Table(), Table()

    @property
    def seconds(self) -> float:
        """How long the run took until now."""
        return perf_counter() - self._began


def stage(timing: Timing | None, name: str) -> AbstractContextManager[None]:
    """Measure a block as a stage of the run, if anybody asked for that."""
    return nullcontext() if timing is None else timing.stages.measure(name)
