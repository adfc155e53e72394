"""One output of a build: its bytes, what they were made from and what they refer to; knows no URL rules and no disk."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ccgen.errors import Problem

__all__ = ["GROUP_LIMIT", "Kept", "Page"]

GROUP_LIMIT = 16  # a key's number is its owner's × GROUP_LIMIT + the group's index


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One output. Exactly one of `data` and `copy_of` is given, and `digest` is that of the bytes either way.

    `reads` holds key numbers (owner's number × GROUP_LIMIT + group), each once, in any order.
    """

    path: str  # posix, relative to the output folder: `reviews/kettle/index.html`
    data: bytes | None = None
    copy_of: str | None = None  # absolute path of the file whose bytes these are (static files, pictures)
    digest: bytes  # model.source.digest_of the bytes
    reads: tuple[int, ...] = ()
    links: tuple[str, ...] = ()  # URLs inside the site that it refers to
    anchors: tuple[str, ...] = ()  # ids that it makes
    problems: tuple[Problem, ...] = ()  # what `check` found in it
    first: bool = False  # assets and pictures: in place before any page that may refer to them


class Kept(NamedTuple):
    """A drawing that pages share, as bytes; `reads` are key numbers, four bytes each."""

    reads: bytes
    made: bytes
