"""The seam at which like pieces of work may be shared among processes; knows neither the work nor the processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Generic, NamedTuple, Protocol, TypeVar

__all__ = ["BATCH", "Alone", "Progress", "Work", "Workers", "alone"]

Progress = Callable[[str, int, int], None]  # what is done, how many of how many
BATCH = 16  # items that are done at a time

S = TypeVar("S")
A = TypeVar("A")
B = TypeVar("B")


class Work(NamedTuple, Generic[S, A, B]):
    """What is done to many items, and what all of it goes by.

    `do` does it to a batch of neighbours and gives as many results. What it goes by is made by `here` in this process; another
    one opens a snapshot, a file that `pack` wrote, by `unpack`. `do` and `unpack` are functions of a module, for others find
    them by name, and items and results are such as can be sent. The work must not change what it goes by: that may be lost.
    For fewer items than are `worth` it, making the snapshot costs more than sharing them saves.
    """

    do: Callable[[S, Sequence[A]], Sequence[B]]
    here: Callable[[], S]
    pack: Callable[[BinaryIO], None]
    unpack: Callable[[str], S]
    worth: int = 128


class Workers(Protocol):
    """Does work in this process, and in others beside it."""

    def expect(self, items: int, *modules: str) -> None:
        """Say that about so many items are to be done by and by, of work from these modules: whoever is to help may begin."""

    def __call__(self, work: Work[S, A, B], items: Sequence[A]) -> Iterator[B]:
        """Give the results in the order of the items, whoever does the work."""
        ...


class Alone:
    """Does everything in this process, when it is asked for."""

    def expect(self, items: int, *modules: str) -> None:
        """See `Workers.expect`."""

    def __call__(self, work: Work[S, A, B], items: Sequence[A]) -> Iterator[B]:
        """See `Workers`."""
        by = work.here()
        for start in range(0, len(items), BATCH):
            yield from work.do(by, items[start : start + BATCH])


alone = Alone()
