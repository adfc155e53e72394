"""References that say a record's name where its id belongs: the id is told. Reads no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from ccgen.errors import Problem
from ccgen.model.loaded import Entry
from ccgen.text.slug import slug

__all__ = ["with_ids"]

_NO_ID = re.compile(r"`(.+)` is no id")


def with_ids(problems: Iterable[Problem], tables: Iterable[Mapping[tuple[str, str], Entry[object]]]) -> list[Problem]:
    """Return the problems; what is no id, and the name of one record in any language, has that one's id as its hint."""
    told = list(problems)
    if not any(one.code == "bad-id" for one in told):
        return told
    ids: dict[str, set[str]] = {}
    for table in tables:
        for (ident, _), entry in table.items():
            for name in (ident, _folded(str(getattr(entry.record, "name", "")))):
                ids.setdefault(name, set()).add(ident)
    return [_with_id(one, ids) if one.code == "bad-id" and one.at.field else one for one in told]


def _with_id(problem: Problem, ids: Mapping[str, set[str]]) -> Problem:
    found = _NO_ID.fullmatch(problem.message)
    name = found[1] if found else ""
    meant = ids.get(_folded(name)) or ids.get(slug(name) or "") or ()
    return msgspec.structs.replace(problem, hint=f"did you mean `{next(iter(meant))}`?") if len(meant) == 1 else problem


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
