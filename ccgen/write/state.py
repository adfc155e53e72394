"""What the last good build read and wrote, in SQLite; a cache: it may be deleted at any time, and decides no deletion.

Rules: the facts of one build for all outputs of a folder, for state is saved only after a whole, good
build; what cannot be read is a warning and an empty state, never a crash; a save costs what changed, and nothing where
nothing did. One database for each output folder, since what stands in one says nothing of another.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

import msgspec

from ccgen.errors import EnvironmentFault, Problem
from ccgen.model.differing import count, differing
from ccgen.model.page import ANSWERS, GROUP_LIMIT, Kept
from ccgen.write import files, owned
from ccgen.write.database import (
    NOTHING_PLANNED,
    TABLES,
    Change,
    Changed,
    Known,
    Mark,
    Planned,
    R,
    Row,
    Source,
    Stored,
    clear,
    decode_found,
    decode_mark,
    decode_problems,
    numbers,
    read,
    read_known,
    read_stored,
    transaction,
)
from ccgen.write.lookup import KeptDrawings, Lookup, RecordUnreadable

__all__ = ["Recorded", "Stale", "State"]

_encode = msgspec.msgpack.Encoder().encode


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One output as the last good build left it; `reads` are key numbers, ascending."""

    digest: bytes
    reads: tuple[int, ...]
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]

    def lost(self, outputs: AbstractSet[str]) -> tuple[str, ...]:
        """Return the links that no output of the site stands behind any more."""
        return tuple([link for link in self.links if link not in outputs])


class Stale(msgspec.Struct, frozen=True, kw_only=True):
    """Why an output must be rendered. `reasons` is not empty; `keys` are the changed facts that it read, ascending, and after
    them the answers.

    Reasons: `new` (not recorded), `flags` (another run key), `interrupted` (a publication was), `other` (what it showed was
    something else), `facts` and `answers` (see `keys`), `missing` (its file), `edited` (its file, by hand), `unknown` (its file
    is not in the list of what we own).
    """

    reasons: tuple[str, ...]
    keys: tuple[int, ...] = ()


