"""What an annotation says of a value: its struct, what is in it, whether it is a word; reads no value."""

from __future__ import annotations

import types
import typing
from functools import lru_cache
from typing import Any

import msgspec

__all__ = ["bare", "is_word", "keys_are_words", "struct_in", "values_in"]


def bare(annotation: Any) -> Any:
    """Return an annotation without `Annotated` and without `| None`."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return bare(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return bare(next(one for one in typing.get_args(annotation) if one is not type(None)))
    return annotation


def struct_in(annotation: Any) -> type[msgspec.Struct] | None:
    """Return the struct that an annotation asks for, None where it asks for something else."""
    inner = bare(annotation)
    return inner if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else None


def values_in(annotation: Any) -> Any:
    """Return the annotation of a list's entries or a mapping's values; None where there are none."""
    inner = bare(annotation)
    arguments = typing.get_args(inner)
    return (
        arguments[0]
        if typing.get_origin(inner) is tuple
        else arguments[1]
        if typing.get_origin(inner) is dict
        else None
    )


@lru_cache(maxsize=2048)
def is_word(annotation: Any) -> bool:
    """Say whether a translation may give a value of this annotation: text marked as a word, and lists of it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        metas = [one.extra or {} for one in arguments[1:] if isinstance(one, msgspec.Meta)]
        return any(extra.get("word") for extra in metas) or is_word(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return any(is_word(one) for one in arguments)
    return origin is tuple and is_word(arguments[0])


def keys_are_words(annotation: Any) -> bool:
    """Say whether a translation may say the keys of a mapping of this annotation in its own words."""
    metas = typing.get_args(annotation)[1:] if typing.get_origin(annotation) is typing.Annotated else ()
    return any((one.extra or {}).get("keys") == "words" for one in metas if isinstance(one, msgspec.Meta))
