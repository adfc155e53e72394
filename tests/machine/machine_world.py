"""A site that is built after each edit, once as its owner does and once from nothing, and how the two are compared."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from machine_edits import Edit
from machine_site import Choose, Sources
from support import Compiling

from ccgen.config import read_config
from ccgen.errors import ContentError, Problem
from ccgen.jobs import executor, pool
from ccgen.model.work import Workers, alone
from ccgen.pipeline.building import build
from ccgen.pipeline.unchanged import Built

# What is said of the output folder and of the record: a clean build has neither.
OF_THE_FOLDER = {"edited-output", "foreign-files", "state-unusable"}
AHEAD = 2_000_000_000  # ns: more than what a file must be at rest before its times are believed
Tree = dict[str, tuple[int, bytes]]
USUAL = Compiling()


class Outcome(NamedTuple):
    """What a build said and whether it went through."""

    built: Built | None
    problems: tuple[Problem, ...]

    @property
    def told(self) -> list[Problem]:
        return [one for one in self.problems if one.code not in OF_THE_FOLDER]


class World:
    """A site, its output folder and its state. `after` makes an edit and holds the build that follows to a clean one.

    The wall clock of a build is some seconds ahead of the edits, or it is not: then a file's times prove nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "shop"
        self.sources = Sources(self.root)
        self.flags: dict[str, Any] = {}
        self.good_flags = self.flags
        self.mine: dict[str, bytes] = {}  # files of the owner in the output
        self.steps = 0
        self.failed = 0
        self.told: list[str] = []  # by the last build
        self._usual, self._clean = USUAL, Compiling()
        self._pool = pool.Pool(2, folder / "snapshots")
        self.tree: Tree = {}
        self.good: Mapping[str, bytes] = self.sources.snapshot()
        self.settle_well(always_first)

    @property
    def output(self) -> Path:
        return self.root / "site"

    @property
    def state(self) -> Path:
        return self.root / ".ccgen"

    # --- one step ---

    def after(self, edit: Edit, pick: Choose) -> None:
        """Make an edit of the sources, build, and compare."""
        edit(self.sources, pick)
        self.settle(pick)

    def befall(self, act: Callable[[World, Choose], None], pick: Choose) -> None:
        """Let something happen, build, and compare."""
        act(self, pick)
        self.settle(pick)

    def back_to(self, snapshot: Mapping[str, bytes], pick: Choose) -> None:
        """Make the site what it was when it was good, and build it."""
        self.sources.restore(snapshot, pick)
        self.flags = {}
        outcome = self.build(pick)
        assert outcome.built is not None, shown(outcome.told)
        self.good, self.good_flags = snapshot, self.flags
        self.tree = tree_of(self.output, but=self.mine)

    def settle(self, pick: Choose) -> None:
        """Build; what is faulty is mended now, or stays until a later step."""
        if self.settle_well(pick):
            return
        self.failed += 1
        if pick([True, True, False]):
            self.sources.restore(self.good, pick)
            self.flags = self.good_flags
            assert self.settle_well(pick), ("what was good before is faulty now", self.told)

    def settle_well(self, pick: Choose) -> bool:
        """Build as the owner does and from nothing, and compare; say whether the site could be built."""
        self.steps += 1
        before = tree_of(self.output)
        usual, clean = self.build(pick), self.build_clean()
        assert shown(usual.told) == shown(clean.told), several_said(usual, clean)
        assert (usual.built is None) == (clean.built is None)
        self.told = shown(usual.told)
        if usual.built is None:
            assert differing(tree_of(self.output), before) == [], "a build that failed has changed the output"
            return False
        self.good, self.good_flags = self.sources.snapshot(), self.flags
        self.tree = tree_of(self.output, but=self.mine)
        assert differing(self.tree, tree_of(self.folder / "clean")) == []
        for path, data in self.mine.items():
            assert (self.output / path).read_bytes() == data
        return True

    def build(self, pick: Choose, progress: Callable[[str, int, int], None] | None = None) -> Outcome:
        workers: Workers = pick([*[alone] * 7, self._pool])  # processes cost much on a small site
        ahead = pick([AHEAD, AHEAD, 0])
        first = patch.object(executor, "_WAITS", 30)  # helpers get what there is, before this process
        with self._usual.once(), clock_ahead(ahead), patch.object(pool, "_WORTH", 0.03), first:
            return attempt(self.root, self.flags, workers, progress)

    def build_clean(self) -> Outcome:
        output, state = self.folder / "clean", self.folder / "clean-state"
        for folder in (output, state):
            shutil.rmtree(folder, ignore_errors=True)
        if self.steps % 50 == 0:
            self._clean.codes.clear()
        with self._clean.once():
            return attempt(self.root, {**self.flags, "output": output, "state": state})

    def build_again(self) -> None:
        """Nothing has changed: nothing may be drawn, written or said twice, whether files' times are believed or not."""
        for ahead in (0, AHEAD, AHEAD):
            with self._usual.once(), clock_ahead(ahead):
                built, problems = attempt(self.root, self.flags)
            assert built is not None
            assert {one.code for one in problems}.isdisjoint(OF_THE_FOLDER), "what is said once is said again"
            assert built.rendered == ()
            assert (built.published.written, built.published.removed) == ((), ())


