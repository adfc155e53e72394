"""What `ccgen build --profile` says: a table for people, and the same as values for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ccgen.model.timing import Spent, Timing

__all__ = ["profile_lines", "profile_value"]

_SLOWEST = 10
_REST = "other"


def profile_value(timing: Timing) -> dict[str, Any]:
    """Return a profile for JSON: all times are seconds of wall time; `own` is without what else of its list it called."""
    total = timing.seconds
    return {
        "processes": 1,
        "seconds": _round(total),
        "stages": [{"name": name, "seconds": _round(seconds)} for name, seconds in _stages(timing, total)],
        "templates": _rows(timing.templates.dearest()),
        "directives": _rows(timing.directives.dearest()),
        "pages": [{"path": path, "seconds": _round(spent.own)} for path, spent in timing.pages.dearest()[:_SLOWEST]],
    }


def profile_lines(timing: Timing) -> list[str]:
    """Return a profile as lines of a report; times are milliseconds."""
    total = timing.seconds
    pages = timing.pages.dearest()[:_SLOWEST]
    return [
        "",
        f"time by stage, in one process ({total:.2f} s)",
        *_table(("ms", "stage"), [(_ms(seconds), name) for name, seconds in _stages(timing, total)]),
        *_spent("template", "drawn", timing.templates.dearest()),
        *_spent("directive", "shown", timing.directives.dearest()),
        *(["", "slowest pages to draw"] if pages else []),
        *_table(("ms", "page"), [(_ms(spent.own), path) for path, spent in pages]),
    ]


def _stages(timing: Timing, total: float) -> list[tuple[str, float]]:
    stages = [(name, spent.own) for name, spent in timing.stages.first()]
    return [*stages, (_REST, total - sum(seconds for _, seconds in stages))]


def _rows(rows: Iterable[tuple[str, Spent]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "own": _round(spent.own), "whole": _round(spent.whole), "times": spent.times}
        for name, spent in rows
    ]


def _spent(what: str, times: str, rows: Sequence[tuple[str, Spent]]) -> list[str]:
    head = ("own ms", "whole ms", times, what)
    cells = [(_ms(spent.own), _ms(spent.whole), str(spent.times), name) for name, spent in rows]
    return ["", f"time by {what}", *_table(head, cells)] if cells else []


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines, all but the last column to the right."""
    if not rows:
        return []
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    return [
        "  " + "  ".join([*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in (head, *rows)
    ]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


def _round(seconds: float) -> float:
    return round(seconds, 6)
