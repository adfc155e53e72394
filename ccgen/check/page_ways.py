"""The ways by which a page leads its readers elsewhere: links, forms, scripts in attributes, and by itself; judges none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import urlencode

from ccgen.check.page_tokens import AHEAD, FOLLOWED, HANDLERS, LOADING, Tag, Tokens
from ccgen.text.patterns import late

__all__ = ["Anchor", "other_ways", "said_at"]

_SENDS = late(r"location|\bopen\s*\(|\.href\s*=")
_QUOTED = late(r"""["'`]\s*((?:https?:)?//[^"'`\s]+)""", re.IGNORECASE)
_REFRESH = late(r"\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?([\"']?)(.*?)\1\s*", re.IGNORECASE | re.DOTALL)


class Anchor(NamedTuple):
    """A way to an address; `number` is that of its element and `tag` what it says, `href` as it is written, entities resolved.

    `by` a link, a form (its element, or its button), a script in an attribute, the page itself, which asks nobody, or what
    the page loads into itself or beforehand. `relating` says the `rel` that counts: the link, or the form of a button; None
    where nothing can say it.
    """

    number: int
    href: str
    tag: Tag
    relating: Tag | None = None
    by: Literal["link", "form", "script", "page", "load"] = "link"

    @property
    def attributes(self) -> Mapping[str, str | None]:
        """What the element says, by name."""
        return self.tag.attributes

    @property
    def unasked(self) -> bool:
        """Whether the page goes there without its readers: nothing stands beside it, and nobody follows it."""
        return self.by in {"page", "load"}

    @property
    def rel(self) -> frozenset[str]:
        """The words of `rel`."""
        said = self.relating.get("rel") if self.relating is not None else None
        return _words(said or "")


@lru_cache(maxsize=256)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())


def other_ways(page: Tokens, number: int) -> Iterator[Anchor]:
    """Yield the ways from an element that are no links. What a script computes is not known."""
    tag = page.tags[number]
    name, attributes = tag.name, tag.attributes
    if name == "meta":
        if (attributes.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.fullmatch(attributes.get("content") or "")
            if found and found[2]:
                yield Anchor(number, found[2], tag, by="page")
        return
    loaded = attributes.get(LOADING.get(name, ""))
    if loaded and (name != "link" or not AHEAD.isdisjoint((attributes.get("rel") or "").lower().split())):
        yield Anchor(number, loaded, tag, by="load")
    if name == "link":
        return
    action = attributes.get("action" if name == "form" else "formaction")
    if action:
        yield from _submitted(page, number, action)
    scripts = [attributes.get(handler) or "" for handler in HANDLERS]
    href = attributes.get("href") or attributes.get("xlink:href") or ""
    for script in (*scripts, href if href.lstrip()[:11].lower() == "javascript:" else ""):
        if _SENDS.search(script):
            relating = tag if name in FOLLOWED else None
            yield from (Anchor(number, address, tag, relating, "script") for address in _QUOTED.findall(script))


def _submitted(page: Tokens, number: int, action: str) -> Iterator[Anchor]:
    """Yield where a form leads: by GET with what its hidden fields say in place of its query, as a browser sends it."""
    tag = page.tags[number]
    form = number if tag.name == "form" else page.around(number, "form")
    around = page.tags[form] if form >= 0 else None
    usual = around.attributes.get("method") if around is not None else None
    method = (tag.attributes.get("formmethod") or usual or "get").strip().lower()
    if method == "dialog":
        return
    fields = [page.tags[one].attributes for one in page.inside(form, "input")] if form >= 0 else []
    hidden = [
        (one.get("name") or "", one.get("value") or "")
        for one in fields
        if "name" in one and (one.get("type") or "").lower() == "hidden"
    ]
    if method != "post" and hidden:
        action = action.partition("#")[0].partition("?")[0] + "?" + urlencode(hidden)
    yield Anchor(number, action, tag, around, "form")


def said_at(page: Tokens, anchor: Anchor) -> tuple[str, ...]:
    """Return what an anchor says to those who see or hear it, the words first: its label, its pictures, its buttons."""
    inside = [page.tags[one] for one in page.inside(anchor.number, "img", "input")]
    words = [page.text(anchor.number), anchor.attributes.get("aria-label"), anchor.attributes.get("alt")]
    words += [one.attributes.get("alt") for one in inside]
    if anchor.by == "form":
        words.append(anchor.attributes.get("value"))
        words += [
            one.attributes.get("value") for one in inside if (one.attributes.get("type") or "").lower() == "submit"
        ]
    return tuple(one or "" for one in words)
