"""A page as its tags and the texts between them, each element closed where it ends; judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

from ccgen.check.page_style import hides

__all__ = [
    "AHEAD",
    "CART",
    "FOLLOWED",
    "HANDLERS",
    "LOADING",
    "OF_DRAWINGS",
    "VOID",
    "Tag",
    "Tokens",
    "said",
    "value_of",
]

FOLLOWED = frozenset({"a", "area"})
HANDLERS = (
    *("onclick", "ondblclick", "onauxclick", "onmousedown", "onmouseup", "onpointerdown", "onpointerup"),
    *("ontouchstart", "ontouchend", "onkeydown", "onkeyup", "onsubmit", "onchange", "onload"),
)
AHEAD = frozenset({"prefetch", "prerender", "preload"})
LOADING = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "link": "href"}

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # have no inside
OF_DRAWINGS = frozenset({"desc", "metadata", "title"})  # of an SVG: a tooltip at most
# What no browser shows by itself, or only where it cannot show something else.
_FALLBACKS = ("audio", "canvas", "iframe", "noembed", "noframes", "noscript", "object", "rp", "video")
_LEFT_OUT = frozenset({*_FALLBACKS, "datalist", "dialog", "script", "style", "template"})
_HIDERS = frozenset({"hidden", "popover"})
_LINKS = ("href", "xlink:href")
_REFERRING = frozenset({"src", "poster", *_LINKS})
_SELDOM = (_REFERRING | {"srcset"}) - {"href"}
_LEADING_TAGS = frozenset({"form", *LOADING})
_LEADING = frozenset({"formaction", *HANDLERS})
_SCRIPTED = frozenset("jJ \t\n\r")  # what a link that runs a script begins with
_INWARD = re.compile(r"[/#][\w/.~?#&=+:,;@-]*", re.ASCII)  # nothing that is to be decoded or dropped
_NAMING = frozenset({("name", "description"), ("property", "og:description")})
CART = "snipcart-add-item"
_CHECKOUTS = frozenset({"stripe-buy-button", "paypal-button", "shopify-buy-button"})
_SPECIAL = frozenset({"body", "script", "table", *OF_DRAWINGS})
# What tells more of an element than where it leads.
_TELLING_TAGS = frozenset({"details", "link", "meta", *_LEFT_OUT, *_LEADING_TAGS, *_SPECIAL, *_CHECKOUTS})
_TELLING = frozenset({"aria-hidden", "data-item-url", "inert", "style", *_HIDERS, *_LEADING})
_ASKED = frozenset({"img", "input", "time"})
_NONE: tuple[str, ...] = ()


class Tag:
    """A tag, and what it says by itself: one object for all places where the same letters stand, so never changed.

    `name` is its element's, after a `/` for an end. `step` is by how many elements it leads inwards: 1, -1 for an end, 0 for
    an element without an inside; `move` is where it leads (`Nesting`). `links` are where readers may follow it, but for those
    of which there is nothing to say: they plainly stay on the site, and in their window. `references` is every URL in it.
    `leading`: it may lead elsewhere in other ways. `unseen`: nobody sees what is in it; `mute`: or only who follows it or is
    not read to; `unheard`: or only who unfolds it. `checkout`: it is a shop's button. `special`: rules look at it for something
    else. `telling`: it leads elsewhere or is special. `noted`: rules look at it for anything. `given` is what it says by name,
    but for values that nobody asked for yet (`filled`); ask for `attributes`.
    """

    __slots__ = (
        *("checkout", "given", "ident", "lacking", "leading", "links", "move", "mute", "name", "noted", "references"),
        *("special", "step", "telling", "unheard", "unseen", "written"),
    )
    links: tuple[str, ...]
    leading: bool

    def __init__(
        self, name: str, attributes: Mapping[str, str | None], step: int, move: str = "", *, simple: bool = False
    ) -> None:
        """`simple` says that it is known to be so, and no shop's button."""
        self.name, self.given, self.step, self.move = name, attributes, step, move or name
        self.lacking, self.written = _NONE, b""
        self.checkout = self.unseen = self.special = False
        self.mute = self.unheard = name == "a"
        self._lead(name, attributes)
        if simple or (self.simple and CART not in (attributes.get("class") or "")):
            if len(self.links) == 1 and not (_may_leave(self.links[0]) or self.has("target")):
                self.links = _NONE
        else:
            self._judge(name, attributes)
        self.telling = bool(self.links) or self.leading or self.special
        self.noted = self.telling or self.ident is not None or bool(self.references)

    def filled(self, lacking: tuple[str, ...], written: bytes, ident: str | None, href: str | None) -> Tag:
        """Return a plain tag (`plain`) with other values: those of the attributes `lacking` stand, each in its `"`, in what is
        written. They are read when somebody asks for them, which is seldom, but for `ident` and `href`: these are given.
        """
        made = Tag.__new__(Tag)
        made.given, made.lacking, made.written = self.given, lacking, written
        made.name, made.step, made.move = self.name, self.step, self.move
        made.checkout = made.unseen = made.special = made.leading = made.telling = False
        made.mute, made.unheard, made.noted = self.mute, self.unheard, self.noted
        made.ident = ident
        made.links = made.references = _NONE if href is None else (href,)
        if href is not None:
            if self.name in FOLLOWED and (_may_leave(href) or self.has("target")):
                made.telling, made.leading = True, href[:1] in _SCRIPTED
            else:
                made.links = _NONE
        return made

    @property
    def attributes(self) -> Mapping[str, str | None]:
        """What it says, by name."""
        if self.written:
            values = map(value_of, self.written.split(b'"')[1::2])
            self.given, self.written = {**self.given, **dict(zip(self.lacking, values, strict=True))}, b""
        return self.given

    def has(self, name: str) -> bool:
        """Say whether it has an attribute, whatever its value."""
        return name in self.given

    def get(self, name: str) -> str | None:
        """Return one value, without reading the others."""
        if self.written and name in self.lacking:
            return value_of(self.written.split(b'"')[self.lacking.index(name) * 2 + 1])
        return self.given.get(name)

    @property
    def simple(self) -> bool:
        """Whether its values tell where it leads, and no more, unless its class is that of a shop's button."""
        return self.name not in _TELLING_TAGS and _TELLING.isdisjoint(self.given)

    @property
    def plain(self) -> bool:
        """Whether it is simple, and of its values only `id` and `href` tell anything."""
        return self.simple and _SELDOM.isdisjoint(self.given)

    @property
    def silent(self) -> bool:
        """Whether its values tell nothing at all, and no rule asks for them."""
        return self.simple and not self.noted and self.name not in _ASKED

    def _lead(self, name: str, attributes: Mapping[str, str | None]) -> None:
        self.ident = attributes.get("id")
        href = attributes.get("href")
        self.links = self.references = _NONE if href is None else (href,)
        if not _SELDOM.isdisjoint(attributes):
            self.references = tuple(_references(attributes))
            self.links = tuple([value for key in _LINKS if (value := attributes.get(key)) is not None])
        if self.links and name not in FOLLOWED:
            self.links = _NONE
        self.leading = bool(self.links) and any(link[:1] in _SCRIPTED for link in self.links)

    def _judge(self, name: str, attributes: Mapping[str, str | None]) -> None:
        self.leading = self.leading or _is_leading(name, attributes)
        self.unseen = (
            (name in _LEFT_OUT and not (name == "dialog" and "open" in attributes))
            or not _HIDERS.isdisjoint(attributes)
            or ("style" in attributes and hides(attributes["style"] or ""))
        )
        self.mute = self.mute or self.unseen or "inert" in attributes or attributes.get("aria-hidden") == "true"
        self.unheard = self.mute or name in OF_DRAWINGS or (name == "details" and "open" not in attributes)
        self.checkout = name in _CHECKOUTS or CART in (attributes.get("class") or "").split()
        self.special = (
            name in _SPECIAL
            or self.unseen
            or self.checkout
            or "data-item-url" in attributes
            or (name == "link" and attributes.get("rel") == "canonical")
            or (name == "meta" and not _NAMING.isdisjoint(attributes.items()))
        )


