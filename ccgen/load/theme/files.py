"""Reading a theme's folder safely, once; knows which folders a theme has, not what their files mean."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec

from ccgen.errors import At, Problem
from ccgen.model.limits import Limits

__all__ = ["FOLDERS", "MANIFEST", "SITE", "ThemeFile", "ThemeFolder", "read_folder"]

FOLDERS = ("assets", "directives", "i18n", "templates")
MANIFEST = "theme.yaml"
SITE = "site"  # the layer of a site's own directives/, so no theme may have this name


class ThemeFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was read. `path` is for messages: inside the project, or `theme:NAME/…` for a packaged theme."""

    path: str
    data: bytes


class ThemeFolder(msgspec.Struct, frozen=True, kw_only=True):
    """One theme as it lies on disk, or the site's own `directives/` (then `name` is 'site').

    `files` by posix path below the folder, in sorted order, so that nothing depends on the order of a directory.
    """

    name: str
    path: str
    files: dict[str, ThemeFile]

    def below(self, folder: str) -> dict[str, ThemeFile]:
        """Return the files below one of its folders, by path below that one."""
        start = folder + "/"
        return {name[len(start) :]: file for name, file in self.files.items() if name.startswith(start)}


def read_folder(
    root: Path, *, name: str, path: str, limits: Limits, only: tuple[str, ...] = (MANIFEST, *FOLDERS)
) -> tuple[ThemeFolder, tuple[Problem, ...]]:
    """Read the files and folders of `root` that `only` names; `path` is what messages call `root`, '' for the project.

    Names that begin with a dot or end with `~` are no part of a theme. What is a link out of the folder, a device, or
    cannot be read is an error and left out. Text above `limits.article_bytes` too; assets may have any size.
    """
    reader = _Reader(root.resolve(), path, limits)
    for top in only:
        entry = root / top
        if entry.is_symlink() or entry.exists():
            reader.visit(entry, top)
    folder = ThemeFolder(name=name, path=path, files=dict(sorted(reader.files.items())))
    return folder, tuple(reader.problems)


class _Reader:
    """One walk; a link to a folder is refused, so the walk ends."""

    def __init__(self, root: Path, path: str, limits: Limits) -> None:
        self.root = root
        self.start = f"{path}/" if path else ""
        self.limits = limits
        self.files: dict[str, ThemeFile] = {}
        self.problems: list[Problem] = []

    def fault(self, name: str, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code=code, message=message, at=At(path=self.start + name), hint=hint))

    def visit(self, entry: Path, name: str) -> None:
        try:
            status = entry.lstat()
            if stat.S_ISLNK(status.st_mode):
                if not self.is_inside(entry, name):
                    return
                status = entry.stat()
            if stat.S_ISDIR(status.st_mode):
                for child in sorted(entry.iterdir()):
                    if not child.name.startswith(".") and not child.name.endswith("~"):
                        self.visit(child, f"{name}/{child.name}")
            elif stat.S_ISREG(status.st_mode):
                self.read(entry, name, status.st_size)
            else:
                self.fault(name, "not-a-file", f"`{name}` is not a plain file", "delete it")
        except OSError as fault:
            self.fault(name, "unreadable", f"`{name}` cannot be read: {fault.strerror}", "correct its rights")

    def is_inside(self, entry: Path, name: str) -> bool:
        target = entry.resolve()
        if target.is_file() and target.is_relative_to(self.root):
            return True
        what = "leads nowhere" if not target.exists() else "leads to a folder or out of the theme"
        self.fault(name, "unsafe-link", f"the link `{name}` {what}", "put the file itself there")
        return False

    def read(self, entry: Path, name: str, size: int) -> None:
        if not name.startswith("assets/") and size > self.limits.article_bytes:
            message = f"`{name}` is larger than {self.limits.article_bytes:,} bytes"
            self.fault(name, "too-large", message, "split it, or raise `limits.article_bytes` in ccgen.yaml")
            return
        self.files[name] = ThemeFile(path=self.start + name, data=entry.read_bytes())
