"""Problems as people and programs read them: the one form of terminal, overlay and `--json`; prints nothing.

```
error[unknown-product]: no product `felow-ekg`
  content/reviews/kettle.md:41:11
  41 | ::product{felow-ekg layout=wide}
     |           ^^^^^^^^^
hint: did you mean `fellow-ekg`?
```
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from unicodedata import combining, east_asian_width

from ccgen.errors import Problem
from ccgen.text.places import Place, locate

__all__ = ["format_problem", "problem_dict", "sorted_problems", "visible"]

_MOST_COLUMNS = 100  # of a line's text; more is cut around the place
_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


_COLOURS = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;34m",
    "hint": "\x1b[1;36m",
    "caret": "\x1b[1;32m",
}


def sorted_problems(problems: Iterable[Problem], read: Callable[[str], str | None]) -> tuple[Problem, ...]:
    """Sort problems by path, line and column; the same problem is kept once.

    `read` returns a file's text by its path (see `text.decode.lenient`), None where there is none.
    """
    placed = [(problem, _place(problem, read(problem.at.path))) for problem in dict.fromkeys(problems)]
    return tuple(problem for problem, _ in sorted(placed, key=_order))


def format_problem(problem: Problem, text: str | None, *, color: bool = False) -> str:
    """Return a problem in the form above, without a newline at the end; `text` is its file, None if not at hand."""
    place = _place(problem, text)
    paint = _painter(color)
    lines = [f"{paint(f'{problem.severity}[{problem.code}]', problem.severity)}: {visible(problem.message)}"]
    where = visible(problem.at.path)
    if place is not None:
        where += f":{place.line}:{place.column}"
    if where:
        lines.append(f"  {where}")
    if place is not None and place.excerpt:
        lines += _excerpt(place, paint)
    if problem.hint:
        lines.append(f"{paint('hint', 'hint')}: {visible(problem.hint)}")
    return "\n".join(lines)


def problem_dict(problem: Problem, text: str | None) -> dict[str, object]:
    """Return a problem as plain values for JSON; line and column are None where its file cannot be shown."""
    place = _place(problem, text)
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "path": problem.at.path,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "length": place.length if place else None,
        "excerpt": place.excerpt if place else "",
        "hint": problem.hint,
    }


def _place(problem: Problem, text: str | None) -> Place | None:
    return None if text is None else locate(problem.at, text)


def _order(placed: tuple[Problem, Place | None]) -> tuple[str, int, int, str, str, str]:
    problem, place = placed
    line, column = (place.line, place.column) if place else (0, 0)
    return (problem.at.path, line, column, problem.code, problem.message, problem.hint)


def _painter(color: bool) -> Callable[[str, str], str]:  # noqa: FBT001 (private, its name is at its only use)
    return (lambda text, role: f"{_COLOURS[role]}{text}\x1b[0m") if color else (lambda text, _: text)


def _excerpt(place: Place, paint: Callable[[str, str], str]) -> list[str]:
    text, column, length = _window(place)
    number = str(place.line)
    before = "".join(_blank(letter) for letter in text[: column - 1])
    marked = text[column - 1 : column - 1 + length]
    carets = "^" * max(1, sum(map(_width, marked)))
    return [f"  {number} | {visible(text)}", f"  {' ' * len(number)} | {before}{paint(carets, 'caret')}"]


def _window(place: Place) -> tuple[str, int, int]:
    """Return a part of a long line with its place in it, `…` standing for what is left out."""
    text, column, length = place.excerpt.rstrip(), place.column, place.length
    if len(text) <= _MOST_COLUMNS:
        return text, column, length
    start = max(0, min(column - 1 - _MOST_COLUMNS // 3, len(text) - _MOST_COLUMNS))
    cut = text[start : start + _MOST_COLUMNS]
    length = min(length, max(1, len(cut) - (column - 1 - start)))
    if start + _MOST_COLUMNS < len(text):
        cut += "…"
    return (f"…{cut}", column - start + 1, length) if start else (cut, column, length)


def _blank(letter: str) -> str:
    return "\t" if letter == "\t" else " " * _width(letter)


def _width(letter: str) -> int:
    """Return how many columns of a terminal a character takes, shown as `visible` shows it (Unicode Annex 11)."""
    if combining(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else len(visible(letter))


def visible(text: str) -> str:
    """Return text with every character that a terminal would obey or hide written as its code."""
    return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
