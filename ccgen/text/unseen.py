"""Characters that look like a space or like nothing, and are neither to YAML and directives; knows no language."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["find_unseen", "without_unseen"]

_UNSEEN = re.compile("[\u00a0\u00ad\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]")


def find_unseen(text: str) -> tuple[int, str] | None:
    """Return where the first such character stands in a text, and what to say of it; None where there is none."""
    found = _UNSEEN.search(text)
    if found is None:
        return None
    sign = found[0]
    name = f"U+{ord(sign):04X} {unicodedata.name(sign).lower()}"
    return found.start(), f"{name}, not a space" if _is_space(sign) else f"{name}, which is not seen"


def without_unseen(text: str) -> str:
    """Return a text with plain spaces for what looks like one, and without what looks like nothing."""
    return _UNSEEN.sub(lambda found: " " if _is_space(found[0]) else "", text)


def _is_space(sign: str) -> bool:
    return unicodedata.category(sign) == "Zs"
