from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from support import Content, Shop, ShopMaker

# A test process has threads besides this one, and coverage a lock that one of them may hold at the moment of a fork; its
# child would wait for it for ever. Children that are started rather than forked are still counted.
os.register_at_fork(after_in_child=lambda: sys.settrace(None))

# How long an example takes says what else the machine does.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def shop(tmp_path: Path) -> ShopMaker:
    """Write a site: `shop({"content/notes/a.md": "…"}, settings={…})`; `name` keeps several apart."""

    def make(
        files: Mapping[str, Content] | None = None, *, settings: Mapping[str, Any] | None = None, name: str = "shop"
    ) -> Shop:
        return Shop(tmp_path / name, files or {}, settings or {})

    return make


@pytest.fixture(scope="session", autouse=True)
def _cache_folder(common: Path) -> Iterator[None]:
    """The processes of a test run share what they compile, and leave the user's cache folder alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(common / "cache"))
        yield


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of one test run share: see `support.alone`."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent
