from __future__ import annotations

from pathlib import Path

import pytest
from demo_site import BASE, UNDER, build_demo


@pytest.fixture(scope="session")
def demo(common: Path) -> Path:
    """The output of the demo at its own address."""
    return build_demo(common / "demo", BASE)


@pytest.fixture(scope="session")
def demo_under(common: Path) -> Path:
    """The output of the demo under a base path."""
    return build_demo(common / "demo-under", UNDER)
