"""One output of a build: its bytes, what they were made from and what they refer to; knows no URL rules and no disk."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

import msgspec

from ccgen.errors import Problem

__all__ = ["ANSWERS", "GROUP_LIMIT", "Kept", "Page", "answer_key"]

GROUP_LIMIT = 16  # a key's number is its owner's × GROUP_LIMIT + the group's index
ANSWERS = 1 << 31  # from here on, keys are those of answers


def answer_key(question: str) -> int:
    """Return the key of what the plan answers to a question, for what is no owner's: which page is at a path, who sells at an
    address. Two questions may have one key, which costs a drawing at most.
    """
    return ANSWERS | crc32(question.encode()) >> 1


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One output. Exactly one of `data` and `copy_of` is given, and `digest` is that of the bytes either way.

    `reads` holds key numbers (owner's number × GROUP_LIMIT + group; `answer_key`), each once, in any order.
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
