"""What a template can reach, found without Jinja: the names it quotes; knows Jinja's outer syntax, not its meaning.

A template *reaches* every template whose name it quotes anywhere in its code, and all templates as soon as one of its
tags (`include`, `extends`, `import`, `from`) takes a name that is computed. That is more than it uses, never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from ccgen.errors import At, Problem
from ccgen.model.source import digest_of
from ccgen.model.theme import Template
from ccgen.text.near import nearest
from ccgen.text.patterns import late

__all__ = ["TemplateText", "Uses", "find_reach", "find_uses", "find_words", "link_templates"]

# Compiled only where a theme has to be read anew (see `keeping`).
_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
# All that names no template: text, comments, raw blocks, and code without quotes that is no tag of `_TAG`.
_SILENT = late(
    r"(?>(?:[^{]++|\{(?![#%{])|\{#.*?(?:#\}|\Z)"
    r"|\{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|\Z)"
    r"|\{\{[^\"'{}]*+\}\}|\{%(?![-+]?\s*(?:include|extends|import|from)\b)[^\"'%]*+%\})*)",
    re.DOTALL,
)
_QUOTED = late(_STRING, re.DOTALL)
_IN_TAG = late(rf"{_STRING}|%\}}", re.DOTALL)
_IN_PRINT = late(rf"{_STRING}|[{{}}]", re.DOTALL)
_QUOTE = late("[\"']")
_QUOTE_OR_BRACE = late("[\"'{}]")
_TAG = late(r"[-+]?\s*(include|extends|import|from)\b(.*)", re.DOTALL)
_LITERALS = late(rf"\s*(?:(?:{_STRING})|[\[(]\s*(?:{_STRING})(?:\s*,\s*(?:{_STRING}))*\s*,?\s*[\])])\s*$", re.DOTALL)
_WORD = late(r"\{#[^{}'\"]*#\}|(\w+)")  # or a comment, as far as it cannot be part of a text in quotes
_PART = late(rf"\bpart\(\s*({_STRING})\s*[,)]", re.DOTALL)
_TAILS = {
    "include": late(r"(?:\bignore\s+missing\b)?\s*(?:\bwith(?:out)?\s+context\b)?\s*$"),
    "import": late(r"\bas\s+\w+\s*(?:\bwith(?:out)?\s+context\b)?\s*$"),
    "from": late(r"\bimport\b[\w\s,]*$"),
    "extends": late(r"$"),
}


class TemplateText(NamedTuple):
    """A template before its reach is known."""

    path: str
    text: str


class Name(NamedTuple):
    """A name as a tag quotes it; `start` is its offset in the text."""

    text: str
    start: int


class Tag(NamedTuple):
    """One `include`, `extends`, `import` or `from` with the names that it tries in turn, or one `part('name')`."""

    names: tuple[Name, ...]
    may_lack: bool = False  # `ignore missing`
    may_recur: bool = False  # a part is given other arguments within itself, and so comes to an end


class Uses(NamedTuple):
    """What a template names. `named`: every text in quotes; `computed`: a tag takes a name that may be any."""

    tags: tuple[Tag, ...]
    named: frozenset[str]
    computed: bool


def find_uses(text: str) -> Uses:
    """Find what a template's text names. Comments and raw blocks name nothing."""
    tags: list[Tag] = []
    named: set[str] = set()
    computed = False
    for start, code, is_tag in _code_of(text):
        if _QUOTE.search(code):
            named.update([quoted[1:-1] for quoted in _QUOTED.findall(code)])
            tags += [
                Tag(names=(Name(match[1][1:-1], start + match.start(1) + 1),), may_recur=True)
                for match in (_PART.finditer(code) if "part(" in code else ())
            ]
        tag = _TAG.match(code) if is_tag else None
        if tag is None:
            continue
        names = _names_of(tag[1], tag[2], start + tag.start(2))
        if names is None:
            computed = True
        else:
            may_lack = re.search(r"\bignore\s+missing\b", re.sub(_STRING, "", tag[2]))
            tags.append(Tag(names=names, may_lack=may_lack is not None))
    return Uses(tags=tuple(tags), named=frozenset(named), computed=computed)


