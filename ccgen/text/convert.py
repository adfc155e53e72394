"""Plain values (see `text.yaml`) as typed structs, with every fault at its own field; knows no particular struct.

A reader is made once for each annotation and kept. It takes a value and the field's name, and returns the typed
value, or `FAULT` after noting why. That is as quick as converting first and looking for faults afterwards, and there is
one rule for each kind of value, not two.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from ccgen.errors import At, Problem, has_errors
from ccgen.text.annotations import struct_in
from ccgen.text.near import nearest
from ccgen.text.numbers import read_bool, read_int
from ccgen.text.unknownkeys import holders, suggestion, unknown_key_hint
from ccgen.text.unreadable import UnreadableError
from ccgen.text.unseen import find_unseen, without_unseen
from ccgen.text.values import CHECKS, block
from ccgen.text.yaml import Plain

__all__ = [
    "FAULT",
    "Faults",
    "FieldShape",
    "Shape",
    "convert",
    "convert_any",
    "convert_partly",
    "list_reader",
    "reader_of",
    "shape_of",
]

T = TypeVar("T")


_SLIP = re.compile(r"[:：]")
_WIDE_QUOTES = str.maketrans("“”„", '"""')
_ROW = re.compile(r"^\[[0-9]+\]\.?")  # of a table, at the beginning of a field


class _Fault:
    """What a reader returns after it has noted why there is no value."""


FAULT = _Fault()
Reader = Callable[[Any, str, "Faults"], Any]


class Faults:
    """Problems of one file as they are found. `path` is the file, fields are named from its top."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def add(self, field: str, code: str, message: str, hint: str = "", *, on_key: bool = False) -> _Fault:
        at = At(path=self.path, field=field, on_key=on_key)
        self.problems.append(Problem(code=code, message=message, at=at, hint=hint))
        return FAULT


class FieldShape(NamedTuple):
    """One key of a struct as it is written: `key` in the file, `name` in Python, `type` with its annotations."""

    key: str
    name: str
    type: Any
    required: bool
    read: Reader


class Shape(NamedTuple):
    """A struct's keys, and the key under which a bare text is read ('' where that is not allowed)."""

    struct: type[msgspec.Struct]
    fields: dict[str, FieldShape]
    required: tuple[str, ...]
    shorthand: str


def convert(value: Plain, type_: type[T], *, path: str, prefix: str = "") -> tuple[T | None, tuple[Problem, ...]]:
    """Type a plain value; None with at least one error where it does not fit. `prefix` names the value's own field.

    All faults are returned, each at its field. `wrong-type`, `missing-field`, `unknown-key` and `unknown-choice` are
    this module's codes, the others those of `text.values`.
    """
    return convert_any(value, type_, path=path, prefix=prefix)


def convert_partly(
    value: Plain, type_: type[T], *, path: str, prefix: str = ""
) -> tuple[T | None, tuple[Problem, ...]]:
    """Do as `convert`, but return what could be typed beside the faults, so that the rest can be looked at as well.

    Keys that are unknown or do not fit are left out; None only where a needed one could not be typed.
    """
    faults = Faults(path)
    typed = reader_of(typing.cast("Any", type_))(value, prefix, faults)
    return (None if typed is FAULT else typed), tuple(faults.problems)


def convert_any(value: Plain, type_: Any, *, path: str, prefix: str = "") -> tuple[Any, tuple[Problem, ...]]:
    """Do as `convert`, for any annotation: `tuple[Line, ...]`, `bool`, a kind of `model.values`."""
    faults = Faults(path)
    typed = reader_of(type_)(value, prefix, faults)
    if typed is FAULT or has_errors(faults.problems):
        return None, tuple(faults.problems)
    return typed, tuple(faults.problems)


@lru_cache(maxsize=512)
def shape_of(struct: type[msgspec.Struct]) -> Shape:
    """Return what a struct looks like in a file. Its `SHORTHAND` (a class attribute) names the key of a bare text."""
    fields = {
        info.encode_name: FieldShape(info.encode_name, info.name, info.type, info.required, reader_of(info.type))
        for info in msgspec.structs.fields(struct)
    }
    required = tuple(key for key, field in fields.items() if field.required)
    return Shape(struct, fields, required, str(getattr(struct, "SHORTHAND", "")))


