"""Python-Markdown's tree as HTML, with its line breaks, in one pass; knows nothing of what is in it.

The library first walks the tree to put line breaks into it (`PrettifyTreeprocessor`), then again to write it. Both
together were a seventh of a conversion. The bytes are the same: `tests/markdown/test_md_serializer.py` compares them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from markdown.util import BLOCK_LEVEL_ELEMENTS

__all__ = ["serialize"]

_BLOCKS = frozenset(BLOCK_LEVEL_ELEMENTS)
_EMPTY = frozenset({"br", "hr", "img"})
_AMPERSAND = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)
_SPECIAL = re.compile(r"[&<>]")

_Write = Callable[[str], None]


def serialize(root: Element) -> str:
    """Return a tree of block elements without `pre` as HTML; entities in its texts stay entities."""
    parts: list[str] = []
    _block(root, parts.append)
    return "".join(parts)


def _block(element: Element, write: _Write) -> None:
    """Write a block element, the text after it left out: children that are blocks begin and end lines."""
    tag, text = element.tag, element.text
    write(f"<{tag}{_attributes(element)}>" if element.attrib else f"<{tag}>")
    if tag in _EMPTY:
        return
    if len(element) and (not text or text.isspace()) and element[0].tag in _BLOCKS:
        write("\n")
    elif text:
        write(_escaped(text))
    for child in element:
        tail = child.tail
        if child.tag in _BLOCKS:
            _block(child, write)
            write(_escaped(tail) if tail and not tail.isspace() else "\n")
        else:
            _inline(child, write)
    write(f"</{tag}>")


def _inline(element: Element, write: _Write) -> None:
    """Write an element within a line and the text after it."""
    tag, text, tail = element.tag, element.text, element.tail
    if tag == "br":
        write("<br>\n")
        if tail and tail.isspace():
            return
    else:
        write(f"<{tag}{_attributes(element)}>" if element.attrib else f"<{tag}>")
        if text:
            write(_escaped(text))
        for child in element:
            _inline(child, write)
        write(f"</{tag}>")
    if tail:
        write(_escaped(tail))


def _attributes(element: Element) -> str:
    return "".join(f' {name}="{_escaped(value).replace(chr(34), "&quot;")}"' for name, value in sorted(element.items()))


def _escaped(text: str) -> str:
    if _SPECIAL.search(text) is None:
        return text
    return _AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
