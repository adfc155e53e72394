"""The habits of the house as tests: short functions, modules that say their job, each importable alone, light start."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "ccgen"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 60


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


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
    if path.name == "jobs.py":
        attributes.discard("os._exit")  # ends a child of its own
    assert attributes.isdisjoint({"sys.exit", "os._exit", "click.echo", "sys.stdout.write", "sys.stderr.write"})


def test_every_module_can_be_imported_alone() -> None:
    names = [name_of(path) for path in MODULES if path.name != "__main__.py"]
    # One interpreter forks once a module, so that no import helps another.
    code = (
        "import os, sys\n"
        "for name in sys.argv[1:]:\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        __import__(name)\n"
        "        os._exit(0)\n"
        "    if os.waitpid(child, 0)[1]:\n"
        "        sys.exit(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_version_is_told_without_loading_the_builder() -> None:
    code = (
        "import atexit, sys\nfrom ccgen.cli import main\nsys.argv = ['ccgen', '--version']\n"
        "atexit.register(lambda: print(*sys.modules))\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    heavy = {"jinja2", "markdown", "babel", "PIL", "selectolax", "rich", "yaml", "ccgen.config", "ccgen.pipeline"}
    assert loaded.isdisjoint(heavy), loaded & heavy
