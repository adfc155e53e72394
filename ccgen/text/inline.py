"""One line of inline Markdown (a verdict, a drawback, a note) as safe HTML; knows no record and no link target.

Emphasis, code and links with http or https are kept; raw HTML is text; anything that would begin a block is text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown import Markdown

__all__ = ["inline"]

_SPECIAL = frozenset("*_`[\\<&>\n!\ufdd0\ufdd1")
_NOT_TEXT = re.compile("[\ufdd0-\ufdef]")  # noncharacters are ours, see `render.view`
_SPAN = re.compile("</?span>")  # raw HTML is text, so every span is one that stands for dropped markup


@cache
def inline(text: str) -> str:
    """Return a line of inline Markdown as HTML that is safe anywhere flow or phrasing content is."""
    if _SPECIAL.isdisjoint(text):
        return text
    html = _engine().reset().convert(" ".join(_NOT_TEXT.sub("", text).split()))
    return _SPAN.sub("", html.removeprefix("<p>").removesuffix("</p>"))


@cache
def _engine() -> Markdown:
    from xml.etree.ElementTree import Element

    from markdown import Markdown
    from markdown.treeprocessors import Treeprocessor

    class OnlyWebLinks(Treeprocessor):
        """Turns a link to anything but the web into its words, and drops images."""

        def run(self, root: Element) -> None:
            for parent in root.iter():
                for number, child in enumerate(parent):
                    if child.tag == "img":
                        parent[number] = _words(child.get("alt", ""), child)
                    elif child.tag == "a" and not (child.get("href") or "").startswith(("https://", "http://")):
                        child.tag = "span"
                        child.attrib.clear()

    def _words(text: str, old: Element) -> Element:
        new = Element("span")
        new.text, new.tail = text, old.tail
        return new

    engine = Markdown(output_format="html")
    for name in ("html_block",):
        engine.preprocessors.deregister(name)
    for name in ("html", "entity"):
        engine.inlinePatterns.deregister(name)
    for processor in (
        "empty",
        "indent",
        "code",
        "hashheader",
        "setextheader",
        "hr",
        "olist",
        "ulist",
        "quote",
        "reference",
    ):
        engine.parser.blockprocessors.deregister(processor)
    engine.treeprocessors.register(OnlyWebLinks(engine), "web-links", 5)
    return engine
