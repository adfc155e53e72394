"""From an offer and the place it stands at to the link a reader follows; pure, knows no template and no page."""

from __future__ import annotations

import re
from base64 import b32encode
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from ccgen.commerce.networks import NETWORKS
from ccgen.commerce.relation import rel_of
from ccgen.model.parts import LinkBase, Offer
from ccgen.model.records import MerchantRecord

__all__ = ["Link", "Place", "link", "link_base", "sub_id"]


class Place(NamedTuple):
    """Where a purchase link stands: `section` of the page, `page` (an article's or product's id) and `slot` in it."""

    section: str
    page: str
    slot: str


class Link(NamedTuple):
    """What a purchase link needs: its address, its `rel` ('' for none) and the strictest relation that applies."""

    href: str
    rel: str
    relation: str


def link_base(record: MerchantRecord, target: str) -> LinkBase:
    """Gather all that makes a link to `target` at a merchant, but for the place."""
    network = NETWORKS.get(record.network or "")
    rule = record.sub_id
    template = record.link or (network.template if network else "")
    append = tuple(record.add.items()) + (network.append if network and not record.link else ())
    if rule is not None:
        sub_max, sub_chars = rule.max, rule.chars
    elif record.link or network is None:
        sub_max, sub_chars = (50 if "{sub}" in (record.link or "") else 0), "A-Za-z0-9_-"
    else:
        sub_max, sub_chars = network.sub_max, network.sub_chars
    return LinkBase(
        target=target,
        template=template,
        accounts=tuple(sorted(record.account.items())),
        program=record.program or "",
        append=append,
        sub_max=sub_max,
        sub_chars=sub_chars,
    )


def link(offer: Offer, relations: tuple[str, ...], place: Place) -> Link:
    """Return the purchase link of an offer at a place. `relations` are all that apply there, strictest first."""
    base = offer.base
    accounts = dict(base.accounts)
    values = {
        "account": accounts.get(place.section, accounts.get("default", "")),
        "program": base.program,
        "sub": sub_id(place, offer.product, base.sub_max, base.sub_chars) if base.sub_max else "",
    }
    target = _appended(base.target, tuple((key, _filled(value, values)) for key, value in base.append))
    if base.template:
        target = _filled(
            base.template, {key: quote(value, safe="") for key, value in {**values, "url": target}.items()}
        )
    return Link(href=target, rel=rel_of(relations), relation=relations[0] if relations else "none")


def sub_id(place: Place, product: str, most: int, chars: str) -> str:
    """Name article, slot and product within a network's limits; what does not fit ends in a digest of the whole."""
    whole = "-".join((place.page.replace("/", "-"), place.slot, product))
    allowed = re.compile(f"[{chars}]")
    if len(whole) <= most and all(map(allowed.fullmatch, whole)):
        return whole
    between = next((sign for sign in "_-." if allowed.fullmatch(sign)), "")
    safe = "".join(letter if allowed.fullmatch(letter) else between for letter in whole)
    mark = _mark(whole, allowed)
    return f"{safe[: max(0, most - len(mark) - len(between))]}{between}{mark}"[-most:]


def _mark(whole: str, allowed: re.Pattern[str]) -> str:
    """Return a short digest in the characters that a network takes: letters and digits, or one of these only."""
    digest = blake2b(whole.encode(), digest_size=5).digest()
    base32 = b32encode(digest).decode()
    letters = "".join("ABCDEFGHIJKLMNOP"[int(one, 16)] for one in digest.hex())
    forms = (base32.lower(), base32, str(int.from_bytes(digest)), letters.lower(), letters)
    return next((form for form in forms if all(map(allowed.fullmatch, form))), "")


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def _appended(url: str, parameters: tuple[tuple[str, str], ...]) -> str:
    if not parameters:
        return url
    parts = urlsplit(url)
    added = {key for key, _ in parameters}
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in added]
    query = urlencode([*kept, *parameters])
    return urlunsplit(parts._replace(query=query))
