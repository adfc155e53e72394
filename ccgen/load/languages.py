"""A translation laid over the default language: words are its own, all else is inherited; knows no file.

Works on plain values, before they are typed, so that the result is typed once and in one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_origin

import msgspec

from ccgen.errors import Problem
from ccgen.load.extras import is_word_type
from ccgen.model.values import Line
from ccgen.text.annotations import bare, is_word, keys_are_words, struct_in, values_in
from ccgen.text.convert import FAULT, Faults, reader_of, shape_of
from ccgen.text.near import nearest

__all__ = ["Inherited", "all_words", "inherit"]


class Inherited(NamedTuple):
    """A translation made complete. `fallback` names the word fields it lacks (`title`, `evidence.summary`)."""

    values: dict[str, Any]
    fallback: frozenset[str]
    problems: tuple[Problem, ...]


class _Merge:
    def __init__(self, path: str, prefix: str, base_path: str, extra_types: Mapping[str, str]) -> None:
        self.faults = Faults(path)
        self.prefix = prefix
        self.base_path = base_path
        self.extra_types = extra_types
        self.fallback: set[str] = set()

    def differs(self, field: str, message: str, hint: str = "") -> None:
        hint = hint or f"delete it here: a translation has words only, `{self.base_path}` gives the rest"
        self.faults.add(f"{self.prefix}{field}", "translation-differs", message, hint, on_key=True)


def inherit(
    base: Mapping[str, Any],
    own: Mapping[str, Any],
    struct: type[msgspec.Struct],
    *,
    path: str,
    base_path: str,
    prefix: str = "",
    extra_types: Mapping[str, str] | None = None,
) -> Inherited:
    """Lay `own`, a translation written in the file `path`, over `base`, the same thing in the default language.

    Keys that the struct does not know are kept, for typing to report them. `prefix` names the translation's place in
    its file (a CSV row). A field that is no word and has another value than the default's is an error.
    """
    merge = _Merge(path, f"{prefix}." if prefix else "", base_path, extra_types or {})
    values = _struct(merge, base, own, struct, "")
    return Inherited(values, frozenset(merge.fallback), tuple(merge.faults.problems))


def all_words(
    values: Mapping[str, Any], struct: type[msgspec.Struct], extra_types: Mapping[str, str]
) -> frozenset[str]:
    """Return every word field that is given: what a language without a translation falls back to."""
    merge = _Merge("", "", "", extra_types)
    _struct(merge, values, {}, struct, "")
    return frozenset(merge.fallback)


def _struct(
    merge: _Merge, base: Mapping[str, Any], own: Mapping[str, Any], struct: type[msgspec.Struct], start: str
) -> dict[str, Any]:
    fields = shape_of(struct).fields
    merged = dict(base)
    merged.update({key: value for key, value in own.items() if key not in fields})
    for key, field in fields.items():
        given, theirs = base.get(key), own.get(key)
        if given is None and theirs is None:
            continue
        merged[key] = _value(merge, given, theirs, field.type, start + key)
    return merged


def _value(merge: _Merge, base: Any, own: Any, type_: Any, field: str) -> Any:
    """Return one field's value for the translation, `own` being None where it is silent."""
    if field == "extra":
        return _extra(merge, base or {}, own or {})
    if is_word(type_):
        if own is None:
            merge.fallback.add(field)
            return base
        return base if _counts_differ(merge, base, own, type_, field) else own
    struct = struct_in(type_)
    if struct is not None and not (base is None and own is not None):
        return _one_struct(merge, base, own, struct, field)
    inner = values_in(type_)
    if keys_are_words(type_) and base is not None:
        return _renamed(merge, base, own, inner, field)
    if inner is not None and (struct_in(inner) is not None or is_word(inner)) and base is not None:
        return _several(merge, base, own, type_, field)
    if own is not None and not _same(base, own, type_):
        what = (
            f"`{field}` has another value here than in the site's language"
            if base is not None
            else f"`{field}` is given here only"
        )
        merge.differs(field, what)
    return base


def _one_struct(merge: _Merge, base: Any, own: Any, struct: type[msgspec.Struct], field: str) -> Any:
    base, own = _spelt_out(base, struct), _spelt_out({} if own is None else own, struct)
    if not isinstance(base, dict) or not isinstance(own, dict):
        return base if isinstance(own, dict) else own  # typing reports which of them is no mapping
    return _struct(merge, base, own, struct, f"{field}.")


