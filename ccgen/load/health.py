"""data/links.json as typed values, every fault with its place; knows no network and no offer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from ccgen.errors import At, Problem
from ccgen.load.tree import read_kept
from ccgen.model.health import LinkHealth
from ccgen.text.decode import decode

__all__ = ["HEALTH_FILE", "HEALTH_VERSION", "read_health"]

HEALTH_FILE = "data/links.json"
HEALTH_VERSION = 1
_LIMIT = 100_000_000  # bytes: some 300,000 links
_HINT = "take the file's last good version back, or delete it: then every link is looked at from the beginning"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    links: tuple[LinkHealth, ...]


def read_health(root: Path) -> tuple[Mapping[str, LinkHealth], tuple[Problem, ...]]:
    """Return what is known of each link, by its URL; nothing where there is no such file.

    A file that cannot be read to the end is an error, for one that lost half of its findings would say that all is well.
    """
    source, problems = read_kept(root, HEALTH_FILE, limit=_LIMIT)
    if source is None:
        return {}, problems
    try:
        read = msgspec.json.decode(source.data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text, problems = decode(source.data, path=HEALTH_FILE)
        return {}, problems or _faults(text or "")
    found = {one.url: one for one in read.links}
    if read.version != HEALTH_VERSION or len(found) != len(read.links) or not all(map(_is_proven, read.links)):
        return {}, _faults(source.data.decode())
    return found, ()


def _is_proven(one: LinkHealth) -> bool:
    return len(one.strikes) >= {"broken": 2, "suspect": 1}.get(one.state, 0)


def _faults(text: str) -> tuple[Problem, ...]:
    """Say what is wrong with a file that could not be read at once."""
    import json  # msgspec does not say where a fault is; every build pays for what is imported above

    try:
        plain = json.loads(text)
    except json.JSONDecodeError as fault:
        message = f"this is no JSON: {fault.msg[:1].lower()}{fault.msg[1:]}"
        hint = f"a merge left both versions here; {_HINT}" if "<<<<<<<" in text else _HINT
        return (_problem(message, At(path=HEALTH_FILE, start=fault.pos), hint),)
    except RecursionError:
        return (_problem("it is nested too deeply", At(path=HEALTH_FILE)),)
    if not isinstance(plain, dict) or not isinstance(plain.get("links"), list) or plain.keys() != {"version", "links"}:
        return (_problem("it does not hold `version` and `links`", At(path=HEALTH_FILE)),)
    if plain["version"] != HEALTH_VERSION or isinstance(plain["version"], bool):
        message = f"it has version {plain['version']}, and this ccgen knows version {HEALTH_VERSION}"
        return (_problem(message, At(path=HEALTH_FILE, field="version"), "use the ccgen that wrote it"),)
    return tuple(_wrong_records(plain["links"]))


def _wrong_records(records: list[Any]) -> list[Problem]:
    found: list[Problem] = []
    seen: set[str] = set()
    for number, record in enumerate(records):
        place = f"links[{number}]"
        try:
            one = msgspec.convert(record, LinkHealth)
        except msgspec.ValidationError as fault:
            message, _, inside = str(fault).partition(" - at `$")
            found.append(_problem(message, At(path=HEALTH_FILE, field=place + inside.removesuffix("`"))))
            continue
        if one.url in seen:
            found.append(_problem(f"`{one.url}` stands twice", At(path=HEALTH_FILE, field=f"{place}.url"), "keep one"))
        seen.add(one.url)
        if not _is_proven(one):
            message = f"`{one.url}` is {one.state} without its `strikes`"
            found.append(_problem(message, At(path=HEALTH_FILE, field=f"{place}.state")))
    return found


def _problem(message: str, at: At, hint: str = _HINT) -> Problem:
    return Problem(code="damaged-links", message=message[:1].lower() + message[1:], at=at, hint=hint)
