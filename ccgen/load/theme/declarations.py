"""directives/<name>.yaml: what a theme or a site says of each of its directives; knows no article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from ccgen.errors import At, Problem
from ccgen.load.theme.files import ThemeFile, ThemeFolder
from ccgen.load.theme.values import NAME, ParamRecord, read_param
from ccgen.model.body import Form
from ccgen.model.records import Record
from ccgen.model.theme import Asset, Directive, Param, Plain, Records
from ccgen.model.values import Line, Word
from ccgen.text.convert import Faults, convert
from ccgen.text.decode import decode
from ccgen.text.near import did_you_mean
from ccgen.text.yaml import parse

__all__ = ["check_directives", "read_directives"]

_KINDS = ("product", "maker", "person", "merchant", "article", "review")
_COUNTS = {"": (1, 1), "?": (0, 1), "*": (0, -1), "+": (1, -1)}
_DIRECTIVE_NAME = re.compile(r"[a-z][a-z0-9-]*")


class _Written(Record, frozen=True, kw_only=True):
    """A declaration as written."""

    doc: Line = ""
    form: tuple[Form, ...]
    label: Literal["none", "optional", "required"] = "none"
    records: Word = "none"
    params: dict[str, ParamRecord] = {}
    styles: tuple[Word, ...] = ()
    plain: Plain = "body"
    links: tuple[Literal["inline", "leaf", "container", "none"], ...] = ()


def read_directives(folder: ThemeFolder) -> tuple[dict[str, Directive], tuple[Problem, ...]]:
    """Read the declarations of one theme, or of the site's own `directives/`. A faulty one is left out."""
    found: dict[str, Directive] = {}
    problems: list[Problem] = []
    for file_name, file in folder.below("directives").items():
        name, dot, ending = file_name.rpartition(".")
        if "/" in file_name or f"{dot}{ending}" not in {".yaml", ".html"}:
            continue
        if not _DIRECTIVE_NAME.fullmatch(name.removesuffix(".plain") if ending == "html" else name):
            hint = "small letters, digits and `-`, a letter first"
            message = f"`{name}` is no name of a directive"
            problems.append(Problem(code="bad-name", message=message, at=At(path=file.path), hint=hint))
        elif ending == "yaml":
            directive, wrong = _read_one(name, file)
            problems.extend(wrong)
            if directive is not None:
                found[name] = directive
    return found, tuple(problems)


def _read_one(name: str, file: ThemeFile) -> tuple[Directive | None, tuple[Problem, ...]]:
    text, unreadable = decode(file.data, path=file.path)
    if text is None:
        return None, unreadable
    value, found = parse(text, path=file.path)
    if value is None and found:
        return None, found
    written, wrong = convert(value if value is not None else {}, _Written, path=file.path)
    if written is None:
        return None, (*found, *wrong)
    faults = Faults(file.path)
    records = _read_records(written.records, faults)
    params = _read_params(written.params, faults)
    links = _read_links(written, faults)
    if not written.form:
        faults.add("form", "missing-field", "`form` is empty", "one of: inline, leaf, container")
    if faults.problems:
        return None, (*found, *wrong, *faults.problems)
    directive = Directive(
        name=name,
        doc=written.doc,
        forms=tuple(dict.fromkeys(written.form)),
        label=written.label,
        records=records,
        params=params,
        styles=written.styles,
        plain=written.plain,
        links=links,
        origin=file.path,
    )
    return directive, (*found, *wrong)


def _read_links(written: _Written, faults: Faults) -> tuple[Form, ...] | None:
    """Return the forms in which the directive may lead to a shop, None where that is not said."""
    forms = tuple(dict.fromkeys(one for one in written.links if one != "none"))
    if "none" in written.links and forms:
        faults.add(
            "links", "bad-declaration", "`links` says `none` and more", "write `links: none`, or the forms alone"
        )
    for form in forms:
        if form not in written.form:
            hint = f"one of: {', '.join(('none', *written.form))}"
            faults.add("links", "bad-declaration", f"`links` names `{form}`, which `form` does not", hint)
    return forms if written.links else None


def _read_records(text: str, faults: Faults) -> Records:
    kind = text.rstrip("?*+")
    sign = text[len(kind) :]
    if text == "none":
        return Records()
    if kind in _KINDS and sign in _COUNTS:
        least, most = _COUNTS[sign]
        return Records(kind=kind, least=least, most=most)
    near = did_you_mean(kind, _KINDS)
    hint = near if near and kind not in _KINDS else f"none, or one of {', '.join(_KINDS)}, alone or with ?, * or +"
    faults.add("records", "bad-records", f"`{text}` says no kind of record", hint)
    return Records()


def _read_params(written: Mapping[str, ParamRecord], faults: Faults) -> dict[str, Param]:
    params: dict[str, Param] = {}
    for name, record in written.items():
        if not NAME.fullmatch(name):
            hint = "small letters, digits, `_` and `-`, a letter first"
            faults.add(f"params.{name}", "bad-name", f"`{name}` is no name of a parameter", hint, on_key=True)
        elif (param := read_param(record, f"params.{name}", faults)) is not None:
            params[name] = param
    return params


def check_directives(
    layers: tuple[ThemeFolder, ...], directives: Mapping[str, Directive], assets: Mapping[str, Asset]
) -> Iterator[Problem]:
    """Yield where a declaration, its templates and its styles do not go together.

    `layers` nearest first. A child may have the template or the declaration alone when a parent has the other.
    """
    files = {name: file for layer in reversed(layers) for name, file in layer.below("directives").items()}
    for name, directive in sorted(directives.items()):
        for wanted, needed in ((f"{name}.html", True), (f"{name}.plain.html", directive.plain == "template")):
            if needed and wanted not in files:
                at = At(path=directive.origin, field="plain" if ".plain." in wanted else "")
                message = f"the directive `{name}` has no template"
                hint = f"add directives/{wanted} beside its declaration"
                yield Problem(code="missing-template", message=message, at=at, hint=hint)
        for number, style in enumerate(directive.styles):
            if style not in assets:
                hint = did_you_mean(style, assets) or "put the file below assets/"
                at = At(path=directive.origin, field=f"styles[{number}]")
                yield Problem(code="missing-asset", message=f"no asset `{style}`", at=at, hint=hint)
    yield from _check_lonely(files, directives)


def _check_lonely(files: Mapping[str, ThemeFile], directives: Mapping[str, Directive]) -> Iterator[Problem]:
    for file_name, file in files.items():
        name = file_name.removesuffix(".html")
        plain = name.endswith(".plain")
        name = name.removesuffix(".plain")
        if "/" in file_name or not file_name.endswith(".html") or not _DIRECTIVE_NAME.fullmatch(name):
            continue
        directive = directives.get(name)
        if directive is None and f"{name}.yaml" not in files:
            hint = f"add directives/{name}.yaml with `form:`"
            message = f"the directive `{name}` has no declaration"
            yield Problem(code="missing-declaration", message=message, at=At(path=file.path), hint=hint)
        elif directive is not None and plain and directive.plain != "template":
            hint = f"write `plain: template` in {directive.origin}, or delete this file"
            message = f"the directive `{name}` does not use this template"
            yield Problem(code="unused-template", message=message, at=At(path=file.path), hint=hint)
