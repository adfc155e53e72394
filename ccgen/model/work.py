"""The seam at which like pieces of work may be shared among processes; knows neither the work nor the processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

__all__ = ["Workers", "alone"]

A = TypeVar("A")
B = TypeVar("B")


class Workers(Protocol):
    """Does the same to many items and gives the results in their order, whoever does the work.

    The function must not change what another item reads: what it changes beside its result may be lost.
    """

    def __call__(self, function: Callable[[A], B], items: Sequence[A]) -> Iterator[B]: ...


def alone(function: Callable[[A], B], items: Sequence[A]) -> Iterator[B]:
    """Do everything in this process, when it is asked for."""
    return map(function, items)
