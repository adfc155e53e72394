from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ccgen.text.yaml import MAX_DEPTH, parse


def codes(text: str) -> list[str]:
    return [problem.code for problem in parse(text, path="a.yaml")[1]]


def only(text: str, *, start: int = 0, line: int = 1):
    value, problems = parse(text, path="a.yaml", start=start, line=line)
    assert len(problems) == 1, problems
    return value, problems[0]


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "on",
        "007",
        "1e5",
        "1.10",
        "0012345678905",
        "12:30:45",
        "2026-11-27",
        "0x1F",
        "null",
        "true",
        ".inf",
        "1_000",
    ],
)
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert parse(f"a: {written}\n", path="a.yaml") == ({"a": written}, ())
    assert parse(f"a: '{written}'\n", path="a.yaml") == ({"a": written}, ())


def test_empty_plain_and_tilde_are_not_given_but_quotes_are_text() -> None:
    value, problems = parse("a:\nb: ~\nc: ''\nd: '~'\ne: [~, x]\n", path="a.yaml")
    assert value == {"a": None, "b": None, "c": "", "d": "~", "e": [None, "x"]}
    assert problems == ()


def test_an_empty_document_is_none() -> None:
    assert parse("", path="a.yaml") == (None, ())
    assert parse("# nothing\n", path="a.yaml") == (None, ())


def test_merges_and_aliases_are_applied_and_own_keys_win() -> None:
    text = "a: &x {q: 1, r: 2}\nb: {<<: *x, q: 3}\nc: {<<: [*x, {r: 9, s: 4}]}\nd: *x\n"
    assert parse(text, path="a.yaml") == (
        {
            "a": {"q": "1", "r": "2"},
            "b": {"q": "3", "r": "2"},
            "c": {"q": "1", "r": "2", "s": "4"},
            "d": {"q": "1", "r": "2"},
        },
        (),
    )


def test_a_repeated_key_names_both_lines_of_the_file() -> None:
    _, problem = only("title: a\nprice: 1\nother: {price: 9}\nprice: 2\n", start=4, line=2)
    assert problem.code == "duplicate-key"
    assert problem.message == "`price` stands on line 3 and again on line 5"
    assert (problem.at.start, problem.at.length) == (4 + 36, 5)


def test_a_repeated_key_in_an_inner_mapping_finds_the_inner_one() -> None:
    _, problem = only("x: 1\na:\n  - {x: 1}\n  - x: 2\n    y: 3\n    x: 4\n")
    assert problem.message == "`x` stands on line 4 and again on line 6"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: !!python/object/apply:os.system [x]\n", "yaml-tag"),
        ("a: !x 1\n", "yaml-tag"),
        ("a: !!str 1\n", "yaml-tag"),
        ("a: &a [*a]\n", "yaml-cycle"),
        ("a: &a {b: {c: *a}}\n", "yaml-cycle"),
        ("a: *b\n", "yaml-alias"),
        ("[a, b]: c\n", "yaml-key"),
        ("? \n: b\n", "yaml-key"),
        ("~: b\n", "yaml-key"),
        ("a: 1\n---\nb: 2\n", "yaml-documents"),
        ("a: {<<: 1}\n", "yaml-merge"),
        ("a: 'x\n", "yaml-syntax"),
        ("a: [1, 2\nb: 3\n", "yaml-syntax"),
        ("a:\n\tb: 1\n", "yaml-syntax"),
        ("a: @x\n", "yaml-syntax"),
        ("a: \x07\n", "yaml-syntax"),
        ("a:\n  b: 1\n c: 2\n", "yaml-syntax"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert code in codes(text)


def test_nothing_runs_for_a_python_tag(tmp_path) -> None:
    file = tmp_path / "ran"
    parse(f"a: !!python/object/apply:pathlib.Path.touch [{file}]\n", path="a.yaml")
    assert not file.exists()


def test_a_syntax_error_stands_where_it_is_in_the_file() -> None:
    _, problem = only("title: A: B\n", start=4, line=2)
    assert problem.at.start == 4 + 8
    assert problem.hint == 'title: "A: B"'
    _, problem = only("ok: 1\na: 'never closed\nb: 2\n")
    assert problem.at.start == 9
    assert problem.hint == "close the quote"


def bomb(levels: int = 9, width: int = 9) -> str:
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels + 1)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (bomb(), "yaml-size"),
        ("[" * 100_000, "yaml-depth"),
        ("{a: " * 100_000, "yaml-depth"),
        ("- " * 100_000, "yaml-depth"),
        ("\n".join([f"a{n}: &a{n} [*a{n - 1}]" if n else "a0: &a0 [x]" for n in range(1000)]), "yaml-depth"),
        ("x: [" + "a," * 200_000 + "]", "yaml-size"),
    ],
    ids=["alias bomb", "brackets", "braces", "dashes", "chain of aliases", "wide"],
)
def test_bombs_end_quickly(text: str, code: str) -> None:
    began = time.process_time()
    value, problems = parse(text, path="a.yaml")
    assert time.process_time() - began < 2
    assert value is None
    assert problems[-1].code == code


