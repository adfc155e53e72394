"""One source file as plain values and prose; knows which part is which, not what a key means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ccgen.errors import At, Problem, has_errors
from ccgen.load.tree import read_file
from ccgen.model.kept import SourceFile
from ccgen.model.source import Source
from ccgen.text.decode import decode
from ccgen.text.frontmatter import split
from ccgen.text.yaml import Plain, parse

__all__ = ["Written", "read_all", "read_written"]


class Written(NamedTuple):
    """A file's values and its prose. `text` is the whole file, prose begins at `prose`, the end where there is none."""

    path: str
    text: str
    values: dict[str, Plain]
    prose: int
    good: bool  # the values are all that is written
    digest: bytes = b""  # of the file's bytes

    @property
    def has_prose(self) -> bool:
        """Say whether there is any prose."""
        return not (self.prose >= len(self.text) or self.text[self.prose :].isspace())


Read = tuple[Written | None, tuple[Problem, ...]]


def read_written(file: SourceFile, *, limit: int, needs_values: bool) -> Read:
    """Read a `.md` or `.yaml` file; None where it has no text that could be looked at further.

    `needs_values` makes a Markdown file without front matter an error.
    """
    return _understood(file, *read_file(file, limit=limit), needs_values=needs_values)


def read_all(files: Sequence[SourceFile], *, limit: int) -> list[Read]:
    """Do the same for the files of some articles: first all are read, then what they say."""
    read = [read_file(file, limit=limit) for file in files]
    return [_understood(file, *one, needs_values=True) for file, one in zip(files, read, strict=True)]


def _understood(file: SourceFile, source: Source | None, problems: tuple[Problem, ...], *, needs_values: bool) -> Read:
    if source is None:
        return None, problems
    text, found = decode(source.data, path=file.path)
    if text is None:
        return None, found
    if file.path.endswith(".yaml"):
        values, found = _mapping(text, file.path, 0, 1)
        return Written(file.path, text, values or {}, len(text), _are_whole(found), source.digest), found
    return _read_markdown(text, file.path, source.digest, needs_values=needs_values)


def _read_markdown(text: str, path: str, digest: bytes, *, needs_values: bool) -> Read:
    front, problems = split(text, path=path)
    if has_errors(problems):
        return None, problems
    if not front.present:
        problems = (_no_front_matter(text, path),) if needs_values else ()
        return Written(path, text, {}, 0, not problems, digest), problems
    values, problems = _mapping(text[front.start : front.end], path, front.start, 2)
    return Written(path, text, values or {}, front.body, _are_whole(problems), digest), problems


def _are_whole(problems: tuple[Problem, ...]) -> bool:
    """Say whether values were read to the end: a key that stands twice hides nothing else."""
    return all(one.severity == "warning" or one.code == "duplicate-key" for one in problems)


def _mapping(text: str, path: str, start: int, line: int) -> tuple[dict[str, Plain] | None, tuple[Problem, ...]]:
    value, problems = parse(text, path=path, start=start, line=line)
    if has_errors(problems) or value is None:
        return None if not isinstance(value, dict) else value, problems
    if not isinstance(value, dict):
        message = "this is not a mapping of keys to values"
        at = At(path=path, start=start + len(text) - len(text.lstrip()))
        hint = "write `key: value` lines, with a space after the colon"
        return None, (*problems, Problem(code="wrong-type", message=message, at=at, hint=hint))
    return value, problems


def _no_front_matter(text: str, path: str) -> Problem:
    hint = "begin it with `---`, a line `title: …`, and `---`"
    start = len(text) - len(text.lstrip())
    if text.startswith("---\n", start):
        hint = "delete the empty lines above `---`: it opens front matter on the first line only"
    return Problem(
        code="no-front-matter", message="the file has no front matter", at=At(path=path, start=start), hint=hint
    )
