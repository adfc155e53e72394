"""data/subids.csv: what each sub-id ever published stands for, so that reports of years ago can be read; knows no report.

Rows are appended and never changed: a link that is gone from the site may still sell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ccgen.commerce.links import Purchase
from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.model.work import Workers, alone
from ccgen.pipeline.drawing import purchasing
from ccgen.pipeline.project import Numbers, Project, open_project, reading_again, stop_on_errors, told_once
from ccgen.text.csvtext import Cell, Row, read_rows
from ccgen.text.csvwrite import csv_line
from ccgen.text.decode import decode
from ccgen.write import files, lock
from ccgen.write.readings import Readings

__all__ = ["SUBIDS", "Recorded", "SubId", "SubIds", "read_sub_ids", "record_sub_ids"]

SUBIDS = "data/subids.csv"


class SubId(NamedTuple):
    """One row: `article` is a page as `Purchase.page` has it, `first` the ISO date on which the row was added."""

    sub: str
    article: str
    slot: str
    product: str
    merchant: str
    first: str

    @property
    def purchase(self) -> Purchase:
        """What the row says but for its date."""
        return Purchase(*self[:5])


_HEADER = SubId._fields


class SubIds(NamedTuple):
    """The whole map. `data` are the bytes it was read from; an error among `problems` says that it is damaged."""

    rows: tuple[SubId, ...]
    data: bytes
    problems: tuple[Problem, ...]


class Recorded(NamedTuple):
    """What recording did: rows that were added, how many links were there already, and warnings of the site."""

    added: tuple[SubId, ...]
    known: int
    warnings: tuple[Problem, ...]


def read_sub_ids(config: Config) -> SubIds:
    """Read the map; without a file it is empty. What cannot be read is told at its line, and no row is left out."""
    file = config.root / SUBIDS
    with files.Telling(str(file)):
        data = file.read_bytes() if file.exists() else b""
    text, problems = decode(data, path=SUBIDS)
    if not text:
        return SubIds((), data, problems)
    header, *rows = read_rows(text, ",")
    if tuple(cell.text for cell in header) != _HEADER:
        length = header[-1].end - header[0].start if header else 0
        hint = f"the first line is `{','.join(_HEADER)}`; take the file from your backup or from git"
        at = At(path=SUBIDS, start=0, length=length)
        return SubIds((), data, (Problem(code="bad-sub-ids", message="this is no map of sub-ids", at=at, hint=hint),))
    found = tuple(_told(row) or SubId(*(cell.text for cell in row)) for row in rows if row)
    return SubIds(
        tuple(one for one in found if isinstance(one, SubId)),
        data,
        tuple(one for one in found if isinstance(one, Problem)),
    )


def record_sub_ids(config: Config, warnings: tuple[Problem, ...] = (), workers: Workers = alone) -> Recorded:
    """Draw every page and add what the map does not know of its links; the file changes at once or not at all.

    :raises ContentError: the site or the map has errors; nothing was written.
    :raises EnvironmentFault: the machine does not let us, or another ccgen builds this project.
    """
    with lock(config.state):
        project, purchases, problems = reading_again(config, partial(_drawn, config, warnings, workers))
        known = read_sub_ids(config)
        there = {row.purchase for row in known.rows}
        problems = (*project.problems, *problems, *known.problems, *_collisions({*there, *purchases}))
        stop_on_errors(problems)
        today = config.clock.date().isoformat()
        added = tuple(SubId(*one, today) for one in sorted(purchases) if one not in there)
        if added:
            _append(config.root / SUBIDS, known.data, added)
        return Recorded(added, len(purchases) - len(added), problems)


def _drawn(
    config: Config, warnings: tuple[Problem, ...], workers: Workers, readings: Readings
) -> tuple[Project, tuple[Purchase, ...], tuple[Problem, ...]]:
    project = open_project(config, warnings, readings, workers)
    stop_on_errors(project.problems)
    return project, *_purchases(project, workers)


def _purchases(project: Project, workers: Workers) -> tuple[tuple[Purchase, ...], tuple[Problem, ...]]:
    """Return what the sub-ids of all purchase links say, each once, and which routes could not be drawn."""
    found: dict[Purchase, None] = {}
    problems: list[Problem] = []
    for result in workers(purchasing(project.site(Numbers())), tuple(project.plan.routes)):
        if isinstance(result, Problem):
            problems.append(result)
        else:
            found |= dict.fromkeys(result)
    return tuple(found), tuple(told_once(problems))


def _append(file: Path, data: bytes, rows: Iterable[SubId]) -> None:
    end = b"\r\n" if b"\r\n" in data else b"\n"
    lines = "".join(map(csv_line, rows if data else (_HEADER, *rows))).encode().replace(b"\n", end)
    real = file.resolve()
    files.make_folders(str(real.parent))
    files.replace(str(real), data + (end if data and not data.endswith(b"\n") else b"") + lines)


def _told(row: Row) -> Problem | None:
    """Return what is wrong with a row."""
    fault = next((cell for cell in row if cell.fault), None)
    if fault is not None:
        hint = 'close it; a quote inside a quoted cell is written twice: ""'
        return Problem(
            code="csv-quote", message=fault.fault, at=At(path=SUBIDS, start=fault.start, length=1), hint=hint
        )
    if len(row) != len(_HEADER):
        return _damaged(row[0], row[-1], f"this row has {len(row)} cells, the header {len(_HEADER)}")
    empty = next((number for number in (0, 1, 2, 4) if not row[number].text), None)
    if empty is not None:
        return _damaged(row[empty], row[empty], f"this row has no `{_HEADER[empty]}`")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", row[5].text):
        return _damaged(row[5], row[5], f"`{row[5].text}` is no date")
    return None


def _damaged(first: Cell, last: Cell, message: str) -> Problem:
    at = At(path=SUBIDS, start=first.start, length=last.end - first.start)
    hint = "take the line from your backup or from git, or delete it: what is still on the site is added again"
    return Problem(code="bad-sub-ids", message=message, at=at, hint=hint)


def _collisions(purchases: Iterable[Purchase]) -> Iterator[Problem]:
    """Yield sub-ids that two places of one merchant share; only a very short one can."""
    seen: dict[tuple[str, str], Purchase] = {}
    for one in sorted(purchases):
        other = seen.setdefault((one.merchant, one.sub), one)
        if other != one:
            message = f"`{one.sub}` is the sub-id of {_where(other)} and of {_where(one)}"
            at = At(path=f"content/merchants/{one.merchant}.yaml")
            yield Problem(
                code="AT-01", message=message, at=at, hint="give its `sub_id` a greater `max`, or more `chars`"
            )


def _where(one: Purchase) -> str:
    return f"`{one.slot}` of `{one.product or 'a link'}` in {one.page}"
