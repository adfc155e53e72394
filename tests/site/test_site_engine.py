"""The engine is a setting: changing it draws again what it changes, and what only the other one has is an error."""

from __future__ import annotations

from support import ShopMaker, article, run

PROSE = "- a\n* b\n\n| a | b |\n|---|--:|\n| ==c== | d |\n\nTerm\n: words\n"


def test_changing_the_engine_draws_again_what_it_changes(shop: ShopMaker) -> None:
    files = {"content/notes/a.md": article(PROSE), "content/notes/b.md": article("Text.")}
    site = shop(files).build()
    assert len(site.page("/notes/a/").css("article ul")) == 1
    site.set(markdown={"engine": "commonmark"}).build()
    assert len(site.page("/notes/a/").css("article ul")) == 2
    assert site.page("/notes/a/").one("td.right").text() == "d"
    assert "style=" not in site.text("/notes/a/")
    assert {name for name in site.rendered if name.endswith(".html")} == {"notes/a/index.html"}
    clean = shop(files, settings={"markdown": {"engine": "commonmark"}}, name="clean").build()
    assert site.outputs() == clean.outputs()


def test_an_extension_with_the_engine_that_has_none_is_an_error(shop: ShopMaker) -> None:
    settings = {"markdown": {"engine": "commonmark", "extensions": ["smarty"]}}
    found = shop({"content/notes/a.md": article("Text.")}, settings=settings).fails()
    (problem,) = found.pop("bad-extension")
    assert not found
    assert problem.at.field == "markdown.extensions[0]"
    assert problem.hint == "remove it, or write `engine: markdown`"


def test_an_unknown_engine_is_an_error(shop: ShopMaker) -> None:
    site = shop({})
    site.set(markdown={"engine": "commonmrk"})
    ran = run("build", "-s", site.root)
    assert ran.code == 2
    assert "`commonmark`" in ran.err
