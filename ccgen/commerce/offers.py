"""How an offer is named, which record it was made from, and at which hosts a merchant sells; pure, knows no page."""

from __future__ import annotations

from collections.abc import Iterable

from ccgen.model.parts import Offer, id_of
from ccgen.model.records import MerchantRecord, OfferRecord
from ccgen.text.url import followed, host_of, host_within

__all__ = ["address_of", "hosts_of", "made_from", "merchant_of", "offer_key"]


def address_of(url: str) -> str:
    """Return where a URL leads, by http or https, without its query and fragment: two with one address show one offer."""
    return followed(url).partition("#")[0].partition("?")[0].removeprefix("http://").removeprefix("https://")


def offer_key(product: str, merchant: str, ident: str | None) -> str:
    """Return an offer's name: `kettle/amazon`, and `kettle/amazon/large` for one with an id of its own."""
    return f"{product}/{merchant}" + (f"/{ident}" if ident else "")


def made_from(offer: Offer, record: OfferRecord) -> bool:
    """Say whether an offer of a product was made from one of that product's records.

    Two at one merchant differ by their ids, even where they share a page.
    """
    merchant = id_of(offer.merchant.owner)
    if offer.key != offer_key(offer.product, merchant, record.id):
        return False
    return record.merchant == merchant if record.merchant else record.url == offer.base.target


def hosts_of(record: MerchantRecord) -> tuple[str, ...]:
    """Return the hosts at which a merchant sells, without `www.`, each once; what lies below one is the merchant's too."""
    hosts = (host_of(record.url), *record.domains)
    return tuple(dict.fromkeys(host.removeprefix("www.") for host in hosts if host))


def merchant_of(url: str, records: Iterable[MerchantRecord]) -> MerchantRecord | None:
    """Return the merchant at whose hosts an address lies, the one with the longest such host."""
    host = host_of(url) or ""
    found = [(len(one), record) for record in records for one in hosts_of(record) if host_within(host, one)]
    return max(found, key=lambda one: one[0])[1] if found else None
