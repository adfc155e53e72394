"""From an offer and the place it stands at to the link a reader follows; pure, knows no template and no page.

The sub-id names article, slot and product: no two places of a site have the same, and it needs no table to be made.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from hashlib import blake2b
from math import ceil, log2
from typing import NamedTuple
from urllib.parse import quote, unquote_plus

from ccgen.commerce.networks import NETWORKS, program_values
from ccgen.commerce.relation import rel_of
from ccgen.model.parts import LinkBase, Offer, id_of, owner_parts
from ccgen.model.records import MerchantRecord

__all__ = ["Link", "Place", "Purchase", "Way", "link", "link_base", "place_on", "purchase", "sub_alphabet", "sub_id"]

_SUB_MAX, _SUB_CHARS = 50, "A-Za-z0-9_-"  # where a merchant's own link holds {sub} and names no limits
_SURE_BITS = 60  # of a digest: two of a million places are alike once in a million sites
_LEAST = 5  # characters to read beside a digest
_UNRESERVED = re.compile("[A-Za-z0-9_.~-]*")  # percent-encoding leaves them alone
_HOLE_FOR_SUB = "zqsubidhereqz"  # stands for a sub-id in an address, and in no address of anybody
_AS_WRITTEN = "%!#$&'()*+,/:;=?@[]~-._"  # stands for itself anywhere in a URL (RFC 3986), with escapes that are there
_FOLDERS = {"product": "products", "maker": "makers", "person": "people"}


class Place(NamedTuple):
    """Where a purchase link stands: `section` of the page (an account may be by section), the `page` and `slot` in it.

    `page` is an article's id, or `products/ID` and the like; that of another language than the default begins with it.
    """

    section: str
    page: str
    slot: str


class Link(NamedTuple):
    """What a purchase link needs: its address, its `rel` ('' for none) and the strictest relation that applies."""

    href: str
    rel: str
    relation: str


class Purchase(NamedTuple):
    """What a sub-id says: which page, which slot in it, which product ('' for a link in prose) and whose offer."""

    sub: str
    page: str
    slot: str
    product: str
    merchant: str


def place_on(owner: str, default: str, slot: str = "page") -> Place:
    """Return a place on the page of an owner (`article:en:reviews/kettle`); `default` is the site's first language."""
    kind, lang, ident = owner_parts(owner)
    if kind == "article":
        section, page = ident.partition("/")[0], ident
    else:  # no section is named as these are
        section, page = kind, f"{_FOLDERS.get(kind, f'page/{kind}')}/{ident}".rstrip("/")
    return Place(section, page if lang == default else f"{lang}/{page}", slot)


def link_base(record: MerchantRecord, target: str) -> LinkBase:
    """Gather all that makes a link to `target` at a merchant, but for the place."""
    network = None if record.link else NETWORKS.get(record.network or "")
    template, append = record.link or "", dict(record.add)
    if network is not None:
        values = program_values(network, record.program or "") or {}
        template = _filled(network.template, {key: quote(value, safe="") for key, value in values.items()})
        append |= {key: _filled(value, values) for key, value in network.append}
    sub_max, sub_chars = (network.sub_max, network.sub_chars) if network and network.sub_max else (_SUB_MAX, _SUB_CHARS)
    if record.sub_id is not None:
        sub_max, sub_chars = record.sub_id.max, record.sub_id.chars
    return LinkBase(
        target=target,
        template=template,
        accounts=tuple(sorted(record.account.items())),
        program=record.program or "",
        append=tuple(append.items()),
        sub_max=sub_max if any("{sub}" in shape for shape in (template, *append.values())) else 0,
        sub_chars=sub_chars,
    )


class Way:
    """From an offer to its merchant: the address of its link, with all that is the same at every place worked out once.

    Whatever stands in the target stays as it was written, but for parameters that are ours. What is put into a template
    is percent-encoded once; `{url_raw}` keeps the target's own escapes and only mends what no URL may hold.
    """

    __slots__ = ("_accounts", "_around", "_base", "_product")

    def __init__(self, offer: Offer) -> None:
        self._base, self._product = offer.base, offer.product
        self._accounts = dict(offer.base.accounts)
        self._around: dict[str, tuple[str, ...]] = {}  # by account: the address, cut where the sub-id stands

    def at(self, place: Place) -> str:
        """Return the address at a place."""
        base, accounts = self._base, self._accounts
        account = accounts.get(place.section, accounts.get("default", "")) if accounts else ""
        around = self._around.get(account)
        if around is None:
            around = self._around[account] = _around_sub(base, account)
        if len(around) == 1:
            return around[0]
        sub = sub_id(place, self._product, base.sub_max, base.sub_chars)
        # A sub-id of these characters stands in every part of a URL as it is: only where, has to be found, and once.
        return sub.join(around) if _UNRESERVED.fullmatch(sub) else _address(base, account, sub)


def link(offer: Offer, relations: tuple[str, ...], place: Place) -> Link:
    """Return the purchase link of an offer at a place. `relations` are all that apply there, strictest first."""
    return Link(href=Way(offer).at(place), rel=rel_of(relations), relation=relations[0] if relations else "none")


