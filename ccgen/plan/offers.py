"""A product's offers, decided: who sells, which price is shown, what can be bought and in which order; knows no page."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.links import link_base
from ccgen.commerce.offers import hosts_of, offer_key
from ccgen.commerce.prices import ALWAYS, NEVER, ordered, read_price, shown_until, unit_price
from ccgen.commerce.profiles import active_profiles
from ccgen.commerce.watched import is_dead
from ccgen.config import Config
from ccgen.errors import At, Problem, Severity
from ccgen.model.ledger import ListedPrice
from ccgen.model.loaded import Entry
from ccgen.model.parts import Offer, Price, UnitPrice, WasPrice, ref
from ccgen.model.records import MerchantRecord, OfferRecord, ProductRecord
from ccgen.plan.index import Index
from ccgen.plan.links import Links
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


class Offers:
    """The offers of every product, each with its price, state and link decided; notes what does not fit together."""

    def __init__(self, index: Index, links: Links) -> None:
        self.index, self.links = index, links
        self.config: Config = index.config
        self.problems: list[Problem] = []
        self.prices: list[ListedPrice] = []  # as written, shown or not
        self.reductions = Reductions(index)
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
            made = self._offer(entry, offer, merchant, field)
            if made.key in found:
                message = f"two offers of `{entry.id}` at `{merchant.id}`"
                self._note("duplicate-offer", message, entry.at(field), "give each an `id`")
            found[made.key] = made
        return ordered(tuple(found.values()), self.config.settings.offers.order)

    def _offer(
        self, entry: Entry[ProductRecord], offer: OfferRecord, merchant: Entry[MerchantRecord], field: str
    ) -> Offer:
        clock, shop = self.index.clock, merchant.record
        price = self._price(offer.price, merchant, entry.at(f"{field}.price"))
        time = self._timing(entry, offer, shop, field)
        if price is not None and time.seen is None and shop.role != "ours":
            hint = "add `checked:` with the date at which you saw the price"
            self._note("PR-05", "a price needs the date it was seen", entry.at(f"{field}.price"), hint)
        active = entry.record.status == "active"
        fresh = time.until == ALWAYS or (time.until != NEVER and not clock.passed(time.until))
        target = self._target(offer, merchant, entry, field)
        dead = is_dead(target, shop, self.index.loaded.health)
        shown = price if active and fresh and not time.early and not dead else None
        key = offer_key(entry.id, merchant.id, offer.id)
        source = "table" if entry.at(field).path.endswith(".csv") else "record"
        if price is not None and active and not time.ended and entry.lang == self.config.language:
            day = clock.read(time.seen).astimezone(clock.zone).date() if time.seen else None
            at = entry.at(f"{field}.price")
            self.prices.append(ListedPrice(offer=key, role=shop.role, price=price, source=source, seen=day, at=at))
        return Offer(
            key=key,
            merchant=ref("merchant", entry.lang, merchant.id),
            product=entry.id,
            role=shop.role,
            price=shown,
            deposit=self._price(offer.deposit, merchant, entry.at(f"{field}.deposit")) if shown else None,
            seen=iso(time.seen),
            availability="unknown" if dead and offer.availability not in _NOT_BUYABLE else offer.availability,
            buyable=active and not dead and not time.ended and offer.availability not in _NOT_BUYABLE,
            condition=offer.condition or "",
            ships_to=offer.ships_to,
            valid_until=iso(offer.valid_until),
            available_from=iso(offer.available_from),
            note=offer.note or "",
            was=self._was(entry, offer, merchant, field, key, shown),
            base=link_base(shop, target),
            fresh_until=time.until.isoformat() if shown and time.until != ALWAYS else "",
            unit_price=self._unit_price(entry, shown),
            source=source if price else "",
        )

    def _timing(self, entry: Entry[ProductRecord], offer: OfferRecord, shop: MerchantRecord, field: str) -> _Timing:
        clock = self.index.clock
        seen = offer.checked or entry.record.checked
        seen_at = clock.read(seen) if seen else None
        early = seen_at is not None and not clock.passed(seen_at)
        if early:
            where = f"{field}.checked" if offer.checked else "checked"
            message = f"`{seen}` has not come yet: the price cannot have been seen then, and is not shown"
            self._note("future-date", message, entry.at(where), "correct the date", severity="warning")
        amazon = is_amazon(shop.role, shop.network, shop.url)
        until = shown_until(shop.show_price, role=shop.role, amazon=amazon, seen=seen_at)
        end = clock.read(offer.valid_until) if offer.valid_until else ALWAYS
        return _Timing(seen, early, end != ALWAYS and clock.passed(end), min(until, end))

    def _was(
        self,
        entry: Entry[ProductRecord],
        offer: OfferRecord,
        merchant: Entry[MerchantRecord],
        field: str,
        key: str,
        shown: Price | None,
    ) -> WasPrice | None:
        """Return the higher price that may stand beside the one that is shown."""
        if offer.was is None:
            return None
        at = entry.at(f"{field}.was.price")
        was = self._price(offer.was.price, merchant, at)
        clock, seen = self.index.clock, offer.was.seen
        if not clock.passed(clock.read(seen)):
            message = f"`{seen}` has not come yet: the earlier price cannot have been seen then, and is not shown"
            self._note("future-date", message, entry.at(f"{field}.was.seen"), "correct the date", severity="warning")
            return None
        if was is None or shown is None:
            return None
        return self.reductions.of(Struck(key=key, role=merchant.record.role, price=shown, was=was, seen=seen, at=at))

    def _unit_price(self, entry: Entry[ProductRecord], shown: Price | None) -> UnitPrice | None:
        contains = entry.record.contains
        return unit_price(shown, contains, whole=self._whole) if shown and contains else None

    def _merchant_of(self, offer: OfferRecord, entry: Entry[ProductRecord], field: str) -> Entry[MerchantRecord] | None:
        if offer.merchant is not None:
            if not self.index.known("merchant", offer.merchant, entry.at(f"{field}.merchant")):
                return None
            return self.index.loaded.merchants[offer.merchant, self.config.language]
        if offer.url is None:
            return None  # told when it was read
        host = host_of(offer.url) or ""
        merchant = self.links.merchant_at(host)
        if merchant is None and not any(one.startswith("merchants/") for one in self.index.loaded.failed):
            hint = f"add a merchant whose `url` or `domains` hold {host}, or name one with `merchant:`"
            self._note("unknown-merchant", f"no merchant sells at `{host}`", entry.at(f"{field}.url"), hint)
        return merchant

    def _target(
        self, offer: OfferRecord, merchant: Entry[MerchantRecord], entry: Entry[ProductRecord], field: str
    ) -> str:
        record = merchant.record
        if offer.url is None:
            return f"{record.url.rstrip('/')}/dp/{offer.asin}"
        host = host_of(offer.url) or ""
        hosts = hosts_of(record)
        if not any(host_within(host, one) for one in hosts):
            hint = f"links of `{merchant.id}` end at {', '.join(hosts)}; add the host to its `domains` if it is theirs"
            self._note("LK-08", f"`{host}` is not a host of `{merchant.id}`", entry.at(f"{field}.url"), hint)
        return offer.url

    def _price(self, text: str | None, merchant: Entry[MerchantRecord], at: At) -> Price | None:
        if text is None:
            return None
        price, wrong = read_price(text, merchant.record.currency or self.config.settings.site.currency)
        if wrong is not None:
            hint = wrong.hint or f"write `{text} USD`, or give {merchant.path} a `currency`"
            self._note(wrong.code, wrong.message, at, hint)
        return price

    def _note(self, code: str, message: str, at: At, hint: str = "", *, severity: Severity = "error") -> None:
        self.problems.append(Problem(code=code, message=message, at=at, hint=hint, severity=severity))
