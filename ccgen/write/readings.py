"""What `load` keeps between builds (see `model.kept`), in SQLite under the state folder; knows nothing of what it keeps.

A source whose size, times and inode are those of the last look, all older than that by a second, is taken as read; else its
bytes decide (DESIGN, section 4). It is a cache for all output folders: it may be deleted at any time, and one that cannot be
used is used no further, without a word, for nothing is lost but time.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from ccgen.model.kept import SourceFile
from ccgen.model.source import digest_of
from ccgen.write import files
from ccgen.write.database import READINGS, Mark, transaction

__all__ = ["Readings"]

_TABLES = (
    "CREATE TABLE meta (key BLOB NOT NULL)",
    "CREATE TABLE readings (name TEXT PRIMARY KEY, sources BLOB NOT NULL, made BLOB NOT NULL) WITHOUT ROWID",
)


class _Source(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was when something was made of it; `digest` is that of its bytes."""

    path: str
    mark: Mark
    digest: bytes


class _Reading(msgspec.Struct, array_like=True):
    sources: tuple[_Source, ...]
    made: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[_Source, ...]).decode


class Readings:
    """Invariant: nothing on disk changes before `save`, which is for whoever holds the project's lock."""

    def __init__(self, state_dir: str | os.PathLike[str], versions: str, *, afresh: bool = False) -> None:
        """With `afresh` nothing is recalled, and all that is read is kept anew."""
        self._afresh = afresh
        self._file = os.path.join(os.path.realpath(state_dir), READINGS)
        self._versions = versions.encode()
        self._key = b""
        self._database: sqlite3.Connection | None = None  # what is on disk, if it is of this key
        self._marks: dict[str, tuple[Mark, ...]] = {}  # as taken by `recall`
        self._used: set[str] = set()
        self._new: dict[str, _Reading] = {}
        self._whole = False  # what is on disk is of this key, as far as is known

    def use(self, key: bytes) -> None:
        """See `Kept.use`. What was kept under the same key before is recalled."""
        mixed = digest_of(self._versions + key)
        if mixed != self._key:
            self._close()
            self._key = mixed
            self._new.clear()
            self._used.clear()
            self._whole = not self._afresh and self._opened()

    def recall(self, name: str, files: Sequence[SourceFile]) -> bytes | None:
        """See `Kept.recall`."""
        known = self._find(name)
        marks = self._marks[name] = tuple([_mark(one.file) for one in files])
        if known is None or [one.path for one in known.sources] != [one.path for one in files]:
            return None
        if any(
            one.mark.differs(mark) or not one.mark.settled() for one, mark in zip(known.sources, marks, strict=True)
        ):
            if any(one.digest != _digest(file.file) for one, file in zip(known.sources, files, strict=True)):
                return None
            if all(mark.settled() for mark in marks):  # else the bytes must be asked the next time too
                self._take(name, files, [one.digest for one in known.sources], known.made)
        self._used.add(name)
        return known.made

    def keep(self, name: str, files: Sequence[SourceFile], digests: Sequence[bytes], made: bytes) -> None:
        """See `Kept.keep`."""
        if all(digests) and len(digests) == len(files):
            self._take(name, files, digests, made)
            self._used.add(name)

    def made(self, name: str) -> bytes | None:
        """Return what was made last under a name, whatever its files are now."""
        known = self._find(name)
        return known.made if known else None

    def _take(self, name: str, files: Sequence[SourceFile], digests: Sequence[bytes], made: bytes) -> None:
        sources = zip(files, self._marks[name], digests, strict=True)
        self._new[name] = _Reading(tuple([_Source(one.path, mark, digest) for one, mark, digest in sources]), made)

    def save(self, *, part: bool = False) -> None:
        """Write what is new, and drop what nobody asked for (not if only a `part` of the site was looked at).

        Raises EnvironmentFault when that cannot be written.
        """
        gone = set() if part else self._names() - self._used
        self._close()
        if self._whole and not (gone or self._new):
            return
        rows = [(name, _encode(one.sources), one.made) for name, one in self._new.items()]
        with transaction(self._file, tables=() if self._whole else _TABLES) as database:
            if not self._whole:
                database.execute("INSERT INTO meta VALUES (?)", (self._key,))
            database.executemany("DELETE FROM readings WHERE name = ?", ((name,) for name in gone))
            database.executemany("REPLACE INTO readings VALUES (?, ?, ?)", rows)
        self._whole = True
        self._new.clear()

    def _opened(self) -> bool:
        """Open what is on disk; say whether it is of this key."""
        try:
            if not files.is_file(os.lstat(self._file)):
                return False
            address = f"file:{quote(self._file)}?mode=rw"  # rw: what a killed save left open is rolled back
            self._database = sqlite3.connect(address, uri=True, isolation_level=None)
            if self._database.execute("SELECT key FROM meta").fetchall() == [(self._key,)]:
                return True
        except (sqlite3.Error, OSError):
            pass
        self._close()
        return False

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _find(self, name: str) -> _Reading | None:
        if name in self._new or not self._whole:
            return self._new.get(name)
        rows = self._rows("SELECT sources, made FROM readings WHERE name = ? AND typeof(made) = 'blob'", name)
        try:
            return _Reading(_decode(rows[0][0]), rows[0][1]) if rows else None
        except (msgspec.MsgspecError, TypeError):
            self._give_up()
            return None

    def _names(self) -> set[str]:
        return {name for (name,) in self._rows("SELECT name FROM readings")} if self._whole else set()

    def _rows(self, query: str, *given: str) -> list[tuple[Any, ...]]:
        try:
            if self._database is None and not self._opened():
                return []
            assert self._database is not None
            return self._database.execute(query, given).fetchall()
        except sqlite3.Error:
            self._give_up()
            return []

    def _give_up(self) -> None:
        """Use what is on disk no further: whatever is wrong with it, all of it is made anew."""
        self._close()
        self._whole = False


def _mark(file: str) -> Mark:
    taken = time.time_ns()
    try:
        return Mark.of(os.stat(file), taken)
    except OSError:
        return Mark(-1, 0, 0, 0, 0)  # never settled: two files that cannot be looked at prove nothing


def _digest(file: str) -> bytes:
    try:
        return files.digest(file)
    except Exception:  # noqa: BLE001  (whatever is wrong with it is told when it is read)
        return b""