class State:
    """The record of one output folder, saved whole at the end of a good build.

    What says whether anything is to be done is read at the start, the rest when it is asked for: row by row (`lookup`),
    until something asks for all. Invariant: what was read is what the database holds; only `save` and `amend` change it.
    `number` is the exception: a new owner's number is kept in memory and becomes lasting with the next save.
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
        self.lookup = Lookup(self.file)
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

    def close(self) -> None:
        """Let go of the database, which is opened again for what is asked for row by row."""
        self.lookup.close()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings about what could not be read."""
        self._all()
        return self._problems

    @property
    def is_sound(self) -> bool:
        """Whether there is a record of these flags, all of it in place, and nothing to warn of."""
        whole = self.owned.known and not self.owned.publishing and self._files.keys() == self.owned.files
        return self.usable and whole and self._run_key == self.run_key and not self._problems

    def _read(self, contents: Callable[[sqlite3.Connection], R]) -> R | None:
        found, warning = read(self.file, self._versions, contents)
        self._problems += (warning,) if warning else ()
        return found

    def _all(self) -> Stored:
        if self._stored is None:
            stored = self._read(read_stored) if self.usable else None
            if stored is None:
                self.usable, self._files = False, {}
            self._stored = stored or Stored({}, {}, {}, {}, {})
            self._next = max(self._stored.owners.values(), default=0) + 1
        return self._stored

    def number(self, owner: str) -> int:
        """Return an owner's number, for good: it is never given to another owner."""
        if self._stored is None and self.usable:
            with suppress(RecordUnreadable):
                if (known := self.lookup.owner(owner)) is not None:
                    return known.number
        owners = (self._stored or self._all()).owners
        number = owners.get(owner)
        if number is None:
            number = owners[owner] = self._next
            self._next += 1
        return number

    def owners(self) -> dict[int, str]:
        """Return every owner that has a number, by it."""
        return {number: owner for owner, number in self._all().owners.items()}

    def facts(self, owner: str) -> bytes | None:
        """Return an owner's facts in the record."""
        return self._all().facts.get(owner)

    def changed(self, facts: Mapping[str, bytes]) -> Changed:
        """Return in what all facts of the site, by owner, differ from the record: those that are new, others, gone; and what
        goes by these. Every owner has a number then.
        """
        known = self._all().facts
        others = [owner for owner, data in facts.items() if known.get(owner) != data]
        others += known.keys() - facts.keys()
        keys = {key for owner in others for key in self._differing(owner, known.get(owner), facts.get(owner))}
        drawings = self._all().drawings.items()
        return Changed(keys, {key for key, kept in drawings if not keys.isdisjoint(numbers(kept.reads))})

    def _differing(self, owner: str, old: bytes | None, new: bytes | None) -> Iterator[int]:
        """Yield the keys of the groups in which an owner's facts differ."""
        first = self.number(owner) * GROUP_LIMIT
        for group in range(count(new)) if old is None and new is not None else differing(old, new):
            yield first + group

    def drawings(self, changed: Changed) -> KeptDrawings:
        """Return the drawings that were kept and would be drawn the same now."""
        trusted = self.usable and self._trusting and self._run_key == self.run_key and not self.owned.publishing
        if not trusted:
            return KeptDrawings(self.lookup, frozenset(), {})
        return KeptDrawings(self.lookup, changed.drawings, self._stored.drawings if self._stored else None)

    def routes(self) -> Iterator[tuple[str, bytes]]:
        """Yield each recorded output, and its place in the plan."""
        return ((path, row.route) for path, row in self._all().rows.items())

    def stale(
        self, wanted: Iterable[str], changed: AbstractSet[int], others: AbstractSet[str] = frozenset()
    ) -> dict[str, Stale]:
        """Return which of the wanted outputs must be rendered and why; the others are as a fresh build would make them.

        `changed` are the keys that `changed` found and those of answers that are not what they were, `others` the outputs that
        show something else than they did. A page that only depends on bytes (a static file) reads no key; the caller compares
        its digest with `recorded`.
        """
        found = ((path, self._stale(path, changed, path in others)) for path in wanted)
        return {path: stale for path, stale in found if stale is not None}

    def _stale(self, path: str, changed: AbstractSet[int], other: bool) -> Stale | None:  # noqa: FBT001
        row = self._all().rows.get(path)
        if row is None:
            return Stale(reasons=("new",))
        if self.owned.publishing:
            return Stale(reasons=("interrupted",))
        if self._run_key != self.run_key:
            return Stale(reasons=("flags",))
        keys = numbers(row.reads)
        reasons: tuple[str, ...] = ("other",) if other else ()
        hit: tuple[int, ...] = ()
        if changed and not changed.isdisjoint(keys):
            hit = tuple(sorted(changed & set(keys)))
            reasons += ("facts",) if hit[0] < ANSWERS else ()
            reasons += ("answers",) if hit[-1] >= ANSWERS else ()
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
        file = f"{self.output}/{path}"
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
        row = self.lookup.row(path) if self._stored is None and self.usable else self._all().rows.get(path)
        if row is None:
            return None
        found = decode_found(row.found)
        reads = tuple(numbers(row.reads))
        problems = decode_problems(row.problems) if row.problems else ()
        return Recorded(digest=row.digest, reads=reads, links=found.links, anchors=found.anchors, problems=problems)

    def findings(self) -> Iterator[tuple[str, tuple[Problem, ...]]]:
        """Yield what is wrong with each recorded output that has anything wrong."""
        if self._stored is None and self.usable:
            rows: Iterable[tuple[str, bytes]] = self.lookup.problems()
        else:
            rows = ((path, row.problems) for path, row in self._all().rows.items() if row.problems)
        return ((path, decode_problems(problems)) for path, problems in rows)

    def faulty(self) -> set[str]:
        """Return the recorded outputs that have anything wrong."""
        return {path for path, row in self._all().rows.items() if row.problems}

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

    def save(
        self,
        changed: Changed,
        wanted: Collection[str],
        made: Mapping[str, Row],
        drawings: Mapping[bytes, Kept],
        note: str = "",
        planned: Planned = NOTHING_PLANNED,
    ) -> bool:
        """Record a good build, in one transaction; say whether there was anything to record.

        `changed` is what `changed` found; `wanted` are all outputs of the site, each in its place; `made` those rendered by
        this build, `drawings` what was drawn for them and others may show too; `note` is handed back as `State.note` as
        long as this is the last good build. Raises EnvironmentFault when the state cannot be
        written: then the database is as it was.
        """
        stored = self._all()
        gone = [path for path in stored.rows if path not in wanted]
        rows = {path: marked for path, row in made.items() if (marked := self._marked(path, row, planned))}
        for path in wanted:  # those that are as they were, and lie elsewhere in the plan
            known = stored.rows.get(path) if path not in made else None
            if known is not None and known.route != (route := planned.route(path)):
                rows[path] = known._replace(route=route)
        sources = {path: one for path, one in planned.sources.items() if stored.sources.get(path) != one}
        lost = stored.sources.keys() - planned.sources.keys()
        same = self.usable and (self._run_key, self.note) == (self.run_key, note)
        if same and not (changed.keys or gone or rows or sources or lost):
            return False
        for path, mark in self._seen.items():  # files whose bytes had to be compared: spare that the next time
            if path in wanted and path not in made:
                rows[path] = rows.get(path, stored.rows[path])._replace(mark=mark)
        names = {number: name for name, number in stored.owners.items()}
        owners = {key // GROUP_LIMIT for key in changed.keys}
        change = Change(
            owners=[(one, names[one], data) for one in owners if (data := planned.facts.get(names[one]))],
            outputs=rows,
            sources=sources,
            meta=self._meta(note) | {"plan": planned.rest},
            drawings=drawings,
            gone_drawings=changed.drawings,
            gone_owners=[one for one in owners if names[one] not in planned.facts],
            gone_outputs=gone,
            gone_sources=lost,
        )
        self._write(change)
        self._take_over(planned, change)
        return True

    def amend(
        self,
        changed: Changed,
        facts: Mapping[str, bytes],
        made: Mapping[str, Row],
        drawings: Mapping[bytes, Kept],
        note: str,
        sources: Mapping[str, Source],
    ) -> None:
        """Record a good build after which the plan is as it was, but for the facts of some owners and for some sources.
        Raises as `save` does, and RecordUnreadable.
        """
        owners = []
        for name, data in facts.items():
            known = self.lookup.owner(name)
            assert known is not None
            owners.append((known.number, name, data))
        rows = {path: marked for path, row in made.items() if (marked := self._marked(path, row))}
        kept = Change(owners, rows, sources, self._meta(note), drawings=drawings, gone_drawings=changed.drawings)
        self._write(kept)
        self._files |= {path: (row.digest, row.mark) for path, row in rows.items()}
        self._forget_seen(note)

    def _meta(self, note: str) -> dict[str, str | bytes]:
        return {"versions": self._versions, "run_key": self.run_key, "note": note}

    def _write(self, change: Change) -> None:
        self.lookup.close()
        with transaction(self.file, () if self.usable else TABLES) as database:
            change.write(database)

    def _marked(self, path: str, made: Row, planned: Planned | None = None) -> Row | None:
        """Return the row to store for a rendered output, None where the stored one holds good."""
        taken = time.time_ns()
        status = files.look(os.path.join(self.output, path))
        if status is None:
            raise EnvironmentFault(f"`{path}` vanished from `{self.output}` during the build", code="file-vanished")
        old = self.lookup.row(path) if planned is None else self._all().rows.get(path)
        route = planned.route(path) if planned is not None else old.route if old else b""
        new = made._replace(route=route, mark=_encode(Mark.of(status, taken)))
        if old and old._replace(mark=new.mark) == new and decode_mark(old.mark).fits(status):
            return None
        return new

    def _take_over(self, planned: Planned, change: Change) -> None:
        stored = self._all()
        self._stored = stored._replace(facts=dict(planned.facts), sources=dict(planned.sources))
        for path in change.gone_outputs:
            del stored.rows[path]
        for key in change.gone_drawings:
            del stored.drawings[key]
        stored.drawings.update(change.drawings)
        stored.rows.update(change.outputs)
        self._files = {path: (row.digest, row.mark) for path, row in stored.rows.items()}
        self._forget_seen(str(change.meta["note"]))

    def _forget_seen(self, note: str) -> None:
        self._run_key, self.note = self.run_key, note
        self.usable = True
        self._standing.clear()
        self._seen.clear()

    def forget(self) -> None:
        """Drop the whole record of this output folder."""
        clear(self.file)
