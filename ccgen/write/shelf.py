"""What any build of this user may take again (see `model.kept.Shelf`), as files of the user's cache folder; knows no project.

It lies outside of projects because what is taken from it may be run: who hands on a project must not be able to put anything
on it. So nothing is taken from a folder or a file that is not ours, or that others may write to. It may be deleted at any time.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress

from ccgen.errors import EnvironmentFault
from ccgen.model.source import digest_of
from ccgen.write import files

__all__ = ["FileShelf"]

_MOST = 32 << 20  # bytes in all
_DIGEST = 16  # bytes before what is kept: its digest, for a damaged file must not be taken
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # what is no file is not waited for
_FOREIGN = stat.S_IWGRP | stat.S_IWOTH


class FileShelf:
    """Invariant: whatever is wrong with the folder, nothing is lost but time, and nothing is said.

    `program` says what makes and uses what lies here: another ccgen, or another Python, finds nothing of it.
    """

    def __init__(self, program: str) -> None:
        self._program = program.encode()
        self._folder = _folder()
        self._usable = _is_usable(self._folder)
        self._written = False  # by this object

    def take(self, key: bytes) -> bytes | None:
        """See `Shelf.take`."""
        if not self._usable:
            return None
        try:
            data = _read(self._file(key))
        except OSError:
            return None
        made = data[_DIGEST:]
        return made if data[:_DIGEST] == digest_of(made) else None

    def put(self, key: bytes, made: bytes) -> None:
        """See `Shelf.put`."""
        try:
            if not self._written:
                self._begin()
            if self._usable:
                files.put(self._file(key), digest_of(made) + made)
        except EnvironmentFault:
            self._usable = False

    def _file(self, key: bytes) -> str:
        return os.path.join(self._folder, digest_of(key + self._program).hex())

    def _begin(self) -> None:
        self._written = True
        if not self._usable:
            _make(self._folder)
            self._usable = _is_usable(self._folder)
        if self._usable:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        size = 0
        for _, of_one, file in sorted(_entries(self._folder), reverse=True):
            size += of_one
            if size > _MOST:
                files.unlink(file)


def _folder() -> str:
    """Return where the shelf lies, '' where this user has no cache folder (the XDG Base Directory Specification)."""
    home = os.path.expanduser("~")
    base = os.environ.get("XDG_CACHE_HOME", "")  # relative ones are to be ignored
    if not os.path.isabs(base):
        base = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache")
    return os.path.join(base, "ccgen", "shelf") if os.path.isabs(base) else ""


def _is_usable(folder: str) -> bool:
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _is_ours(status)


def _is_ours(status: os.stat_result) -> bool:
    """Say whether something belongs to this user, and nobody else may write to it."""
    return status.st_uid == os.geteuid() and not status.st_mode & _FOREIGN


def _read(file: str) -> bytes:
    descriptor = os.open(file, _READ)
    try:
        status = os.fstat(descriptor)
        usable = stat.S_ISREG(status.st_mode) and _is_ours(status)
        return os.read(descriptor, status.st_size) if usable else b""
    finally:
        os.close(descriptor)


def _make(folder: str) -> None:
    """Make the folder where it lacks, and at most the two above it: no home folder."""
    above = os.path.dirname(folder)
    for one in (os.path.dirname(above), above, folder) if folder else ():
        with suppress(EnvironmentFault):  # it is there, or cannot be made
            files.make_folder(one, private=True)


def _entries(folder: str) -> Iterator[tuple[int, int, str]]:
    """Yield when each file was written, its bytes and where it is."""
    for entry in files.scan(folder):
        with suppress(OSError):  # another build dropped it
            status = entry.stat(follow_symlinks=False)
            yield status.st_mtime_ns, status.st_size, entry.path
