"""JSON Schemas (draft 2020-12) of every file that people write, for editors; made from the types, so they cannot drift.

Editors see a file through YAML's own types, so number and boolean are allowed wherever we take text, one value where a
list is meant, and nothing where a value may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ccgen.model.records import (
    ARTICLE_KINDS,
    CategoryRecord,
    MakerRecord,
    MerchantRecord,
    PersonRecord,
    ProductRecord,
    Record,
    SectionMeta,
)
from ccgen.model.settings import Settings

__all__ = ["SCHEMAS", "schema_of"]

SCHEMAS: dict[str, type[Record]] = {
    "settings": Settings,
    **ARTICLE_KINDS,
    "section": SectionMeta,
    "product": ProductRecord,
    "maker": MakerRecord,
    "person": PersonRecord,
    "merchant": MerchantRecord,
    "category": CategoryRecord,
}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_FLAGS = ["yes", "no", "on", "off", "true", "false"]
_SCALAR = ["string", "number", "boolean"]
_OPEN = {"extra"}  # keys whose values are the author's own


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of a kind of file (a key of `SCHEMAS`)."""
    struct = SCHEMAS[name]
    (_,), components = msgspec.json.schema_components((struct,), schema_hook=_anything, ref_template="#/$defs/{name}")
    structs = {one.__name__: one for one in _structs(Record)}
    made = {key: _struct(structs.get(key), schema) for key, schema in components.items()}
    root = made.pop(struct.__name__)
    if struct is not Settings:  # a translation rightly leaves out what it inherits, and an editor sees one file alone
        root.pop("required", None)
    return {"$schema": _DRAFT, "title": f"ccgen: {name}", **root, "$defs": made}


def _anything(_type: type) -> dict[str, Any]:
    """Return the schema of a free value; msgspec takes an empty one for none."""
    return {"title": "any value"}


def _structs(base: type[Record]) -> Iterator[type[Record]]:
    for one in base.__subclasses__():
        yield one
        yield from _structs(one)


def _struct(struct: type[Record] | None, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a struct's schema: unknown keys are refused, words may carry a language, a bare text may stand for it."""
    properties = {
        key: {} if key in _OPEN else _loose(value, optional=key not in schema.get("required", ()))
        for key, value in schema.get("properties", {}).items()
    }
    made: dict[str, Any] = {
        "type": "object",
        "description": schema.get("description", ""),
        "properties": properties,
        "patternProperties": {f"^({'|'.join(properties)})@[A-Za-z-]+$": {"type": _SCALAR}},
        "additionalProperties": False,
    }
    if schema.get("required"):
        made["required"] = schema["required"]
    if struct is None or not struct.SHORTHAND:
        return made
    return {"description": made.pop("description"), "anyOf": [made, {"type": _SCALAR}]}


def _loose(schema: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    """Return a value's schema as an editor should see it."""
    made = {key: value for key, value in schema.items() if key in {"description", "$ref", "enum"}}
    kind = schema.get("type")
    if "anyOf" in schema:
        options = [_loose(one) for one in schema["anyOf"] if one.get("type") != "null"]
        made |= options[0] if len(options) == 1 else {"anyOf": options}
    elif kind == "array":
        items = schema.get("items")
        one = _loose(items) if isinstance(items, dict) else {}
        made["anyOf"] = [{"type": "array", "items": one}, one]
    elif kind == "object":
        values = schema.get("additionalProperties")
        made |= {"type": "object", "additionalProperties": _loose(values) if isinstance(values, dict) else True}
    elif kind == "boolean":
        made["anyOf"] = [{"type": "boolean"}, {"enum": _FLAGS}]
    elif kind == "integer":
        made["type"] = ["integer", "string"]
    elif kind == "string":
        made["type"] = _SCALAR
    if "default" in schema and isinstance(schema["default"], str | int | bool):
        made["default"] = schema["default"]
    return {"anyOf": [made, {"type": "null"}]} if optional and made else made
