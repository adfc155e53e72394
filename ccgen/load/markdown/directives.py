"""A directive as written against its declaration (docs/directives.md); knows no Markdown around it and no record."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from ccgen.load.markdown.session import Session
from ccgen.load.markdown.ticks import Ticks
from ccgen.load.markdown.values import advice, fault
from ccgen.model.body import Call, Form
from ccgen.model.theme import Directive
from ccgen.text.near import did_you_mean
from ccgen.text.slug import slug

__all__ = [
    "ATTRIBUTES",
    "FULL_WIDTH",
    "NAME",
    "WIDE_MARKS",
    "LineDirective",
    "Written",
    "label_end",
    "make_call",
    "read_line",
]

NAME = r"[a-z][a-z0-9-]*+"
_BRACES = r"""\{((?>(?:[^{}"'\n]++|"[^"\n]*+"|'[^'\n]*+')*))\}"""
ATTRIBUTES = re.compile(_BRACES)

_ITEM = re.compile(r"""([^\s="'{}]+)(?:(=)("[^"\n]*+"|'[^'\n]*+'|[^\s"']*+))?|(\S)""")
_SIGN = re.compile(r"[\"'=]")
_WORD = re.compile(r"\S+")
_LINE = re.compile(rf"(:{{2,}})(?:({NAME})(?:{_BRACES})?)?")
_IN_LABEL = re.compile(r"\\.|`+|[\[\]]")
FULL_WIDTH = str.maketrans("：｛｝［］【】「」“”„‘’＝，　", ':{}[][][]"""\'\'=, ')
WIDE_MARKS = re.compile("[｛｝［］【】「」“”„‘’＝]")
_UNIT = re.compile(r"(?:second|minute|hour|day|week|month|year|min|h|d)s?", re.IGNORECASE)
_WAYS: dict[Form, str] = {
    "inline": "within a sentence as `:{0}`",
    "leaf": "alone on its line as `::{0}`",
    "container": "around its content: a line `:::{0}` before and a line `:::` after it",
}


class Written(msgspec.Struct, frozen=True, gc=False):
    """A directive as written. `attributes` is what stands between the braces; offsets are in the article's text."""

    name: str
    form: Form
    has_label: bool
    attributes: str
    attributes_start: int
    start: int
    end: int


class LineDirective(msgspec.Struct, frozen=True, gc=False):
    """A leaf, a container's opening fence, or (without a name) a closing one; pairs are indexes in the line."""

    colons: int
    name: str
    label: tuple[int, int] | None
    attributes: tuple[int, int] | None


class _Given:
    """Records and parameters as they are read from the braces."""

    __slots__ = ("good", "params", "records", "unknown", "wrong")

    def __init__(self) -> None:
        self.records: list[tuple[str, int]] = []
        self.params: dict[str, tuple[str, int]] = {}
        self.wrong: set[str] = set()  # of the parameters
        self.good = True
        self.unknown = False  # a key that may be a missing one, misspelt


def read_line(line: str) -> LineDirective | None:
    """Read a line that begins with `::`; None where it does not read as a directive or a fence."""
    found = _LINE.match(line)
    if found is None:
        return None
    colons, name, index = len(found[1]), found[2] or "", found.end()
    if not name:
        return LineDirective(colons, "", None, None) if colons > 2 and not line[index:].strip() else None
    label, attributes = None, found.span(3) if found[3] is not None else None
    if attributes is None and line.startswith("[", index):
        end = label_end(line, index)
        if end < 0:
            return None
        label, index = (index + 1, end), end + 1
        braces = ATTRIBUTES.match(line, index)
        if braces is not None:
            attributes, index = braces.span(1), braces.end()
    return None if index < len(line) and line[index:].strip() else LineDirective(colons, name, label, attributes)


def label_end(line: str, start: int) -> int:
    """Return where the bracket that opens at `start` closes, -1 if nowhere. Escapes and code spans do not count."""
    depth, index = 0, start
    ticks = Ticks(line)
    while (found := _IN_LABEL.search(line, index)) is not None:
        sign, index = found[0], found.end()
        if sign[0] == "`":
            closing = ticks.closing(len(sign), index)
            index = closing + len(sign) if closing >= 0 else index
        elif sign == "[":
            depth += 1
        elif sign == "]":
            depth -= 1
            if depth == 0:
                return found.start()
    return -1


def make_call(session: Session, written: Written) -> int | None:
    """Check a directive against its declaration and note the call; None, with problems, where it does not fit."""
    name, start = written.name, written.start
    declaration = session.directives.get(name)
    if declaration is None:
        hint = did_you_mean(name, session.directives) or r"write `\:` for a plain colon"
        session.report("unknown-directive", f"no directive `{name}`", start, _head(written), hint)
        return None
    if written.form not in declaration.forms:
        ways = " or ".join(_WAYS[form].format(name) for form in declaration.forms)
        message = f"`{name}` is no {written.form} directive"
        session.report("wrong-form", message, start, _head(written), f"write it {ways}")
        return None
    given = _read_attributes(session, written, declaration)
    if declaration.label != "optional":
        _check_label(session, written, declaration, given)
    if given.records:  # none at all is left to the planner: the article's own may stand in
        _check_records(session, written, declaration, given)
    for key, param in declaration.params.items():
        if param.required and key not in given.params and not given.unknown:
            hint = f"add `{key}=…`" + (f": {param.doc}" if param.doc else "")
            session.report("missing-parameter", f"`{name}` needs `{key}`", start, _head(written), hint)
            given.good = False
    if not given.good and not given.records:
        return None
    # A faulty one is noted too, without its faulty parameters: its records are looked for in the same run.
    good = given.params.keys() - given.wrong if given.params else ()
    params = tuple([(key, *given.params[key]) for key in declaration.params if key in good]) if good else ()
    call = Call(name, written.form, tuple(given.records), params, start, written.end)
    session.calls.append(call)
    return len(session.calls) - 1


def _head(written: Written) -> int:
    """Return the length of the colons and the name."""
    colons = {"inline": 1, "leaf": 2, "container": 3}[written.form]
    return min(colons + len(written.name), written.end - written.start)


def _read_attributes(session: Session, written: Written, declaration: Directive) -> _Given:
    given = _Given()
    if written.attributes.isascii() and not _SIGN.search(written.attributes):  # words alone, as nearly always
        start = written.attributes_start
        given.records = [(word[0], start + word.start()) for word in _WORD.finditer(written.attributes)]
        return given
    items = list(_ITEM.finditer(written.attributes))
    if any(map(_wide_mark, items)):
        _report_wide(session, written, items)
        given.good, given.unknown = False, True
        meant = _ITEM.finditer(written.attributes.translate(FULL_WIDTH))  # so that quoted words are no records
        plain = (
            one for one in meant if one[1] and not one[2] and written.attributes[one.start() : one.end()] == one[0]
        )
        given.records = [(one[1], written.attributes_start + one.start()) for one in plain]
        return given
    loose = _loose_words(items, declaration)
    for number, item in enumerate(items):
        word, equals, value, stray = item.groups()
        start = written.attributes_start + item.start()
        if number - 1 in loose:
            continue
        if number in loose:
            given.good, given.unknown = False, True
            after = items[number + 1][0]
            message = f"`{after}` stands apart from `{item[0]}`"
            length = items[number + 1].end() - item.start()
            session.report("bad-directive", message, start, length, f'write `{word}="{value} {after}"`')
        elif stray:
            given.good = False
            message = f"`{stray}` does not belong in a directive's braces"
            session.report("bad-directive", message, start, len(item[0]), 'put the value in quotes: `key="…"`')
        elif not equals:
            given.records.append((word, start))
        else:
            quoted = len(value) >= 2 and value[0] in "\"'"
            offset = written.attributes_start + item.start(3) + (1 if quoted else 0)
            _take_parameter(
                session, written, declaration, given, (word, start), (value[1:-1] if quoted else value, offset)
            )
    return given


def _report_wide(session: Session, written: Written, items: list[re.Match[str]]) -> None:
    """Report full-width signs between the braces once, with the directive as it should be."""
    first = next(item for item in items if _wide_mark(item))
    message = f"`{_wide_mark(first)}` does not belong in a directive's braces"
    inner = written.attributes_start
    after = inner + len(written.attributes)
    head, tail = session.text[written.start : inner], session.text[after : written.end]
    fixed = f"{head}{written.attributes.translate(FULL_WIDTH)}{tail}".partition("\n")[0]
    session.report("bad-directive", message, inner + first.start(), len(first[0]), fixed)


def _loose_words(items: list[re.Match[str]], declaration: Directive) -> set[int]:
    """Return the numbers of parameters behind which a part of their value stands apart: `time=2 minutes`."""
    found = set()
    for number, (item, after) in enumerate(pairwise(items)):
        param = declaration.params.get(item[1] or "")
        if param is None or not item[2] or item[3][:1] in {'"', "'"} or after[2] or after[4]:
            continue
        if declaration.records.most == 0 or (item[3].isdigit() and _UNIT.fullmatch(after[0])):
            found.add(number)
    return found


def _wide_mark(item: re.Match[str]) -> str:
    value = item[3] or ""
    bare = item[0] if value[:1] not in {'"', "'"} else item[1]
    found = WIDE_MARKS.search(bare)
    return found[0] if found else ""


def _take_parameter(
    session: Session,
    written: Written,
    declaration: Directive,
    given: _Given,
    key: tuple[str, int],
    value: tuple[str, int],
) -> None:
    name, start = key
    text, offset = value
    problem: tuple[str, str, str] | None = None
    if name not in declaration.params:
        known = ", ".join(f"`{one}`" for one in declaration.params)
        hint = did_you_mean(name, declaration.params) or (f"it knows {known}" if known else "it takes no parameter")
        given.unknown = True
        problem = "unknown-parameter", f"`{written.name}` has no parameter `{name}`", hint
    elif name in given.params:
        problem = "repeated-parameter", f"`{name}` is given twice", "keep one of them"
    if problem is not None:
        given.good = False
        session.report(problem[0], problem[1], start, len(name), problem[2])
        return
    wrong = fault(declaration.params[name], text)
    if wrong:
        given.good = False
        given.wrong.add(name)
        hint = advice(declaration.params[name], text)
        session.report("bad-parameter", f"`{name}` is `{text}`, {wrong}", offset, len(text), hint)
    given.params[name] = (text, offset)


def _check_label(session: Session, written: Written, declaration: Directive, given: _Given) -> None:
    name = written.name
    if declaration.label == "required" and not written.has_label:
        given.good = False
        colons = {"inline": ":", "leaf": "::", "container": ":::"}[written.form]
        braces = f"{{{written.attributes}}}" if written.attributes else ""
        hint = f"{colons}{name}[…]{braces}"
        session.report("missing-label", f"`{name}` needs a label", written.start, _head(written), hint)
    elif declaration.label == "none" and written.has_label:
        given.good = False
        session.report(
            "label-not-allowed", f"`{name}` takes no label", written.start, _head(written), "remove the brackets"
        )


def _check_records(session: Session, written: Written, declaration: Directive, given: _Given) -> None:
    wanted, count = declaration.records, len(given.records)
    word, start = given.records[-1]
    if wanted.most == 0:
        hint = (
            did_you_mean(word, declaration.params) or "a bare word names a record; a parameter is written `key=value`"
        )
        message = f"`{written.name}` takes no record"
    elif wanted.most > 0 and count > wanted.most:
        word, start = given.records[wanted.most]
        message, hint = f"`{written.name}` takes {wanted.most} {wanted.kind}, not {count}", f"remove `{word}`"
        title = " ".join(one for one, _ in given.records)
        if wanted.most == 1 and any(one != slug(one) for one, _ in given.records):
            hint = f"an id has no spaces; put one id, such as `{slug(title)}`"
            given.records = []
    elif count < wanted.least:
        message = f"`{written.name}` takes at least {wanted.least} {wanted.kind}s, not {count}"
        hint = "add ids of records, apart by spaces"
    else:
        return
    given.good = False
    session.report("record-count", message, start, len(word), hint)
