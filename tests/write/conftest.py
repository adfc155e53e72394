from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from write_site import Faulty, Site

from ccgen.write import files


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """A temporary folder in memory, where there is one: loops over every operation flush often."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def inject(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[str], None]], Faulty]:
    real = files._renameat2

    def install(number: int, strike: Callable[[str], None]) -> Faulty:
        faulty = Faulty(number, strike)

        def renameat2(source: str, target: str, flags: int) -> bool:
            faulty.hit("renameat2")
            return real(source, target, flags)

        monkeypatch.setattr(files, "os", faulty)
        monkeypatch.setattr(files, "_renameat2", renameat2)
        return faulty

    return install
