"""BLD-01 for whole builds: one that is killed at any file operation, or at any moment, is mended by the next plain build."""

from __future__ import annotations

import math
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import CLOCK, Compiling, Shop, article, ccgen_command, environment, outputs_of
from write_site import Faulty, in_child, tree

from ccgen.pipeline.building import build

KILLS = int(os.environ.get("KILLED_BUILDS", "20"))
OLD: dict[str, Any] = {
    "content/notes/one.md": article("One.", title="One", tags=["A"]),
    "content/notes/goes.md": article("Goes.", title="Goes"),
    "content/pages/about.md": article("About.", title="About", date=None),
    "static/goes/a.txt": "a",
    "static/x": "a file becomes a folder",
}
NEW: dict[str, Any] = {
    "content/notes/one.md": article("One, changed. [Two](two.md)", title="First", tags=["B"]),
    "content/notes/goes.md": None,
    "content/notes/two.md": article("Two.", title="Two"),
    "static/goes/a.txt": None,
    "static/x": None,
    "static/x/y.txt": "y",
}


def at(root: Path) -> Shop:
    """Return the site that lies there."""
    site = Shop.__new__(Shop)
    site.root = root
    return site


class Model:
    """A site that was built, edited, and not built again; `old` and `new` are its outputs before and after the edit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.compiling = Compiling()
        self.shop = Shop(folder / "model", OLD, {})
        with self.compiling.once():
            self.shop.build()
        self.old, self.before = outputs_of(self.shop.output), tree(self.shop.output)
        self.shop.write(NEW)
        clean = folder / "clean"
        with self.compiling.once():
            self.shop.build(output=clean, state=folder / "clean-state")
        self.new, self.clean = outputs_of(clean), tree(clean)
        self.copies = 0

    def copy(self) -> Path:
        self.copies += 1
        root = self.folder / f"copy-{self.copies}"
        shutil.copytree(self.shop.root, root)
        return root

    def hold_whole(self, root: Path) -> None:
        """Each file is an old or a new one in whole, and no page is without its style sheets."""
        found = outputs_of(root / "site")
        for path, data in found.items():
            assert data in {self.old.get(path), self.new.get(path)}, path
        assert "index.html" in found

    def hold_mended(self, root: Path, *, back: bool) -> None:
        """A plain build equals a clean one in names, bytes and modes, also when the author has turned back meanwhile."""
        if back:
            shutil.rmtree(root / "static")
        with self.compiling.once():
            site = at(root).write({"content/notes/two.md": None, **OLD} if back else {}).build()
        assert tree(site.output) == (self.before if back else self.clean)
        names = {path.name for path in root.rglob("*")}
        assert not {name for name in names if name == "staging" or "ccgen-stage" in name or name.endswith(".new")}
        shutil.rmtree(root)


@pytest.fixture
def model(quick_path: Path) -> Model:
    return Model(quick_path)


def test_death_at_each_file_operation_of_a_build(
    model: Model, inject: Callable[[int, Callable[[str], None]], Faulty]
) -> None:
    deaths = 0
    for number in range(1, 10_000):
        root = model.copy()

        def work(root: Path = root, number: int = number) -> None:
            inject(number, lambda _: os._exit(9))
            with model.compiling.once():
                build(*at(root).config())

        code = os.waitstatus_to_exitcode(os.waitpid(in_child(work), 0)[1])
        assert code in {0, 9}
        model.hold_whole(root)
        model.hold_mended(root, back=number % 2 == 1)
        if code == 0:
            break
        deaths += 1
    assert deaths > 100


def test_a_build_killed_at_any_moment(model: Model) -> None:
    """The command itself, with the processes that it starts."""
    chance = random.Random(KILLS)
    usual, killed = math.inf, 0
    for number in range(-1, KILLS + 1):  # the first compiles templates, the second says how long one takes
        root = model.copy()
        begun = time.monotonic()
        command = [ccgen_command(), "build", "-s", str(root), "--clock", CLOCK, "--jobs", "2"]
        running = subprocess.Popen(
            command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            code = running.wait(timeout=usual * chance.uniform(0.2, 1.05) if number > 0 else 60)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            code = running.wait(timeout=60)
        if number >= 0 and code == 0:
            usual = min(usual, time.monotonic() - begun)
        assert code in ({0, -signal.SIGKILL} if number > 0 else {0})
        killed += code != 0
        model.hold_whole(root)
        model.hold_mended(root, back=number % 2 == 1)
    assert killed > KILLS // 2
