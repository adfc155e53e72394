"""The database behind `State`: its tables, what is read of it, one transaction; knows nothing of what is fresh."""

from __future__ import annotations

import errno
import os
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from typing import NamedTuple, TypeVar
from urllib.parse import quote

import msgspec

from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.model.page import Kept, Page
from ccgen.write import files

__all__ = [
    "DAMAGED",
    "NOTHING_PLANNED",
    "OUTPUT",
    "READINGS",
    "TABLES",
    "Change",
    "Changed",
    "Known",
    "Mark",
    "Planned",
    "R",
    "Row",
    "Source",
    "Stored",
    "clear",
    "connect",
    "decode_found",
    "decode_mark",
    "decode_problems",
    "is_settled",
    "numbers",
    "read",
    "read_known",
    "read_stored",
    "row_of",
    "transaction",
]

_PAGE = 16_384  # bytes: a row of some kilobytes fits, or it would take a page of its own beside, and the file be twice as large
READINGS = "readings.db"  # in the state folder, see `readings`
_APPLICATION = 0x63636765  # "ccge", in SQLite's header
_SCHEMA = 6
TABLES = (
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_SCHEMA}",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE owners (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, facts BLOB NOT NULL)",
    """CREATE TABLE outputs (path TEXT PRIMARY KEY, digest BLOB NOT NULL, mark BLOB NOT NULL, reads BLOB NOT NULL,
                             found BLOB NOT NULL, problems BLOB NOT NULL, route BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE drawings (key BLOB PRIMARY KEY, reads BLOB NOT NULL, made BLOB NOT NULL)",
    "CREATE TABLE sources (path TEXT PRIMARY KEY, mark BLOB NOT NULL, face BLOB NOT NULL) WITHOUT ROWID",
)
_SQLITE_CAUSES = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
# ns: a file changed this shortly before a look at it may change again with the same times. Systems count a file's times in steps
# of up to 10 ms, and some file systems keep whole seconds: what has no part of a millisecond may come from one of these.
_SECOND, _STEP, _FINE = 1_000_000_000, 50_000_000, 1_000_000
_HINT = "nothing to do: everything is rendered once more"

R = TypeVar("R")
OUTPUT = "digest, mark, reads, found, problems, route"  # the columns of a `Row`
# Gives a row where owners are lost, or what an output or a drawing reads cannot be such.
DAMAGED = """SELECT 1 WHERE (SELECT count(*) FROM owners) IS NOT (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'owners')
             OR EXISTS (SELECT 1 FROM outputs WHERE typeof(reads) != 'blob' OR length(reads) % 4)
             OR EXISTS (SELECT 1 FROM drawings WHERE typeof(reads) != 'blob' OR length(reads) % 4)"""


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A file's fingerprint and the time (ns) at which it was taken."""

    size: int
    mtime: int
    ctime: int
    inode: int
    taken: int

    @classmethod
    def of(cls, status: os.stat_result, taken: int) -> Mark:
        """Return the mark of a file."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, taken)

    def settled(self) -> bool:
        """Say whether the file was old enough when it was looked at that any change since shows."""
        return is_settled(max(self.mtime, self.ctime), self.taken)

    def fits(self, status: os.stat_result) -> bool:
        """Say whether a file is the regular file that was looked at."""
        return files.is_file(status) and (
            self.size == status.st_size
            and self.mtime == status.st_mtime_ns
            and self.ctime == status.st_ctime_ns
            and self.inode == status.st_ino
        )


def is_settled(changed: int, taken: int) -> bool:
    """Say whether a file that was last `changed` at a time (ns) was old enough when it was looked at (`taken`, ns) that any
    change since shows in its times. A whole second is for file systems that keep no finer times.
    """
    return changed < taken - (_STEP if changed % _FINE else _SECOND)


decode_mark = msgspec.msgpack.Decoder(Mark).decode


class Row(NamedTuple):
    """An output as stored; all but `mark` and `route` follows from its page."""

    digest: bytes
    mark: bytes
    reads: bytes
    found: bytes
    problems: bytes  # b"" for none
    route: bytes = b""


class _Found(msgspec.Struct, frozen=True, array_like=True):
    links: tuple[str, ...]
    anchors: tuple[str, ...]


_encode = msgspec.msgpack.Encoder().encode
decode_found = msgspec.msgpack.Decoder(_Found).decode
decode_problems = msgspec.msgpack.Decoder(tuple[Problem, ...]).decode


def row_of(page: Page) -> Row:
    """Return what is kept of a page until it is published, in little memory; mark and route are taken when it is saved."""
    problems = _encode(page.problems) if page.problems else b""
    return Row(
        page.digest, b"", array("I", sorted(page.reads)).tobytes(), _encode(_Found(page.links, page.anchors)), problems
    )


class Source(NamedTuple):
    """A file that the site is made from: its mark as bytes, and what somebody else's page may go by of it (`model.face`).

    An empty mark is none to go by, and an empty face one that nothing can be compared with.
    """

    mark: bytes
    face: bytes = b""


def _no_route(_path: str) -> bytes:
    return b""


class Planned(NamedTuple):
    """What a build planned, as bytes: `facts` by owner, the `route` of an output (made when it is asked for: there are as many
    as pages), the `rest`.
    """

    facts: Mapping[str, bytes] = {}
    route: Callable[[str], bytes] = _no_route
    sources: Mapping[str, Source] = {}
    rest: bytes = b""


NOTHING_PLANNED = Planned()


class Changed(NamedTuple):
    """What is not as it is recorded: keys of facts, and the drawings that read one of them."""

    keys: AbstractSet[int]
    drawings: AbstractSet[bytes] = frozenset()


class Change(NamedTuple):
    """What a save changes. `owners` are (number, name, facts); what is `gone` is named by its first column."""

    owners: Iterable[tuple[int, str, bytes]]
    outputs: Mapping[str, Row]
    sources: Mapping[str, Source]
    meta: Mapping[str, str | bytes]
    drawings: Mapping[bytes, Kept] = {}
    gone_drawings: Iterable[bytes] = ()
    gone_owners: Iterable[int] = ()
    gone_outputs: Iterable[str] = ()
    gone_sources: Iterable[str] = ()

    def write(self, database: sqlite3.Connection) -> None:
        """Write it, inside a `transaction`."""
        gone: tuple[tuple[str, str, Iterable[object]], ...]
        gone = (("owners", "number", self.gone_owners), ("outputs", "path", self.gone_outputs))
        gone += (("sources", "path", self.gone_sources), ("drawings", "key", self.gone_drawings))
        for table, column, names in gone:
            database.executemany(f"DELETE FROM {table} WHERE {column} = ?", ((name,) for name in names))  # noqa: S608
        outputs = ((path, *row) for path, row in self.outputs.items())
        sources = ((path, *source) for path, source in self.sources.items())
        database.executemany("REPLACE INTO owners VALUES (?, ?, ?)", self.owners)
        database.executemany("REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?)", outputs)
        database.executemany("REPLACE INTO sources VALUES (?, ?, ?)", sources)
        drawings = ((key, *kept) for key, kept in self.drawings.items())
        database.executemany("REPLACE INTO drawings VALUES (?, ?, ?)", drawings)
        database.executemany("REPLACE INTO meta VALUES (?, ?)", self.meta.items())
        database.execute("REPLACE INTO meta SELECT 'owners', count(*) FROM owners")


class Known(NamedTuple):
    """What of a database is needed to see whether anything is to be done. `files` are (digest, mark) by path."""

    run_key: str
    note: str
    files: dict[str, tuple[bytes, bytes]]


class Stored(NamedTuple):
    """The rest of a database."""

    owners: dict[str, int]
    facts: dict[str, bytes]  # by owner
    rows: dict[str, Row]  # by path
    drawings: dict[bytes, Kept]  # by key
    sources: dict[str, Source]


def read(file: str, versions: str, contents: Callable[[sqlite3.Connection], R]) -> tuple[R | None, Problem | None]:
    """Return some of a database's contents, or None, with a warning where there is one that is of no use."""
    try:
        status = os.lstat(file)
        if not files.is_file(status):
            return None, _unusable(file, "it is not a file")
        if not status.st_size:
            return None, _unusable(file, "it is empty")
        with closing(connect(file)) as database:
            why = _foreign(database, versions)
            return (None, _unusable(file, why)) if why else (contents(database), None)
    except FileNotFoundError:
        return None, None
    except (sqlite3.Error, OSError, msgspec.MsgspecError, ValueError, TypeError, KeyError) as error:
        return None, _unusable(file, str(error))


