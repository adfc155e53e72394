"""Links that open a file at a line in somebody's editor; knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

__all__ = ["EDITORS", "editor_link"]

# What these programs document as their own kind of address.
EDITORS: Mapping[str, str] = {
    "vscode": "vscode://file{file}:{line}:{column}",
    "cursor": "cursor://file{file}:{line}:{column}",
    "zed": "zed://file{file}:{line}:{column}",
    "idea": "idea://open?file={file}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{file}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{file}&line={line}&column={column}",
    "none": "",
}


def editor_link(editor: str, file: Path, place: Mapping[str, object]) -> str:
    """Return the address that opens a file, '' for no editor; `editor` is a name of `EDITORS` or a pattern like theirs."""
    pattern = EDITORS.get(editor, editor)
    line, column = str(place.get("line") or 1), str(place.get("column") or 1)
    return pattern.replace("{file}", quote(file.as_posix())).replace("{line}", line).replace("{column}", column)
