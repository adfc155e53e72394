"""Whether a build has anything to do: sources and outputs by their marks, the clock by what it waits for; plans nothing.

A source whose size, times and inode are those of the last good build, all older than that build by a second, is taken as
read (DESIGN, section 4). Where anything differs the build plans everything, which finds out what really changed.
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
from ccgen.packaged import packaged_themes
from ccgen.write import Published, State

__all__ = ["Built", "built_before", "note_of", "sources_mark"]

_SETTLED = 1_000_000_000  # ns: a file changed this shortly before it was looked at may change again with the same times


class Built(NamedTuple):
    """What a build did. `rendered` are outputs drawn in this run, `kinds` counts all routes."""

    kinds: Mapping[str, int]
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]
    rendered: tuple[str, ...] = ()
    published: Published = Published()
    seconds: float = 0.0


class _Last(msgspec.Struct, frozen=True, kw_only=True):
    """What the last good build was told, and what it said. `sources` is '' where they could not be trusted."""

    sources: str
    asked: str
    clock: datetime
    next_change: datetime | None
    kinds: Mapping[str, int]
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]


def built_before(config: Config, state: State, sources: str) -> Built | None:
    """Return what the last good build said, if one would do and say the same now; under the lock."""
    if not (sources and state.note):
        return None
    try:
        last = msgspec.json.decode(state.note, type=_Last)
    except msgspec.MsgspecError:
        return None
    told = last.sources == sources and last.asked == _asked(config)
    awaited = last.clock <= config.clock and (last.next_change is None or config.clock < last.next_change)
    if not (told and awaited and state.untouched()):
        return None
    published = Published(unchanged=len(state.paths()), foreign=tuple(sorted(state.owned.reported)))
    return Built(last.kinds, last.hidden, last.previewed, last.warnings, published=published)


def note_of(built: Built, config: Config, sources: str, next_change: datetime | None) -> str:
    """Return what a good build leaves for `built_before`."""
    last = _Last(
        sources=sources,
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


def sources_mark(config: Config) -> str:
    """Return one digest of the marks of all files that a build may read, taken before any is read.

    '' where that proves nothing: a file changed within the last second, a link, something that cannot be looked at.
    """
    taken = time.time_ns()
    try:
        marks = [mark for root in _roots(config) for mark in _marks(root)]
    except OSError:
        return ""
    if max(mark.newest for mark in marks) > taken - _SETTLED:
        return ""
    lines = sorted(mark.line for mark in marks)
    return blake2b("\n".join(lines).encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _roots(config: Config) -> Iterator[str]:
    yield str(config.root / SETTINGS_FILE)
    yield from (str(config.root / name) for name in SOURCE_FOLDERS)
    yield str(packaged_themes())


class _Mark(NamedTuple):
    """A file, or a folder by its name and mode alone, as the system knows it; `newest` is its later time."""

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
                    yield _Mark(f"{entry.path}/{entry.stat(follow_symlinks=False).st_mode}", 0)
                elif entry.is_symlink():
                    raise OSError(f"{entry.path} is a link")
                else:
                    yield _mark(entry.path, entry.stat(follow_symlinks=False))


def _mark(path: str, status: os.stat_result) -> _Mark:
    changed, touched = status.st_mtime_ns, status.st_ctime_ns
    line = f"{path}\0{status.st_mode} {status.st_size} {changed} {touched} {status.st_ino}"
    return _Mark(line, max(changed, touched))
