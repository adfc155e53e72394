"""Patterns that are compiled when they are first used: each can be, and does as it should."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from ccgen.text import patterns
from ccgen.text.patterns import late

PACKAGE = Path(patterns.__file__).parents[1]


def test_a_late_pattern_is_compiled_once_and_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = late(r"(a)(b)", re.IGNORECASE)
    found = pattern.search("xAB")
    assert found is not None
    assert found.groups() == ("A", "B")
    monkeypatch.setattr(re, "compile", None)
    assert pattern.search("y") is None


def test_every_late_pattern_can_be_compiled() -> None:
    using = [path for path in PACKAGE.rglob("*.py") if " late(" in path.read_text(encoding="utf-8")]
    names = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in using]
    modules = [importlib.import_module(name.removesuffix(".__init__")) for name in names]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, patterns._Late)]
    assert len(found) > 30
    for one in found:
        assert isinstance(one.pattern, str)
