"""Which addresses a check of links asks for, and which it never does; pure, knows no request.

A link that earns must not be followed by a program: the terms of networks forbid it, and it would count as a reader's click.
So the merchant's own address is asked for, without anything that says it is ours; where the link itself is all there is, nobody
is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeVar
from urllib.parse import unquote_plus, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from ccgen.commerce.arrival import added_names
from ccgen.commerce.health import findings, sold_out_words
from ccgen.commerce.links import link_base
from ccgen.commerce.networks import NETWORKS, network_at, store_at
from ccgen.commerce.offers import hosts_of, made_from
from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.model.body import Outline
from ccgen.model.facts import BodyGroup, ProductOffers
from ccgen.model.health import LinkHealth
from ccgen.model.loaded import Entry, Loaded
from ccgen.model.parts import Offer, TargetFact, id_of, owner_of
from ccgen.model.records import MerchantRecord, ProductRecord
from ccgen.model.site import Plan
from ccgen.text.instants import instant
from ccgen.text.url import host_of, host_within

__all__ = ["Watched", "carried", "is_dead", "known_findings", "paid_at", "plain_url", "watched"]

# Hosts beside those of `NETWORKS` that exist to carry paid links.
_CARRIERS = (
    *("zenaps.com", "shrsl.com", "s.click.tmall.com", "uland.taobao.com", "prf.hn"),
    *("clk.tradedoubler.com", "tc.tradetracker.net", "track.webgains.com"),
)

# Parameters by which a merchant's own page knows whose link was followed; its record names no more than those of today.
_TAGS = {
    "amazon": frozenset({"tag", "ascsubtag", "linkcode", "linkid", "camp", "creative", "creativeasin"}),
    "ebay": frozenset({"mkevt", "mkcid", "mkrid", "campid", "toolid", "customid"}),
}

R = TypeVar("R")


class Watched(NamedTuple):
    """One address, and all that is known of it without asking. `url` is what is asked for and its name in data/links.json."""

    url: str
    at: At  # where it is written first
    domains: tuple[str, ...] = ()  # where it may end; none = anywhere
    words: tuple[str, ...] = ()  # what says "sold out" there; none = its text is not looked at
    never: str = ""  # why it is not asked for
    offers: tuple[str, ...] = ()  # their keys; none = it stands in prose only
    merchant: str = ""
    added: tuple[str, ...] = ()  # parameters that purchase links to it add


def watched(plan: Plan, loaded: Loaded, config: Config) -> tuple[Watched, ...]:
    """Return every outward address of the site once, by URL: offers' first, then those that only prose links to.

    Offers of products that are gone, and those whose time is over, are left out: that they lead nowhere is no news.
    """
    found: dict[str, Watched] = {}
    for one in (*_of_offers(plan, loaded, config), *_of_prose(plan, loaded, config)):
        if one.url in found:
            first = found[one.url]
            offers = tuple(dict.fromkeys((*first.offers, *one.offers)))
            found[one.url] = first._replace(offers=offers)
        else:
            found[one.url] = one
    return tuple(sorted(found.values(), key=lambda one: (not one.offers, one.url)))


def known_findings(plan: Plan, loaded: Loaded, config: Config) -> Iterator[Problem]:
    """Yield what the last check of links left to be said, each at the place where the link is written."""
    for one in watched(plan, loaded, config) if loaded.health else ():
        if one.url in loaded.health:
            yield from findings(loaded.health[one.url], one.at, sold=bool(one.offers))


def _of_offers(plan: Plan, loaded: Loaded, config: Config) -> Iterator[Watched]:
    zone = ZoneInfo(config.settings.site.timezone)
    for (_, lang), entry in sorted(loaded.products.items()):
        if lang != config.language or entry.record.status == "gone":
            continue
        for group in plan.facts.groups.get(owner_of("product", lang, entry.id), ()):
            for offer in group.offers if isinstance(group, ProductOffers) else ():
                merchant = loaded.merchants.get((id_of(offer.merchant.owner), config.language))
                if merchant is not None and not _ended(offer, config.clock, zone):
                    yield _watched_offer(offer, merchant, _place(offer, entry))


def _watched_offer(offer: Offer, merchant: Entry[MerchantRecord], at: At) -> Watched:
    record = merchant.record
    return Watched(
        url=plain_url(offer.base.target, record),
        at=at,
        domains=hosts_of(record),
        words=sold_out_words(record.sold_out),
        never=paid_at(offer.base.target, record),
        offers=(offer.key,),
        merchant=merchant.id,
        added=added_names(record, offer.base.target),
    )


def _ended(offer: Offer, now: datetime, zone: ZoneInfo) -> bool:
    return bool(offer.valid_until) and instant(offer.valid_until, zone) <= now


def _place(offer: Offer, entry: Entry[ProductRecord]) -> At:
    """Return where an offer's address is written: its facts stand in another order than its records."""
    for number, record in enumerate(entry.record.offers):
        if made_from(offer, record):
            return entry.at(f"offers[{number}].{'url' if record.url else 'asin'}")
    return entry.at("offers")


