"""A finished page, parsed once and walked once: what every rule looks at; judges nothing."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # dear to import, and needed only where pages are read
    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Anchor", "Sheet", "squeezed"]

# What no browser shows by itself, and what it shows only where it cannot show something else.
_LEFT_OUT = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "dialog",
        "datalist",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "rp",
    }
)
_WALK = ", ".join(
    (
        "[id], [href], [src], [poster], [srcset], table, [data-item-url], [hidden], [popover], [style]",
        *sorted(_LEFT_OUT),
    )
)
_NOTED = frozenset({"href", "id", "src", "poster", "srcset"})
_FOLLOWED = frozenset({"a", "area"})
_MARKUP = "application/ld+json"
_UNSEEN = ", ".join(sorted({*_LEFT_OUT, "[hidden]", "[popover]"} - {"dialog"})) + ", dialog:not([open])"
_HIDERS = frozenset({"hidden", "popover", "style"})  # attributes that may hide
_SPECIAL = frozenset({"table", "link", *_LEFT_OUT})
_HIDING = re.compile(  # of a `style` in lower case, without comments and white space
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|(?:opacity|font-size|max-height|max-width):0(?:\.0*)?(?:px|r?em|%)?"
    r"|(?:left|right|top|bottom|text-indent|margin-left):-(?:[0-9]{4,}px|[0-9]{3,}r?em))(?:!important)?(?:;|$)"
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_MARK = "\ufdd0"  # no page may hold it


class Anchor(NamedTuple):
    """A link that a reader can follow; `href` as it is written, entities resolved."""

    node: LexborNode
    href: str
    attributes: dict[str, str | None]

    @property
    def rel(self) -> frozenset[str]:
        """The words of `rel`."""
        return frozenset((self.attributes.get("rel") or "").lower().split())


class Sheet:
    """One page. `ids` in order, with repetitions; `references` every URL in it; `scripts` the addresses of its scripts and
    `markup` the texts of its JSON-LD.
    """

    def __init__(self, html: bytes) -> None:
        self.html = html
        self.tree = _parsed(html)
        self.ids: list[str] = []
        self.references: list[str] = []
        self.anchors: list[Anchor] = []
        self.markup: list[str] = []
        self.scripts: list[str] = []
        self.canonical = ""
        self.tables: list[LexborNode] = []
        self.carts: list[LexborNode] = []
        self._clean = True  # nothing in the body has to be left out of the text
        for node in self.tree.css(_WALK):
            attributes, tag = node.attributes, node.tag
            for name, value in attributes.items():
                if name in _NOTED and value is not None:
                    if name == "href":
                        self.references.append(value)
                        if tag in _FOLLOWED:
                            self.anchors.append(Anchor(node, value, attributes))
                    elif name == "id":
                        self.ids.append(value)
                    elif name == "srcset":
                        self.references += [part.split()[0] for part in value.split(",") if part.strip()]
                    else:
                        self.references.append(value)
            if tag in _SPECIAL or "data-item-url" in attributes or not _HIDERS.isdisjoint(attributes):
                self._special(node, tag, attributes)

    def _special(self, node: LexborNode, tag: str | None, attributes: dict[str, str | None]) -> None:
        if tag == "script":
            source = attributes.get("src")
            if source is not None:
                self.scripts.append(source)
                return
            if attributes.get("type") == _MARKUP:
                self.markup.append(node.text())
        elif tag == "table":
            self.tables.append(node)
        elif tag == "link" and attributes.get("rel") == "canonical":
            self.canonical = attributes.get("href") or ""
        if "data-item-url" in attributes:
            self.carts.append(node)
        if tag in _LEFT_OUT or not _HIDERS.isdisjoint(attributes):
            self._clean = self._clean and not _within_body(node)

    @cached_property
    def text(self) -> str:
        """What a reader sees, as it stands in the document: without scripts, templates and what is not displayed.

        A style sheet that hides is not read.
        """
        return self._visible(self.tree)

    @cached_property
    def open_text(self) -> str:
        """What a reader sees who neither follows a link nor unfolds anything."""
        return _text_without(_parsed(self.html), f"{_UNSEEN}, a, details")

    def shown(self, node: LexborNode) -> str:
        """Return what a reader sees of an element."""
        return node.text(separator=" ") if self._clean else _text_without(_parsed(node.html or ""), _UNSEEN)

    def text_before(self, node: LexborNode) -> str:
        """Return what a reader sees before an element."""
        node.insert_before(_MARK)
        before = self._visible(self.tree).partition(_MARK)[0]
        mark = node.prev
        if mark is not None:
            mark.remove()
        return before

    def _visible(self, tree: LexborHTMLParser) -> str:
        if self._clean:  # to leave something out costs a second tree, for the nodes of this one must stay alive
            return tree.body.text(separator=" ") if tree.body is not None else ""
        return _text_without(_parsed(tree.html or ""), _UNSEEN)


def _parsed(html: bytes | str) -> LexborHTMLParser:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(html)


def _text_without(tree: LexborHTMLParser, selector: str) -> str:
    for node in tree.css("[style]"):
        if _hides(node.attributes.get("style") or ""):
            node.attrs["hidden"] = ""
    for node in reversed(tree.css(f"head, {selector}")):  # what is inside before what is around it
        node.decompose()
    return tree.root.text(separator=" ") if tree.root is not None else ""


def _hides(style: str) -> bool:
    return _HIDING.search("".join(_COMMENT.sub("", style).lower().split())) is not None


def _within_body(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in {"head", "body"}:
        parent = parent.parent
    return parent is None or parent.tag == "body"


def squeezed(text: str) -> str:
    """Return a text without its white space, so that line ends and markup inside a sentence do not count."""
    return "".join(text.split())
