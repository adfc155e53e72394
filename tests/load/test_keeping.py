"""What was read comes back from its bytes as it was: every article and record of the demo."""

from __future__ import annotations

import pickle
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccgen.config import read_config
from ccgen.load import load
from ccgen.load.articles import Made
from ccgen.load.keeping import Read, Typed, pack_read, pack_typed, unpack_file, unpack_read, unpack_typed
from ccgen.load.theme import load_theme
from ccgen.model.loaded import Entry, Loaded
from ccgen.model.records import RECORD_KINDS
from ccgen.write.readings import Readings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    config, _ = read_config(ROOT, environ={})
    return load(config, load_theme(config)[0])


def test_every_article_of_the_demo_comes_back_as_it_was(loaded: Loaded) -> None:
    assert len(loaded.articles) > 40
    for article in loaded.articles:
        read = Read(articles=(article,), failed=frozenset({"a"}), problems=loaded.problems[:2])
        made = pack_read(read)
        assert made is not None, article.path  # else it would be read anew each time
        assert unpack_read(made) == read


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_record_of_the_demo_comes_back_as_it_was(loaded: Loaded, kind: str) -> None:
    table: Mapping[tuple[str, str], Entry[Any]] = getattr(loaded, kind)
    assert table
    for ident, lang in table:
        if lang != "en":
            continue
        typed = Typed((table[ident, "en"], table[ident, "zh-CN"]), loaded.problems[:2])
        made = pack_typed(typed, kind)
        assert made is not None, ident  # else it would be typed anew each time
        again = unpack_typed(made, kind)
        assert again == typed
        assert [type(one.record) for one in again.entries] == [RECORD_KINDS[kind]] * 2


def test_a_language_without_words_of_its_own_holds_the_same_record(loaded: Loaded) -> None:
    entry = loaded.products["yueya", "en"]
    other = msgspec.structs.replace(entry, lang="de", fallback=frozenset({"name"}))
    made = pack_typed(Typed((entry, other)), "products")
    alone = pack_typed(Typed((entry,)), "products")
    assert made is not None
    assert alone is not None
    assert len(made) < len(alone) + 20
    again = unpack_typed(made, "products")
    assert again == Typed((entry, other))
    assert again.entries[0].record is again.entries[1].record


def test_a_record_with_free_keys_is_kept_only_if_they_come_back(loaded: Loaded) -> None:
    entry = next(iter(loaded.makers.values()))
    for extra, comes_back in (({"a": ["b"], "c": {"d": True}}, True), ({"a": ("b",)}, False)):
        record = msgspec.structs.replace(entry.record, extra=extra)
        typed = Typed((msgspec.structs.replace(entry, record=record),))
        made = pack_typed(typed, "makers")
        assert (made is not None) is comes_back
        if made is not None:
            assert unpack_typed(made, "makers") == typed


def test_a_declared_list_of_free_keys_comes_back(shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records and articles that have one are not read anew each time."""
    site = shop(
        {
            "ccgen.yaml": 'site: {title: T, url: "https://t.example/", timezone: UTC, currency: USD, language: en, languages: [en, zh-CN]}\nextra: {uses: "[text]", sizes: "[int]"}\n',
            "content/makers/wu.yaml": "name: Wu\nextra: {uses: [tea, rain], sizes: 7, own: [a]}\n",
            "content/stories/a.md": "---\ntitle: A\ndate: 2026-11-01\nextra: {uses: [tea]}\n---\nText.\n",
        }
    )
    found, looks = [], []
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 2_000_000_000)  # files are settled
    for _ in range(2):
        readings = Readings(tmp_path / "state", "versions")
        found.append(load(site.config(), load_theme(site.config())[0], kept=readings))
        readings.save()
        looks.append((tmp_path / "state/readings.db").stat().st_mtime_ns)
    assert found[0].makers["wu", "en"].record.extra == {"uses": ["tea", "rain"], "sizes": [7], "own": ["a"]}
    assert found[1] == found[0]
    assert looks[1] == looks[0]  # nothing was read that had to be kept


def test_an_article_with_free_keys_is_kept_only_if_they_come_back(loaded: Loaded) -> None:
    article = loaded.articles[0]
    for extra, comes_back in (({"a": ["b"], "c": {"d": "e"}}, True), ({"a": ("b",)}, False)):
        meta = msgspec.structs.replace(article.meta, extra=extra)
        read = Read(articles=(msgspec.structs.replace(article, meta=meta),))
        made = pack_read(read)
        assert (made is not None) is comes_back
        if made is not None:
            assert unpack_read(made) == read


def test_an_article_travels_as_what_is_kept(loaded: Loaded) -> None:
    for article in loaded.articles[:10]:
        sent = Made(Read(articles=(article,)), [b"digest"], {article.digest: b"body"})
        assert sent.made is not None
        data = pickle.dumps(sent, protocol=5)
        assert len(data) < len(sent.made) + 200  # and not as values beside it
        come = pickle.loads(data)
        assert vars(come) == vars(sent)


def test_an_article_that_cannot_be_kept_travels_too(loaded: Loaded) -> None:
    article = loaded.articles[0]
    meta = msgspec.structs.replace(article.meta, extra={"a": ("b",)})
    sent = Made(Read(articles=(msgspec.structs.replace(article, meta=meta),)), [b"digest"], {})
    come = pickle.loads(pickle.dumps(sent, protocol=5))
    assert (come.read, come.made) == (sent.read, None)


def test_the_demo_is_the_same_when_it_is_recalled(loaded: Loaded, tmp_path: Path) -> None:
    config, _ = read_config(ROOT, environ={})
    theme = load_theme(config)[0]
    for _ in range(2):
        readings = Readings(tmp_path, "versions")
        assert load(config, theme, kept=readings) == loaded
        readings.save()
    assert (tmp_path / "readings.db").stat().st_size > 100_000


@pytest.mark.parametrize("made", [b"", b"\x00", b"\x93\x90\x90\x90\x90", b"\xc1", b"\x92\x91\x92\xa2en\x90\x90"])
def test_bytes_of_another_form_are_nothing(made: bytes) -> None:
    assert unpack_read(made) is None
    assert all(unpack_typed(made, kind) is None for kind in RECORD_KINDS)
    assert unpack_file(made, path="a", file="/a") is None