def _may_leave(link: str) -> bool:
    """Say whether a link may lead off this site, or hold an address elsewhere, in any reading of it."""
    return "//" in link or not _INWARD.fullmatch(link)


def _references(attributes: Mapping[str, str | None]) -> Iterator[str]:
    for name, value in attributes.items():
        if name in _REFERRING and value is not None:
            yield value
        elif name == "srcset":
            yield from (part.split()[0] for part in (value or "").split(",") if part.strip())


def _is_leading(name: str, attributes: Mapping[str, str | None]) -> bool:
    if name == "link":
        return not AHEAD.isdisjoint((attributes.get("rel") or "").lower().split())
    return (
        name in _LEADING_TAGS or (name == "meta" and "http-equiv" in attributes) or not _LEADING.isdisjoint(attributes)
    )


class Tokens(NamedTuple):
    """A page's tags in order, and its texts as HTML, in UTF-8: the n-th stands before the n-th tag, the last behind all.

    Every element that has an inside is closed by a tag of its own: the elements are known by the numbers of their tags.
    """

    tags: list[Tag]
    texts: list[bytes]

    def end(self, number: int) -> int:
        """Return the number of the tag that closes an element, its own where it has no inside."""
        depth, tags = self.tags[number].step, self.tags
        while depth:
            number += 1
            depth += tags[number].step
        return number

    def closed(self, number: int, limit: int) -> int:
        """Return the number of the tag that closes the element around one that ends at a number, -1 where it is not below
        a limit.
        """
        depth, tags = 1, self.tags
        while depth:
            number += 1
            if number >= limit:
                return -1
            depth += tags[number].step
        return number

    def parent(self, number: int, least: int = -1) -> int:
        """Return the element around one, -1 where there is none whose number is greater than `least`."""
        depth, tags = 1, self.tags
        while depth:
            number -= 1
            if number <= least:
                return -1
            depth -= tags[number].step
        return number

    def around(self, number: int, name: str) -> int:
        """Return the nearest element of a name that holds one, -1 where there is none."""
        number = self.parent(number)
        while number >= 0 and self.tags[number].name != name:
            number = self.parent(number)
        return number

    def children(self, number: int) -> Iterator[int]:
        """Yield the elements that stand in one, and in no other within it."""
        end, number = self.end(number), number + 1
        while number < end:
            yield number
            number = self.end(number) + 1

    def inside(self, number: int, *names: str) -> Iterator[int]:
        """Yield the elements of some names within one."""
        for other in range(number + 1, self.end(number)):
            if self.tags[other].name in names:
                yield other

    def text(self, number: int, between: str = "") -> str:
        """Return all that is written in an element, seen or not."""
        return said(self.texts[number + 1 : self.end(number) + 1], between)


def value_of(written: bytes) -> str:
    """Return an attribute's value as text."""
    text = written.decode("utf-8", "replace")
    return unescape(text) if "&" in text else text


def said(texts: Iterable[bytes], between: str = " ") -> str:
    """Return texts of a page as text."""
    text = between.encode().join(filter(None, texts)).decode("utf-8", "replace")
    return unescape(text) if "&" in text else text
