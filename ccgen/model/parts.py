"""Values inside groups of facts: prices, offers, pictures, picks; decided, frozen, and the same for every reader.

`model.facts` has the groups that hold them. A `Ref` is another owner, which a template sees through a view of its own.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from ccgen.model.records import Availability

__all__ = [
    "CallFact",
    "CareFact",
    "ChoiceFact",
    "ComparedCell",
    "ComparedRow",
    "ConsideredFact",
    "EvidenceFact",
    "Fact",
    "FeedItem",
    "FeedLink",
    "Heading",
    "InterestFact",
    "LinkBase",
    "MenuEntry",
    "Offer",
    "PickFact",
    "PictureFact",
    "Price",
    "Ref",
    "RelatedFact",
    "Score",
    "SectionRow",
    "SpecFact",
    "TaggedFact",
    "TargetFact",
    "Translation",
    "UnitPrice",
    "UpdateFact",
    "WasPrice",
    "id_of",
    "name_of",
    "owner_kind",
    "owner_of",
    "owner_parts",
    "ref",
]


class Fact(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Base of every value in a group."""


REF = (
    -1
)  # where a value may be anything, its bytes still say that it is a `Ref`: no list there holds a number and a text


class Ref(msgspec.Struct, frozen=True, array_like=True, tag=REF):
    """Another owner."""

    owner: str


def owner_of(kind: str, *names: str) -> str:
    """Return an owner's name: its kind, then its language and id, or what else sets it apart: `product:en:kettle`."""
    return f"{kind}:{':'.join(names)}"


@lru_cache(maxsize=1 << 17)
def ref(kind: str, lang: str, ident: str) -> Ref:
    """Return the owner of what a kind, a language and an id name. Each is asked for some twenty times a plan."""
    return Ref(owner_of(kind, lang, ident))


def owner_kind(owner: str) -> str:
    """Return the kind that an owner's name begins with."""
    return owner.partition(":")[0]


def owner_parts(owner: str) -> tuple[str, str, str]:
    """Return an owner's kind, language and id, '' for what its name does not have."""
    kind, _, rest = owner.partition(":")
    lang, _, ident = rest.partition(":")
    return kind, lang, ident


def name_of(owner: str) -> str:
    """Return what stands behind the kind: the name of what is the same in all languages, as `image:static/kettle.jpg`."""
    return owner.partition(":")[2]


def id_of(owner: str) -> str:
    """Return the id in an owner's name; it may hold `/` and `:`."""
    return owner.split(":", 2)[2]


class PictureFact(Fact, frozen=True, kw_only=True):
    """A picture where it is shown. `image` owns url and size in pixels."""

    image: Ref
    alt: str = ""
    credit: str = ""
    ours: bool = False
    tagged: tuple[TaggedFact, ...] = ()


class TaggedFact(Fact, frozen=True, kw_only=True):
    """A product in a picture, at percentages from left and top."""

    product: Ref
    left: str
    top: str


class Price(Fact, frozen=True, kw_only=True):
    """An exact amount as decimal text with the currency's digits; `least` = at least this much ("from")."""

    amount: str
    currency: str
    least: bool = False


class LinkBase(Fact, frozen=True, kw_only=True):
    """All that a purchase link is made of but for the place it stands at: see `commerce.links`."""

    target: str  # the merchant's own URL
    template: str = ""  # with {url} {sub} {account} {program}; '' = the target itself
    accounts: tuple[tuple[str, str], ...] = ()  # (section or 'default', account)
    program: str = ""
    append: tuple[tuple[str, str], ...] = ()
    sub_max: int = 0  # 0 = the network carries no sub-id
    sub_chars: str = ""


class WasPrice(Fact, frozen=True, kw_only=True):
    """A higher price of the same offer, earlier, an ISO date beside it. With `days` it is the lowest of so many days before
    `seen`, where the reduction began, proven by the ledger; with 0 it is what the merchant says, and `seen` when we saw that.
    """

    price: Price
    seen: str
    days: int = 0


class UnitPrice(Fact, frozen=True, kw_only=True):
    """A price by measure, rounded once; `per` is `kg`, `100 g`, `l`, `piece` and the like: see `commerce.prices`."""

    price: Price
    per: str


