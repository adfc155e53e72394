"""Work that helpers share with this process: an executor of `concurrent.futures`, processes of this machine or any other's.

What the work goes by is written to a snapshot once, which each helper opens once; tasks name it, a function and a batch of
items. So nothing is inherited, and whoever sees the same files can help: processes that a server forks which never held a
site, or a cluster's. This process does not wait for helpers as long as there is something to do. Knows nothing of the work.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import stat
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple, TypeVar

from ccgen.errors import EnvironmentFault
from ccgen.model.work import BATCH, Work
from ccgen.write import files

__all__ = ["Helpers", "processes", "shared"]

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")
_PATIENCE = 1.0  # seconds for helpers that end by themselves
_AHEAD = 2  # batches that each helper has: one that it does, and the next


class Helpers:
    """An executor, from when it can be used: to begin, processes take some tenths of a second, in which there is other work.

    Invariant: those that could not begin are done without, as if there were none.
    """

    def __init__(self, make: Callable[[], Executor], count: int) -> None:
        self.count = count
        self._begun: Future[Executor | None] = Future()  # None: they cannot
        threading.Thread(target=self._begin, args=(make,), daemon=True).start()

    def _begin(self, make: Callable[[], Executor]) -> None:
        executor = None
        try:
            executor = make()
            for one in [executor.submit(_stand_by) for _ in range(self.count)]:
                one.result()
        except Exception:  # noqa: BLE001
            if executor is not None:
                executor.shutdown(wait=False)
            executor = None
        self._begun.set_result(executor)

    def executor(self, patience: float = 0.0) -> Executor | None:
        """Return what takes tasks, None as long as it has not begun; wait for that so many seconds."""
        wait_for([self._begun], patience)
        return self._begun.result() if self._begun.done() else None

    def end(self) -> None:
        """Let the helpers go, who have nothing to do; those that are still beginning go when they have begun."""
        self._begun.add_done_callback(_end)

    def abandon(self) -> None:
        """End the helpers in the midst of work that is of no use to anybody now; their processes are gone afterwards.

        Who is about to send a result may do so: killed half-way, nobody would ever read to its end.
        """
        executor = self.executor()
        if executor is None:
            self.end()
            return
        # Python 3.14 has `kill_workers`; before, they are known by this name only.
        running = tuple((getattr(executor, "_processes", None) or {}).values())
        executor.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + _PATIENCE
        for process in running:
            process.join(max(0.0, until - time.monotonic()))
            process.kill()
            process.join()


def _end(begun: Future[Executor | None]) -> None:
    executor = begun.result()
    if executor is not None:
        executor.shutdown()


def _stand_by() -> None:
    """Do nothing: whoever does it has begun."""


def shared(
    helpers: Helpers, folder: Path, work: Work[S, A, B], items: Sequence[A], *, patience: float = 0.0
) -> Iterator[B]:
    """Do work here, and have helpers do some of it, by a snapshot in `folder`; yield the results in the items' order.

    An exception in any of them is raised here; where a helper is killed it is an EnvironmentFault that names what it worked
    on. `patience` is how many seconds helpers are waited for before anything is done.
    """
    left = deque([items[start : start + BATCH] for start in range(0, len(items), BATCH)])
    waiting: deque[_Batch] = deque()
    executor, by = helpers.executor(patience), work.here()
    with ExitStack() as over:
        task: Callable[..., Future[Any]] | None = None
        try:
            while left or waiting:
                executor = executor or helpers.executor()
                if task is None and executor is not None and len(left) * BATCH >= work.worth:
                    snapshot = over.enter_context(_snapshot(folder, work))
                    task = partial(_sent, executor, _do, work.do, work.unpack, snapshot)
                while left and task is not None and _under_way(waiting) < helpers.count * _AHEAD:
                    waiting.append(_Batch(left[0], task(left.popleft())))
                if waiting and (waiting[0].results.done() or not left):
                    yield from _first(waiting)
                else:
                    waiting.append(_done_here(work.do, by, left.popleft()))
        except BrokenExecutor:
            raise _killed(waiting) from None


def processes(count: int, modules: tuple[str, ...]) -> Executor:
    """Return so many processes, which inherit nothing from this one: a server forks them, which has imported what they need."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return ProcessPoolExecutor(count, context, _begin, gc.get_threshold())


