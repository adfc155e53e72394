"""A file as it was read: its bytes and their digest, taken together once; knows nothing of what they mean."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

__all__ = ["Source", "digest_of"]


def digest_of(data: bytes | memoryview) -> bytes:
    """Return the 16-byte digest by which ccgen knows bytes again."""
    return blake2b(data, digest_size=16).digest()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes and the digest of exactly these bytes; `path` is posix, inside the project (or `theme:NAME/…`)."""

    path: str
    data: bytes
    digest: bytes