def test_the_deepest_that_is_allowed_is_read() -> None:
    depth = MAX_DEPTH
    assert codes("[" * depth + "]" * depth) == []
    assert codes("[" * (depth + 1) + "]" * (depth + 1)) == ["yaml-depth"]


@pytest.mark.parametrize(
    ("text", "hint", "start"),
    [
        ("title: Fix #3\n", 'title: "Fix #3"', 11),
        ("title: #1 kettle\n", 'title: "#1 kettle"', 7),
        ("cons:\n  -coffee\n  -tea\n", "  - coffee", 8),
        ("cons:\n  - a\n    -b\n", "    - b", 16),
    ],
)
def test_what_yaml_loses_is_a_warning(text: str, hint: str, start: int) -> None:
    _, problem = only(text)
    assert (problem.code, problem.severity) == ("yaml-lost-text", "warning")
    assert problem.hint == hint
    assert problem.at.start == start


@pytest.mark.parametrize(
    "text",
    [
        "role: none            # ours: we sell\n",
        "role: none # neither\n",
        "a: 'x #3'\n",
        "price: -5\n",
        "a: x#3\n",
        "a: |\n  x #3\n  -y\n",
        "# -x #y\n",
        "a: -.5\n",
    ],
)
def test_what_is_meant_is_no_warning(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title: &amp x\n", [(7, 4, 'title: "&amp x"')]),
        ("a: b\nname: &Sons\n", [(11, 5, 'name: "&Sons"')]),
        ("tags: [&one a, b]\n", [(7, 4, "put quotes around the value, or delete it")]),
        ("tags:\n- &one a\n", [(8, 4, '- "&one a"')]),
        ("a: &x 1\nb: &x 2\n", [(3, 2, 'a: "&x 1"'), (11, 2, 'b: "&x 2"')]),
        ("a: &x 1\nb: *x\nc: &x 2\n", [(17, 2, 'c: "&x 2"')]),
    ],
)
def test_an_anchor_that_nothing_refers_to_is_a_warning(text: str, found: list[tuple[int, int, str]]) -> None:
    _, problems = parse(text, path="a.yaml")
    assert [(one.code, one.severity) for one in problems] == [("yaml-lost-text", "warning")] * len(found)
    assert [(one.at.start, one.at.length, one.hint) for one in problems] == found


