"""A product's offers, decided: who sells, which price is shown, what can be bought and in which order; knows no page."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.links import link_base
from ccgen.commerce.offers import hosts_of, offer_key
from ccgen.commerce.prices import ALWAYS, NEVER, ordered, read_price, shown_until, unit_price
from ccgen.commerce.profiles import active_profiles
from ccgen.commerce.watched import is_dead
from ccgen.config import Config
from ccgen.model.ledger import ListedPrice
from ccgen.model.loaded import Entry
from ccgen.model.parts import LinkBase, Offer, Price, UnitPrice, WasPrice, ref
from ccgen.model.records import MerchantRecord, OfferRecord, ProductRecord
from ccgen.plan.index import Index
from ccgen.plan.links import Links
from ccgen.plan.noting import Noting
from ccgen.plan.reductions import Reductions, Struck
from ccgen.text.clock import iso
from ccgen.text.url import host_of, host_within

__all__ = ["Offers"]

_NOT_BUYABLE = {"out_of_stock", "discontinued"}


class _Timing(NamedTuple):
    """When an offer holds: `until` is the instant from which its price is not shown, or `ALWAYS`, or `NEVER`."""

    seen: str | None  # as written
    early: bool  # seen at an instant that has not come
    ended: bool
    until: datetime


class _Shop(NamedTuple):
    """A merchant, and what is the same for all that it offers; `base` is that of its links but for the target."""

    entry: Entry[MerchantRecord]
    record: MerchantRecord
    hosts: tuple[str, ...]
    amazon: bool
    currency: str | None
    base: LinkBase


class Offers(Noting):
    """The offers of every product, each with its price, state and link decided; notes what does not fit together."""

    def __init__(self, index: Index, links: Links) -> None:
        super().__init__()
        self.index, self.links = index, links
        self.config: Config = index.config
        self.prices: list[ListedPrice] = []  # as written, shown or not
        self.reductions = Reductions(index)
        self._shops: dict[str, _Shop] = {}  # by id
        self._whole = "de" in active_profiles(self.config.settings.check.profiles)
        self.all: dict[str, tuple[Offer, ...]] = {}  # by the product's owner, in the declared order
        for entry in index.loaded.products.values():
            self.all[ref("product", entry.lang, entry.id).owner] = self._of(entry)
        self.problems += self.reductions.problems

    def _of(self, entry: Entry[ProductRecord]) -> tuple[Offer, ...]:
        found: dict[str, Offer] = {}
        for number, offer in enumerate(entry.record.offers):
            field = f"offers[{number}]"
            merchant = self._merchant_of(offer, entry, field)
            if merchant is None:
                continue
            made = self._offer(entry, offer, self._shop_of(merchant), field)
            if made.key in found:
                message = f"two offers of `{entry.id}` at `{merchant.id}`"
                self._note("duplicate-offer", message, entry.at(field), "give each an `id`")
            found[made.key] = made
        return ordered(tuple(found.values()), self.config.settings.offers.order)

    def _shop_of(self, entry: Entry[MerchantRecord]) -> _Shop:
        shop = self._shops.get(entry.id)
        if shop is None:
            record = entry.record
            shop = self._shops[entry.id] = _Shop(
                entry=entry,
                record=record,
                hosts=hosts_of(record),
                amazon=is_amazon(record.role, record.network, record.url),
                currency=record.currency or self.config.settings.site.currency,
                base=link_base(record, ""),
            )
        return shop

    def _offer(self, entry: Entry[ProductRecord], offer: OfferRecord, shop: _Shop, field: str) -> Offer:
        clock, role = self.index.clock, shop.record.role
        price = self._price(offer.price, shop, entry, f"{field}.price")
        time = self._timing(entry, offer, shop, field)
        if price is not None and time.seen is None and role != "ours":
            hint = "add `checked:` with the date at which you saw the price"
            self._note("PR-05", "a price needs the date it was seen", entry.at(f"{field}.price"), hint)
        active = entry.record.status == "active"
        fresh = time.until == ALWAYS or (time.until != NEVER and not clock.passed(time.until))
        target = self._target(offer, shop, entry, field)
        dead = is_dead(target, shop.record, self.index.loaded.health)
        shown = price if active and fresh and not time.early and not dead else None
        key = offer_key(entry.id, shop.entry.id, offer.id)
        source = "table" if entry.at(field).path.endswith(".csv") else "record"
        if price is not None and active and not time.ended and entry.lang == self.config.language:
            day = clock.read(time.seen).astimezone(clock.zone).date() if time.seen else None
            at = entry.at(f"{field}.price")
            self.prices.append(ListedPrice(offer=key, role=role, price=price, source=source, seen=day, at=at))
        return Offer(
            key=key,
            merchant=ref("merchant", entry.lang, shop.entry.id),
            product=entry.id,
            role=role,
            price=shown,
            deposit=self._price(offer.deposit, shop, entry, f"{field}.deposit") if shown else None,
            seen=iso(time.seen),
            availability="unknown" if dead and offer.availability not in _NOT_BUYABLE else offer.availability,
            buyable=active and not dead and not time.ended and offer.availability not in _NOT_BUYABLE,
            condition=offer.condition or "",
            ships_to=offer.ships_to,
            valid_until=iso(offer.valid_until),
            available_from=iso(offer.available_from),
            note=offer.note or "",
            was=self._was(entry, offer, shop, field, key, shown),
            base=msgspec.structs.replace(shop.base, target=target),
            fresh_until=time.until.isoformat() if shown and time.until != ALWAYS else "",
            unit_price=self._unit_price(entry, shown),
            source=source if price else "",
        )

    def _timing(self, entry: Entry[ProductRecord], offer: OfferRecord, shop: _Shop, field: str) -> _Timing:
        clock = self.index.clock
        seen = offer.checked or entry.record.checked
        seen_at = clock.read(seen) if seen else None
        early = seen_at is not None and not clock.passed(seen_at)
        if early:
            where = f"{field}.checked" if offer.checked else "checked"
            message = f"`{seen}` has not come yet: the price cannot have been seen then, and is not shown"
            self._note("future-date", message, entry.at(where), "correct the date", severity="warning")
        record = shop.record
        until = shown_until(record.show_price, role=record.role, amazon=shop.amazon, seen=seen_at)
        end = clock.read(offer.valid_until) if offer.valid_until else ALWAYS
        return _Timing(seen, early, end != ALWAYS and clock.passed(end), min(until, end))

    def _was(
        self,
        entry: Entry[ProductRecord],
        offer: OfferRecord,
        shop: _Shop,
        field: str,
        key: str,
        shown: Price | None,
    ) -> WasPrice | None:
        """Return the higher price that may stand beside the one that is shown."""
        if offer.was is None:
            return None
        at = entry.at(f"{field}.was.price")
        was = self._price(offer.was.price, shop, entry, f"{field}.was.price")
        clock, seen = self.index.clock, offer.was.seen
        if not clock.passed(clock.read(seen)):
            message = f"`{seen}` has not come yet: the earlier price cannot have been seen then, and is not shown"
            self._note("future-date", message, entry.at(f"{field}.was.seen"), "correct the date", severity="warning")
            return None
        if was is None or shown is None:
            return None
        return self.reductions.of(Struck(key=key, role=shop.record.role, price=shown, was=was, seen=seen, at=at))

    def _unit_price(self, entry: Entry[ProductRecord], shown: Price | None) -> UnitPrice | None:
        contains = entry.record.contains
        return unit_price(shown, contains, whole=self._whole) if shown and contains else None

    def _merchant_of(self, offer: OfferRecord, entry: Entry[ProductRecord], field: str) -> Entry[MerchantRecord] | None:
        if offer.merchant is not None:
            merchant = self.index.loaded.merchants.get((offer.merchant, self.index.default))
            if merchant is None:
                self.index.known("merchant", offer.merchant, entry.at(f"{field}.merchant"))  # which notes it
            return merchant
        if offer.url is None:
            return None  # told when it was read
        host = host_of(offer.url) or ""
        merchant = self.links.merchant_at(host)
        if merchant is None and not any(one.startswith("merchants/") for one in self.index.loaded.failed):
            hint = f"add a merchant whose `url` or `domains` hold {host}, or name one with `merchant:`"
            self._note("unknown-merchant", f"no merchant sells at `{host}`", entry.at(f"{field}.url"), hint)
        self.problems += self.links.ambiguous(host, entry.at(f"{field}.url"), "give the offer `merchant: {id}`")
        return merchant

    def _target(self, offer: OfferRecord, shop: _Shop, entry: Entry[ProductRecord], field: str) -> str:
        if offer.url is None:
            return f"{shop.record.url.rstrip('/')}/dp/{offer.asin}"
        host, name = host_of(offer.url) or "", shop.entry.id
        if not any(host_within(host, one) for one in shop.hosts):
            hint = f"links of `{name}` end at {', '.join(shop.hosts)}; add the host to its `domains` if it is theirs"
            self._note("LK-08", f"`{host}` is not a host of `{name}`", entry.at(f"{field}.url"), hint)
        return offer.url

    def _price(self, text: str | None, shop: _Shop, entry: Entry[ProductRecord], field: str) -> Price | None:
        if text is None:
            return None
        price, wrong = read_price(text, shop.currency)
        if wrong is not None:
            hint = wrong.hint or f"write `{text} USD`, or give {shop.entry.path} a `currency`"
            self._note(wrong.code, wrong.message, entry.at(field), hint)
        return price
