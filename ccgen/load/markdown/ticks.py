"""Runs of backticks in a text, so that where a code span ends is found without searching twice; knows nothing else."""

from __future__ import annotations

import re

__all__ = ["Ticks"]

_RUN = re.compile("`+")


class Ticks:
    """The runs of one text. Asked from left to right only: what lies behind is forgotten."""

    def __init__(self, text: str) -> None:
        self._runs: dict[int, list[int]] = {}
        for run in _RUN.finditer(text):
            self._runs.setdefault(len(run[0]), []).append(run.start())
        for runs in self._runs.values():
            runs.reverse()

    def closing(self, length: int, after: int) -> int:
        """Return where the next run of exactly this length begins at or behind an index, -1 if there is none."""
        runs = self._runs.get(length, [])
        while runs and runs[-1] < after:
            runs.pop()
        return runs[-1] if runs else -1
