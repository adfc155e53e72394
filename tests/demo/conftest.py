from __future__ import annotations

from pathlib import Path

import pytest

pytest.register_assert_rewrite("compared", "readback", "truth")  # before they are imported

from compared import NOW, Site  # noqa: E402
from demo_site import BASE, LATER, UNDER, build_demo  # noqa: E402
from truth import LANGUAGES, moment  # noqa: E402


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


@pytest.fixture(params=[NOW, LATER])
def clock(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=LANGUAGES)
def site(request: pytest.FixtureRequest, clock: str) -> Site:
    """One language of the demo, built at one clock."""
    root = request.getfixturevalue("demo" if clock == NOW else "demo_later")
    return Site(root, str(request.param), moment(clock), moment(clock))
