from __future__ import annotations

import msgspec

from ccgen.model.values import Id, Line
from ccgen.text.words import split_words


class Entry(msgspec.Struct):
    label: Line | None = None
    to: Id = ""


class Settings(msgspec.Struct):
    title: Line
    menu: tuple[Entry, ...] = ()
    notes: dict[str, Line] = {}
    tags: tuple[Line, ...] = ()


def test_words_are_taken_apart_by_language() -> None:
    value = {
        "title": "T",
        "title@zh-CN": "题",
        "menu": [{"to": "a", "label": "A", "label@fr": "Â"}, {"to": "b", "label@zh-CN": "乙"}],
        "notes": {"x": "X", "x@fr": "Ẍ"},
        "tags": ["t"],
        "tags@fr": ["é"],
    }
    base, words = split_words(value, Settings, path="a.yaml")
    assert base == {"title": "T", "menu": [{"to": "a", "label": "A"}, {"to": "b"}], "notes": {"x": "X"}, "tags": ["t"]}
    assert words.by_language["zh-CN"] == {**base, "title": "题", "menu": [base["menu"][0], {"to": "b", "label": "乙"}]}
    assert words.by_language["fr"] == {
        "title": "T",
        "menu": [{"to": "a", "label": "Â"}, {"to": "b"}],
        "notes": {"x": "Ẍ"},
        "tags": ["é"],
    }
    assert words.places == {
        "title@zh-CN": "zh-CN",
        "menu[0].label@fr": "fr",
        "menu[1].label@zh-CN": "zh-CN",
        "notes.x@fr": "fr",
        "tags@fr": "fr",
    }
    assert words.problems == ()


def test_only_words_have_a_language() -> None:
    _, words = split_words({"title": "T", "menu": [{"to@fr": "x"}], "other@fr": "y"}, Settings, path="a.yaml")
    assert [(one.code, one.at.field, one.at.on_key) for one in words.problems] == [
        ("not-a-word", "menu[0].to@fr", True),
        ("not-a-word", "other@fr", True),
    ]
    assert words.by_language == {}


def test_a_bad_word_is_reported_at_its_own_key() -> None:
    _, words = split_words({"title": "T", "title@fr": "a\nb"}, Settings, path="a.yaml")
    assert [(one.code, one.at.field) for one in words.problems] == [("bad-text", "title@fr")]


def test_what_is_no_mapping_is_left_alone() -> None:
    for value in (None, "x", ["a"]):
        assert split_words(value, Settings, path="a.yaml")[0] == value