def connect(file: str, *, mode: str = "rw") -> sqlite3.Connection:
    """Open a database that is there; in mode `rw` what a killed save left open is rolled back.

    Raises sqlite3.Error, for most faults only when it is asked for anything.
    """
    return sqlite3.connect(f"file:{quote(file)}?mode={mode}", uri=True, isolation_level=None)


def _foreign(database: sqlite3.Connection, versions: str) -> str:
    """Say why a database is none that this ccgen can use, '' if it is one."""
    if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        return "it is not ours"
    if database.execute("PRAGMA user_version").fetchone()[0] != _SCHEMA:
        return "it has the form of another ccgen"
    ((found,),) = database.execute("SELECT value FROM meta WHERE name = 'versions'")
    return "" if found == versions else f"it was written by {found}"


def read_known(database: sqlite3.Connection) -> Known:
    """Read what says whether anything is to be done."""
    meta = dict(database.execute("SELECT name, value FROM meta"))
    found = {path: (digest, mark) for path, digest, mark in database.execute("SELECT path, digest, mark FROM outputs")}
    for _, mark in found.values():
        decode_mark(mark)
    return Known(meta["run_key"], meta["note"], found)


def read_stored(database: sqlite3.Connection) -> Stored:
    """Read the rest; raises ValueError where rows are lost or damaged."""
    if database.execute(DAMAGED).fetchone():
        raise ValueError("it is not whole")
    owners: dict[str, int] = {}
    facts: dict[str, bytes] = {}
    for number, name, data in database.execute("SELECT number, name, facts FROM owners"):
        owners[name], facts[name] = number, data
    if not all(type(data) is bytes for data in facts.values()):
        raise ValueError("facts are no bytes")
    rows = {path: Row(*row) for path, *row in database.execute(f"SELECT path, {OUTPUT} FROM outputs")}  # noqa: S608
    for row in rows.values():  # what cannot be read is to be known now, not when it is asked for
        decode_found(row.found)
        if row.problems:
            decode_problems(row.problems)
    sources = {path: Source(*row) for path, *row in database.execute("SELECT path, mark, face FROM sources")}
    drawings = {key: Kept(*kept) for key, *kept in database.execute("SELECT key, reads, made FROM drawings")}
    return Stored(owners, facts, rows, drawings, sources)


def _unusable(file: str, why: str) -> Problem:
    message = f"the state of the last build cannot be used: {why}"
    return Problem(code="state-unusable", message=message, at=At(path=file), hint=_HINT, severity="warning")


def clear(file: str) -> None:
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


@contextmanager
def transaction(file: str, tables: Sequence[str] = ()) -> Iterator[sqlite3.Connection]:
    """Give a database for one transaction; one with new `tables` is put in place of whatever is there.

    What cannot be written is an EnvironmentFault, and nothing is.
    """
    try:
        if tables:
            clear(file)
        files.make_folders(os.path.dirname(file))
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            if tables:
                database.execute(f"PRAGMA page_size = {_PAGE}")
            database.execute("BEGIN IMMEDIATE")
            if tables:
                for statement in tables:
                    database.execute(statement)
            yield database
            database.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise _cannot_save(file, error) from error


def numbers(blob: bytes) -> array[int]:
    """Return the key numbers in a blob."""
    numbers = array("I")
    numbers.frombytes(blob)
    return numbers
