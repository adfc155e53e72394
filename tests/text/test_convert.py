from __future__ import annotations

import sys
from typing import Annotated, Literal

import msgspec
import pytest

from ccgen.errors import Problem
from ccgen.model.records import (
    CategoryRecord,
    MerchantRecord,
    NoteMeta,
    OfferRecord,
    ProductRecord,
    ReviewMeta,
    StoryMeta,
)
from ccgen.text.annotations import is_word
from ccgen.text.convert import convert, convert_any, shape_of
from ccgen.text.yaml import parse

REVIEW = """
title: A kettle
date: 2025-10-02
product: harrow
evidence: {obtained: bought, price_paid: 149.00, until: , photos: [bench.jpg]}
"""


def read(text: str, struct: type, prefix: str = ""):
    value, problems = parse(text, path="a.yaml")
    assert problems == ()
    return convert(value, struct, path="a.yaml", prefix=prefix)


def one(text: str, struct: type = StoryMeta) -> Problem:
    value, problems = read(text, struct)
    assert value is None
    assert len(problems) == 1, problems
    return problems[0]


def test_a_good_review_has_its_types() -> None:
    meta, problems = read(REVIEW + "rating: 4.5\ntags: tea\nauthors: tom\ndraft: yes\nscores: {pour: 5}\n", ReviewMeta)
    assert problems == ()
    assert meta.tags == ("tea",)
    assert meta.authors == ("tom",)
    assert meta.draft is True
    assert meta.rating == "4.5"
    assert meta.scores == {"pour": "5"}
    assert meta.evidence.until is None
    assert meta.evidence.photos[0].src == "bench.jpg"


def test_shorthands() -> None:
    meta, _ = read("image: a.png\nseries: Mornings\n", StoryMeta)
    assert (meta.image.src, meta.series.name) == ("a.png", "Mornings")
    product, _ = read("name: A\noffers: https://shop.example/1\nchoices: {engraving: six letters}\n", ProductRecord)
    assert product.offers[0].url == "https://shop.example/1"
    assert product.choices == {"engraving": ("six letters",)}
    merchant, _ = read("name: A\nrole: none\nurl: https://a.example/\naccount: 412345\n", MerchantRecord)
    assert merchant.account == {"default": "412345"}
    merchant, _ = read("name: A\nrole: none\nurl: https://a.example/\naccount: {reviews: x}\n", MerchantRecord)
    assert merchant.account == {"reviews": "x"}


def test_every_fault_is_found_at_its_own_field() -> None:
    _, problems = read(
        "name: A\noffers:\n  - {url: javascript:x, price: 12 usd, checked: soon}\n  - {pirce: 3, merchant: a}\n",
        ProductRecord,
    )
    assert [(problem.at.field, problem.code, problem.at.on_key) for problem in problems] == [
        ("offers[0].url", "bad-url", False),
        ("offers[0].price", "bad-money", False),
        ("offers[0].checked", "bad-date", False),
        ("offers[1].pirce", "unknown-key", True),
    ]
    assert problems[1].hint == "price: 12 USD"
    assert problems[3].hint == "did you mean `price`?"


def test_a_prefix_names_where_the_value_itself_stands() -> None:
    _, problems = read("price: x\n", OfferRecord, prefix="[12]")
    assert problems[0].at.field == "[12].price"


