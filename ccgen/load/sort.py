"""Which file below content/ is an article, a record, a table or a bundle's picture; opens nothing."""

from __future__ import annotations

from typing import NamedTuple

from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.model.kept import SourceFile
from ccgen.model.records import RECORD_KINDS
from ccgen.text.near import did_you_mean

__all__ = ["Sorted", "sort_content"]

_TABLES = ("products.csv", "offers.csv")
_WRITTEN = (".md", ".yaml")
_TEXT_ENDINGS = (*_WRITTEN, ".csv")
_OTHER_ENDINGS = {".yml": ".yaml", ".markdown": ".md", ".mdown": ".md", ".mkd": ".md", ".mdx": ".md"}


class Sorted(NamedTuple):
    """The files of content/ by what they are. `articles` by section, `records` by kind; the others as they lie."""

    section_texts: list[SourceFile]
    articles: dict[str, list[SourceFile]]
    records: dict[str, list[SourceFile]]
    tables: list[SourceFile]
    bundle_files: list[SourceFile]


class _Folder(NamedTuple):
    """What a folder of content/ says of the files in it. `top` is a section or a kind of record, '' for content/ itself."""

    path: str
    top: str
    depth: int  # 1 for content/
    bundle: str  # the bundle's folder that it is, or lies in; '' for none
    hidden: bool
    unknown: Problem | None


def sort_content(files: tuple[SourceFile, ...], config: Config) -> tuple[Sorted, tuple[Problem, ...]]:
    """Sort the files of content/ by folder and name (docs/formats.md: "Where things lie")."""
    sections = {section.name for section in config.sections}
    out = Sorted([], {name: [] for name in sections}, {kind: [] for kind in RECORD_KINDS}, [], [])
    named = [(file, *file.path.rpartition("/")) for file in files]
    bundles = {folder for _, folder, _, name in named if _is_index(name)}
    folders: dict[str, _Folder] = {}
    problems: dict[str, Problem] = {}
    for file, path, _, name in named:
        folder = folders.get(path)
        if folder is None:
            folder = folders[path] = _look_at_folder(path, sections, bundles)
        if folder.hidden or name.startswith("."):
            continue
        found = folder.unknown or _sort_one(file, name, folder, sections, out)
        if found is not None:
            problems.setdefault(found.at.path, found)
    return out, tuple(problems.values())


def _look_at_folder(path: str, sections: set[str], bundles: set[str]) -> _Folder:
    parts = path.split("/")
    top = parts[1] if len(parts) > 1 else ""
    unknown = _unknown_folder(top, sections) if top and top not in sections and top not in RECORD_KINDS else None
    hidden = any(part.startswith(".") for part in parts)
    return _Folder(path, top, len(parts), _bundle_of(parts, bundles), hidden, unknown)


def _sort_one(file: SourceFile, name: str, folder: _Folder, sections: set[str], out: Sorted) -> Problem | None:
    """Put one file where it belongs, or say why it belongs nowhere."""
    stem, dot, tag = name.rpartition(".")
    ending = dot + tag
    if ending not in _TEXT_ENDINGS:
        right = _OTHER_ENDINGS.get(ending.lower()) or ending.lower()
        if right in _TEXT_ENDINGS:
            return _stray(file.path, f"ccgen does not read `{ending}` files", f"rename it to `{stem}{right}`")
    if ending == ".md" and name.startswith("_index."):
        if folder.depth == 1 or (folder.depth == 2 and folder.top in sections):
            out.section_texts.append(file)
            return None
        return _stray(
            file.path, "`_index.md` is the text of a section or of the home page", "move it to content/SECTION/"
        )
    if folder.depth == 1:
        return _stray(file.path, "this lies directly in content/", "move it into a section's folder, or to static/")
    if folder.bundle:
        if not (ending in _WRITTEN or (folder.top in RECORD_KINDS and ending == ".csv")):
            out.bundle_files.append(file)
            return None
        if not (folder.bundle == folder.path and _is_index(name)):
            return _stray(
                file.path, f"`{folder.bundle}` has its own text already, in `index.md`", "move it out of that folder"
            )
    if folder.top in sections:
        return _sort_article(file, ending, folder, out)
    return _sort_record(file, name, ending, folder, out)


def _sort_article(file: SourceFile, ending: str, folder: _Folder, out: Sorted) -> Problem | None:
    if ending == ".md":
        out.articles[folder.top].append(file)
        return None
    if ending in _TEXT_ENDINGS:
        return _stray(
            file.path, "an article is a `.md` file", "write the values as front matter, between lines of `---`"
        )
    return _unpublished(file.path)


def _sort_record(file: SourceFile, name: str, ending: str, folder: _Folder, out: Sorted) -> Problem | None:
    kind = folder.top
    if ending == ".csv":
        if kind == "products" and folder.depth == 2 and name in _TABLES:
            out.tables.append(file)
            return None
        hint = did_you_mean(name, _TABLES) or "tables are content/products/products.csv and content/products/offers.csv"
        return _stray(file.path, f"there is no table `{name}` here", hint)
    if ending not in _WRITTEN:
        return _unpublished(file.path)
    if folder.depth > (3 if folder.bundle else 2):
        return _stray(file.path, f"records lie directly in content/{kind}/", f"move it to content/{kind}/{name}")
    out.records[kind].append(file)
    return None


def _is_index(name: str) -> bool:
    return name.startswith("index.") and name.endswith(_WRITTEN)


def _bundle_of(parts: list[str], bundles: set[str]) -> str:
    """Return the bundle's folder that a folder is or lies in, '' if there is none."""
    for depth in range(len(parts), 2, -1):
        folder = "/".join(parts[:depth])
        if folder in bundles:
            return folder
    return ""


def _stray(path: str, message: str, hint: str) -> Problem:
    return Problem(code="stray-file", message=message, at=At(path=path), hint=hint)


def _unpublished(path: str) -> Problem:
    hint = "put it into a folder with the article's text as `index.md`, or below static/"
    message = "this file belongs to no article, and is not published"
    return Problem(code="unpublished-file", message=message, at=At(path=path), hint=hint, severity="warning")


def _unknown_folder(name: str, sections: set[str]) -> Problem:
    known = sorted({*sections, *RECORD_KINDS})
    # `recipes` is like `reviews`, and is more likely a section of the author's own.
    hint = did_you_mean(name, known, least=0.75) or (
        f"add it to `sections:` in ccgen.yaml, as `{name}: {{kind: story}}`; known folders: {', '.join(known)}"
    )
    at = At(path=f"content/{name}")
    return Problem(
        code="unknown-folder", message=f"there is no section and no kind of record `{name}`", at=at, hint=hint
    )
