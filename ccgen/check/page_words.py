"""A theme's sentences as they can be found again on a page, whatever stands in their places; knows no HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ccgen.check.page_sheet import squeezed
from ccgen.model.facts import Facts, ValueGroup
from ccgen.model.parts import owner_of

__all__ = ["Sentence", "Words"]

_PLACE = re.compile(r"\{[^{}]*\}")
_LEAST = 8  # letters that a sentence needs to say anything; a CJK character counts for four


class Sentence(NamedTuple):
    """A string of a theme: the texts between its places, in order, as written and without white space.

    `says_something`: there is more in it than a sign.
    """

    parts: tuple[str, ...]
    tight: tuple[str, ...]
    says_something: bool

    def within(self, text: str) -> bool:
        """Say whether it stands in a text, all parts in order; white space does not count."""
        return bool(self.parts) and (_in_order(self.parts, text) or _in_order(self.tight, squeezed(text)))

    def within_tight(self, text: str) -> bool:
        """Say the same of a text without its white space."""
        return bool(self.parts) and _in_order(self.tight, text)


class Words:
    """The strings of every language of a site."""

    def __init__(self, facts: Facts) -> None:
        self._groups = facts.groups
        self._known: dict[tuple[str, str], Sentence] = {}
        self._forms: dict[tuple[str, str], tuple[Sentence, ...]] = {}

    def text(self, lang: str, key: str) -> str:
        """Return a string, '' where there is none; of plural forms the last."""
        groups = self._groups.get(owner_of("string", lang, key))
        value = groups[0].value if groups and isinstance(groups[0], ValueGroup) else ""
        if isinstance(value, Mapping):
            value = next(reversed(list(value.values())), "")
        return str(value)

    def sentence(self, lang: str, key: str) -> Sentence:
        """Return a string as it can be found again."""
        found = self._known.get((lang, key))
        if found is None:
            found = self._known[lang, key] = _sentence(self.text(lang, key))
        return found

    def disclosure(self, lang: str, name: str) -> tuple[Sentence, ...]:
        """Return the forms of a sentence that say something: that of any page, and that of a product's."""
        found = self._forms.get((lang, name))
        if found is None:
            both = (self.sentence(lang, f"disclosure_{name}"), self.sentence(lang, f"disclosure_{name}_product"))
            found = self._forms[lang, name] = tuple(one for one in both if one.says_something)
        return found


@lru_cache(maxsize=1024)
def _sentence(text: str) -> Sentence:
    parts = tuple(part.strip() for part in _PLACE.split(text) if squeezed(part))
    tight = tuple(map(squeezed, parts))
    return Sentence(parts, tight, _weight("".join(tight)) >= _LEAST)


def _in_order(parts: tuple[str, ...], text: str) -> bool:
    start = 0
    for part in parts:
        start = text.find(part, start)
        if start < 0:
            return False
        start += len(part)
    return True


def _weight(text: str) -> int:
    return sum(4 if ord(letter) >= 0x2E80 else 1 for letter in text if letter.isalnum())
