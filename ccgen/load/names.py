"""What the name of a file below content/ says: which article or record, in which language; opens nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ccgen.errors import At, Problem
from ccgen.model.kept import SourceFile
from ccgen.text.codes import canonical_language, meant_language

__all__ = ["Named", "group", "name_of"]


class Named(NamedTuple):
    """A source file and what it is about. `id` is the path without language and ending, a bundle's without `/index`."""

    file: SourceFile
    id: str
    lang: str
    folder: str
    bundle: bool


def name_of(file: SourceFile, languages: tuple[str, ...]) -> tuple[Named | None, tuple[Problem, ...]]:
    """Read a source's name. `languages` are the site's, the default first.

    The id is below content/: `content/reviews/kettle/index.zh-CN.md` is `reviews/kettle` in zh-CN.
    """
    folder, _, name = file.path.rpartition("/")
    stem = name.rpartition(".")[0]
    front, dot, tag = stem.rpartition(".")
    lang = languages[0]
    if dot and tag in languages:
        stem, lang = front, tag
    elif dot:
        problem = _foreign_language(file.path, tag, languages)
        if problem is not None:
            return None, (problem,)
    bundle = stem == "index"
    below = folder.removeprefix("content").removeprefix("/")
    ident = below if bundle else f"{below}/{stem}".lstrip("/")
    return Named(file, ident, lang, folder, bundle), ()


def _foreign_language(path: str, tag: str, languages: tuple[str, ...]) -> Problem | None:
    """Return the problem of a name whose last part looks like a language that the site does not have."""
    made = canonical_language(tag)
    if made is None or (tag not in languages and made not in languages and "-" not in tag and len(tag) != 2):
        return None  # `version-1.old` is a name like any other
    right = meant_language(tag, languages)
    if right is not None:
        hint = f"rename it: {path.replace(f'.{tag}.', f'.{right}.')}"
        message = f"the language in the name is `{tag}`, the site's is `{right}`"
    else:
        hint = f"add `{made}` to `site.languages` in ccgen.yaml, or write the name without the dot"
        message = f"`{tag}` in the name is no language of this site"
    return Problem(code="unknown-language", message=message, at=At(path=path), hint=hint)


def group(named: Iterable[Named]) -> tuple[dict[str, dict[str, Named]], tuple[Problem, ...]]:
    """Put the languages of one thing together: id → language → file. Two files for one are an error that names both."""
    found: dict[str, dict[str, Named]] = {}
    problems = []
    for one in named:
        versions = found.setdefault(one.id, {})
        first = versions.setdefault(one.lang, one)
        if first is not one and first.file.path != one.file.path:  # two Unicode forms of one name are told by the scan
            message = f"`{one.id}` stands in two files, `{first.file.path}` and `{one.file.path}`"
            hint = "keep one of them"
            problems.append(Problem(code="two-sources", message=message, at=At(path=one.file.path), hint=hint))
    return found, tuple(problems)
