"""Where a build may write: refuses an output folder that could cost somebody their files; changes nothing.

The rules are those of the project's promise that only what we wrote is overwritten or deleted. The second guard, for
what slips through here, is the list of owned files (`owned`).
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Iterator
from pathlib import Path

from ccgen.config import SOURCE_FOLDERS
from ccgen.errors import UsageError

__all__ = ["check_output"]

_FIRST_PERSON = 500  # user numbers below belong to services, but for 0; their "homes" are `/`, `/bin`, `/var/www`


def check_output(output: str | Path, *, project: Path, sources: Iterable[Path], state_dir: Path) -> Path:
    """Return the output folder with its links resolved; it need not exist. Raises UsageError, touches nothing.

    Refused: an empty name; a file; a folder that is or holds the project, a source folder, the state or a home; one
    inside a source folder, the state or any `.git`. `sources` are the folders read (not the project itself); those
    that every project has are added.
    """
    if not os.fspath(output).strip():
        raise _refused("the output folder has an empty name", "a variable in the command may be unset")
    if "\0" in os.fspath(output):
        raise _refused("the output folder's name holds a NUL", "choose another name")
    shown, target = os.fspath(output), _resolved(output)
    project, state = _resolved(project), _resolved(state_dir)
    folders = {*map(_resolved, sources), *(_resolved(project / name) for name in SOURCE_FOLDERS)} - {project}
    if target.parent == target:
        raise _refused(f"the output `{shown}` is the root of the file system")
    for name, folder in (("source folder", one) for one in sorted(folders)):
        if _holds(folder, state):
            raise _refused(
                f"the state folder `{state}` lies inside the {name} `{folder}`", "choose one of its own, as `.ccgen`"
            )
    if _same(state, project) or state.parent == state:
        raise _refused(f"the state folder `{state}` is not a folder of its own", "choose one, as `.ccgen`")
    if (top := _repository(project)) and _same(top, target):
        raise _refused(f"the output `{shown}` is the top of the git repository that holds the project")
    _must_not_hold(shown, target, _protected(project, sorted(folders), state))
    for name, folder in (*(("source folder", folder) for folder in sorted(folders)), ("state folder", state)):
        if _holds(folder, target):
            raise _refused(f"the output `{shown}` lies inside the {name} `{folder}`")
    if any(part.casefold() == ".git" for part in target.parts):
        raise _refused(f"the output `{shown}` lies inside a `.git` folder")
    if os.path.lexists(target) and not target.is_dir():
        raise _refused(f"the output `{shown}` is not a folder")
    return target


def _refused(message: str, hint: str = "choose a folder of its own, as `site`") -> UsageError:
    return UsageError(message, code="unsafe-output", hint=hint)


def _resolved(path: str | Path) -> Path:
    return Path(os.path.realpath(path))


def _protected(project: Path, folders: Iterable[Path], state: Path) -> Iterator[tuple[str, Path]]:
    yield "the project", project
    yield from (("the source folder", folder) for folder in folders)
    yield "the state folder", state
    yield from (("the home folder", home) for home in sorted(_homes()))


def _must_not_hold(shown: str, target: Path, protected: Iterable[tuple[str, Path]]) -> None:
    for name, folder in protected:
        if _holds(target, folder):
            verb = "is" if _same(target, folder) else "holds"
            raise _refused(f"the output `{shown}` {verb} {name} `{folder}`")


def _homes() -> set[Path]:
    """Return every person's home on this machine."""
    found = {os.path.expanduser("~"), os.environ.get("HOME", "")}
    found |= {user.pw_dir for user in pwd.getpwall() if user.pw_uid == 0 or user.pw_uid >= _FIRST_PERSON}
    for parent in ("/home", "/Users"):
        if os.path.isdir(parent) and os.access(parent, os.R_OK | os.X_OK):
            found |= {entry.path for entry in os.scandir(parent) if entry.is_dir()}
    return {_resolved(home) for home in found if home and home != "/"}


def _repository(project: Path) -> Path | None:
    """Return the top of the git repository that holds the project (a worktree's `.git` is a file)."""
    return next((folder for folder in (project, *project.parents) if (folder / ".git").exists()), None)


def _same(one: Path, other: Path) -> bool:
    """Say whether two resolved paths are one folder, also by another spelling or mount."""
    if one == other:
        return True
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _holds(outer: Path, inner: Path) -> bool:
    """Say whether `inner` is `outer` or lies below it."""
    return any(_same(outer, folder) for folder in (inner, *inner.parents))
