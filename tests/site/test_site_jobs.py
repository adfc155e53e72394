"""Work shared among processes: one result for each item in order, whatever happens to a process."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from ccgen.errors import EnvironmentFault
from ccgen.jobs import Forked

ITEMS = range(400)


class Item(NamedTuple):
    number: int
    path: str


@pytest.fixture(autouse=True)
def _at_most() -> Iterator[None]:
    """Turn a deadlock into a failure."""

    def late(_signal: int, _frame: object) -> None:
        raise TimeoutError("the processes wait for each other")

    old = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


@pytest.mark.parametrize("jobs", [1, 2, 3, 6])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    assert list(Forked(jobs)(lambda item: (item, "x" * 5_000), ITEMS)) == [(item, "x" * 5_000) for item in ITEMS]


@pytest.mark.parametrize("bad", [0, 1, 2, 5])
def test_an_exception_in_any_process_is_raised_and_nobody_waits(bad: int) -> None:
    def work(item: int) -> str:
        if item == bad:
            raise ValueError(f"no {item}")
        return "x" * 100_000  # more than a pipe holds, so that a child waits to be read

    with pytest.raises(ValueError, match=f"no {bad}"):
        list(Forked(6)(work, ITEMS))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # none is left


def test_a_signal_to_this_process_ends_the_others() -> None:
    parent = os.getpid()

    def work(item: int) -> str:
        if os.getpid() == parent:
            raise KeyboardInterrupt
        return "x" * 100_000  # more than a pipe holds

    with pytest.raises(KeyboardInterrupt):
        list(Forked(4)(work, ITEMS))


def test_a_process_that_is_killed_is_told_with_its_items() -> None:
    parent = os.getpid()

    def work(item: dict[str, Item]) -> int:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.005)  # leaves the child a batch
        return 0

    items = [{"en": Item(number, f"reviews/{number}.md")} for number in ITEMS]
    with pytest.raises(EnvironmentFault) as told:
        list(Forked(2)(work, items))
    assert told.value.code == "worker-killed"
    found = re.search(
        r"worked on `reviews/(\d+).md`, `reviews/(\d+).md`, `reviews/(\d+).md` and 13 more", told.value.message
    )
    assert found is not None, told.value.message
    first = int(found[1])
    assert [int(one) for one in found.groups()] == [first, first + 1, first + 2]


def test_what_cannot_be_sent_is_a_fault_of_ours_and_no_lack_of_memory() -> None:
    class Strange(Exception):
        def __init__(self, one: str, other: str) -> None:
            super().__init__(one + other)

    parent = os.getpid()

    def raises(item: int) -> int:
        if os.getpid() != parent:
            raise Strange("odd", "ity")
        time.sleep(0.005)  # leaves the child a batch
        return item

    def gives_a_function(item: int) -> object:
        time.sleep(0.001)
        return item if os.getpid() == parent else lambda: item

    with pytest.raises(RuntimeError, match="oddity"):
        list(Forked(2)(raises, ITEMS))
    with pytest.raises(Exception, match=r"pickle|local"):
        list(Forked(2)(gives_a_function, ITEMS))
