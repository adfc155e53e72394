"""A site in a temporary folder, built from plain dictionaries through the write stage alone."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

from ccgen.model.facts import ValueGroup
from ccgen.model.packed import pack
from ccgen.model.page import Page
from ccgen.model.source import digest_of
from ccgen.write import Cleaned, Planned, Publication, Published, Stale, State, clean, lock, tidy

OPERATIONS = {
    "chmod",
    "fchmod",
    "fsync",
    "ftruncate",
    "mkdir",
    "open",
    "rename",
    "replace",
    "rmdir",
    "scandir",
    "unlink",
    "write",
}


class Site:
    """Owner and fact of each page are its own text; `rendered` holds what the last build had to render."""

    def __init__(self, root: Path, output: Path | None = None) -> None:
        self.root = root
        self.output = output or root / "site"
        self.state_dir = root / ".ccgen"
        self.rendered: dict[str, Stale] = {}

    def state(self, versions: str = "1", run_key: str = "") -> State:
        return State.open(self.state_dir, self.output, versions=versions, run_key=run_key)

    def build(
        self,
        pages: Mapping[str, str],
        *,
        first: Callable[[str], bool] = lambda path: path.endswith(".css"),
        versions: str = "1",
        run_key: str = "",
        before: Callable[[], None] = lambda: None,
    ) -> Published:
        """Build as the pipeline does; `before` is called when all is staged."""
        with lock(self.state_dir):
            state = self.state(versions, run_key)
            tidy(state)
            keys = {path: state.number(f"page:{path}") * 16 for path in pages}
            facts = {f"page:{path}": pack([ValueGroup(value=text)]) for path, text in pages.items()}
            changed = state.changed(facts)
            self.rendered = state.stale(pages, changed.keys)
            with Publication(state) as publication:
                for path in self.rendered:
                    data = pages[path].encode()
                    page = Page(path=path, data=data, digest=digest_of(data), reads=(keys[path],), first=first(path))
                    publication.stage(page)
                before()
                result = publication.publish(pages.keys(), changed, planned=Planned(facts=facts))
            problems = (*state.problems, *result.problems)
            return Published(
                written=result.written,
                unchanged=result.unchanged,
                removed=result.removed,
                foreign=result.foreign,
                problems=problems,
            )

    def clean(self) -> Cleaned:
        with lock(self.state_dir):
            return clean(self.state())

    def put(self, path: str, text: str = "mine") -> Path:
        """Write a file by hand."""
        file = self.output / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def texts(self) -> dict[str, str]:
        """Return the regular files of the output."""
        return {path: text for path, text in tree(self.output).items() if not text.startswith(("folder", "link"))}

    def no_temp_left(self) -> bool:
        names = [path.name for path in (*self.root.rglob("*"), *self.output.rglob("*"))]
        return not [name for name in names if name == "staging" or "ccgen-stage" in name or name.endswith(".new")]


def tree(folder: Path) -> dict[str, str]:
    """Return what lies under a folder: path → content with the mode where it is not the usual one."""
    found: dict[str, str] = {}
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        path, status = file.relative_to(folder).as_posix(), file.lstat()
        if file.is_symlink():
            found[path] = f"link {file.readlink()}"
        elif file.is_dir():
            found[path] = "folder" if status.st_mode & 0o777 == 0o755 else f"folder {status.st_mode & 0o777:o}"
        else:
            mode = "" if status.st_mode & 0o777 == 0o644 else f"{status.st_mode & 0o777:o} "
            found[path] = mode + file.read_text()
    return found


class Faulty:
    """Stands for `os` in `ccgen.write.files`, and counts its operations: `strike` is called at the n-th."""

    def __init__(self, number: int, strike: Callable[[str], None]) -> None:
        self.number, self.strike, self.count = number, strike, 0
        self.lasting = False

    def hit(self, name: str) -> None:
        self.count += 1
        if self.count == self.number or (self.lasting and self.count > self.number > 0):
            self.strike(name)

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        if name not in OPERATIONS:
            return real

        def operation(*args: object, **options: object) -> object:
            self.hit(name)
            return real(*args, **options)

        return operation


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked process; return its process id. It ends with 0, or 1 if `work` raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of a test runner
        child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:
        os._exit(1)


def error_of(number: int) -> OSError:
    return OSError(number, os.strerror(number))


ERRORS = {
    errno.ENOSPC: "disk full",
    errno.EDQUOT: "quota",
    errno.EIO: "input/output",
    errno.EROFS: "read-only",
    errno.EACCES: "no permission",
    errno.EMFILE: "too many open files",
}