def _address(base: LinkBase, account: str, sub: str) -> str:
    values = {"account": account, "program": base.program, "sub": sub}
    href = _with(base.target, {key: _filled(value, values) for key, value in base.append})
    if not base.template:
        return href
    places = {key: quote(value, safe="") for key, value in {**values, "url": href}.items()}
    return _filled(base.template, {**places, "url_raw": quote(href, safe=_AS_WRITTEN)})


@lru_cache(maxsize=16_384)
def _around_sub(base: LinkBase, account: str) -> tuple[str, ...]:
    """Return an offer's address, cut where its sub-id stands."""
    if not base.sub_max:
        return (_address(base, account, ""),)
    return tuple(_address(base, account, _HOLE_FOR_SUB).split(_HOLE_FOR_SUB))


def purchase(offer: Offer, place: Place) -> Purchase | None:
    """Return what the sub-id of an offer's link at a place says; None where the link carries none."""
    base = offer.base
    if not base.sub_max:
        return None
    sub = sub_id(place, offer.product, base.sub_max, base.sub_chars)
    product = "" if offer.key.startswith("/") else offer.product
    return Purchase(sub, place.page, place.slot, product, id_of(offer.merchant.owner))


def sub_id(place: Place, product: str, most: int, chars: str) -> str:
    """Name page, slot and product in at most `most` of the characters `chars` (as in a regular expression's class).

    The names are joined by `_` where none of them holds one, so that no two places read alike; else, or where they do
    not fit, the sub-id ends in a digest of all three, after `__`, which the other form never holds.
    """
    alphabet = sub_alphabet(chars)
    names = (*place.page.split("/"), place.slot, product)
    whole = "_".join(names)
    if len(whole) <= most and whole.count("_") == len(names) - 1 and all(names) and alphabet.all_of(whole):
        return whole
    digest = alphabet.digest("\0".join((place.page, place.slot, product)))[:most]
    room = most - len(digest) - len(alphabet.gap)
    if room < _LEAST:
        return digest
    sign = alphabet.sign
    short = [kept for name in (names[-3], place.slot, product) if (kept := alphabet.kept(name))]
    return sign.join(_cut(short, room - 2 * len(sign), sign)) + alphabet.gap + digest


def _cut(names: list[str], room: int, sign: str) -> list[str]:
    """Return names with `room` characters in all; the longest give up most."""
    lengths = [len(name) for name in names]
    if sum(lengths) <= room:
        return names
    left, most = room, 0
    for number, length in enumerate(sorted(lengths)):
        most = left // (len(names) - number)
        if length > most:
            break
        left -= length
    return [name[:most].rstrip(sign) for name in names]


class _Alphabet:
    """The characters of a network's sub-ids: `symbols` are those of a digest, in one case, as networks may fold cases."""

    def __init__(self, chars: str) -> None:
        one = re.compile(f"[{chars}]")
        lower, upper, digits = (
            "".join(filter(one.fullmatch, some))
            for some in (string.ascii_lowercase, string.ascii_uppercase, string.digits)
        )
        self.kept = lru_cache(maxsize=16_384)(self._kept)  # names of slots and products are asked for again and again
        self.symbols = (lower or upper) + digits
        self.sign = next((sign for sign in "-_." if one.fullmatch(sign)), "")
        self.gap = "__" if one.fullmatch("_") else self.sign
        self._whole = re.compile(f"[{chars}]*")
        self._others = re.compile(
            f"(?:(?![{chars}])(?s:.)|[{re.escape(self.sign)}])+" if self.sign else f"(?![{chars}])(?s:.)"
        )
        self._pairs = [first + second for second in self.symbols for first in self.symbols]  # two digits, least first
        self._length = ceil(_SURE_BITS / log2(len(self.symbols))) if len(self.symbols) > 1 else 0

    def all_of(self, text: str) -> bool:
        return self._whole.fullmatch(text) is not None

    def _kept(self, text: str) -> str:
        """Return a text with what is not allowed in it made one `sign`, and none at its ends."""
        return self._others.sub(self.sign, text).strip(self.sign)

    def digest(self, text: str) -> str:
        """Return a digest of some sixty bits in `symbols`."""
        number = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest())
        pairs, several = self._pairs, len(self._pairs)
        signs = []
        for _ in range(0, self._length, 2):
            number, rest = divmod(number, several)
            signs.append(pairs[rest])
        return "".join(signs)[: self._length]


@lru_cache(maxsize=64)
def sub_alphabet(chars: str) -> _Alphabet:
    """Return an alphabet by its class; `chars` was checked to be one where the merchant was read."""
    return _Alphabet(chars)


def _filled(text: str, values: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def _with(url: str, parameters: dict[str, str]) -> str:
    """Return a URL with parameters at the end of its query; one of that name that stands there gives way."""
    if not parameters:
        return url
    rest, mark, fragment = url.partition("#")
    path, _, query = rest.partition("?")
    kept = [one for one in query.split("&") if unquote_plus(one.partition("=")[0]) not in parameters] if query else []
    ours = [f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in parameters.items()]
    return f"{path}?{'&'.join([*kept, *ours])}{mark}{fragment}"
