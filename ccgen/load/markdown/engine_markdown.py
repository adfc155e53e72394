"""Python-Markdown as an engine: text in, HTML out; knows nothing of marks, directives and articles."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown import Markdown

__all__ = ["OURS", "convert"]

# What the scanner does for every engine, so that the library's own version would do it twice or never see it.
OURS = frozenset(
    {"fenced_code", "footnotes", "toc", "meta", "codehilite", "md_in_html", "tables", "def_list", "sane_lists"}
)
_BUNDLE = {"extra": ("abbr",)}
_PATTERNS = (
    "backtick", "escape", "reference", "image_link", "image_reference", "short_reference", "short_image_ref",
    "autolink", "automail", "html", "entity",
)  # fmt: skip
_BLOCKS = ("code", "setextheader", "reference")
_ALIGN = re.compile(r' style="text-align: (left|center|right);"')


def convert(text: str, extensions: tuple[str, ...]) -> str:
    """Return the HTML of a text. An exception of the library goes through; its half-used parser is thrown away."""
    try:
        html = _parser(extensions).reset().convert(text)
    except BaseException:
        _parser.cache_clear()
        raise
    # A style attribute would need `unsafe-inline` in a site's content security policy.
    return _ALIGN.sub(r' class="\1"', html) if "text-align" in html else html


@lru_cache(maxsize=4)
def _parser(extensions: tuple[str, ...]) -> Markdown:
    """Return a parser without the parts that never have anything to do here: they cost half of its time."""
    names = [name for one in extensions for name in _BUNDLE.get(one, (one,))]
    wanted = [name for name in names if name.removeprefix("markdown.extensions.") not in OURS]
    parser = Markdown(extensions=["tables", "def_list", "sane_lists", *wanted], output_format="html")
    parser.preprocessors.deregister("html_block")
    for name in _PATTERNS:
        parser.inlinePatterns.deregister(name)
    for name in _BLOCKS:
        parser.parser.blockprocessors.deregister(name)
    return parser
