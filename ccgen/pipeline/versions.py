"""Which ccgen, Python and libraries shape the output; imports none of them.

`importlib.metadata` reads a whole file with the parser of e-mails for each; a build with nothing to do would pay more
for that than for looking at a thousand articles. The name of an installed package's folder says the same.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import ccgen

__all__ = ["program", "versions"]

_LIBRARIES = ("babel", "jinja2", "markdown", "markupsafe", "msgspec", "pillow", "pyromark", "pyyaml", "selectolax")
_OF_THEMES = (
    "load/theme",
    "load/markdown",
    "model",
    "render",
    "text",
)  # whose code reads themes and compiles templates
_ENDING = ".dist-info"


@cache
def versions() -> str:
    """Return all that the same source may look different with: `ccgen=0.1.0 python=3.11.7 babel=2.18.0 …`."""
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = " ".join(f"{name}={_version(name)}" for name in _LIBRARIES)
    return f"ccgen={ccgen.__version__} python={python} {libraries}"


@cache
def program() -> str:
    """Return all that what is made of the same theme depends on: `versions`, this Python, and the files of ours that do it.

    Who works on ccgen changes these under one version; and a filter on a constant runs when a template is compiled.
    """
    marks = []
    for layer in _OF_THEMES:
        with os.scandir(Path(ccgen.__file__).parent / layer) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    status = entry.stat()
                    marks.append(f"{layer}/{entry.name} {status.st_size} {status.st_mtime_ns}")
    return " ".join((versions(), sys.version, *sorted(marks)))


def _version(name: str) -> str:
    found = _installed().get(name)
    if found is None:  # packaged in another way
        from importlib.metadata import version

        return version(name)
    return found


@cache
def _installed() -> dict[str, str]:
    """Return the version of each distribution on the path, by its name in small letters; the first one counts."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                names = [entry.name for entry in entries if entry.name.endswith(_ENDING)]
        except OSError:
            continue
        for entry in names:
            name, _, number = entry.removesuffix(_ENDING).rpartition("-")
            if name:
                found.setdefault(name.lower().replace("_", "-"), number)
    return found
