from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ccgen.config import Config, read_config
from ccgen.load import load
from ccgen.model.loaded import Loaded
from ccgen.model.theme import Theme

SETTINGS = """
site: {title: T, url: "https://t.example/", language: en, languages: [en, zh-CN], timezone: Asia/Shanghai, currency: USD}
clock: 2026-11-21
"""


def theme(extra: dict[str, str] | None = None) -> Theme:
    return Theme(
        name="plain",
        chain=("plain",),
        styles=(),
        options={},
        templates={},
        assets={},
        directives={},
        strings={},
        extra=extra or {},
        words=frozenset(),
    )


class Shop:
    """A site on disk. Files are given as one expression; `loaded` reads it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: dict[str, str | bytes]) -> Shop:
        for path, data in {"ccgen.yaml": SETTINGS, **files}.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data if isinstance(data, bytes) else data.encode())
        return self

    def config(self, *, drafts: bool = False) -> Config:
        return read_config(self.root, drafts=drafts, environ={})[0]

    def loaded(self, extra: dict[str, str] | None = None, *, drafts: bool = False) -> Loaded:
        return load(self.config(drafts=drafts), theme(extra))

    def codes(self) -> list[str]:
        return [problem.code for problem in self.loaded().problems]

    def problem(self) -> tuple[str, str, str, str]:
        """Return the only problem: code, path, field, hint."""
        problems = self.loaded().problems
        assert len(problems) == 1, problems
        return problems[0].code, problems[0].at.path, problems[0].at.field, problems[0].hint


@pytest.fixture
def shop(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Shop]:
    return lambda files: Shop(tmp_path).write(files)


@pytest.fixture(scope="session")
def shop_at() -> Callable[[Path], Shop]:
    return Shop