def _of_prose(plan: Plan, loaded: Loaded, config: Config) -> Iterator[Watched]:
    own = host_of(config.base_url)
    for owner, path, body in _proses(loaded):
        group = next((one for one in plan.facts.groups.get(owner, ()) if isinstance(one, BodyGroup)), None)
        for target, place in zip(group.targets, body.targets, strict=False) if group else ():
            url = target.offer.base.target if target.offer else target.url
            if target.kind in {"external", "purchase"} and host_of(url) not in {None, own}:
                yield _watched_target(
                    target, url, At(path=path, start=place.start, length=place.length), loaded, config
                )


def _watched_target(target: TargetFact, url: str, at: At, loaded: Loaded, config: Config) -> Watched:
    key = (id_of(target.offer.merchant.owner), config.language) if target.offer else ("", "")
    merchant = loaded.merchants.get(key)
    record = merchant.record if merchant else None
    return Watched(
        url=plain_url(url, record),
        at=at,
        never=paid_at(url, record),
        merchant=merchant.id if merchant else "",
        added=added_names(record, url),
    )


def _proses(loaded: Loaded) -> Iterator[tuple[str, str, Outline]]:
    """Yield the owner, the source and the outline of all prose."""
    for article in sorted(loaded.articles, key=lambda one: one.path):
        yield owner_of("article", article.lang, article.id), article.path, article.body
    yield from _of_records("product", loaded.products.values())
    yield from _of_records("maker", loaded.makers.values())
    yield from _of_records("person", loaded.people.values())
    for text in loaded.sections:
        yield owner_of("section", text.lang, text.section), text.path, text.body


def _of_records(kind: str, entries: Iterable[Entry[R]]) -> Iterator[tuple[str, str, Outline]]:
    for entry in sorted(entries, key=lambda one: (one.id, one.lang)):
        if entry.body is not None:
            yield owner_of(kind, entry.lang, entry.id), entry.path, entry.body


def plain_url(url: str, record: MerchantRecord | None) -> str:
    """Return a merchant's address without anchor and without the parameters that say whose link it is.

    Everything else stays as it was written, byte for byte.
    """
    parts = urlsplit(url)
    host = host_of(url) or ""
    names = {key.casefold() for key, _ in link_base(record, url).append} if record else set()
    store = store_at(host)
    for network in {record.network if record else None, store.network if store else None}:
        names |= _TAGS.get(network or "", frozenset())
    kept = [piece for piece in parts.query.split("&") if unquote_plus(piece.partition("=")[0]).casefold() not in names]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=""))


def is_dead(target: str, record: MerchantRecord, health: Mapping[str, LinkHealth]) -> bool:
    """Say whether an offer's page is known to be gone: one cannot buy there, whatever the offer's record says."""
    known = health.get(plain_url(target, record)) if health else None
    return known is not None and known.state == "broken"


def paid_at(url: str, record: MerchantRecord | None) -> str:
    """Say why an address written as this merchant's must not be asked for: it is a paid link itself; '' where it may be."""
    made = NETWORKS.get(record.network or "") if record else None
    if record and made and made.kind == "minted" and record.role == "affiliate":
        return f"links of {record.network} are minted one by one: the URL is the paid link"
    return carried(url, (record,) if record else ())


def carried(url: str, records: Iterable[MerchantRecord]) -> str:
    """Say that a host carries paid links, of a network or of one of these merchants; '' where it does not."""
    host = host_of(url) or ""
    network = network_at(host)
    if network:
        return f"`{host}` carries the paid links of {network}"
    if any(host_within(host, one) for one in _CARRIERS):
        return f"`{host}` carries paid links"
    for record in records:
        carrier = host_of(link_base(record, url).template)
        if carrier and host == carrier != host_of(record.url):
            return f"`{host}` carries the paid links of {record.name}"
    return ""
