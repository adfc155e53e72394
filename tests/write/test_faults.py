"""BLD-01, 02, 03, 09, 14: whatever fails or dies at any operation, no file is torn and the next build mends all."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from write_site import ERRORS, Faulty, Site, error_of, in_child, tree

from ccgen.errors import EnvironmentFault
from ccgen.write import owned

OLD = {
    "index.html": "old home",
    "style-1.css": "old",
    "a/index.html": "old a",
    "a/gone.html": "gone",
    "x": "a file becomes a folder",
    "y/index.html": "a folder becomes a file",
    "z/w/v.html": "all goes",
}
NEW = {
    "index.html": "new home",
    "style-2.css": "new",
    "a/index.html": "new a",
    "a/b/c.html": "deep",
    "x/index.html": "x",
    "y": "y",
    "new/index.html": "whole folder",
    "new/new.css": "with an asset",
}
MINE = {"mine.txt": "mine", "a/mine.txt": "mine", "uploads/a.pdf": "mine"}
Inject = Callable[[int, Callable[[str], None]], Faulty]


@pytest.fixture
def start(quick_path: Path) -> Callable[[], Site]:
    """Return a maker of fresh copies of a site: the old pages, and files of the user."""
    model = Site(quick_path / "model")
    model.build(OLD)
    for path in MINE:
        model.put(path)
    numbers = iter(range(100_000))

    def copy() -> Site:
        root = quick_path / str(next(numbers))
        shutil.copytree(model.root, root)
        return Site(root)

    return copy


def assert_whole(site: Site) -> None:
    """Each file is old or new in whole, and nothing of the user's is touched."""
    texts = site.texts()
    assert {path: texts.get(path) for path in MINE} == MINE
    for path in texts.keys() - MINE.keys():
        assert texts[path] in {OLD.get(path), NEW.get(path)}, path
    for page, asset in (("old home", "style-1.css"), ("new home", "style-2.css")):
        assert texts["index.html"] != page or asset in texts


def assert_mended(site: Site, pages: dict[str, str] = NEW) -> None:
    """The next plain build succeeds and equals a clean one, in contents and modes."""
    result = site.build(pages)
    folders = {folder: "folder" for path in (*pages, *MINE) for folder in owned.parents(path)}
    assert tree(site.output) == pages | MINE | folders
    assert not [problem for problem in result.problems if problem.code not in {"foreign-files", "state-unusable"}]
    assert site.no_temp_left()
    assert site.build(pages).written == ()
    shutil.rmtree(site.root)


def publishing(site: Site) -> bool:
    return owned.load(str(site.output), str(site.state_dir))[0].publishing


def attempt(site: Site) -> EnvironmentFault | None:
    try:
        site.build(NEW)
    except EnvironmentFault as fault:
        return fault
    return None


@pytest.mark.parametrize("number", ERRORS, ids=lambda number: errno.errorcode[number])
def test_a_fault_at_each_operation(inject: Inject, start: Callable[[], Site], number: int) -> None:
    def strike(_: str) -> None:
        raise error_of(number)

    told = 0
    for operation in range(1, 10_000):
        site = start()
        faulty = inject(operation, strike)
        fault = attempt(site)
        faulty.number = 0
        assert_whole(site)
        if fault:
            told += 1
            assert re.search(f"`/.+`.*{ERRORS[number]}", fault.message)
            assert (fault.exit_code, bool(fault.hint)) == (3, True)
            if not publishing(site):  # nothing was begun, or all was done but for a last flush
                assert site.texts() in (OLD | MINE, NEW | MINE)
        assert_mended(site)
        if faulty.count < operation:
            break
    assert told > 60


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_stays_full(inject: Inject, start: Callable[[], Site], number: int) -> None:
    """From some operation on nothing can be written; removing works."""

    def strike(name: str) -> None:
        if name not in {"unlink", "rmdir", "scandir"}:
            raise error_of(number)

    for first in range(1, 80, 3):
        site = start()
        faulty = inject(first, strike)
        faulty.lasting = True
        fault = attempt(site)
        faulty.number = 0
        assert fault is None or ERRORS[number] in fault.message
        assert fault is not None or first > 60
        assert_whole(site)
        assert_mended(site)


def test_death_at_each_operation(inject: Inject, start: Callable[[], Site]) -> None:
    deaths = 0
    for number in range(1, 10_000):
        site = start()

        def work(site: Site = site, number: int = number) -> None:
            inject(number, lambda _: os._exit(9))
            site.build(NEW)

        code = os.waitstatus_to_exitcode(os.waitpid(in_child(work), 0)[1])
        assert code in {0, 9}
        assert_whole(site)
        if not publishing(site):
            assert site.texts() in (OLD | MINE, NEW | MINE)
        assert_mended(site, OLD if number % 2 else NEW)  # also when the author has turned back meanwhile
        if code == 0:
            break
        deaths += 1
    assert deaths > 60


@pytest.mark.parametrize("moment", ["BEGIN IMMEDIATE", "COMMIT"])
def test_death_while_state_is_saved(start: Callable[[], Site], moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Dying(sqlite3.Connection):
        def execute(self, statement: str, *rest: object) -> sqlite3.Cursor:
            if statement == moment:
                os._exit(9)
            return super().execute(statement, *rest)

    site, real = start(), sqlite3.connect

    def work() -> None:
        sqlite3.connect = partial(real, factory=Dying)
        site.build(NEW)

    assert os.waitstatus_to_exitcode(os.waitpid(in_child(work), 0)[1]) == 9
    assert_whole(site)
    assert_mended(site)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_death_at_random_times(start: Callable[[], Site], sent: int) -> None:
    chance = random.Random(20)
    site = start()
    begun = time.monotonic()
    os.waitpid(in_child(lambda: site.build(NEW)), 0)
    whole = time.monotonic() - begun
    for _ in range(20):
        site = start()
        child = in_child(lambda site=site: site.build(NEW))
        time.sleep(chance.uniform(0, whole * 1.1))
        os.kill(child, sent)
        os.waitpid(child, 0)
        assert_whole(site)
        assert_mended(site)


def test_the_user_stops_a_build(start: Callable[[], Site]) -> None:
    """BLD-14: before publishing nothing changes, the lock is free, no staging is left."""

    def stop() -> None:
        raise KeyboardInterrupt

    site = start()
    with pytest.raises(KeyboardInterrupt):
        site.build(NEW, before=stop)
    assert site.texts() == OLD | MINE
    assert site.no_temp_left()
    assert_mended(site)


def test_a_reader_while_we_publish(quick_path: Path) -> None:
    """BLD-09: it never gets half a file, nor a page whose asset is not there."""
    site = Site(quick_path)

    def pages(number: int) -> dict[str, str]:
        asset = f"assets/{number}.css"
        page = f"<{asset}>" + str(number % 10) * 5000
        return {f"p{i}.html": page for i in range(5)} | {"in/q.html": page, asset: str(number) * 1000}

    def read() -> None:
        chance = random.Random(1)
        for _ in range(1000):
            file = site.output / chance.choice(["p0.html", "p4.html", "in/q.html"])
            text = file.read_text()
            asset, filler = text[1:].split(">")
            assert len(filler) == 5000
            assert len(set(filler)) == 1
            if not (site.output / asset).exists():
                assert file.read_text() != text  # the page was replaced meanwhile, and its asset pruned after it

    site.build(pages(0))
    readers = [in_child(read) for _ in range(2)]
    for number in range(1, 40):
        site.build(pages(number))
    assert [os.waitpid(child, 0)[1] for child in readers] == [0, 0]
