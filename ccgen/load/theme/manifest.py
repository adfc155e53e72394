"""theme.yaml, typed and checked in itself; knows no other theme."""

from __future__ import annotations

import re

import msgspec

from ccgen.errors import At, Problem
from ccgen.load.theme.files import MANIFEST, ThemeFolder
from ccgen.load.theme.values import NAME, ParamRecord, read_param, read_type
from ccgen.load.theme.versions import is_range, is_version
from ccgen.model.records import Record
from ccgen.model.theme import Param
from ccgen.model.values import Word
from ccgen.packaged import ROOT_THEME
from ccgen.text.convert import Faults, convert_partly
from ccgen.text.decode import decode
from ccgen.text.yaml import parse

__all__ = ["Manifest", "Parent", "read_manifest"]

_NONE = "0"  # the version of a theme that names none
_CONTRACT = "1"  # of the view model: the names and meanings that templates may rely on

_EXTENDS = re.compile(r"([^\s<>=!~]+)\s*(.*)")
_IMAGE = re.compile(r"[1-9][0-9]{0,4}(?: [1-9][0-9]{0,2}:[1-9][0-9]{0,2})?")


class _Written(Record, frozen=True, kw_only=True):
    """theme.yaml as written."""

    version: Word
    extends: Word | None = None
    contract: Word = _CONTRACT
    styles: tuple[Word, ...] = ()
    set: dict[str, object] = {}
    images: dict[str, Word] = {}
    options: dict[str, ParamRecord] = {}
    extra: dict[str, object] = {}


class Parent(msgspec.Struct, frozen=True, kw_only=True):
    """The theme that another extends, and the versions of it that fit."""

    name: str
    versions: str = ""  # a range as written, '' for any


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """theme.yaml. Whatever was wrong in it is left out; `parent` is None for the root of all themes only."""

    name: str
    path: str
    version: str
    parent: Parent | None
    styles: tuple[str, ...] = ()
    set: dict[str, object] = {}
    images: dict[str, str] = {}
    options: dict[str, Param] = {}
    extra: dict[str, str] = {}


def read_manifest(folder: ThemeFolder) -> tuple[Manifest, tuple[Problem, ...]]:
    """Read a theme's theme.yaml; with faults, what is left of it, so that the rest of the theme can be looked at."""
    path = f"{folder.path}/{MANIFEST}"
    faults = Faults(path)
    parent = None if folder.name == ROOT_THEME else Parent(name=ROOT_THEME)
    empty = Manifest(name=folder.name, path=path, version=_NONE, parent=parent)
    if MANIFEST not in folder.files:
        message = f"the theme `{folder.name}` has no {MANIFEST}"
        hint = "add one with `version: 1.0.0`"
        return empty, (Problem(code="missing-file", message=message, at=At(path=path), hint=hint),)
    text, unreadable = decode(folder.files[MANIFEST].data, path=path)
    if text is None:
        return empty, unreadable
    value, found = parse(text, path=path)
    if value is None and found:
        return empty, found
    written, wrong = convert_partly(value if value is not None else {}, _Written, path=path)
    if written is None:
        return empty, (*found, *wrong)
    manifest = Manifest(
        name=folder.name,
        path=path,
        version=_version(written.version, faults),
        parent=_parent(written, folder.name, faults),
        styles=written.styles,
        set=written.set,
        images={name: size for name, size in written.images.items() if _is_size(name, size, faults)},
        options=_options(written, faults),
        extra=_extra(written, faults),
    )
    if written.contract != _CONTRACT:
        hint = f"this ccgen knows contract {_CONTRACT}; use another version of the theme or of ccgen"
        faults.add("contract", "unknown-contract", f"no contract `{written.contract}`", hint)
    return manifest, (*found, *wrong, *faults.problems)


def _version(text: str, faults: Faults) -> str:
    if is_version(text):
        return text
    faults.add("version", "bad-version", f"`{text}` is no version", "write it as 1.0.0")
    return _NONE


def _parent(written: _Written, name: str, faults: Faults) -> Parent | None:
    if name == ROOT_THEME:
        if written.extends is not None:
            message = f"`{ROOT_THEME}` is the root of all themes"
            faults.add("extends", "theme-cycle", message, "delete the line", on_key=True)
        return None
    parts = _EXTENDS.fullmatch(written.extends.strip() if written.extends is not None else ROOT_THEME)
    if parts is None:
        faults.add("extends", "bad-version", "no theme is named", "write it as `plain >=1.0,<2`")
        return Parent(name=ROOT_THEME)
    if is_range(parts[2]):
        return Parent(name=parts[1], versions=parts[2])
    faults.add("extends", "bad-version", f"`{parts[2]}` is no range of versions", "write it as `plain >=1.0,<2`")
    return Parent(name=parts[1])


def _is_size(name: str, size: str, faults: Faults) -> bool:
    if _IMAGE.fullmatch(size):
        return True
    hint = "write the width in pixels and, if pictures are cut, the ratio: 480 4:5"
    faults.add(f"images.{name}", "bad-size", f"`{size}` is no size of pictures", hint)
    return False


def _options(written: _Written, faults: Faults) -> dict[str, Param]:
    options: dict[str, Param] = {}
    for name, record in written.options.items():
        if not NAME.fullmatch(name) or "-" in name:
            hint = "small letters, digits and `_`, for templates say `theme.NAME`"
            faults.add(f"options.{name}", "bad-name", f"`{name}` is no name of an option", hint, on_key=True)
        elif record.required:
            hint = "a theme works with no option set; give a default"
            faults.add(f"options.{name}.required", "bad-declaration", "an option cannot be required", hint, on_key=True)
        elif (param := read_param(record, f"options.{name}", faults)) is not None:
            options[name] = param
    return options


def _extra(written: _Written, faults: Faults) -> dict[str, str]:
    types = {key: read_type(value, f"extra.{key}", faults) for key, value in written.extra.items()}
    return {key: kind for key, kind in types.items() if kind is not None}
