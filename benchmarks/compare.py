"""ccgen and Pelican on the same corpus, in turn: medians of cold builds, their ratio, and the peak of their memory.

`python -m benchmarks.compare --articles 1000 --rounds 3` (or `make bench`). Times are wall time of whole commands
in this interpreter. Nothing is deleted between two rounds: old outputs are moved aside, since creating files right after
deleting many is slow on some file systems. Memory is measured in a run of its own, which is not timed.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import ccgen as program
from benchmarks import memory
from benchmarks.corpus import make_corpus, write_ccgen, write_pelican

__all__ = ["main"]

_GOAL_RATIO = 0.5
_GOAL_MEMORY = 150_000_000


class Runner(NamedTuple):
    """One way to build: a command in a folder, and what must be gone for it to be cold."""

    name: str
    command: tuple[str, ...]
    cwd: Path
    leftovers: tuple[str, ...]
    note: str


class Measured(NamedTuple):
    """What one runner took: seconds of each round in order, peak memory in bytes (0 = not measured)."""

    runner: Runner
    seconds: tuple[float, ...]
    peak: int

    @property
    def median(self) -> float:
        """The median of the rounds, in seconds."""
        return statistics.median(self.seconds)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table, and write JSON where asked."""
    given = _parser().parse_args(arguments)
    made = tempfile.mkdtemp(prefix="ccgen-bench-") if given.work is None else ""
    work = Path(made or given.work).resolve()
    try:
        runners = _prepare(work, given)
        cold = _measure(runners, given.rounds, memory_too=not given.no_memory)
        warm = _warm(runners[0], given.rounds)
        result = _result(given, cold, warm)
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)
    _print(result)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.compare", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--work", type=Path, help="an empty folder to work in and keep (default: a temporary one)")
    parser.add_argument("--no-memory", action="store_true", help="do not measure memory (PSS is told by Linux only)")
    return parser


def _prepare(work: Path, given: argparse.Namespace) -> tuple[Runner, ...]:
    """Write both corpora. ccgen builds once here, for Pelican's articles hold the cards that it draws."""
    corpus = make_corpus(given.articles, given.seed)
    ccgen, pelican, bare = work / "ccgen", work / "pelican", work / "pelican-bare"
    write_ccgen(corpus, ccgen)
    runner = Runner(
        "ccgen",
        (sys.executable, "-m", "ccgen", "build", "--quiet"),
        ccgen,
        ("site", ".ccgen"),
        "products, makers, checks",
    )
    # As pip leaves a program: an editable install may have no compiled files, and Pelican, which pip installed, has.
    compileall.compile_dir(Path(str(program.__file__)).parent, quiet=1)
    subprocess.run(runner.command, cwd=ccgen, check=True)
    write_pelican(corpus, pelican, ccgen / "site")
    write_pelican(corpus, bare, ccgen / "site", cards=False)
    command = (sys.executable, "-m", "pelican", "--quiet", "--fatal", "errors")
    return (
        runner,
        Runner("pelican", command, pelican, ("site", "__pycache__"), "cards as raw HTML"),
        Runner("pelican, no cards", command, bare, ("site", "__pycache__"), "the same text, cards left out"),
    )


def _measure(runners: Sequence[Runner], rounds: int, *, memory_too: bool) -> list[Measured]:
    seconds: dict[str, list[float]] = {runner.name: [] for runner in runners}
    for number in range(rounds):
        for runner in runners:
            _aside(runner, str(number))
            seconds[runner.name].append(_timed(runner))
    peaks: dict[str, int] = {}
    if memory_too and memory.supported():
        for runner in runners:
            _aside(runner, "memory")
            peaks[runner.name] = memory.peak_of(list(runner.command), runner.cwd)
    return [Measured(one, tuple(seconds[one.name]), peaks.get(one.name, 0)) for one in runners]


def _warm(runner: Runner, rounds: int) -> Measured:
    return Measured(runner, tuple(_timed(runner) for _ in range(rounds)), 0)


def _aside(runner: Runner, label: str) -> None:
    """Move what the last build left out of the way; it is deleted after everything was measured."""
    for name in runner.leftovers:
        if (runner.cwd / name).exists():
            aside = runner.cwd.parent / "aside" / f"{runner.cwd.name}-{label}"
            aside.mkdir(parents=True, exist_ok=True)
            (runner.cwd / name).rename(aside / name)


def _timed(runner: Runner) -> float:
    began = time.perf_counter()
    subprocess.run(runner.command, cwd=runner.cwd, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _result(given: argparse.Namespace, cold: list[Measured], warm: Measured) -> dict[str, Any]:
    base = cold[1].median
    return {
        "articles": given.articles,
        "rounds": given.rounds,
        "seed": given.seed,
        "machine": {"system": platform.platform(), "processors": os.cpu_count(), "python": platform.python_version()},
        "versions": {name: version(name) for name in ("ccgen", "pelican", "Markdown", "Jinja2")},
        "cold": [
            {
                "name": one.runner.name,
                "note": one.runner.note,
                "seconds": [round(second, 3) for second in one.seconds],
                "median": round(one.median, 3),
                "ratio": round(one.median / base, 3),
                "peak_pss": one.peak,
                "files": sum(len(files) for _, _, files in os.walk(one.runner.cwd / "site")),
            }
            for one in cold
        ],
        "unchanged": {
            "name": "ccgen",
            "seconds": [round(one, 3) for one in warm.seconds],
            "median": round(warm.median, 3),
        },
        "goal": {
            "ratio": _GOAL_RATIO,
            "ratio_met": cold[0].median <= _GOAL_RATIO * base,
            "peak_pss": _GOAL_MEMORY,
            "peak_pss_met": cold[0].peak < _GOAL_MEMORY if cold[0].peak else None,
        },
    }


def _print(result: dict[str, Any]) -> None:
    print(f"{result['articles']} articles, {result['rounds']} rounds, medians; ratio to Pelican with cards")
    print(f"{'cold build':<20}{'seconds':>9}{'ratio':>8}{'peak PSS':>12}{'files':>8}   rounds")
    for one in result["cold"]:
        peak = f"{one['peak_pss'] / 1e6:.0f} MB" if one["peak_pss"] else "–"
        rounds = " ".join(f"{second:.2f}" for second in one["seconds"])
        print(f"{one['name']:<20}{one['median']:>9.2f}{one['ratio']:>8.2f}{peak:>12}{one['files']:>8}   {rounds}")
    print(f"ccgen, nothing changed: {result['unchanged']['median']:.2f} s")
    goal = result["goal"]
    words = {True: "met", False: "missed", None: "not measured"}
    print(f"at most {goal['ratio']} of Pelican's time: {words[goal['ratio_met']]}")
    print(f"below {goal['peak_pss'] // 1_000_000} MB: {words[goal['peak_pss_met']]}")


if __name__ == "__main__":
    main()