def _spelt_out(value: Any, struct: type[msgspec.Struct]) -> Any:
    shorthand = shape_of(struct).shorthand
    return {shorthand: value} if isinstance(value, str) and shorthand else value


def _several(merge: _Merge, base: Any, own: Any, type_: Any, field: str) -> Any:
    if get_origin(bare(type_)) is dict:
        return _mapping(merge, base, own, values_in(type_), field)
    base = base if isinstance(base, list) else [base]
    own = [] if own is None else own if isinstance(own, list) else [own]
    if own and _counts_differ(merge, base, own, type_, field):
        return base
    entry = values_in(type_)
    return [
        _value(merge, one, own[number] if own else None, entry, f"{field}[{number}]") for number, one in enumerate(base)
    ]


def _counts_differ(merge: _Merge, base: Any, own: Any, type_: Any, field: str) -> bool:
    """Say whether a list has another number of entries than the original's, and note it. One value is a list of one."""
    if get_origin(bare(type_)) is not tuple or isinstance(own, dict) or isinstance(base, dict):
        return False
    here, there = (len(one) if isinstance(one, list) else int(one is not None) for one in (own, base))
    if here == there:
        return False
    hint = f"write {there}, in the order of `{merge.base_path}`" if there else f"write it in `{merge.base_path}` first"
    merge.differs(field, f"`{field}` has {here} entries here and {there} in the default language", hint)
    return True


def _mapping(merge: _Merge, base: Any, own: Any, value_type: Any, field: str) -> Any:
    if not isinstance(base, dict) or not isinstance(own, dict | None):
        return own if own is not None else base
    if own and values_in(value_type) is not None:
        return own  # `choices`: its keys are words too
    for key in own or {}:
        if key not in base:
            merge.differs(f"{field}.{key}", f"`{field}` has no `{key}` in the default language")
    return {
        key: _value(merge, value, (own or {}).get(key), value_type, f"{field}.{key}") for key, value in base.items()
    }


def _renamed(merge: _Merge, base: Any, own: Any, value_type: Any, field: str) -> Any:
    """Return a mapping whose keys are words, each in the translation's own words where it says them: `pour: 出水`."""
    if not isinstance(base, dict) or not isinstance(own, dict | None):
        return own if own is not None else base
    names: dict[str, str] = {}
    for key, said in (own or {}).items():
        place = f"{field}.{key}"
        if key not in base:
            hint = _renaming(key, said, [name for name in base if name not in (own or {})])
            merge.differs(place, f"`{field}` has no `{key}` in the default language", hint)
        elif _is_name(said):
            name = reader_of(Line)(said, place, merge.faults)
            if name is not FAULT:
                names[key] = name
        elif said is not None and not _same(base[key], said, value_type):
            merge.differs(place, f"`{place}` has another value here than in the site's language")
    renamed: dict[str, Any] = {}
    for key, value in base.items():
        name = names.get(key, key)
        if name in renamed:
            merge.differs(f"{field}.{key}", f"two of `{field}` are called `{name}`", "give each a name of its own")
        if key not in names:
            merge.fallback.add(f"{field}.{key}")
        renamed[name] = value
    return renamed


def _is_name(said: Any) -> bool:
    return isinstance(said, str) and any(map(str.isalpha, said))


def _renaming(key: str, said: Any, missing: list[str]) -> str:
    """Return how to say a name that the default language does not have: by the one that was probably meant."""
    if not missing:
        return ""
    return f"name it by its name there: `{nearest(key, missing, 0) or missing[0]}: {said if _is_name(said) else key}`"


def _extra(merge: _Merge, base: Any, own: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(own, dict):
        return own or base
    merged = dict(base)
    for key in base.keys() | own.keys():
        field, given, theirs = f"extra.{key}", base.get(key), own.get(key)
        if is_word_type(merge.extra_types.get(key, "text")):
            if theirs is None:
                merge.fallback.add(field)
            else:
                merged[key] = theirs
        elif theirs is not None and theirs != given:
            merge.differs(field, f"`{field}` has another value here than in the site's language")
    return merged


def _same(base: Any, own: Any, type_: Any) -> bool:
    if base == own:
        return True
    quiet = Faults("")
    read = reader_of(type_)
    return base is not None and bool(read(base, "", quiet) == read(own, "", quiet)) and not quiet.problems
