"""Markdown prose as a `Body`: typed pieces with their places; knows no record, no page and no URL of the site.

The way of a text: `blocks` finds its block structure, `layout` writes it for the engine with marks in place of all
that is settled by `spans` (directives, links, code, raw HTML, footnotes), the engine converts it once, `split` takes
the HTML apart at the marks. ARCHITECTURE.md: "One article's way".
"""

from __future__ import annotations

from ccgen.load.markdown.engine import Engine
from ccgen.load.markdown.reader import Text, read_bodies

__all__ = ["Engine", "Text", "read_bodies"]
