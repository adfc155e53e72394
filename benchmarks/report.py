"""Figures as JSON values and as Markdown tables for docs/performance.md; measures nothing."""

from __future__ import annotations

import contextlib
import os
import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.goals import Growth, Judged
from benchmarks.measure import COLD, Measured

__all__ = ["growth_json", "judged_json", "machine", "size_json", "tables", "versions"]

_PACKAGES = ("ccgen", "hugo", "pelican", "Markdown", "pyromark", "Jinja2")
_CASES = {
    "nothing": "nothing changed",
    "article": "one article's text",
    "price": "one price",
    "template": "one template",
    "new": "one new article",
}


def machine() -> dict[str, Any]:
    """Say on what was measured, without a name of the machine or of its user."""
    found: dict[str, Any] = {
        "system": platform.system(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
    with contextlib.suppress(OSError):
        model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        found["processor"] = model[1] if model else platform.machine()
    with contextlib.suppress(OSError, ValueError):
        found["memory"] = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return found


def versions() -> dict[str, str]:
    """Return the versions of all that takes part."""
    found = {}
    for name in _PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def size_json(articles: int, found: Sequence[Measured], copied: Sequence[float], pages: int) -> dict[str, Any]:
    """Return one size's figures; ratios are to Hugo's cold build, None where it was not measured."""
    basis = next((median(one.seconds) for one in found if (one.program, one.case) == ("hugo", COLD)), None)
    builds = [
        {
            "program": one.program,
            "case": one.case,
            **_times(one.seconds, basis),
            "files": one.files,
            "peak_pss": one.peak,
        }
        for one in found
    ]
    return {"articles": articles, "pages": pages, "builds": builds, "copying": _times(copied, basis)}


def growth_json(found: Iterable[Growth]) -> list[dict[str, Any]]:
    """Return the figures of ccgen alone at several sizes."""
    return [one._asdict() for one in found]


def judged_json(found: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return goals and what was reached."""
    return [{**one._asdict(), "reached": round(one.reached, 4)} for one in found]


def tables(result: dict[str, Any]) -> str:
    """Write a whole result in Markdown."""
    return "\n".join(_lines(result)) + "\n"


def _times(seconds: Sequence[float], basis: float | None) -> dict[str, Any]:
    middle = median(seconds)
    return {
        "seconds": [round(one, 3) for one in seconds],
        "median": round(middle, 3),
        "ratio": round(middle / basis, 4) if basis else None,
    }


def _lines(result: dict[str, Any]) -> Iterator[str]:
    for size in result["sizes"]:
        yield from _cold(size, result["rounds"])
        yield from _after(size)
        yield from _goals(size["goals"])
    if growth := result.get("growth"):
        yield from _growth(growth)
        yield from _goals(growth["goals"])
    yield from _goals(result["goals"])
    names = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    about = result["machine"]
    memory = f"; {about['memory'] / 2**30:.0f} GB" if "memory" in about else ""
    yield f"{result['date'][:10]}; {names}, Python {about['python']}; {about['system']}, {about['processors']} cores"
    yield f"of {about.get('processor', 'an unknown processor')}{memory}."


def _cold(size: dict[str, Any], rounds: int) -> Iterator[str]:
    yield f"### {size['articles']:,} articles"
    yield ""
    yield f"| cold build, {rounds} rounds | median | ratio | peak PSS | files | every round |"
    yield "|---|---|---|---|---|---|"
    for one in size["builds"]:
        if one["case"] == COLD:
            peak = f"{one['peak_pss'] / 1e6:.0f} MB" if one["peak_pss"] else "–"
            every = " ".join(f"{second:.2f}" for second in one["seconds"])
            yield f"| {one['program']} | {_time(one)} | {peak} | {one['files']:,} | {every} |"
    copying = size["copying"]
    yield f"| copying the output | {_time(copying)} | – | – | {' '.join(f'{one:.2f}' for one in copying['seconds'])} |"
    yield ""


def _after(size: dict[str, Any]) -> Iterator[str]:
    after = [one for one in size["builds"] if one["case"] != COLD]
    if not after:
        return
    yield "| build again | after | median | ratio to Hugo's cold build | files written |"
    yield "|---|---|---|---|---|"
    for case, words in _CASES.items():
        for one in after:
            if one["case"] == case:
                yield f"| {one['program']} | {words} | {_time(one)} | {one['files']:,} |"
    yield ""


def _growth(growth: dict[str, Any]) -> Iterator[str]:
    yield f"### Growth, {growth['program']} alone"
    yield ""
    yield "| articles | cold | nothing changed | peak PSS |"
    yield "|---|---|---|---|"
    for one in growth["sizes"]:
        yield f"| {one['articles']:,} | {one['cold']:.2f} s | {one['unchanged']:.2f} s | {one['peak'] / 1e6:.0f} MB |"
    yield ""


def _goals(goals: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not goals:
        return
    yield "| goal | at most | reached | |"
    yield "|---|---|---|---|"
    for one in goals:
        met = "met" if one["met"] else "**missed**"
        yield f"| {one['goal']} | {one['limit']:,g} | {_number(one['reached'])} | {met} |"
    yield ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3f}"


def _time(one: dict[str, Any]) -> str:
    return f"{one['median']:.2f} s | " + ("–" if one["ratio"] is None else f"{one['ratio']:.3f}")
