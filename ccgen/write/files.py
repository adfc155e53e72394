"""Every change that ccgen makes to a file system, and the words for its failures; knows nothing of sites.

Rules: no function follows a symbolic link at the place it changes; nothing is overwritten but by `exchange` and
`replace`; new files are 0644 and folders 0755 whatever the umask; an `OSError` leaves as an `EnvironmentFault` that
names the file and the cause. Reading functions stand here too where their failures need the same words.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from types import TracebackType

from ccgen.errors import EnvironmentFault

__all__ = [
    "FILE_MODE",
    "Telling",
    "copy",
    "digest",
    "exchange",
    "fault",
    "fsync",
    "is_file",
    "is_folder",
    "look",
    "make_folder",
    "make_folders",
    "move",
    "open_lock",
    "put",
    "remove_tree",
    "replace",
    "rmdir",
    "same_mount",
    "scan",
    "sign",
    "unlink",
    "write",
]

FILE_MODE = 0o644
FOLDER_MODE = 0o755
CHUNK = 1 << 20  # bytes

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC

_CAUSES = {  # errno → (code, cause, what to do)
    errno.ENOSPC: ("disk-full", "disk full", "make room on that disk, then build again"),
    errno.EDQUOT: ("disk-full", "disk quota exceeded", "make room in your quota, then build again"),
    errno.EROFS: ("read-only", "the file system is read-only", "choose another folder with --output or --state"),
    errno.EACCES: ("no-permission", "no permission", "check who owns it and its mode"),
    errno.EPERM: ("no-permission", "no permission", "check who owns it and its mode"),
    errno.EMFILE: ("too-many-open-files", "too many open files", "raise the limit (`ulimit -n`) or use fewer --jobs"),
    errno.ENFILE: (
        "too-many-open-files",
        "too many open files",
        "the machine's limit is reached; close other programs",
    ),
    errno.EIO: ("disk-error", "the disk reports an input/output error", "check the disk; the system log may say more"),
    errno.EXDEV: ("other-device", "it lies on another file system", "nothing may be mounted inside the output folder"),
    errno.ENAMETOOLONG: ("name-too-long", "the name is too long for this file system", "shorten the slug"),
}


def fault(file: str, error: OSError) -> EnvironmentFault:
    """Return what to tell of `error`, which happened at `file`."""
    cause = (error.strerror or str(error)).lower()
    code, cause, hint = _CAUSES.get(error.errno or 0, ("file-operation", cause, ""))
    return EnvironmentFault(f"`{file}`: {cause}", code=code, hint=hint)


class Telling:
    """`with Telling(file):` turns an `OSError` of the block into the fault that names `file`."""

    __slots__ = ("file",)

    def __init__(self, file: str) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, OSError):
            raise fault(self.file, error) from error


# Looking


def look(file: str) -> os.stat_result | None:
    """Return the `lstat` of a file, None where there is none (also behind a link that leads in circles)."""
    try:
        return os.lstat(file)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            return None
        raise fault(file, error) from error


def digest(file: str) -> bytes:
    """Return the digest (as `digest_of`) of a file's bytes, read in pieces; a symbolic link is not followed."""
    state = blake2b(digest_size=16)
    with Telling(file):
        descriptor = os.open(file, _READ)
        try:
            while chunk := os.read(descriptor, CHUNK):
                state.update(chunk)
        finally:
            os.close(descriptor)
    return state.digest()


def scan(folder: str) -> list[os.DirEntry[str]]:
    """Return a folder's entries by name; none where there is no such folder."""
    with Telling(folder):
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except FileNotFoundError:
            return []


def same_mount(one: str, other: str) -> bool:
    """Say whether files can be renamed from folder `one` to folder `other`; both exist, neither is touched.

    Equal device numbers do not suffice (bind mounts). A rename to `.` always fails, and the error of two mounts
    comes first.
    """
    with Telling(other):
        if os.lstat(one).st_dev != os.lstat(other).st_dev:
            return False
    try:
        os.rename(os.path.join(one, "."), os.path.join(other, "."))
    except OSError as error:
        return error.errno != errno.EXDEV
    return True


# Changing


def write(file: str, data: bytes, *, durable: bool = False) -> None:
    """Write a new file."""
    with Telling(file):
        descriptor = os.open(file, _NEW, FILE_MODE)
        try:
            _write_all(descriptor, data)
            os.fchmod(descriptor, FILE_MODE)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def copy(file: str, source: str) -> bytes:
    """Write a new file with the bytes of another, in pieces; return the digest of what was written."""
    state = blake2b(digest_size=16)
    with Telling(source):
        reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with Telling(file):
            descriptor = os.open(file, _NEW, FILE_MODE)
            try:
                for chunk in _chunks(reading, source):
                    state.update(chunk)
                    _write_all(descriptor, chunk)
                os.fchmod(descriptor, FILE_MODE)
            finally:
                os.close(descriptor)
    finally:
        os.close(reading)
    return state.digest()


