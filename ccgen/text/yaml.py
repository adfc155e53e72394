"""YAML as plain text values (dict, list, str, None) from parser events in one loop; knows no schema.

Text stays what was written (`NO`, `007`); an empty plain value or `~` is None. Anything that YAML could do beyond that
(tags, cycles, several documents) is refused, and what it would lose in silence is a warning (docs/formats.md, "How values are
read"). Only events are used: building nodes recurses in C and can crash the process on deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

import yaml

from ccgen.errors import At, Problem
from ccgen.text.yamlfaults import explain_syntax, find_lost_text
from ccgen.text.yamlpairs import read_pairs
from ccgen.text.yamlslips import line_at, quoted_line

__all__ = ["MAX_DEPTH", "MAX_NODES", "Plain", "events", "parse", "parse_events"]

Plain = str | list["Plain"] | dict[str, "Plain"] | None

MAX_DEPTH = 64
MAX_NODES = 100_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAY_LOSE_TEXT = re.compile(r" #[^\s#]|^[ \t]*-[^\s\-\d.]", re.MULTILINE)
_LONGEST_TORN = 1000  # characters of a text that is put together again
_COLON = re.compile(r"\s*:")
_NUMBER_COMMA = re.compile(r"[0-9],[0-9]")
_NO_KEY = object()
_BAD_KEY = object()


class _StopError(Exception):
    """Reading cannot go on; the reason is the last problem."""


class _Frame:
    """An open mapping or list: its value so far, the key that waits for a value, and how many levels it has.

    Of a mapping in braces (`flow`): `last` is its last key with a value, from where to where that stands, and whether it is
    plain; `torn` are keys whose text a comma ended too early, and where.
    """

    __slots__ = ("anchor", "event", "first_node", "flow", "height", "items", "key", "last", "pairs", "torn")

    def __init__(self, event: Any, first_node: int) -> None:
        is_list = type(event) is yaml.SequenceStartEvent
        self.event = event
        self.anchor = event.anchor
        self.items: list[Plain] | None = [] if is_list else None
        self.pairs: dict[str, Plain] = {}
        self.key: Any = _NO_KEY
        self.flow = not is_list and bool(event.flow_style)
        self.last: tuple[str, int, int, bool] | None = None
        self.torn: dict[str, int] = {}
        self.first_node = first_node
        self.height = 1

    def note(self, key: str, value: Plain, event: Any) -> None:
        """Note where the value of a key stands."""
        self.last = None if value is None else (key, event.start_mark.index, event.end_mark.index, _is_plain(event))


def events(text: str) -> Iterator[Any]:
    """Yield PyYAML's events of a text, from libyaml where it is installed.

    :raises yaml.YAMLError: where the text is not YAML.
    """
    parser = _Loader(text)
    try:
        # Not `yaml.parse`: looking ahead before each event costs a tenth of a front matter's time.
        while type(event := parser.get_event()) is not yaml.StreamEndEvent:
            yield event
    finally:
        parser.dispose()


def parse(text: str, *, path: str, start: int = 0, line: int = 1) -> tuple[Plain, tuple[Problem, ...]]:
    """Read one YAML document; `text` begins in the file `path` at the character `start` (from 0) on `line` (from 1).

    The value is None for an empty document, and where the text cannot be read (then there is an error).
    """
    pairs = read_pairs(text)
    if pairs is not None:
        return cast("Plain", pairs), ()
    return parse_events(text, path=path, start=start, line=line)


def parse_events(text: str, *, path: str, start: int = 0, line: int = 1) -> tuple[Plain, tuple[Problem, ...]]:
    """Do as `parse` for any text, by the library's events."""
    builder = _Builder(text, path, start, line)
    try:
        bad = _UNPRINTABLE.search(text)
        if bad:
            builder.stop(
                bad.start(), "yaml-syntax", f"the character U+{ord(bad[0]):04X} is not allowed here", "delete it"
            )
        builder.run()
    except yaml.YAMLError as fault:
        builder.value = None
        at, code, message, hint = explain_syntax(fault, text)
        builder.fault(at, code, message, hint)
    except _StopError:
        builder.value = None
    return builder.value, tuple(builder.problems)


