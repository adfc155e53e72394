"""Work that helpers share with this process: an executor of `concurrent.futures`, processes of this machine or any other's.

What the work goes by is written to a snapshot once, which each helper opens once; tasks name it, a function and a batch of
items. So nothing is inherited, and whoever sees the same files can help: processes that a server forks which never held a
site, or a cluster's. This process does not wait for helpers as long as there is something to do. Knows nothing of the work.
"""

from __future__ import annotations

import atexit
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
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from multiprocessing import forkserver, parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Semaphore
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
_MOMENT = 0.05  # seconds
_GLANCE = 0.005  # seconds between two looks whether helpers have begun
_BEGINNING = 10.0  # seconds for helpers that begin when all is over
_MOST = 64  # batches whose results are held while an earlier one is waited for
_WAITS = 0.0  # seconds for which helpers are waited for before anything is done


class Helpers:
    """An executor, from when it can be used: to begin, processes take some tenths of a second, in which there is other work.

    Invariant: helpers that cannot begin, or that take nothing any more, are done without, as if there were none; and none
    outlives this process, nor keeps it from ending, wherever it is stopped.
    """

    def __init__(self, make: Callable[[], Executor], count: int) -> None:
        self.count = count
        self._begun = self._lost = self._over = False
        self._executor: Executor | None = None  # None also when they cannot begin
        # Before Python's own way out, which tells processes to end, and waits for one that begins at that moment for ever.
        atexit.register(self.abandon)
        try:
            threading.Thread(target=self._begin, args=(make,), daemon=True).start()
        except RuntimeError:  # there are as many as this user may have
            self._begun = True

    def _begin(self, make: Callable[[], Executor]) -> None:
        executor = None
        try:
            executor = make()
            for one in [executor.submit(_stand_by) for _ in range(self.count)]:
                one.result()
        except Exception:  # noqa: BLE001
            _kill(executor)
            executor = None
        self._executor = executor
        self._begun = True
        if self._over:
            _kill(executor)

    def ready(self, patience: float = 0.0) -> bool:
        """Say whether they take tasks; wait so many seconds for them to begin."""
        self._wait(patience)
        return self._begun and self._executor is not None and not self._lost

    def _wait(self, patience: float) -> None:
        """Wait so many seconds until they have begun, or cannot.

        Not by a lock: Ctrl-C between its getting and its use would leave it locked, for the thread that begins as for us.
        """
        until = time.monotonic() + patience
        while not self._begun and time.monotonic() < until:
            time.sleep(_GLANCE)

    def submit(self, *task: Any) -> Future[Any] | None:
        """Hand a task to helpers that were ready; None where they take none any more: they were killed, or what starts them."""
        try:
            return self._executor.submit(*task) if self._executor is not None else None
        except (EOFError, OSError, RuntimeError):
            self._lost = True
            return None

    def end(self) -> None:
        """Let the helpers go, who have nothing to do."""
        with self._ending() as executor:
            if executor is not None:
                executor.shutdown()

    def abandon(self) -> None:
        """End the helpers in the midst of work that is of no use to anybody now; their processes are gone afterwards."""
        with self._ending() as executor:
            _kill(executor)

    @contextmanager
    def _ending(self) -> Iterator[Executor | None]:
        """Give what is to end. Helpers that are still beginning are waited for: else they find half of what they need gone."""
        self._over = True
        with _undisturbed():
            self._wait(_BEGINNING)
            yield self._executor
            atexit.unregister(self.abandon)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let nobody stop this a second time: who stopped the work waits for a second or two at most."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler if handler is not None else signal.SIG_DFL)


def _kill(executor: Executor | None) -> None:
    """End an executor's processes, whatever they do; also if that is interrupted.

    Who is about to send a result may do so: killed half-way, nobody would ever read to its end.
    """
    if executor is None:
        return
    running = _processes_of(executor)
    try:
        executor.shutdown(wait=False, cancel_futures=True)
        until = time.monotonic() + _PATIENCE
        for process in running:
            process.join(max(0.0, until - time.monotonic()))
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.join(_PATIENCE)


def _processes_of(executor: Executor) -> tuple[BaseProcess, ...]:
    """Return an executor's processes, none where it has none here; before Python 3.14, which can kill them, by this name only."""
    return tuple((getattr(executor, "_processes", None) or {}).values())


def _stand_by() -> None:
    """Do nothing for a moment: whoever does it has begun, and the next task is for another helper."""
    time.sleep(_MOMENT)


def shared(helpers: Helpers, folder: Path, work: Work[S, A, B], items: Sequence[A]) -> Iterator[B]:
    """Do work here, and have helpers do some of it, by a snapshot in `folder`; yield the results in the items' order.

    An exception in any of them is raised here; where a helper is killed it is an EnvironmentFault that names what it worked on.
    """
    left = deque([items[start : start + BATCH] for start in range(0, len(items), BATCH)])
    waiting: deque[_Batch] = deque()
    by = work.here()
    helpers.ready(_WAITS)
    with ExitStack() as over:
        submit: Callable[..., Future[Any] | None] | None = None
        try:
            while left or waiting:
                if submit is None and len(left) * BATCH >= work.worth and helpers.ready():
                    snapshot = over.enter_context(_snapshot(folder, work))
                    submit = partial(helpers.submit, _do, work.do, work.unpack, snapshot)
                while left and submit is not None and _under_way(waiting) < helpers.count * _AHEAD:
                    results = submit(left[0])
                    if results is None:
                        submit = None
                    else:
                        waiting.append(_Batch(left.popleft(), results))
                if waiting and (waiting[0].results.done() or not left or len(waiting) > _MOST):
                    yield from _first(waiting)
                else:
                    waiting.append(_done_here(work.do, by, left.popleft()))
        except BrokenExecutor:
            raise _killed(waiting) from None


def processes(count: int, modules: tuple[str, ...]) -> Executor:
    """Return so many processes, which inherit nothing from this one: a server forks them, which has imported what they need."""
    context = _Context()
    context.set_forkserver_preload(list(modules))
    _start_server()
    started = context.Semaphore(0)
    executor = ProcessPoolExecutor(count, context, _start_helper, (started, *gc.get_threshold()))
    try:
        standing = [executor.submit(_stand_by) for _ in range(count)]
        # All of them: one that meets the end while it starts says more than anybody wants to know.
        for _ in _processes_of(executor):
            while not started.acquire(timeout=0.05):
                for one in standing:
                    if one.done():
                        one.result()
    except BaseException:
        _kill(executor)
        raise
    return executor


class _Helper(ForkServerProcess):
    """A process that Python ends with itself: who is stopped again and again must not wait for those that nobody ended."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named, daemon=True)


class _Context(ForkServerContext):
    Process = _Helper


def _start_server() -> None:
    """Start the server of processes so that it never gets SIGINT, which a terminal sends to all, also before it can ignore it."""
    resource_tracker.ensure_running()  # by itself: it lets signals through when it has started
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Batch(NamedTuple):
    items: Sequence[Any]
    results: Future[Any]


def _under_way(waiting: Iterable[_Batch]) -> int:
    return sum(not one.results.done() for one in waiting)


def _done_here(do: Callable[[Any, Sequence[Any]], Sequence[Any]], by: object, items: Sequence[Any]) -> _Batch:
    batch = _Batch(items, Future())
    batch.results.set_result(do(by, items))
    return batch


def _start_helper(started: Semaphore, *threshold: int) -> None:
    """Start a helper: who stops a build stops the process that shares the work; a helper ends with that, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*threshold)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    started.release()


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
            file.unlink(missing_ok=True)
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
