"""Facts as bytes and back: a fact is its MessagePack bytes, and its digest theirs; knows no owner and no database.

Bytes are what a build keeps of its plan and what tells whether a fact changed, so that no input of a page can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from ccgen.model.facts import GROUPS, BodyGroup, DirectiveGroup, Facts, Group, ValueGroup
from ccgen.model.page import GROUP_LIMIT
from ccgen.model.parts import REF, Ref, owner_kind
from ccgen.model.recent import Recent
from ccgen.model.source import digest_of

__all__ = [
    "Packed",
    "PackedFacts",
    "digests_of",
    "pack",
    "pack_all",
    "unpack",
]

_encode = msgspec.msgpack.Encoder().encode
_REMEMBERED = 1024  # owners whose groups are held, so that memory does not grow with the site
_MOST = 15  # groups of one owner: what MessagePack's shortest array holds


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """An owner's groups as bytes, and the digest of each, in their order."""

    data: bytes
    digests: tuple[bytes, ...]


def pack(groups: tuple[Group, ...]) -> Packed:
    """Return an owner's groups as bytes with their digests."""
    assert len(groups) <= _MOST
    made = [_encode(group) for group in groups]
    return Packed(bytes((0x90 | len(made),)) + b"".join(made), tuple([digest_of(one) for one in made]))


def pack_all(facts: Facts) -> dict[str, Packed]:
    """Return all facts as bytes, by owner."""
    return {owner: pack(groups) for owner, groups in facts.groups.items()}


def digests_of(packed: Mapping[str, Packed], number: Callable[[str], int]) -> dict[int, bytes]:
    """Return facts' digests by key; `number` gives owners their numbers."""
    return {
        key: digest
        for owner, one in packed.items()
        for key, digest in enumerate(one.digests, number(owner) * GROUP_LIMIT)
    }


def unpack(owner: str, data: bytes) -> tuple[Group, ...]:
    """Return an owner's groups from their bytes.

    Raises msgspec.MsgspecError for bytes of another form.
    """
    groups = _decoder(owner_kind(owner))(data)
    for group in groups:
        _restore(group)
    return groups


@cache
def _decoder(kind: str) -> Callable[[bytes], tuple[Group, ...]]:
    """Return what reads the groups of one kind of owner: it is dear to make, and a build asks for few kinds."""
    exactly: Any = tuple.__class_getitem__(GROUPS[kind])
    decoder: msgspec.msgpack.Decoder[tuple[Group, ...]] = msgspec.msgpack.Decoder(exactly)
    return decoder.decode


def _restore(group: Group) -> None:
    """Put right what may be anything: the bytes of a list do not say whether it was a tuple, or a reference."""
    if isinstance(group, BodyGroup):
        for call in group.calls:
            msgspec.structs.force_setattr(call, "params", _value(call.params))
    elif isinstance(group, ValueGroup):
        msgspec.structs.force_setattr(group, "value", _value(group.value))
    elif isinstance(group, DirectiveGroup):
        msgspec.structs.force_setattr(group, "params", _value(group.params))
    elif extra := getattr(group, "extra", None):
        msgspec.structs.force_setattr(group, "extra", _value(extra))


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        if len(value) == 2 and value[0] == REF:
            return Ref(value[1])
        return tuple([_value(one) for one in value])
    if isinstance(value, dict):
        return {key: _value(one) for key, one in value.items()}
    return value


class PackedFacts(Mapping[str, tuple[Group, ...]]):
    """Facts that are read when they are asked for. `held` gives an owner's bytes, None where it has no facts; `owners` all
    owners; `changed` are groups that stand in place of what is held.
    """

    def __init__(
        self,
        held: Callable[[str], bytes | None],
        owners: Callable[[], Iterator[str]],
        changed: Mapping[str, tuple[Group, ...]],
    ) -> None:
        self._held, self._owners, self._changed = held, owners, changed
        self._read: Recent[str, tuple[Group, ...]] = Recent(_REMEMBERED)

    def packed(self, owner: str) -> bytes:
        """Return an owner's groups as bytes, which may not have to be made."""
        data = self._held(owner) if owner not in self._changed else None
        return data if data is not None else pack(self[owner]).data

    def __getitem__(self, owner: str) -> tuple[Group, ...]:
        groups = self._find(owner)
        if groups is None:
            raise KeyError(owner)
        return groups

    def __contains__(self, owner: object) -> bool:
        return isinstance(owner, str) and self._find(owner) is not None

    def _find(self, owner: str) -> tuple[Group, ...] | None:
        groups = self._read.get(owner) or self._changed.get(owner)
        if groups is None and (data := self._held(owner)) is not None:
            groups = self._read[owner] = unpack(owner, data)
        return groups

    def __iter__(self) -> Iterator[str]:
        return self._owners()

    def __len__(self) -> int:
        return sum(1 for _ in self._owners())
