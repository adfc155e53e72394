"""Templates compiled ahead: the same pages, and nothing compiled again."""

from __future__ import annotations

import pytest

from ccgen.jobs import Forked
from ccgen.load.theme import load_theme
from ccgen.model.work import alone
from ccgen.render import compiled
from ccgen.render.codes import Codes
from ccgen.render.environment import Environment, make_environment
from tests.support import ShopMaker, article

NOTE = "themes/mine/templates/article/note.html"


def test_what_was_compiled_ahead_is_not_compiled_again(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    theme, _ = load_theme(shop().config()[0])
    codes = compiled(theme, ["product"])
    assert {"base.html", "article/note.html", "parts/teaser.html", "directives/product.html"} <= codes.keys()
    assert not any(name.startswith("plain/") or name == "directives/price.html" for name in codes)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(Environment, "compile", never)
    environment = make_environment(theme.templates)
    environment.bytecode_cache = Codes(codes)
    assert environment.get_template("parts/teaser.html").name == "parts/teaser.html"
    with pytest.raises(AssertionError, match="compiled again"):
        environment.get_template("directives/price.html")


def test_a_template_at_fault_is_told_as_ever(shop: ShopMaker) -> None:
    site = shop(
        {
            "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            NOTE: "<p>\n{% for %}</p>",
            "content/notes/a.md": article(),
        },
        settings={"theme": "mine"},
    )
    theme, _ = load_theme(site.config()[0])
    assert "article/note.html" not in compiled(theme, ())
    (problem,) = site.fails()["template-error"]
    assert site.place(problem).startswith(f"{NOTE}:2:")


def test_work_beside_has_a_result_or_none() -> None:
    assert Forked(2).beside(lambda: {"a": b"x" * 100_000})() == {"a": b"x" * 100_000}
    assert Forked(1).beside(lambda: 1)() is None
    assert alone.beside(lambda: 1)() is None

    def fails() -> int:
        raise ValueError("never told")

    assert Forked(2).beside(fails)() is None
