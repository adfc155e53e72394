"""The project's folders as lists of files, and the one function that opens a file; knows no format.

Nothing outside the project is read, and nothing that could block: links are followed only to where the project's own
public files are, and only regular files are opened.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

from ccgen.errors import At, Problem
from ccgen.model.kept import SourceFile
from ccgen.model.source import Source, digest_of

__all__ = ["is_dropping", "open_file", "problem_of", "read_file", "read_kept", "scan"]

# What editors and desktops leave behind while somebody works. `4913` is Vim's probe for rights.
_DROPPING = re.compile(
    r"\.#.*|#.*#|.*~|.*\.sw[a-px]|4913|\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|.*___jb_(?:tmp|old)___|\.nfs[0-9a-f]+",
    re.DOTALL,
)
_BAD_NAME = re.compile("[\x00-\x1f\x7f-\x9f\\\\\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_PART = 1 << 16  # bytes
_MAX_FOLDERS = 100_000  # links between folders can multiply them


class _Walk:
    def __init__(self, root: Path) -> None:
        self.real_root = os.path.realpath(root)
        self.files: list[SourceFile] = []
        self.problems: list[Problem] = []
        self.folders = 0

    def fault(self, path: str, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code=code, message=message, at=At(path=_shown(path)), hint=hint))


def is_dropping(name: str) -> bool:
    """Say whether a file or folder of this name is what an editor or a desktop leaves behind, which nobody reads."""
    return _DROPPING.fullmatch(name) is not None


def scan(root: Path, top: str) -> tuple[tuple[SourceFile, ...], tuple[Problem, ...]]:
    """Return the files below `root`/`top`, sorted by path; a folder that is not there has none.

    Editors' droppings are left out. Names that begin with a dot are listed: the caller knows whether they count.
    """
    walk = _Walk(root)
    folder = os.path.join(root, top)  # noqa: PTH118 (paths are text here: a scan makes many)
    if Path(folder).is_file():
        walk.fault(top, "not-a-folder", f"`{top}` is a file, not a folder", f"rename it, and make a folder `{top}`")
    elif os.path.lexists(folder):
        _visit(walk, folder, top, (os.path.realpath(root),))
    walk.files.sort()
    walk.problems.extend(_same_names(walk.files))
    return tuple(walk.files), tuple(walk.problems)


def _visit(walk: _Walk, file: str, path: str, above: tuple[str, ...]) -> None:
    """Take in one entry of a folder; `above` holds the real paths of the folders around it."""
    try:
        if Path(file).is_symlink() and not _link_is_fine(walk, file, path):
            return
        mode = Path(file).stat().st_mode
    except OSError as fault:
        _note_os_error(walk, path, fault)
        return
    if stat.S_ISDIR(mode):
        _visit_folder(walk, file, path, above)
    elif stat.S_ISREG(mode):
        walk.files.append(SourceFile(normalize("NFC", path), file))
    else:
        kind = "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "a pipe or socket"
        walk.fault(path, "not-a-file", f"`{_shown(path)}` is {kind}, not a file", "remove it from the project")


def _visit_folder(walk: _Walk, file: str, path: str, above: tuple[str, ...]) -> None:
    real = os.path.realpath(file)
    walk.folders += 1
    if real in above or walk.folders > _MAX_FOLDERS:
        walk.fault(path, "link-loop", f"`{_shown(path)}` leads back to a folder that holds it", "remove the link")
        return
    try:
        with os.scandir(file) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as fault:
        _note_os_error(walk, path, fault)
        return
    for entry in entries:
        inner = f"{path}/{entry.name}"
        if is_dropping(entry.name):
            continue
        if _BAD_NAME.search(entry.name):
            message = f"the name `{_shown(entry.name)}` cannot be part of a URL"
            walk.fault(inner, "bad-name", message, "rename the file")
        elif entry.is_file(follow_symlinks=False):  # the usual case, without another system call
            walk.files.append(SourceFile(normalize("NFC", inner), f"{file}/{entry.name}"))
        else:
            _visit(walk, f"{file}/{entry.name}", inner, (*above, real))


def _link_is_fine(walk: _Walk, file: str, path: str) -> bool:
    """Say whether a symbolic link leads to a public place of the project; otherwise the reason is noted."""
    real = os.path.realpath(file, strict=True)
    inside = Path(os.path.relpath(real, walk.real_root)).parts
    if inside[:1] == ("..",):
        message = f"`{_shown(path)}` is a link to a place outside of the project"
        walk.fault(path, "link-outside", message, "copy what it leads to into the project")
        return False
    if any(part.startswith(".") for part in inside):
        message = f"`{_shown(path)}` is a link to a hidden file"
        walk.fault(path, "link-outside", message, "copy what it leads to, if it is meant to be read")
        return False
    return True


def _note_os_error(walk: _Walk, path: str, fault: OSError) -> None:
    walk.problems.append(problem_of(path, fault))


def problem_of(path: str, fault: OSError) -> Problem:
    """Return what the system said about a path, in our words."""
    if fault.errno == errno.ELOOP:
        code, message, hint = "link-loop", f"`{_shown(path)}` is a link that leads to itself", "remove the link"
    elif fault.errno == errno.ENOENT:
        code, message, hint = (
            "dangling-link",
            f"`{_shown(path)}` leads to nothing",
            "remove the link, or restore the file",
        )
    else:
        reason = (fault.strerror or str(fault)).lower()
        code, message, hint = "unreadable", f"`{_shown(path)}` cannot be read: {reason}", "check its rights"
    return Problem(code=code, message=message, at=At(path=_shown(path)), hint=hint)


def _same_names(files: list[SourceFile]) -> Iterator[Problem]:
    for one, other in pairwise(files):
        if one.path == other.path:
            message = f"two files have the name `{one.path}`, in two Unicode forms"
            yield Problem(code="same-name", message=message, at=At(path=one.path), hint="delete or rename one")


def _shown(path: str) -> str:
    """Return a path that can be printed: what is not UTF-8 on disk is shown by its bytes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def open_file(file: SourceFile) -> int:
    """Open a regular file for reading and return its descriptor; a pipe or device put in its place does not block.

    :raises OSError: it is gone, unreadable, or no regular file any more.
    """
    descriptor = os.open(file.file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOCTTY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def _read(descriptor: int, most: int) -> bytes:
    """Return a file's bytes from its beginning, at most so many, and close it."""
    try:
        data = part = os.read(descriptor, min(os.fstat(descriptor).st_size + 1, most))
        while part and len(data) < most:  # a regular file seldom gives less than it holds
            part = os.read(descriptor, min(most - len(data), _PART))
            data += part
    finally:
        os.close(descriptor)
    return data


def read_file(file: SourceFile, *, limit: int) -> tuple[Source | None, tuple[Problem, ...]]:
    """Read a file's bytes once, with their digest; above `limit` bytes it is an error."""
    try:
        data = _read(open_file(file), limit + 1)
    except OSError as fault:
        return None, (problem_of(file.path, fault),)
    if len(data) > limit:
        message = f"`{file.path}` is larger than {limit:,} bytes"
        hint = f"split it, or raise `limits.{'table' if file.path.endswith('.csv') else 'article'}_bytes` in ccgen.yaml"
        return None, (Problem(code="file-too-large", message=message, at=At(path=file.path), hint=hint),)
    return Source(path=file.path, data=data, digest=digest_of(data)), ()


def read_kept(root: Path, path: str, *, limit: int) -> tuple[Source | None, tuple[Problem, ...]]:
    """Read a file of data/ by its path in the project; None, and no problem, where there is none yet."""
    file = root / path
    if not file.exists() and not file.is_symlink():
        return None, ()
    return read_file(SourceFile(path, str(file)), limit=limit)
