"""A limit on time ends what runs, but never code that may hold a lock."""

from __future__ import annotations

import signal
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


def test_a_time_that_is_over_before_the_block_begins_leaves_nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    arm, usual = signal.setitimer, signal.getsignal(signal.SIGALRM)

    def late(which: int, seconds: float, interval: float = 0.0) -> tuple[float, float]:
        before = arm(which, seconds, interval)
        if seconds == 0.01:
            busy(20)
        return before

    def ours(*_: object) -> None:
        raise AssertionError

    signal.signal(signal.SIGALRM, ours)
    arm(signal.ITIMER_REAL, 60)
    try:
        monkeypatch.setattr(signal, "setitimer", late)
        with pytest.raises(Overtime), at_most(0.01):
            raise AssertionError
        assert signal.getsignal(signal.SIGALRM) is ours
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 60
    finally:
        arm(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)
