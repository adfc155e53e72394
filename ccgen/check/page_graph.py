"""A page's JSON-LD as anybody may have written it: parsed, flattened, its references followed; judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

__all__ = ["Graph", "Node", "amount", "kinds", "listed", "words"]

Node = dict[str, Any]
_DEPTH = 32


class Graph:
    """Every typed node of a page's blocks in document order: the property it stands under ('' at the top), it, its types."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self.broken: list[str] = []
        self.nodes: list[tuple[str, Node, frozenset[str]]] = []
        self._by_id: dict[str, Node] = {}
        for text in blocks:
            try:
                value = msgspec.json.decode(text)
            except (msgspec.DecodeError, UnicodeError) as error:
                self.broken.append(str(error))
                continue
            self._gather("", value, 0)

    def of(self, *types: str) -> Iterator[tuple[str, Node]]:
        """Yield the nodes of any of some types, each with the property it stands under."""
        for under, node, its in self.nodes:
            if not its.isdisjoint(types):
                yield under, node

    def follow(self, value: object) -> list[Node]:
        """Return what a property holds as nodes: a reference is the node that it names, if that is on the page."""
        found = []
        for one in listed(value):
            if isinstance(one, Mapping):
                ident = one.get("@id")
                node = self._by_id.get(ident) if isinstance(ident, str) and len(one) == 1 else None
                found.append(dict(one) if node is None else node)
        return found

    def _gather(self, under: str, value: object, depth: int) -> None:
        if depth > _DEPTH:
            return
        if type(value) is list:
            for one in value:
                self._gather(under, one, depth + 1)
        elif type(value) is dict:
            if "@type" in value:
                self.nodes.append((under, value, kinds(value)))
                ident = value.get("@id")
                if ident is not None and type(ident) is str:
                    self._by_id.setdefault(ident, value)
            for key, one in value.items():
                if type(one) is dict or type(one) is list:
                    self._gather("" if key == "@graph" else key, one, depth + 1)


def kinds(node: Mapping[str, Any]) -> frozenset[str]:
    """Return a node's types, without the vocabulary before them."""
    given = node.get("@type")
    if isinstance(given, str):
        return _kind(given)
    return frozenset(str(one).rpartition("/")[2] for one in listed(given))


@lru_cache(maxsize=256)
def _kind(name: str) -> frozenset[str]:
    return frozenset({name.rpartition("/")[2]})


def listed(value: object) -> list[Any]:
    """Return a property's values: none, one or several."""
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def words(node: Mapping[str, Any], key: str) -> str:
    """Return a property that is text or a number, as text."""
    value = node.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def amount(node: Mapping[str, Any]) -> tuple[str, str]:
    """Return price and currency of an offer, those of its `priceSpecification` where it has none of its own."""
    price, currency = words(node, "price"), words(node, "priceCurrency")
    for one in listed(node.get("priceSpecification")):
        if isinstance(one, Mapping):
            price = price or words(one, "price") or words(one, "minPrice")
            currency = currency or words(one, "priceCurrency")
    return price, currency
