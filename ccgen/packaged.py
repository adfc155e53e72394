"""Where the files lie that ship with ccgen: the themes; reads none of them."""

from __future__ import annotations

from pathlib import Path

import ccgen
from ccgen.errors import EnvironmentFault

__all__ = ["PACKAGED", "ROOT_THEME", "packaged_themes", "theme_file"]

ROOT_THEME = "plain"
PACKAGED = "theme:"  # before the name of a packaged theme in paths of messages


def packaged_themes() -> Path:
    """Return the folder of the themes that ship with ccgen: in the package (a wheel), else beside it (a checkout).

    :raises EnvironmentFault: when the installation has lost them.
    """
    package = Path(ccgen.__file__).resolve().parent
    for folder in (package / "themes", package.parent / "themes"):
        if (folder / ROOT_THEME / "theme.yaml").is_file():
            return folder
    raise EnvironmentFault("the themes that ship with ccgen are missing", code="no-themes", hint="install ccgen again")


def theme_file(path: str) -> Path | None:
    """Return the file that a message means by `theme:NAME/…`; None for any other path."""
    if not path.startswith(PACKAGED):
        return None
    return packaged_themes() / path.removeprefix(PACKAGED)
