"""One builder per project at a time, by a lock that the kernel drops with its holder; knows nothing of builds."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from ccgen.errors import EnvironmentFault
from ccgen.write import files

__all__ = ["lock"]

_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
_PAUSE = 0.05  # seconds between two tries
_held: set[int] = set()  # descriptors of this process's lock files


@contextmanager
def lock(state_dir: str | Path, *, patience: float = 0.0) -> Iterator[None]:
    """Hold the project's lock; `state_dir` is made if it lacks. Waits at most `patience` seconds for another to let go.

    Raises EnvironmentFault: `locked` names the holder's process and its start, `no-locks` a file system without locks.
    The lock file stays; what is in it only tells who holds it.
    """
    folder = os.fspath(state_dir)
    descriptor = _open(folder)
    _held.add(descriptor)
    try:
        _acquire(descriptor, folder, time.monotonic() + patience)
        _sign(descriptor, os.path.join(folder, "lock"))
        yield
    finally:
        if descriptor in _held:  # not so in a forked process
            _held.remove(descriptor)
            os.close(descriptor)


def _open(folder: str) -> int:
    try:
        files.make_folders(os.path.realpath(folder))
        return files.open_lock(os.path.join(folder, "lock"))
    except EnvironmentFault as told:
        hint = "choose another state folder with --state"
        raise EnvironmentFault(f"cannot keep state in {told.message}", code=told.code, hint=hint) from told


def _acquire(descriptor: int, folder: str, until: float) -> None:
    while not _taken(descriptor, folder):
        if time.monotonic() >= until:
            hint = "wait until it is done, or end it; the lock frees itself"
            message = f"another ccgen builds this project: {_holder(descriptor)}"
            raise EnvironmentFault(message, code="locked", hint=hint)
        time.sleep(_PAUSE)


def _taken(descriptor: int, folder: str) -> bool:
    """Take the lock and say True, if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EAGAIN}:
            return False
        if error.errno in _NO_LOCKS:
            hint = "choose a state folder on a local disk with --state"
            raise EnvironmentFault(f"files cannot be locked in `{folder}`", code="no-locks", hint=hint) from error
        raise files.fault(folder, error) from error
    return True


def _sign(descriptor: int, file: str) -> None:
    started = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    files.sign(descriptor, f"process {os.getpid()}, started {started}\n", file)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "it has just started"


def _let_go() -> None:
    """In a process that was forked: the lock is its parent's alone, or an orphan would keep it after that was killed.

    Our own workers are not forked from who holds it, but another executor's may be.
    """
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)
