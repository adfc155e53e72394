"""Versions of themes and ranges of them (PEP 440), as text; knows no theme.

`packaging` is dear to import and a theme seldom names a range, so it is asked where a text is not of the simplest form.
"""

from __future__ import annotations

import re

__all__ = ["fits", "is_range", "is_version"]

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def is_version(text: str) -> bool:
    """Say whether a text is a version: `1.0.0`, `2.0rc1`."""
    if _PLAIN.fullmatch(text):
        return True
    from packaging.version import InvalidVersion, Version

    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def is_range(text: str) -> bool:
    """Say whether a text is a range of versions: `>=1.0,<2`, '' for any."""
    if not text:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def fits(version: str, versions: str) -> bool:
    """Say whether a version is in a range; so may be one before its release."""
    if not versions:
        return True
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(versions).contains(version, prereleases=True)
