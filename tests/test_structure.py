"""The habits of the house as tests: short functions, modules that say their job, each importable alone, light start."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ShopMaker, article

PACKAGE = Path(__file__).resolve().parents[1] / "ccgen"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 60


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layers() -> list[list[str]]:
    """Return all modules but `__main__`, the layers that import-linter holds apart from the lowest up."""
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    (order,) = (one["layers"] for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    left = [name_of(path) for path in MODULES if path.name != "__main__.py"]
    found = []
    for layer in reversed(order):
        packages = tuple(part.strip() for part in layer.split("|"))
        found.append([name for name in left if f"{name}.".startswith(tuple(f"{one}." for one in packages))])
        left = [name for name in left if name not in found[-1]]
    assert all(found), "a layer without a module"
    return [*found, left]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_its_job_and_has_short_functions(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if tree.body:
        assert ast.get_docstring(tree), "the module says nothing of its job"
    long = [one.name for one in functions(tree) if (one.end_lineno or 0) - one.lineno + 1 > LONGEST]
    assert not long, f"functions over {LONGEST} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_pattern_repeats_a_group_possessively(path: Path) -> None:
    """Python before 3.11.5 takes the beginning of one repetition too many for part of it (gh-106052); `(?>(?:…)*)` is the same."""
    texts = (
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    )
    written = [
        text if isinstance(text, str) else text.decode("latin-1") for text in texts if isinstance(text, str | bytes)
    ]
    assert [text for text in written if re.search(r"(?<![\\(])\)(?:[*+?]|\{\d*,?\d*\})\+", text)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "cli"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {one.id for one in calls if isinstance(one, ast.Name)}
    attributes = {
        f"{one.value.id}.{one.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for one in (node.func,)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
    }
    assert names.isdisjoint({"print", "input", "exit", "quit"})
    if path.name == "executor.py":
        attributes.discard("os._exit")  # ends a worker with the process that it works for
    assert attributes.isdisjoint({"sys.exit", "os._exit", "click.echo", "sys.stdout.write", "sys.stderr.write"})


def test_every_module_can_be_imported_alone(tmp_path: Path) -> None:
    # One interpreter forks once a module, so that no import of its own layer or of one above helps it. Those below know nothing of
    # it (`make layers`), so that they are imported once, as libraries are.
    code = (
        "import os, sys\n"
        "import babel.dates, babel.numbers, click, httpx, jinja2.sandbox, markdown, msgspec, selectolax.lexbor, yaml\n"
        "for layer in sys.argv[1:]:\n"
        "    for name in layer.split():\n"
        "        child = os.fork()\n"
        "        if child == 0:\n"
        "            __import__(name)\n"
        "            os._exit(0)\n"
        "        if os.waitpid(child, 0)[1]:\n"
        "            sys.exit(name)\n"
        "    for name in layer.split():\n"
        "        __import__(name)\n"
    )
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(" ".join, layers())],
        env={**kept, "PYTHONPYCACHEPREFIX": str(tmp_path)},  # each is compiled once
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


_SAID = ["ccgen", "ccgen.cli", "ccgen.errors"]
_UNCHANGED = """
    ccgen ccgen.cli ccgen.cli.build ccgen.cli.options ccgen.cli.report ccgen.config ccgen.errors ccgen.jobs ccgen.jobs.pool ccgen.packaged
    ccgen.model ccgen.model.differing ccgen.model.hidden ccgen.model.limits ccgen.model.page ccgen.model.records ccgen.model.settings
    ccgen.model.timing ccgen.model.values ccgen.model.work
    ccgen.pipeline ccgen.pipeline.building ccgen.pipeline.unchanged ccgen.pipeline.versions
    ccgen.text ccgen.text.annotations ccgen.text.codes ccgen.text.convert ccgen.text.decode ccgen.text.fields ccgen.text.near
    ccgen.text.numbers ccgen.text.patterns ccgen.text.slug ccgen.text.synonyms ccgen.text.unknownkeys ccgen.text.unreadable ccgen.text.unseen
    ccgen.text.url ccgen.text.values ccgen.text.words ccgen.text.yaml ccgen.text.yamlfaults ccgen.text.yamlpairs ccgen.text.yamlslips
    ccgen.write ccgen.write.database ccgen.write.files ccgen.write.guard ccgen.write.lock ccgen.write.lookup ccgen.write.owned
    ccgen.write.places ccgen.write.publish ccgen.write.stager ccgen.write.state
""".split()
# Of the standard library, what a build with nothing to do could do without, and what is dear.
_DEAR = {
    "ctypes",
    "difflib",
    "email",
    "html",
    "importlib.metadata",
    "json",
    "logging",
    "random",
    "tempfile",
    "traceback",
}


def imported(*args: str) -> tuple[list[str], set[str], set[str]]:
    """Run ccgen; return its own modules, the packages of others, and what else, all as far as it imported them."""
    code = (
        "import atexit, sys, time\n"
        "before, real = set(sys.modules), time.time_ns\n"
        "time.time_ns = lambda: real() + 2_000_000_000\n"  # so that files are settled
        "def tell():\n"
        "    for name in sys.modules.keys() - before:\n"
        "        print('module', name, getattr(sys.modules[name], '__file__', None) or '-')\n"
        "atexit.register(tell)\n"
        "from ccgen.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, encoding="utf-8", check=True)
    rows = [line.split(" ", 2)[1:] for line in done.stdout.splitlines() if line.startswith("module ")]
    ours = sorted(name for name, _ in rows if name.partition(".")[0] == "ccgen")
    theirs = {name.partition(".")[0] for name, file in rows if f"{os.sep}site-packages{os.sep}" in file}
    return ours, theirs - {"ccgen"}, {name for name, _ in rows}


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_what_is_told_without_a_site_imports_nothing_else(flag: str) -> None:
    ours, theirs, all_ = imported(flag)
    assert ours == _SAID
    assert theirs == {"click", "msgspec", "typing_extensions"}
    assert all_.isdisjoint(_DEAR | {"pathlib", "hashlib", "sqlite3", "zoneinfo"})


def test_a_build_with_nothing_to_do_imports_what_finds_that_out(shop: ShopMaker) -> None:
    site = shop({"content/notes/one.md": article("One.")})
    build = ("build", "--source", str(site.root), "--jobs", "1", "--clock", "2026-06-01")
    ours, theirs, _ = imported(*build)
    assert "ccgen.pipeline.making" in ours
    assert "jinja2" in theirs
    assert "packaging" not in theirs  # no theme names a range of versions
    ours, theirs, all_ = imported(*build)
    assert ours == sorted(_UNCHANGED)
    assert theirs == {"click", "msgspec", "typing_extensions", "yaml"}
    assert all_.isdisjoint(_DEAR)
