"""What holds for every text: no mark survives, every number is valid, offsets lie in the text, tags are balanced."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from md_helpers import numbers

FRAGMENTS = [
    "a", "word ", "中文", "：", "🫖", " ", "  ", "    ", "\n", "\n\n", "\t", "*", "**", "_", "`", "``", "```", "~~~", "[", "]",
    "(", ")", "![", "](x.md)", "](", "{", "}", "{x}", "{#i}", ":price", ":price{x}", ":price[", ":buy[a]{x}", "]{x}",
    "::product{x}", "::product", "::", ":::", ":::note", ":::note[l]", "\n:::note\n", "\n:::\n", "\n::product{x}\n", "> ",
    "- ", "1. ", "2) ", "# ", "## ", "---", "===", "***", "| ", "|", "\n|-|-|\n", "\n- a\n  ", "\n> - ", "<b>", "</b>", "<div>",
    "</div>", "<!--", "-->", "<a href='y'>", "<https://x.example>", "<", ">", "&amp;", "&", "\\", "\\:", ": ", "\n: d\n", "[^1]",
    "[^1]: n\n", "[r]: x.md\n", "[r]", "[a][r]", "ccgen:0", "javascript:x", "<script>", "</script>", "<img src=p srcset='a, b'>",
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=24).map("".join)


@settings(max_examples=400)
@given(texts)
def test_nothing_of_ours_survives(read, text):
    got = read(text)
    assert "conversion-failed" not in got.codes
    assert not re.search("[\ufdd0-\ufdef\x02\x03]|klzzwxh|wzxhzdk", got.html)
    assert not re.search(r"ccgen:[1-9]", got.html)
    targets, calls = numbers(got.body)
    assert all(0 <= number < len(got.body.targets) for number in targets)
    assert sorted(calls) == sorted(set(calls))
    assert all(0 <= number < len(got.body.calls) for number in calls)
    errors = [problem for problem in got.problems if problem.severity == "error"]
    if not errors:  # every directive is somewhere, or it was said why not
        assert len(calls) == len(got.body.calls)
    for problem in got.problems:
        assert 0 <= problem.at.start <= len(text)
        assert problem.at.start + problem.at.length <= len(text)
    for call in got.body.calls:
        assert 0 <= call.start < call.end <= len(text)
        assert text[call.start] == ":"
    for target in got.body.targets:
        assert 0 <= target.start <= target.start + target.length <= len(text)
    assert len(set(got.body.anchors)) == len(got.body.anchors)
    assert [heading.id for heading in got.body.headings] == list(
        dict.fromkeys(heading.id for heading in got.body.headings)
    )


WELL = [
    "word ", "*em* ", "**strong** ", "`code` ", "[link](x.md) ", "![alt](p.jpg) ", ":price[a *b*]{x} ", ":buy{x} ",
    "[^1] ", "中文：", "<b>bold</b> ", "5 < 6 ", "a & b ",
]  # fmt: skip
lines = st.lists(st.sampled_from(WELL), min_size=1, max_size=5).map("".join)
blocks = st.recursive(
    st.one_of(
        lines,
        lines.map("## {}".format),
        st.just("::product{x}"),
        st.just("```py\nx < 1\n\n:price{x}\n```"),
        lines.map("| a | b |\n|---|---|\n| {} | c |".format),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("\n\n".join),
        inner.map(lambda text: "\n".join(("> " + line).rstrip() for line in text.split("\n"))),
        inner.map(lambda text: "- " + "\n".join(("  " + line).rstrip() for line in text.split("\n")).lstrip()),
        inner.map(lambda text: "1. " + "\n".join(("   " + line).rstrip() for line in text.split("\n")).lstrip()),
        inner.map(":::note\n{}\n:::".format),
    ),
    max_leaves=6,
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")


@settings(max_examples=250)
@given(blocks)
def test_well_formed_text_gives_balanced_html_and_every_directive(read, text):
    got = read(text + "\n\n[^1]: note\n")
    assert [problem for problem in got.problems if problem.severity == "error"] == []
    _, calls = numbers(got.body)
    assert sorted(calls) == list(range(len(got.body.calls)))
    written = len(re.findall(r":price\[|:buy\{|::product\{|:::note", text))
    assert len(calls) == written
    balanced(got.body.pieces)


def balanced(pieces):
    """Every list of pieces closes what it opens: contents and labels on their own, the body as a whole."""
    stack = []
    for piece in pieces:
        for part in (getattr(piece, "label", None), getattr(piece, "content", None)):
            if part is not None:
                balanced(part)
    html = "".join(piece.text if hasattr(piece, "text") else "" for piece in pieces)
    for close, name in _TAG.findall(html):
        if name in {"br", "hr", "img"}:
            continue
        if close:
            assert stack, html
            assert stack.pop() == name
        else:
            stack.append(name)
    assert stack == []
