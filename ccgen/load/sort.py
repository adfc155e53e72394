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
_TEXT_ENDINGS = (".md", ".yaml", ".csv")
_OTHER_ENDINGS = {".yml": ".yaml", ".markdown": ".md", ".mdown": ".md", ".mkd": ".md", ".mdx": ".md"}


class Sorted(NamedTuple):
    """The files of content/ by what they are. `articles` by section, `records` by kind; the others as they lie."""

    section_texts: list[SourceFile]
    articles: dict[str, list[SourceFile]]
    records: dict[str, list[SourceFile]]
    tables: list[SourceFile]
    bundle_files: list[SourceFile]


def sort_content(files: tuple[SourceFile, ...], config: Config) -> tuple[Sorted, tuple[Problem, ...]]:
    """Sort the files of content/ by folder and name (FORMATS: "Articles", "Records")."""
    sections = {section.name for section in config.sections}
    out = Sorted([], {name: [] for name in sections}, {kind: [] for kind in RECORD_KINDS}, [], [])
    bundles = {file.path.rpartition("/")[0] for file in files if _is_index(_name(file))}
    problems: dict[str, Problem] = {}
    for file in files:
        parts = file.path.split("/")
        if any(part.startswith(".") for part in parts):
            continue
        found = _sort_one(file, parts, sections, bundles, out)
        if found is not None:
            problems.setdefault(found.at.path, found)
    return out, tuple(problems.values())


def _sort_one(file: SourceFile, parts: list[str], sections: set[str], bundles: set[str], out: Sorted) -> Problem | None:
    """Put one file where it belongs, or say why it belongs nowhere."""
    name, depth = parts[-1], len(parts)
    if depth > 2 and parts[1] not in sections and parts[1] not in RECORD_KINDS:
        return _unknown_folder(parts[1], sections)
    ending = next((ending for ending in _OTHER_ENDINGS if name.lower().endswith(ending)), "")
    wrong_case = name.lower().endswith(_TEXT_ENDINGS) and not name.endswith(_TEXT_ENDINGS)
    if ending or wrong_case:
        right = _OTHER_ENDINGS.get(ending) or "." + name.rpartition(".")[2].lower()
        hint = f"rename it to `{name.rpartition('.')[0]}{right}`"
        return _stray(file.path, f"ccgen does not read `.{name.rpartition('.')[2]}` files", hint)
    if name.split(".")[0] == "_index" and name.endswith(".md"):
        if depth == 2 or (depth == 3 and parts[1] in sections):
            out.section_texts.append(file)
            return None
        return _stray(
            file.path, "`_index.md` is the text of a section or of the home page", "move it to content/SECTION/"
        )
    if depth == 2:
        return _stray(file.path, "this lies directly in content/", "move it into a section's folder, or to static/")
    bundle = _bundle_of(parts, bundles)
    if bundle and not (name.endswith((".md", ".yaml")) or (parts[1] in RECORD_KINDS and name.endswith(".csv"))):
        out.bundle_files.append(file)
        return None
    if bundle and not (bundle == "/".join(parts[:-1]) and _is_index(name)):
        return _stray(file.path, f"`{bundle}` has its own text already, in `index.md`", "move it out of that folder")
    if parts[1] in sections:
        return _sort_article(file, parts, out)
    return _sort_record(file, parts, out, bundle=bool(bundle))


def _sort_article(file: SourceFile, parts: list[str], out: Sorted) -> Problem | None:
    if file.path.endswith(".md"):
        out.articles[parts[1]].append(file)
        return None
    if file.path.endswith((".yaml", ".csv")):
        return _stray(
            file.path, "an article is a `.md` file", "write the values as front matter, between lines of `---`"
        )
    return _unpublished(file.path)


def _sort_record(file: SourceFile, parts: list[str], out: Sorted, *, bundle: bool) -> Problem | None:
    kind, name = parts[1], parts[-1]
    if name.endswith(".csv"):
        if kind == "products" and len(parts) == 3 and name in _TABLES:
            out.tables.append(file)
            return None
        hint = did_you_mean(name, _TABLES) or "tables are content/products/products.csv and content/products/offers.csv"
        return _stray(file.path, f"there is no table `{name}` here", hint)
    if not name.endswith((".md", ".yaml")):
        return _unpublished(file.path)
    if len(parts) > (4 if bundle else 3):
        return _stray(file.path, f"records lie directly in content/{kind}/", f"move it to content/{kind}/{name}")
    out.records[kind].append(file)
    return None


def _name(file: SourceFile) -> str:
    return file.path.rpartition("/")[2]


def _is_index(name: str) -> bool:
    return name.startswith("index.") and name.endswith((".md", ".yaml"))


def _bundle_of(parts: list[str], bundles: set[str]) -> str:
    """Return the bundle's folder that holds a file, '' if there is none."""
    for depth in range(len(parts) - 1, 2, -1):
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
