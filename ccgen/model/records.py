"""What people write, typed: the front matter of articles and the records of the shop; knows no file and no site.

One struct for each kind of file, one field for each key (docs/formats.md: "Articles", "Records"). Absent means None or empty.
References are ids or paths as written; whether they exist is found by `plan`. Field names are the keys.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from ccgen.model.values import (
    CountryCode,
    CurrencyCode,
    Duration,
    Host,
    Id,
    Inline,
    Line,
    Money,
    PathRef,
    Rating,
    Slug,
    Url,
    When,
    Word,
)

__all__ = [
    "ARTICLE_KINDS",
    "RECORD_KINDS",
    "ArticleMeta",
    "Availability",
    "Care",
    "CategoryRecord",
    "Considered",
    "Evidence",
    "GuideMeta",
    "ImageRef",
    "Interest",
    "MakerRecord",
    "MerchantRecord",
    "NoteMeta",
    "OfferRecord",
    "PageMeta",
    "PersonRecord",
    "Pick",
    "Picture",
    "ProductRecord",
    "ReviewMeta",
    "Role",
    "SectionMeta",
    "SeriesPart",
    "SpecRecord",
    "StoryMeta",
    "SubIdRule",
    "Tagged",
    "UpdateEntry",
    "Was",
]

Availability = Literal[
    "in_stock",
    "limited",
    "preorder",
    "backorder",
    "made_to_order",
    "out_of_stock",
    "discontinued",
    "unknown",
]
Condition = Literal["new", "refurbished", "used"]
Role = Literal["ours", "stall", "affiliate", "none"]
Obtained = Literal["bought", "gift", "loan", "ours", "untested"]
How = Literal["sponsored", "gift", "loan", "employed", "family", "travel", "other"]
ShowPrice = Annotated[
    str,
    msgspec.Meta(
        description="always, never, or a duration: as long as the price is that fresh.", extra={"kind": "show_price"}
    ),
]
Extra = dict[str, object]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every struct here: frozen, made by keyword. `extra` holds an author's own keys as plain values.

    `SHORTHAND` is the key under which a bare text is read, '' where only a mapping will do.
    """

    SHORTHAND: ClassVar[str] = ""


class ImageRef(Record, frozen=True, kw_only=True):
    """A picture: a path beside the file (bundle) or below static/. A bare text is read as `src`."""

    SHORTHAND: ClassVar[str] = "src"

    src: PathRef
    alt: Line | None = None
    credit: Line | None = None
    ours: bool = False


class UpdateEntry(Record, frozen=True, kw_only=True):
    """What changed in an article, and when."""

    date: When
    note: Inline


class SeriesPart(Record, frozen=True, kw_only=True):
    """An article's place in a series; parts count from 1. A bare text is read as `name`."""

    SHORTHAND: ClassVar[str] = "name"

    name: Line
    part: int | None = None


class Evidence(Record, frozen=True, kw_only=True):
    """How a reviewer came to know the product. `photos` are photographs, never drawings."""

    obtained: Obtained
    price_paid: Money | None = None
    since: When | None = None
    until: When | None = None
    method: PathRef | None = None
    summary: Inline | None = None
    photos: tuple[ImageRef, ...] = ()


class Interest(Record, frozen=True, kw_only=True):
    """A tie between an author and a maker, merchant or product (`with_` is the key `with`, an id)."""

    with_: Id = msgspec.field(name="with")
    how: How
    note: Inline | None = None


class Pick(Record, frozen=True, kw_only=True):
    """One product a guide recommends; words left out come from that product's review."""

    product: Id
    badge: Line | None = None
    verdict: Inline | None = None
    but: Inline | None = None
    evidence: Evidence | None = None


class Considered(Record, frozen=True, kw_only=True):
    """A product looked at and not picked: exactly one of `product` and `name`."""

    product: Id | None = None
    name: Line | None = None
    reason: Inline


class Tagged(Record, frozen=True, kw_only=True):
    """A product at a place in a picture; `at` is two percentages from the left and the top."""

    at: Annotated[str, msgspec.Meta(description="Left and top in percent: 38% 61%.", extra={"kind": "spot"})]
    product: Id


class Picture(Record, frozen=True, kw_only=True):
    """A note's picture with the products in it."""

    src: PathRef
    alt: Line
    credit: Line | None = None
    ours: bool = False
    tagged: tuple[Tagged, ...] = ()


class ArticleMeta(Record, frozen=True, kw_only=True):
    """The front matter that all kinds share."""

    title: Line | None = None
    date: When | None = None
    slug: Slug | None = None
    authors: tuple[Id, ...] = ()
    summary: Line | None = None
    image: ImageRef | None = None
    tags: tuple[Line, ...] = ()
    series: SeriesPart | None = None
    updates: tuple[UpdateEntry, ...] = ()
    interests: tuple[Interest, ...] = ()
    draft: bool = False
    unlisted: bool = False
    expires: When | None = None
    aliases: tuple[Annotated[str, msgspec.Meta(extra={"kind": "alias"})], ...] = ()
    template: Word | None = None
    extra: Extra = {}


class ReviewMeta(ArticleMeta, frozen=True, kw_only=True):
    """A review: one product, with evidence; with a rating also `verdict`, `but` and `cons`."""

    product: Id
    evidence: Evidence
    rating: Rating | None = None
    scores: Annotated[dict[str, Rating], msgspec.Meta(extra={"keys": "words"})] = {}
    verdict: Inline | None = None
    but: Inline | None = None
    pros: tuple[Inline, ...] = ()
    cons: tuple[Inline, ...] = ()
    for_whom: Inline | None = None
    not_for: Inline | None = None


