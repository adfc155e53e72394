"""Where front matter ends and prose begins in a Markdown file; reads neither."""

from __future__ import annotations

import re
from typing import NamedTuple

from ccgen.errors import At, Problem
from ccgen.text.patterns import late

__all__ = ["FrontMatter", "split"]

_OPEN = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_FOREIGN = late(r"(---[ \t]*[A-Za-z]\w*|\+\+\+|;;;|\{)[ \t]*\n")


class FrontMatter(NamedTuple):
    """A file's two parts: `yaml` stands at the characters start:end of the text, prose begins at `body`.

    `present` is False where the file does not begin with front matter; then `yaml` is empty and all is prose.
    """

    present: bool
    start: int
    end: int
    body: int


def split(text: str, *, path: str) -> tuple[FrontMatter, tuple[Problem, ...]]:
    """Find the front matter between lines of `---`. What other generators allow there (TOML, JSON, code) is refused."""
    opening = _OPEN.match(text)
    if opening is None:
        return FrontMatter(present=False, start=0, end=0, body=0), _foreign(text, path)
    closing = _CLOSE.search(text, opening.end())
    if closing is not None:
        front = FrontMatter(present=True, start=opening.end(), end=closing.start(), body=closing.end())
        return front, ()
    problem = Problem(
        code="unclosed-front-matter",
        message="the front matter that begins here has no closing `---`",
        at=At(path=path, start=0, length=3),
        hint="put a line `---` after the last key",
    )
    return FrontMatter(present=True, start=opening.end(), end=opening.end(), body=len(text)), (problem,)


def _foreign(text: str, path: str) -> tuple[Problem, ...]:
    found = _FOREIGN.match(text)
    if found is None:
        return ()
    return (
        Problem(
            code="foreign-front-matter",
            message=f"`{found[1]}` does not open front matter that ccgen reads",
            at=At(path=path, start=0, length=len(found[1])),
            hint="write YAML between two lines of `---`",
        ),
    )
