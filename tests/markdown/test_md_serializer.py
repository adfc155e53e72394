"""What Python-Markdown's tree becomes: our one pass gives the same bytes as the library's two."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from markdown.serializers import to_html_string
from markdown.treeprocessors import PrettifyTreeprocessor

from ccgen.load.markdown import engine_markdown

_ROOT = Path(__file__).parents[2]
_PARTS = st.sampled_from(
    ["a", "b c", " ", "\n", "\n\n", "  \n", "*", "**", "_", "# ", "## ", "> ", "- ", "    ", "1. ", "---", "| ", "|-|-|\n",
     "[x](ccgen:1)", "[*y* z](ccgen:2)", "[[x](ccgen:3)", "&amp;", "&", "<", ">", '"', "\ufdd03\ufdd1", ": ", "漢字", "\t"]
)  # fmt: skip


def _library() -> Markdown:
    parser = engine_markdown._parser.__wrapped__((), ("tables", "def_list"))
    parser.treeprocessors.register(PrettifyTreeprocessor(parser), "prettify", 10)
    parser.serializer = to_html_string
    return parser


def _same(text: str) -> None:
    ours = engine_markdown._parser((), ("tables", "def_list")).reset().convert(text)
    assert ours == _library().reset().convert(text)


@pytest.mark.parametrize(
    "text",
    [
        "one  \ntwo",
        "a  \n",
        "- one\n- two\n\n    - three\n\n> quote\n>\n> more",
        "| a | b |\n|:-|-:|\n| *1* | & |\n|  | [x](ccgen:0) |",
        "term\n: a\n\n    b\n",
        "# a *b*\n\n***\n\n1. x\n\n   y\n",
        "AT&T &lt; &#60; &nosuch; <b> \"q\" 'r'",
        '[a "b" & c](ccgen:7)',
    ],
)
def test_known_shapes_come_out_as_the_library_writes_them(text: str) -> None:
    _same(text)


def test_the_prose_of_the_demo_comes_out_as_the_library_writes_it() -> None:
    files = sorted((_ROOT / "content").rglob("*.md"))
    assert len(files) > 40
    for file in files:
        _same(file.read_text(encoding="utf-8").partition("\n---\n")[2])


@given(st.lists(_PARTS, max_size=40).map("".join))
def test_any_text_comes_out_as_the_library_writes_it(text: str) -> None:
    _same(text)