class _Builder:
    """One pass over the events of one document."""

    def __init__(self, text: str, path: str, start: int, line: int) -> None:
        self.text = text
        self.start = start
        self.line = line
        self.path = path
        self.problems: list[Problem] = []
        self.value: Plain = None
        self.stack: list[_Frame] = []
        self.nodes = 0
        self.documents = 0
        self.anchors: dict[str, tuple[Plain, int, int]] = {}  # value, expanded nodes, levels
        self.open_anchors: set[str] = set()
        self.unused: dict[str, int] = {}  # anchors of plain values that nothing has referred to yet, and where
        self.watch = bool(_MAY_LOSE_TEXT.search(text))

    def run(self) -> None:
        for event in events(self.text):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if self.watch or event.anchor is not None or event.tag is not None or not self.stack:
                    self.odd_scalar(event)
                else:
                    self.plain_scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self.open(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.close()
            elif kind is yaml.AliasEvent:
                self.alias(event)
            elif kind is yaml.DocumentStartEvent:
                self.documents += 1
                if self.documents > 1:
                    self.stop(
                        event.start_mark.index,
                        "yaml-documents",
                        "a second document begins here",
                        "keep one document a file",
                    )
        for name, index in self.unused.items():
            self.warn_dropped(name, index)

    def fault(self, index: int, code: str, message: str, hint: str = "", length: int = 0) -> None:
        at = At(path=self.path, start=self.start + index, length=length)
        self.problems.append(Problem(code=code, message=message, at=at, hint=hint))

    def line_of(self, index: int) -> int:
        return self.line + self.text.count("\n", 0, index)

    def stop(self, index: int, code: str, message: str, hint: str = "") -> None:
        self.fault(index, code, message, hint)
        raise _StopError

    def count(self, event: Any, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            self.stop(
                event.start_mark.index, "yaml-size", f"more than {MAX_NODES:,} values", "split the file; aliases count"
            )

    def descend(self, event: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.stop(
                event.start_mark.index,
                "yaml-depth",
                f"values are nested more than {MAX_DEPTH} deep",
                "write it flatter",
            )

    def refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            start = event.start_mark.index
            fixed = quoted_line(line_at(self.text, start)) if event.tag[0] == "!" and hasattr(event, "value") else ""
            message = f"the tag `{event.tag.replace('tag:yaml.org,2002:', '!!')}` is not allowed"
            self.fault(start, "yaml-tag", message, fixed or "write the value without it")

    def plain_scalar(self, event: Any) -> None:
        """Do as `odd_scalar` and `put` together for the usual case; half of the time of reading is spent here."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.count(event, 0)
        value: str | None = event.value
        if (value == "" or value == "~") and not event.style:
            value = None
        frame = self.stack[-1]
        key = frame.key
        if frame.items is not None:
            frame.items.append(value)
        elif key is _NO_KEY:
            if frame.flow and self.tears(event, frame):
                frame.key = _BAD_KEY
            else:
                frame.key = value if value and value not in frame.pairs else self.checked_key(value, event, frame)
        else:
            if key is not _BAD_KEY:
                frame.pairs[key] = value
                if frame.flow:
                    frame.note(key, value, event)
            frame.key = _NO_KEY

    def odd_scalar(self, event: Any) -> None:
        self.count(event, 1)
        value: str | None = event.value
        if not event.style and (value == "" or value == "~"):
            value = None
        if event.tag is not None:
            self.refuse_tag(event)
        if self.watch and not event.style:
            self.warn_lost(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1, 0)
            if event.anchor in self.unused:
                self.warn_dropped(event.anchor, self.unused.pop(event.anchor))
            if not event.style:
                self.unused[event.anchor] = event.start_mark.index
        self.put(value, event)

    def warn_dropped(self, name: str, index: int) -> None:
        """Warn of `title: &amp x`, which means `title: x`."""
        at = At(path=self.path, start=self.start + index, length=len(name) + 1)
        message = f"`&{name}` is YAML's sign for an anchor, and nothing refers to it: it is dropped from the value"
        hint = quoted_line(line_at(self.text, index)) or "put quotes around the value, or delete it"
        self.problems.append(Problem(code="yaml-lost-text", message=message, at=at, hint=hint, severity="warning"))

    def warn_lost(self, event: Any) -> None:
        lost = find_lost_text(self.text, event.start_mark.index, event.end_mark.index)
        if lost is not None:
            index, message, hint = lost
            at = At(path=self.path, start=self.start + index)
            self.problems.append(Problem(code="yaml-lost-text", message=message, at=at, hint=hint, severity="warning"))

    def open(self, event: Any) -> None:
        self.count(event, 1)
        self.refuse_tag(event)
        frame = _Frame(event, self.nodes)
        self.stack.append(frame)
        self.descend(event, len(self.stack))
        if frame.anchor is not None:
            self.open_anchors.add(frame.anchor)

    def close(self) -> None:
        frame = self.stack.pop()
        for key, index in frame.torn.items():
            text = str(frame.pairs[key])
            message = f"`{text}` has a comma, which ends a value in braces"
            self.fault(
                index, "yaml-comma", message, quoted_line(f"{key}: {text}", ",") or "put quotes around it", len(text)
            )
        value: Plain = frame.items if frame.items is not None else self.merged(frame)
        if frame.anchor is not None:
            self.open_anchors.discard(frame.anchor)
            self.anchors[frame.anchor] = (value, self.nodes - frame.first_node + 1, frame.height)
        self.put(value, frame.event, frame.height)

    def alias(self, event: Any) -> None:
        name = event.anchor
        if name in self.open_anchors:
            self.stop(
                event.start_mark.index, "yaml-cycle", f"`*{name}` stands inside `&{name}` itself", f"delete `*{name}`"
            )
        if name not in self.anchors:
            start = event.start_mark.index
            hint = quoted_line(line_at(self.text, start)) or "put quotes around the value"
            self.fault(start, "yaml-alias", f"no anchor `&{name}` above", hint)
            self.put(None, event)
            return
        self.unused.pop(name, None)
        value, nodes, height = self.anchors[name]
        self.count(event, nodes)
        self.descend(event, len(self.stack) + height)
        self.put(value, event, height)

    def put(self, value: Plain, event: Any, height: int = 0) -> None:
        if not self.stack:
            self.value = value
            return
        frame = self.stack[-1]
        if height >= frame.height:
            frame.height = height + 1
        if frame.items is not None:
            frame.items.append(value)
        elif frame.key is _NO_KEY:
            torn = frame.flow and type(event) is yaml.ScalarEvent and self.tears(event, frame)
            frame.key = _BAD_KEY if torn else self.checked_key(value, event, frame)
        else:
            if frame.key is not _BAD_KEY:
                frame.pairs[frame.key] = value
                if frame.flow:
                    frame.note(frame.key, value, event)
            frame.key = _NO_KEY

    def tears(self, event: Any, frame: _Frame) -> bool:
        """Say whether what stands for a key is the rest of a text that a comma ended, and put the two together.

        `{capacity: 0,5 l}` is read as a number and a key `5 l` without a value. A number's comma stays in it, any other is told.
        """
        end = event.end_mark.index
        if frame.last is None or _COLON.match(self.text, end):
            return False
        key, start, value_end, is_plain = frame.last
        whole = self.text[start:end]
        between = self.text[value_end : event.start_mark.index].strip(" \t")
        if is_plain and _is_plain(event) and between == "," and "\n" not in whole and len(whole) <= _LONGEST_TORN:
            frame.pairs[key] = whole
            frame.last = (key, start, end, True)
            if not _NUMBER_COMMA.match(self.text, value_end - 1):
                frame.torn.setdefault(key, start)
        elif key not in frame.torn:
            message = f"`{event.value}` has no value: a comma ends a value in braces"
            self.fault(event.start_mark.index, "yaml-comma", message, "put quotes around a text that has a comma")
        return True

    def checked_key(self, value: Plain, event: Any, frame: _Frame) -> object:
        index = event.start_mark.index
        if type(event) is not yaml.ScalarEvent or not value or not isinstance(value, str):
            self.fault(index, "yaml-key", "a key must be text", "put quotes around it if it is meant as text")
            return _BAD_KEY
        if value in frame.pairs:
            first = self.line_of(_first_index(self.text, frame.event.start_mark.index, value))
            message = f"`{value}` stands on line {first} and again on line {self.line_of(index)}"
            self.fault(index, "duplicate-key", message, "keep one", len(value))
        return value

    def merged(self, frame: _Frame) -> dict[str, Plain]:
        """Apply `<<`: keys of its own win, then the mappings in their order."""
        pairs = frame.pairs
        if "<<" not in pairs:
            return pairs
        given = pairs.pop("<<")
        for mapping in given if isinstance(given, list) else [given]:
            if not isinstance(mapping, dict):
                at = _first_index(self.text, frame.event.start_mark.index, "<<")
                hint = "write `<<: *name`, with `&name` at the mapping that is meant"
                self.fault(at, "yaml-merge", "`<<` takes a mapping or a list of mappings", hint, 2)
                continue
            for key, value in mapping.items():
                pairs.setdefault(key, value)
        return pairs


def _is_plain(event: Any) -> bool:
    return type(event) is yaml.ScalarEvent and not event.style and event.anchor is None and event.tag is None


def _first_index(text: str, start: int, key: str) -> int:
    """Return where a key stands first in the mapping that begins at `start`."""
    depth = 0
    at_key = True
    seen = False
    for event in events(text):
        if not seen:
            seen = isinstance(event, yaml.MappingStartEvent) and _index_of(event) == start
            continue
        if depth == 0 and at_key and isinstance(event, yaml.ScalarEvent) and event.value == key:
            return _index_of(event)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth == 0:
            at_key = not at_key
    return start


def _index_of(event: Any) -> int:
    return int(event.start_mark.index)
