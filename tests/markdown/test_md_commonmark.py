"""Our block structure is CommonMark's whatever the engine: compared with pulldown-cmark, an implementation of it."""

from __future__ import annotations

import re

import pyromark
from hypothesis import given, settings
from hypothesis import strategies as st

LEAVES = [
    "one two", "a *b* c", "x\ny", "## H", "```\ncode\n```", "`c` d", "**s** t", "[l](x.md) m", "***",
    "w 1986. z\n1986. q", "1) no", "    ind", "t\n# h2", "q\n> z", "t\n===", "a\n- b", "~~~ py\n# x\n~~~",
]  # fmt: skip
MARKERS = ["- ", "* ", "1. ", "2. ", "10. ", "-   "]


def item(marker: str, text: str) -> str:
    pad = " " * len(marker)
    return marker + "\n".join(pad + line if line else line for line in text.split("\n")).lstrip()


def quote(text: str) -> str:
    return "\n".join(("> " + line).rstrip() for line in text.split("\n"))


def inside(inner):
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        inner.map(quote),
        st.tuples(st.sampled_from(MARKERS), several, st.sampled_from(["\n", "\n\n"])).map(
            lambda made: made[2].join(item(made[0], text) for text in made[1])
        ),
        several.map("\n\n".join),
        several.map("\n".join),
    )


blocks = st.recursive(st.sampled_from(LEAVES), inside, max_leaves=7)


def bare(html: str) -> str:
    """Leave the structure: what engines differ in goes (ids, paragraphs in items, where like neighbours are joined)."""
    html = re.sub(r"</?p>| start=\"\d+\"|‹/a›|\"", "", html)
    html = re.sub(r"<(h\d) [^>]*>", r"<\1>", html).replace("<hr />", "<hr>").replace("<br />", "<br>")
    html = re.sub(r"\s+", "", html)
    while (joined := re.sub(r"</(blockquote|ol|ul)><\1>", "", html)) != html:
        html = joined
    return html


@settings(max_examples=300)
@given(blocks)
def test_structure_is_that_of_commonmark(read, text):
    got = read(text)
    assert bare(got.html) == bare(pyromark.html(text))
