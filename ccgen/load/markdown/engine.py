"""Engines by name: text in, HTML out; an engine knows no directive, no link and no article.

What an engine gets is Markdown without raw HTML, code, references, images and directives: paragraphs, headings with
`#`, lists, quotes, tables, definition lists, rules, emphasis, line breaks, entities, and links whose destination is a
number, in the layout that it asks for. Marks in the text must come out as they went in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Literal, NamedTuple

__all__ = ["ENGINES", "Converter", "Engine", "Layout", "load_engine"]

Engine = Literal["markdown", "commonmark"]
Layout = Literal["apart", "as_written"]

# Modules, each with a `CONVERTER`: a library that is not asked for is not imported.
ENGINES: Mapping[Engine, str] = {
    "markdown": "ccgen.load.markdown.engine_markdown",
    "commonmark": "ccgen.load.markdown.engine_commonmark",
}


class Converter(NamedTuple):
    """An engine. `convert` takes a text and names of extensions, and returns HTML; it may raise anything.

    `unusable` says why an extension of the settings cannot be used, '' if it can. `layout` is how blocks are written
    for it: four spaces a level and each apart, or as CommonMark reads them. `begin` and `wall` are not in the HTML:
    `begin` makes its line a block that is no paragraph and interrupts one (the layout `as_written` needs it), `wall` is
    punctuation to the engine, so that emphasis may begin and end beside it.
    """

    convert: Callable[[str, tuple[str, ...]], str]
    unusable: Callable[[str], str]
    layout: Layout
    begin: str = ""
    wall: str = ""


@cache
def load_engine(name: Engine) -> Converter:
    """Return an engine, whose library is imported when it is first asked for."""
    converter: Converter = import_module(ENGINES[name]).CONVERTER
    return converter
