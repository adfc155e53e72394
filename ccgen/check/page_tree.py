"""Pages of any HTML, taken apart by lexbor as a browser would; knows no rule."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ccgen.check.page_tokens import VOID, Tag, Tokens

if TYPE_CHECKING:  # dear to import, and needed only for pages that are not plain
    from selectolax.lexbor import LexborNode

__all__ = ["read_tree"]

_RAW = frozenset({"script", "style"})


def read_tree(html: bytes) -> Tokens:
    """Return any page's tokens. What is in a `<template>` stands nowhere; a comment is a tag that parts texts."""
    from selectolax.lexbor import LexborHTMLParser

    tags: list[Tag] = []
    texts = [b""]
    for node, starts in _walk(LexborHTMLParser(html).root):
        name = node.tag or ""
        if node.is_element_node:
            if starts:
                tags.append(Tag(name, node.attributes, 0 if name in VOID else 1))
            elif name not in VOID:
                tags.append(Tag(f"/{name}", {}, -1))
            else:
                continue
            texts.append(b"")
        elif starts and node.is_text_node:
            text = node.text()
            texts[-1] += (text if tags[-1].name in _RAW else escape(text, quote=False)).encode()
        elif starts:
            tags.append(Tag("!--", {}, 0))
            texts.append(b"")
    return Tokens(tags, texts)


def _walk(node: LexborNode | None) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node at its start and at its end."""
    around: list[LexborNode] = []
    while node is not None:
        yield node, True
        inner = node.child
        if inner is not None:
            around.append(node)
            node = inner
            continue
        yield node, False
        while node.next is None and around:
            node = around.pop()
            yield node, False
        node = node.next if around else None
