"""Work shared with forked processes; knows nothing of what is worked on.

A fork inherits all that the work needs, so only results travel. Where there is no fork, or too little work to be worth
one, this process does everything itself, with the same results.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from ccgen.errors import EnvironmentFault

__all__ = ["Forked", "cores"]

A = TypeVar("A")
B = TypeVar("B")
_WORTH = 64  # items for each process; below, a fork costs more than it saves
_ROUND = 1024  # items at once, so that results never pile up: pages of 12 KB are 12 MB a round


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Child(NamedTuple):
    process: int
    pipe: int
    share: Sequence[Any]


class Forked:
    """Workers (see `model.work`) that are forks of this process: of each round, item n is done by process n mod `jobs`.

    An exception in any of them is raised here; one that is killed is an EnvironmentFault that names its items.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs if sys.platform == "linux" else 1

    def __call__(self, function: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
        """Yield `function` of each item, in order."""
        jobs = min(self.jobs, len(items) // _WORTH)
        if jobs < 2:
            yield from map(function, items)
            return
        for start in range(0, len(items), _ROUND):
            yield from _round(function, items[start : start + _ROUND], jobs)


def _round(function: Callable[[A], B], items: Sequence[A], jobs: int) -> list[B]:
    gc.freeze()  # a collection in a child would copy every page of memory that it only marks
    children: list[_Child] = []
    try:
        children.extend(_fork(function, items[number::jobs]) for number in range(1, jobs))
        shares = [[function(item) for item in items[0::jobs]]]
        shares += (_result(child) for child in children)
    finally:
        gc.unfreeze()
        for child in children:
            os.close(child.pipe)
            os.waitpid(child.process, 0)
    return [shares[number % jobs][number // jobs] for number in range(len(items))]


def _fork(function: Callable[[A], B], share: Sequence[A]) -> _Child:
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return _Child(process, reading, share)
    try:
        os.close(reading)
        try:
            answer: tuple[bool, object] = True, [function(item) for item in share]
        except Exception as error:  # noqa: BLE001  (raised again in the parent)
            answer = False, error
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(answer, stream, protocol=5)
    finally:
        os._exit(0)  # never the parent's clean-up: its locks, its staging and its state are not ours


def _result(child: _Child) -> list[Any]:
    try:
        with os.fdopen(os.dup(child.pipe), "rb") as stream:
            done, value = pickle.load(stream)  # noqa: S301  (our own child's)
    except (EOFError, pickle.UnpicklingError) as error:
        named = ", ".join(f"`{_name(item)}`" for item in child.share[:3])
        message = f"a process of ccgen was killed while it worked on {named} and {len(child.share) - 3} more"
        hint = "the machine may have run out of memory; try again with `--jobs 1`"
        raise EnvironmentFault(message, code="worker-killed", hint=hint) from error
    if not done:
        raise value
    return list(value)


def _name(item: object) -> str:
    return str(getattr(item, "path", item))
