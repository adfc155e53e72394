"""What the last good build read and wrote, in SQLite; a cache: it may be deleted at any time, and decides no deletion.

Rules (DESIGN, section 4): one digest a key for all outputs of a folder, for state is saved only after a whole, good
build; what cannot be read is a warning and an empty state, never a crash; a save costs what changed, and nothing where
nothing did. One database for each output folder, since what stands in one says nothing of another.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import time
from array import array
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.model.facts import GROUP_LIMIT
from ccgen.model.page import Page
from ccgen.write import files, owned

__all__ = ["Recorded", "Row", "Stale", "State"]

_APPLICATION = 0x63636765  # "ccge", in SQLite's header
_SCHEMA = 1
_TABLES = (
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_SCHEMA}",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE owners (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digests BLOB NOT NULL)",
    """CREATE TABLE outputs (path TEXT PRIMARY KEY, digest BLOB NOT NULL, mark BLOB NOT NULL, reads BLOB NOT NULL,
                             found BLOB NOT NULL) WITHOUT ROWID""",
)
_SQLITE_CAUSES = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
_SETTLED = 1_000_000_000  # ns: a file changed this shortly before it was recorded may change again with the same times
_HINT = "nothing to do: everything is rendered once more"

_decode_digests = msgspec.msgpack.Decoder(dict[int, bytes]).decode
_encode = msgspec.msgpack.Encoder().encode


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One output as the last good build left it; `reads` are key numbers, ascending."""

    digest: bytes
    reads: tuple[int, ...]
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]


class Stale(msgspec.Struct, frozen=True, kw_only=True):
    """Why an output must be rendered. `reasons` is not empty; `keys` are the changed facts that it read, ascending.

    Reasons: `new` (not recorded), `flags` (another run key), `interrupted` (a publication was), `facts` (see `keys`),
    `missing` (its file), `edited` (its file, by hand), `unknown` (its file is not in the list of what we own).
    """

    reasons: tuple[str, ...]
    keys: tuple[int, ...] = ()


class _Found(msgspec.Struct, frozen=True, array_like=True):
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]


class _Mark(msgspec.Struct, frozen=True, array_like=True):
    """A file's fingerprint and the time (ns) at which it was taken."""

    size: int
    mtime: int
    ctime: int
    inode: int
    taken: int

    @classmethod
    def of(cls, status: os.stat_result, taken: int) -> _Mark:
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, taken)

    def settled(self) -> bool:
        return max(self.mtime, self.ctime) < self.taken - _SETTLED

    def fits(self, status: os.stat_result) -> bool:
        same = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        return files.is_file(status) and same == (self.size, self.mtime, self.ctime, self.inode)


_decode_mark = msgspec.msgpack.Decoder(_Mark).decode
_decode_found = msgspec.msgpack.Decoder(_Found).decode


class Row(NamedTuple):
    """An output as stored; all but `mark` follows from its page."""

    digest: bytes
    mark: bytes
    reads: bytes
    found: bytes

    def unknown(self, digests: Mapping[int, bytes]) -> list[int]:
        """Return the keys that were read and are no fact: a change of theirs would never be seen."""
        return [key for key in _numbers(self.reads) if key not in digests]


class _Stored(NamedTuple):
    """A database's contents."""

    run_key: str
    owners: dict[str, int]
    digests: dict[int, bytes]  # by key
    rows: dict[str, Row]  # by path


