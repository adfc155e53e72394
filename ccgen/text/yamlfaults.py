"""What a YAML syntax error means to the person who wrote it, and what YAML drops without a word; knows no schema."""

from __future__ import annotations

import re

import yaml

from ccgen.text.yamlslips import ALIGN, find_slip, line_at, quoted_line

__all__ = ["explain_syntax", "find_lost_text"]

# The library's words, then ours, then what to do. The first that is found in its message is used.
_MEANING = (
    ("mapping values are not allowed", "a second `: ` on this line", "put quotes around the value"),
    ("cannot start any token", "a plain value cannot begin with this character", "put quotes around the value"),
    ("found unexpected end of stream", "this is never closed", "close the quote"),
    ("expected ',' or ']'", "this list in brackets is never closed, or lacks a comma", "close it with `]`"),
    ("expected ',' or '}'", "this mapping in braces is never closed, or lacks a comma", "close it with `}`"),
    ("could not find expected ':'", "this is not `key: value`", "write a colon and a space after the key"),
    (
        "expected <block end>",
        "this line is indented differently from its neighbours",
        ALIGN,
    ),
    ("did not find expected key", "this is not `key: value`", "check the indentation and the line above"),
    ("did not find expected <document start>", "this is not `key: value`", "write `key: value` lines"),
    ("did not find expected whitespace or line break", "this tag cannot be read", "quote the value"),
    ("did not find expected '-' indicator", "this line stands among the entries of a list", "begin it with `- `"),
    ("block sequence entries are not allowed", "a list cannot begin here", "put it on lines of its own below the key"),
    ("unknown escape", "`\\` begins an escape that does not exist", "use single quotes, or write `\\\\`"),
    ("found undefined tag handle", "tags are not allowed", "quote the value"),
    ("tab", "a tab cannot indent", "indent with spaces"),
)


def explain_syntax(fault: yaml.YAMLError, text: str) -> tuple[int, str, str, str]:
    """Return where a syntax error is (offset in characters), its code, what it is in our words, and a hint."""
    if not isinstance(fault, yaml.MarkedYAMLError) or fault.problem_mark is None:
        return 0, "yaml-syntax", "this cannot be read as YAML", "check quotes, colons and indentation"
    said = f"{fault.problem or ''} {fault.context or ''}"
    index = min(fault.problem_mark.index, len(text))
    if "cannot start any token" in said and text[index : index + 1] == "\t":
        return index, "yaml-syntax", "a tab cannot indent", "indent with spaces"
    seen = find_slip(text, index, said)
    if seen is not None:
        return seen
    for words, message, hint in _MEANING:
        if words in said:
            if words.startswith("mapping values"):
                return index, "yaml-syntax", message, quoted_line(line_at(text, index), inside=":") or hint
            if words.startswith(("found unexpected end", "expected ',' or")) and fault.context_mark is not None:
                index = min(fault.context_mark.index, len(text))
            return index, "yaml-syntax", message, hint
    return index, "yaml-syntax", fault.problem or "this cannot be read as YAML", "check quotes, colons and indentation"


def find_lost_text(text: str, start: int, end: int) -> tuple[int, str, str] | None:
    """Say what is lost or meant otherwise around a plain scalar that spans `start`:`end`: where, what, and a hint.

    Only what looks like an accident is reported: `title: Fix #3`, not `role: none  # neither`; `-x` alone on its line.
    """
    line_end = text.find("\n", end)
    rest = text[end : line_end if line_end >= 0 else len(text)]
    if re.match(r" #[^\s#]", rest):
        return (
            end + 1,
            "text after ` #` is a comment",
            quoted_line(line_at(text, start)) or "put quotes around the value",
        )
    first = text.rfind("\n", 0, start) + 1
    for line in re.finditer(r"^([ \t]*)-([^\s\-\d.].*)$", text[first:end], re.MULTILINE):
        if first + line.end(1) >= start:
            return first + line.end(1), "`-` without a space is text, not a list's entry", f"{line[1]}- {line[2]}"
    return None
