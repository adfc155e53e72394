from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from support import Content, Shop, ShopMaker


@pytest.fixture
def shop(tmp_path: Path) -> ShopMaker:
    """Write a site: `shop({"content/notes/a.md": "…"}, settings={…})`; `name` keeps several apart."""

    def make(
        files: Mapping[str, Content] | None = None, *, settings: Mapping[str, Any] | None = None, name: str = "shop"
    ) -> Shop:
        return Shop(tmp_path / name, files or {}, settings or {})

    return make


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of one test run share: see `support.alone`."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent
