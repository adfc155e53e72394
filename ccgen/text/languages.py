"""Language tags: their own names, and where words are looked for when a language lacks them; knows no site."""

from __future__ import annotations

from functools import cache

__all__ = ["fallbacks", "language_name"]

# The names a reader knows, where CLDR's are longer than a language switch should be.
_NAMES = {"zh-CN": "简体中文", "zh-TW": "繁體中文", "en": "English"}


@cache
def language_name(tag: str) -> str:
    """Return a language's name in itself: `简体中文`, `Deutsch`; the tag where it is unknown."""
    if tag in _NAMES:
        return _NAMES[tag]
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:] if name else tag


def fallbacks(tag: str) -> tuple[str, ...]:
    """Return the languages in which words are looked for, nearest first; English is every theme's last."""
    base = tag.partition("-")[0]
    return tuple(dict.fromkeys((tag, base, "en")))
