"""What a merchant's page says about buying: its markup first, else its words; knows no request.

Pages name other products too, so markup that says one can buy outweighs any words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

__all__ = ["decoded", "sold_out_in"]

_MOST_TAGS = 20_000
_SOLD = {"outofstock", "soldout", "discontinued", "oos"}
# Within `:is`, for the parser gives an element once for each selector of a list that fits it.
_SEEN_BY_NOBODY = ":is(script, style, noscript, template, svg, [hidden], [aria-hidden='true'], [style*='display:none'])"
_META = "meta[property='product:availability'], meta[property='og:availability']"
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]{1,40})""", re.IGNORECASE)
# A page may name any encoding, and some of Python's are no encodings of text, or slow.
_ENCODINGS = re.compile(r"utf-?8|utf-16(le|be)?|gbk|gb2312|gb18030|big5|shift[_-]jis|euc-(jp|kr)|koi8-r|"
                        r"(iso-8859|windows|cp)-?\d{1,4}|us-ascii")  # fmt: skip


def decoded(data: bytes, content_type: str) -> str:
    """Return a page's text by the encoding that its header or its head names, else as UTF-8."""
    named = re.search(r"charset\s*=\s*[\"']?([\w-]{1,40})", content_type, re.IGNORECASE)
    if named is None:
        found = _CHARSET.search(data[:4096])
        name = found[1].decode("ascii", "replace") if found else "utf-8"
    else:
        name = named[1]
    name = name.lower() if _ENCODINGS.fullmatch(name.lower()) else "utf-8"
    try:
        return data.decode("gb18030" if name in {"gbk", "gb2312"} else name, errors="replace")
    except LookupError:
        return data.decode("utf-8", errors="replace")


def sold_out_in(html: str, words: Sequence[str]) -> str:
    """Say what in a page tells that one cannot buy there, '' where nothing does."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_beginning(html))
    states = {state for state in _states(tree) if state}
    if states:
        return "" if states - _SOLD else f"its markup says `{min(states)}`"
    for node in tree.css(_SEEN_BY_NOBODY):
        node.decompose()
    shown = tree.body.text(separator=" ") if tree.body else ""
    text = " ".join(shown.replace("’", "'").split()).casefold()
    found = next((word for word in words if _stands_in(word, text)), "")
    return f"its text says “{found}”" if found else ""


def _beginning(html: str) -> str:
    """Return as much of a page as holds `_MOST_TAGS`: the parser's time grows with the square of how deep they nest."""
    place = -1
    for _ in range(_MOST_TAGS):
        place = html.find("<", place + 1)
        if place < 0:
            return html
    return html[:place]


def _stands_in(word: str, text: str) -> bool:
    plain = " ".join(word.replace("’", "'").split()).casefold()
    if not plain:
        return False
    if east_asian_width(plain[0]) in "WF":  # no spaces between words there
        return plain in text
    return re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", text) is not None


def _states(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield every availability that the page's markup gives to what it is about, as schema.org's word in lower case."""
    for node in tree.css("script[type='application/ld+json']"):
        try:
            yield from map(_state, _availabilities(json.loads(node.text())))
        except (ValueError, RecursionError):
            continue
    for node in tree.css("[itemprop='availability']"):
        yield _state(node.attributes.get("href") or node.attributes.get("content") or "")
    for node in tree.css(_META):
        yield _state(node.attributes.get("content") or "")


def _state(value: object) -> str:
    word = str(value).rstrip("/").rpartition("/")[2]
    return re.sub(r"[\W_]", "", word).lower() if isinstance(value, str) else ""


def _availabilities(value: Any) -> Iterator[object]:
    """Yield the availabilities of a graph's own products; those of products inside others (related ones) do not count."""
    for node in _list(value):
        if not isinstance(node, dict):
            continue
        yield from _availabilities(node.get("@graph", []))
        yield from _availabilities(node.get("mainEntity", []))
        if not {"Product", "ProductGroup", "IndividualProduct"}.isdisjoint(map(str, _list(node.get("@type")))):
            yield from _of_product(node)


def _of_product(node: dict[str, Any]) -> Iterator[object]:
    for offer in _list(node.get("offers", [])):
        if isinstance(offer, dict):
            yield offer.get("availability", "")
            yield from (one.get("availability", "") for one in _list(offer.get("offers", [])) if isinstance(one, dict))
    for variant in _list(node.get("hasVariant", [])):
        if isinstance(variant, dict):
            yield from _of_product(variant)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
