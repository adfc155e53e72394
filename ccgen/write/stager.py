"""Writes finished pages to staging, in any process; knows the output folder only by looking, and publishes nothing."""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import NamedTuple

from ccgen.errors import EnvironmentFault
from ccgen.model.page import Page
from ccgen.write import files, owned
from ccgen.write.database import Row, row_of

__all__ = ["Staged", "Stager"]


class Staged(NamedTuple):
    """A page whose bytes are on disk, and what is recorded of it. `source` is its staged file, '' where its own stands."""

    path: str
    row: Row
    first: bool = False  # see Page.first
    source: str = ""
    tree: str = ""  # the staged top folder that it lies in, "" if it stands alone


class Stager:
    """Invariant: it writes below its staging folder only. It can be sent to other processes, where it finds out the same."""

    def __init__(self, output: str, stage: str) -> None:
        """Both folders are absolute, and the one of staging is there."""
        self._output, self._stage = output, stage
        self._folders = {stage}  # that and those that were made in it
        self._lacking: dict[str, bool] = {}  # top folder → the output has none

    def write(self, page: Page, standing: bytes | None) -> Staged:
        """Write one rendered page; `standing` is the digest of its file in the output, if that is known to be as we left it.

        Raises EnvironmentFault (disk full and the like, `source-changed`), and ValueError for a path that is not below
        the output.
        """
        if not owned.is_plain(page.path):
            raise ValueError(f"bad output path: {page.path!r}")
        row = row_of(page)
        lacks = self._lacks_top(page.path)
        if standing == page.digest or (standing is None and not lacks and self._stands(page)):
            return Staged(page.path, row)
        source, tree = self._place(page, whole=lacks)
        if page.copy_of is None:
            assert page.data is not None
            files.write(source, page.data)
        elif files.copy(source, page.copy_of) != page.digest:
            message = f"`{page.copy_of}` was changed during the build"
            raise EnvironmentFault(message, code="source-changed", hint="build again")
        return Staged(page.path, row, page.first, source, tree)

    def _stands(self, page: Page) -> bool:
        file = os.path.join(self._output, page.path)
        status = files.look(file)
        if status is None or not files.is_file(status) or status.st_mode & 0o7777 != files.FILE_MODE:
            return False
        if page.data is not None and status.st_size != len(page.data):
            return False
        return files.digest(file) == page.digest

    def _lacks_top(self, path: str) -> bool:
        """Say whether a path has a top folder, and the output lacks it."""
        top, slash, _ = path.partition("/")
        if top not in self._lacking:
            self._lacking[top] = files.look(os.path.join(self._output, top)) is None
        return bool(slash) and self._lacking[top]

    def _place(self, page: Page, *, whole: bool) -> tuple[str, str]:
        """Choose where a page is staged (file, tree): in its final shape, if its top folder will be moved whole, else flat."""
        if not whole:
            flat = f"{self._stage}/flat"
            self._ensure(flat)
            return f"{flat}/{blake2b(page.path.encode(), digest_size=16).hexdigest()}", ""
        root = f"{self._stage}/{'first' if page.first else 'then'}"
        file = f"{root}/{page.path}"
        self._ensure(os.path.dirname(file))
        return file, f"{root}/{page.path.partition('/')[0]}"

    def _ensure(self, folder: str) -> None:
        if folder not in self._folders:
            self._ensure(os.path.dirname(folder))
            files.share_folder(folder)
            self._folders.add(folder)
