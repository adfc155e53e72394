"""Directives in every place they may stand, and every way to write them wrong."""

from __future__ import annotations

import pytest
from md_helpers import squeezed


def test_inline_directives_have_records_parameters_and_offsets(read):
    text = '---\nx: 1\n---\nIt costs :price[what it *costs* today]{kettle}; :buy[get it]{kettle merchant="the shop"}.'
    start = text.index("It")
    got = read(text, start=start)
    assert got.problems == ()
    assert got.html == (
        "<p>It costs ‹price kettle L[what it <em>costs</em> today]›; ‹buy kettle merchant=the shop L[get it]›.</p>"
    )
    price, buy = got.body.calls
    assert text[price.start : price.end] == ":price[what it *costs* today]{kettle}"
    ident, offset = buy.records[0]
    assert text[offset : offset + len(ident)] == "kettle"
    key, value, offset = buy.params[0]
    assert (key, text[offset : offset + len(value)]) == ("merchant", "the shop")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("价格:price{x}元", "<p>价格‹price x›元</p>"),
        ("🫖:price{x}🫖", "<p>🫖‹price x›🫖</p>"),
        ("**:price[a]{x}**", "<p><strong>‹price x L[a]›</strong></p>"),
        ("[see :price[a]{x} now](b.md)", "<p><a href=b.md>see ‹price x L[a]› now</a>‹/a›</p>"),
        (":buy[a :price[b]{x} c]{y}", "<p>‹buy y L[a ‹price x L[b]› c]›</p>"),
        (":buy[a [b](c.md) d]{y}", "<p>‹buy y L[a <a href=c.md>b</a>‹/a› d]›</p>"),
        (":buy[a `]` b]{y}", "<p>‹buy y L[a <code>]</code> b]›</p>"),
        (r":buy[a \] b]{y}", "<p>‹buy y L[a ] b]›</p>"),
        ("::product{x}", "‹product x›"),
        ("::product{x}\t ", "‹product x›"),
        ("::product[A *b*]{x}", "‹product x L[A <em>b</em>]›"),
        ("::product", "‹product›"),
        ("text\n::product{x}\ntext", "<p>text</p>\n‹product x›\n<p>text</p>"),
        ("   ::product{x}", "‹product x›"),
        ("::compare{a b c by=capacity,weight}", "‹compare a b c by=capacity,weight›"),
        ("> ::product{x}", "<blockquote>\n‹product x›\n</blockquote>"),
        ("- a\n\n  ::product{x}\n- b", "<ul>\n<li>\n<p>a</p>\n‹product x›\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
        ("- ::product{x}", "<ul>\n<li>‹product x›</li>\n</ul>"),
        ("## A :price[b]{x} c", '<h2 id="a-b-c">A ‹price x L[b]› c</h2>'),
    ],
)
def test_places(read, text, html):
    got = read(text)
    assert got.problems == ()
    assert squeezed(got.html) == squeezed(html)


def test_containers_nest_and_keep_references_and_footnotes(read):
    got = read(
        ":::note[Mind the **lid**]\nSee [it][r].[^1]\n\n:::note\n- a\n- b\n:::\n::::\n\n[r]: x.md\n[^1]: :price{x} here.\n"
    )
    assert got.problems == ()
    assert "‹note L[Mind the <strong>lid</strong>] C[" in got.html
    assert "<a href=x.md>it</a>" in got.html
    assert "‹note C[\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n]›" in got.html
    assert '<li id="fn-1"><p>‹price x› here. <a href=#fnref-1' in got.html.replace("\n<p>", "<p>")
    outer = next(call for call in got.body.calls if call.start == 0)
    assert got.text[outer.end - 4 : outer.end] == "::::"


def test_container_in_a_list_item_and_in_a_quote(read):
    got = read("1. one\n   :::note\n   hi\n   :::\n2. two\n\n> :::note\n> yo\n> :::\n")
    assert got.problems == ()
    assert squeezed(got.html) == squeezed(
        "<ol>\n<li>\n<p>one</p>\n‹note C[\n<p>hi</p>\n]›\n</li>\n<li>\n<p>two</p>\n</li>\n</ol>\n"
        "<blockquote>\n‹note C[\n<p>yo</p>\n]›\n</blockquote>"
    )


def test_table_cell(read):
    got = read("| a | b |\n|---|---|\n| :price[x]{k} | `:price{k}` |\n")
    assert got.problems == ()
    assert "<td>‹price k L[x]›</td><td><code>:price{k}</code></td>" in squeezed(got.html)


@pytest.mark.parametrize(
    "text",
    [
        "`:price{x}`",
        "``a ` :price{x}``",
        "```\n:price{x}\n::product{x}\n```",
        "- a\n  ~~~\n  ::product{x}\n  ~~~",
        "> ```\n> ::product{x}\n> ```",
        "    ::product{x}",
        "<!-- :price{x} -->",
        "<!--\n::product{x}\n-->",
        '<b title=":price{x}">b</b>',
        "<https://x.example/:price{x}>",
        "[a](b.md?:price{x})",
        "[r]: x.md?:price{x}\n\n[r]",
        "<script>\nlet a = ':price{x}'\n\n::product{x}\n</script>",
        "<pre>\n:price{x}\n</pre>",
        r"\:price{x}",
        "a:price{x}",
        "1:price{x}",
        "_:price{x}",
        "a::price[x",
        "/:price{x}",
        ":price",
        ":price (x)",
    ],
)
def test_literal(read, text):
    got = read(text)
    assert [problem for problem in got.problems if problem.severity == "error"] == []
    assert got.body.calls == ()


