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
from watchdog.observers import Observer

from ccgen.config import SOURCE_FOLDERS

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


class Watch(FileSystemEventHandler):
    """Invariant: from `start` to `stop`, every change below the source folders is followed by a hint."""

    def __init__(self, root: Path, tell: Callable[[Hint], None]) -> None:
        self._root, self._tell = root, tell
        self._observer = Observer()
        self._watched: set[str] = set()
        self._over = threading.Event()

    def start(self, poll: float | None = None) -> str:
        """Begin to watch, by a clock where seconds are given or events cannot be had; return why, '' if there is nothing to
        say.
        """
        if poll is not None:
            self._begin_polling(poll)
            return ""
        try:
            self._observer.schedule(self, str(self._root), recursive=False, event_filter=_EVENTS)
            for name in SOURCE_FOLDERS:
                self._add(name)
            self._observer.start()
        except OSError as fault:
            self._begin_polling(_POLL)
            return _why(fault)
        return ""

    def stop(self) -> None:
        """End; nothing is told any more."""
        self._over.set()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass an event on as hints."""
        settled = not isinstance(event, (FileCreatedEvent, FileModifiedEvent)) or sys.platform != "linux"
        at = time.monotonic()
        for place in (event.src_path, event.dest_path):
            file = str(place)
            if not file:
                continue
            if Path(file).parent == self._root and isinstance(event, (DirCreatedEvent, DirMovedEvent)):
                try:
                    self._add(Path(file).name)
                except OSError:  # no more watches, and nobody to tell: the clock sees what they would
                    self._begin_polling(_POLL)
            self._tell(Hint(file, at, settled))

    def _add(self, name: str) -> None:
        """Watch a folder of the project, if it is one of the sources; one that was there before may be another now."""
        folder = self._root / name
        if name in SOURCE_FOLDERS and folder.is_dir():
            self._observer.schedule(self, str(folder), recursive=True, event_filter=_EVENTS)

    def _begin_polling(self, seconds: float) -> None:
        def poll() -> None:
            while not self._over.wait(seconds):
                self._tell(Hint("", time.monotonic(), settled=True))

        threading.Thread(target=poll, name="ccgen poll", daemon=True).start()


def _why(fault: OSError) -> str:
    reason = fault.strerror or str(fault)
    if sys.platform == "linux" and fault.errno in {errno.ENOSPC, errno.EMFILE}:  # what it says means disks and files
        reason = (
            "the system gives out no more watches; to have more: "
            "sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
        )
    return f"looking at all files every {_POLL:g} s, for they cannot be watched: {reason}"
