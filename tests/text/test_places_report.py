from __future__ import annotations

import pytest

from ccgen.errors import At, Problem
from ccgen.text.decode import decode, lenient
from ccgen.text.frontmatter import split
from ccgen.text.places import Place, locate, spans
from ccgen.text.report import format_problem, problem_dict, sorted_problems, visible

MD = """---
title: Kettle
offers:
  - url: https://a.example/
    price: 12 usd
  - {price: 3, was: {price: 4}}
a.b: {"c[0]": x}
empty:
---
Prose
"""


def place(field: str, text: str = MD, path: str = "a.md", *, on_key: bool = False) -> tuple[int, int, int]:
    found = locate(At(path=path, field=field, on_key=on_key), text)
    return found.line, found.column, found.length


@pytest.mark.parametrize(
    ("field", "on_key", "where"),
    [
        ("title", False, (2, 8, 6)),
        ("title", True, (2, 1, 5)),
        ("offers[0].price", False, (5, 12, 6)),
        ("offers[0].price", True, (5, 5, 5)),
        ("offers[1].was.price", False, (6, 29, 1)),
        ("offers[1]", False, (6, 5, 27)),
        ("offers[0]", False, (4, 5, 23)),
        ("a.b.c[0]", False, (7, 15, 1)),
        ("empty", False, (8, 1, 5)),
        ("offers[0].checked", False, (4, 5, 23)),
        ("offers[7].price", False, (4, 3, 25)),
        ("nowhere", False, (1, 1, 0)),
        ("", False, (1, 1, 0)),
    ],
)
def test_fields_of_front_matter(field: str, on_key: bool, where: tuple[int, int, int]) -> None:
    assert place(field, on_key=on_key) == where


def test_a_merged_field_is_shown_at_the_alias() -> None:
    assert place("b.price", "a: &x\n  price: 1\nb: *x\n", "a.yaml") == (3, 4, 2)


def test_every_field_of_a_document_has_a_place() -> None:
    text = "a: [x, {b: c}]\nd:\n  - e: f\n    g: h\n"
    assert {span.field for span in spans(text)} == {"a", "a[0]", "a[1]", "a[1].b", "d", "d[0]", "d[0].e", "d[0].g"}
    assert list(spans("a: [")) == []


CSV = 'id;name;specs.weight\nyueya;"Yueya\nwallet";62 g\n\nqiao;"a;b";\n'


@pytest.mark.parametrize(
    ("field", "where"),
    [
        ("[0].name", (2, 7, 6)),
        ("[0].specs.weight", (3, 9, 4)),
        ("[2].name", (5, 6, 5)),
        ("[2].images[1].src", (5, 1, 4)),
        ("[2]", (5, 1, 4)),
        ("[9].name", (1, 1, 0)),
    ],
)
def test_fields_of_a_table_have_physical_lines(field: str, where: tuple[int, int, int]) -> None:
    assert place(field, CSV, "a.csv") == where


def test_offsets_count_characters() -> None:
    text = "一行\n月牙 🎉 x\n"
    assert locate(At(path="a.md", start=text.index("x"), length=1), text) == Place(2, 6, 1, "月牙 🎉 x")
    assert locate(At(path="a.md", start=999), text) == Place(3, 1, 1, "")


def problem(field: str = "", **more: object) -> Problem:
    return Problem(code="bad-x", message="it is `bad`", at=At(path="a.yaml", field=field), hint="do this", **more)


def test_the_form_of_a_problem() -> None:
    fault = Problem(
        code="unknown-product",
        message="no product `felow-ekg`",
        at=At(path="content/reviews/kettle.md", start=13, length=9),
        hint="did you mean `fellow-ekg`?",
    )
    assert format_problem(fault, "x\n\n::product{felow-ekg layout=wide}\n") == (
        "error[unknown-product]: no product `felow-ekg`\n"
        "  content/reviews/kettle.md:3:11\n"
        "  3 | ::product{felow-ekg layout=wide}\n"
        "    |           ^^^^^^^^^\n"
        "hint: did you mean `fellow-ekg`?"
    )


def test_carets_stand_below_wide_letters_and_tabs() -> None:
    shown = format_problem(problem("名字"), "名字: 月牙 # x\n")
    assert shown.splitlines()[2:4] == ["  1 | 名字: 月牙 # x", "    |       ^^^^"]
    shown = format_problem(Problem(code="x", message="m", at=At(path="a.md", start=2, length=1)), "a\tb")
    assert shown.splitlines()[2:4] == ["  1 | a\tb", "    |  \t^"]
    shown = format_problem(Problem(code="x", message="m", at=At(path="a.md", start=2, length=1)), "e\u0301x")
    assert shown.splitlines()[3] == "    |  ^"


def test_nothing_in_a_problem_can_steer_the_terminal() -> None:
    fault = Problem(code="x", message="no `a\x1b[2J\u202e`", at=At(path="b\x07.yaml", start=4, length=9), hint="\r")
    shown = format_problem(fault, 'a: "\x1b]0;x\u202e"\n')
    assert not {"\x1b", "\u202e", "\x07", "\r"} & set(shown)
    assert "\\u001b]0;x\\u202e" in shown
    assert visible("a\u200bb") == "a\\u200bb"
    lines = shown.splitlines()
    assert len(lines[3]) <= len(lines[2])


