"""What differs between the engines by design, side by side: each row of the table in docs/markdown.md, shown by a text."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from md_helpers import DIFFERS, read_text, squeezed

from ccgen.load.markdown.engine import ENGINES, load_engine
from tests.support import REPOSITORY

# Name (the row in the docs) → text, what `markdown` makes of it, what `commonmark` makes of it (without line ends).
DIFFERENCES = {
    "markers of a list": (
        "- a\n* b\n\n1. c\n2) d\n",
        "<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>",
        '<ul><li>a</li></ul><ul><li>b</li></ul><ol><li>c</li></ol><ol start="2"><li>d</li></ol>',
    ),
    "looseness of lists": (
        "- a\n  > q\n- b\n- c\n\n---\n\n- d\n\n- e\n- f\n",
        (
            "<ul><li><p>a</p><blockquote><p>q</p></blockquote></li><li><p>b</p></li><li>c</li></ul>"
            "<hr><ul><li><p>d</p></li><li><p>e</p></li><li>f</li></ul>"
        ),
        (
            "<ul><li>a<blockquote><p>q</p></blockquote></li><li>b</li><li>c</li></ul>"
            "<hr><ul><li><p>d</p></li><li><p>e</p></li><li><p>f</p></li></ul>"
        ),
    ),
    "quotes one below the other": (
        "> a\n\n> b\n",
        "<blockquote><p>a</p><p>b</p></blockquote>",
        "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>",
    ),
    "terms of one definition": (
        "One\nTwo\n: def\n",
        "<dl><dt>One</dt><dt>Two</dt><dd>def</dd></dl>",
        "<dl><dt>OneTwo</dt><dd>def</dd></dl>",
    ),
    "looseness of definitions": (
        "One\n: a\n: b\n\n  c\n",
        "<dl><dt>One</dt><dd>a</dd><dd><p>b</p><p>c</p></dd></dl>",
        "<dl><dt>One</dt><dd><p>a</p></dd><dd><p>b</p><p>c</p></dd></dl>",
    ),
    "emphasis beside punctuation": (
        "**强调：**他\n\n**[_a_](b.md)**文\n",
        "<p><strong>强调：</strong>他</p><p><strong><a href=b.md><em>a</em></a>‹/a›</strong>文</p>",
        "<p>**强调：**他</p><p>**<a href=b.md><em>a</em></a>‹/a›**文</p>",
    ),
    "three signs of emphasis": (
        "***a***\n",
        "<p><strong><em>a</em></strong></p>",
        "<p><em><strong>a</strong></em></p>",
    ),
    "entities": ("&copy; &ouml;\n", "<p>&copy; &ouml;</p>", "<p>© ö</p>"),
}
ALIKE = [
    "a  \nb\\\nc\n",  # hard breaks
    "<div>\n*x*\n</div>\n\n<b>\n\n*y*\n\n</b>\n",  # raw HTML
    "5. a\n9. b\n",
    "a\n- b\n  - c\n      - d\n",
    "100. a\n\n     b\n",
    "a_b_c _d_ **粗体**。他 *a **b** c*\n",
    "# _a_ :price[_b_]{x}\n\n:price[_costs_]{x} **:price[x]{a}**中 <b>_a_</b>\n",
    "|a|b|\n|-|-|\n|1986. c|\n|- d|e|f|\n",
    "a|b\n-|-\n1986. c|d\n2) e|f\n",
    "a\n    ~~~\n    # b\n    :c\n",
    "- a\n  ::product{x}\n- b\n",
    "~~a~~ H~2~O x^2^ - [ ] t https://a.example\n\n- [x] t\n",  # neither has these
    "* ***\n+ - - -\n",
    "a\n[^1]: n\n- b [^1]\n",
]


@pytest.mark.parametrize("name", DIFFERENCES)
def test_each_difference_is_one(name):
    text, markdown, commonmark = DIFFERENCES[name]
    assert squeezed(read_text(text, engine="markdown").html) == markdown
    assert squeezed(read_text(text, engine="commonmark").html) == commonmark
    assert markdown != commonmark


@pytest.mark.parametrize("text", ALIKE)
def test_what_is_alike(text):
    one, other = read_text(text, engine="markdown"), read_text(text, engine="commonmark")
    assert squeezed(one.html) == squeezed(other.html)
    assert one.problems == other.problems


def test_the_docs_have_the_same_rows():
    docs = (REPOSITORY / "docs" / "markdown.md").read_text(encoding="utf-8")
    table = docs.partition("## Engines")[2].partition("\n## ")[0]
    rows = [row for row in re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE) if row != "what"]
    assert sorted(rows) == sorted([*DIFFERENCES, "extensions"])


def test_cases_differ_for_a_reason_that_is_listed():
    reasons = set()
    for path in (Path(__file__).parent / "cases").glob("*.md"):
        if DIFFERS in (text := path.read_text(encoding="utf-8")):
            reasons.update(text.partition(DIFFERS)[2].partition("\n")[0].split("; "))
    assert reasons <= set(DIFFERENCES)


def test_what_is_ours_is_the_same_but_for_the_html():
    """Targets, calls, headings, anchors, problems: in all texts of the cases."""
    for path in (Path(__file__).parent / "cases").glob("*.md"):
        text = path.read_text(encoding="utf-8").partition("\n=>\n")[0]
        one, other = read_text(text, engine="markdown"), read_text(text, engine="commonmark")
        assert one.problems == other.problems
        for field in ("targets", "calls", "headings", "anchors", "words"):
            assert getattr(one.body, field) == getattr(other.body, field), (path.stem, field)


def test_only_the_library_of_the_chosen_engine_is_imported():
    code = (
        "import sys\nfrom ccgen.load.markdown.engine import load_engine\n"
        "load_engine(sys.argv[1])\nprint(*sorted({'markdown', 'pyromark'} & set(sys.modules)))"
    )
    for name, library in {"markdown": "markdown", "commonmark": "pyromark"}.items():
        done = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == library


def test_an_extension_is_none_of_commonmark():
    assert set(ENGINES) == {"markdown", "commonmark"}
    assert load_engine("commonmark").unusable("smarty")
    assert not load_engine("markdown").unusable("smarty")


SIGNS = [
    *"*_`~[]()<>!#-+=|:&;\\ \n\t\"'$^.1a中：", "\n\n", "    ", "> ", "- ", "1. ", "\n: ", "\n|-|-|\n", "a|b", "***", "&#xFDD2;", "<!---->",
    "&amp;", "\u00a0", "\ufeff", "\U0001fad6", "](ccgen:0)", "[a](ccgen:1)", "\ufdd01\ufdd1", "---\n", "&#0;", "\r",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(SIGNS), max_size=60).map("".join), st.sampled_from([1, 1, 1, 300]))
def test_the_library_takes_any_text(text, times):
    """It never crashes the process or raises, and gives text back; with raw HTML too, which it never gets."""
    html = load_engine("commonmark").convert(text * times, ())
    assert "\ufdd2" not in html
    assert "<!---->" not in html
