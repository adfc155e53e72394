"""The seam at which like pieces of work may be shared among processes; knows neither the work nor the processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

__all__ = ["BATCH", "Progress", "Workers", "alone"]

Progress = Callable[[str, int, int], None]  # what is done, how many of how many
BATCH = 16  # items that are done at a time

A = TypeVar("A")
B = TypeVar("B")


class Workers(Protocol):
    """Does work in other processes or in this one.

    The work must not change what other work reads: what it changes beside its result may be lost.
    """

    def __call__(self, function: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
        """Do the same to many items and give the results in their order, whoever does the work."""
        ...

    def batches(self, function: Callable[[Sequence[A]], Sequence[B]], items: Sequence[A]) -> Iterator[B]:
        """Do the same, for work that is quicker on several neighbours at once; the function gives as many results."""
        ...

    def beside(self, function: Callable[[], B]) -> Callable[[], B | None]:
        """Begin something that this process could also do later; what is returned gives the result, None where there is none."""
        ...


class _Alone:
    """Does everything in this process, when it is asked for."""

    def __call__(self, function: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
        return map(function, items)

    def batches(self, function: Callable[[Sequence[A]], Sequence[B]], items: Sequence[A]) -> Iterator[B]:
        for start in range(0, len(items), BATCH):
            yield from function(items[start : start + BATCH])

    def beside(self, _function: Callable[[], B]) -> Callable[[], B | None]:
        return lambda: None


alone: Workers = _Alone()
