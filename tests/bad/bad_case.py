"""A broken site in one text file: what it changes in the good site `base/`, and what ccgen says about it, exactly.

A case begins with a line on what it shows. Then come parts, each under a line `=== …`:

    === content/reviews/a.md             a file of the site, in place of that of `base/` if there is one
    === content/reviews/a.md | cp1252    the same in another encoding; `escapes`: `\\t`, `\\0`, `\\u202e` mean the character
    === ccgen.yaml +                     lines after those of the file in `base/`
    === content/pages/about.md -         the file is deleted
    === made links_to_outside            a function of `bad_files.py` makes what a text cannot show
    === command check --drafts           instead of `build`
    === says 1                           the exit code, and below it all that stands on stderr
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import bad_files

HERE = Path(__file__).parent
BASE = HERE / "base"
CASES = tuple(sorted((HERE / "cases").glob("*.txt")))
_HEAD = re.compile(r"(.+?)(?: ([-+])| \| ([a-z0-9-]+))?")
SOURCES = ("ccgen.yaml", "content", "static", "themes", "directives", "data")


class Part(NamedTuple):
    """One part of a case: the words after `===`, and the lines below them."""

    head: str
    text: str


class Case(NamedTuple):
    """A case, read. `parts` are the files, in order; `intro` all that stands before the first."""

    path: Path
    intro: str
    parts: tuple[Part, ...]
    command: tuple[str, ...]
    exit_code: int
    says: str


def read_case(path: Path) -> Case:
    """Read a case; one that says nothing yet has exit code -1."""
    intro, *rest = ("\n" + path.read_text("utf-8")).split("\n=== ")
    parts = [Part(*(one + "\n").split("\n", 1)) for one in rest]
    parts = [Part(one.head.strip(), one.text.removesuffix("\n")) for one in parts]
    parts = [Part(one.head, one.text + "\n" if one.text else "") for one in parts]
    command = next((one.head.split()[1:] for one in parts if one.head.startswith("command ")), ["build"])
    says = next((one for one in parts if one.head.startswith("says ")), Part("says -1", ""))
    files = tuple(one for one in parts if one.head.split()[0] not in {"command", "says"})
    return Case(path, intro, files, tuple(command), int(says.head.split()[1]), says.text.rstrip("\n"))


def accept(case: Case, exit_code: int, says: str) -> None:
    """Write what was said into the case."""
    kept = case.path.read_text("utf-8").split("\n=== says ")[0].rstrip("\n")
    case.path.write_text(f"{kept}\n=== says {exit_code}\n{says}\n", "utf-8")


def lay_out(root: Path, case: Case | None) -> None:
    """Make `root` the good site, with a case's changes laid over it; the output and state are left alone."""
    for name in SOURCES:
        target = root / name
        if target.is_dir() and not target.is_symlink():
            bad_files.open_rights(target)
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    for part in case.parts if case else ():
        _lay_part(root, part)


def _lay_part(root: Path, part: Part) -> None:
    if part.head.startswith("made "):
        getattr(bad_files, part.head.removeprefix("made "))(root)
        return
    found = _HEAD.fullmatch(part.head)
    assert found is not None
    path, how = found[1], found[2] or found[3] or "utf-8"
    file = root / path
    assert file.resolve().is_relative_to(root.resolve()), path
    if how == "-":
        file.unlink()
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    if how == "escapes":
        file.write_bytes(part.text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("utf-8"))
    elif how == "+":
        file.write_bytes(file.read_bytes() + part.text.encode())
    else:
        file.write_bytes(part.text.encode(how))
