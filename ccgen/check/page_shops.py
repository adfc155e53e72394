"""Which links of a page lead to a purchase, and how we stand to who sells there; goes by addresses, never by a theme's classes.

A link is a purchase link for certain when it goes through a network, carries a merchant's own parameters, or leads to the
address of an offer. A plain link to a maker's website that is also a shop is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote

from ccgen.check.page_ways import Anchor
from ccgen.commerce.amazon import is_amazon_host
from ccgen.commerce.networks import NETWORKS, network_at, store_at
from ccgen.commerce.relation import role_relation
from ccgen.model.facts import Facts, ProductOffers, group_index
from ccgen.model.parts import Offer, owner_kind
from ccgen.model.site import Seller
from ccgen.text.url import followed, host_of, host_within

__all__ = ["Purchase", "Shops"]

_OFFERS = group_index("product", ProductOffers)
_WRAPPED = re.compile(r"https?%3A%2F%2F[^&?#]*", re.IGNORECASE)


class Purchase(NamedTuple):
    """A purchase link: who sells there, and our relation to them alone."""

    anchor: Anchor
    seller: Seller
    alone: tuple[str, ...]

    @property
    def amazon(self) -> bool:
        """Whether it is one of Amazon's programme."""
        return self.seller.amazon


class Shops:
    """Everybody who sells on a site, by the hosts that their links lead to. Looked up once for each host."""

    def __init__(self, sellers: Iterable[Seller], facts: Facts) -> None:
        self._sellers = tuple(sellers)
        self._at: dict[str, tuple[Seller, ...]] = {}
        self._hosts: dict[
            str, tuple[str, tuple[Seller, ...]]
        ] = {}  # a host as it is written, as it is, who sells there
        for seller in self._sellers:
            for host in {*seller.hosts, *([seller.through] if seller.through else [])}:
                self._at[host] = (*self._at.get(host, ()), seller)
        self._targets = _targets(facts)

    def purchase(self, anchor: Anchor) -> Purchase | None:
        """Return a link to another site as a purchase link, None where it is none or not for certain."""
        href = followed(anchor.href)
        written = href.split("/", 3)[2]
        known = self._hosts.get(written)
        if known is None:
            host = host_of(f"https://{written}/") or ""
            known = self._hosts[written] = (host, self._of(host))
        host, several = known
        if not several:
            return None
        seller = _meant(several, href)
        if not self._sells(seller, host, href):
            return None
        return Purchase(anchor, seller, (role_relation(seller.role),))

    def offers_at(self, href: str) -> tuple[Offer, ...]:
        """Return the offers whose own address a link holds, plain or wrapped."""
        found = self._targets.get(_address(href))
        if found is None and "%2F%2F" in href.upper():
            wrapped = _WRAPPED.search(href)
            found = self._targets.get(_address(unquote(wrapped[0]))) if wrapped else None
        return found or ()

    def _of(self, host: str) -> tuple[Seller, ...]:
        labels = host.split(".")
        for number in range(len(labels)):
            found = self._at.get(".".join(labels[number:]))
            if found:
                return found
        return _unrecorded(host)

    def _sells(self, seller: Seller, host: str, href: str) -> bool:
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
        return _address(href) in self._targets


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


def _targets(facts: Facts) -> dict[str, tuple[Offer, ...]]:
    found: dict[str, tuple[Offer, ...]] = {}
    for owner, groups in facts.groups.items():
        if owner_kind(owner) == "product":
            group = groups[_OFFERS]
            offers: tuple[Offer, ...] = group.offers if isinstance(group, ProductOffers) else ()
            for offer in offers:
                address = _address(offer.base.target)
                found[address] = (*found.get(address, ()), offer)
    return found


def _address(url: str) -> str:
    """Return where a URL leads, by http or https, without its query and fragment."""
    return followed(url).partition("#")[0].partition("?")[0].removeprefix("http://").removeprefix("https://")


def _meant(several: tuple[Seller, ...], href: str) -> Seller:
    """Return which of the sellers behind one host a link means: whose own host stands in it, else one that pays."""
    if len(several) == 1:
        return several[0]
    plain = unquote(href)
    for seller in several:
        if any(f"/{host}" in plain or f".{host}" in plain for host in seller.hosts if host != seller.through):
            return seller
    return next((seller for seller in several if seller.role == "affiliate"), several[0])
