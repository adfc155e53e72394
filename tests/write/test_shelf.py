"""The user's cache folder: nothing is taken from it that is not whole and ours alone, and nothing ever fails for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ccgen.write import shelf
from ccgen.write.shelf import FileShelf

KEY, OTHER = b"\x01" * 16, b"\x02" * 16


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the shelf will be; nothing of it is there yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ccgen" / "shelf"


def the_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_was_put_there_is_found_by_a_later_build(folder: Path) -> None:
    first = FileShelf("1")
    assert first.take(KEY) is None
    assert first.take(KEY) is None
    first.put(KEY, b"made")
    first.put(KEY, b"made")
    for later in (first, FileShelf("1")):
        assert later.take(KEY) is not None
        assert later.take(KEY) == b"made"
        assert later.take(OTHER) is None
    assert folder.stat().st_mode & 0o777 == 0o700


def test_another_program_finds_nothing(folder: Path) -> None:
    FileShelf("1").put(KEY, b"made")
    assert FileShelf("2").take(KEY) is None
    assert len(list(folder.iterdir())) == 1


def test_nothing_is_made_by_looking(folder: Path) -> None:
    FileShelf("1").take(KEY)
    assert not folder.parent.parent.exists()


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 16 + b"made"])
def test_a_damaged_file_is_not_taken_and_is_made_again(folder: Path, damage: bytes) -> None:
    FileShelf("1").put(KEY, b"made")
    the_file(folder).write_bytes(damage)
    assert FileShelf("1").take(KEY) is None
    FileShelf("1").put(KEY, b"made")
    assert FileShelf("1").take(KEY) == b"made"


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_may_write_to_is_not_taken(folder: Path, mode: int) -> None:
    FileShelf("1").put(KEY, b"made")
    the_file(folder).chmod(mode)
    assert FileShelf("1").take(KEY) is None


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_not_used(folder: Path, mode: int) -> None:
    FileShelf("1").put(KEY, b"made")
    folder.chmod(mode)
    found = FileShelf("1")
    assert found.take(KEY) is None
    found.put(OTHER, b"made")
    assert len(list(folder.iterdir())) == 1
    assert folder.stat().st_mode & 0o777 == mode


def test_what_belongs_to_somebody_else_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileShelf("1").put(KEY, b"made")
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert FileShelf("1").take(KEY) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_somebody_else_in_a_folder_of_ours_is_not_taken(folder: Path) -> None:
    FileShelf("1").put(KEY, b"made")
    os.chown(the_file(folder), 12345, -1)
    assert FileShelf("1").take(KEY) is None


def test_links_and_pipes_are_not_followed(folder: Path, tmp_path: Path) -> None:
    FileShelf("1").put(KEY, b"made")
    file = the_file(folder)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert FileShelf("1").take(KEY) is None
    file.unlink()
    os.mkfifo(file)
    assert FileShelf("1").take(KEY) is None
    folder.rename(tmp_path / "shelf")
    folder.symlink_to(tmp_path / "shelf")
    assert FileShelf("1").take(KEY) is None


def test_the_oldest_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [bytes([number]) * 16 for number in range(9)]
    before = FileShelf("1")
    for number, key in enumerate(keys):
        others = set(folder.iterdir()) if number else set()
        before.put(key, b"x" * 984)
        (newest,) = set(folder.iterdir()) - others
        os.utime(newest, (number, number))
    monkeypatch.setattr(shelf, "_MOST", 4_000)
    FileShelf("1").put(b"\xff" * 16, b"new")
    assert [FileShelf("1").take(key) is not None for key in keys] == [False] * 5 + [True] * 4


@pytest.mark.parametrize("base", ["", "not/absolute"])
def test_without_a_folder_of_its_own_it_is_in_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    FileShelf("1").put(KEY, b"made")
    assert len(list((tmp_path / ".cache/ccgen/shelf").iterdir())) == 1
    monkeypatch.setattr("sys.platform", "darwin")
    (tmp_path / "Library").mkdir()
    FileShelf("1").put(KEY, b"made")
    assert len(list((tmp_path / "Library/Caches/ccgen/shelf").iterdir())) == 1


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    for base in (tmp_path / "file", tmp_path / "absent" / "home" / ".cache"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(base))
        nowhere = FileShelf("1")
        nowhere.put(KEY, b"made")
        assert nowhere.take(KEY) is None
    assert not (tmp_path / "absent").exists()


def test_a_full_disk_is_no_fault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = FileShelf("1")
    full.put(KEY, b"made")
    monkeypatch.setattr("ccgen.write.files.os.replace", _no_room)
    full.put(OTHER, b"made")
    assert full.take(OTHER) is None
    assert len(list(folder.iterdir())) == 1


def _no_room(*_: object) -> None:
    raise OSError(28, "No space left on device")
