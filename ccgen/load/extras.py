"""Free keys below `extra:` by the types that theme.yaml or ccgen.yaml declare; knows no theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccgen.model.values import Duration, Inline, Line, Money, PathRef, Rating, Url, When, Word
from ccgen.text.convert import FAULT, Faults, list_reader, reader_of

__all__ = ["is_word_type", "read_extra"]

# The types that a free key may have (docs/formats.md: "Free keys"). References stay text and are resolved by `plan`.
_TYPES: dict[str, Any] = {
    "text": Line,
    "markdown": Inline,
    "int": int,
    "number": Rating,
    "flag": bool,
    "choice": Word,
    "color": Word,
    "money": Money,
    "date": When,
    "duration": Duration,
    "url": Url,
    "image": PathRef,
    "product": Word,
    "article": PathRef,
    "maker": Word,
    "merchant": Word,
}


def is_word_type(name: str) -> bool:
    """Say whether a free key of this type is translated: text and markdown are, and lists of them."""
    return name.strip("[] ") in {"text", "markdown"}


def read_extra(values: Mapping[str, object], types: Mapping[str, str], field: str, faults: Faults) -> dict[str, object]:
    """Return free keys with their declared types; a key that nobody declared stays as it was written.

    All of them are plain values, several in a list, so that they come back from bytes as they were.
    """
    typed: dict[str, object] = {}
    for key, value in values.items():
        name = types.get(key)
        read = _reader_of_type(name) if name else None
        made = read(value, f"{field}.{key}", faults) if read else value
        if made is not FAULT:
            typed[key] = list(made) if isinstance(made, tuple) else made
    return typed


def _reader_of_type(name: str) -> Any:
    inner = _TYPES.get(name.strip("[] "))
    if inner is None:
        return None
    return list_reader(inner) if name.startswith("[") else reader_of(inner)