@pytest.mark.parametrize(
    ("text", "code", "where", "hint"),
    [
        (":prise{x}", "unknown-directive", ":prise", "did you mean `price`?"),
        ("a :product{x}", "wrong-form", ":product", "write it alone on its line as `::product`"),
        ("::price{x}", "wrong-form", "::price", "write it within a sentence as `:price`"),
        (
            "::note",
            "wrong-form",
            "::note",
            "write it around its content: a line `:::note` before and a line `:::` after it",
        ),
        ("::: note", "bad-directive", "::: note", ":::note"),
        ("::product {x}", "bad-directive", "::product {x}", "::product{x}"),
        ("::product{x} more", "bad-directive", "::product{x} more", None),
        ("::Product{x}", "bad-directive", "::Product{x}", None),
        ("::product{x", "bad-directive", "{", "::product{x}"),
        ("::product[x", "bad-directive", "[", "::product[x]"),
        ("：：product{x}", "bad-directive", "：：product{x}", "::product{x}"),
        ("::product｛x｝", "bad-directive", "::product｛x｝", "::product{x}"),
        ("::product【名】{x}", "bad-directive", "::product【名】{x}", "::product[名]{x}"),
        ("::product{x layout=“wide”}", "bad-directive", "layout=“wide”", '::product{x layout="wide"}'),
        ("::product{x layout='wide}", "bad-directive", "'", "::product{x layout='wide'}"),
        ("::\u200bproduct{x}", "bad-directive", "\u200b", "::product{x}"),
        ("::product{x y}", "record-count", "y", "remove `y`"),
        ("::compare{x}", "record-count", "x", None),
        (":::note{x}\n:::", "record-count", "x", None),
        ("::product{layuot=wide}", "unknown-parameter", "layuot", "did you mean `layout`?"),
        ("::product{layout=wide layout=small}", "repeated-parameter", "layout", None),
        ("::product{layout=huge}", "bad-parameter", "huge", None),
        (":::recipe[a]{time=soon}\n:::", "bad-parameter", "soon", None),
        (':::recipe[a]{time="2 hours" serves=21}\n:::', "bad-parameter", "21", None),
        (":::recipe[a]{serves=2}\n:::", "missing-parameter", ":::recipe", None),
        (':::recipe{time="2 hours"}\n:::', "missing-label", ":::recipe", None),
        ("::compare[x]{a b}", "label-not-allowed", "::compare", None),
        ("a :price[b {x}", "bad-directive", ":price", None),
        ("a :price{x", "bad-directive", ":price", None),
        ("a :price[b\nc]{x}", "bad-directive", ":price", None),
        ("![a :price{x}](b.png)", "directive-in-alt", ":price{x}", None),
        ('[a](b.md "c :price{x}")', "directive-in-title", ":price", None),
        (":::note\ntext", "missing-fence", ":::note", "write a line `:::` at the end of the text"),
        ("text\n\n:::", "stray-fence", ":::", None),
        ("*a :price[b* c]{x}", "crossing-directive", ":price", None),
        ("a|b\n-|-\n:price[c | d]{x}|", "crossing-directive", ":price", None),
    ],
)
def test_errors_stand_at_their_place(read, text, code, where, hint):
    got = read("Before.\n\n" + text + "\n")
    assert code in got.codes
    number = got.codes.index(code)
    assert got.problems[number].severity == "error"
    assert got.at(number) == where
    if hint is not None:
        assert got.problems[number].hint == hint


def test_a_container_that_ends_outside_its_list_item_is_wrong_in_both_places(read):
    got = read("- a\n  :::note\n  b\n:::\n\nlater\n")
    assert got.codes == ["missing-fence", "stray-fence"]
    assert [got.at(0), got.at(1)] == [":::note", ":::"]
    assert "before line 4" in got.problems[0].message


def test_a_fence_within_a_list_item_does_not_close_what_began_outside(read):
    got = read(":::note\n- a\n  :::\n:::\n")
    assert got.codes == ["stray-fence"]


@pytest.mark.parametrize("text", ["价：price[x]{y}", "价:price【x】", "价：price{x}"])
def test_what_looks_like_a_directive_in_a_line_is_a_warning(read, text):
    got = read(text)
    assert [(problem.code, problem.severity) for problem in got.problems] == [("full-width", "warning")]


def test_a_leaf_within_a_line_is_a_warning(read):
    got = read("see ::product{x} here")
    assert [(problem.code, problem.severity) for problem in got.problems] == [("directive-in-line", "warning")]


@pytest.mark.parametrize("text", ["他说：hello[1]", "Note: this", "at 12:30", "a::b", "C::method{x}", "中文：：不是"])
def test_colons_of_prose_are_left_alone(read, text):
    assert read("x " + text).problems == ()


def test_every_problem_of_a_text_is_reported_in_order(read):
    got = read("::nope\n\n:price[x\n\n[a](javascript:x)\n\n:::\n")
    assert got.codes == ["unknown-directive", "bad-directive", "unsafe-link", "stray-fence"]
