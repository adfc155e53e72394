"""What a key that nobody knows was meant to be: another of the same mapping, one of a mapping inside it, its opposite."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

import msgspec

from ccgen.text.annotations import bare, struct_in, values_in
from ccgen.text.near import nearest
from ccgen.text.numbers import read_bool
from ccgen.text.synonyms import OPPOSITES, SYNONYMS
from ccgen.text.unreadable import UnreadableError

__all__ = ["holders", "suggestion", "unknown_key_hint"]


def unknown_key_hint(fields: Mapping[str, Any], key: str, given: Mapping[str, Any]) -> str:
    """Return what to do about an unknown key of a mapping whose keys are `fields` (each with its `type`)."""
    if (flag := _opposite(fields, key, given)) is not None:
        name, does = OPPOSITES[key]
        return f"delete it; `{name}: yes` {does}" if flag else f"{name}: yes"
    near = suggestion(fields, key, given)
    if near is not None:
        return f"did you mean `{near}`?"
    if inside := holders(fields, key, given):
        return " or ".join(_put_into(fields, name, key, given) for name in inside)
    if "extra" in fields:
        return "put keys of your own below `extra:`"
    return f"known keys: {', '.join(fields)}"


def suggestion(fields: Mapping[str, Any], key: str, given: Mapping[str, Any]) -> str | None:
    """Return the key of ours that an unknown one probably means, if it is not given already."""
    if _opposite(fields, key, given) is not None:
        return OPPOSITES[key][0]
    free = [name for name in fields if given.get(name) is None]
    for synonym in SYNONYMS.get(key, ()):
        if synonym in free:
            return synonym
    return None if holders(fields, key, given) else nearest(key, free)


def holders(fields: Mapping[str, Any], key: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of ours whose mappings, or lists of mappings, have a key of that name: `offers` for `price`.

    Where some of them are given, those are meant: the key stands too far to the left.
    """
    found = tuple(name for name, field in fields.items() if key in _keys_inside(getattr(field, "type", None)))
    return tuple(name for name in found if name in given) or found


def _keys_inside(annotation: Any) -> frozenset[str]:
    in_list = typing.get_origin(bare(annotation)) is tuple
    inner = struct_in(values_in(annotation) if in_list else annotation)
    return frozenset(one.encode_name for one in msgspec.structs.fields(inner)) if inner else frozenset()


def _put_into(fields: Mapping[str, Any], name: str, key: str, given: Mapping[str, Any]) -> str:
    is_list = struct_in(fields[name].type) is None
    if name not in given:
        return f"it belongs below `{name}:`, as in `{name}: {f'[{{{key}: …}}]' if is_list else f'{{{key}: …}}'}`"
    return (
        f"it belongs to an entry of `{name}:`: indent it below that entry's `- `"
        if is_list
        else f"it belongs below `{name}:`: indent it"
    )


def _opposite(fields: Mapping[str, Any], key: str, given: Mapping[str, Any]) -> bool | None:
    """Return what a flag says that another program has for the opposite of one of ours; None for anything else."""
    value = given.get(key)
    if key not in OPPOSITES or OPPOSITES[key][0] not in fields or not isinstance(value, str):
        return None
    try:
        return read_bool(value)
    except UnreadableError:
        return None
