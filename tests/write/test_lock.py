from __future__ import annotations

import errno
import fcntl
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Timer

import pytest
from write_site import Site, error_of, in_child, tree

from ccgen.errors import EnvironmentFault
from ccgen.write import lock

HOLD = """
import sys, time
from ccgen.write import lock
with lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_second_stops_at_once_and_says_who_holds_it(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    begun = time.monotonic()
    with pytest.raises(EnvironmentFault) as caught, lock(tmp_path):
        pass
    assert time.monotonic() - begun < 20
    assert (caught.value.code, caught.value.exit_code) == ("locked", 3)
    assert re.search(rf"process {holder.pid}, started \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d", caught.value.message)
    assert caught.value.hint


def test_who_is_patient_gets_it_when_the_first_lets_go(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    begun = time.monotonic()
    Timer(0.3, holder.kill).start()
    with lock(tmp_path, patience=30):
        assert 0.2 < time.monotonic() - begun < 20


def test_patience_ends(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    begun = time.monotonic()
    with pytest.raises(EnvironmentFault) as caught, lock(tmp_path, patience=0.3):
        pass
    assert time.monotonic() - begun >= 0.3
    assert caught.value.code == "locked"
    assert f"process {holder.pid}" in caught.value.message


def test_a_killed_holder_keeps_nothing(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    (tmp_path / "lock").write_text(f"process {os.getpid()}, started long ago")  # its number is in use again
    with lock(tmp_path):
        assert f"process {os.getpid()}, started 2" in (tmp_path / "lock").read_text()


def test_an_orphaned_worker_keeps_nothing(tmp_path: Path) -> None:
    ready, told = os.pipe()

    def hold() -> None:
        with lock(tmp_path):
            os.write(told, str(in_child(lambda: time.sleep(60))).encode())
            time.sleep(60)

    holder = in_child(hold)
    worker = int(os.read(ready, 20))
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    with lock(tmp_path, patience=20):  # the worker may not have run yet, and lives on for a minute
        os.kill(worker, signal.SIGKILL)


def test_it_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), lock(tmp_path):
        raise KeyError
    with lock(tmp_path):
        pass


def test_no_locks_on_this_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise error_of(errno.ENOLCK)

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(EnvironmentFault) as caught, lock(tmp_path):
        pass
    assert (caught.value.code, caught.value.exit_code) == ("no-locks", 3)
    assert str(tmp_path) in caught.value.message
    assert "--state" in caught.value.hint


def test_read_only_media(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", media], capture_output=True).returncode:
        pytest.skip("mounts need root")
    try:
        with pytest.raises(EnvironmentFault) as caught, lock(media / ".ccgen"):
            pass
    finally:
        subprocess.run(["umount", media], check=True)
    assert caught.value.exit_code == 3
    assert f"`{media}/.ccgen`: the file system is read-only" in caught.value.message
    assert "--state" in caught.value.hint


def test_two_builds_at_once(tmp_path: Path) -> None:
    """BLD-06: one builds, the other stops or comes after; the output is that of a clean build."""
    pages = {f"p{number}.html": "x" * 2000 for number in range(60)}
    for _ in range(5):
        children = [in_child(partial(Site(tmp_path).build, pages)) for _ in range(2)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert 0 in codes
        pages = {path: text + "y" for path, text in pages.items()}
    Site(tmp_path).build(pages)
    assert tree(tmp_path / "site") == pages
