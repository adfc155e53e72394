"""pyromark (pulldown-cmark) as an engine: CommonMark in, HTML out; knows nothing of marks, directives and articles."""

from __future__ import annotations

import re

import pyromark

from ccgen.load.markdown.engine import Converter

__all__ = ["CONVERTER", "convert"]

_OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_DEFINITION_LIST
_BEGIN = "<!---->"
_NEXT = "\n" + _BEGIN
_WALL = "&#xFDD2;"  # a noncharacter, which no text holds
_VOID = re.compile("<([bh]r) />")
_ALIGN = re.compile(r' style="text-align: (left|center|right)"')


def convert(text: str, extensions: tuple[str, ...]) -> str:  # noqa: ARG001  (it has none)
    """Return the HTML of a text, `begin` and `wall` taken out."""
    html = pyromark.html(text, options=_OPTIONS)
    html = html.replace(_NEXT, "\n").replace(_BEGIN, "\n").replace("\ufdd2", "")
    if "|" in text:  # in tables alone. A style attribute would need `unsafe-inline` in a site's content security policy
        html = _ALIGN.sub(r' class="\1"', html)
    return _VOID.sub(r"<\1>", html).strip("\n")


def _unusable(extension: str) -> str:  # noqa: ARG001
    return "the engine `commonmark` has none"


CONVERTER = Converter(convert, _unusable, layout="as_written", begin=_BEGIN, wall=_WALL)
