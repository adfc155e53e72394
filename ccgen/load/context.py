"""What reading any one file needs to know of the site, and how its values are typed; opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.load.extras import read_extra
from ccgen.load.prose import ReadProse, prose_reader
from ccgen.model.kept import Kept, nothing_kept
from ccgen.model.theme import Directive
from ccgen.model.work import Workers, alone
from ccgen.text.convert import Faults, convert_partly

__all__ = ["Context", "make_context", "typed_values"]

S = TypeVar("S", bound=msgspec.Struct)


class Context(NamedTuple):
    """What reading one file needs to know of the site."""

    config: Config
    extra_types: Mapping[str, str]
    directives: Mapping[str, Directive]
    prose: ReadProse
    workers: Workers = alone
    kept: Kept = nothing_kept


def make_context(
    config: Config,
    extra_types: Mapping[str, str],
    directives: Mapping[str, Directive],
    workers: Workers = alone,
    kept: Kept = nothing_kept,
) -> Context:
    """Return the context of a site whose theme declares these directives and types of free keys."""
    return Context(config, extra_types, directives, prose_reader(config, directives), workers, kept)


def typed_values(
    values: Any, struct: type[S], path: str, extra_types: Mapping[str, str], prefix: str = ""
) -> tuple[S | None, tuple[Problem, ...]]:
    """Type a file's values, free keys by their declared types.

    What could be typed is returned beside the faults; None only where a needed key is missing or does not fit.
    """
    typed, problems = convert_partly(values, struct, path=path, prefix=prefix)
    extra: Mapping[str, object] = getattr(typed, "extra", None) or {}
    if typed is None or not extra:
        return typed, problems
    faults = Faults(path)
    field = f"{prefix}.extra" if prefix else "extra"
    if any(problem.at.field.startswith(field) for problem in problems):
        return msgspec.structs.replace(typed, extra={}), problems
    made = read_extra(extra, extra_types, field, faults)
    return msgspec.structs.replace(typed, extra=made), (*problems, *faults.problems)