class State:
    """The record of one output folder, read whole at the start and saved whole at the end of a good build.

    Invariant: `_rows` and `_digests` are what the database holds; only `save` changes them. `number` is the exception:
    a new owner's number is kept in memory and becomes lasting with the next save.
    """

    def __init__(self, *, output: str, state_dir: str, versions: str, run_key: str) -> None:
        self.output = output
        self.state_dir = state_dir
        self.file = os.path.join(state_dir, "state", f"{owned.output_name(output, state_dir)}.db")
        self._versions = f"{versions}; {sys.byteorder}"
        self.owned, self.problems = owned.load(output, state_dir)
        stored, warning = _read(self.file, self._versions)
        self.problems += (warning,) if warning else ()
        self.usable = stored is not None
        self.run_key = run_key
        self._run_key, self._owners, self._digests, self._rows = stored or _Stored(run_key, {}, {}, {})
        self._next = max(self._owners.values(), default=0) + 1
        self._standing: dict[str, str] = {}
        self._seen: dict[str, bytes] = {}  # marks of files that were found ours by their bytes

    @classmethod
    def open(cls, state_dir: str | Path, output: str | Path, *, versions: str, run_key: str = "") -> State:
        """Read what is known of an output folder; writes nothing, and needs no lock to look.

        `versions` names ccgen, Python and the libraries that shape the output; `run_key` the flags that change bytes.
        Paths are resolved. Warnings are in `problems`.
        """
        resolved = os.path.realpath(state_dir), os.path.realpath(output)
        return cls(state_dir=resolved[0], output=resolved[1], versions=versions, run_key=run_key)

    def number(self, owner: str) -> int:
        """Return an owner's number, for good: it is never given to another owner."""
        number = self._owners.get(owner)
        if number is None:
            number = self._owners[owner] = self._next
            self._next += 1
        return number

    def changed(self, digests: Mapping[int, bytes]) -> set[int]:
        """Return the keys that differ from the record: new ones, those with another digest, those that are gone."""
        known = self._digests
        differing = {key for key, digest in digests.items() if known.get(key) != digest}
        return differing | (known.keys() - digests.keys())

    def stale(self, wanted: Iterable[str], digests: Mapping[int, bytes]) -> dict[str, Stale]:
        """Return which of the wanted outputs must be rendered and why; the others are as a fresh build would make them.

        `digests` holds every fact of the site. A page that only depends on bytes (a static file) reads no key; the
        caller compares its digest with `recorded`.
        """
        changed = self.changed(digests)
        found = ((path, self._stale(path, changed)) for path in wanted)
        return {path: stale for path, stale in found if stale is not None}

    def _stale(self, path: str, changed: set[int]) -> Stale | None:
        row = self._rows.get(path)
        if row is None:
            return Stale(reasons=("new",))
        if self.owned.publishing:
            return Stale(reasons=("interrupted",))
        if self._run_key != self.run_key:
            return Stale(reasons=("flags",))
        keys = _numbers(row.reads)
        reasons: tuple[str, ...] = ()
        hit: tuple[int, ...] = ()
        if changed and not changed.isdisjoint(keys):
            reasons, hit = ("facts",), tuple(sorted(changed.intersection(keys)))
        if (standing := self.standing(path)) != "ours":
            reasons += (standing,)
        return Stale(reasons=reasons, keys=hit) if reasons else None

    def standing(self, path: str) -> str:
        """Say how an output's file stands: `ours` (as we left it), `missing`, `edited`; `unknown` if not recorded."""
        known = self._standing.get(path)
        if known is None:
            known = self._standing[path] = self._compare(path)
        return known

    def _compare(self, path: str) -> str:
        row = self._rows.get(path)
        if row is None or self.owned.publishing or path not in self.owned.files:
            return "unknown"
        file = os.path.join(self.output, path)
        taken = time.time_ns()
        status = files.look(file)
        if status is None:
            return "missing"
        mark = _decode_mark(row.mark)
        if mark.fits(status) and mark.settled():
            return "ours"
        if not files.is_file(status) or status.st_size != mark.size or status.st_mode & 0o7777 != files.FILE_MODE:
            return "edited"
        if files.digest(file) != row.digest:
            return "edited"
        self._seen[path] = _encode(_Mark.of(status, taken))
        return "ours"

    def recorded(self, path: str) -> Recorded | None:
        """Return what the last good build knew of an output."""
        row = self._rows.get(path)
        if row is None:
            return None
        found = _decode_found(row.found)
        reads = tuple(_numbers(row.reads))
        return Recorded(
            digest=row.digest, reads=reads, links=found.links, anchors=found.anchors, problems=found.problems
        )

    def digest(self, path: str) -> bytes | None:
        """Return the digest of an output's bytes in the record."""
        row = self._rows.get(path)
        return row.digest if row else None

    def paths(self) -> AbstractSet[str]:
        """Return the paths of all recorded outputs."""
        return self._rows.keys()

    def row_of(self, page: Page) -> Row:
        """Return what is kept of a page until it is published, in little memory; its file's mark is taken in `save`."""
        found = _Found(page.links, page.anchors, page.problems)
        return Row(page.digest, b"", array("I", sorted(page.reads)).tobytes(), _encode(found))

    def save(self, digests: Mapping[int, bytes], wanted: Collection[str], made: Mapping[str, Row]) -> bool:
        """Record a good build, in one transaction; say whether there was anything to record.

        `wanted` are all outputs of the site, each in its place; `made` those rendered by this build. Raises
        EnvironmentFault when the state cannot be written: then the database is as it was.
        """
        changed = self.changed(digests)
        gone = [path for path in self._rows if path not in wanted]
        rows = {path: marked for path, row in made.items() if (marked := self._marked(path, row))}
        if self.usable and self.run_key == self._run_key and not (changed or gone or rows):
            return False
        for path, mark in self._seen.items():  # files whose bytes had to be compared: spare that the next time
            if path in wanted and path not in made:
                rows[path] = self._rows[path]._replace(mark=mark)
        try:
            self._write({key // GROUP_LIMIT for key in changed}, digests, gone, rows)
        except (sqlite3.Error, OSError) as error:
            raise _cannot_save(self.file, error) from error
        self._take_over(digests, gone, rows)
        return True

    def _marked(self, path: str, made: Row) -> Row | None:
        """Return the row to store for a rendered output, None where the stored one holds good."""
        taken = time.time_ns()
        status = files.look(os.path.join(self.output, path))
        if status is None:
            raise EnvironmentFault(f"`{path}` vanished from `{self.output}` during the build", code="file-vanished")
        old = self._rows.get(path)
        if old and old._replace(mark=b"") == made and _decode_mark(old.mark).fits(status):
            return None
        return made._replace(mark=_encode(_Mark.of(status, taken)))

    def _write(
        self, owners: Iterable[int], digests: Mapping[int, bytes], gone: Iterable[str], rows: Mapping[str, Row]
    ) -> None:
        if not self.usable:
            _clear(self.file)
        files.make_folders(os.path.dirname(self.file))
        names = {number: name for name, number in self._owners.items()}
        facts = {owner: _facts_of(owner, digests) for owner in owners}
        with closing(sqlite3.connect(self.file, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            if not self.usable:
                for statement in _TABLES:
                    database.execute(statement)
            meta = (("versions", self._versions), ("run_key", self.run_key))
            database.executemany("REPLACE INTO meta VALUES (?, ?)", meta)
            database.executemany(
                "REPLACE INTO owners VALUES (?, ?, ?)",
                ((owner, names[owner], _encode(held)) for owner, held in facts.items() if held),
            )
            database.executemany("DELETE FROM owners WHERE number = ?", ((o,) for o, held in facts.items() if not held))
            database.executemany("DELETE FROM outputs WHERE path = ?", ((path,) for path in gone))
            database.executemany("REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", ((p, *row) for p, row in rows.items()))
            database.execute("COMMIT")

    def _take_over(self, digests: Mapping[int, bytes], gone: Iterable[str], rows: Mapping[str, Row]) -> None:
        self._digests = dict(digests)
        for path in gone:
            del self._rows[path]
        self._rows.update(rows)
        self._run_key = self.run_key
        self.usable = True
        self._standing.clear()
        self._seen.clear()

    def forget(self) -> None:
        """Drop the whole record of this output folder."""
        _clear(self.file)


def _numbers(blob: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(blob)
    return numbers


def _facts_of(owner: int, digests: Mapping[int, bytes]) -> dict[int, bytes]:
    first = owner * GROUP_LIMIT
    return {key: digests[key] for key in range(first, first + GROUP_LIMIT) if key in digests}


def _read(file: str, versions: str) -> tuple[_Stored | None, Problem | None]:
    """Return a database's contents, or None, with a warning where there is one that is of no use."""
    try:
        status = os.lstat(file)
        if not files.is_file(status):
            return None, _unusable(file, "it is not a file")
        if not status.st_size:
            return None, _unusable(file, "it is empty")
        address = f"file:{quote(file)}?mode=rw"  # rw: what a killed save left open is rolled back
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
            return _contents(database, versions)
    except FileNotFoundError:
        return None, None
    except (sqlite3.Error, OSError, msgspec.MsgspecError, ValueError, TypeError, KeyError) as error:
        return None, _unusable(file, str(error))


def _contents(database: sqlite3.Connection, versions: str) -> tuple[_Stored | None, Problem | None]:
    file = database.execute("PRAGMA database_list").fetchone()[2]
    if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        return None, _unusable(file, "it is not ours")
    if database.execute("PRAGMA user_version").fetchone()[0] != _SCHEMA:
        return None, _unusable(file, "it has the form of another ccgen")
    meta = dict(database.execute("SELECT name, value FROM meta"))
    if meta["versions"] != versions:
        return None, _unusable(file, f"it was written by {meta['versions']}")
    owners: dict[str, int] = {}
    digests: dict[int, bytes] = {}
    for number, name, blob in database.execute("SELECT number, name, digests FROM owners"):
        owners[name] = number
        digests.update(_decode_digests(blob))
    rows = {path: Row(*row) for path, *row in database.execute("SELECT path, digest, mark, reads, found FROM outputs")}
    return _Stored(meta["run_key"], owners, digests, rows), None


def _unusable(file: str, why: str) -> Problem:
    message = f"the state of the last build cannot be used: {why}"
    return Problem(code="state-unusable", message=message, at=At(path=file), hint=_HINT, severity="warning")


def _clear(file: str) -> None:
    """Remove a database, or whatever stands in its place, with what SQLite keeps beside it."""
    for name in (f"{file}-journal", f"{file}-wal", f"{file}-shm", file):
        status = files.look(name)
        if status is not None and files.is_folder(status):
            files.remove_tree(name)
        elif status is not None:
            files.unlink(name)


def _cannot_save(file: str, error: sqlite3.Error | OSError) -> EnvironmentFault:
    if isinstance(error, OSError):
        return files.fault(file, error)
    number = _SQLITE_CAUSES.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
    if number is not None:
        return files.fault(file, OSError(number, os.strerror(number)))
    return EnvironmentFault(f"`{file}`: {error}", code="state-unwritable", hint="delete this file, then build again")
