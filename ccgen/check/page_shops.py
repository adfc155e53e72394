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
from ccgen.model.site import Seller
from ccgen.text.url import followed, host_of, host_within

__all__ = ["Purchase", "Sale", "Shops"]

_OFFERS = group_index("product", ProductOffers)
_OUTWARD = ("http://", "https://")
_KNOWN = 16_384  # addresses
_WRAPPED = re.compile(r"https?%3A%2F%2F[^&?#]*", re.IGNORECASE)


class Sale(NamedTuple):
    """What an address tells by itself: who sells there, our relation to them alone, and the offers whose address it is."""

    seller: Seller
    alone: tuple[str, ...]
    offers: tuple[Offer, ...]


class Purchase(NamedTuple):
    """A purchase link: who sells there, the offers it leads to, and all relations at it, strictest first."""

    anchor: Anchor
    seller: Seller
    offers: tuple[Offer, ...]
    relations: tuple[str, ...]

    @property
    def amazon(self) -> bool:
        """Whether it is one of Amazon's programme."""
        return self.seller.amazon


class Shops(dict[str, Sale | None]):
    """Everybody who sells on a site. The items are addresses as they are written: what is sold there, None for those of the site
    itself and those at which nothing is sold for certain. Each is looked up once, for most stand on many pages.
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
        self._wrapped: dict[str, tuple[Offer, ...]] = {}  # by address, for sub-ids make a link of one on every page

    def __missing__(self, href: str) -> Sale | None:
        if len(self) >= _KNOWN:
            self.clear()
            self._wrapped.clear()
        led = followed(href)
        outward = led.startswith(_OUTWARD) and not led.startswith(self._base)
        found = self[href] = self._sale(href, led) if outward else None
        return found

    def _sale(self, href: str, led: str) -> Sale | None:
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
        if not self._sells(seller, host, led, address):
            return None
        return Sale(seller, (role_relation(seller.role),), self._offers_at(href, address))

    def _offers_at(self, href: str, address: str) -> tuple[Offer, ...]:
        """Return the offers whose own address a link holds, plain or wrapped; `address` is the link's own."""
        if address in self._addresses and (found := self._offers_of(address)):
            return found
        wrapped = _WRAPPED.search(href)
        if wrapped is None:
            return ()
        known = self._wrapped.get(wrapped[0])
        if known is None:
            known = self._wrapped[wrapped[0]] = self._offers_of(address_of(unquote(wrapped[0])))
        return known

    def _offers_of(self, address: str) -> tuple[Offer, ...]:
        found: tuple[Offer, ...] = ()
        for owner in self._addresses.get(address, ()):
            group = self._facts.groups[owner][_OFFERS]
            if isinstance(group, ProductOffers):
                found += tuple([one for one in group.offers if address_of(one.base.target) == address])
        return found

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
