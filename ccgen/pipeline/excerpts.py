"""The text of a file that a problem names, for its excerpt; knows no form in which problems are shown."""

from __future__ import annotations

from pathlib import Path

from ccgen.packaged import theme_file
from ccgen.text.decode import lenient

__all__ = ["source_text"]


def source_text(root: Path, path: str) -> str | None:
    """Return the text of a file of a project, or of a packaged theme, by its path in messages; None where there is none."""
    file = theme_file(path) or root / path
    try:
        return lenient(file.read_bytes()) if path and file.is_file() else None
    except OSError:
        return None
