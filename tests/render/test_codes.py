"""Templates compiled and kept: the same pages, and nothing compiled again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccgen.cli.build import command as build_command
from ccgen.jobs import executor
from ccgen.load.theme import load_theme
from ccgen.model.theme import Theme
from ccgen.pipeline.versions import program
from ccgen.render import Codes
from ccgen.render.environment import Environment, make_environment
from ccgen.write.shelf import FileShelf
from tests.support import ShopMaker, article

NOTE = "themes/mine/templates/article/note.html"
MINE = {"themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n", NOTE: "<p>One.</p>"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder that is empty at first."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates that are compiled from now on."""
    real, names = Environment.compile, []

    def compile_(environment: Environment, source: str, name: str, *given: object, **named: object) -> object:
        names.append(name)
        return real(environment, source, name, *given, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", compile_)
    return names


def codes_of(program: str = "1") -> Codes:
    return Codes(FileShelf(program))


def environment_of(theme: Theme, codes: Codes) -> Environment:
    environment = make_environment(theme.templates)
    environment.bytecode_cache = codes
    return environment


def test_a_later_build_compiles_what_is_new_and_nothing_else(shop: ShopMaker, compiled: list[str]) -> None:
    site = shop({**MINE, "content/notes/a.md": article()}, settings={"theme": "mine"}).build()
    assert "article/note.html" in compiled
    compiled.clear()
    site.edit(NOTE, "One.", "Two.").build()
    assert compiled == ["article/note.html"]
    compiled.clear()
    assert "Two." in (site.output / "notes/a/index.html").read_text()
    site.edit(NOTE, "Two.", "One.").build()
    assert not compiled
    assert "One." in (site.output / "notes/a/index.html").read_text()


def test_another_site_takes_what_this_one_compiled(shop: ShopMaker, compiled: list[str]) -> None:
    shop({"content/notes/a.md": article()}).build()
    compiled.clear()
    shop({"content/notes/b.md": article()}, name="other").build()
    assert not compiled


def test_the_same_text_under_another_name_or_by_another_program_is_compiled(
    shop: ShopMaker, compiled: list[str]
) -> None:
    theme, _ = load_theme(shop().config()[0])
    environment_of(theme, codes_of()).get_template("base.html")
    environment_of(theme, codes_of()).get_template("plain/base.html")
    environment_of(theme, codes_of("2")).get_template("base.html")
    assert compiled == ["base.html", "plain/base.html", "base.html"]


def test_the_program_knows_the_code_that_compiles() -> None:
    assert "render/environment.py " in program()
    assert "text/inline.py " in program()
    assert "jinja2=" in program()


def test_a_build_of_one_page_starts_no_process_and_compiles_nothing(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch, compiled: list[str]
) -> None:
    site = shop({"content/notes/a.md": article("One.")})
    arguments = ["--source", str(site.root), "--jobs", "2"]
    build_command.main(arguments, standalone_mode=False)
    compiled.clear()

    def never(_jobs: int, _modules: tuple[str, ...]) -> None:
        raise AssertionError("started")

    monkeypatch.setattr(executor, "processes", never)
    site.edit("content/notes/a.md", "One.", "Two.")
    build_command.main(arguments, standalone_mode=False)
    assert "Two." in (site.output / "notes/a/index.html").read_text()
    assert not compiled


def test_a_template_at_fault_is_told_as_ever(shop: ShopMaker) -> None:
    site = shop({**MINE, NOTE: "<p>\n{% for %}</p>", "content/notes/a.md": article()}, settings={"theme": "mine"})
    for _ in range(2):
        (problem,) = site.fails()["template-error"]
        assert site.place(problem).startswith(f"{NOTE}:2:")


def test_a_fault_at_run_time_has_its_line_in_a_template_that_was_kept(shop: ShopMaker) -> None:
    site = shop({**MINE, NOTE: "<p>\n{{ nothing.at_all }}</p>", "content/notes/a.md": article()})
    site.set(theme="mine")
    for _ in range(2):
        (problem,) = site.fails()["template-error"]
        assert site.place(problem).startswith(f"{NOTE}:2:")
