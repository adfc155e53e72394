"""Work shared with forked processes; knows nothing of what is worked on.

A fork inherits all that the work needs, so only results travel. Where there is no fork, or too little work to be worth
one, this process does everything itself, with the same results.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from ccgen.errors import EnvironmentFault

__all__ = ["Forked", "cores"]

A = TypeVar("A")
B = TypeVar("B")
_WORTH = 64  # items for each process; below, a fork costs more than it saves
_ROUND = 2048  # items at once, so that there is progress to tell and results do not pile up


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
        for number in range(1, jobs):
            children.append(_fork(function, items[number::jobs], children))
        shares = [[function(item) for item in items[0::jobs]]]
        shares += [_result(child) for child in children]
    except BaseException:
        for child in children:
            os.kill(child.process, signal.SIGKILL)  # what it does is of no use to anybody now
        raise
    finally:
        gc.unfreeze()
        for child in children:
            os.close(child.pipe)
        for child in children:
            os.waitpid(child.process, 0)
    return [shares[number % jobs][number // jobs] for number in range(len(items))]


def _fork(function: Callable[[A], B], share: Sequence[A], others: Sequence[_Child]) -> _Child:
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return _Child(process, reading, share)
    try:
        for inherited in (reading, *(other.pipe for other in others)):  # or their writers would never learn of our end
            os.close(inherited)
        with os.fdopen(writing, "wb") as stream:
            stream.write(_answer(function, share))
    finally:
        os._exit(0)  # never the parent's clean-up: its locks, its staging and its state are not ours


def _answer(function: Callable[[A], B], share: Sequence[A]) -> bytes:
    """Return what a child sends: (whether all was done, the results or the exception), which is raised in the parent."""
    try:
        return pickle.dumps((True, [function(item) for item in share]), protocol=5)
    except Exception as error:  # noqa: BLE001
        return _failure(error)


def _failure(error: Exception) -> bytes:
    try:
        data = pickle.dumps((False, error), protocol=5)
        pickle.loads(data)  # noqa: S301  (some exceptions are written and cannot be read)
    except Exception:  # noqa: BLE001
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")), protocol=5)
    return data


def _result(child: _Child) -> list[Any]:
    with os.fdopen(os.dup(child.pipe), "rb") as stream:
        data = stream.read()
    try:
        done, value = pickle.loads(data)  # noqa: S301  (our own child's)
    except (EOFError, pickle.UnpicklingError) as error:
        named = ", ".join(f"`{_name(item) or type(item).__name__}`" for item in child.share[:3])
        more = f" and {len(child.share) - 3} more" if len(child.share) > 3 else ""
        message = f"a process of ccgen was killed while it worked on {named}{more}"
        hint = "the machine may have run out of memory; try again with `--jobs 1`"
        raise EnvironmentFault(message, code="worker-killed", hint=hint) from error
    if not done:
        raise value
    return list(value)


def _name(item: object) -> str:
    """Return what an item is called: by its path, or by that of the first thing in it that has one."""
    if isinstance(item, str):
        return item
    path = getattr(item, "path", None)
    if isinstance(path, str):
        return path
    inside = item.values() if isinstance(item, Mapping) else item if isinstance(item, tuple) else ()
    return next((name for one in inside if (name := _name(one))), "")
