"""What reading any one file needs to know of the site, and how its values are typed; opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec

from ccgen.config import Config
from ccgen.errors import Problem, has_errors
from ccgen.load.extras import read_extra
from ccgen.load.prose import ReadProse
from ccgen.text.convert import Faults, convert

__all__ = ["Context", "typed_values"]

S = TypeVar("S", bound=msgspec.Struct)


class Context(NamedTuple):
    """What reading one file needs to know of the site."""

    config: Config
    extra_types: Mapping[str, str]
    prose: ReadProse


def typed_values(
    values: Any, struct: type[S], path: str, extra_types: Mapping[str, str], prefix: str = ""
) -> tuple[S | None, tuple[Problem, ...]]:
    """Type a file's values, free keys by their declared types."""
    typed, problems = convert(values, struct, path=path, prefix=prefix)
    extra: Mapping[str, object] = getattr(typed, "extra", None) or {}
    if typed is None or not extra:
        return typed, problems
    faults = Faults(path)
    made = read_extra(extra, extra_types, f"{prefix}.extra" if prefix else "extra", faults)
    if has_errors(faults.problems):
        return None, (*problems, *faults.problems)
    return msgspec.structs.replace(typed, extra=made), problems
