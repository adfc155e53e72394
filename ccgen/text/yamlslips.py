"""Slips in a line of YAML that the library tells elsewhere or in its own words: colons, quotes, indentation; no schema."""

from __future__ import annotations

from typing import Any, NamedTuple

import yaml

from ccgen.text.patterns import late
from ccgen.text.unseen import find_unseen, without_unseen

__all__ = ["ALIGN", "find_slip", "line_at", "quoted_line"]

ALIGN = "align it with the lines it belongs to"

_PAIR = late(r"(\s*(?:- +)*[^\s:#'\"\[\]{},&*!|>%@`-][^:'\"]*: +|\s*(?:- +)+)(\S.*?)\s*$")
_KEY = late(r"\s*(?:- +)*[A-Za-z_][\w.@-]*:(?:\s|$)")
_NO_SPACE = late(r"(\s*(?:- +)*[A-Za-z_][\w@-]*)(：[ \t]*|:(?=[^\s/:]))(.*?)\s*$")
_GAP = r"[\s\u00ad\u200b-\u200d\u2060\ufeff]*"  # spaces, and what looks like one or like nothing
_BEGUN = late(rf"{_GAP}(?:-{_GAP})*(?:[A-Za-z_][\w.@-]*:{_GAP})?")
_WIDE_QUOTES = str.maketrans("“”„", '"""')
_GOES_ON = late(r"""("[^"]*"|'[^']*'|\[[^\[\]]*\]|\{[^{}]*\})(?=\s*[^\s#,])""")
_ABOUT_INDENTATION = (
    "mapping values", "expected <block end>", "did not find expected key", "expected <document start>",
    "expected ':'", "expected '-' indicator",
)  # fmt: skip
_SIGNS = {
    '"': "the text goes on behind its closing quote",
    "'": "the text goes on behind its closing quote",
    "[": "the text goes on behind its closing bracket",
    "{": "the text goes on behind its closing brace",
    "*": "`*` at the start of a value is YAML's sign for an alias",
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Slip = tuple[int, str, str, str]


class _Line(NamedTuple):
    """A line and where it begins; `indent` counts its leading spaces."""

    start: int
    text: str
    indent: int


def find_slip(text: str, index: int, said: str) -> Slip | None:
    """Say what is wrong in the line at `index`, or in one just above it: where, a code, what, and a hint.

    `said` are the library's words; None where a line alone does not tell more than they do.
    """
    lines = _lines_until(text, index)
    if not lines:
        return None
    here = lines[-1]
    for line in lines[:-3:-1]:
        found = _unseen(line) or _without_space(line)
        if found is not None:
            return found
    for line in (here, *lines[-2:-1]):
        found = _unquoted(line)
        if found is not None:
            return found
    if not any(words in said for words in _ABOUT_INDENTATION) or not _KEY.match(here.text):
        return None
    if said.startswith("mapping values") and ": " in text[here.start : index]:
        return None  # a second colon
    return _indented(lines)


def _lines_until(text: str, index: int) -> list[_Line]:
    """Return the lines that say something, the last of them that at `index` or before it."""
    end = text.find("\n", index)
    lines, start = [], 0
    for line in text[: end if end >= 0 else len(text)].split("\n"):
        bare = line.lstrip(" ")
        if bare.strip() and not bare.startswith("#"):
            lines.append(_Line(start, line, len(line) - len(bare)))
        start += len(line) + 1
    return lines


def _unseen(line: _Line) -> Slip | None:
    """Find what is no space, and stands where YAML wants one: before a key, or behind its colon or a dash."""
    begun = _BEGUN.match(line.text)
    found = find_unseen(begun[0]) if begun else None
    if begun is None or found is None:
        return None
    head, rest = without_unseen(begun[0]).strip(), line.text[begun.end() :]
    hint = f"{head} {rest}" if head[-1:] in {":", "-"} else head + rest
    return line.start + found[0], "yaml-syntax", found[1], hint.rstrip()


def _without_space(line: _Line) -> Slip | None:
    found = _NO_SPACE.match(line.text)
    if found is None:
        return None
    wide = found[2][0] == "："
    what = "the colon is a full-width one" if wide else "no space stands behind the colon"
    hint = f"{found[1].strip()}: {found[3].translate(_WIDE_QUOTES) if wide else found[3]}"
    return line.start + found.start(2), "yaml-syntax", what, hint


def _unquoted(line: _Line) -> Slip | None:
    pair = _PAIR.match(line.text)
    if pair is None or _reads(line.text):
        return None
    hint, value = quoted_line(line.text), pair[2]
    if not hint:
        return None
    where, sign = line.start + pair.start(2), value[0]
    code = "yaml-alias" if sign == "*" else "yaml-syntax"
    if sign == "[" and not _GOES_ON.match(value):
        sign = '"'  # of an entry
    if sign in _SIGNS or sign in "@`%|>&!":
        return where, code, _SIGNS.get(sign, "a plain value cannot begin with this character"), hint
    return None


def _indented(lines: list[_Line]) -> Slip | None:
    """Find the line that stands in another column than those around it: the last one, or that above it."""
    here = lines[-1]
    if len(lines) < 2:
        return None
    above, before = lines[-2], lines[-3] if len(lines) > 2 else None
    odd = here
    if here.indent > above.indent and before is not None:
        parent = before.indent == above.indent and before.text.rstrip().endswith(":")
        odd = above if parent or before.indent == here.indent else here
    elif here.indent == 0 and lines[0].indent and all(line.indent for line in lines[:-1]):
        odd = lines[0]
    elif here.indent == above.indent:
        return None
    return odd.start + odd.indent, "yaml-syntax", "this line is indented differently from its neighbours", ALIGN


def line_at(text: str, index: int) -> str:
    """Return the line of a character."""
    end = text.find("\n", index)
    return text[text.rfind("\n", 0, index) + 1 : end if end >= 0 else len(text)]


def quoted_line(line: str, inside: str = "") -> str:
    """Return a `key: value` line, or a list's entry, with its value in quotes; '' where that would not be certain."""
    pair = _PAIR.match(line)
    if not pair or inside not in pair[2]:
        return ""
    value = pair[2]
    if value[0] == "[" and value.endswith("]") and not _GOES_ON.match(value):
        made = _quoted_entries(value)
    elif value[0] in "\"'[{":
        made = _quoted(_inner(value)) if _GOES_ON.match(value) else ""
    else:
        made = _quoted(value)
    fixed = pair[1].lstrip() + made
    return fixed if made and _reads(fixed) else ""


def _inner(value: str) -> str:
    """Return a text without the quotes around it where others stand within."""
    sign = value[0]
    return value[1:-1] if sign in "\"'" and value.endswith(sign) and value.count(sign) != 4 else value


def _quoted_entries(value: str) -> str:
    entries = [entry.strip() for entry in value[1:-1].split(",")]
    made = [_quoted(entry) if entry and _GOES_ON.match(entry) else entry for entry in entries]
    return f"[{', '.join(made)}]" if made != entries else ""


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _reads(line: str) -> bool:
    """Say whether a line alone is YAML."""
    parser = _Loader(line.strip())
    try:
        while type(parser.get_event()) is not yaml.StreamEndEvent:
            pass
    except yaml.YAMLError:
        return False
    finally:
        parser.dispose()
    return True
