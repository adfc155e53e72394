"""Links in fields: no page can mark one as paid, so none of inline Markdown (a verdict, a note) may lead to a shop, and no
address of a maker or a person to an offer.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from ccgen.commerce.offers import address_of
from ccgen.commerce.relation import role_relation
from ccgen.errors import At, Problem
from ccgen.model.parts import id_of
from ccgen.model.values import kind_of
from ccgen.plan.index import Index
from ccgen.plan.links import Links
from ccgen.text.url import host_of

__all__ = ["check_fields"]

_INLINE = "inline"
_encode = msgspec.msgpack.Encoder().encode
_URL = re.compile(r"""https?://[^\s<>()"'\]]+""")


def check_fields(index: Index, links: Links, sold: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Yield a problem for each link to a shop of ours, a stall or an affiliate in a field of any article or record. `sold` are
    the products by the addresses of their offers.
    """
    for article in index.articles.values():
        if _may_link(article.meta):
            yield from _told(inline_texts(article.meta), article.at, links)
    for kind in ("product", "maker", "person"):
        for entry in index.table(kind).values():
            if isinstance(entry.record, msgspec.Struct) and _may_link(entry.record):
                yield from _told(inline_texts(entry.record), entry.at, links)
    for maker in index.loaded.makers.values():
        yield from _offered((("url", maker.record.url or ""),), maker.at, links, sold)
    for person in index.loaded.people.values():
        own = ((f"links[{number}]", url) for number, url in enumerate(person.record.links))
        yield from _offered(own, person.at, links, sold)


def _may_link(value: msgspec.Struct) -> bool:
    """Say whether any text of a record may hold an address: a tenth of the time that walking through its fields takes."""
    return b"://" in _encode(value)


def inline_texts(value: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield (field, text) of every field of inline Markdown in a record, in the order of its struct."""
    for name, key, inline in _fields(type(value)):
        yield from _texts(getattr(value, name), f"{prefix}{key}", inline=inline)


def _texts(value: Any, field: str, *, inline: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if inline:
            yield field, value
    elif isinstance(value, msgspec.Struct):
        yield from inline_texts(value, f"{field}.")
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from _texts(one, f"{field}[{number}]", inline=inline)


@cache
def _fields(struct: type[msgspec.Struct]) -> tuple[tuple[str, str, bool], ...]:
    """Return name, key and whether it is inline Markdown of a struct's fields that can hold any."""
    hints = typing.get_type_hints(struct, include_extras=True)
    names = zip(struct.__struct_fields__, struct.__struct_encode_fields__, strict=True)
    parts = [(name, key, tuple(_parts(hints[name]))) for name, key in names if name != "extra"]
    return tuple((name, key, _INLINE in kinds) for name, key, kinds in parts if any(map(_holds, kinds)))


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the kinds and the structs in a type."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    yield kind_of(annotation)
    for inner in typing.get_args(annotation):
        yield from _parts(inner)


def _holds(part: Any) -> bool:
    """Say whether a kind is inline Markdown, or a struct has a field that can hold any."""
    return bool(_fields(part)) if isinstance(part, type) else part == _INLINE


def _told(texts: Iterable[tuple[str, str]], at: Callable[..., At], links: Links) -> Iterator[Problem]:
    for field, text in texts:
        if "://" not in text:
            continue
        for url in _URL.findall(text):
            merchant = links.merchant_at(host_of(url) or "")
            if merchant is not None and role_relation(merchant.record.role) != "none":
                message = f"a link to `{merchant.id}` in a field cannot be marked as what it is"
                hint = (
                    f"write the words without the link; link in the text, or with `:buy[…]{{… merchant={merchant.id}}}`"
                )
                yield Problem(code="raw-purchase-link", message=message, at=at(field), hint=hint)


def _offered(
    own: Iterable[tuple[str, str]], at: Callable[..., At], links: Links, sold: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    for field, url in own:
        products = sold.get(address_of(url)) if url else None
        merchant = links.merchant_at(host_of(url) or "") if products else None
        if products and merchant is not None and role_relation(merchant.record.role) != "none":
            message = (
                f"`{url}` is the address of an offer of `{id_of(products[0])}`, which cannot be marked as one here"
            )
            hint = "write an address where nothing is sold, or leave it out: the page shows the product with its offers"
            yield Problem(code="raw-purchase-link", message=message, at=at(field), hint=hint)
