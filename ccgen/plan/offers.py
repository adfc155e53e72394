"""A product's offers, decided: who sells, which price is shown, what can be bought and in which order; knows no page."""

from __future__ import annotations

from ccgen.commerce.links import link_base
from ccgen.commerce.prices import may_show, ordered, read_price
from ccgen.config import Config
from ccgen.errors import At, Problem, Severity
from ccgen.model.loaded import Entry
from ccgen.model.parts import Offer, Price, WasPrice, ref
from ccgen.model.records import MerchantRecord, OfferRecord, ProductRecord
from ccgen.plan.clock import iso
from ccgen.plan.index import Index
from ccgen.plan.links import Links
from ccgen.text.url import host_of, host_within

__all__ = ["Offers"]

_NOT_BUYABLE = {"out_of_stock", "discontinued"}


class Offers:
    """The offers of every product, each with its price, state and link decided; notes what does not fit together."""

    def __init__(self, index: Index, links: Links) -> None:
        self.index, self.links = index, links
        self.config: Config = index.config
        self.problems: list[Problem] = []
        self.all: dict[str, tuple[Offer, ...]] = {}  # by the product's owner, in the declared order
        for entry in index.loaded.products.values():
            self.all[ref("product", entry.lang, entry.id).owner] = self._of(entry)

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
        seen = offer.checked or entry.record.checked
        seen_at = clock.read(seen) if seen else None
        price = self._price(offer.price, merchant, entry.at(f"{field}.price"))
        if price is not None and seen is None and shop.role != "ours":
            hint = "add `checked:` with the date at which you saw the price"
            self._note("price-without-date", "a price needs the date it was seen", entry.at(f"{field}.price"), hint)
        active = entry.record.status == "active"
        early = seen_at is not None and not clock.passed(seen_at)
        if early:
            where = f"{field}.checked" if offer.checked else "checked"
            message = f"`{seen}` has not come yet: the price cannot have been seen then, and is not shown"
            self._note("future-date", message, entry.at(where), "correct the date", severity="warning")
        shown = (
            active
            and not early
            and price is not None
            and may_show(shop.show_price, role=shop.role, network=shop.network, seen=seen_at, passed=clock.passed)
        )
        ended = offer.valid_until is not None and clock.passed(clock.read(offer.valid_until))
        was = offer.was and self._price(offer.was.price, merchant, entry.at(f"{field}.was.price"))
        return Offer(
            key=f"{entry.id}/{merchant.id}" + (f"/{offer.id}" if offer.id else ""),
            merchant=ref("merchant", entry.lang, merchant.id),
            product=entry.id,
            role=shop.role,
            price=price if shown and not ended else None,
            deposit=self._price(offer.deposit, merchant, entry.at(f"{field}.deposit")) if shown else None,
            seen=iso(seen),
            availability=offer.availability,
            buyable=active and not ended and offer.availability not in _NOT_BUYABLE,
            condition=offer.condition or "",
            ships_to=offer.ships_to,
            valid_until=iso(offer.valid_until),
            note=offer.note or "",
            was=WasPrice(price=was, seen=iso(offer.was.seen)) if was and offer.was and shown and not ended else None,
            base=link_base(shop, self._target(offer, merchant, entry, field)),
        )

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
        domains = [one for one in (host_of(record.url), *record.domains) if one]
        if not any(host_within(host, domain.removeprefix("www.")) for domain in domains):
            hint = (
                f"links of `{merchant.id}` end at {', '.join(domains)}; add the host to its `domains` if it is theirs"
            )
            self._note("foreign-host", f"`{host}` is not a host of `{merchant.id}`", entry.at(f"{field}.url"), hint)
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
