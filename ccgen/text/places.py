"""Where a problem is, in lines and columns: the file is read again when a problem is shown, never before.

Lines and columns count from 1, columns in characters. A field that is not in the file (left out, inherited, merged in)
is shown at the nearest value around it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import yaml

from ccgen.errors import At
from ccgen.text import csvtext
from ccgen.text.fields import parent_of
from ccgen.text.frontmatter import split
from ccgen.text.yaml import events

__all__ = ["Place", "Span", "locate", "spans"]


class Place(NamedTuple):
    """A place to show: `length` characters on `line` from `column`, and that line's text, '' when the file is meant."""

    line: int
    column: int
    length: int
    excerpt: str


class Span(NamedTuple):
    """Where a field stands in a YAML text: its key (an entry of a list has none: its value's place) and its value."""

    field: str
    key_start: int
    key_end: int
    start: int
    end: int


WHOLE = Place(1, 1, 0, "")


def locate(at: At, text: str) -> Place:
    """Return where `at` is in `text`, the decoded file (no BOM, line ends LF)."""
    if at.start >= 0:
        return _place(text, at.start, at.start + max(at.length, 1), known=at.length > 0)
    if not at.field:
        return WHOLE
    found = _in_table(text, at.field) if at.path.endswith(".csv") else _in_yaml(text, at)
    return _place(text, *found, known=True) if found else WHOLE


def spans(text: str) -> Iterator[Span]:
    """Yield the place of every key and entry of a YAML text, outer before inner ends; stops where it is not YAML."""
    try:
        yield from _walk(text)
    except yaml.YAMLError:
        return


def _place(text: str, start: int, end: int, *, known: bool) -> Place:
    start = min(start, len(text))
    lines = _line_starts(text)
    line = bisect_right(lines, start)
    line_start = lines[line - 1]
    line_end = lines[line] - 1 if line < len(lines) else len(text)
    length = max(1, min(end, line_end) - start) if known else 1
    return Place(line, start - line_start + 1, length, text[line_start:line_end])


@lru_cache(maxsize=4)
def _line_starts(text: str) -> tuple[int, ...]:
    """Return where each line begins; several problems are often in one file."""
    return (0, *(found.end() for found in re.finditer("\n", text)))


def _in_yaml(text: str, at: At) -> tuple[int, int] | None:
    first, known = _known_fields(text, markdown=at.path.endswith(".md"))
    field = at.field
    while field and field not in known:
        field = parent_of(field)
    span = known.get(field)
    if span is None:
        return None
    on_key = (at.on_key and field == at.field) or span.end <= span.start
    start, end = (span.key_start, span.key_end) if on_key else (span.start, span.end)
    shown = text[first + start : first + end]
    return first + start, first + start + len(shown.rstrip())


@lru_cache(maxsize=4)
def _known_fields(text: str, *, markdown: bool) -> tuple[int, dict[str, Span]]:
    """Return where a file's YAML begins and the place of each of its fields; several problems are often in one file."""
    first, last = 0, len(text)
    if markdown:
        front, _ = split(text, path="")
        first, last = front.start, front.end
    return first, {span.field: span for span in spans(text[first:last])}


def _in_table(text: str, field: str) -> tuple[int, int] | None:
    row_text, _, column = field.removeprefix("[").partition("]")
    rows = csvtext.read_rows(text, csvtext.sniff_delimiter(text))
    if not row_text.isdigit() or int(row_text) + 1 >= len(rows):
        return None
    header = [cell.text.strip() for cell in rows[0]]
    row = rows[int(row_text) + 1]
    column = column.removeprefix(".")
    while column and column not in header:
        column = parent_of(column)
    index = header.index(column) if column else 0
    if index >= len(row):
        return (row[0].start, row[-1].end) if row else None
    return row[index].start, row[index].end


class _Level:
    """An open mapping or list on the way to a field; `key` is the event of a key that waits for its value."""

    __slots__ = ("entries", "event", "field", "key", "key_of_self")

    def __init__(self, field: str, event: yaml.Event, key_of_self: yaml.Event) -> None:
        self.field = field
        self.event = event
        self.key_of_self = key_of_self
        self.key: yaml.Event | None = None
        self.entries = 0

    def next_field(self) -> str:
        if isinstance(self.event, yaml.SequenceStartEvent):
            self.entries += 1
            return f"{self.field}[{self.entries - 1}]"
        name = str(getattr(self.key, "value", ""))
        return f"{self.field}.{name}" if self.field else name

    def waits_for_key(self) -> bool:
        return isinstance(self.event, yaml.MappingStartEvent) and self.key is None


def _walk(text: str) -> Iterator[Span]:
    stack: list[_Level] = []
    for event in events(text):
        if isinstance(event, yaml.CollectionEndEvent):
            level = stack.pop()
            if stack:
                yield _span(level.field, level.key_of_self, level.event, event)
        elif isinstance(event, yaml.NodeEvent):
            top = stack[-1] if stack else None
            if top is not None and top.waits_for_key() and not isinstance(event, yaml.CollectionStartEvent):
                top.key = event
                continue
            field = top.next_field() if top else ""
            key = (top.key if top else None) or event
            if top is not None:
                top.key = None
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Level(field, event, key))
            elif top is not None:
                yield _span(field, key, event, event)


def _span(field: str, key: yaml.Event, first: yaml.Event, last: yaml.Event) -> Span:
    marks = (key.start_mark, key.end_mark, first.start_mark, last.end_mark)
    return Span(field, *(mark.index if mark else 0 for mark in marks))
