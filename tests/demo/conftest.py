from __future__ import annotations

from pathlib import Path

import pytest
from demo_site import BASE, UNDER, build_demo, common_folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The output of the demo at its own address."""
    return build_demo(common_folder(worker_id, tmp_path_factory.getbasetemp()) / "demo", BASE)


@pytest.fixture(scope="session")
def demo_under(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The output of the demo under a base path."""
    return build_demo(common_folder(worker_id, tmp_path_factory.getbasetemp()) / "demo-under", UNDER)
