"""ccgen, Hugo and Pelican on the same corpus, in turn: medians, ratios to Hugo's cold build, memory, and our goals.

`python -m benchmarks.compare --sizes 1000,10000 --rounds 3` (or `make bench`). Tables go to standard output, in Markdown; what
is being done to standard error. A page that does not say what the others' say ends the run with code 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import report
from benchmarks.corpus import make_corpus
from benchmarks.edits import CASES
from benchmarks.equality import differences, same_pages
from benchmarks.goals import Growth, judge, judge_growth, judge_start
from benchmarks.measure import COLD, Rounds, copying, timed
from benchmarks.programs import ENGINES, NAMES, Program, build_reference, prepare

__all__ = ["main"]

_SHOWN = 20  # differences
_STARTS = 5  # how often `--version` is timed


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print tables, and write JSON where asked."""
    given = _parser().parse_args(arguments)
    made = tempfile.mkdtemp(prefix="ccgen-bench-") if given.work is None else ""
    work = Path(made or given.work).resolve()
    try:
        result = _result(given, work)
    except _DifferentError as found:
        print(found, file=sys.stderr)
        return 1
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)
    print(report.tables(result), end="")
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


class _DifferentError(Exception):
    """Two programs' outputs are not equal, so that their times say nothing."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.compare", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=_numbers, default=(1000, 10_000), help="numbers of articles: 1000,10000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=_among(NAMES), default=NAMES, help=f"some of: {','.join(NAMES)}")
    parser.add_argument("--cases", type=_among(tuple(CASES)), default=tuple(CASES), help=f"some of: {','.join(CASES)}")
    parser.add_argument(
        "--growth", type=int, nargs="?", const=100_000, help="also ccgen alone, in tens up to this (100000)"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--work", type=Path, help="an empty folder to work in and keep (default: a temporary one)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-memory", action="store_true", help="do not measure memory (PSS is told by Linux only)")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in text.split(",") if one)


def _among(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        asked = [one for one in text.split(",") if one]
        if unknown := [one for one in asked if one not in known]:
            raise argparse.ArgumentTypeError(f"no such name: {', '.join(unknown)}")
        return tuple(one for one in known if one in asked)

    return read


def _result(given: argparse.Namespace, work: Path) -> dict[str, Any]:
    work.mkdir(parents=True, exist_ok=True)
    start = median(timed((sys.executable, "-m", "ccgen", "--version"), work) for _ in range(_STARTS))
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": report.machine(),
        "versions": report.versions(),
        "seed": given.seed,
        "rounds": given.rounds,
        "sizes": [_size(articles, given, work / str(articles)) for articles in given.sizes],
        "goals": report.judged_json([judge_start(start)]),
    }
    if given.growth:
        result["growth"] = _growth(given, work / "growth")
    return result


def _size(articles: int, given: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Measure all programs at one size."""
    _say(f"{articles} articles: writing, and building what all are compared with")
    corpus = make_corpus(articles, given.seed)
    reference = build_reference(corpus, work / "reference")
    programs = prepare(corpus, work, given.only, reference)
    rounds = Rounds(programs, corpus, _say)
    for number in range(given.rounds):
        rounds.cold(str(number))
        if number == 0:
            _compare(programs, reference)
        rounds.after_edits(given.cases)
        if number == 0:
            _compare_edited(programs)
    if not given.no_memory:
        rounds.memory()
    copied = copying(reference, work / "aside", given.rounds)
    found = rounds.measured()
    pages = sum(1 for _ in reference.rglob("*.html"))
    return {
        **report.size_json(articles, found, copied, pages),
        "goals": report.judged_json(judge(found, articles)),
    }


def _compare(programs: Sequence[Program], reference: Path) -> None:
    """Hold every output against the reference; raise with a list of what differs."""
    for program in programs:
        found = (differences if program.equal else same_pages)(reference, program.output)
        if found:
            more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
            raise _DifferentError("\n".join((f"{program.name} says something else:", *found[:_SHOWN], *more)))
        _say(f"{program.name}: {'the same pages, words and links' if program.equal else 'the same pages'}")


def _compare_edited(programs: Sequence[Program]) -> None:
    """Hold what was built after the same edits against each other: a build that forgets one is not quick but wrong."""
    edited = [program for program in programs if program.sources]
    if edited:
        _compare(edited[1:], edited[0].output)


def _growth(given: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Measure ccgen alone, once at each size, with the quickest engine that is installed."""
    name = f"ccgen-{ENGINES[-1]}"
    found = []
    for articles in (given.growth // 100, given.growth // 10, given.growth):
        _say(f"growth, {articles} articles")
        corpus = make_corpus(articles, given.seed)
        rounds = Rounds(prepare(corpus, work / str(articles), (name,)), corpus, _say)
        rounds.cold("cold")
        rounds.after_edits(("nothing",))
        if not given.no_memory:
            rounds.memory()
        figures = {one.case: one for one in rounds.measured()}
        cold, unchanged = figures[COLD], figures["nothing"]
        found.append(Growth(articles, cold.seconds[0], unchanged.seconds[0], cold.peak))
    return {"program": name, "sizes": report.growth_json(found), "goals": report.judged_json(judge_growth(found))}


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
