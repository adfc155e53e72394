"""What planners share that note as they go what does not fit together; knows no fact."""

from __future__ import annotations

from ccgen.errors import At, Problem, Severity

__all__ = ["Noting"]


class Noting:
    """Has `problems`, in the order in which they were noted."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def _note(self, code: str, message: str, at: At, hint: str = "", *, severity: Severity = "error") -> None:
        self.problems.append(Problem(code=code, message=message, at=at, hint=hint, severity=severity))
