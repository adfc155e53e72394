"""A pool that has others share work with this process once there is enough of it; knows nothing of what is worked on.

What has them (`jobs.executor`) is imported then: a build with little to do pays nothing for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from ccgen.model.work import Work, alone

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ccgen.jobs.executor import Helpers

__all__ = ["SNAPSHOTS", "Pool", "usual_jobs"]

SNAPSHOTS = "snapshots"  # in the state folder
_MANY = 256  # items for which helpers are begun: until then, half of them are done
_WORTH = 1.0  # of that, and of what work says that it is worth a snapshot
_MOST_JOBS = 4

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")


def usual_jobs() -> int:
    """Return how many processes share the work if nobody says: the cores that this one may use, at most four."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_JOBS)


class Pool:
    """Workers (see `model.work`): this process, and helpers once there is enough to do, which end with the block."""

    def __init__(self, jobs: int, folder: Path, make: Callable[[int, tuple[str, ...]], Executor] | None = None) -> None:
        """So many processes share the work, this one among them. Snapshots lie in `folder`; `make` gives an executor of so
        many helpers that will want these modules.
        """
        self._jobs, self._folder, self._make = jobs, folder, make
        self._helpers: Helpers | None = None

    def expect(self, items: int, *modules: str) -> None:
        """See `Workers.expect`."""
        if self._jobs > 1 and self._helpers is None and items >= _MANY * _WORTH:
            from ccgen.jobs.executor import Helpers, processes  # see above

            make = self._make or processes
            self._helpers = Helpers(partial(make, self._jobs - 1, modules), self._jobs - 1)

    def __call__(self, work: Work[S, A, B], items: Sequence[A]) -> Iterator[B]:
        """Yield the results in the order of the items."""
        self.expect(len(items), work.do.__module__, work.unpack.__module__)
        helpers = self._helpers
        if helpers is None:
            yield from alone(work, items)
            return
        from ccgen.jobs.executor import shared  # see above

        worth = int(work.worth * _WORTH)
        try:
            yield from shared(helpers, self._folder, work._replace(worth=worth), items)
        except BaseException:  # also that nobody wants the other results any more
            helpers.abandon()
            self._helpers = None
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._helpers is not None:
            if kind is None:
                self._helpers.end()
            else:  # wherever it was raised: it may have left what waits for helpers in any state
                self._helpers.abandon()
            self._helpers = None
