"""Who tells that files may have changed: the system's events, or a clock where there are none; reads no file."""

from __future__ import annotations

import errno
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver, ObservedWatch

from ccgen.config import SOURCE_FOLDERS
from ccgen.text.report import visible

if sys.platform == "linux":
    from ccgen.preview.inotify import Observer
else:
    from watchdog.observers import Observer

__all__ = ["Hint", "Watch"]

# What a build's own reading makes (`opened`, `closed_no_write`) is not asked for.
_EVENTS: list[type[FileSystemEvent]] = [
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]
_POLL = 1.0  # seconds


class Hint(NamedTuple):
    """Something may have changed at `at` (of the monotonic clock): a file, or all there is ('').

    A `settled` one was closed or moved; else its writer may not be done.
    """

    file: str
    at: float
    settled: bool


_ENDING = 3.0  # seconds for the threads that wait for events


class Watch(FileSystemEventHandler):
    """Invariant: from `start` to `stop`, a hint follows every change below the source folders of which the system tells, or
    where it is known not to tell (links, limits) a hint to look at all files. Not known, and not told, is a file
    that is written by another of its names (a hard link) outside of them.
    """

    def __init__(self, root: Path, tell: Callable[[Hint], None], warn: Callable[[str], None]) -> None:
        """`tell` and `warn` are called in any thread."""
        self._root, self._tell, self._warn = root, tell, warn
        self._observer: BaseObserver | None = None
        self._watched: dict[str, ObservedWatch] = {}
        self._polling = threading.Lock()
        self._over = threading.Event()

    def start(self, poll: float | None = None) -> None:
        """Begin to watch, by a clock where seconds are given or events cannot be had."""
        if poll is not None:
            self._begin_polling(poll)
            return
        try:
            self._observer = self._made()
            self._observer.schedule(self, str(self._root), recursive=False, event_filter=_EVENTS)
            for name in SOURCE_FOLDERS:
                self._add(name)
            self._observer.start()
        except OSError as fault:
            self._end_observer()
            self._limit(fault)

    def look_too(self, at: str) -> None:
        """Look at all files besides, for there is a link among them."""
        if self._begin_polling(_POLL):
            self._warn(f"looking at all files every {_POLL:g} s too, for `{visible(at)}` is reached by a link")

    def stop(self) -> None:
        """End; nothing is told any more."""
        self._over.set()
        self._end_observer()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass an event on as hints."""
        settled = not isinstance(event, (FileCreatedEvent, FileModifiedEvent)) or sys.platform != "linux"
        at = time.monotonic()
        for place in (event.src_path, event.dest_path):
            file = str(place)
            if not file:
                continue
            if event.is_directory and Path(file).parent == self._root:
                try:
                    self._add(Path(file).name)
                except OSError as fault:
                    self._limit(fault)
            self._tell(Hint(file, at, settled))

    def _end_observer(self) -> None:
        """End what there is of it: one that could not be started has threads of its own already.

        Whoever stops the preview must not wait for ever, should one of these not hear it.
        """
        if self._observer is not None:
            ending = threading.Thread(target=_end, args=(self._observer,), daemon=True)
            ending.start()
            ending.join(_ENDING)

    def _made(self) -> BaseObserver:
        if sys.platform == "linux":
            return Observer(self._limit, lambda: self._tell(Hint("", time.monotonic(), settled=True)))
        return Observer()

    def _add(self, name: str) -> None:
        """Watch a folder of the project, if it is one of the sources, and there; what was there before may be elsewhere."""
        assert self._observer is not None
        folder = self._root / name
        old = self._watched.pop(name, None)
        if old is not None:
            self._observer.unschedule(old)
        if name in SOURCE_FOLDERS and folder.is_dir():
            self._watched[name] = self._observer.schedule(self, str(folder), recursive=True, event_filter=_EVENTS)

    def _limit(self, fault: OSError) -> None:
        """Look at all files from now on, for not all folders can be watched, and say so, once."""
        if self._begin_polling(_POLL):
            self._warn(_why(fault))

    def _begin_polling(self, seconds: float) -> bool:
        """Begin to tell by a clock, if that has not begun; say whether it had not."""
        if not self._polling.acquire(blocking=False):  # never let go
            return False

        def poll() -> None:
            while not self._over.wait(seconds):
                self._tell(Hint("", time.monotonic(), settled=True))

        threading.Thread(target=poll, name="ccgen poll", daemon=True).start()
        return True


def _why(fault: OSError) -> str:
    reason = fault.strerror or str(fault)
    if sys.platform == "linux" and fault.errno in {errno.ENOSPC, errno.EMFILE}:  # what it says means disks and files
        reason = (
            "the system gives out no more watches; to have more: "
            "sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
        )
    return f"looking at all files every {_POLL:g} s, for they cannot be watched: {reason}"


def _end(observer: BaseObserver) -> None:
    observer.stop()
    if observer.is_alive():
        observer.join()
