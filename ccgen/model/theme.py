"""What a theme or a site declares: its manifest, its directives, its strings; knows nothing of Jinja."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from ccgen.model.body import Form

__all__ = ["Asset", "Directive", "Param", "Plain", "Records", "Template", "Theme", "ValueType", "typed"]

# text markdown int number flag choice color money date duration url image product article maker merchant spec, and [type]
ValueType = str
Plain = Literal["label", "body", "template"]
_LIST = re.compile(r"\[([a-z]+)\]")


def typed(kind: ValueType, text: str) -> object:
    """Return a checked text as templates see it: int, bool, a tuple for a list, else text."""
    several = _LIST.fullmatch(kind)
    if several:
        return tuple(typed(several[1], part.strip()) for part in text.split(",") if part.strip())
    if kind == "int":
        return int(text)
    if kind == "flag":
        return text.lower() in {"true", "yes", "on"}
    return text


class Param(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One parameter of a directive. `default` and what an author writes are text, checked by `type`."""

    type: ValueType = "text"
    default: str | None = None
    required: bool = False
    min: str | None = None
    max: str | None = None
    choices: tuple[str, ...] = ()
    doc: str = ""

    @property
    def value(self) -> object:
        """The default as templates see it, None where there is none."""
        return None if self.default is None else typed(self.type, self.default)


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """Which records a directive takes: `kind` is '' for none; `least` and `most` count them (most -1: any number)."""

    kind: str = ""
    least: int = 0
    most: int = 0


class Directive(msgspec.Struct, frozen=True, kw_only=True):
    """A directive's declaration. `name` is unique on a site; `forms` is not empty."""

    name: str
    doc: str
    forms: tuple[Form, ...]
    label: Literal["none", "optional", "required"] = "none"
    records: Records = Records()
    params: dict[str, Param] = {}
    styles: tuple[str, ...] = ()
    plain: Plain = "body"
    links: tuple[Form, ...] | None = None  # the forms in which it may lead to a shop; None = all it has
    origin: str = ""  # the theme or site file it was declared in, for messages


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A template's text and all that it can reach: `digest` covers itself and every template in its reach."""

    name: str  # as templates are named by authors: article/review.html, plain/article/review.html
    path: str  # for messages: themes/plain/templates/article/review.html
    text: str
    digest: bytes


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """A theme's static file; CSS still has the references it was written with."""

    name: str  # path below assets/
    path: str
    data: bytes
    digest: bytes


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """The chain of themes as one: nearest first, what a child lacks comes from its parent, all end in `plain`."""

    name: str
    chain: tuple[str, ...]
    styles: tuple[str, ...]  # names of assets, parents' first
    options: dict[str, object]  # every option with its typed value
    templates: dict[str, Template]
    assets: dict[str, Asset]
    directives: dict[str, Directive]
    strings: dict[str, dict[str, str | dict[str, str]]]  # language → key → text, or plural forms
    extra: dict[str, ValueType]  # types of free keys
    words: frozenset[str]  # of the templates that can be drawn: nobody asks for a field by a name that is none of them
    images: dict[str, str] = {}  # sizes of pictures by name: width in pixels, and the ratio they are cut to: 480 4:5
