"""Types of parameters and options as theme authors declare them (docs/directives.md); knows no theme and no directive."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ccgen.load.markdown.values import fault
from ccgen.model.records import Record
from ccgen.model.theme import Param
from ccgen.model.values import Line
from ccgen.text.convert import Faults
from ccgen.text.near import did_you_mean

__all__ = ["NAME", "PARAM_TYPES", "TYPES", "ParamRecord", "as_text", "read_param", "read_type"]

TYPES = (
    "text", "markdown", "int", "number", "flag", "choice", "color", "money",
    "date", "duration", "url", "image", "product", "article", "maker", "merchant",
)  # fmt: skip
PARAM_TYPES = (*TYPES, "spec")  # what only the products of a directive can have
NAME = re.compile(r"[a-z][a-z0-9_-]*")
_ORDERED = frozenset({"int", "number", "money", "date", "duration"})


class ParamRecord(Record, frozen=True, kw_only=True):
    """One parameter or option as written: `type` may be `[type]`, and `default` a list, which YAML reads as lists."""

    type: object = "text"
    default: object | None = None
    required: bool = False
    min: str | None = None
    max: str | None = None
    choices: tuple[Line, ...] = ()
    doc: Line = ""


def read_type(value: object, field: str, faults: Faults, types: Sequence[str] = TYPES) -> str | None:
    """Return a declared type as text, `[text]` for a list; None after noting why it is none."""
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        value = [value[1:-1]]
    name, several = (value[0], True) if isinstance(value, list) and len(value) == 1 else (value, False)
    if isinstance(name, str) and name in types:
        return f"[{name}]" if several else name
    hint = f"types: {', '.join(types)}, and [type]"
    hint = (did_you_mean(name, types) if isinstance(name, str) else "") or hint
    faults.add(field, "unknown-type", f"no type `{name}`", hint)
    return None


def as_text(value: object) -> str | None:
    """Return a plain value as the one text that types are checked by: lists as `a,b,c`; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return ",".join(str(one) for one in value)
    return None


def read_param(record: ParamRecord, field: str, faults: Faults) -> Param | None:
    """Check a declaration in itself: its type, choices, bounds and default; None after noting what does not fit."""
    kind = read_type(record.type, f"{field}.type", faults, PARAM_TYPES)
    if kind is None:
        return None
    good = _check_shape(record, kind, field, faults)
    param = Param(
        type=kind, required=record.required, min=record.min, max=record.max, choices=record.choices, doc=record.doc
    )
    if record.default is None or not good:
        return param if good else None
    text = as_text(record.default)
    wrong = "but text or a list is wanted" if text is None else fault(param, text)
    if wrong or text is None:
        faults.add(f"{field}.default", "bad-default", f"the default is `{text}`, {wrong}", "correct it, or the type")
        return None
    return Param(type=kind, default=text, min=record.min, max=record.max, choices=record.choices, doc=record.doc)


def _check_shape(record: ParamRecord, kind: str, field: str, faults: Faults) -> bool:
    before = len(faults.problems)
    bare = kind.strip("[]")
    if bare == "choice" and not record.choices:
        faults.add(field, "missing-field", "`choices` is missing", "add `choices: [one, two]`")
    if record.choices and bare != "choice":
        faults.add(
            f"{field}.choices", "bad-declaration", f"`{kind}` has no choices", "write `type: choice`", on_key=True
        )
    if record.required and record.default is not None:
        hint = "delete one of them"
        faults.add(f"{field}.default", "bad-declaration", "what is required needs no default", hint, on_key=True)
    for key, bound in (("min", record.min), ("max", record.max)):
        if bound is not None and bare not in _ORDERED:
            hint = f"it is for {', '.join(sorted(_ORDERED))}"
            faults.add(f"{field}.{key}", "bad-declaration", f"`{kind}` has no `{key}`", hint, on_key=True)
        elif bound is not None and (wrong := fault(Param(type=bare), bound)):
            faults.add(f"{field}.{key}", "bad-declaration", f"`{key}` is `{bound}`, {wrong}")
    in_order = record.min is None or record.max is None or not fault(Param(type=bare, max=record.max), record.min)
    if not in_order and len(faults.problems) == before:
        faults.add(
            f"{field}.min", "bad-declaration", f"`min` {record.min} is above `max` {record.max}", "exchange them"
        )
    return len(faults.problems) == before