@pytest.mark.parametrize(
    ("text", "struct", "code", "field", "hint"),
    [
        ("author: tom\n", StoryMeta, "unknown-key", "author", "did you mean `authors`?"),
        ("titel: x\n", StoryMeta, "unknown-key", "titel", "did you mean `title`?"),
        ("name: x\nbrand: y\n", ProductRecord, "unknown-key", "brand", "did you mean `maker`?"),
        ("weight: 3\n", StoryMeta, "unknown-key", "weight", "put keys of your own below `extra:`"),
        ("title: [a]\n", StoryMeta, "wrong-type", "title", "write one value"),
        ("title: {{ x }}\n", StoryMeta, "yaml", "", ""),
        ("draft: maybe\n", StoryMeta, "bad-flag", "draft", "write yes or no"),
        ("series: {name: a, part: x}\n", StoryMeta, "bad-number", "series.part", "write digits only, e.g. 20"),
        ("image: {alt: x}\n", StoryMeta, "missing-field", "image", "add `src:`"),
        ("image: [a.png]\n", StoryMeta, "wrong-type", "image", None),
        ("tags: [a, ~]\n", StoryMeta, "wrong-type", "tags[1]", "give a value, or delete the key"),
        ("slug: ../x\n", StoryMeta, "bad-slug", "slug", "write letters, digits and `-` only, as in `two-words`"),
        ("specs: {weight: g}\nname: x\n", CategoryRecord, "wrong-type", "specs.weight", None),
        (
            "specs: x\nname: x\n",
            ProductRecord,
            "wrong-type",
            "specs",
            "write `key: value` lines below it, or {key: value}",
        ),
        ("name: \n", CategoryRecord, "missing-field", "name", "give it a value"),
        ("{}\n", CategoryRecord, "missing-field", "", "add `name:`"),
        ("title: x\n", CategoryRecord, "unknown-key", "title", "did you mean `name`?"),
        (
            "pictures: [{src: a.png, alt: '', tagged: [{at: x, product: y}]}]\n",
            NoteMeta,
            "bad-spot",
            "pictures[0].tagged[0].at",
            None,
        ),
    ],
)
def test_faults(text: str, struct: type, code: str, field: str, hint: str | None) -> None:
    if code == "yaml":
        assert parse(text, path="a.yaml")[1]
        return
    problem = one(text, struct)
    assert (problem.code, problem.at.field) == (code, field)
    assert problem.hint == hint or hint is None


@pytest.mark.parametrize(
    ("written", "hint"),
    [("In Stock", "role: in_stock"), ("affilate", "did you mean `affiliate`?"), ("zzz", "one of: in_stock, affiliate")],
)
def test_choices(written: str, hint: str) -> None:
    class Thing(msgspec.Struct):
        role: Literal["in_stock", "affiliate"]

    _, problems = convert({"role": written}, Thing, path="a.yaml")
    assert [(problem.code, problem.hint) for problem in problems] == [("unknown-choice", hint)]


def test_what_is_no_mapping_at_all() -> None:
    for value in ("text", ["a"], None):
        typed, problems = convert(value, CategoryRecord, path="a.yaml")
        assert typed is None
        assert problems[0].code == "wrong-type"


def test_extra_stays_text_of_any_shape() -> None:
    meta, problems = read("extra: {a: 007, b: [NO, {c: on}], d: ~}\n", StoryMeta)
    assert problems == ()
    assert meta.extra == {"a": "007", "b": ["NO", {"c": "on"}]}


def test_hidden_characters_in_free_keys_are_found() -> None:
    assert one('extra: {a: "x\\u202ey"}\n').at.field == "extra.a"


def test_any_annotation_can_be_read() -> None:
    assert convert_any("yes", bool, path="a") == (True, ())
    assert convert_any("a", tuple[str, ...], path="a") == (("a",), ())
    assert convert_any("5", int | None, path="a") == (5, ())
    _, problems = convert_any("0", Annotated[int, msgspec.Meta(ge=1)], path="a")
    assert problems[0].hint == "write a number from 1"
    with pytest.raises(TypeError):
        convert_any("x", set[str], path="a")


def test_words_are_what_a_translation_may_give() -> None:
    fields = shape_of(ReviewMeta).fields
    words = {key for key, field in fields.items() if is_word(field.type)}
    assert words == {"title", "summary", "tags", "verdict", "but", "pros", "cons", "for_whom", "not_for"}


def test_a_front_matter_without_faults_takes_few_calls() -> None:
    value, _ = parse(REVIEW + "rating: 4.5\ntags: [a, b]\nverdict: good\nbut: dear\ncons: [dear]\n", path="a.yaml")
    convert(value, ReviewMeta, path="a.yaml")
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        convert(value, ReviewMeta, path="a.yaml")
    finally:
        sys.setprofile(before)
    assert 0 < calls < 70