class Offer(Fact, frozen=True, kw_only=True):
    """One way to buy, decided: `price` is None where it may not be shown. Templates also have `offer.link`."""

    key: str  # product/merchant[/id]
    merchant: Ref
    product: str  # the product's id
    role: str
    price: Price | None = None
    deposit: Price | None = None
    seen: str = ""  # ISO instant at which price and availability were seen
    availability: Availability = "unknown"
    buyable: bool = True  # false: out of stock, discontinued, expired or product gone
    condition: str = ""
    ships_to: tuple[str, ...] = ()
    valid_until: str = ""
    available_from: str = ""  # ISO date or instant, of a preorder or back order
    note: str = ""
    was: WasPrice | None = None
    base: LinkBase
    fresh_until: str = ""  # ISO instant from which the price may not be shown any more; '' = no such instant
    unit_price: UnitPrice | None = None
    source: str = ""  # where the price is written: `record` or `table`


class EvidenceFact(Fact, frozen=True, kw_only=True):
    """How a reviewer came to know a product; dates are ISO, prose is inline Markdown."""

    obtained: str
    price_paid: Price | None = None
    since: str = ""
    until: str = ""
    method_url: str = ""
    method_title: str = ""
    summary: str = ""
    photos: tuple[PictureFact, ...] = ()


class InterestFact(Fact, frozen=True, kw_only=True):
    """A declared tie; `name` is that of the maker, merchant or product, `who` an author's where it is theirs."""

    how: str
    name: str
    note: str = ""
    who: str = ""


class UpdateFact(Fact, frozen=True, kw_only=True):
    """One entry of an article's history."""

    date: str
    note: str


class PickFact(Fact, frozen=True, kw_only=True):
    """A recommended product with its words, its review's where the guide has none of its own."""

    product: Ref
    badge: str = ""
    verdict: str = ""
    but: str = ""
    evidence: EvidenceFact | None = None
    review: Ref | None = None


class ConsideredFact(Fact, frozen=True, kw_only=True):
    """A product looked at and not picked."""

    product: Ref | None = None
    name: str = ""
    reason: str = ""


class Score(Fact, frozen=True, kw_only=True):
    """One criterion of a rating; `lang` is the language of its name where that is not the article's."""

    name: str
    value: str
    lang: str = ""


class SpecFact(Fact, frozen=True, kw_only=True):
    """One spec with its category's words."""

    key: str
    label: str
    value: str
    unit: str = ""
    better: str = ""


class ComparedCell(Fact, frozen=True, kw_only=True):
    """What one product has in a row of a comparison; '' where nobody gave it."""

    value: str = ""
    unit: str = ""
    best: bool = False


class ComparedRow(Fact, frozen=True, kw_only=True):
    """One spec of several products; `better` is `lower`, `higher` or ''."""

    key: str
    label: str
    better: str = ""
    cells: tuple[ComparedCell, ...]


class CareFact(Fact, frozen=True, kw_only=True):
    """What to do some days after buying."""

    after: str
    do: str


class ChoiceFact(Fact, frozen=True, kw_only=True):
    """What a buyer can choose."""

    name: str
    values: tuple[str, ...]


class RelatedFact(Fact, frozen=True, kw_only=True):
    """A related article and why: `reason` is product, maker, series or tag; `about` names it."""

    article: Ref
    reason: str
    about: str


class Translation(Fact, frozen=True, kw_only=True):
    """The same page in another language."""

    lang: str
    url: str
    name: str  # the language's own name


class Heading(Fact, frozen=True, kw_only=True):
    """One entry of the table of contents."""

    level: int
    id: str
    text: str


class TargetFact(Fact, frozen=True, kw_only=True):
    """What a destination of the prose resolves to, by its number. `kind`: page, anchor, file, external, purchase, image."""

    kind: str
    url: str = ""  # root-relative without the base path, `#anchor`, or absolute
    image: Ref | None = None
    offer: Offer | None = None  # for a raw link to a merchant's domain
    product: str = ""  # the id of the one product whose only offer at that merchant has this very address


class CallFact(Fact, frozen=True, kw_only=True):
    """What a directive resolves to, by its number. `params` hold typed values, defaults filled in."""

    name: str
    form: str
    records: tuple[Ref, ...] = ()
    params: tuple[tuple[str, object], ...] = ()


class MenuEntry(Fact, frozen=True, kw_only=True):
    """One entry of the menu."""

    label: str
    url: str


class SectionRow(Fact, frozen=True, kw_only=True):
    """A section's newest articles on the home page."""

    section: Ref
    items: tuple[Ref, ...]


class FeedLink(Fact, frozen=True, kw_only=True):
    """A feed that a page announces; `type` is its media type."""

    title: str
    type: str
    url: str


class FeedItem(Fact, frozen=True, kw_only=True):
    """One entry of a feed: `guid` is its id for ever, both instants are RFC 3339."""

    article: Ref
    guid: str
    published: str
    updated: str
