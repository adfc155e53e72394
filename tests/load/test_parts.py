"""Names of owners: made in one place, read back by kind and id."""

from __future__ import annotations

from ccgen.model.parts import id_of, name_of, owner_kind, owner_of, owner_parts, ref


def test_an_owner_is_its_kind_and_what_sets_it_apart() -> None:
    assert owner_of("menu", "en") == "menu:en"
    assert owner_of("string", "zh-CN", "buy") == "string:zh-CN:buy"
    assert owner_of("file", "/a:b.txt") == "file:/a:b.txt"


def test_kind_and_id_are_read_back() -> None:
    owner = ref("article", "en", "reviews/a:b").owner
    assert owner == owner_of("article", "en", "reviews/a:b")
    assert (owner_kind(owner), id_of(owner)) == ("article", "reviews/a:b")
    assert owner_parts(owner) == ("article", "en", "reviews/a:b")
    assert owner_parts(owner_of("home", "en")) == ("home", "en", "")


def test_a_name_without_a_language_is_read_back() -> None:
    assert name_of(owner_of("file", "/a:b.txt")) == "/a:b.txt"
