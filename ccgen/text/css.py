"""What a style sheet names: references to other files; knows no file."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["references"]

# A comment, which names nothing, or a reference. However a sheet is written, each of its bytes is looked at a few times at
# most: no part of this begins what another may go on with, and none gives back what it took.
_REFERENCE = re.compile(
    rb"""/\*.*?(?:\*/|\Z)"""
    rb"""|url\(\s*+(?:"(?P<double>[^"\n]++)"|'(?P<single>[^'\n]++)'|(?P<bare>[^"'()\s]++(?>(?:[ \t]++[^"'()\s]++)*)))\s*+\)"""
    rb"""|@import\s++(?:"(?P<import_double>[^"\n]++)"|'(?P<import_single>[^'\n]++)')""",
    re.DOTALL | re.IGNORECASE,
)


def references(sheet: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield where a style sheet refers to something, and what is written there (CSS Values 4, CSS Cascade 5)."""
    for found in _REFERENCE.finditer(sheet):
        if found.lastgroup is not None:
            yield found.start(found.lastgroup), found[found.lastgroup]
