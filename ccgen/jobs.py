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
from ccgen.model.work import BATCH, alone

__all__ = ["Forked", "cores"]

A = TypeVar("A")
B = TypeVar("B")
_WORTH = 64  # items for each process; below, a fork costs more than it saves
_WIDTH = 4  # bytes of a number of a batch
_ROUND = 2048  # items at once, so that there is progress to tell and results do not pile up


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Child(NamedTuple):
    process: int
    pipe: int


class Forked:
    """Workers (see `model.work`) that are forks of this process. Each takes the next batch of items when it is done with one.

    An exception in any of them is raised here; one that is killed is an EnvironmentFault that names its items.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs if sys.platform == "linux" else 1

    def __call__(self, function: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
        """Yield `function` of each item, in order."""
        return self.batches(lambda batch: [function(item) for item in batch], items)

    def batches(self, function: Callable[[Sequence[A]], Sequence[B]], items: Sequence[A]) -> Iterator[B]:
        """Yield the results of `function` of each batch of items, in order."""
        jobs = min(self.jobs, len(items) // _WORTH)
        if jobs < 2:
            yield from alone.batches(function, items)
            return
        for start in range(0, len(items), _ROUND):
            yield from _round(function, items[start : start + _ROUND], jobs)

    def beside(self, function: Callable[[], B]) -> Callable[[], B | None]:
        """Begin something in another process. A fault there, and a death, is no result: whoever asks then does it again."""
        if self.jobs < 2:
            return lambda: None
        gc.freeze()
        child = _fork(lambda: pickle.dumps(function(), protocol=5), ())
        gc.unfreeze()
        return lambda: _from_beside(child)


def _from_beside(child: _Child) -> Any:
    with os.fdopen(child.pipe, "rb") as stream:
        data = stream.read()
    os.waitpid(child.process, 0)
    return pickle.loads(data) if data else None  # noqa: S301  (our own child's)


def _round(function: Callable[[Sequence[A]], Sequence[B]], items: Sequence[A], jobs: int) -> list[B]:
    gc.freeze()  # a collection in a child would copy every page of memory that it only marks
    # Neighbours are alike: whoever takes a batch has most of what it needs from the batch before.
    batches = [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
    numbers = _numbers(len(batches))
    children: list[_Child] = []
    try:
        for _ in range(1, jobs):
            children.append(_fork(lambda: _answer(function, batches, numbers), children))
        done = _work(function, batches, numbers)
        for child in children:
            done |= _result(child)
    except BaseException:
        for child in children:
            os.kill(child.process, signal.SIGKILL)  # what it does is of no use to anybody now
        raise
    finally:
        gc.unfreeze()
        for pipe in (numbers, *(child.pipe for child in children)):
            os.close(pipe)
        for child in children:
            os.waitpid(child.process, 0)
    if lost := [item for number, batch in enumerate(batches) if number not in done for item in batch]:
        raise _killed(lost)
    return [result for number in range(len(batches)) for result in done[number]]


def _numbers(count: int) -> int:
    """Return the end of a pipe from which each process reads the number of a batch that nobody else has."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(_WIDTH) for number in range(count)))  # far less than a pipe holds
    os.close(writing)
    return reading


def _work(
    function: Callable[[Sequence[A]], Sequence[B]], batches: Sequence[Sequence[A]], numbers: int
) -> dict[int, Sequence[B]]:
    """Do one batch after another as long as there are any; return the results by the batch's number."""
    done: dict[int, Sequence[B]] = {}
    while number := os.read(numbers, _WIDTH):
        batch = int.from_bytes(number)
        done[batch] = function(batches[batch])
    return done


def _fork(answer: Callable[[], bytes], others: Sequence[_Child]) -> _Child:
    """Fork a process that writes its answer, or nothing, into a pipe."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return _Child(process, reading)
    try:
        for inherited in (reading, *(other.pipe for other in others)):  # or their writers would never learn of our end
            os.close(inherited)
        with os.fdopen(writing, "wb") as stream:
            stream.write(answer())
    finally:
        os._exit(0)  # never the parent's clean-up: its locks, its staging and its state are not ours


def _answer(function: Callable[[Sequence[A]], Sequence[B]], batches: Sequence[Sequence[A]], numbers: int) -> bytes:
    """Return what a child sends: (whether all was done, the results or the exception), which is raised in the parent."""
    try:
        return pickle.dumps((True, _work(function, batches, numbers)), protocol=5)
    except Exception as error:  # noqa: BLE001
        return _failure(error)


def _failure(error: Exception) -> bytes:
    try:
        data = pickle.dumps((False, error), protocol=5)
        pickle.loads(data)  # noqa: S301  (some exceptions are written and cannot be read)
    except Exception:  # noqa: BLE001
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")), protocol=5)
    return data


def _result(child: _Child) -> dict[int, list[Any]]:
    """Return what a child did, nothing if it was killed."""
    with os.fdopen(os.dup(child.pipe), "rb") as stream:
        data = stream.read()
    try:
        done, value = pickle.loads(data)  # noqa: S301  (our own child's)
    except (EOFError, pickle.UnpicklingError):
        return {}
    if not done:
        raise value
    return dict(value)


def _killed(lost: Sequence[object]) -> EnvironmentFault:
    named = ", ".join(f"`{_name(item) or type(item).__name__}`" for item in lost[:3])
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    message = f"a process of ccgen was killed while it worked on {named}{more}"
    hint = "the machine may have run out of memory; try again with `--jobs 1`"
    return EnvironmentFault(message, code="worker-killed", hint=hint)


def _name(item: object) -> str:
    """Return what an item is called: by its path, or by that of the first thing in it that has one."""
    if isinstance(item, str):
        return item
    path = getattr(item, "path", None)
    if isinstance(path, str):
        return path
    inside = item.values() if isinstance(item, Mapping) else item if isinstance(item, tuple) else ()
    return next((name for one in inside if (name := _name(one))), "")
