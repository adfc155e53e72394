"""The demo built with the other Markdown engine: the same files, links, anchors and words, and no problems."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from demo_site import BASE, build_demo
from selectolax.lexbor import LexborHTMLParser
from support import REPOSITORY, alone


@pytest.fixture(scope="session")
def other(common: Path) -> Path:
    """The output of a copy of the demo whose engine is `commonmark`."""
    root = common / "demo-commonmark-root"
    with alone(common / "demo-commonmark-lock"):
        if not root.exists():
            for name in ("content", "data", "static"):
                shutil.copytree(REPOSITORY / name, root / name)
            settings = (REPOSITORY / "ccgen.yaml").read_text(encoding="utf-8")
            (root / "ccgen.yaml").write_text(f"{settings}markdown: {{engine: commonmark}}\n", encoding="utf-8")
    return build_demo(common / "demo-commonmark", BASE, root=root)


def seen(file: Path) -> dict[str, list[str]]:
    page = LexborHTMLParser(file.read_bytes())
    assert page.body is not None
    return {
        "hrefs": [one.attributes.get("href") or "" for one in page.css("a[href]")],
        "ids": [one.attributes.get("id") or "" for one in page.css("[id]")],
        "pictures": [one.attributes.get("src") or "" for one in page.css("img")],
        "headings": [one.text(separator=" ") for one in page.css("h1, h2, h3, h4")],
        "words": page.body.text(separator=" ").split(),
    }


def test_pages_are_the_same_but_for_lines(demo: Path, other: Path) -> None:
    files = {file.relative_to(demo) for file in demo.rglob("*") if file.is_file()}
    assert files == {file.relative_to(other) for file in other.rglob("*") if file.is_file()}
    pages = sorted(name for name in files if name.suffix == ".html")
    assert len(pages) > 50
    for name in pages:
        assert seen(other / name) == seen(demo / name), name


def test_it_has_no_problems(other: Path) -> None:
    assert (other.parent / "done").read_text() == ""
