"""Lines `key: value` that are read at once mean what the library makes of them, and it is left all else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgen.text.yaml import parse_events
from ccgen.text.yamlpairs import read_pairs

KEYS = ["title", "date", "title@zh-CN", "_x", "y-z", "null", "<<", "é", "1"]
VALUES = [
    "word", "2025-02-25T21:36:00Z", "a: b", "a:b", "a :b", '"q: r"', "'q'", '"a # b"', "[a, b]", "[a,b]", "[]", "[true, 1.5]",
    "~", "NO", "1.10", "'it''s'", '"a\\nb"', "a # c", "a#b", "- x", "*x", "a*b", "&x y", "a & b", "!t x", "%x", "a % b", "@x",
    "`x", "a | b", "> x", "?x", "{a: b}", "中文，好：的", "“curly”", "a ", "a\tb", "[a , b]", "[ a]", "['a']", "x:", "a::b",
    "http://x.y/z?q=1&r", "\u00a0x", "x\u2028y", "x\x85y", "---", "...", "x\n  y", "", "[-a]", "165.00 USD", "[it's, b]", "٣", "$5",
]  # fmt: skip
lines = st.builds(
    "{}{}{}\n".format, st.sampled_from(KEYS), st.sampled_from([": "] * 6 + [":", ":  "]), st.sampled_from(VALUES)
)
free = st.builds(
    "k: {0}{1}{2}\n".format,
    st.sampled_from(["", '"', "'", "["]),
    st.text(alphabet="ab1 :-#'\"[]{},.!?&*@%|>`~=+()/\\\n\t中，é_$^<;—", max_size=8),
    st.sampled_from(["", '"', "'", "]"]),
)


@settings(max_examples=600)
@given(st.one_of(free, st.lists(lines, min_size=1, max_size=4).map("".join)))
def test_what_is_read_at_once_is_what_the_library_reads(text: str) -> None:
    pairs = read_pairs(text)
    if pairs is not None:
        assert parse_events(text, path="a.md") == (pairs, ())


@pytest.mark.parametrize("value", VALUES)
def test_each_value_is_what_the_library_reads(value: str) -> None:
    for key in KEYS:
        for end in ("\n", "", " \n", "\r\n", "\nz: 1\n"):
            text = f"{key}: {value}{end}"
            pairs = read_pairs(text)
            assert pairs is None or parse_events(text, path="a.md") == (pairs, ())


def test_ordinary_front_matter_is_read_at_once() -> None:
    text = "title: \"Kettles: a review\"\ndate: 2025-02-25T21:36:00Z\nauthors: ben-marsh\ntags: [dry kitchen, tea]\nsummary: 'So it is.'\n"
    assert read_pairs(text) == {
        "title": "Kettles: a review",
        "date": "2025-02-25T21:36:00Z",
        "authors": "ben-marsh",
        "tags": ["dry kitchen", "tea"],
        "summary": "So it is.",
    }


@pytest.mark.parametrize(
    "text",
    ["", "a: 1", "a: 1\na: 2\n", "a: 1\n\nb: 2\n", "a: ~\n", "a:\n", "a: b: c\n", "a: b #c\n", "- a\n", f"{'k' * 2_000}: 1\n", "a: b\n" * 1 + "  c\n"],
)  # fmt: skip
def test_all_else_is_left(text: str) -> None:
    assert read_pairs(text) is None
