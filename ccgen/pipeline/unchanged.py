"""Whether a build has anything to do: sources and outputs by their marks, the clock by what it waits for; plans nothing.

A source whose size, times and inode are those of the last good build, all settled when that looked at them, is taken as read
(`is_settled`). What a difference comes to is found out elsewhere: by `amending`, or by planning everything.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from ccgen.config import SETTINGS_FILE, SOURCE_FOLDERS, Config
from ccgen.errors import Problem
from ccgen.model.hidden import Hidden
from ccgen.model.timing import Timing
from ccgen.model.work import Progress, Workers
from ccgen.packaged import packaged_themes
from ccgen.write import Published, State
from ccgen.write.database import is_settled

__all__ = ["Built", "Last", "Sources", "Task", "built_before", "last_of", "look_at_sources", "note_of"]


class Built(NamedTuple):
    """What a build did. `rendered` are outputs drawn in this run, `kinds` counts all routes."""

    kinds: Mapping[str, int]
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]
    rendered: tuple[str, ...] = ()
    published: Published = Published()
    seconds: float = 0.0


class Sources(NamedTuple):
    """The files that a build may read, as the system knew them before any was read.

    `digest` is that of all marks, '' where they prove nothing: something was changed a moment ago, is a link, or cannot be
    looked at. `marks` are by path, inside the project where the file is; b"" for one that proves nothing.
    """

    digest: str
    marks: Mapping[str, bytes]


class Task(NamedTuple):
    """What a build is to do, and with what. `state` is held under the lock; `sources` were looked at before any was read."""

    config: Config
    state: State
    sources: Sources
    warnings: tuple[Problem, ...]
    progress: Progress | None
    workers: Workers
    timing: Timing | None


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """What the last good build was told, and what it said. `sources` is '' where they could not be trusted."""

    sources: str
    asked: str
    clock: datetime
    next_change: datetime | None
    kinds: Mapping[str, int]
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]


def last_of(config: Config, state: State) -> Last | None:
    """Return the last good build, if one at this time under the same flags and settings would plan the same of the same
    sources.
    """
    try:
        last = msgspec.json.decode(state.note, type=Last) if state.note else None
    except msgspec.MsgspecError:
        return None
    if last is None or last.asked != _asked(config):
        return None
    awaited = last.clock <= config.clock and (last.next_change is None or config.clock < last.next_change)
    return last if awaited else None


def built_before(last: Last | None, state: State, sources: Sources) -> Built | None:
    """Return what the last good build said, if one would do and say the same now; under the lock."""
    if last is None or not sources.digest or last.sources != sources.digest or not state.untouched():
        return None
    published = Published(unchanged=len(state.paths()), foreign=tuple(sorted(state.owned.reported)))
    return Built(last.kinds, last.hidden, last.previewed, last.warnings, published=published)


def note_of(built: Built, config: Config, sources: Sources, next_change: datetime | None) -> str:
    """Return what a good build leaves for `last_of`."""
    last = Last(
        sources=sources.digest,
        asked=_asked(config),
        clock=config.clock,
        next_change=next_change,
        kinds=built.kinds,
        hidden=built.hidden,
        previewed=built.previewed,
        warnings=built.warnings,
    )
    return msgspec.json.encode(last).decode()


def _asked(config: Config) -> str:
    return f"{config.base_url} drafts={config.drafts} future={config.future}"


def look_at_sources(config: Config) -> Sources:
    """Return the marks of all files that a build may read, taken before any is read."""
    taken = time.time_ns()
    root = f"{config.root}/"
    try:
        found = sorted(mark for one in _roots(config) for mark in _marks(one))
        text = "\n".join([f"{mark.path}\0{mark.line}" for mark in found]).encode()
    except (OSError, UnicodeEncodeError):  # a name that is no text is not kept
        return Sources("", {})
    marks = {
        mark.path.removeprefix(root): mark.line.encode() if is_settled(mark.newest, taken) else b"" for mark in found
    }
    return Sources(blake2b(text, digest_size=16).hexdigest() if all(marks.values()) else "", marks)


def _roots(config: Config) -> Iterator[str]:
    yield str(config.root / SETTINGS_FILE)
    yield from (str(config.root / name) for name in SOURCE_FOLDERS)
    yield str(packaged_themes())


class _Mark(NamedTuple):
    """A file, or a folder (with a slash) by its name and mode alone, as the system knows it; `newest` is its later time."""

    path: str
    line: str
    newest: int


def _marks(path: str) -> Iterator[_Mark]:
    """Yield the marks of what is at or below a path; a link is an OSError."""
    if not os.path.lexists(path):
        return
    if Path(path).is_symlink():
        raise OSError(f"{path} is a link")
    if Path(path).is_file():
        yield _mark(path, Path(path).stat())
        return
    pending = [path]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                    yield _Mark(f"{entry.path}/", str(entry.stat(follow_symlinks=False).st_mode), 0)
                elif entry.is_symlink():
                    raise OSError(f"{entry.path} is a link")
                else:
                    yield _mark(entry.path, entry.stat(follow_symlinks=False))


def _mark(path: str, status: os.stat_result) -> _Mark:
    changed, touched = status.st_mtime_ns, status.st_ctime_ns
    line = f"{status.st_mode} {status.st_size} {changed} {touched} {status.st_ino}"
    return _Mark(path, line, max(changed, touched))