class GuideMeta(ArticleMeta, frozen=True, kw_only=True):
    """A guide; with `picks` it is a comparison."""

    picks: tuple[Pick, ...] = ()
    considered: tuple[Considered, ...] = ()
    method: Inline | None = None


class NoteMeta(ArticleMeta, frozen=True, kw_only=True):
    """A short note; may have no title."""

    pictures: tuple[Picture, ...] = ()


class StoryMeta(ArticleMeta, frozen=True, kw_only=True):
    """A story."""


class PageMeta(ArticleMeta, frozen=True, kw_only=True):
    """A page of the site itself (about, returns): no date needed, in no list."""


class SectionMeta(Record, frozen=True, kw_only=True):
    """The front matter of `_index.md`: a section's or the home page's own words."""

    title: Line | None = None
    summary: Line | None = None
    image: ImageRef | None = None
    extra: Extra = {}


ARTICLE_KINDS: dict[str, type[ArticleMeta]] = {
    "review": ReviewMeta,
    "story": StoryMeta,
    "guide": GuideMeta,
    "note": NoteMeta,
    "page": PageMeta,
}


class SubIdRule(Record, frozen=True, kw_only=True):
    """What a merchant's own network accepts as a sub-id."""

    max: int = 50
    chars: str = "A-Za-z0-9_-"


class ReportColumns(Record, frozen=True, kw_only=True):
    """The column names of a merchant's earnings export."""

    sub: str
    amount: str
    currency: str | None = None
    date: str | None = None


class MerchantRecord(Record, frozen=True, kw_only=True):
    """Who sells, what they are to us, and how links to them are made. `account` is by section, key `default` otherwise."""

    name: Line
    role: Role
    url: Url
    domains: tuple[Host, ...] = ()
    network: Word | None = None
    account: Annotated[
        dict[str, str], msgspec.Meta(extra={"default_key": "default"})
    ] = {}  # bare text: {default: text}
    program: Word | None = None
    link: Word | None = None
    sub_id: SubIdRule | None = None
    add: dict[str, str] = {}
    currency: CurrencyCode | None = None
    show_price: ShowPrice | None = None
    sold_out: tuple[Word, ...] = ()  # what its pages say where one cannot buy: `ccgen links check`
    report: ReportColumns | None = None
    extra: Extra = {}


class Was(Record, frozen=True, kw_only=True):
    """A higher price seen earlier at the same offer."""

    price: Money
    seen: When


class OfferRecord(Record, frozen=True, kw_only=True):
    """One way to buy a product: `url` (its host finds the merchant), or merchant and `asin`. A bare text is `url`."""

    SHORTHAND: ClassVar[str] = "url"

    url: Url | None = None
    merchant: Id | None = None
    asin: Word | None = None
    id: Id | None = None
    price: Money | None = None
    deposit: Money | None = None
    note: Line | None = None
    checked: When | None = None
    availability: Availability = "unknown"
    condition: Condition | None = None
    ships_to: tuple[CountryCode, ...] = ()
    valid_until: When | None = None
    available_from: When | None = None
    was: Was | None = None


class Care(Record, frozen=True, kw_only=True):
    """What an owner should do some time after buying."""

    after: Duration
    do: Inline


class ProductRecord(Record, frozen=True, kw_only=True):
    """A product and its offers. Spec keys are those of its category, if it has one."""

    name: Line
    line: Line | None = None
    maker: Id | None = None
    category: Id | None = None
    images: tuple[ImageRef, ...] = ()
    specs: dict[str, Line] = {}
    contains: Annotated[str, msgspec.Meta(extra={"kind": "measure"})] | None = None
    gtin: Annotated[str, msgspec.Meta(extra={"kind": "gtin"})] | None = None
    mpn: Word | None = None
    sku: Word | None = None
    description: Inline | None = None
    not_for: Inline | None = None
    care: tuple[Care, ...] = ()
    made_to_order: Duration | None = None
    choices: dict[str, tuple[Line, ...]] = {}
    returns: Line | None = None
    checked: When | None = None
    offers: tuple[OfferRecord, ...] = ()
    status: Literal["active", "gone"] = "active"
    replaced_by: Id | None = None
    extra: Extra = {}


class SpecRecord(Record, frozen=True, kw_only=True):
    """One spec of a category: how it is named, its unit, and which direction is better, where one is honest."""

    label: Line
    unit: Line | None = None
    better: Literal["lower", "higher"] | None = None


class CategoryRecord(Record, frozen=True, kw_only=True):
    """A category of products and the specs that its products may have."""

    name: Line
    specs: dict[str, SpecRecord] = {}
    extra: Extra = {}


class MakerRecord(Record, frozen=True, kw_only=True):
    """Who makes things."""

    name: Line
    place: Line | None = None
    since: Word | None = None
    about: Inline | None = None
    image: ImageRef | None = None
    url: Url | None = None
    ours: bool = False
    extra: Extra = {}


class PersonRecord(Record, frozen=True, kw_only=True):
    """Who writes. `links` are shown, `same_as` also says in markup that both are one person."""

    name: Line
    bio: Inline | None = None
    image: ImageRef | None = None
    links: tuple[Url, ...] = ()
    same_as: tuple[Url, ...] = ()
    interests: tuple[Interest, ...] = ()
    extra: Extra = {}


RECORD_KINDS: dict[str, type[Record]] = {
    "products": ProductRecord,
    "makers": MakerRecord,
    "people": PersonRecord,
    "merchants": MerchantRecord,
    "categories": CategoryRecord,
}
