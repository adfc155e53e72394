"""Facts as bytes and back: a fact is its MessagePack bytes, and its digest theirs; knows no owner and no database.

Bytes are what a build keeps of its plan and what tells whether a fact changed, so that no input of a page can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, overload

import msgspec

from ccgen.model.facts import GROUPS, BodyGroup, DirectiveGroup, Facts, Group, ValueGroup
from ccgen.model.page import GROUP_LIMIT
from ccgen.model.parts import REF, Ref, owner_kind
from ccgen.model.recent import Recent

__all__ = [
    "PackedFacts",
    "PackedGroups",
    "pack",
    "pack_all",
    "packing",
    "unpack",
]

_encode = msgspec.msgpack.Encoder().encode
assert all(len(groups) < GROUP_LIMIT for groups in GROUPS.values())  # see `differing.count`
_decode_parts = msgspec.msgpack.Decoder(tuple[msgspec.Raw, ...]).decode
_REMEMBERED = 1024  # owners whose groups are held, so that memory does not grow with the site


def pack(groups: Sequence[Group]) -> bytes:
    """Return an owner's groups as bytes."""
    return _encode(tuple(groups))


def pack_all(facts: Facts) -> dict[str, bytes]:
    """Return all facts as bytes, by owner."""
    return {owner: _encode(groups) for owner, groups in facts.groups.items()}


class PackedGroups(Sequence[Group]):
    """An owner's groups, each read from its bytes when it is first asked for: a page reads few of most owners."""

    __slots__ = ("_parts", "_read", "_readers")

    def __init__(self, parts: Sequence[msgspec.Raw], readers: Sequence[Callable[[msgspec.Raw], Group]]) -> None:
        self._parts, self._readers = parts, readers
        self._read: list[Group | None] = [None] * len(parts)

    @overload
    def __getitem__(self, index: int) -> Group: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Group, ...]: ...
    def __getitem__(self, index: int | slice) -> Group | tuple[Group, ...]:
        if isinstance(index, slice):
            return tuple([self[number] for number in range(len(self))[index]])
        group = self._read[index]
        if group is None:
            group = self._read[index] = self._readers[index](self._parts[index])
        return group

    def __len__(self) -> int:
        return len(self._parts)


def unpack(owner: str, data: bytes) -> PackedGroups:
    """Return an owner's groups from their bytes.

    Raises msgspec.MsgspecError for bytes of another form, at the latest when a group is asked for.
    """
    parts, readers = _decode_parts(data), _readers(owner_kind(owner))
    if len(parts) != len(readers):
        raise msgspec.ValidationError(f"`{owner}` has {len(parts)} groups")
    return PackedGroups(parts, readers)


@cache
def _readers(kind: str) -> tuple[Callable[[msgspec.Raw], Group], ...]:
    """Return what reads each group of one kind of owner: it is dear to make, and a build asks for few kinds."""
    return tuple([_reader(group) for group in GROUPS[kind]])


@cache
def _reader(kind: type[Group]) -> Callable[[msgspec.Raw], Group]:
    decode = msgspec.msgpack.Decoder(kind).decode
    restored = _RESTORED.get(kind)
    if restored is None and "extra" in kind.__struct_fields__:
        restored = _restore_extra
    if restored is None:
        return decode
    restore = restored

    def read(data: msgspec.Raw) -> Group:
        group = decode(data)
        restore(group)
        return group

    return read


# What may be anything is put right: its bytes do not say whether a list was a tuple, or a reference.


def _restore_body(group: Any) -> None:
    for call in group.calls:
        if call.params:
            msgspec.structs.force_setattr(call, "params", _value(call.params))


def _restore_value(group: Any) -> None:
    msgspec.structs.force_setattr(group, "value", _value(group.value))


def _restore_params(group: Any) -> None:
    msgspec.structs.force_setattr(group, "params", _value(group.params))


def _restore_extra(group: Any) -> None:
    if group.extra:
        msgspec.structs.force_setattr(group, "extra", _value(group.extra))


_RESTORED: dict[type[Group], Callable[[Any], None]] = {
    BodyGroup: _restore_body,
    ValueGroup: _restore_value,
    DirectiveGroup: _restore_params,
}


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        if len(value) == 2 and value[0] == REF:
            return Ref(value[1])
        return tuple([_value(one) for one in value])
    if isinstance(value, dict):
        return {key: _value(one) for key, one in value.items()}
    return value


class PackedFacts(Mapping[str, Sequence[Group]]):
    """Facts that are read when they are asked for. `held` gives an owner's bytes, None where it has no facts; `owners` all
    owners; `changed` are groups that stand in place of what is held.
    """

    def __init__(
        self,
        held: Callable[[str], bytes | None],
        owners: Callable[[], Iterator[str]],
        changed: Mapping[str, Sequence[Group]],
    ) -> None:
        self._held, self._owners, self._changed = held, owners, changed
        self._read: Recent[str, Sequence[Group]] = Recent(_REMEMBERED)

    def packed(self, owner: str) -> bytes:
        """See `packing`."""
        data = self._held(owner) if owner not in self._changed else None
        return data if data is not None else pack(self[owner])

    def __getitem__(self, owner: str) -> Sequence[Group]:
        groups = self._find(owner)
        if groups is None:
            raise KeyError(owner)
        return groups

    def __contains__(self, owner: object) -> bool:
        return isinstance(owner, str) and self._find(owner) is not None

    def _find(self, owner: str) -> Sequence[Group] | None:
        groups = self._read.get(owner) or self._changed.get(owner)
        if groups is None and (data := self._held(owner)) is not None:
            groups = self._read[owner] = unpack(owner, data)
        return groups

    def __iter__(self) -> Iterator[str]:
        return self._owners()

    def __len__(self) -> int:
        return sum(1 for _ in self._owners())


def packing(facts: Facts) -> Callable[[str], bytes]:
    """Return what gives an owner's groups as bytes, which may not have to be made."""
    groups = facts.groups
    return groups.packed if isinstance(groups, PackedFacts) else lambda owner: pack(groups[owner])
