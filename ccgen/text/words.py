"""Words in several languages side by side in one mapping (`title@zh-CN`), taken apart; knows no particular key."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from ccgen.errors import Problem
from ccgen.text.annotations import is_word, struct_in, values_in
from ccgen.text.convert import Faults, reader_of, shape_of
from ccgen.text.yaml import Plain

__all__ = ["Words", "split_words"]


class Words(NamedTuple):
    """What stood beside the default language: for each language the whole value; each such key with its language."""

    by_language: dict[str, Plain]
    places: dict[str, str]
    problems: tuple[Problem, ...]


def split_words(value: Plain, struct: type[msgspec.Struct], *, path: str) -> tuple[Plain, Words]:
    """Take every `key@language` out of a value that will be read as `struct`.

    Returns the value without them, and for each language that occurs the value with its words in place. Only words may
    have a language; the same key may not stand twice. Languages are not checked here.
    """
    faults = Faults(path)
    places: dict[str, str] = {}
    base = _pick(value, struct, "", "", faults, places)
    quiet = Faults(path)
    languages = dict.fromkeys(places.values())
    by_language = {lang: _pick(value, struct, lang, "", quiet, {}) for lang in languages}
    return base, Words(by_language, places, tuple(faults.problems))


def _pick(value: Any, type_: Any, lang: str, field: str, faults: Faults, places: dict[str, str]) -> Any:
    """Return a value with the words of `lang` ('' for the default) in place of the default's."""
    if isinstance(value, list):
        entry = values_in(type_)
        return [_pick(one, entry, lang, f"{field}[{number}]", faults, places) for number, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    struct = struct_in(type_)
    fields = shape_of(struct).fields if struct else {}
    picked: dict[str, Any] = {}
    translated: dict[str, Any] = {}
    for key, one in value.items():
        name, at, tag = key.partition("@")
        inner = fields[name].type if name in fields else values_in(type_)
        where = f"{field}.{key}" if field else key
        if not at:
            picked[key] = _pick(one, inner, lang, where, faults, places)
        elif _is_translation(name, inner, one, where, faults):
            places[where] = tag
            if tag == lang:
                translated[name] = one
    return picked | translated


def _is_translation(name: str, inner: Any, value: Any, where: str, faults: Faults) -> bool:
    if inner is None or not is_word(inner):
        faults.add(where, "not-a-word", f"`{name}` is the same in every language", f"write `{name}` once", on_key=True)
        return False
    return reader_of(inner)(value, where, faults) is not None
