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
from contextlib import closing
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
        self._known: dict[str, _Reading] = {}
        self._marks: dict[str, tuple[Mark, ...]] = {}  # as taken by `recall`
        self._used: set[str] = set()
        self._new: set[str] = set()
        self._whole = False  # what is on disk is of this key

    def use(self, key: bytes) -> None:
        """See `Kept.use`."""
        self._key = digest_of(self._versions + key)
        found = None if self._afresh else self._read()
        self._known, self._whole = found or {}, found is not None

    def recall(self, name: str, files: Sequence[SourceFile]) -> bytes | None:
        """See `Kept.recall`."""
        known = self._known.get(name)
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

    def _take(self, name: str, files: Sequence[SourceFile], digests: Sequence[bytes], made: bytes) -> None:
        sources = zip(files, self._marks[name], digests, strict=True)
        self._known[name] = _Reading(tuple([_Source(one.path, mark, digest) for one, mark, digest in sources]), made)
        self._new.add(name)

    def save(self) -> None:
        """Write what is new, and drop what nobody asked for. Raises EnvironmentFault when that cannot be written."""
        gone = self._known.keys() - self._used
        if self._whole and not (gone or self._new):
            return
        rows = [(name, _encode(self._known[name].sources), self._known[name].made) for name in self._new]
        with transaction(self._file, tables=() if self._whole else _TABLES) as database:
            if not self._whole:
                database.execute("INSERT INTO meta VALUES (?)", (self._key,))
            database.executemany("DELETE FROM readings WHERE name = ?", ((name,) for name in gone))
            database.executemany("REPLACE INTO readings VALUES (?, ?, ?)", rows)
        self._whole = True
        self._new.clear()

    def _read(self) -> dict[str, _Reading] | None:
        try:
            if not files.is_file(os.lstat(self._file)):
                return None
            address = f"file:{quote(self._file)}?mode=rw"  # rw: what a killed save left open is rolled back
            with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
                if database.execute("SELECT key FROM meta").fetchall() != [(self._key,)]:
                    return None
                rows = database.execute("SELECT name, sources, made FROM readings WHERE typeof(made) = 'blob'")
                return {name: _Reading(_decode(sources), made) for name, sources, made in rows}
        except (sqlite3.Error, OSError, msgspec.MsgspecError, TypeError, ValueError):
            return None


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
