"""YAML that is nothing but lines `key: value`, as most front matter is: read by one pattern; knows no other YAML.

What it reads means the same to every YAML parser: keys of ASCII, values that are one plain word or text, text in quotes
without escapes, or a list of such words in brackets. A line of any other form, and it reads nothing.
"""

from __future__ import annotations

from ccgen.text.patterns import late

__all__ = ["read_pairs"]

_KEY = r"[A-Za-z_][A-Za-z0-9_@-]{0,99}+"
# Letters and digits of every script, and signs that mean nothing where they stand here. No `#`, which may begin a comment.
_SIGN = r"\- \w,.;!?()/&%+=$*~–—’“”…·，。、！？；（）《》「」€£"
_TEXT = rf"(?=\w)(?>(?:[{_SIGN}'\"]|:(?=\S))+)(?<! )"  # plain: a colon within is none of a mapping's
_WORDS = r"(?=\w)[ \w.'-]++(?<! )"  # an entry of a list in brackets, where more signs have a meaning
_QUOTED = rf"{_SIGN}:<>@^`|\[\]{{}}"  # no backslash
_VALUE = rf"({_TEXT})|\"([{_QUOTED}']*+)\"|'([{_QUOTED}\"]*+)'|\[({_WORDS}(?>(?:,[ ]{_WORDS})*))\]"
_PAIR = late(rf"({_KEY}):[ ](?:{_VALUE})\n")
_LIST = 5
_LONGEST = 100_000  # characters; how many values a longer text may have is counted where it is parsed


def read_pairs(text: str) -> dict[str, str | list[str]] | None:
    """Return the pairs of a text, None where it is not made of such lines alone, or a key stands twice."""
    pairs: dict[str, str | list[str]] = {}
    done, end = 0, len(text)
    if end > _LONGEST:
        return None
    while done < end:
        found = _PAIR.match(text, done)
        if found is None:
            return None
        kind, key = found.lastindex or 0, found[1]
        if key in pairs:
            return None
        pairs[key] = found[kind].split(", ") if kind == _LIST else found[kind]
        done = found.end()
    return pairs or None