def test_long_lines_are_cut_around_the_place() -> None:
    text = "a" * 500 + "HERE" + "b" * 500
    shown = format_problem(Problem(code="x", message="m", at=At(path="a.md", start=500, length=4)), text)
    excerpt, carets = shown.splitlines()[2:4]
    assert len(excerpt) < 120
    assert excerpt[carets.index("^") : carets.rindex("^") + 1] == "HERE"
    assert "…" in excerpt


def test_a_file_that_cannot_be_shown_has_its_path_only() -> None:
    assert format_problem(problem("a"), None) == "error[bad-x]: it is `bad`\n  a.yaml\nhint: do this"
    assert format_problem(problem(severity="warning"), "a: 1\n") == (
        "warning[bad-x]: it is `bad`\n  a.yaml:1:1\nhint: do this"
    )


def test_colour_is_only_added() -> None:
    plain = format_problem(problem("a"), "a: 1\n")
    painted = format_problem(problem("a"), "a: 1\n", color=True)
    assert painted != plain
    assert __import__("re").sub("\x1b\\[[0-9;]*m", "", painted) == plain


def test_json_has_the_same_place() -> None:
    assert problem_dict(problem("b"), "a: 1\nb: 22\n") == {
        "severity": "error",
        "code": "bad-x",
        "message": "it is `bad`",
        "path": "a.yaml",
        "line": 2,
        "column": 4,
        "length": 2,
        "excerpt": "b: 22",
        "hint": "do this",
    }
    assert problem_dict(problem("b"), None)["line"] is None


def test_problems_are_sorted_by_place_and_said_once() -> None:
    texts = {"a.yaml": "a: 1\nb: 2\n", "b.yaml": "z: 1\n"}
    faults = [
        Problem(code="x", message="m", at=At(path="b.yaml", field="z")),
        problem("b"),
        problem("a"),
        problem("b"),
        Problem(code="x", message="m", at=At(path="gone.png")),
    ]
    assert [(one.at.path, one.at.field) for one in sorted_problems(faults, texts.get)] == [
        ("a.yaml", "a"),
        ("a.yaml", "b"),
        ("b.yaml", "z"),
        ("gone.png", ""),
    ]


# --- text of files ---------------------------------------------------------------------------------------------------


def test_decoding_drops_the_mark_and_joins_line_ends() -> None:
    assert decode("\ufeffa\r\nb\rc\n月".encode(), path="a") == ("a\nb\nc\n月", ())


@pytest.mark.parametrize(
    ("data", "code", "message", "start"),
    [
        ("a\r\nb\nprix: 3 €".encode("cp1252"), "not-utf8", "the byte 0x80 on line 3 is not UTF-8", 12),
        ("\ufeffa\nb".encode("utf-16-le"), "not-utf8", "the file is UTF-16, not UTF-8", -1),
        ("\ufeffa\nb".encode("utf-32-le"), "not-utf8", "the file is UTF-32, not UTF-8", -1),
        (b"\xef\xbb\xbfab\xff", "not-utf8", "the byte 0xFF on line 1 is not UTF-8", 2),
        (b"a\xed\xa0\x80b", "not-utf8", "the byte 0xED on line 1 is not UTF-8", 1),
        (b"a\r\nb\0c", "nul-character", "the file holds a NUL character", 3),
    ],
)
def test_what_is_no_text(data: bytes, code: str, message: str, start: int) -> None:
    text, problems = decode(data, path="a")
    assert text is None
    assert [(one.code, one.message, one.at.start) for one in problems] == [(code, message, start)]
    assert len(lenient(data)) >= start


def test_front_matter_is_found() -> None:
    text = "---\ntitle: x\n---\nprose --- x\n---\n"
    front, problems = split(text, path="a.md")
    assert problems == ()
    assert (text[front.start : front.end], text[front.body :]) == ("title: x\n", "prose --- x\n---\n")
    front, _ = split("---\n---", path="a.md")
    assert (front.present, front.start, front.end, front.body) == (True, 4, 4, 7)
    front, _ = split("---\na: 1\n...\nprose", path="a.md")
    assert front.body == 13
    assert split("prose\n---\n", path="a.md")[0].present is False
    assert split("----\nx", path="a.md")[0].present is False


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---\ntitle: x\n", "unclosed-front-matter"),
        ("---js\nmodule.exports = {}\n---\n", "foreign-front-matter"),
        ("---json\n{}\n---\n", "foreign-front-matter"),
        ("+++\ntitle = 'x'\n+++\n", "foreign-front-matter"),
        ('{\n"title": 1\n}\n', "foreign-front-matter"),
    ],
)
def test_front_matter_of_other_kinds_is_refused(text: str, code: str) -> None:
    assert [problem.code for problem in split(text, path="a.md")[1]] == [code]
