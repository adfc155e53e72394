"""A finished page, parsed once and walked once: what every rule looks at; judges nothing."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from ccgen.check.page_style import hides
from ccgen.check.page_ways import FOLLOWED, HANDLERS, LOADING, SCRIPTED, Anchor, other_ways

if TYPE_CHECKING:  # dear to import, and needed only where pages are read
    from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Sheet", "squeezed"]

# What no browser shows by itself, or only where it cannot show something else.
_FALLBACKS = ("audio", "canvas", "iframe", "noembed", "noframes", "noscript", "object", "rp", "video")
_LEFT_OUT = frozenset({*_FALLBACKS, "datalist", "dialog", "script", "style", "template"})
_OF_DRAWINGS = ("desc", "metadata", "title")  # of an SVG: a tooltip at most
# Each selector costs time on every page: what is seldom is asked for only where its letters stand. Of a bare list, an element
# would be given once for each selector that fits; `:is` gives it once.
_SELECTORS = (
    "[id], [href], [src], [poster], [srcset], [hidden], [popover], [style], [data-item-url], [formaction], [onclick]",
    "table, script, style, title, meta[http-equiv]",
)
_SELDOM_TAGS = sorted({*_LEFT_OUT, "desc", "form", "metadata"} - {"script", "style"})
_SELDOM = re.compile(f"<(?:{'|'.join(_SELDOM_TAGS)})".encode())
_USUAL = f":is({', '.join(_SELECTORS)})"
_ALL = f":is({', '.join((*_SELECTORS, *_SELDOM_TAGS))})"
_NOTED = frozenset({"href", "id", "src", "poster", "srcset", "xlink:href"})
_LINKS = frozenset({"href", "xlink:href"})
_MARKUP = "application/ld+json"
_UNSEEN = ", ".join(
    (
        *sorted({*_LEFT_OUT, "[hidden]", "[popover]"} - {"dialog"}),
        "dialog:not([open])",
        *(f"svg {tag}" for tag in _OF_DRAWINGS),
    )
)
_UNHEARD = "[aria-hidden=true], [inert]"
_HIDERS = frozenset({"hidden", "popover"})
_LEADING = frozenset({"formaction", *HANDLERS})
_TOLD = frozenset({"data-item-url", "style", *_HIDERS, *_LEADING})
_LEADING_TAGS = frozenset({"form", "meta", *LOADING})
_UNSHOWN = frozenset({*_OF_DRAWINGS, *_LEFT_OUT})
_SPECIAL = frozenset({"table", *_LEADING_TAGS, *_UNSHOWN})
_MARK = "\ufdd0"  # no page may hold it


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
        scripted = False  # a link may run a script
        for node in self.tree.css(_ALL if _SELDOM.search(html.lower()) else _USUAL):
            attributes, tag = node.attributes, node.tag
            for name, value in attributes.items():
                if name in _NOTED and value is not None:
                    if name in _LINKS:
                        self.references.append(value)
                        if tag in FOLLOWED:
                            self.anchors.append(Anchor(node, value, attributes))
                            scripted = scripted or value[:1] in SCRIPTED
                    elif name == "id":
                        self.ids.append(value)
                    elif name == "srcset":
                        self.references += [part.split()[0] for part in value.split(",") if part.strip()]
                    else:
                        self.references.append(value)
            if tag in _SPECIAL or scripted or not _TOLD.isdisjoint(attributes):
                self._special(node, tag, attributes)
                scripted = False

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
        if tag in _LEADING_TAGS or tag in FOLLOWED or not _LEADING.isdisjoint(attributes):
            self.anchors += other_ways(node, tag or "", attributes)
        if self._clean and (
            tag in _UNSHOWN or not _HIDERS.isdisjoint(attributes) or hides(attributes.get("style") or "")
        ):
            self._clean = not _within_body(node)

    @cached_property
    def text(self) -> str:
        """What a reader sees, as it stands in the document: without scripts, templates and what is not displayed.

        A style sheet that hides is not read.
        """
        return self._visible(self.tree)

    @cached_property
    def open_text(self) -> str:
        """What a reader sees, and hears where the page is read aloud, who neither follows a link nor unfolds anything."""
        tree = _parsed(self.html)
        for node in reversed(tree.css("details:not([open])")):
            _fold(node)
        return _text_without(tree, f"{_UNSEEN}, {_UNHEARD}, a")

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
        if hides(node.attributes.get("style") or ""):
            node.attrs["hidden"] = ""
    for node in reversed(tree.css(f":is(head, {selector})")):  # what is inside before what is around it
        node.decompose()
    return tree.root.text(separator=" ") if tree.root is not None else ""


def _fold(details: LexborNode) -> None:
    """Leave of a closed `<details>` what can be seen: its first summary."""
    inside = list(details.iter(include_text=True))
    summary = next((one for one in inside if one.tag == "summary"), None)
    for one in inside:
        if summary is None or one.mem_id != summary.mem_id:
            one.decompose()


def _within_body(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None and parent.tag not in {"head", "body"}:
        parent = parent.parent
    return parent is None or parent.tag == "body"


def squeezed(text: str) -> str:
    """Return a text without its white space, so that line ends and markup inside a sentence do not count."""
    return "".join(text.split())
