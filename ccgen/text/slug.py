"""The last part of a URL from any text (docs/formats.md: "URLs"); knows no article."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from unicodedata import category, combining, normalize

__all__ = ["MAX_BYTES", "slug"]

MAX_BYTES = 150
_DIGEST_LETTERS = 8
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_KEPT = ("L", "M", "Nd")


@lru_cache(maxsize=65_536)
def slug(text: str) -> str | None:
    """Return the slug of a text: NFC, case-folded, letters, marks and digits of every script, all else one `-`.

    At most 150 bytes of UTF-8; a longer one is cut at a whole character and ends in a digest of all, so that two
    long texts stay apart. None where nothing is left. The slug of a slug is itself.
    """
    if _PLAIN.fullmatch(text) and len(text) <= MAX_BYTES:
        return text
    if text.isascii():
        whole = _NO_LETTER.sub("-", text.lower()).strip("-")
    else:
        kept = "".join(letter if category(letter).startswith(_KEPT) else "-" for letter in _folded(text))
        whole = re.sub("-+", "-", kept).strip("-")
    if len(whole.encode()) > MAX_BYTES:
        whole = _cut(whole)
    return whole or None


def _folded(text: str) -> str:
    # Folding may undo NFC and composing may bring back what folds (U+0345), so both until nothing changes.
    for _ in range(4):
        folded = normalize("NFC", normalize("NFC", text).casefold())
        if folded == text:
            break
        text = folded
    return text


def _cut(text: str) -> str:
    digest = blake2b(text.encode(), digest_size=_DIGEST_LETTERS // 2).hexdigest()
    room = MAX_BYTES - _DIGEST_LETTERS - 1
    head = text.encode()[:room].decode(errors="ignore")
    while head and combining(text[len(head)]):  # a mark belongs to the letter before it
        head = head[:-1]
    return f"{head.strip('-')}-{digest}".strip("-")
