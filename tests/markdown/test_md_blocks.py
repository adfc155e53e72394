"""Blocks: lists with two spaces, fences anywhere, raw HTML, headings, footnotes, words and anchors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from md_helpers import read_case, read_text, squeezed

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(read, engine, path):
    """A case holds a text, a line `=>`, the pieces, and a line `! code: text at fault` for each problem."""
    text, expected = read_case(path, engine)
    got = read(text)
    problems = [f"! {problem.code}: {got.at(number)}" for number, problem in enumerate(got.problems)]
    came = "\n".join([got.html, *problems]).strip()
    if engine == "markdown":
        assert came == expected.strip()
    assert squeezed(came) == squeezed(expected)


def test_headings_have_ids_texts_levels_and_places(read):
    text = "# One *two* `three`\n\nFour\n----\n\n## One two three\n\n### 弧口短夹：八张卡 {#card}\n\n## !!!\n\n<h2>Raw &amp; own</h2>\n"
    got = read(text)
    assert got.problems == ()
    assert [(heading.level, heading.id, heading.text) for heading in got.body.headings] == [
        (1, "one-two-three", "One two three"),
        (2, "four", "Four"),
        (2, "one-two-three-2", "One two three"),
        (3, "card", "弧口短夹：八张卡"),
        (2, "section", "!!!"),
    ]
    for heading in got.body.headings:
        assert text[heading.start :].startswith(heading.text[:1])
    assert got.body.anchors == ("card", "one-two-three", "four", "one-two-three-2", "section")


def test_explicit_ids_are_taken_before_made_ones(read):
    got = read("## A\n\n## B {#a}\n\n<p id='c'>x</p>\n\n## C\n")
    assert [heading.id for heading in got.body.headings] == ["a-2", "a", "c-2"]
    assert read("## A {#x}\n\n## B {#x}\n").codes == ["repeated-anchor"]


def test_footnotes(read):
    got = read("One[^b] two[^a] three[^b].\n\n[^a]: First.\n\n    Second with [^c].\n[^b]: B\n[^c]: C :price{x}\n")
    assert got.problems == ()
    ids = re.findall(r'id="(fn[^"]*)"', got.html)
    assert ids == ["fnref-1", "fnref-2", "fnref-1-2", "fn-1", "fn-2", "fnref-3", "fn-3"]
    assert set(ids) == set(got.body.anchors)
    assert '<a href=#fnref-1-2 role="doc-backlink"' in got.html
    assert "<p>First.</p>\n<p>Second with" in got.html
    assert "<p>C ‹price x› <a href" in got.html


def test_footnotes_that_do_not_fit(read):
    got = read("a[^x]\n\n[^y]: unused\n[^y]: twice\n")
    assert got.codes == ["unknown-footnote", "unused-footnote", "repeated-footnote"]
    assert [got.at(0), got.at(1), got.at(2)] == ["[^x]", "[^y]", "[^y]"]
    assert "footnotes" not in got.html


def test_an_unclosed_fence_is_an_error_where_it_opens(read):
    got = read("text\n\n```py\ncode\n\n::product{x}\n")
    assert got.codes == ["unclosed-code"]
    assert got.at() == "```"


def test_code_keeps_tabs_and_is_escaped(read):
    got = read("```make\nall:\n\techo <b> & :price{x}\n```\n")
    assert got.html == '<pre><code class="language-make">all:\n\techo &lt;b&gt; &amp; :price{x}\n</code></pre>'


def test_first_paragraph_and_words(read):
    got = read("> quote\n\n- item\n\nThe *first* :price[price]{x}[^1] & 三个字。\n\n[^1]: note\n")
    assert got.body.first_paragraph == "The first price & 三个字。"
    assert got.body.words == len(["quote", "item", "The", "first", "price", "三", "个", "字", "note"])


def test_anchors_of_raw_html(read):
    got = read('<div id="a"><a name="b"></a></div>\n\ntext <span id=c>x</span>\n')
    assert got.body.anchors == ("a", "b", "c")


def test_prose_begins_behind_front_matter(read):
    text = "---\ntitle: '::nope{x}'\n---\nHello.\n"
    got = read(text, start=text.index("Hello"))
    assert got.html == "<p>Hello.</p>"


def test_a_heading_without_space_is_a_warning_with_the_right_line(read):
    got = read("text\n\n##标题\n")
    assert [(problem.code, problem.severity, problem.hint) for problem in got.problems] == [
        ("heading-without-space", "warning", "## 标题")
    ]


@pytest.mark.parametrize("character", ["\x00", "\x02", "\x03", "\ufdd0", "\ufdd2", "\uffff"])
def test_forbidden_characters_are_errors(read, character):
    got = read(f"a{character}1{character}b")
    assert got.codes == ["forbidden-character"]
    assert got.at() == character
    assert got.body.pieces == ()


def test_extensions_of_python_markdown():
    assert "<abbr" in read_text("*[HTML]: Hyper\n\nHTML it is\n", extensions=("abbr",)).html
    assert (
        read_text("a `b` [^1]\n\n[^1]: c\n", extensions=("footnotes", "fenced_code", "extra", "smarty")).problems == ()
    )


@pytest.mark.parametrize("tail", ["", "\n", "\n\n", " ", "\t\n"])
def test_empty_prose(read, tail):
    got = read("---\na: b\n---\n" + tail, start=13)
    assert (got.html.strip(), got.problems) == ("", ())
