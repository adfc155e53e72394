"""The facts of a build as drawings ask for them, each with its key's number; knows nothing of who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ccgen.model.facts import GROUPS, Facts, Group
from ccgen.model.page import GROUP_LIMIT
from ccgen.model.parts import owner_kind, owner_of

__all__ = ["Book", "Entry", "MissingFact", "Named", "listed"]

_FIELDS: dict[str, dict[str, int]] = {
    kind: {field: number for number, group in enumerate(groups) for field in group.__struct_fields__}
    for kind, groups in GROUPS.items()
}
_REMEMBERED = 1024  # entries that are held, so that memory does not grow with the site


class MissingFact(LookupError):
    """A field that this kind of thing does not have; the message names both and what there is."""


class _Groups(dict[int, Group]):
    """An owner's groups that were asked for, by number."""

    __slots__ = ("_held",)

    def __init__(self, held: Sequence[Group]) -> None:
        self._held = held

    def __missing__(self, number: int) -> Group:
        found = self[number] = self._held[number]
        return found


class Entry(NamedTuple):
    """An owner as views use it: its groups, their keys (the same objects each time), and which group each field is in."""

    groups: Mapping[int, Group]
    keys: tuple[int, ...]
    fields: Mapping[str, int]


class Named(dict[str, tuple[int, Any]]):
    """The owners of a family that are one value each (`site:en`, `option`): name → (number of the key, value), as asked for.

    Raises MissingFact for a name that the family does not have.
    """

    def __init__(self, book: Book, family: str) -> None:
        super().__init__()
        self._book, self._family = book, family

    def __missing__(self, name: str) -> tuple[int, Any]:
        owner = owner_of(self._family, name)
        if owner not in self._book.groups:
            names = [one.rpartition(":")[2] for one in self._book.groups if one.startswith(f"{self._family}:")]
            raise MissingFact(f"no `{name}` here; there is {listed(names)}")
        group: Any = self._book.group(owner, 0)
        found = self[name] = self._book.key(owner, 0), group.value
        return found


class Book:
    """The facts of a build and the number of each key; shared by all drawings, never changed."""

    def __init__(self, facts: Facts, number: Callable[[str], int]) -> None:
        self.groups = facts.groups
        self._number = number
        self.entries: dict[str, Entry] = {}  # of owners that were asked for: a page asks some two hundred times
        self._named: dict[str, Named] = {}

    def named(self, family: str) -> Named:
        """Return the values of a family of owners, by the last part of their names."""
        found = self._named.get(family)
        if found is None:
            found = self._named[family] = Named(self, family)
        return found

    def entry(self, owner: str) -> Entry:
        """Return an owner's entry.

        Raises KeyError for an owner that has no facts.
        """
        found = self.entries.get(owner)
        if found is None:
            if len(self.entries) > _REMEMBERED:
                self.entries.clear()
            groups, first = self.groups[owner], self._number(owner) * GROUP_LIMIT
            keys = tuple(range(first, first + len(groups)))
            found = self.entries[owner] = Entry(_Groups(groups), keys, _FIELDS[owner_kind(owner)])
        return found

    def key(self, owner: str, group: int) -> int:
        """Return a key's number."""
        return self._number(owner) * GROUP_LIMIT + group

    def group(self, owner: str, group: int) -> Group:
        """Return one group of an owner."""
        return self.groups[owner][group]


def listed(names: Iterable[str]) -> str:
    """Say which names there are."""
    return ", ".join(f"`{name}`" for name in sorted(names) if name != "base")
