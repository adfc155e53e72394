"""What `load` keeps between builds (see `model.kept`), in SQLite under the state folder; knows nothing of what it keeps.

A source whose size, times and inode are those of the last look, all settled then (`is_settled`), is taken as read; else its
bytes decide (ARCHITECTURE.md: "Facts, reads, state"). It is a cache for all output folders: it may be deleted at any time,
and one that cannot be used is used no further, without a word, for nothing is lost but time.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from ccgen.errors import EnvironmentFault
from ccgen.model.kept import SourceFile
from ccgen.model.source import digest_of
from ccgen.write import files
from ccgen.write.bodies import TABLE, StoredBodies
from ccgen.write.database import READINGS, connect, is_settled, transaction

__all__ = ["Readings"]

# Names are looked up in an index of their own, and what was made lies in few large pages: both are read in bulk.
_TABLES = (
    "CREATE TABLE meta (key BLOB NOT NULL)",
    "CREATE TABLE readings (name TEXT PRIMARY KEY, proof BLOB NOT NULL, sources BLOB NOT NULL, made BLOB NOT NULL)",
)
_ROWS = "SELECT name, proof, sources, made FROM readings"
_PORTION = 4_000_000  # bytes of bodies
_AT_A_TIME = 500  # names in one question to the database


class _Look(NamedTuple):
    """Files as the system knew them at one moment; `proof` is b"" where one of them could not be looked at.

    What proves anything later is the proof of a settled look (`is_settled`).
    """

    files: Sequence[SourceFile]
    proof: bytes
    settled: bool


class _Reading(NamedTuple):
    """What was made of files whose settled proof this is (b"" for none); `sources` are their paths and bytes' digests."""

    proof: bytes
    sources: bytes
    made: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[tuple[str, bytes], ...]).decode


