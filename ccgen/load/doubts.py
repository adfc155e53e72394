"""What prose may say and hardly means: a second title, a picture without words, a directive without brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccgen.errors import At, Problem
from ccgen.load.sources import Written
from ccgen.model.body import Outline
from ccgen.text.patterns import late

__all__ = ["find_doubts"]

_NAME = re.compile(r":(?<![A-Za-z0-9_:/\\\-]:)([a-z][a-z0-9-]*)(?![\w\[{:：【｛［])")
_CODE = late(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|(`+).+?(?<!`)\2(?!`)|<!--.*?-->|<[^<>\n]*>", re.M | re.S
)


def find_doubts(written: Written, body: Outline, inline: frozenset[str]) -> Iterator[Problem]:
    """Yield warnings for a file's prose; `inline` are the names of directives that stand within a sentence."""
    text, path = written.text, written.path
    first = next((heading for heading in body.headings if heading.level == 1), None)
    if first is not None:
        start = text.rfind("\n", 0, first.start) + 1
        line = text[start:].partition("\n")[0].rstrip()
        message = "the page has a heading of the first level already: its title"
        hint = f"#{line}" if line.startswith("#") else "begin it with `##`"
        yield _warning("second-title", message, path, start, len(line), hint)
    for target in body.targets:
        before = text[max(0, target.start - 5) : target.start].removesuffix("<")
        if target.kind == "image" and before.endswith("![]("):
            hint = f"say what it shows: `![A pot on a table]({target.text})`"
            yield _warning("missing-alt", "this picture has no description", path, target.start, target.length, hint)
    if inline and text.find(":", written.prose) >= 0:
        yield from _bare_names(text, path, written.prose, inline)


def _bare_names(text: str, path: str, start: int, inline: frozenset[str]) -> Iterator[Problem]:
    candidates = [found for found in _NAME.finditer(text, start) if found[1] in inline]
    if not candidates:
        return
    literal = [found.span() for found in _CODE.finditer(text, start)]
    for found in candidates:
        if not any(first <= found.start() < last for first, last in literal):
            message = f"`{found[0]}` has no brackets and is left as text"
            hint = rf"write `{found[0]}[…]` or `{found[0]}{{…}}`, or `\{found[0]}` for the word"
            yield _warning("bare-directive", message, path, found.start(), len(found[0]), hint)


def _warning(code: str, message: str, path: str, start: int, length: int, hint: str) -> Problem:
    at = At(path=path, start=start, length=length)
    return Problem(code=code, message=message, at=at, hint=hint, severity="warning")
