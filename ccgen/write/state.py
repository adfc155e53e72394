"""What the last good build read and wrote, in SQLite; a cache: it may be deleted at any time, and decides no deletion.

Rules (DESIGN, section 4): one digest a key for all outputs of a folder, for state is saved only after a whole, good
build; what cannot be read is a warning and an empty state, never a crash; a save costs what changed, and nothing where
nothing did. One database for each output folder, since what stands in one says nothing of another.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import msgspec

from ccgen.errors import EnvironmentFault, Problem
from ccgen.model.page import GROUP_LIMIT, Page
from ccgen.write import files, owned
from ccgen.write.database import (
    TABLES,
    Known,
    Mark,
    R,
    Row,
    Stored,
    clear,
    decode_mark,
    numbers,
    read,
    read_known,
    read_stored,
    transaction,
)

__all__ = ["Recorded", "Stale", "State"]

_encode = msgspec.msgpack.Encoder().encode


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One output as the last good build left it; `reads` are key numbers, ascending."""

    digest: bytes
    reads: tuple[int, ...]
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]

    def lost(self, outputs: set[str]) -> tuple[str, ...]:
        """Return the links that no output of the site stands behind any more."""
        return () if outputs.issuperset(self.links) else tuple([link for link in self.links if link not in outputs])


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


_decode_found = msgspec.msgpack.Decoder(_Found).decode


