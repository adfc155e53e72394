"""A pool that shares work among processes once there is enough of it; knows nothing of what is worked on.

What shares it (`jobs.executor`) is imported then: a build with little to do pays nothing for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from ccgen.model.work import Work, alone

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["SNAPSHOTS", "Pool", "usual_jobs"]

SNAPSHOTS = "snapshots"  # in the state folder
_WORTH = 1.0  # of what work says that it is worth a process
_MOST_JOBS = 4

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")


def usual_jobs() -> int:
    """Return how many processes share the work if nobody says: the cores that this one may use, at most four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_JOBS)


class Pool:
    """Workers (see `model.work`) behind an executor, which is made when there is enough to do, and ends with the block."""

    def __init__(self, jobs: int, folder: Path, make: Callable[[int, tuple[str, ...]], Executor] | None = None) -> None:
        """Snapshots lie in `folder`; `make` gives an executor for so many jobs that will want these modules."""
        self._jobs, self._folder, self._make = jobs, folder, make
        self._executor: Executor | None = None

    def __call__(self, work: Work[S, A, B], items: Sequence[A]) -> Iterator[B]:
        """Yield the results in the order of the items."""
        if self._jobs < 2 or len(items) < 2 * work.worth * _WORTH:
            yield from alone(work, items)
            return
        from ccgen.jobs.executor import abandon, processes, shared  # see above

        if self._executor is None:
            self._executor = (self._make or processes)(self._jobs, (work.do.__module__, work.unpack.__module__))
        try:
            yield from shared(self._executor, self._jobs, self._folder, work, items)
        except BaseException:  # also that nobody wants the other results any more
            executor, self._executor = self._executor, None
            abandon(executor)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
