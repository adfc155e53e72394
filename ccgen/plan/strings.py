"""A theme's words by language, with those that a language lacks; knows no page."""

from __future__ import annotations

from ccgen.model.theme import Theme
from ccgen.text.languages import fallbacks

__all__ = ["string_in", "strings_in"]


def strings_in(theme: Theme, lang: str) -> dict[str, str | dict[str, str]]:
    """Return a theme's strings in a language; what it lacks is taken from the next language that has it."""
    found: dict[str, str | dict[str, str]] = {}
    for one in reversed(fallbacks(lang)):
        found |= theme.strings.get(one, {})
    return found


def string_in(theme: Theme, lang: str, key: str) -> str:
    """Return one string that has no plural forms, '' where there is none."""
    several = (theme.strings.get(one, {}).get(key) for one in fallbacks(lang))
    return next((text for text in several if isinstance(text, str)), "")
