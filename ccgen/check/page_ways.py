"""The ways by which a page leads its readers elsewhere: links, forms, scripts in attributes, and by itself; judges none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

__all__ = ["FOLLOWED", "HANDLERS", "LOADING", "SCRIPTED", "Anchor", "other_ways", "said_at"]

FOLLOWED = frozenset({"a", "area"})
HANDLERS = (
    *("onclick", "ondblclick", "onauxclick", "onmousedown", "onmouseup", "onpointerdown", "onpointerup"),
    *("ontouchstart", "ontouchend", "onkeydown", "onkeyup", "onsubmit", "onchange", "onload"),
)
LOADING = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "link": "href"}
_AHEAD = frozenset({"prefetch", "prerender", "preload"})
SCRIPTED = frozenset("jJ \t\n\r")  # what a link that runs a script begins with
_SENDS = re.compile(r"location|\bopen\s*\(|\.href\s*=")
_QUOTED = re.compile(r"""["'`]\s*((?:https?:)?//[^"'`\s]+)""", re.IGNORECASE)
_REFRESH = re.compile(r"\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?([\"']?)(.*?)\1\s*", re.IGNORECASE | re.DOTALL)


class Anchor(NamedTuple):
    """A way to an address; `href` as it is written, entities resolved.

    `by` a link, a form (its element, or its button), a script in an attribute, the page itself, which asks nobody, or what
    the page loads into itself or beforehand.
    `attributes` are the element's own. What only a link or a form can say, `rel`, is a form's at its buttons, and absent
    elsewhere.
    """

    node: LexborNode
    href: str
    attributes: dict[str, str | None]
    by: Literal["link", "form", "script", "page", "load"] = "link"

    @property
    def unasked(self) -> bool:
        """Whether the page goes there without its readers: nothing stands beside it, and nobody follows it."""
        return self.by in {"page", "load"}

    @property
    def rel(self) -> frozenset[str]:
        """The words of `rel`."""
        return frozenset((self.attributes.get("rel") or "").lower().split())


def other_ways(node: LexborNode, tag: str, attributes: dict[str, str | None]) -> Iterator[Anchor]:
    """Yield the ways from an element that are no links. What a script computes is not known."""
    if tag == "meta":
        if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.fullmatch(attributes.get("content") or "")
            if found and found[2]:
                yield Anchor(node, found[2], {}, "page")
        return
    loaded = attributes.get(LOADING.get(tag, ""))
    if loaded and (tag != "link" or not _AHEAD.isdisjoint((attributes.get("rel") or "").lower().split())):
        yield Anchor(node, loaded, {}, "load")
    if tag == "link":
        return
    action = attributes.get("action" if tag == "form" else "formaction")
    if action:
        yield from _submitted(node, tag, attributes, action)
    scripts = [attributes.get(name) or "" for name in HANDLERS]
    href = attributes.get("href") or attributes.get("xlink:href") or ""
    for script in (*scripts, href if href.lstrip()[:11].lower() == "javascript:" else ""):
        if _SENDS.search(script):
            plain = attributes if tag in FOLLOWED else {**attributes, "rel": None}
            yield from (Anchor(node, address, plain, "script") for address in _QUOTED.findall(script))


def _submitted(node: LexborNode, tag: str, attributes: dict[str, str | None], action: str) -> Iterator[Anchor]:
    """Yield where a form leads: by GET with what its hidden fields say in place of its query, as a browser sends it."""
    form = node
    while tag != "form" and form.tag != "form" and form.parent is not None:
        form = form.parent
    around = form.attributes if form.tag == "form" else {}
    method = (attributes.get("formmethod") or around.get("method") or "get").strip().lower()
    if method == "dialog":
        return
    fields = [one.attributes for one in form.css("input[name]")] if around else []
    hidden = [
        (one.get("name") or "", one.get("value") or "") for one in fields if (one.get("type") or "").lower() == "hidden"
    ]
    if method != "post" and hidden:
        action = action.partition("#")[0].partition("?")[0] + "?" + urlencode(hidden)
    yield Anchor(node, action, {**attributes, "rel": around.get("rel")}, "form")


def said_at(anchor: Anchor) -> tuple[str, ...]:
    """Return what an anchor says to those who see or hear it, the words first: its label, its pictures, its buttons."""
    node = anchor.node
    words = [node.text(), anchor.attributes.get("aria-label"), anchor.attributes.get("alt")]
    words += [image.attributes.get("alt") for image in node.css("img, input")]
    if anchor.by == "form":
        words += [one.attributes.get("value") for one in (node, *node.css("input[type=submit]"))]
    return tuple(one or "" for one in words)