class _Batch(NamedTuple):
    items: Sequence[Any]
    results: Future[Any]


def _under_way(waiting: Iterable[_Batch]) -> int:
    return sum(not one.results.done() for one in waiting)


def _done_here(do: Callable[[Any, Sequence[Any]], Sequence[Any]], by: object, items: Sequence[Any]) -> _Batch:
    batch = _Batch(items, Future())
    batch.results.set_result(do(by, items))
    return batch


def _sent(executor: Executor, *task: Any) -> Future[Any]:
    """Hand a task to an executor, which may start a process for it: what starts them may have been killed as well."""
    try:
        return executor.submit(*task)
    except (EOFError, ConnectionError, BrokenExecutor) as error:
        failed: Future[Any] = Future()
        failed.set_exception(BrokenExecutor(str(error)))
        return failed


def _begin(*threshold: int) -> None:
    """Begin a worker: who stops a build stops the process that shares the work; a worker ends with that, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*threshold)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


_opened: tuple[str, Any] = ("", None)  # the snapshot that this process works by


def _do(
    do: Callable[[Any, Sequence[Any]], Sequence[Any]], unpack: Callable[[str], Any], snapshot: str, batch: Sequence[Any]
) -> Sequence[Any] | bytes:
    """Do one batch, in a worker; return the results, or what was raised."""
    global _opened  # noqa: PLW0603  (a process works by one snapshot after another)
    try:
        if _opened[0] != snapshot:
            _hold_ours(snapshot)
            _opened = ("", None)  # the old one goes before the new one comes
            _opened = (snapshot, unpack(snapshot))
        return do(_opened[1], batch)
    except Exception as error:  # noqa: BLE001
        return _failure(error)


def _hold_ours(file: str) -> None:
    """Refuse a snapshot that somebody else put in place of ours: what opens it may run what it says."""
    status = os.lstat(file)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise EnvironmentFault(f"`{file}` is not the file that this build wrote", code="cannot-write")


def _failure(error: Exception) -> bytes:
    """Return an exception as it can be sent: some are written and cannot be read, and would break the pool."""
    try:
        data = pickle.dumps(error, protocol=5)
        pickle.loads(data)  # noqa: S301
    except Exception:  # noqa: BLE001
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"), protocol=5)
    return data


def _first(waiting: deque[_Batch]) -> Sequence[Any]:
    found = waiting[0].results.result()
    waiting.popleft()
    if isinstance(found, bytes):
        raise pickle.loads(found)  # noqa: S301  (our own worker's)
    results: Sequence[Any] = found
    return results


@contextmanager
def _snapshot(folder: Path, work: Work[Any, Any, Any]) -> Iterator[str]:
    """Write what work goes by, for as long as it lasts. A name has our number, so that what a dead process left can go."""
    file = folder / f"{os.getpid()}-{token_hex(8)}"
    try:
        files.make_folders(str(folder))
        for old in folder.glob("*-*"):
            if not _is_alive(old.name.partition("-")[0]):
                old.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            work.pack(stream)
    except OSError as error:
        with suppress(OSError):
            file.unlink()
        raise files.fault(str(file), error) from error
    try:
        yield str(file)
    finally:
        with suppress(OSError):
            file.unlink()
            folder.rmdir()  # if nobody else has one there


def _is_alive(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _killed(waiting: Iterable[_Batch]) -> EnvironmentFault:
    lost = [item for batch in waiting if not _is_done(batch.results) for item in batch.items]
    named = ", ".join(f"`{_name(item) or type(item).__name__}`" for item in lost[:3])
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    message = f"a process of ccgen was killed while it worked on {named}{more}"
    hint = "the machine may have run out of memory; try again with `--jobs 1`"
    return EnvironmentFault(message, code="worker-killed", hint=hint)


def _is_done(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _name(item: object) -> str:
    """Return what an item is called: by its path, or by that of the first thing in it that has one."""
    if isinstance(item, str):
        return item
    path = getattr(item, "path", None)
    if isinstance(path, str):
        return path
    inside = item.values() if isinstance(item, Mapping) else item if isinstance(item, tuple) else ()
    return next((name for one in inside if (name := _name(one))), "")