@lru_cache(maxsize=2048)
def reader_of(annotation: Any) -> Reader:
    """Return the reader of an annotation.

    :raises TypeError: for an annotation that no file can hold; a fault of ours.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _annotated(arguments[0], *arguments[1:])
    if origin in (typing.Union, types.UnionType):
        return reader_of(next(one for one in arguments if one is not type(None)))
    if origin is tuple:
        return list_reader(arguments[0])
    if origin is dict:
        return _dict_reader(arguments[1])
    if origin is Literal:
        return _choice_reader(arguments)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return _late_struct_reader(annotation)
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    raise TypeError(annotation)


def _annotated(inner: Any, *metas: Any) -> Reader:
    meta = next((one for one in metas if isinstance(one, msgspec.Meta)), msgspec.Meta())
    kind = str((meta.extra or {}).get("kind", ""))
    if inner is int:
        return _int_reader(meta)
    if inner is str and kind in CHECKS:
        return _checked_reader(CHECKS[kind], keep_space=kind in {"line", "inline"})
    default_key = str((meta.extra or {}).get("default_key", ""))
    if default_key:
        return _wrapped(reader_of(inner), default_key)
    return reader_of(inner)


def _wrapped(read_mapping: Reader, default_key: str) -> Reader:
    def read(value: Any, field: str, faults: Faults) -> Any:
        return read_mapping({default_key: value} if type(value) is str else value, field, faults)

    return read


def _checked_reader(check: Callable[[str], str], *, keep_space: bool) -> Reader:
    def read(value: Any, field: str, faults: Faults) -> Any:
        if type(value) is not str:
            return _not_text(value, field, faults)
        try:
            return check(value if keep_space else value.strip())
        except UnreadableError as fault:
            return faults.add(field, fault.code, fault.message, hint_for(field, fault))

    return read


def hint_for(field: str, fault: UnreadableError) -> str:
    """Return the corrected line where the repair is certain, else what to do."""
    if not fault.value:
        return fault.hint
    key = field.rpartition(".")[2]
    shown = f'"{fault.value}"' if _needs_quotes(fault.value) else fault.value
    return f"write `{shown}`" if key.endswith("]") or not key or field.startswith("[") else f"{key}: {shown}"


def _needs_quotes(text: str) -> bool:
    return ": " in text or " #" in text or text[:1] in "@`%&*!|>'\"{}[],#?-:" or text != text.strip()


def _not_text(value: Any, field: str, faults: Faults) -> Any:
    what = "empty" if value is None else "a list" if isinstance(value, list) else "a mapping"
    hint = "give a value, or delete the key" if value is None else "write one value"
    if isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        if inner is None:
            hint = 'text in braces needs quotes: "{…}"'
        elif isinstance(inner, str) and field.endswith("]") and not _ROW.fullmatch(field):
            hint = f'put the text in quotes: "{key}: {inner}"'
    return faults.add(field, "wrong-type", f"{_named(field)} is {what}, not text", hint)


def _named(field: str) -> str:
    """Return a field as an author knows it: the row of a table stands in the place already."""
    name = _ROW.sub("", field)
    return f"`{name}`" if name else "this"


def _read_text(value: Any, field: str, faults: Faults) -> Any:
    return value if type(value) is str else _not_text(value, field, faults)


def _read_bool(value: Any, field: str, faults: Faults) -> Any:
    if type(value) is not str:
        return _not_text(value, field, faults)
    try:
        return read_bool(value)
    except UnreadableError as fault:
        return faults.add(field, fault.code, fault.message, fault.hint)


def _int_reader(meta: msgspec.Meta) -> Reader:
    def read(value: Any, field: str, faults: Faults) -> Any:
        if type(value) is not str:
            return _not_text(value, field, faults)
        try:
            number = read_int(value)
        except UnreadableError as fault:
            return faults.add(field, fault.code, fault.message, fault.hint)
        if meta.ge is not None and number < meta.ge:
            return faults.add(field, "bad-number", f"`{value}` is too small", f"write a number from {meta.ge:g}")
        return number

    return read


def _read_plain(value: Any, field: str, faults: Faults) -> Any:
    """Read a value of an author's own: text stays text, empty keys are not given."""
    if isinstance(value, dict):
        return {key: _read_plain(one, f"{field}.{key}", faults) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_read_plain(one, f"{field}[{number}]", faults) for number, one in enumerate(value)]
    if value is None:
        return ""
    try:
        return block(value)
    except UnreadableError as fault:
        return faults.add(field, fault.code, fault.message, fault.hint)


_SIMPLE: dict[Any, Reader] = {
    str: _read_text,
    bool: _read_bool,
    int: _int_reader(msgspec.Meta()),
    object: _read_plain,
    Any: _read_plain,
}


def list_reader(entry_type: Any) -> Reader:
    """Return the reader of a list; one value is a list of one."""
    read_entry = reader_of(entry_type)

    def read(value: Any, field: str, faults: Faults) -> Any:
        if type(value) is not list:
            one = read_entry(value, field, faults)
            return FAULT if one is FAULT else (one,)
        entries = value
        made = tuple([read_entry(one, f"{field}[{number}]", faults) for number, one in enumerate(entries)])
        # Without the faulty entry the others would have numbers that are not theirs.
        return FAULT if faults.problems and FAULT in made else made

    return read


def _dict_reader(value_type: Any) -> Reader:
    read_value = reader_of(value_type)

    def read(value: Any, field: str, faults: Faults) -> Any:
        if not isinstance(value, dict):
            return _no_mapping(value, field, faults, "write `key: value` lines below it, or {key: value}")
        start = f"{field}." if field else ""
        found = {key: read_value(one, start + key, faults) for key, one in value.items() if one is not None}
        return {key: one for key, one in found.items() if one is not FAULT} if faults.problems else found

    return read


