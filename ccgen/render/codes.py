"""Compiled templates, kept for later builds; knows no fact and no page.

Compiling the thirty templates of a site takes as long as drawing a hundred pages. A template's code depends on its text, its
name and the program, so that all sites of a user share it.
"""

from __future__ import annotations

import marshal

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from ccgen.model.kept import Shelf
from ccgen.model.source import digest_of

__all__ = ["Codes"]


class Codes(BytecodeCache):
    """Compiled templates of one theme; what no earlier build has made is compiled when it is needed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002  (one theme: names are enough)
        """Return what tells a template from the others: its name."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket its code, if there is one for its text."""
        code = self._shelf.take(_key(bucket.key, bucket.checksum))
        if code is not None:
            bucket.code = marshal.loads(code)  # noqa: S302  (made by this user; see `write.shelf`)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a bucket's code."""
        self._shelf.put(_key(bucket.key, bucket.checksum), marshal.dumps(bucket.code))


def _key(name: str, checksum: str) -> bytes:
    return digest_of(f"template {name} {checksum}".encode())