def always_first(options: Any) -> Any:
    return options[0]


def attempt(
    root: Path,
    flags: Mapping[str, Any],
    workers: Workers = alone,
    progress: Callable[[str, int, int], None] | None = None,
) -> Outcome:
    try:
        config, warnings = read_config(root, environ={}, **flags)
        built = build(config, warnings, progress, workers)
    except ContentError as error:
        return Outcome(None, error.problems)
    return Outcome(built, built.warnings)


@contextmanager
def clock_ahead(by: int) -> Iterator[None]:
    """Let the wall clock go before the times of files by `by` ns, as if a build began that long after the last edit."""
    real = time.time_ns
    with patch.object(time, "time_ns", lambda: real() + by):
        yield


def tree_of(folder: Path, *, but: Mapping[str, bytes] | None = None) -> Tree:
    """Return every file and folder with its mode, and what a file holds."""
    found: Tree = {}
    pending = [folder] if folder.is_dir() else []
    while pending:
        for entry in os.scandir(pending.pop()):
            path, status = Path(entry.path), entry.stat(follow_symlinks=False)
            name = path.relative_to(folder).as_posix()
            if but and name in but:
                continue
            if stat.S_ISDIR(status.st_mode):
                pending.append(path)
                found[name + "/"] = stat.S_IMODE(status.st_mode), b""
            else:
                found[name] = stat.S_IMODE(status.st_mode), path.read_bytes()
    return found


def differing(left: Tree, right: Tree) -> list[str]:
    """Return what is not in both trees with the same bytes and mode, each with the first line that differs."""
    found = []
    for path in sorted(left.keys() | right.keys()):
        (mode, data), (other_mode, other) = left.get(path, (0, b"")), right.get(path, (0, b""))
        if (mode, data) != (other_mode, other):
            lines = zip(data.splitlines(), other.splitlines(), strict=False)
            found.append(f"{path}: {next(((a, b) for a, b in lines if a != b), (oct(mode), oct(other_mode)))}")
    return found


def shown(problems: list[Problem]) -> list[str]:
    return [f"{one.severity} {one.code} {one.at}: {one.message} ({one.hint})" for one in problems]


def several_said(usual: Outcome, clean: Outcome) -> str:
    """Return what only one of two builds said."""
    left, right = shown(usual.told), shown(clean.told)
    lines = [f"only incremental: {one}" for one in left if one not in right]
    lines += [f"only clean: {one}" for one in right if one not in left]
    return "\n".join(lines or ["in another order", *left, "and clean", *right])
