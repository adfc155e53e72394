"""Destinations of links and images as text: where they end, what they mean, which schemes are safe; knows no target."""

from __future__ import annotations

import re
from html import unescape
from typing import Literal
from urllib.parse import unquote

import msgspec

from ccgen.load.markdown.session import Session
from ccgen.model.body import Target
from ccgen.text.url import SAFE_SCHEMES

__all__ = ["Destination", "add_target", "parse_destination", "unescaped", "unsafe_reason"]

_LONGEST = 4_096  # characters of one destination with its title; bounds what an unclosed one can cost

_STRICT = re.compile(
    r"""\(\s*+(?:<((?>(?:[^<>\n\\]|\\[^\n])*))>|((?:[^\s()<\\]|\\.|\((?>(?:[^\s()\\]|\\.|\((?>(?:[^\s()\\]|\\.)*)\))*)\))(?>(?:[^\s()\\]|\\.|\((?>(?:[^\s()\\]|\\.|\((?>(?:[^\s()\\]|\\.)*)\))*)\))*))?)
    (?:\s++("(?>(?:[^"\\]|\\.)*)"|'(?>(?:[^'\\]|\\.)*)'|\((?>(?:[^()\\]|\\.)*)\)))?\s*+\)""",
    re.VERBOSE | re.DOTALL,
)
# Spaces in a destination: no standard allows them, but a file name has them, and nothing is lost in silence.
_LENIENT = re.compile(r"""\([ ]*+([^\n()<>"']*[^\n()<>"'\s])(?:\s++("[^"\n]*+"|'[^'\n]*+'))?\s*+\)""")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# What is to be found safe in nearly all cases: seen, of ASCII, with a scheme of the web, or with neither scheme nor `%`.
_SAFE = re.compile(r"https?:[!-~]*+|(?![A-Za-z][A-Za-z0-9+.-]*:)[!-$&-~]*+")
_HARMFUL = frozenset({"javascript", "vbscript", "data", "file", "livescript", "mocha", "view-source"})


class Destination(msgspec.Struct, frozen=True, gc=False):
    """What stands between the parentheses of a link: indexes in the text, the title without its quotes."""

    start: int
    end: int  # of the destination itself
    title: str
    after: int  # behind the closing parenthesis


def parse_destination(text: str, index: int) -> Destination | None:
    """Read `(destination "title")` at the opening parenthesis; None where it is not one."""
    limit = index + _LONGEST
    found = _STRICT.match(text, index, limit)
    if found is not None:
        group = 1 if found[1] is not None else 2
        start, end = found.span(group)
        if start < 0:
            start = end = index + 1
        return Destination(start, end, unescaped(found[3][1:-1]) if found[3] else "", found.end())
    found = _LENIENT.match(text, index, limit)
    if found is None:
        return None
    return Destination(found.start(1), found.end(1), unescaped(found[2][1:-1]) if found[2] else "", found.end())


def unescaped(text: str) -> str:
    """Return written text with backslash escapes and entities resolved."""
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return unescape(text) if "&" in text else text


def unsafe_reason(text: str) -> str:
    """Say why a destination may not stand in a link, '' if it may. Entities and escapes are resolved before.

    Browsers drop controls, tabs and newlines from URLs (WHATWG URL), so a scheme is looked for without them, and
    without percent-encoding too, since what decodes a link once too often should not find a script either.
    """
    if _SAFE.fullmatch(text):
        return ""
    if _CONTROL.search(text):
        return "it holds a tab, a newline or another character that is not seen"
    found = _SCHEME.match(text)
    if found is not None and found[1].lower() in SAFE_SCHEMES:
        return ""
    bare = _INVISIBLE.sub("", text)
    found = _SCHEME.match(bare)
    if found is not None:
        return "" if found[1].lower() in SAFE_SCHEMES else f"links do not lead to `{found[1].lower()}:`"
    for _ in range(3):
        if "%" not in bare:
            break
        bare = _INVISIBLE.sub("", unquote(bare))
        found = _SCHEME.match(bare)
        if found is not None and found[1].lower() in _HARMFUL:
            return f"links do not lead to `{found[1].lower()}:`, and percent-encoding does not hide it"
    return ""


def add_target(
    session: Session, kind: Literal["link", "image"], text: str, start: int, length: int, *, title: str = ""
) -> int:
    """Note a destination, escapes resolved, and return its number. An unsafe one is an error at its place."""
    reason = unsafe_reason(text)
    if reason:
        shown = _INVISIBLE.sub("", text)[:60]
        hint = "link to a page, a file, or an address with https, mailto or tel"
        session.report("unsafe-link", f"`{shown}` is not a safe destination: {reason}", start, length, hint)
        kind, text = "link", "#"  # it is reported already: nothing is to be looked for
    session.targets.append(Target(kind, text, start, length))
    number = len(session.targets) - 1
    if title:
        session.titles[number] = title
    return number