class State:
    """The record of one output folder, saved whole at the end of a good build.

    What says whether anything is to be done is read at the start, the rest when it is asked for. Invariant: `_files`,
    `_rows` and `_digests` are what the database holds; only `save` changes them. `number` is the exception: a new
    owner's number is kept in memory and becomes lasting with the next save.
    """

    def __init__(self, *, output: str, state_dir: str, versions: str, run_key: str, trusting: bool) -> None:
        self._trusting = trusting
        self.output = output
        self.state_dir = state_dir
        self.file = os.path.join(state_dir, "state", f"{owned.output_name(output, state_dir)}.db")
        self._versions = f"{versions}; {sys.byteorder}"
        self.owned, self._problems = owned.load(output, state_dir)
        known = self._read(read_known)
        self.usable = known is not None
        self.run_key = run_key
        self._run_key, self.note, self._files = known or Known(run_key, "", {})
        self._stored: Stored | None = None
        self._next = 0
        self._standing: dict[str, str] = {}
        self._seen: dict[str, bytes] = {}  # marks of files that were found ours by their bytes

    @classmethod
    def open(
        cls, state_dir: str | Path, output: str | Path, *, versions: str, run_key: str = "", trusting: bool = True
    ) -> State:
        """Read what is known of an output folder; writes nothing, and needs no lock to look.

        `versions` names ccgen, Python and the libraries that shape the output; `run_key` the flags that change bytes.
        Paths are resolved. Warnings are in `problems`. Unless it is `trusting`, files are known by their bytes alone.
        """
        resolved = os.path.realpath(state_dir), os.path.realpath(output)
        return cls(state_dir=resolved[0], output=resolved[1], versions=versions, run_key=run_key, trusting=trusting)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings about what could not be read."""
        self._all()
        return self._problems

    def _read(self, contents: Callable[[sqlite3.Connection], R]) -> R | None:
        found, warning = read(self.file, self._versions, contents)
        self._problems += (warning,) if warning else ()
        return found

    def _all(self) -> Stored:
        if self._stored is None:
            stored = self._read(read_stored) if self.usable else None
            if stored is None:
                self.usable, self._files = False, {}
            self._stored = stored or Stored({}, {}, {})
            self._next = max(self._stored.owners.values(), default=0) + 1
        return self._stored

    def number(self, owner: str) -> int:
        """Return an owner's number, for good: it is never given to another owner."""
        owners = (self._stored or self._all()).owners
        number = owners.get(owner)
        if number is None:
            number = owners[owner] = self._next
            self._next += 1
        return number

    def owners(self) -> dict[int, str]:
        """Return every owner that has a number, by it."""
        return {number: owner for owner, number in self._all().owners.items()}

    def fact(self, key: int) -> bytes | None:
        """Return a fact's digest in the record."""
        return self._all().digests.get(key)

    def changed(self, digests: Mapping[int, bytes]) -> set[int]:
        """Return the keys that differ from the record: new ones, those with another digest, those that are gone."""
        known = self._all().digests
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
        row = self._all().rows.get(path)
        if row is None:
            return Stale(reasons=("new",))
        if self.owned.publishing:
            return Stale(reasons=("interrupted",))
        if self._run_key != self.run_key:
            return Stale(reasons=("flags",))
        keys = numbers(row.reads)
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
        known = self._files.get(path)
        if known is None or self.owned.publishing or path not in self.owned.files:
            return "unknown"
        file = os.path.join(self.output, path)
        taken = time.time_ns()
        status = files.look(file)
        if status is None:
            return "missing"
        digest, mark = known[0], decode_mark(known[1])
        if self._trusting and mark.fits(status) and mark.settled():
            return "ours"
        if not files.is_file(status) or status.st_size != mark.size or status.st_mode & 0o7777 != files.FILE_MODE:
            return "edited"
        if files.digest(file) != digest:
            return "edited"
        self._seen[path] = _encode(Mark.of(status, taken))
        return "ours"

    def recorded(self, path: str) -> Recorded | None:
        """Return what the last good build knew of an output."""
        row = self._all().rows.get(path)
        if row is None:
            return None
        found = _decode_found(row.found)
        reads = tuple(numbers(row.reads))
        return Recorded(
            digest=row.digest, reads=reads, links=found.links, anchors=found.anchors, problems=found.problems
        )

    def digest(self, path: str) -> bytes | None:
        """Return the digest of an output's bytes in the record."""
        known = self._files.get(path)
        return known[0] if known else None

    def paths(self) -> AbstractSet[str]:
        """Return the paths of all recorded outputs."""
        return self._files.keys()

    def untouched(self) -> bool:
        """Say whether the output holds all that the last good build left, as it left it; under the lock.

        Marks of files whose bytes had to be compared are renewed in the record, which spares that the next time.
        """
        whole = self.usable and self._run_key == self.run_key and self._files.keys() == self.owned.files
        if not whole or any(self.standing(path) != "ours" for path in self._files):
            return False
        if self._seen:
            with transaction(self.file, () if self.usable else TABLES) as database:
                marks = [(mark, path) for path, mark in self._seen.items()]
                database.executemany("UPDATE outputs SET mark = ? WHERE path = ?", marks)
            self._seen.clear()
        return True

    def row_of(self, page: Page) -> Row:
        """Return what is kept of a page until it is published, in little memory; its file's mark is taken in `save`."""
        found = _Found(page.links, page.anchors, page.problems)
        return Row(page.digest, b"", array("I", sorted(page.reads)).tobytes(), _encode(found))

    def save(
        self, digests: Mapping[int, bytes], wanted: Collection[str], made: Mapping[str, Row], note: str = ""
    ) -> bool:
        """Record a good build, in one transaction; say whether there was anything to record.

        `wanted` are all outputs of the site, each in its place; `made` those rendered by this build; `note` is handed
        back as `State.note` as long as this is the last good build. Raises EnvironmentFault when the state cannot be
        written: then the database is as it was.
        """
        changed = self.changed(digests)
        known = self._all().rows
        gone = [path for path in known if path not in wanted]
        rows = {path: marked for path, row in made.items() if (marked := self._marked(path, row))}
        same = self.usable and (self._run_key, self.note) == (self.run_key, note)
        if same and not (changed or gone or rows):
            return False
        for path, mark in self._seen.items():  # files whose bytes had to be compared: spare that the next time
            if path in wanted and path not in made:
                rows[path] = known[path]._replace(mark=mark)
        with transaction(self.file, () if self.usable else TABLES) as database:
            self._write(database, {key // GROUP_LIMIT for key in changed}, digests, gone, rows)
            meta = (("versions", self._versions), ("run_key", self.run_key), ("note", note))
            database.executemany("REPLACE INTO meta VALUES (?, ?)", meta)
        self._take_over(digests, gone, rows, note)
        return True

    def _marked(self, path: str, made: Row) -> Row | None:
        """Return the row to store for a rendered output, None where the stored one holds good."""
        taken = time.time_ns()
        status = files.look(os.path.join(self.output, path))
        if status is None:
            raise EnvironmentFault(f"`{path}` vanished from `{self.output}` during the build", code="file-vanished")
        old = self._all().rows.get(path)
        if old and old._replace(mark=b"") == made and decode_mark(old.mark).fits(status):
            return None
        return made._replace(mark=_encode(Mark.of(status, taken)))

    def _write(
        self,
        database: sqlite3.Connection,
        owners: Iterable[int],
        digests: Mapping[int, bytes],
        gone: Iterable[str],
        rows: Mapping[str, Row],
    ) -> None:
        names = {number: name for name, number in self._all().owners.items()}
        facts = {owner: _facts_of(owner, digests) for owner in owners}
        database.executemany(
            "REPLACE INTO owners VALUES (?, ?, ?)",
            ((owner, names[owner], _encode(held)) for owner, held in facts.items() if held),
        )
        database.executemany("DELETE FROM owners WHERE number = ?", ((o,) for o, held in facts.items() if not held))
        database.executemany("DELETE FROM outputs WHERE path = ?", ((path,) for path in gone))
        database.executemany("REPLACE INTO outputs VALUES (?, ?, ?, ?, ?)", ((p, *row) for p, row in rows.items()))

    def _take_over(self, digests: Mapping[int, bytes], gone: Iterable[str], rows: Mapping[str, Row], note: str) -> None:
        stored = self._all()
        self._stored = stored._replace(digests=dict(digests))
        for path in gone:
            del stored.rows[path]
        stored.rows.update(rows)
        self._files = {path: (row.digest, row.mark) for path, row in stored.rows.items()}
        self._run_key, self.note = self.run_key, note
        self.usable = True
        self._standing.clear()
        self._seen.clear()

    def forget(self) -> None:
        """Drop the whole record of this output folder."""
        clear(self.file)


def _facts_of(owner: int, digests: Mapping[int, bytes]) -> dict[int, bytes]:
    first = owner * GROUP_LIMIT
    return {key: digests[key] for key in range(first, first + GROUP_LIMIT) if key in digests}
