"""Times of whole builds, cold and after edits, in turn, with memory and files written; knows no table and no goal."""

from __future__ import annotations

import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import edits, memory
from benchmarks.corpus import Corpus
from benchmarks.programs import Program

__all__ = ["COLD", "Measured", "Rounds", "copying", "timed"]

COLD = "cold"


class Measured(NamedTuple):
    """A program's figures for one case. `files` is how many files a run wrote at most; `peak` is in bytes, 0 = not measured."""

    program: str
    case: str
    seconds: tuple[float, ...]
    files: int
    peak: int


class Rounds:
    """Builds by every program in turn. Nothing of a round is left in the next but what was set aside."""

    def __init__(self, programs: Sequence[Program], corpus: Corpus, say: Callable[[str], None]) -> None:
        self.programs = programs
        self.corpus = corpus
        self.say = say
        self.seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.files: dict[tuple[str, str], int] = defaultdict(int)
        self.peaks: dict[str, int] = {}

    def cold(self, label: str) -> None:
        """Build with every program as if for the first time."""
        for program in self.programs:
            _set_aside(program, label)
            self._measure(program, COLD)

    def after_edits(self, cases: Sequence[str]) -> None:
        """Build again with every program that has sources to edit, after each of the edits; then undo them."""
        for program in self.programs:
            if program.sources is None:
                continue
            done: list[edits.Undo] = []
            try:
                for case in cases:
                    done += edits.apply(case, self.corpus, program.sources, program.folder)
                    self._measure(program, case)
            finally:
                edits.undo(done)

    def memory(self) -> None:
        """Measure the peak of each program's cold build, which is not timed; nothing where the system does not tell it."""
        for program in self.programs if memory.supported() else ():
            _set_aside(program, "memory")
            self.peaks[program.name] = memory.peak_of(list(program.command), program.folder)
            self.say(f"{program.name}, memory: {self.peaks[program.name] / 1e6:.0f} MB")

    def measured(self) -> list[Measured]:
        """Return all figures, in the order in which they were first measured."""
        return [
            Measured(name, case, tuple(took), self.files[name, case], self.peaks.get(name, 0) if case == COLD else 0)
            for (name, case), took in self.seconds.items()
        ]

    def _measure(self, program: Program, case: str) -> None:
        before = _stamps(program.output)
        took = timed(program.command, program.folder)
        written = sum(before.get(name) != stamp for name, stamp in _stamps(program.output).items())
        self.seconds[program.name, case].append(took)
        self.files[program.name, case] = max(self.files[program.name, case], written)
        self.say(f"{program.name}, {case}: {took:.2f} s")


def timed(command: Sequence[str], cwd: Path) -> float:
    """Return the wall time of a whole command in seconds; what earlier ones wrote is on the disk before it begins."""
    os.sync()
    began = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def copying(output: Path, aside: Path, rounds: int) -> tuple[float, ...]:
    """Return the times of copying an output folder into new ones: what writing these files costs at the least."""
    aside.mkdir(parents=True, exist_ok=True)
    return tuple(timed(("cp", "-R", str(output), str(aside / f"copy-{number}")), aside) for number in range(rounds))


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of every file: both stay where a build leaves a file alone."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = f"{root}/{name}"
            status = Path(path).stat()
            found[path] = (status.st_ino, status.st_mtime_ns)
    return found


def _set_aside(program: Program, label: str) -> None:
    """Move what the last build left out of the way. Deleting it would slow the next build's new files on some file systems."""
    for name in program.leftovers:
        if (program.folder / name).exists():
            aside = program.folder.parent / "aside" / f"{program.name}-{label}"
            aside.mkdir(parents=True, exist_ok=True)
            (program.folder / name).rename(aside / name)
