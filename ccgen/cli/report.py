"""What people see: problems, summaries and progress, as text or JSON; results on stdout, diagnostics on stderr."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccgen.errors import CcgenError, ContentError, Problem

if TYPE_CHECKING:
    from ccgen.cli.options import Options

__all__ = ["Report", "plural", "show_error", "show_fault"]

_MOST = 100  # problems shown in one run; the rest is counted


class Report:
    """One verb's voice. Knows where sources are, so that excerpts can be shown."""

    def __init__(self, options: Options) -> None:
        self._root = Path(options.source)
        self._options = options
        self._texts: dict[str, str | None] = {}

    def problems(self, problems: Iterable[Problem]) -> None:
        """Show problems, sorted by place, each with its excerpt; in JSON mode they are part of the result instead."""
        problems = tuple(problems)
        if self._options.as_json or not problems:
            return
        from ccgen.text.report import format_problem, sorted_problems  # places in YAML: dear, and most runs are fine

        ordered = sorted_problems(problems, self._text)
        for problem in ordered[:_MOST]:
            click.echo(format_problem(problem, self._text(problem.at.path), color=_colours()) + "\n", err=True)
        if len(ordered) > _MOST:
            click.echo(f"… and {len(ordered) - _MOST} more", err=True)

    def count(self, problems: Iterable[Problem]) -> str:
        """Say how many errors, warnings and notes there are."""
        counted = Counter[str](problem.severity for problem in problems)
        words = (("error", "error"), ("warning", "warning"), ("info", "note"))
        parts = [plural(counted[severity], word) for severity, word in words if counted[severity]]
        return ", ".join(parts[:-1]) + (" and " if parts[1:] else "") + parts[-1] if parts else "no problems"

    def as_values(self, problems: Iterable[Problem]) -> list[dict[str, Any]]:
        """Return problems for JSON."""
        from ccgen.text.report import problem_dict, sorted_problems

        return [problem_dict(one, self._text(one.at.path)) for one in sorted_problems(tuple(problems), self._text)]

    def result(self, value: dict[str, Any]) -> None:
        """Print a result as JSON."""
        _echo_json(value)

    def line(self, text: str) -> None:
        """Print a line of a summary, unless asked to be quiet or for JSON."""
        if not (self._options.quiet or self._options.as_json):
            click.echo(text, err=True)

    def strict(self, warnings: Iterable[Problem]) -> None:
        """Say that warnings alone made a run fail."""
        click.echo(f"failed because of {self.count(warnings)}, for --strict is given", err=True)

    def failed(self, error: ContentError) -> int:
        """Show why a run failed; return the exit code."""
        if self._options.as_json:
            self.result({"ok": False, "problems": self.as_values(error.problems)})
        else:
            self.problems(error.problems)
            click.echo(f"{self.count(error.problems)}; nothing was written", err=True)
        return error.exit_code

    def progress(self) -> Callable[[str, int, int], None] | None:
        """Return what shows progress on a terminal; None in a pipe or when asked to be quiet."""
        if self._options.quiet or self._options.as_json or not sys.stderr.isatty():
            return None
        from rich.console import Console
        from rich.progress import Progress

        bar = Progress(console=Console(stderr=True), transient=True)
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                bar.start()
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)
            if done >= total:
                bar.stop()

        return show

    def _text(self, path: str) -> str | None:
        if path not in self._texts:
            from ccgen.pipeline.excerpts import source_text

            self._texts[path] = source_text(self._root, path)
        return self._texts[path]


def show_error(error: CcgenError) -> None:
    """Show an expected failure that has no place in a file; with `--json` as JSON on stdout."""
    if "--json" in sys.argv:
        value = {"ok": False, "error": {"code": error.code, "message": error.message, "hint": error.hint}}
        _echo_json(value)
        return
    click.echo(f"error[{error.code}]: {error.message}", err=True)
    if error.hint:
        click.echo(f"hint: {error.hint}", err=True)


def show_fault(error: Exception) -> None:
    """Show a fault of ours in one line; its trace goes to `.ccgen/` or, with `--debug`, to the terminal."""
    import traceback  # nobody else needs it

    trace = "".join(traceback.format_exception(error))
    click.echo(f"error[internal]: {type(error).__name__}: {error}", err=True)
    if "--debug" in sys.argv:
        click.echo(trace, err=True)
        return
    click.echo(f"hint: this is a fault of ccgen, not yours; {_kept(trace)}", err=True)


def _echo_json(value: dict[str, Any]) -> None:
    import json  # only `--json` needs it

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _kept(trace: str) -> str:
    folder = Path(".ccgen")
    if Path("ccgen.yaml").is_file():
        try:
            folder.mkdir(exist_ok=True)
            (folder / "fault.txt").write_text(trace, encoding="utf-8")
        except OSError:
            return "run again with --debug to see where"
        return "the trace is in .ccgen/fault.txt"
    return "run again with --debug to see where"


def _colours() -> bool:
    import os

    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")


def plural(count: int, word: str) -> str:
    """Return a count with its word: `1 price`, `2 prices`."""
    return f"{count} {word}{'' if count == 1 else 's'}"
