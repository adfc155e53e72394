"""What a theme's files declare, kept from build to build: the same theme and the same problems, and after any change afresh."""

from __future__ import annotations

from typing import Any

import pytest

from ccgen.load import theme as loading
from ccgen.load.theme import load_theme
from ccgen.model.kept import Shelf
from tests.support import Content, Shop, ShopMaker

THEME = "themes/mine/theme.yaml"
GOOD = {
    THEME: "version: 1.0.0\nextends: plain\ncontract: 1\noptions:\n  hues: {type: '[color]', default: [red, blue]}\n",
    "themes/mine/templates/parts/note.html": "{% include 'parts/teaser.html' %}",
    "themes/mine/i18n/en.yaml": "mine_found:\n  one: one thing\n  other: '{count} things'\nmine_says: He says {name}\n",
    "themes/mine/directives/note.yaml": "form: [leaf, container]\nlabel: optional\nlinks: none\nparams:\n  size: {type: choice, choices: [s, m], default: m}\n",
    "themes/mine/directives/note.html": "{{ label }}",
    "directives/own.yaml": "form: leaf\nrecords: product*\n",
    "directives/own.html": "own",
}
FAULTS: dict[str, dict[str, Content]] = {
    "good": {},
    "a name that is none": {"themes/mine/templates/parts/note.html": "{% include 'parts/absent.html' %}"},
    "a ring": {"themes/mine/templates/parts/note.html": "{% include 'parts/note.html' %}"},
    "a bad declaration": {"themes/mine/directives/note.yaml": "form: leaves\n"},
    "a string without its place": {"themes/mine/i18n/de.yaml": "mine_says: Er sagt\n"},
    "bytes that are no text": {"themes/mine/templates/parts/note.html": b"\xff"},
    "no template": {"directives/own.html": None},
}


class Memory:
    """A shelf that counts."""

    def __init__(self) -> None:
        self.made: dict[bytes, bytes] = {}
        self.taken = 0

    def take(self, key: bytes) -> bytes | None:
        self.taken += key in self.made
        return self.made.get(key)

    def put(self, key: bytes, made: bytes) -> None:
        self.made[key] = made


def themed(shop: ShopMaker, **settings: Any) -> Shop:
    return shop(GOOD, settings={"theme": "mine", **settings})


def loaded(site: Shop, shelf: Shelf | None = None) -> object:
    config, _ = site.config()
    return load_theme(config, shelf) if shelf else load_theme(config)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_kept_is_what_would_be_read(shop: ShopMaker, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    site = themed(shop, site={"languages": ["en", "xx"]}).write(FAULTS[fault])
    shelf = Memory()
    fresh = loaded(site)
    assert loaded(site, shelf) == fresh
    monkeypatch.setattr(loading, "link_templates", None)
    assert loaded(site, shelf) == fresh
    assert shelf.taken == 1


@pytest.mark.parametrize(
    "edit",
    [
        {"themes/mine/templates/parts/note.html": "{% include 'parts/menu.html' %}"},
        {"themes/mine/templates/parts/new.html": "new"},
        {"themes/mine/i18n/en.yaml": "mine_says: She says {name}\n"},
        {"themes/mine/directives/note.yaml": "form: leaf\n"},
        {"directives/own.yaml": "form: inline\n"},
        {"directives/own.yaml": None, "directives/own.html": None},
        {"themes/mine/templates/parts/note.html": None, "themes/mine/templates/parts/moved.html": "moved"},
    ],
)
def test_a_change_of_any_file_is_seen(shop: ShopMaker, edit: dict[str, Content]) -> None:
    site = themed(shop)
    shelf = Memory()
    before = loaded(site, shelf)
    site.write(edit)
    after = loaded(site, shelf)
    assert after == loaded(site)
    assert after != before
    assert shelf.taken == 0


def test_languages_count(shop: ShopMaker) -> None:
    site = themed(shop)
    shelf = Memory()
    loaded(site, shelf)
    for languages in (["en", "zh-CN"], ["en"], ["en", "xx"]):
        site.set(site={"languages": languages})
        assert loaded(site, shelf) == loaded(site)
    assert shelf.taken == 0


def test_bytes_of_another_form_are_read_past(shop: ShopMaker) -> None:
    site = themed(shop)
    shelf = Memory()
    fresh = loaded(site, shelf)
    shelf.made = dict.fromkeys(shelf.made, b"\x93\x01\x02\x03")
    assert loaded(site, shelf) == fresh
