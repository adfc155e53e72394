"""Characters that turn the direction of text: a warning where they do not pair, an error in URLs and ids."""

from __future__ import annotations

import pytest

LRE, RLE, PDF, LRO, RLO = "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"Only {RLO}00.59 USD.\n", 5),
        (f"a {RLE}b\n\nc {PDF} d\n", 2),
        (f"- a {RLI}b\n- c {PDI} d\n", 4),
        (f"## A {LRO}b\n\nc\n", 5),
        (f"a {PDF} b\n", 2),
        (f"a {PDI} b\n", 2),
        (f"a {RLE}b{PDI} c{PDF}\n", 4),
        (f"a {RLI}b{PDF} c{PDI}\n", 4),
        (f"```\n  a{RLO}b\n```\n", 7),
        (f"<div>\n  a{RLO}b\n</div>\n", 9),
        (f":::note[a{RLO}b]\nc\n:::\n", 9),
        (f"[text{RLO}](x.md)\n", 5),
    ],
)
def test_what_does_not_pair_is_a_warning_at_its_place(read, text, place):
    got = read(text)
    assert [problem.severity for problem in got.problems] == ["warning"]
    assert got.codes == ["bidi-control"]
    assert got.problems[0].at.start == place


@pytest.mark.parametrize(
    "text",
    [
        f"a {RLE}b{PDF} c\n",
        f"a {RLI}b {RLE}c{PDF} d{PDI} {FSI}e{PDI}\n",
        f"a {RLI}b {RLE}c{PDI} d\n",  # the end of the isolate ends all within it
        f"a {LRI}b\nc{PDI}\n",
        "\u200fشلوم\u200e (a) \u200f\n",
    ],
)
def test_what_pairs_and_marks_are_left_alone(read, text):
    assert read(text).problems == ()


def test_the_hint_names_the_character_that_ends_it(read):
    assert "U+202C" in read(f"a {RLO}b\n").problems[0].hint
    assert "U+2069" in read(f"a {RLI}b\n").problems[0].hint


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"[a](https://a.example/{RLO}x{PDF})\n", "unsafe-link"),
        (f"![a](b{RLI}c{PDI}.png)\n", "unsafe-link"),
        ("[a](https://a.example/&#8238;x)\n", "unsafe-link"),
        (f"<a href='x{RLO}y{PDF}.md'>a</a>\n", "unsafe-link"),
        (f"[a][r]\n\n[r]: https://a.example/{RLO}x{PDF}\n", "unsafe-link"),
        (f"::product{{ket{RLI}tle{PDI}}}\n", "bidi-control"),
        (f"A :price{{ket{RLI}tle{PDI}}}\n", "bidi-control"),
        (f"## A {{#x{RLI}y{PDI}}}\n", "bidi-control"),
        (f"<p id='x{RLI}y{PDI}'>a</p>\n", "bidi-control"),
    ],
)
def test_in_urls_and_ids_they_are_errors(read, text, code):
    got = read(text)
    assert [(problem.code, problem.severity) for problem in got.problems] == [(code, "error")]


def test_front_matter_is_not_read_here(read):
    text = f"---\ntitle: a{RLO}b\n---\nWords.\n"
    assert read(text, start=text.index("Words")).problems == ()
