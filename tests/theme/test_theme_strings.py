"""The words of themes: complete, alike in their places, and laid over each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from theme_site import codes, load

from ccgen.model import records

MINE = "themes/mine/theme.yaml"
ENGLISH = 'hello: "Hello {name}"\nthings: {one: One thing, other: "{count} things"}\n'


def test_plain_has_every_string_that_its_templates_ask_for(tmp_path: Path) -> None:
    theme, _ = load(tmp_path, {}, name="plain", languages="en, zh-CN")
    english = theme.strings["en"]
    asked = {key for one in theme.templates.values() for key in re.findall(r"\bt\('([a-z_]+)'[,)]", one.text)}
    asked |= {key for one in theme.templates.values() for key in re.findall(r"'(go|go_[a-z]+)'", one.text)}
    assert asked - english.keys() == set()
    assert theme.strings["zh-CN"].keys() == english.keys()


def values(annotation: object) -> tuple[str, ...]:
    return tuple(annotation.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("start", "names"),
    [
        ("stock_", tuple(name for name in values(records.Availability) if name != "unknown")),
        ("obtained_", values(records.Obtained)),
        ("interest_", values(records.How)),
        ("condition_", tuple(name for name in values(records.Condition) if name != "new")),
        ("kind_", tuple(records.ARTICLE_KINDS)),
        ("list_", ("section", "tag", "series")),
        ("related_", ("product", "maker", "series", "tag")),
        ("mark_", ("own", "stall", "affiliate", "gift", "loan", "sponsored")),
        ("disclosure_", ("own", "stall", "affiliate", "gift", "loan", "sponsored")),
    ],
)
def test_plain_has_a_string_for_every_value(tmp_path: Path, start: str, names: tuple[str, ...]) -> None:
    theme, _ = load(tmp_path, {}, name="plain")
    assert {start + name for name in names} - theme.strings["en"].keys() == set()


def test_paid_links_are_called_advertising_in_chinese(tmp_path: Path) -> None:
    theme, _ = load(tmp_path, {}, name="plain", languages="en, zh-CN")
    for key in ("mark_affiliate", "mark_sponsored", "disclosure_affiliate", "disclosure_sponsored"):
        assert "广告" in str(theme.strings["zh-CN"][key])


def test_every_string_of_plain_is_used(tmp_path: Path) -> None:
    theme, _ = load(tmp_path, {}, name="plain")
    code = "".join(one.text for one in theme.templates.values())
    starts = set(re.findall(r"'([a-z]+_)' ~", code)) | {"mark_", "section_"}  # the program itself asks for these
    unused = {
        key
        for key in theme.strings["en"]
        if f"'{key}'" not in code
        and not key.startswith(tuple(starts))
        and key not in {"price_from", "moved"}  # the program itself asks for these
    }
    assert unused == set()


def test_a_child_may_change_and_add_words(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path,
        {
            MINE: "version: 1.0",
            "themes/mine/i18n/en.yaml": ENGLISH + "home: Front door\n",
            "themes/mine/i18n/zh-CN.yaml": 'hello: "{name}你好"\nthings: "{count} 件"\nhome: 大门\ntip: 提示\n',
        },
        languages="en, zh-CN",
    )
    assert problems == ()
    assert theme.strings["en"]["home"] == "Front door"
    assert theme.strings["en"]["things"] == {"one": "One thing", "other": "{count} things"}
    assert theme.strings["zh-CN"]["tip"] == "提示"
    assert theme.strings["zh-CN"]["note"] == "附注"


@pytest.mark.parametrize(
    ("chinese", "code", "field"),
    [
        ('things: "{count}"\n', "missing-string", ""),
        ('hello: "{name}"\nthings: "{count}"\nhallo: x\n', "unknown-string", "hallo"),
        ('hello: "你好"\nthings: "{count}"\n', "string-places", "hello"),
        ('hello: "{nane}"\nthings: "{count}"\n', "string-places", "hello"),
        ('hello: "{name}"\nthings: {other: "{count}", few: "{name}"}\n', "string-places", "things"),
    ],
)
def test_a_language_against_its_english(tmp_path: Path, chinese: str, code: str, field: str) -> None:
    files = {MINE: "version: 1.0", "themes/mine/i18n/en.yaml": ENGLISH, "themes/mine/i18n/zh-CN.yaml": chinese}
    _, problems = load(tmp_path, dict(files))
    assert codes(problems) == [(code, "themes/mine/i18n/zh-CN.yaml", field)]


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("hello: {name}", "bad-string", "hello"),
        ("hello: 'Hello {name'", "bad-string", "hello"),
        ("hello: 'Hello {Name}'", "bad-string", "hello"),
        ("hello: {one: a}", "bad-string", "hello"),
        ("hello: {single: a, other: b}", "bad-string", "hello"),
        ("Hello: a", "bad-string", "Hello"),
        ("hello:", "bad-string", "hello"),
        ("- hello", "wrong-type", ""),
    ],
)
def test_faults_of_strings(tmp_path: Path, text: str, code: str, field: str) -> None:
    _, problems = load(tmp_path, {MINE: "version: 1.0", "themes/mine/i18n/en.yaml": text})
    assert codes(problems) == [(code, "themes/mine/i18n/en.yaml", field)]


def test_files_that_are_no_language(tmp_path: Path) -> None:
    files = {MINE: "version: 1.0", "themes/mine/i18n/english words.yaml": "a: b", "themes/mine/i18n/de.txt": ""}
    _, problems = load(tmp_path, dict(files))
    assert [code for code, _, _ in codes(problems)] == ["bad-name", "bad-name"]


def test_a_language_that_no_theme_speaks_is_a_warning_and_gets_english(tmp_path: Path) -> None:
    theme, problems = load(tmp_path, {}, name="plain", languages="en, de")
    assert codes(problems) == [("missing-language", "ccgen.yaml", "site.languages")]
    assert problems[0].severity == "warning"
    assert f"all {len(theme.strings['en'])} of its own" in problems[0].message
    assert theme.strings["de"] == theme.strings["en"]
