"""Which files changed, and when that is acted on: whatever order hints come in, and whatever the system refuses."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ShopMaker, article, tick
from within import NoServer, in_session, until

from ccgen.preview import calm, session, sources
from ccgen.preview.calm import Calm
from ccgen.preview.sources import Sources
from ccgen.preview.watch import Hint, Watch

NOTE = "content/notes/a.md"
linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


class Clock:
    """Stands still until it is set; files' times are the system's."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    @staticmethod
    def time_ns() -> int:
        return time.time_ns()


@contextmanager
def clock() -> Iterator[Clock]:
    stopped = Clock()
    with patch.object(calm, "time", stopped), patch.object(sources, "time", stopped):
        yield stopped


def put(root: Path, path: str, data: str | bytes = "text") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


# --- which files -------------------------------------------------------------------------------------------------------


def known(root: Path) -> Sources:
    """Return the sources below a folder, all of them read."""
    found = Sources(root)
    while found.learn(1):
        pass
    return found


def test_only_other_bytes_are_a_change(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    ours = known(tmp_path)
    assert ours.look([str(file)]) == frozenset()
    file.touch()
    put(tmp_path, NOTE)
    assert ours.look([str(file)]) == frozenset()
    before = file.stat()
    put(tmp_path, NOTE, "tixt")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ours.look([str(file), str(file)]) == {NOTE}
    assert ours.look([str(file)]) == frozenset()


def test_a_file_that_nobody_has_read_changed_if_it_looks_otherwise(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    ours = Sources(tmp_path)
    assert ours.look([str(file)]) == frozenset()
    file.touch()
    other = Sources(tmp_path)
    tick(tmp_path)
    file.write_bytes(b"text")
    assert other.look([str(file)]) == {NOTE}


def test_what_changed_before_it_was_read_is_not_taken_for_the_old_text(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    ours = Sources(tmp_path)
    tick(tmp_path)
    put(tmp_path, NOTE, "tixt")
    while ours.learn(1):
        pass
    assert ours.look([str(file)]) == {NOTE}


@pytest.mark.parametrize(
    "path",
    [
        "content/notes/.#a.md", "content/notes/#a.md#", "content/notes/a.md~", "content/notes/.a.md.swp", "content/4913",
        "content/notes/.a.md.Xy12Zz", "content/.git/HEAD", "site/index.html", ".ccgen/preview/x", "a.md", "static/.DS_Store",
        "themes/own/.git/index", "content/notes/a.md___jb_tmp___", "site/content/notes/a.md",
    ],
)  # fmt: skip
def test_what_is_no_source_never_changes(tmp_path: Path, path: str) -> None:
    put(tmp_path, NOTE)
    ours = known(tmp_path)
    file = put(tmp_path, path)
    assert ours.look([str(file)]) == frozenset()
    assert ours.look_everywhere() == frozenset()


@pytest.mark.parametrize(
    "path", ["ccgen.yaml", "static/.well-known/x", "data/prices.csv", "directives/a.html", "themes/t/a.css"]
)
def test_what_is_a_source_changes(tmp_path: Path, path: str) -> None:
    put(tmp_path, NOTE)
    ours = known(tmp_path)
    assert ours.look([str(put(tmp_path, path))]) == {path}
    assert ours.look_everywhere() == frozenset()
    put(tmp_path, path, "other")
    assert ours.look_everywhere() == {path}


def test_a_link_that_leads_to_nothing_is_a_change(tmp_path: Path) -> None:
    put(tmp_path, NOTE)
    ours = known(tmp_path)
    link = tmp_path / "content/notes/b.md"
    link.symlink_to("nowhere.md")
    assert ours.look([str(link)]) == {"content/notes/b.md"}
    put(tmp_path, "content/notes/nowhere.md")
    assert ours.look_everywhere() == {"content/notes/b.md", "content/notes/nowhere.md"}


def test_a_file_that_is_written_by_another_of_its_names_is_seen_where_all_are_looked_at(tmp_path: Path) -> None:
    root = tmp_path / "site"
    other = put(tmp_path, "other.md")
    put(root, "content/b.md").parent.joinpath("a.md").hardlink_to(other)
    ours = known(root)
    other.write_text("words")  # of which no event tells
    assert ours.look_everywhere() == {"content/a.md"}


def test_a_file_is_gone_when_it_stays_away(tmp_path: Path) -> None:
    with clock() as now:
        file = put(tmp_path, NOTE)
        ours = known(tmp_path)
        for back in (True, False):
            file.unlink()
            assert ours.look([str(file)]) == frozenset()
            now.now += 0.39
            found, again = ours.settle()
            assert (found, again is not None) == (frozenset(), True)
            if back:
                put(tmp_path, NOTE)
                assert ours.look([str(file)]) == frozenset()
                now.now += 1
                assert ours.settle() == (frozenset(), None)
        now.now += 0.02
        assert ours.settle() == ({NOTE}, None)
        assert not ours.knows(str(file))


def test_a_file_that_is_made_anew_after_it_was_gone_has_time_to_be_written(tmp_path: Path) -> None:
    with clock() as now:
        file = put(tmp_path, NOTE)
        ours = known(tmp_path)
        file.unlink()
        ours.look([str(file)])
        now.now += 0.3
        file.touch()
        ours.look([str(file)])
        now.now += 0.3
        assert ours.settle()[0] == frozenset()
        put(tmp_path, NOTE)
        assert ours.look([str(file)]) == frozenset()
        put(tmp_path, NOTE, "")
        ours.look([str(file)])
        now.now += 0.5
        assert ours.settle()[0] == {NOTE}


def test_one_that_is_made_anew_just_before_its_time_is_over_has_time_too(tmp_path: Path) -> None:
    """Nobody has been told yet that it is there again, and empty."""
    with clock() as now:
        file = put(tmp_path, NOTE)
        ours = known(tmp_path)
        for written in (True, False):
            file.unlink()
            ours.look([str(file)])
            now.now += 0.39
            file.touch()
            now.now += 0.02
            assert ours.settle() == (frozenset(), pytest.approx(0.4))
            ours.look([str(file)])
            now.now += 0.39
            assert ours.settle() == (frozenset(), pytest.approx(0.01))
            if written:
                put(tmp_path, NOTE)
                assert ours.look([str(file)]) == frozenset()
                assert ours.settle() == (frozenset(), None)
        now.now += 0.02
        assert ours.settle() == ({NOTE}, None)


def test_what_was_empty_and_comes_back_empty_never_changed(tmp_path: Path) -> None:
    with clock() as now:
        file = put(tmp_path, NOTE, "")
        ours = known(tmp_path)
        file.unlink()
        ours.look([str(file)])
        now.now += 0.39
        file.touch()
        now.now += 0.02
        assert ours.settle() == (frozenset(), None)


def test_what_somebody_else_read_meanwhile_is_looked_at_as_new(tmp_path: Path) -> None:
    """Who read the site may have read the file when it was empty or gone; that it is as before then proves nothing."""
    file, away = put(tmp_path, NOTE), tmp_path / "away"
    other = put(tmp_path, "content/notes/b.md")
    ours = known(tmp_path)
    file.rename(away)
    ours.look([str(file)])
    ours.distrust()
    tick(tmp_path)
    away.rename(file)
    assert ours.look([str(file), str(other)]) == {NOTE}
    assert ours.look([str(file)]) == frozenset()
    ours.distrust([NOTE])
    assert ours.look([str(file)]) == frozenset()


def test_a_file_that_came_while_the_site_was_read_and_went_is_a_change(tmp_path: Path) -> None:
    with clock() as now:
        put(tmp_path, NOTE)
        ours = known(tmp_path)
        file = put(tmp_path, "static/sedXyZ")
        ours.distrust()
        file.unlink()
        assert ours.look([str(file)]) == frozenset()
        now.now += 0.5
        assert ours.settle()[0] == {"static/sedXyZ"}


def test_a_file_that_goes_between_two_looks_is_waited_for_too(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    ours = known(tmp_path)
    real = sources._mark

    def mark(name: str) -> Any:
        found = real(name)
        file.write_bytes(b"")
        return found

    file.touch()
    with patch.object(sources, "_mark", mark):
        assert ours.look([str(file)]) == frozenset()
    put(tmp_path, NOTE)
    assert ours.look([str(file)]) == frozenset()
    assert ours.settle() == (frozenset(), None)


# --- when --------------------------------------------------------------------------------------------------------------

FILES = ("content/a.md", "content/b.md", "content/n/c.md", "static/d.txt")
Step = tuple[str, int, int, float, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "write", "delete", "touch", "rename", "as old", "read by another"]),
        st.integers(0, len(FILES) - 1),
        st.integers(0, 3),
        st.sampled_from([0.0, 0.01, 0.06, 0.3, 0.45, 2.0]),
        st.integers(0, 7),
    ),
    max_size=20,
)
BYTES = (b"", b"one", b"two", b"three")


class Edited:
    """A folder that is edited, what was told of it, and what somebody who acts on that would show."""

    def __init__(self, root: Path, now: Clock) -> None:
        self.root, self.now = root, now
        for path in FILES:
            put(root, path, "first")
        self.calm = Calm(known(root))
        self.shown = self.disk()
        self.changes = dict.fromkeys(FILES, 0)  # how often each was edited, less how often it was named

    def disk(self) -> dict[str, bytes]:
        return {path: (self.root / path).read_bytes() for path in FILES if (self.root / path).exists()}

    def edit(self, kind: str, path: str, to: str, data: bytes) -> set[str]:
        file, before = self.root / path, self.disk()
        if kind == "write":
            file.write_bytes(data)
        elif kind == "as old":
            times = file.stat() if file.exists() else None
            file.write_bytes(data)
            if times:
                os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        elif kind == "read by another":
            self.calm._sources.distrust()
        elif file.exists():
            if kind == "delete":
                file.unlink()
            elif kind == "touch":
                file.touch()
            else:
                file.rename(self.root / to)
        for one, now in self.changes.items():  # saved again before it was named, it may have been read in between
            self.changes[one] = now + (before.get(one) != self.disk().get(one) or (one == path and now > 0))
        return {path, to} if kind == "rename" else {path}

    def act(self) -> None:
        named, disk = self.calm.ready(), self.disk()
        for path in named:
            self.changes[path] -= 1
            assert self.changes[path] >= 0 or self.doubted, f"{path} did not change so often"
            self.shown.pop(path, None)
            if path in disk:
                self.shown[path] = disk[path]
        if named:  # as who acts on it does: it may be read while it is gone or empty for a moment
            self.doubted |= any(not disk.get(path) for path in named)
            self.calm._sources.distrust(named)

    doubted = False


@settings(max_examples=200)
@given(steps=STEPS, polled=st.booleans(), data=st.data())
def test_after_a_while_every_file_that_changed_was_named(steps: list[Step], polled: bool, data: st.DataObject) -> None:
    """Hints come late, twice, and in any order; where they are lost, somebody says so."""
    with tempfile.TemporaryDirectory() as folder, clock() as now:
        world = Edited(Path(folder), now)
        late: list[str] = []
        for kind, number, other, pause, luck in steps:
            path, to = FILES[number], FILES[other]
            world.doubted |= kind == "read by another"
            told = [str(world.root / one) for one in world.edit(kind, path, to, BYTES[other])]
            late += [] if polled and luck == 0 else told * (2 if luck == 1 else 1)
            if luck > 2:
                for file in data.draw(st.permutations(late)) if len(late) < 6 else late:
                    world.calm.note(Hint(file, now.now, settled=luck % 2 == 0))
                late.clear()
                world.act()
            now.now += pause
        for file in ["", *late] if polled else late:
            world.calm.note(Hint(file, now.now, settled=True))
        for _ in range(100):
            world.act()
            patience = world.calm.patience()
            if patience is None:
                break
            now.now += patience + 0.001
        else:
            pytest.fail("it never comes to rest")
        assert world.shown == world.disk()


def test_a_save_alone_is_acted_on_at_once_and_a_storm_when_it_is_over(tmp_path: Path) -> None:
    files = [put(tmp_path, f"content/{number}.md") for number in range(100)]
    with clock() as now:
        ours = Calm(known(tmp_path))
        files[0].write_text("other")
        ours.note(Hint(str(files[0]), now.now, settled=True))
        assert ours.ready() == {"content/0.md"}
        assert ours.patience() is None
        for file in files[1:]:
            file.write_text("other")
            ours.note(Hint(str(file), now.now, settled=True))
            assert ours.ready() == frozenset()
            now.now += 0.01
        assert ours.patience() is not None
        now.now += 0.41
        assert len(ours.ready()) == 99
        assert ours.patience() is None


def test_a_storm_that_does_not_end_is_acted_on_all_the_same(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    with clock() as now:
        ours, acted = Calm(known(tmp_path)), 0
        for number in range(600):
            file.write_text(f"{number}")
            ours.note(Hint(str(file), now.now, settled=True))
            acted += bool(ours.ready())
            now.now += 0.1
        assert 3 <= acted <= 6


def test_a_file_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    with clock() as now:
        ours = Calm(known(tmp_path))
        file.write_text("half")
        ours.note(Hint(str(file), now.now, settled=False))
        assert ours.ready() == frozenset()
        now.now += 0.04
        file.write_text("half and half")
        ours.note(Hint(str(file), now.now, settled=True))
        assert ours.ready() == {NOTE}


# --- who tells ---------------------------------------------------------------------------------------------------------


class Told:
    """What a watch told, as `Hint`s, and warned of."""

    def __init__(self, root: Path) -> None:
        self.hints: list[Hint] = []
        self.warnings: list[str] = []
        self.watch = Watch(root, self.hints.append, self.warnings.append)

    def until(self, true: Callable[[], Any]) -> None:
        end = time.monotonic() + 20
        while not true():
            assert time.monotonic() < end, (self.hints, self.warnings)
            time.sleep(0.005)

    def tells(self, file: Path) -> None:
        self.until(lambda: any(hint.file == str(file) for hint in self.hints))


@contextmanager
def watching(root: Path, poll: float | None = None) -> Iterator[Told]:
    told = Told(root)
    told.watch.start(poll)
    try:
        yield told
    finally:
        told.watch.stop()


def test_a_folder_of_sources_may_come_late_and_again(tmp_path: Path) -> None:
    with watching(tmp_path) as told:
        for number in range(3):
            folder = tmp_path / "content"
            folder.mkdir()
            told.tells(folder)
            told.until(lambda: "content" in told.watch._watched)
            told.tells(put(tmp_path, f"content/{number}.md"))
            told.hints.clear()
            if number == 1:
                folder.rename(tmp_path / "elsewhere")
            else:
                (folder / f"{number}.md").unlink()
                folder.rmdir()
            told.tells(folder)
            told.until(lambda: "content" not in told.watch._watched)
            told.hints.clear()


def test_reading_tells_nothing(tmp_path: Path) -> None:
    file = put(tmp_path, NOTE)
    put(tmp_path, "static/first.txt")
    with watching(tmp_path) as told:
        file.read_bytes()
        list(tmp_path.rglob("*"))
        told.tells(put(tmp_path, "static/last.txt"))
        assert {hint.file for hint in told.hints if hint.file.endswith(".md")} == set()


def refuse(code: int, allowed: int) -> Callable[..., int]:
    """Return what gives out so many watches, and refuses more."""
    from watchdog.observers import inotify_c

    real, given_out = inotify_c.inotify_add_watch, []

    def add(*args: Any) -> int:
        if len(given_out) < allowed:
            given_out.append(args)
            return int(real(*args))
        ctypes.set_errno(code)
        return -1

    return add


@linux
@pytest.mark.parametrize("allowed", [0, 1, 2, 5])
def test_where_watches_run_out_files_are_looked_at_by_the_clock(tmp_path: Path, allowed: int) -> None:
    for number in range(10):
        put(tmp_path, f"content/{number}/a.md")
    with (
        patch("watchdog.observers.inotify_c.inotify_add_watch", refuse(errno.ENOSPC, allowed)),
        watching(tmp_path) as told,
    ):
        told.until(lambda: told.warnings)
        assert "fs.inotify.max_user_watches" in told.warnings[0]
        assert "space" not in told.warnings[0]
        told.until(lambda: any(hint.file == "" for hint in told.hints))
        assert len(told.warnings) == 1


@linux
@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_where_watches_run_out_nothing_goes_on_that_nobody_ends(tmp_path: Path, allowed: int) -> None:
    put(tmp_path, NOTE)
    before = set(threading.enumerate())
    with (
        patch("watchdog.observers.inotify_c.inotify_add_watch", refuse(errno.ENOSPC, allowed)),
        watching(tmp_path) as told,
    ):
        told.until(lambda: any(hint.file == "" for hint in told.hints))
    end = time.monotonic() + 30
    while left := [one.name for one in threading.enumerate() if one not in before]:
        assert time.monotonic() < end, left
        time.sleep(0.01)


@linux
def test_where_watches_run_out_later_that_is_told_too(tmp_path: Path) -> None:
    put(tmp_path, NOTE)
    with patch("watchdog.observers.inotify_c.inotify_add_watch", refuse(errno.ENOSPC, 3)), watching(tmp_path) as told:
        assert told.warnings == []
        put(tmp_path, "content/notes/new/deep/a.md")
        told.until(lambda: told.warnings)
        told.until(lambda: any(hint.file == "" for hint in told.hints))


@linux
def test_where_no_instance_is_to_be_had_files_are_looked_at_by_the_clock(tmp_path: Path) -> None:
    def none(*_: Any) -> int:
        ctypes.set_errno(errno.EMFILE)
        return -1

    put(tmp_path, NOTE)
    with patch("watchdog.observers.inotify_c.inotify_init", none), watching(tmp_path) as told:
        told.until(lambda: any(hint.file == "" for hint in told.hints))
        assert "fs.inotify.max_user_instances" in told.warnings[0]


@linux
def test_where_watches_run_out_the_terminal_says_so_once_and_pages_follow(shop: ShopMaker) -> None:
    site = shop({NOTE: article("Text 0.")})

    def script(server: NoServer, said: list[session.Told]) -> None:
        site.edit(NOTE, "Text 0.", "Text 1.")
        until(lambda: b"Text 1." in server.page("/notes/a/"))
        lines = [told.line for told in said if "looking at all files every 1 s" in told.line]
        assert ["sudo sysctl fs.inotify.max_user_watches" in line for line in lines] == [True]

    with patch("watchdog.observers.inotify_c.inotify_add_watch", refuse(errno.ENOSPC, 1)):
        in_session(site, script)


@linux
def test_where_events_are_lost_all_files_are_looked_at(tmp_path: Path) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent

    put(tmp_path, NOTE)
    with watching(tmp_path) as told:
        told.watch._observer._descriptor.handle_event(InotifyEvent(-1, InotifyConstants.IN_Q_OVERFLOW, 0, b""))  # type: ignore[union-attr]
        told.until(lambda: any(hint.file == "" for hint in told.hints))
        told.hints.clear()
        told.tells(put(tmp_path, NOTE, "other"))


def test_a_clock_tells_that_anything_may_have_changed(tmp_path: Path) -> None:
    with watching(tmp_path, poll=0.1) as told:
        told.until(lambda: len(told.hints) > 2)
        assert {hint.file for hint in told.hints} == {""}
        assert told.warnings == []
    count = len(told.hints)
    time.sleep(0.3)
    assert len(told.hints) <= count + 1  # one that was on its way when it was told to stop
