"""What stands where a publication will write; looks before anything is touched, and changes nothing."""

from __future__ import annotations

import os
from typing import Literal

from ccgen.write import files
from ccgen.write.owned import Owned, parents

__all__ = ["Places"]

Kind = Literal["folder", "absent", "blocked"]


class Places:
    """The places of one publication. After every `check`, nothing may be touched unless `conflicts` is empty.

    `absent` are the folders that must be made, `obstacles` our own unwanted files that stand where a folder must be,
    `emptied` our own folders that stand where a file must be (all they hold is ours and unwanted), outermost first.
    """

    def __init__(self, output: str, old: Owned, unwanted: frozenset[str]) -> None:
        self.conflicts: list[str] = []
        self.absent: set[str] = set()
        self.obstacles: set[str] = set()
        self.emptied: list[str] = []
        self._output = output
        self._old = old
        self._unwanted = unwanted
        status = files.look(output)
        self._device = status.st_dev if status else None
        self._kinds: dict[str, Kind] = {}

    def check(self, path: str, digest: bytes) -> None:
        """Find out whether bytes of this digest may be put at `path`."""
        if not all(self._admits(folder) for folder in parents(path)) or self._in_absent(path):
            return
        file = os.path.join(self._output, path)
        status = files.look(file)
        if status is None or path in self.obstacles:
            return
        if files.is_folder(status):
            self._check_folder(path)
        elif not files.is_file(status):
            self.conflicts.append(f"`{file}` is a link or a device")
        elif path not in self._old.files and files.digest(file) != digest:
            self.conflicts.append(f"`{file}` was not made by ccgen")

    def reaches(self, path: str) -> bool:
        """Say whether every folder of a path is a real one, so that its file lies inside the output."""
        return all(self._kind(folder)[0] == "folder" for folder in parents(path))

    def _admits(self, folder: str) -> bool:
        known = folder in self._kinds
        kind, why = self._kind(folder)
        if kind == "absent":
            self.absent.add(folder)
        elif why and not known:
            self.conflicts.append(f"`{os.path.join(self._output, folder)}` {why}, where a folder is wanted")
        return kind != "blocked"

    def _kind(self, folder: str) -> tuple[Kind, str]:
        kind = self._kinds.get(folder)
        why = ""
        if kind is None:
            kind, why = self._look(folder)
            self._kinds[folder] = kind
        return kind, why

    def _in_absent(self, path: str) -> bool:
        """Say whether there is no folder around a path whose own folders are known."""
        return self._kinds.get(path.rpartition("/")[0]) == "absent"

    def _look(self, folder: str) -> tuple[Kind, str]:
        if self._in_absent(folder):
            return "absent", ""
        status = files.look(os.path.join(self._output, folder))
        if status is None:
            return "absent", ""
        if files.is_folder(status):
            same = status.st_dev == self._device
            return ("folder", "") if same else ("blocked", "lies on another file system")
        if files.is_file(status) and folder in self._unwanted:
            self.obstacles.add(folder)
            return "absent", ""
        return "blocked", "is a file that ccgen did not make" if files.is_file(status) else "is a link or a device"

    def _check_folder(self, path: str) -> None:
        """A folder stands where a file must be: it may go if it holds nothing but what is ours and unwanted."""
        pending = [path]
        while pending:
            folder = pending.pop()
            self.emptied.append(folder)
            if folder not in self._old.folders:
                shown = os.path.join(self._output, folder)
                self.conflicts.append(f"the folder `{shown}` is in the way of the file `{path}`")
            for entry in files.scan(os.path.join(self._output, folder)):
                inner = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    pending.append(inner)
                elif entry.is_file(follow_symlinks=False) and inner in self._unwanted:
                    self.obstacles.add(inner)
                else:
                    self.conflicts.append(f"`{os.path.join(self._output, inner)}` is in the way of the file `{path}`")
