"""Which links of a page lead to a purchase, and how we stand to who sells there; goes by addresses, never by a theme's classes.

A link is a purchase link for certain when it goes through a network, carries a merchant's own parameters, or leads to the
address of an offer. A plain link to a maker's website that is also a shop is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from ccgen.check.page_ways import Anchor
from ccgen.commerce.amazon import is_amazon_host
from ccgen.commerce.networks import NETWORKS, network_at, store_at
from ccgen.commerce.offers import address_of
from ccgen.commerce.relation import role_relation
from ccgen.model.facts import Facts, ProductOffers, group_index
from ccgen.model.parts import Offer
from ccgen.model.site import Seller, sale_question
from ccgen.text.url import followed, host_of, host_within

__all__ = ["Judged", "Purchase", "Sale", "Shops"]

_OFFERS = group_index("product", ProductOffers)
_OUTWARD = ("http://", "https://")
_KNOWN = 16_384  # addresses
_WRAPPED = re.compile(r"https?%3A%2F%2F[^&?#]*", re.IGNORECASE)


class Sale(NamedTuple):
    """What an address tells by itself: who sells there, our relation to them alone, the offers whose address it is, and the
    owners of their products.
    """

    seller: Seller
    alone: tuple[str, ...]
    offers: tuple[Offer, ...]
    products: tuple[str, ...]


class Judged(NamedTuple):
    """An address at somebody's who sells: what is sold there, None where that is nothing for certain, and the questions whose
    answers say so.
    """

    sale: Sale | None
    asked: tuple[str, ...]


class Purchase(NamedTuple):
    """A purchase link, and all relations at it, strictest first."""

    anchor: Anchor
    sale: Sale
    relations: tuple[str, ...]

    @property
    def seller(self) -> Seller:
        """Who sells there."""
        return self.sale.seller


class Shops(dict[str, Judged | None]):
    """Everybody who sells on a site. The items are addresses as they are written: what is sold there, None for those of the site
    itself and of hosts at which nobody sells. Each is looked up once, for most stand on many pages.
    """

    def __init__(
        self, sellers: Iterable[Seller], addresses: Mapping[str, tuple[str, ...]], facts: Facts, base: str
    ) -> None:
        """`addresses` are those of offers, each with the products that are sold there; `base` is the site's own."""
        super().__init__()
        self._base = base
        self._at: dict[str, tuple[Seller, ...]] = {}
        self._hosts: dict[
            str, tuple[str, tuple[Seller, ...]]
        ] = {}  # a host as it is written, as it is, who sells there
        for seller in sellers:
            for host in {*seller.hosts, *([seller.through] if seller.through else [])}:
                self._at[host] = (*self._at.get(host, ()), seller)
        self._addresses, self._facts = addresses, facts
        self._wrapped: dict[str, str] = {}  # by what is written: sub-ids make many links of one
        self._offers: dict[str, tuple[tuple[Offer, ...], tuple[str, ...]]] = {}  # by address

    def __missing__(self, href: str) -> Judged | None:
        if len(self) >= _KNOWN:
            self.clear()
            self._wrapped.clear()
        led = followed(href)
        outward = led.startswith(_OUTWARD) and not led.startswith(self._base)
        found = self[href] = self._judged(href, led) if outward else None
        return found

    def _judged(self, href: str, led: str) -> Judged | None:
        written = led.split("/", 3)[2]
        known = self._hosts.get(written)
        if known is None:
            host = host_of(f"https://{written}/") or ""
            known = self._hosts[written] = (host, self._of(host))
        host, several = known
        if not several:
            return None
        seller = _meant(several, led)
        address = address_of(led)
        asked: tuple[str, ...] = (sale_question(address),)
        if not self._sells(seller, host, led, address):
            return Judged(None, asked)
        if address not in self._addresses and (inner := self._wrapped_in(href)):
            address, asked = inner, (*asked, sale_question(inner))
        return Judged(Sale(seller, (role_relation(seller.role),), *self._offered(address)), asked)

    def _wrapped_in(self, href: str) -> str:
        """Return the address that a link of a network holds, '' for none."""
        wrapped = _WRAPPED.search(href)
        if wrapped is None:
            return ""
        known = self._wrapped.get(wrapped[0])
        if known is None:
            known = self._wrapped[wrapped[0]] = address_of(unquote(wrapped[0]))
        return known

    def _offered(self, address: str) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
        """Return the offers that have an address, and the owners of their products."""
        products = self._addresses.get(address, ())
        known = self._offers.get(address) if products else ((), ())
        if known is None:
            found: tuple[Offer, ...] = ()
            for owner in products:
                group = self._facts.groups[owner][_OFFERS]
                if isinstance(group, ProductOffers):
                    found += tuple([one for one in group.offers if address_of(one.base.target) == address])
            known = self._offers[address] = (found, products)
        return known

    def _of(self, host: str) -> tuple[Seller, ...]:
        labels = host.split(".")
        for number in range(len(labels)):
            found = self._at.get(".".join(labels[number:]))
            if found:
                return found
        return _unrecorded(host)

    def _sells(self, seller: Seller, host: str, href: str, address: str) -> bool:
        if not seller.hosts:
            return all(re.search(rf"[?&]{mark}=[^&#]", href) for mark in seller.marks)
        if seller.through and host_within(host, seller.through) and seller.role != "none":
            return True
        if seller.role == "affiliate":
            if seller.marks:
                return all(f"{mark}=" in href for mark in seller.marks)
            network = NETWORKS.get(seller.network)
            if network is not None and network.kind == "minted":
                return True
        return address in self._addresses


def _unrecorded(host: str) -> tuple[Seller, ...]:
    """Return who pays at a host that no record names: a network's own, or a shop's, where an account in a link says so."""
    name = network_at(host)
    marks: tuple[str, ...] = ()
    store = None if name else store_at(host)
    if store is not None:
        name = store.network
        marks = tuple(key for key, value in NETWORKS[name].append if value == "{account}")
    if not name or (store is not None and not marks):
        return ()
    return (Seller(id="", role="affiliate", network=name, hosts=(), marks=marks, amazon=is_amazon_host(host)),)


def _meant(several: tuple[Seller, ...], href: str) -> Seller:
    """Return which of the sellers behind one host a link means: whose own host stands in it, else one that pays."""
    if len(several) == 1:
        return several[0]
    plain = unquote(href)
    for seller in several:
        if any(f"/{host}" in plain or f".{host}" in plain for host in seller.hosts if host != seller.through):
            return seller
    return next((seller for seller in several if seller.role == "affiliate"), several[0])
