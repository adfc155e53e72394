"""Owners' facts told apart as bytes, group by group; knows not what a group holds, for who compares needs no type of them."""

from __future__ import annotations

from itertools import zip_longest

import msgspec

from ccgen.model.page import GROUP_LIMIT

__all__ = ["count", "differing", "split"]

_SHORT = 0x90  # MessagePack's sign of an array of less than 16, with its length
assert GROUP_LIMIT == 0x10
_decode = msgspec.msgpack.Decoder(tuple[msgspec.Raw, ...]).decode


def count(data: bytes) -> int:
    """Return how many groups an owner's bytes hold."""
    return data[0] - _SHORT


def split(data: bytes | None) -> list[bytes]:
    """Return the bytes of each group; none for an owner without facts. Raises msgspec.MsgspecError."""
    return [bytes(one) for one in _decode(data)] if data is not None else []


def differing(old: bytes | None, new: bytes | None) -> list[int]:
    """Return the numbers of the groups in which an owner's bytes differ. What cannot be read differs in all there can be."""
    try:
        pairs = zip_longest(split(old), split(new))
    except msgspec.MsgspecError:
        return list(range(GROUP_LIMIT))
    return [number for number, (one, other) in enumerate(pairs) if one != other]
