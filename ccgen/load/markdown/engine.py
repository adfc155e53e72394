"""Engines by name: text in, HTML out; an engine knows no directive, no link and no article.

What an engine gets is Markdown without raw HTML, code, references, images and directives: paragraphs, headings with
`#`, lists with four spaces a level, quotes, tables, definition lists, rules, emphasis, line breaks, entities, and
links whose destination is a number. Marks in the text must come out as they went in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from ccgen.load.markdown import engine_markdown

__all__ = ["ENGINES", "Convert", "Engine"]

Engine = Literal["markdown"]
Convert = Callable[[str, tuple[str, ...]], str]  # text and names of extensions → HTML

ENGINES: Mapping[Engine, Convert] = {"markdown": engine_markdown.convert}