@pytest.mark.parametrize(
    "text",
    ["a: &x 1\nb: *x\n", "a: &x {b: 1}\n", 'a: "&amp x"\n', "a: M&S\n", "a: x &amp y\n", "&k a: 1\nb: *k\n"],
)
def test_an_anchor_that_serves_is_no_warning(text: str) -> None:
    assert parse(text, path="a.yaml")[1] == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{capacity: 0,5 l, weight: 380 g}", {"capacity": "0,5 l", "weight": "380 g"}),
        ("{price: 1.049,00 EUR}", {"price": "1.049,00 EUR"}),
        ("a: {b: {c: 4,5}, d: 1}", {"a": {"b": {"c": "4,5"}, "d": "1"}}),
        ("{\n  a: 0,5 l,   # with lid\n  b: 1,2 kg     # without\n}\n", {"a": "0,5 l", "b": "1,2 kg"}),
        ("{5: 3 l, a: 0,5}", {"5": "3 l", "a": "0,5"}),
    ],
)
def test_a_number_in_braces_keeps_its_comma(text: str, value: object) -> None:
    assert parse(text, path="a.yaml") == (value, ())


@pytest.mark.parametrize(
    ("text", "start", "hint"),
    [
        ("{do: Wipe it, and dry it}", 5, 'do: "Wipe it, and dry it"'),
        ("{do: Wipe , and, dry, by: me}", 5, 'do: "Wipe , and, dry"'),
        ("a: {ref: my,shop}", 9, 'ref: "my,shop"'),
        ("{n: 12, 50}", 4, 'n: "12, 50"'),
        ("{n: 12,x}", 4, 'n: "12,x"'),
        ("{x: y, x}", 4, 'x: "y, x"'),
        ('{a: "0,5", 5 l}', 11, "put quotes around a text that has a comma"),
        ('{a: 3,"5 l"}', 6, "put quotes around a text that has a comma"),
        ("{a: two\n lines, b}", 16, "put quotes around a text that has a comma"),
        ("{a: 0 # c\n,5}", 11, "put quotes around a text that has a comma"),
        ("{a: &c 0,5 l, b: *c}", 9, "put quotes around a text that has a comma"),
        ("{a: [1], b}", 9, "put quotes around a text that has a comma"),
    ],
)
def test_a_comma_in_braces_that_ends_a_text_is_told_once(text: str, start: int, hint: str) -> None:
    _, problem = only(text)
    assert (problem.code, problem.at.start, problem.hint) == ("yaml-comma", start, hint)


@pytest.mark.parametrize("text", ["{a, b}", "{a: , b: }", "{a: 1, b: ~}", "a: 1\nb:\n", '{a: "x", "b" : }'])
def test_a_key_without_a_value_that_follows_no_text_is_not_given(text: str) -> None:
    value, problems = parse(text, path="a.yaml")
    assert not problems
    assert isinstance(value, dict)
    assert None in value.values()


def test_ever_more_commas_in_braces_end_quickly() -> None:
    text = "{a: 1, " + ", ".join(f"k{number}" for number in range(20_000)) + "}"
    assert codes(text) == ["yaml-comma"]


def test_without_libyaml_the_python_parser_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {q: 1}\nb: {<<: *x}\nc: [x, ~, 'y']\nd: Fix #3\ne: |\n  x\nf: {n: 0,5 l, o: p, q}\n"
    with_c = parse(text, path="a.yaml")
    monkeypatch.setattr("ccgen.text.yaml._Loader", yaml.SafeLoader)
    assert parse(text, path="a.yaml") == with_c
    assert codes("a: [1\n") == ["yaml-syntax"]
    assert codes("[" * 5000) == ["yaml-depth"]


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
values = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


@given(values, st.booleans())
def test_documents_read_as_the_library_reads_them(value: object, flow: bool) -> None:
    text = yaml.dump(value, default_flow_style=flow, allow_unicode=True, width=60)
    expected = yaml.load(text, Loader=yaml.CBaseLoader)
    found, problems = parse(text, path="a.yaml")
    if any(problem.code in {"yaml-key", "yaml-tag", "yaml-merge", "yaml-syntax"} for problem in problems):
        return  # empty keys, binary text
    assert _with_none(found) == _with_none(expected)


def _with_none(value: object) -> object:
    if isinstance(value, dict):
        return {key: _with_none(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_none(one) for one in value]
    return None if value in ("", "~") else value
