"""Plain text and addresses as Markdown that reads back as the same; knows no page and no engine."""

from __future__ import annotations

import re

__all__ = ["as_cell", "as_line", "as_link", "as_text", "as_url"]

_SPECIAL = re.compile(r"[\\`*_\[\]]")
_NAMED = {"<": "&lt;", "~": "&#126;"}  # not every engine takes a backslash before these
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BLOCK = re.compile(r"^(?:[-+#>:=]|[0-9]+(?=[.)](?:\s|$)))")
_BARE = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C", '"': "%22", "\n": "%0A", "\t": "%09"}
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_AUTOLINK = re.compile(r"<https?://[^\s<>]*>")


def as_text(text: str) -> str:
    """Return plain text as one line of Markdown in which nothing is markup, wherever the line stands."""
    line = _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\g<0>", " ".join(text.split())))
    line = re.sub("[<~]", lambda found: _NAMED[found[0]], line)
    found = _BLOCK.match(line)
    if found is None:
        return line
    if found[0].isdigit():  # `1.` would begin a list
        return f"{found[0]}\\{line[found.end() :]}"
    return f"&#58;{line[1:]}" if found[0] == ":" else f"&#61;{line[1:]}" if found[0] == "=" else f"\\{line}"


def as_line(text: str) -> str:
    """Return inline Markdown of a record as one line; raw HTML in it is text, as everywhere (see `text.inline`)."""
    line, done, parts = " ".join(text.split()), 0, []
    for found in re.finditer(f"{_CODE.pattern}|({_AUTOLINK.pattern})", line):
        parts += [line[done : found.start()].replace("<", "&lt;"), found[0]]
        done = found.end()
    return "".join([*parts, line[done:].replace("<", "&lt;")])


def as_cell(markdown: str) -> str:
    """Return a line of Markdown for a cell of a table."""
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(markdown.split()))


def as_url(url: str) -> str:
    """Return an address for the parentheses of a link."""
    return "".join(_BARE.get(letter, letter) for letter in url)


def as_link(words: str, url: str) -> str:
    """Return a link; `words` are Markdown."""
    return f"[{words}]({as_url(url)})"