def _choice_reader(choices: tuple[str, ...]) -> Reader:
    def read(value: Any, field: str, faults: Faults) -> Any:
        if value in choices:
            return value
        if type(value) is not str:
            return _not_text(value, field, faults)
        near = nearest(value, choices)
        certain = near is not None and near == value.lower().replace("-", "_").replace(" ", "_")
        hint = hint_for(field, UnreadableError("", "", value=near)) if certain and near else ""
        hint = hint or (f"did you mean `{near}`?" if near else f"one of: {', '.join(choices)}")
        return faults.add(field, "unknown-choice", f"{_named(field)} cannot be `{value}`", hint)

    return read


def _no_mapping(value: Any, field: str, faults: Faults, hint: str) -> Any:
    message, unseen = f"{_named(field)} is not a mapping", find_unseen(value) if isinstance(value, str) else None
    if unseen and ":" in value[: unseen[0]]:
        message, hint = f"{message}: {unseen[1]}", without_unseen(value)
    return faults.add(field, "wrong-type", message, hint)


def _late_struct_reader(struct: type[msgspec.Struct]) -> Reader:
    """Read a struct; its shape is looked up at the first use, for structs may hold one another."""

    def read(value: Any, field: str, faults: Faults) -> Any:
        return _read_struct(shape_of(struct), value, field, faults)

    return read


def _read_struct(shape: Shape, value: Any, field: str, faults: Faults) -> Any:
    if type(value) is not dict:
        if type(value) is str and shape.shorthand:
            value = {shape.shorthand: value}
            return _from_shorthand(shape, value, field, faults)
        return _no_mapping(value, field, faults, f"write `key: value` lines; known keys: {', '.join(shape.fields)}")
    start = f"{field}." if field else ""
    found: dict[str, Any] = {}
    failed = False
    for key, one in value.items():
        known = shape.fields.get(key)
        if known is None:
            if _SLIP.search(key):
                slipped = _slip(shape, key, value)
                if slipped is not None:
                    name, message, hint = slipped
                    faults.problems = [fault for fault in faults.problems if fault.at.field != start + name]
                    faults.add(start + key, "unknown-key", message, hint, on_key=True)
                    found.pop(shape.fields[name].name, None)
                    failed = failed or shape.fields[name].required
                    continue
            _unknown_key(shape, key, start, value, faults)
        elif one is not None:
            typed = known.read(one, start + key, faults)
            if typed is not FAULT:
                found[known.name] = typed
            failed = failed or (typed is FAULT and known.required)
    for key in shape.required:
        if value.get(key) is None:
            failed = True
            _missing(shape, key, field, value, faults)
    return FAULT if failed else shape.struct(**found)


def _from_shorthand(shape: Shape, value: dict[str, Any], field: str, faults: Faults) -> Any:
    known = shape.fields[shape.shorthand]
    typed = known.read(value[shape.shorthand], field, faults)
    missing = [key for key in shape.required if key != shape.shorthand]
    for key in missing:
        _missing(shape, key, field, value, faults)
    return FAULT if typed is FAULT or missing else shape.struct(**{known.name: typed})


def _missing(shape: Shape, key: str, field: str, value: Mapping[str, Any], faults: Faults) -> None:
    # A misspelt key is one fault, not two: then the hint at the unknown key is enough.
    if any(_SLIP.search(other) and (_slip(shape, other, value) or "")[:1] == (key,) for other in value):
        return
    unknown = [other for other in value if other not in shape.fields]
    if any(suggestion(shape.fields, other, value) == key for other in unknown):
        return
    if any(key in holders(shape.fields, other, value) for other in unknown):
        return
    if key in value:
        faults.add(
            f"{field}.{key}" if field else key, "missing-field", f"`{key}` is empty", "give it a value", on_key=True
        )
    else:
        inner = struct_in(shape.fields[key].type)
        needed = ", ".join(f"{one}: …" for one in shape_of(inner).required) if inner else ""
        hint = f"add `{key}: {{{needed}}}`" if needed else f"add `{key}:`"
        if _ROW.match(field):
            hint = f"fill the column `{key}`"
        faults.add(field, "missing-field", f"`{key}` is missing", hint)


def _slip(shape: Shape, key: str, value: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return the key of ours whose value runs on in an unknown key (`{product:pot}`), what is wrong, and the corrected text."""
    name, colon, rest = key.partition("：" if "：" in key else ":")
    if colon and name in shape.fields:
        more = value[key]
        rest = rest.strip().translate(_WIDE_QUOTES) + (f": {more}" if isinstance(more, str) else "")
        rest = f'"{rest}"' if _needs_quotes(rest) and not rest.startswith('"') else rest
        message = "the colon is a full-width one" if colon == "：" else "no space stands behind the colon"
        return name, message, f"{name}: {rest}"
    return None


def _unknown_key(shape: Shape, key: str, start: str, value: Mapping[str, Any], faults: Faults) -> None:
    message, hint = f"there is no key `{key}` here", unknown_key_hint(shape.fields, key, value)
    if unseen := find_unseen(key):
        more = f" {value[key]}" if isinstance(value[key], str) else ""
        message, hint = unseen[1], f"write `{without_unseen(key)}:{more}`"
    faults.add(start + key, "unknown-key", message, hint, on_key=True)
