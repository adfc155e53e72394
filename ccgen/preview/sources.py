"""Which files of a site hold other bytes than before; knows no event and nothing of what files mean.

An event is a hint and no more: what a file holds decides. Who saves a file may move it away first, or empty it: a file that
is gone or emptied counts as changed only after a while.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from ccgen.config import SETTINGS_FILE, SOURCE_FOLDERS
from ccgen.load.tree import is_dropping, scan

__all__ = ["Sources"]

_GONE_AFTER = 0.4  # seconds: the slowest of the editors that move a file away while they save it
_FRESH = 1_000_000_000  # nanoseconds within which two changes can look like one

_Mark = tuple[int, int, int, int]  # size, times and inode
_NEVER: _Mark = (-1, -1, -1, -1)  # of a file that was not looked at


class _Known(NamedTuple):
    """A file as it was last seen; `digest` is b"" for one that nobody has read yet."""

    file: str
    mark: _Mark
    digest: bytes = b""


class _Listed(NamedTuple):
    """All files there are by path; what is no file to read, such as a link that leads outside, and why; and a `link`."""

    files: dict[str, str]
    faults: set[tuple[str, str]]
    link: str


class Sources:
    """Invariant: what is known of a file was on disk at one moment after the last change of it that was told."""

    def __init__(self, root: Path) -> None:
        """Look at all files, as a base: what is changed from now on is told.

        `link` is the path of a source that is a link, or lies behind one, '' for none: events may tell nothing of it.
        """
        self._root = root
        self._doubtful: dict[str, tuple[float, bool]] = {}  # since when, and whether gone (else emptied)
        listed = self._listed()
        self.link = listed.link
        self._faults = listed.faults  # at the last look
        self._known = {path: _Known(file, mark) for path, file in listed.files.items() if (mark := _mark(file))}
        self._unread = list(self._known)

    def paths(self) -> Iterable[str]:
        """Return all files by path in the project."""
        return self._known.keys()

    def knows(self, file: str) -> bool:
        """Say whether a file was there when it was last looked at."""
        return self._path(file) in self._known

    def learn(self, seconds: float) -> bool:
        """Read some of the files that nobody has read yet, so that a save of the same bytes can be told; say whether any
        are left.
        """
        until = time.monotonic() + seconds
        while self._unread and time.monotonic() < until:
            path = self._unread.pop()
            known = self._known.get(path)
            if known is not None and not known.digest:
                digest = _digest(known.file)
                if _mark(known.file) == known.mark:  # else what was read may be a later text: the hint is under way
                    self._known[path] = known._replace(digest=digest)
        return bool(self._unread)

    def look(self, files: Iterable[str]) -> frozenset[str]:
        """Return the files among some that changed, by path; a folder among them stands for the whole site."""
        found: set[str] = set()
        unknown: list[str] = []
        everywhere = False
        for file in files:
            path = self._path(file)
            if path is None:
                continue
            if path not in self._known:
                unknown.append(f"{path}/")
                if Path(file).is_dir():
                    everywhere = True
                    continue
            if self._changed(path, file, hinted=True):
                found.add(path)
        folders = tuple(unknown)  # as far as files were known below them: these are gone with the folder
        everywhere = everywhere or (bool(folders) and any(one.startswith(folders) for one in self._known))
        return self.look_everywhere() | found if everywhere else frozenset(found)

    def look_everywhere(self) -> frozenset[str]:
        """Return all files that changed, by path, and what became a fault or is none any more."""
        now = self._listed()
        self.link = self.link or now.link
        faults = {path for path, _ in self._faults ^ now.faults}
        self._faults = now.faults
        places = {path: one.file for path, one in self._known.items()} | now.files
        return frozenset(path for path, file in places.items() if self._changed(path, file, hinted=False)) | faults

    def settle(self) -> tuple[frozenset[str], float | None]:
        """Return the files that are gone or empty for good, by path, and in how many seconds to ask again."""
        now = time.monotonic()
        over = [path for path, (since, _) in self._doubtful.items() if now - since >= _GONE_AFTER]
        found: set[str] = set()
        for path in over:
            _, gone = self._doubtful.pop(path)
            known = self._known[path]
            mark = _mark(known.file)
            if mark is None:
                del self._known[path]
                found.add(path)
            elif gone and not mark[0] and known.mark[0]:  # it was made anew, of which the hint is under way
                self._doubt(path, gone=False)
            elif self._differs(path, known, mark, _digest(known.file)):
                found.add(path)
        left = [since + _GONE_AFTER - now for since, _ in self._doubtful.values()]
        return frozenset(found), max(min(left), 0.0) if left else None

    def distrust(self, files: Iterable[str] | None = None) -> None:
        """Say that files, by path, were just read by somebody else, all of them for None: one that looks otherwise now than
        when it was last looked at may have been read in any state, so whatever it holds at the next look is a change.
        """
        if files is None:
            now = self._listed()  # what became a fault since the last look is for the next one to tell
            self.link = self.link or now.link
            files = list(self._known)
            for path, file in now.files.items():
                if path not in self._known and _mark(file):
                    self._known[path] = _Known(file, _NEVER)
        for path in files:
            known = self._known.get(path)
            if known is not None and _mark(known.file) != known.mark:
                self._known[path] = known._replace(digest=b"")

    def _changed(self, path: str, file: str, *, hinted: bool) -> bool:
        known, mark = self._known.get(path), _mark(file)
        if known is None:
            if mark is None:
                return False
            self._known[path] = _Known(file, mark, _digest(file))
            return True
        if mark is None or (mark[0] == 0 != known.mark[0]):
            self._doubt(path, gone=mark is None)
            return False
        recent = time.time_ns() - max(mark[1], mark[2]) < _FRESH
        if mark != known.mark or hinted or recent:
            digest = _digest(file)
            if digest == _NOTHING and mark[0]:  # it went between the two looks
                self._doubt(path, gone=True)
                return False
            self._doubtful.pop(path, None)
            return self._differs(path, known._replace(file=file), mark, digest)
        self._doubtful.pop(path, None)
        return False

    def _doubt(self, path: str, *, gone: bool) -> None:
        """Wait for a file that is gone or empty; one that is made anew has time to be written."""
        if path not in self._doubtful or self._doubtful[path][1] != gone:
            self._doubtful[path] = time.monotonic(), gone

    def _differs(self, path: str, known: _Known, mark: _Mark, digest: bytes) -> bool:
        """Say whether a file holds other bytes than were known; one that nobody had read does if it looks otherwise."""
        self._known[path] = _Known(known.file, mark, digest)
        return digest != known.digest if known.digest else mark != known.mark

    def _path(self, file: str) -> str | None:
        """Return a file's path in the project, None for one that is no source."""
        parts = Path(os.path.relpath(file, self._root)).parts
        if parts != (SETTINGS_FILE,) and parts[0] not in SOURCE_FOLDERS:
            return None
        return None if _is_hidden(parts) or any(map(is_dropping, parts)) else normalize("NFC", "/".join(parts))

    def _listed(self) -> _Listed:
        """List all files; reads none of them."""
        listed = {SETTINGS_FILE: str(self._root / SETTINGS_FILE)}
        faults: set[tuple[str, str]] = set()
        link = ""
        for folder in SOURCE_FOLDERS:
            files, problems = scan(self._root, folder)
            faults.update((one.at.path, one.code) for one in problems)
            links: dict[str, bool] = {str(self._root): False}
            for one in files:
                if "/." not in one.path or not _is_hidden(one.path.split("/")):
                    if not link and _by_link(one.file, links):
                        link = one.path
                    listed[one.path] = one.file
        return _Listed(listed, faults, link)


def _by_link(file: str, folders: dict[str, bool]) -> bool:
    """Say whether a file is a link or lies behind one; `folders` keeps what is known of folders, the outermost at least."""
    if os.path.islink(file):  # noqa: PTH114 (thousands of them)
        return True
    above = os.path.dirname(file)  # noqa: PTH120
    if above not in folders:
        folders[above] = _by_link(above, folders)
    return folders[above]


def _is_hidden(parts: Sequence[str]) -> bool:
    """Say whether a path's parts are of a file that nobody reads, as copying programs name theirs while they write."""
    return parts[0] != "static" and any(part.startswith(".") for part in parts)


def _mark(file: str) -> _Mark | None:
    try:
        found = Path(file).stat()
    except OSError:
        try:
            found = Path(file).lstat()  # a link that leads to nothing is a fault that is told
        except OSError:
            return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _digest(file: str) -> bytes:
    """Return a digest of a file's bytes, that of nothing where they cannot be read."""
    digest = blake2b(digest_size=16)
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            while part := os.read(descriptor, 1 << 20):
                digest.update(part)
        finally:
            os.close(descriptor)
    except OSError:
        pass
    return digest.digest()


_NOTHING = blake2b(digest_size=16).digest()
