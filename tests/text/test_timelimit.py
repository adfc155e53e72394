"""A limit on time ends what runs, but never code that may hold a lock."""

from __future__ import annotations

import threading
import time

import pytest

from ccgen.text.timelimit import Overtime, at_most

LOCKING = """
def work(lock, until):
    with lock:
        while not until():
            pass
"""


def busy(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_what_runs_too_long_ends() -> None:
    with pytest.raises(Overtime), at_most(0.05):
        busy(20)


def test_what_ends_in_time_goes_on() -> None:
    with at_most(20):
        busy(0.01)
    busy(0.01)


def test_code_that_locks_is_let_go_first() -> None:
    """Else the lock stays shut, and whoever wants it next waits for ever."""
    names: dict[str, object] = {}
    exec(compile(LOCKING, "/somewhere/coverage/collector.py", "exec"), names)
    lock, began = threading.Lock(), time.monotonic()
    with pytest.raises(Overtime), at_most(0.05):  # noqa: PT012  (the order is what is tested)
        names["work"](lock, lambda: time.monotonic() - began > 0.3)  # type: ignore[operator]
        assert lock.acquire(blocking=False)
        busy(20)
    assert lock.locked()
