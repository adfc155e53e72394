"""The one form in which ccgen says that something is wrong; knows no stage, no file format and no terminal.

A *problem* is a value: what is wrong with something a person wrote, where, and what to do. Stages return problems
beside their results and never stop at the first. An *exception* ends the run; the tree says who must act:

    CcgenError
    ├── ContentError       the author: the problems it carries                    exit 1
    │   └── SettingsError  the same for ccgen.yaml                                exit 2
    ├── UsageError         whoever typed the command                              exit 2
    └── EnvironmentFault   whoever runs the machine: disk, rights, lock           exit 3

Anything else that reaches the command line is a fault of ours (exit 70).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

__all__ = [
    "At",
    "CcgenError",
    "ContentError",
    "EnvironmentFault",
    "Problem",
    "SettingsError",
    "Severity",
    "UsageError",
    "has_errors",
]

Severity = Literal["error", "warning", "info"]  # info: only `ccgen check` tells it


class At(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    r"""A place in a file of the project, exact but not yet counted in lines.

    Either `field` names a value in the file's YAML or CSV (`offers[0].price`, for CSV `[12].price` with rows from 0),
    or `start` is an offset in characters of the text (decoded, without BOM, line ends as `\\n`), or neither: the file.
    Lines and columns are found by reading the file again when the problem is shown (`text.places`).
    """

    path: str
    field: str = ""
    on_key: bool = False  # the key of `field` is at fault, not its value
    start: int = -1
    length: int = 0  # in characters; 0 = unknown


class Problem(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One thing that is wrong: `code` is stable and documented, `message` is one sentence without a full stop."""

    code: str
    message: str
    at: At
    hint: str = ""
    severity: Severity = "error"


def has_errors(problems: Iterable[Problem]) -> bool:
    """Say whether any of the problems forbids going on."""
    return any(problem.severity == "error" for problem in problems)


class CcgenError(Exception):
    """What ccgen expects to go wrong; `exit_code` is what a command ends with, `code` and `hint` are as in `Problem`."""

    exit_code = 70

    def __init__(self, message: str, *, code: str = "error", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint

    def problem(self, at: At | None = None) -> Problem:
        """Return it as a problem, of no file where no place is given: for what goes on all the same, as the preview does."""
        return Problem(code=self.code, message=self.message, at=at or At(path=""), hint=self.hint)


class ContentError(CcgenError):
    """What was written cannot be built; `problems` holds every finding of the run, warnings too."""

    exit_code = 1

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems", code="content")
        self.problems = problems


class SettingsError(ContentError):
    """ccgen.yaml cannot be read or does not fit; nothing else was looked at."""

    exit_code = 2


class UsageError(CcgenError):
    """The command line asks for what cannot be."""

    exit_code = 2


class EnvironmentFault(CcgenError):
    """The machine does not let us: disk, rights, lock, a missing program."""

    exit_code = 3
