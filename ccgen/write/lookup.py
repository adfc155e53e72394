"""The record of the last good build, asked row by row: for a build that changes little, and reads little for it.

Knows nothing of what is fresh, and writes nothing.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Any, NamedTuple

from ccgen.model.differing import count
from ccgen.model.page import GROUP_LIMIT, Kept
from ccgen.write.database import DAMAGED, OUTPUT, Row, Source, connect, numbers

__all__ = ["KeptDrawings", "Lookup", "Owner", "RecordUnreadable"]

_KEY = 4  # bytes of a key number among an output's reads


class RecordUnreadable(Exception):
    """A record cannot be read, or does not hold what it should: everything has to be planned anew."""


class Owner(NamedTuple):
    """An owner of facts as stored: `facts` are its groups as bytes."""

    number: int
    facts: bytes


class Lookup:
    """Rows by name. It holds no lock between two questions; each raises RecordUnreadable where there is no answer."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._database: sqlite3.Connection | None = None
        self._owners: dict[str, Owner | None] = {}

    def __reduce__(self) -> tuple[type[Lookup], tuple[str]]:
        return Lookup, (self._file,)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None
        self._owners.clear()

    def _rows(self, query: str, *given: Any) -> list[Any]:
        try:
            if self._database is None:
                self._database = connect(self._file, mode="ro")
            return self._database.execute(query, given).fetchall()
        except sqlite3.Error as error:
            raise RecordUnreadable(str(error)) from error

    def owner(self, name: str) -> Owner | None:
        """Return an owner, None where there is none of that name."""
        if name not in self._owners:
            found = self._rows("SELECT number, facts FROM owners WHERE name = ?", name)
            if found and not isinstance(found[0][1], bytes):
                raise RecordUnreadable(f"the facts of `{name}` are no bytes")
            self._owners[name] = Owner(*found[0]) if found else None
        return self._owners[name]

    def prove_whole(self) -> None:
        """Raise RecordUnreadable where owners are lost: none of them must be taken for one that was never published."""
        if self._rows(DAMAGED):
            raise RecordUnreadable("it is not whole")

    def owners(self) -> Iterator[str]:
        """Yield the names of all owners."""
        return (name for (name,) in self._rows("SELECT name FROM owners"))

    def is_fact(self, key: int) -> bool:
        """Say whether a key is that of a fact."""
        found = self._rows("SELECT substr(facts, 1, 1) FROM owners WHERE number = ?", key // GROUP_LIMIT)
        return bool(found) and key % GROUP_LIMIT < count(found[0][0])

    def row(self, path: str) -> Row | None:
        """Return an output."""
        found = self._rows(f"SELECT {OUTPUT} FROM outputs WHERE path = ?", path)  # noqa: S608
        return Row(*found[0]) if found else None

    def readers(self, keys: Iterable[int]) -> list[str]:
        """Return the outputs that read any of some facts, by path."""
        signs = [(key, key.to_bytes(_KEY, sys.byteorder)) for key in keys]
        rows = self._rows("SELECT path, reads FROM outputs ORDER BY path") if signs else ()
        # Looking for bytes is ten times as quick as reading the numbers; it finds some that lie across two of them.
        return [path for path, reads in rows if any(sign in reads and key in numbers(reads) for key, sign in signs)]

    def drawing(self, key: bytes) -> Kept | None:
        """Return a drawing that was kept."""
        found = self._rows("SELECT reads, made FROM drawings WHERE key = ?", key)
        return Kept(*found[0]) if found else None

    def outdated(self, keys: AbstractSet[int]) -> set[bytes]:
        """Return the drawings that read any of some facts, by key."""
        rows = self._rows("SELECT key, reads FROM drawings") if keys else ()
        return {key for key, reads in rows if not keys.isdisjoint(numbers(reads))}

    def problems(self) -> Iterator[tuple[str, bytes]]:
        """Yield each output that has anything wrong, and what."""
        return iter(self._rows("SELECT path, problems FROM outputs WHERE problems != x''"))

    def sources(self) -> dict[str, Source]:
        """Return what the site was made from, by path."""
        return {path: Source(mark, face) for path, mark, face in self._rows("SELECT path, mark, face FROM sources")}

    def rest(self) -> bytes:
        """Return what else was planned."""
        found = self._rows("SELECT value FROM meta WHERE name = 'plan'")
        if not found or not isinstance(found[0][0], bytes):
            raise RecordUnreadable("it holds no plan")
        return bytes(found[0][0])


class KeptDrawings:
    """Drawings in the record that are as they would be now, by key; those in `outdated` are not. It can be sent to another
    process, which asks the record itself instead of what is `held` here: until a build publishes, that is as it was.
    """

    def __init__(self, lookup: Lookup, outdated: AbstractSet[bytes], held: Mapping[bytes, Kept] | None = None) -> None:
        self._lookup, self._outdated, self._held = lookup, outdated, held

    def find(self, key: bytes) -> Kept | None:
        """Return a drawing; None for one that must be drawn."""
        if key in self._outdated:
            return None
        if self._held is not None:
            return self._held.get(key)
        with suppress(RecordUnreadable):
            return self._lookup.drawing(key)
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        return KeptDrawings, (self._lookup, self._outdated, None if self._held else self._held)
