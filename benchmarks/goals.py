"""What we aim at, held against figures: one row for each goal that the figures can judge; measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.measure import COLD, Measured

__all__ = ["Growth", "Judged", "judge", "judge_growth", "judge_start"]

_ALLOWED = 0.10  # seconds on top of a ratio at fewer articles than this
_FULL_SIZE = 10_000
_COLD = {"ccgen-commonmark": (("hugo", 0.4),), "ccgen-markdown": (("hugo", 1.4), ("pelican", 0.3))}
_AFTER = {"nothing": 0.04, "article": 0.08, "price": 0.08, "new": 0.2}  # of Hugo's cold time, for every engine
_MEMORY = 0.5  # of Hugo's peak
_GROWTH = 12  # times the time, for ten times the articles
_BYTES = 25_000  # of memory for each article more
_START = 0.12  # seconds, for the version alone


class Judged(NamedTuple):
    """A goal, what was reached, and whether that is enough."""

    goal: str
    limit: float
    reached: float
    met: bool


class Growth(NamedTuple):
    """One size of ccgen alone: seconds cold and with nothing changed, peak in bytes (0 = not measured)."""

    articles: int
    cold: float
    unchanged: float
    peak: int


def judge(found: Sequence[Measured], articles: int) -> Iterator[Judged]:
    """Judge one size. A goal whose program was not measured is left out."""
    figures = {(one.program, one.case): one for one in found}
    allowed = 0.0 if articles >= _FULL_SIZE else _ALLOWED
    for program, limits in _COLD.items():
        for against, limit in limits:
            yield from _ratio(figures, (program, COLD), against, limit, allowed)
    hugo = figures.get(("hugo", COLD))
    for program in [name for name in _COLD if (name, COLD) in figures]:
        for case, limit in _AFTER.items():
            yield from _ratio(figures, (program, case), "hugo", limit, allowed)
        if (program, "nothing") in figures:
            written = figures[program, "nothing"].files
            yield Judged(f"{program}: files written when nothing changed", 0, written, written == 0)
        peak = figures[program, COLD].peak
        if hugo and hugo.peak and peak:
            reached = peak / hugo.peak
            yield Judged(f"{program}: peak memory of a cold build / hugo's", _MEMORY, reached, reached <= _MEMORY)


def judge_growth(found: Sequence[Growth]) -> Iterator[Judged]:
    """Judge the last two sizes of a growth in tens."""
    if len(found) < 2:
        return
    small, large = found[-2:]
    scaled = _GROWTH * large.articles / (10 * small.articles)
    reached = large.cold / small.cold
    yield Judged(
        f"time of {large.articles:,} / time of {small.articles:,} articles", scaled, reached, reached <= scaled
    )
    if small.peak and large.peak:
        bytes_ = (large.peak - small.peak) / (large.articles - small.articles)
        yield Judged("bytes of memory for each article more", _BYTES, bytes_, bytes_ <= _BYTES)


def judge_start(seconds: float) -> Judged:
    """Judge how long `ccgen --version` takes."""
    return Judged("seconds of `ccgen --version`", _START, seconds, seconds <= _START)


def _ratio(
    figures: Mapping[tuple[str, str], Measured], which: tuple[str, str], against: str, limit: float, allowed: float
) -> Iterator[Judged]:
    one, base = figures.get(which), figures.get((against, COLD))
    if one is None or base is None:
        return
    took, basis = median(one.seconds), median(base.seconds)
    goal = f"{which[0]}: {which[1]} / {against}'s cold time" + (f" (+ {allowed:.2f} s)" if allowed else "")
    yield Judged(goal, limit, took / basis, took <= limit * basis + allowed)
