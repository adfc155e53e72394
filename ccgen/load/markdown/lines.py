"""Patterns of the lines that begin blocks, and leading space; every function looks at one line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ccgen.load.markdown.engine import Layout
from ccgen.load.markdown.rawhtml import BLOCK_TAGS, LITERAL_TAGS, TAG
from ccgen.load.markdown.structure import Box
from ccgen.text.patterns import late

__all__ = [
    "BLANK", "DEFINITION", "DIRECTIVE_START", "EXPLICIT_ID", "FENCE", "HEADING", "HTML_NAME", "ITEM", "MARGIN", "NOTE",
    "PASSAGES", "PLAIN_HEADING", "REFERENCE", "RULE", "SPECIAL", "SQUASHED", "TABLE_RULE", "UNDERLINE", "behind",
    "behind_quote", "dropped", "html_kind", "interrupts", "width",
]  # fmt: skip

FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})[ \t]*([^\s{}]*)")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
PLAIN_HEADING = re.compile(r"(#{1,6})[ \t]+(?=[^ \t#])")  # of what ends in no `#`
SQUASHED = re.compile(r"#{2,6}[^#\s]")
EXPLICIT_ID = re.compile(r"(?:^|\s)\s*\{#([^\s{}]+)\}\s*$")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
TABLE_RULE = late(r"\|?[ \t]*:?-+:?[ \t]*(?>(?:\|[ \t]*:?-+:?[ \t]*)*)\|?[ \t]*$")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
ITEM = re.compile(r"(?:[-+*]|([0-9]{1,9})[.)])(?=[ \t]|$)")
DEFINITION = re.compile(r":(?=[ \t]+\S)")
NOTE = re.compile(r"\[\^([^\s\[\]^]{1,200})\]:")
REFERENCE = late(
    r"""\[((?!\^)(?:[^\[\]\\]|\\.){1,999})\]:[ \t]*(?:<([^<>]*)>|((?!<)\S+))"""
    r"""(?:[ \t]+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*$"""
)
HTML_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?=[\s/>]|$)")
SPECIAL = frozenset("`~:：#>*+-_=<[0123456789")
DIRECTIVE_START = ("::", "：：", ":：")
# What an article is mostly made of, from the margin on: an item that holds a line of a paragraph (and ends with it, where
# what follows is seen to be another block), a heading, a directive, or a paragraph's lines.
_LINE = rf"(?![{re.escape(''.join(sorted(SPECIAL)))} \t\n])[^\n]++"
_MARKER = r"(?:[-+*]|[0-9]{1,9}[.)])[ ]"
MARGIN = re.compile(
    rf"({_MARKER})({_LINE})((?=\n{_MARKER}|\n\n+[^ \t\n]|\n*\Z))?"
    rf"|(\#{{1,6}}[ \t]+[^ \t\#\n][^\n]*)|(::[^\n]*)|({_LINE}(?>(?:\n{_LINE})*))"
)
# Blocks that need no look at all if there is no sign in them, each with a blank line behind it: paragraphs and, where the
# engine reads what was written, lists and quotes at the margin, behind which nothing may follow that could be theirs.
_BARE = rf"{_LINE}(?<!\s)"
_END = r"(?=\n*\Z|\n[ \t]*\n)"
_PARAGRAPH = rf"{_BARE}(?>(?:\n{_BARE})*)"
_LIST = rf"{_MARKER}{_BARE}(?>(?:\n{_MARKER}{_BARE})*)"
_QUOTE = rf">[ ]{_BARE}(?>(?:\n>[ ]{_BARE})*)"
_APART = r"(?=\n*\Z|\n\n+[^ \t\n])"
_WRITTEN = rf"(?:{_PARAGRAPH}(?:{_END}|\n(?=(?:[-+*]|1[.)])[ ]){_LIST}{_APART})|(?:{_LIST}|{_QUOTE}){_APART})"
PASSAGES: Mapping[Layout, re.Pattern[str]] = {
    "apart": re.compile(rf"{_PARAGRAPH}{_END}(?>(?:\n\n{_PARAGRAPH}{_END})*)"),
    "as_written": re.compile(rf"{_WRITTEN}(?>(?:\n\n{_WRITTEN})*)"),
}
BLANK = re.compile(r"\Z|\n[ \t]*(?:\n|\Z)")


def html_kind(text: str, *, in_paragraph: bool) -> int:
    """Return the number of the HTML block (CommonMark 0.31, 4.6) that a line begins, 0 for none."""
    if text.startswith("<!--"):
        return 2
    found = HTML_NAME.match(text)
    if found is None:
        return 0
    name = found[1].lower()
    if name in LITERAL_TAGS and text[1] != "/":
        return 1
    if name in BLOCK_TAGS:
        return 6
    whole = TAG.match(text)
    return 7 if whole is not None and not in_paragraph and not text[whole.end() :].strip() else 0


def interrupts(space: str, text: str, box: Box) -> bool:
    """Say whether a line that lacks the prefix of `box` begins a block, so that it is no lazy continuation."""
    if width(space) > 3 or text[0] not in SPECIAL:
        return False
    return bool(
        text[0] == ">"
        or ITEM.match(text)
        or text.startswith(DIRECTIVE_START)
        or any(pattern.match(text) for pattern in (FENCE, HEADING, RULE, NOTE))
        or (box.kind == "definition" and DEFINITION.match(text))
        or html_kind(text, in_paragraph=True) in {1, 6}
    )


def width(space: str) -> int:
    """Return how many columns leading space is wide, with a tab stop at each fourth."""
    return len(space) if "\t" not in space else len(space.expandtabs(4))


def dropped(space: str, columns: int) -> str:
    """Return leading space without its first columns; a tab of which a part goes becomes spaces."""
    if "\t" in space:
        space = space.expandtabs(4) if columns % 4 or " " in space[:columns] else space
        while columns >= 4 and space.startswith("\t"):
            space, columns = space[1:], columns - 4
    return space[columns:]


def behind(text: str, start: int, width: int) -> tuple[str, str, int]:
    """Return what stands behind a marker: its space, its text, and where that begins."""
    rest = text[width:]
    body = rest.lstrip(" \t")
    space = rest[: len(rest) - len(body)]
    return space, body, start + width + len(space)


def behind_quote(text: str, start: int) -> tuple[str, str, int]:
    """Do as `behind` for the marker of a quote, without the one column of space that belongs to it."""
    space, body, where = behind(text, start, 1)
    if space.startswith("\t"):
        space = space.expandtabs(4)[1:]  # a tab behind `>`: one column belongs to the marker
    return space.removeprefix(" ") if not space.startswith("\t") else space, body, where