class Readings:
    """Invariant: nothing on disk changes before `save`, which is for whoever holds the project's lock; who holds it from the
    beginning (`locked`) lets what is new be written in portions, as it comes. A reading and its bodies are written together.
    """

    def __init__(
        self, state_dir: str | os.PathLike[str], versions: str, *, afresh: bool = False, locked: bool = False
    ) -> None:
        """With `afresh` nothing is recalled, and all that is read is kept anew."""
        self._afresh, self.locked = afresh, locked
        self._file = os.path.join(os.path.realpath(state_dir), READINGS)
        self._versions = versions.encode()
        self._key = b""
        self._database: sqlite3.Connection | None = None  # what is on disk, if it is of this key
        self._looks: dict[str, _Look] = {}  # by name, as taken when it was asked for
        self._used: set[str] = set()
        self._new: dict[str, _Reading] = {}
        self._bodies: dict[str, tuple[bytes, ...]] = {}  # digests by name, of what is not saved yet
        self._outdated: set[str] = set()  # names of these that have others on disk
        self._unsaved: dict[bytes, bytes] = {}
        self._size = 0  # of these, in bytes
        self.stored = StoredBodies(self._file, self._unsaved)
        self._whole = False  # what is on disk is of this key, as far as is known
        self._ours = False  # and all of it is from here: since `use`, and until `save`, after which others may write

    def use(self, key: bytes) -> None:
        """See `Kept.use`. What was kept under the same key before is recalled."""
        mixed = digest_of(self._versions + key)
        if mixed != self._key:
            self.close()
            self._key = mixed
            self._forget()
            self._used.clear()
            self._whole = not self._afresh and self._opened()
            self._ours = not self._whole

    def recall(self, name: str, files: Sequence[SourceFile]) -> bytes | None:
        """See `Kept.recall`."""
        return next((made for _, made in self.recall_all({name: files})), None)

    def recall_all(self, asked: Mapping[str, Sequence[SourceFile]]) -> Iterator[tuple[str, bytes]]:
        """See `Kept.recall_all`."""
        names = iter(asked)
        while some := list(islice(names, _AT_A_TIME)):
            known = {} if self._afresh else self._find(some)
            for name in some:
                look = self._looks[name] = _look(asked[name])
                one = known.get(name)
                if one is not None and (one.proof == look.proof != b"" or self._is_same(name, one, look)):
                    self._used.add(name)
                    yield name, one.made

    def _is_same(self, name: str, known: _Reading, look: _Look) -> bool:
        """Say whether files that their marks do not prove to be the same hold the same bytes."""
        try:
            sources = _decode(known.sources)
        except (msgspec.MsgspecError, TypeError):
            return False
        if [path for path, _ in sources] != [one.path for one in look.files]:
            return False
        if any(digest != _digest(file.file) for (_, digest), file in zip(sources, look.files, strict=True)):
            return False
        if look.settled:  # else the bytes must be asked the next time too
            self._new[name] = known._replace(proof=look.proof)
        return True

    def keep(self, name: str, files: Sequence[SourceFile], digests: Sequence[bytes], made: bytes) -> None:
        """See `Kept.keep`."""
        look = self._looks[name]
        if all(digests) and len(digests) == len(files) and files == look.files:
            sources = _encode([(one.path, digest) for one, digest in zip(files, digests, strict=True)])
            self._new[name] = _Reading(look.proof if look.settled else b"", sources, made)
            self._used.add(name)

    def hold(self, name: str, bodies: Mapping[bytes, bytes]) -> None:
        """See `Kept.hold`. Raises EnvironmentFault as `save` does."""
        if self._size > _PORTION and self.locked:
            self._write()
        known = set() if self._ours and name not in self._used else self._digests(name)
        self._used.add(name)
        if known == bodies.keys():  # what was held since, and never saved, is no more
            self._bodies.pop(name, None)
            self._outdated.discard(name)
        else:
            if known:
                self._outdated.add(name)
            self._bodies[name] = tuple(bodies)
            self._unsaved.update(bodies)
            self._size += sum(map(len, bodies.values()))

    def body(self, digest: bytes) -> bytes | memoryview | None:
        """See `Kept.body`."""
        return self.stored.find(digest)

    def save(self, *, part: bool = False, beside: bool = False) -> None:
        """Write what is new, and drop what nobody asked for (not if only a `part` of the site was looked at).

        Where somebody still draws of what was kept before, what is new stands `beside` it: nothing is dropped, and the bodies
        that it replaces stay until their name holds others. Raises EnvironmentFault when that cannot be written.
        """
        if beside and not self._whole:
            return  # of another key: one of both has to go
        gone = set() if part or beside else self._names() - self._used
        if gone or self._new or self._bodies or not self._whole:
            try:
                self._write(gone, beside=beside)
            except EnvironmentFault:
                wanted = {digest for digests in self._bodies.values() for digest in digests}
                for digest in self._unsaved.keys() - wanted:  # else all there ever was would be kept for a better day
                    del self._unsaved[digest]
                raise
        self._looks.clear()  # what is asked for again is looked at again
        self._ours = False
        self.close()

    def close(self) -> None:
        """Let go of what is on disk; what is asked for later opens it again."""
        self.stored.close()
        if self._database is not None:
            self._database.close()
            self._database = None

    def _write(self, gone: AbstractSet[str] = frozenset(), *, beside: bool = False) -> None:
        self.close()
        rows = ((name, *one) for name, one in self._new.items())
        bodies = ((one, name, self._unsaved[one]) for name, digests in self._bodies.items() for one in digests)
        with transaction(self._file, tables=() if self._whole else (*_TABLES, *TABLE)) as database:
            if not self._whole:
                database.execute("INSERT INTO meta VALUES (?)", (self._key,))
            database.executemany("DELETE FROM readings WHERE name = ?", ((name,) for name in gone))
            if not beside:
                database.executemany("DELETE FROM bodies WHERE name = ?", ((name,) for name in gone | self._outdated))
            database.executemany("REPLACE INTO readings VALUES (?, ?, ?, ?)", rows)
            database.executemany("REPLACE INTO bodies VALUES (?, ?, ?)", bodies)
        self._whole = True
        self._forget()

    def _forget(self) -> None:
        """Let go of what is not saved."""
        self._new.clear()
        self._bodies.clear()
        self._outdated.clear()
        self._unsaved.clear()
        self._size = 0

    def _opened(self) -> bool:
        """Open what is on disk; say whether it is of this key."""
        try:
            if not files.is_file(os.lstat(self._file)):
                return False
            self._database = connect(self._file)
            if self._database.execute("SELECT key FROM meta").fetchall() == [(self._key,)]:
                return True
        except (sqlite3.Error, OSError):
            pass
        self.close()
        return False

    def _find(self, names: Sequence[str]) -> dict[str, _Reading]:
        """Return what is kept under some names, by name."""
        found: dict[str, _Reading] = {}
        if self._whole:
            marks = ",".join("?" * len(names))
            rows = self._rows(f"{_ROWS} WHERE name IN ({marks}) AND typeof(made) = 'blob'", names)
            found = {name: _Reading(*rest) for name, *rest in rows}
        found.update({name: self._new[name] for name in names if name in self._new})
        return found

    def _names(self) -> set[str]:
        names = "SELECT name FROM readings UNION SELECT name FROM bodies"
        return {name for (name,) in self._rows(names)} if self._whole else set()

    def _digests(self, name: str) -> set[bytes]:
        """Return the digests of the bodies that are saved under a name."""
        found = self._rows("SELECT digest FROM bodies WHERE name = ?", [name]) if self._whole else ()
        return {digest for (digest,) in found}

    def _rows(self, query: str, given: Sequence[str] = ()) -> list[tuple[Any, ...]]:
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
        self.close()
        self._whole, self._ours = False, True


def _look(files: Sequence[SourceFile]) -> _Look:
    """Look at files; the moment is taken first, so that what is changed meanwhile is not settled."""
    taken = time.time_ns()
    marks = []
    settled = True
    for one in files:
        try:
            found = os.stat(one.file)
        except OSError:
            return _Look(files, b"", settled=False)
        marks.append((one.path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino))
        settled = settled and is_settled(max(found.st_mtime_ns, found.st_ctime_ns), taken)
    return _Look(files, _encode(marks), settled)


def _digest(file: str) -> bytes:
    try:
        return files.digest(file)
    except Exception:  # noqa: BLE001  (whatever is wrong with it is told when it is read)
        return b""
