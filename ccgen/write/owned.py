"""The list of what ccgen made in one output folder; kept apart from every cache, for it decides what may be deleted.

Invariant: a path stands in the list before its file stands in the output. `publishing` is set from before the first
move until the state that describes the result is saved; whoever finds it set knows that the folder may hold old and
new files, each of them whole.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from hashlib import blake2b

import msgspec

from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.write import files

__all__ = ["Owned", "is_plain", "load", "output_name", "parents", "save", "strangers", "tidy"]

_VERSION = 1
_SILENT = {".git", ".gitignore", ".gitattributes", ".nojekyll", ".well-known"}  # at the top: kept and never mentioned


class Owned(msgspec.Struct, frozen=True, kw_only=True):
    """What we made: posix paths below the output. `known` is False where there is no readable list."""

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    reported: frozenset[str] = frozenset()  # foreign files that have been named to the user
    publishing: bool = False
    known: bool = True


class _Stored(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: int
    output: str
    publishing: bool
    files: list[str]
    folders: list[str]
    reported: list[str]


def output_name(output: str, state_dir: str) -> str:
    """Return the short name by which state knows an output folder: the same when a project moves as a whole."""
    return blake2b(os.fsencode(os.path.relpath(output, state_dir)), digest_size=8).hexdigest()


def _list_file(output: str, state_dir: str) -> str:
    """Return the file that holds the list."""
    return os.path.join(state_dir, "owned", f"{output_name(output, state_dir)}.json")


def load(output: str, state_dir: str) -> tuple[Owned, tuple[Problem, ...]]:
    """Return the list, and a warning where there is one that cannot be read: then nothing is known to be ours."""
    file = _list_file(output, state_dir)
    try:
        with open(file, "rb") as stream:
            stored = msgspec.json.decode(stream.read(), type=_Stored)
    except FileNotFoundError:
        return Owned(known=False), ()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Owned(known=False), (_unreadable(file, str(error)),)
    paths = (*stored.files, *stored.folders)
    if stored.version != _VERSION or not all(map(is_plain, paths)):
        return Owned(known=False), (_unreadable(file, "written by another ccgen"),)
    return Owned(
        files=frozenset(stored.files),
        folders=frozenset(stored.folders),
        reported=frozenset(stored.reported),
        publishing=stored.publishing,
    ), ()


def _unreadable(file: str, why: str) -> Problem:
    return Problem(
        code="owned-unusable",
        message=f"the list of files that ccgen made cannot be read ({why}); nothing old is deleted",
        at=At(path=file),
        hint="delete by hand what the build names as not ours and you do not want",
        severity="warning",
    )


def save(owned: Owned, output: str, state_dir: str) -> None:
    """Write the list durably."""
    file = _list_file(output, state_dir)
    stored = _Stored(
        version=_VERSION,
        output=output,  # for people who look into it
        publishing=owned.publishing,
        files=sorted(owned.files),
        folders=sorted(owned.folders),
        reported=sorted(owned.reported),
    )
    files.make_folders(os.path.dirname(file))
    files.replace(file, msgspec.json.encode(stored))


def tidy(output: str, state_dir: str) -> None:
    """Remove what a build that was killed while it saved the list has left."""
    files.unlink(f"{_list_file(output, state_dir)}.new")


def is_plain(path: str) -> bool:
    """Say whether a path names something below the output and nothing else."""
    return bool(path) and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))


def parents(path: str) -> Iterator[str]:
    """Yield the folders of a path, outermost first: `a`, `a/b` for `a/b/c.html`."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def strangers(output: str, ours: frozenset[str], *, hidden: Collection[str] = ()) -> tuple[str, ...]:
    """Return the files and links in the output that are not ours, sorted; never looks into `.git` or through a link.

    A folder that may not be read stands as `name/`. `hidden` are names at the top that are not looked at: staging, and folders
    that hold nothing but ours.
    """
    found: list[str] = []
    pending = [""]
    while pending:
        folder = pending.pop()
        for entry in _entries(output, folder, found):
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name == ".git" or (not folder and (entry.name in _SILENT or entry.name in hidden)):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(path)
            elif path not in ours:
                found.append(path)
    return tuple(sorted(os.fsencode(path).decode("utf-8", "backslashreplace") for path in found))


def _entries(output: str, folder: str, found: list[str]) -> list[os.DirEntry[str]]:
    try:
        return files.scan(os.path.join(output, folder))
    except EnvironmentFault:
        if not folder:
            raise
        found.append(f"{folder}/")
        return []
