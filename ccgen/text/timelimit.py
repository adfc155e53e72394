"""A limit on the time a block of code may take; knows nothing of what runs."""

from __future__ import annotations

import signal
import threading
import time

# `signal.signal` makes members of enumerations of all that it takes and gives: 10 µs, for each article and each page.
from _signal import signal as _set_handler  # type: ignore[import-not-found]
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Overtime", "at_most"]


_AGAIN = 0.01  # seconds until the next try
_LOCKING = ("threading.py", "queue.py", "coverage/collector.py", "coverage/data.py", "coverage/sqldata.py")
_DEEP = 8  # frames that are looked at


class Overtime(BaseException):
    """The time is over. No `Exception`, so that what runs cannot take it for one of its own."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `Overtime` in the block once it has run for so many seconds of wall time.

    Signals reach the main thread only; elsewhere, and where there are no interval timers, nothing is limited. A timer
    and handler that were set before are set again afterwards, with what is left of their time.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    running = True

    def stop(_signal: int, frame: FrameType | None) -> None:
        if running and _may_hold_a_lock(frame):
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        elif running:
            raise Overtime

    left, interval = signal.setitimer(signal.ITIMER_REAL, 0)  # no alarm rings now: none may before there is a `finally`
    began = time.monotonic()
    before = _set_handler(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        _set_handler(signal.SIGALRM, before if before is not None else signal.SIG_DFL)
        if left:
            signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - began), 1e-6), interval)


def _may_hold_a_lock(frame: FrameType | None) -> bool:
    """Say whether code runs that locks: an exception there would leave the lock shut, and whoever asks next waits for ever."""
    for _ in range(_DEEP):
        if frame is None:
            return False
        if frame.f_code.co_filename.endswith(_LOCKING):
            return True
        frame = frame.f_back
    return False