def _chunks(descriptor: int, file: str) -> Iterator[bytes]:
    with Telling(file):
        while chunk := os.read(descriptor, CHUNK):
            yield chunk


def _write_all(descriptor: int, data: bytes) -> None:
    done = os.write(descriptor, data)
    while done < len(data):  # a nearly full disk takes a part first
        done += os.write(descriptor, data[done:])


def fsync(folder: str) -> None:
    """Make the names in a folder survive a loss of power."""
    with Telling(folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def make_folder(folder: str, *, private: bool = False) -> None:
    """Make one folder; its parent exists, itself it does not."""
    with Telling(folder):
        os.mkdir(folder, 0o700 if private else FOLDER_MODE)
        if not private:
            os.chmod(folder, FOLDER_MODE)


def share_folder(folder: str) -> None:
    """Make one folder, which another process may make at the same time; its parent exists."""
    with Telling(folder):
        try:
            os.mkdir(folder, FOLDER_MODE)
        except FileExistsError:
            return
        os.chmod(folder, FOLDER_MODE)


def make_folders(folder: str) -> None:
    """Make a folder and those above it that lack."""
    if look(folder) is None and not os.path.isdir(folder):
        make_folders(os.path.dirname(folder))
        make_folder(folder)


def move(source: str, target: str) -> None:
    """Rename a file or a folder to a place where nothing is; a file that appears there meanwhile is an error."""
    with Telling(target):
        if not _renameat2(source, target, _NOREPLACE):
            os.rename(source, target)


def exchange(source: str, target: str) -> None:
    """Put the file `source` at the place of the file `target`; the old one may be left at `source`, or be gone.

    Exchanging is some hundred times cheaper than replacing on ext4, which flushes the new file first.
    """
    with Telling(target):
        if not _renameat2(source, target, _EXCHANGE):
            os.replace(source, target)


def replace(file: str, data: bytes) -> None:
    """Give a file new bytes at once and durably: it has the old or the new ones, even after a loss of power.

    Where that fails, nothing is left beside it.
    """
    _put_by(f"{file}.new", file, data, durable=True)
    fsync(os.path.dirname(file))


def put(file: str, data: bytes) -> None:
    """Give a file new bytes at once, whoever else does so; after a loss of power it may hold anything.

    Where that fails, nothing is left beside it.
    """
    _put_by(f"{file}.{os.getpid()}", file, data, durable=False)


def _put_by(new: str, file: str, data: bytes, *, durable: bool) -> None:
    unlink(new)  # of a killed build
    try:
        write(new, data, durable=durable)
        with Telling(file):
            os.replace(new, file)
    except EnvironmentFault:
        with suppress(EnvironmentFault):
            unlink(new)
        raise


def open_lock(file: str) -> int:
    """Return a descriptor of a file that stays and is only written in place, made if it lacks."""
    with Telling(file):
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE_MODE)


def sign(descriptor: int, text: str, file: str) -> None:
    """Give the open lock file this text."""
    with Telling(file):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text.encode())


def unlink(file: str) -> None:
    """Remove a file or a symbolic link; that it is gone already is fine."""
    with Telling(file):
        try:
            os.unlink(file)
        except FileNotFoundError:
            return


def rmdir(folder: str) -> bool:
    """Remove a folder if it is empty; say whether it is gone."""
    with Telling(folder):
        try:
            os.rmdir(folder)
        except FileNotFoundError:
            return True
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EBUSY}:
                return False
            raise
    return True


def remove_tree(folder: str) -> None:
    """Remove a folder of our own with all it holds; links in it are removed, not followed."""
    for entry in scan(folder):
        if entry.is_dir(follow_symlinks=False):
            remove_tree(entry.path)
        else:
            unlink(entry.path)
    rmdir(folder)


# renameat2 (Linux), which the standard library lacks

_NOREPLACE, _EXCHANGE = 1, 2  # linux/fs.h
_HERE = -100  # AT_FDCWD
_UNSUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


@cache
def _libc_renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """Return the C library's function as one that gives 0 or, where it fails, its `errno`; None where there is none."""
    import ctypes  # only a build that changes the output needs it

    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is None:
        return None
    return lambda *given: ctypes.get_errno() if function(*given) else 0


def _renameat2(source: str, target: str, flags: int) -> bool:
    """Do it and return True; False where the system or this file system cannot; OSError when it fails."""
    rename = _libc_renameat2()
    if rename is None:
        return False
    number = rename(_HERE, os.fsencode(source), _HERE, os.fsencode(target), flags)
    if number == 0:
        return True
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), source, None, target)


def is_file(status: os.stat_result) -> bool:
    """Say whether this is a regular file (no link, folder or device)."""
    return stat.S_ISREG(status.st_mode)


def is_folder(status: os.stat_result) -> bool:
    """Say whether this is a folder (no link to one)."""
    return stat.S_ISDIR(status.st_mode)