def _code_of(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (offset, code, whether it is a tag) for each `{% … %}` and `{{ … }}` that may name a template."""
    at = 0
    while silent := _SILENT.match(text, at):
        begin = silent.end() + 2
        if begin > len(text):
            return
        is_tag = text[begin - 1] == "%"
        at = _end_of_tag(text, begin) if is_tag else _end_of_print(text, begin)
        yield begin, text[begin:at], is_tag


def _end_of_tag(text: str, begin: int) -> int:
    near = text.find("%}", begin)
    if near < 0 or not _QUOTE.search(text, begin, near):
        return near if near >= 0 else len(text)
    for match in _IN_TAG.finditer(text, begin):
        if match.group() == "%}":
            return match.start()
    return len(text)


def _end_of_print(text: str, begin: int) -> int:
    """Return where `}}` closes a print; braces of dictionaries inside it count."""
    near = text.find("}}", begin)
    if near >= 0 and not _QUOTE_OR_BRACE.search(text, begin, near):
        return near
    depth = 0
    for match in _IN_PRINT.finditer(text, begin):
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            if depth == 0:
                return match.start()
            depth -= 1
    return len(text)


def _names_of(tag: str, code: str, start: int) -> tuple[Name, ...] | None:
    """Return the names that a tag takes, in the order it tries them; None when they are computed."""
    code = code.rstrip("-+ \t\n")
    bare = re.sub(_STRING, lambda match: "\0" * len(match.group()), code, flags=re.DOTALL)
    tail = _TAILS[tag].search(bare)
    literal = _LITERALS.match(code[: tail.start()] if tail else code)
    if literal is None or "\\" in literal.group():
        return None
    return tuple(
        Name(match.group()[1:-1], start + match.start() + 1)
        for match in re.finditer(_STRING, literal.group(), re.DOTALL)
    )


def link_templates(texts: Mapping[str, TemplateText]) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return for every template the digest of itself and all it can reach, names that no template has, and templates that
    need themselves.

    `texts` by name; one text stands under several names (`base.html`, `plain/base.html`).
    """
    uses = _uses_of(texts)
    digests = {one.path: digest_of(one.text.encode()) for one in texts.values()}
    lines = {name: _line(name, digests[text.path]) for name, text in texts.items()}
    reach = {name: _digest(name, texts, uses, lines) for name in texts}
    missing = [problem for path, used in sorted(uses.items()) for problem in _find_missing(path, used, texts)]
    return reach, (*missing, *_find_cycles(texts, uses))


def _uses_of(texts: Mapping[str, TemplateText | Template]) -> dict[str, Uses]:
    """Return what each text names, by its path; one text stands under several names."""
    return {path: find_uses(text) for path, text in {one.path: one.text for one in texts.values()}.items()}


def _digest(name: str, texts: Mapping[str, TemplateText], uses: dict[str, Uses], lines: Mapping[str, bytes]) -> bytes:
    """Return the digest of a template and all it can reach; `lines` say what each name stands for.

    A text in quotes that is no template's name counts by itself, so that the digest changes when one appears.
    """
    reached = sorted(_reached(name, texts, uses))
    return digest_of(b"".join([lines.get(one) or _line(one, b"absent") for one in reached]))


def _line(name: str, digest: bytes) -> bytes:
    return b"%d %s %s\n" % (len(name), name.encode(), digest)


def _reached(name: str, texts: Mapping[str, TemplateText | Template], uses: Mapping[str, Uses]) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in reached:
            continue
        reached.add(current)
        if current in texts:
            used = uses[texts[current].path]
            waiting.extend(texts if used.computed else used.named)
    return reached


def find_reach(templates: Mapping[str, Template]) -> dict[str, frozenset[str]]:
    """Return the templates that each can reach, itself among them; by name."""
    uses = _uses_of(templates)
    return {name: frozenset(_reached(name, templates, uses).intersection(templates)) for name in templates}


def find_words(texts: Mapping[str, TemplateText]) -> frozenset[str]:
    """Return every word in the templates that can be drawn: those that ccgen asks for by itself, and all that these reach.

    Most comments are left out. A field whose name is none of them can be asked for by a computed name alone.
    """
    uses = _uses_of(texts)
    drawn = {one for name in texts if _is_drawn(name) for one in _reached(name, texts, uses)}
    by_path = {one.path: one.text for name, one in texts.items() if name in drawn}
    return frozenset(word for text in by_path.values() for word in _WORD.findall(text) if word)


def _is_drawn(name: str) -> bool:
    """Say whether ccgen may ask for a template by itself, which no other has to name."""
    return "/" not in name or name.startswith(("article/", "directives/"))


def _find_missing(path: str, used: Uses, texts: Mapping[str, TemplateText]) -> Iterator[Problem]:
    for tag in used.tags:
        if tag.may_lack or any(name.text in texts for name in tag.names):
            continue
        name = tag.names[0]
        near = nearest(name.text, texts)
        yield Problem(
            code="missing-template",
            message=f"no template `{name.text}`",
            at=At(path=path, start=name.start, length=len(name.text)),
            hint=f"did you mean `{near}`?" if near else "add it below templates/, or write `ignore missing`",
        )


def _find_cycles(texts: Mapping[str, TemplateText], uses: dict[str, Uses]) -> Iterator[Problem]:
    """Yield a problem for each ring of templates in which everyone needs the next."""
    needs = {
        path: {
            texts[name.text].path: name
            for tag in used.tags
            if not tag.may_recur
            for name in tag.names
            if name.text in texts
        }
        for path, used in sorted(uses.items())
    }
    while ring := _find_ring(needs):
        names = [needs[path].pop(after) for path, after in zip(ring, (*ring[1:], ring[0]), strict=True)]
        chain = " → ".join(f"`{name.text}`" for name in (names[-1], *names))
        yield Problem(
            code="template-cycle",
            message=f"templates need each other: {chain}" if len(ring) > 1 else f"`{names[0].text}` needs itself",
            at=At(path=ring[0], start=names[0].start, length=len(names[0].text)),
            hint="name a parent theme's file with the theme before it: `plain/base.html`"
            if len(ring) == 1
            else "take one of these tags out",
        )


def _find_ring(needs: dict[str, dict[str, Name]]) -> tuple[str, ...]:
    """Return the paths of one ring in the order of need, the first by name first; () when there is none."""
    try:
        TopologicalSorter({path: sorted(others) for path, others in needs.items()}).prepare()
    except CycleError as fault:
        ring: list[str] = fault.args[1][:0:-1]
        first = ring.index(min(ring))
        return (*ring[first:], *ring[:first])
    return ()
