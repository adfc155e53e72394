from __future__ import annotations

from pathlib import Path

import pytest
from demo_site import BASE, LATER, UNDER, build_demo


@pytest.fixture(scope="session")
def demo(common: Path) -> Path:
    """The output of the demo at its own address."""
    return build_demo(common / "demo", BASE)


@pytest.fixture(scope="session")
def demo_under(common: Path) -> Path:
    """The output of the demo under a base path."""
    return build_demo(common / "demo-under", UNDER)


@pytest.fixture(scope="session")
def demo_later(common: Path) -> Path:
    """The output of the demo, built when every price that was seen somewhere has gone stale."""
    return build_demo(common / "demo-later", BASE, clock=LATER)
