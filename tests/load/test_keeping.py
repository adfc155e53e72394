"""What was read comes back from its bytes as it was: every article and record of the demo."""

from __future__ import annotations

import pickle
from pathlib import Path

import msgspec
import pytest

from ccgen.config import read_config
from ccgen.load import load
from ccgen.load.articles import Made
from ccgen.load.keeping import Read, pack_read, unpack_file, unpack_pieces, unpack_read
from ccgen.load.theme import load_theme
from ccgen.model.loaded import Loaded
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
        sent = Made(Read(articles=(article,)), [b"digest"])
        assert sent.made is not None
        data = pickle.dumps(sent, protocol=5)
        assert len(data) < len(sent.made) + 200  # and not as values beside it
        come = pickle.loads(data)
        assert (come.read, come.made, come.digests) == (sent.read, sent.made, sent.digests)


def test_an_article_that_cannot_be_kept_travels_too(loaded: Loaded) -> None:
    article = loaded.articles[0]
    meta = msgspec.structs.replace(article.meta, extra={"a": ("b",)})
    sent = Made(Read(articles=(msgspec.structs.replace(article, meta=meta),)), [b"digest"])
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


@pytest.mark.parametrize("made", [b"", b"\x00", b"\x93\x90\x90\x90\x90", b"\xc1"])
def test_bytes_of_another_form_are_nothing(made: bytes) -> None:
    assert unpack_read(made) is None
    assert unpack_pieces(made) is None
    assert unpack_file(made, path="a", file="/a") is None
