"""Linux's events for `watch`, with what watchdog keeps to itself: folders it could not watch, and events that were lost."""

from __future__ import annotations

import errno
import logging
import warnings
from collections.abc import Callable

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import CallbackId, InotifyEvent, InotifyFD, Mask, WatchCallback, WatchDescriptor

__all__ = ["Observer"]

_LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENOMEM})
# What it warns of is told by `limit`, mended by `lost`, or as it should be: a folder that returns is watched already.
logging.getLogger("watchdog").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", category=RuntimeWarning, module=__name__.replace(".", r"\."))


class _Descriptor(InotifyFD):
    def __init__(self, limit: Callable[[OSError], None], lost: Callable[[], None]) -> None:
        super().__init__()
        self._limit, self._lost = limit, lost

    def add_callback(self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId) -> WatchDescriptor:
        try:
            return super().add_callback(path, mask, callback, id_)
        except OSError as fault:
            if fault.errno in _LIMITS:  # passed over for folders inside of others
                self._limit(fault)
            raise

    def handle_event(self, event: InotifyEvent) -> None:
        super().handle_event(event)
        if event.is_queue_overflow:
            self._lost()


class Observer(BaseObserver):
    """Calls `limit` when the system gives out no more watches, and `lost` after events were lost; both in any thread.

    Raises OSError where the system gives out no more instances.
    """

    def __init__(self, limit: Callable[[OSError], None], lost: Callable[[], None]) -> None:
        self._descriptor = _Descriptor(limit, lost)
        self._descriptor.start()
        super().__init__(InotifyEmitter, inotify_fd=self._descriptor)

    def on_thread_stop(self) -> None:
        super().on_thread_stop()
        self._descriptor.stop()
        self._descriptor.join()
