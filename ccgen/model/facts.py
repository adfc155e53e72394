"""What pages are made from: frozen values after every rule, in groups; nothing here depends on who reads it.

An *owner* (`article:en:reviews/kettle`) has one struct for each group of its kind. A page notes the groups it reads;
a fact is its msgpack bytes, so no input can be forgotten and nothing needs an invalidation rule.
Templates see these fields through one generic view, by the names below: they are the theme contract (version 1).
Field names are unique among the groups of one kind. A `Ref` in a field is another owner, seen through a view of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ccgen.model.parts import (
    CallFact,
    CareFact,
    ChoiceFact,
    ConsideredFact,
    EvidenceFact,
    FeedItem,
    Heading,
    InterestFact,
    MenuEntry,
    Offer,
    PickFact,
    PictureFact,
    Ref,
    RelatedFact,
    Score,
    SectionRow,
    SpecFact,
    TargetFact,
    Translation,
    UpdateFact,
)

__all__ = [
    "GROUPS",
    "ArticleAnchors",
    "ArticleCard",
    "ArticleHead",
    "ArticleNeighbours",
    "ArticleRelated",
    "ArticleRelation",
    "ArticleUrl",
    "BodyGroup",
    "CatalogueGroup",
    "CategoryDetail",
    "DigestGroup",
    "DirectiveGroup",
    "Facts",
    "FeedGroup",
    "Group",
    "HomeRows",
    "ImageGroup",
    "LabelHead",
    "LabelTotal",
    "ListHead",
    "ListItems",
    "LlmsGroup",
    "MakerDetail",
    "MakerProducts",
    "Mentions",
    "MenuGroup",
    "MerchantDetail",
    "PersonDetail",
    "PersonFeed",
    "ProductCard",
    "ProductDetail",
    "ProductOffers",
    "ProductRelation",
    "RecordName",
    "RecordUrl",
    "RedirectsGroup",
    "SectionHead",
    "SitemapGroup",
    "SitemapIndexGroup",
    "Translations",
    "UrlGroup",
    "ValueGroup",
    "group_index",
]


class Group(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Base of every group."""


class ArticleUrl(Group, frozen=True, kw_only=True):
    url: str
    lang: str
    kind: str
    section: Ref
    unlisted: bool = False
    preview: str = ""  # draft or scheduled, when a flag shows what is not for readers yet


class ArticleCard(Group, frozen=True, kw_only=True):
    title: str
    summary: str
    date: str
    updated: str
    picture: PictureFact | None
    authors: tuple[Ref, ...]
    tags: tuple[Ref, ...]
    product: Ref | None
    rating: str
    fallback: tuple[str, ...]


class ArticleHead(Group, frozen=True, kw_only=True):
    verdict: str
    but: str
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    for_whom: str
    not_for: str
    scores: tuple[Score, ...]
    evidence: EvidenceFact | None
    interests: tuple[InterestFact, ...]
    updates: tuple[UpdateFact, ...]
    picks: tuple[PickFact, ...]
    considered: tuple[ConsideredFact, ...]
    method: str  # in words, or '' where it is a page of its own
    method_url: str
    method_title: str
    pictures: tuple[PictureFact, ...]
    extra: dict[str, object]
    template: str
    has_summary: bool  # else the card's is the first paragraph
    word_count: int


class BodyGroup(Group, frozen=True, kw_only=True):
    body_digest: bytes
    targets: tuple[TargetFact, ...]
    calls: tuple[CallFact, ...]


class ArticleAnchors(Group, frozen=True, kw_only=True):
    headings: tuple[Heading, ...]


class ArticleNeighbours(Group, frozen=True, kw_only=True):
    previous: Ref | None
    next: Ref | None
    series: Ref | None
    series_part: int
    series_previous: Ref | None
    series_next: Ref | None


class ArticleRelated(Group, frozen=True, kw_only=True):
    """None where no template of the theme says `related`: it is dear to find, and nobody asks."""

    related: tuple[RelatedFact, ...] | None


class Translations(Group, frozen=True, kw_only=True):
    translations: tuple[Translation, ...]


class ArticleRelation(Group, frozen=True, kw_only=True):
    """`ties` are what the article itself adds, (product id or '' for all, relation); `relations` all that apply.

    `disclosed` names the sentences that its page owes (`commerce.disclosure`), `declared` are ties with a sentence each.
    """

    ties: tuple[tuple[str, str], ...]
    relations: tuple[str, ...]
    merchants: tuple[Ref, ...]
    disclosed: tuple[str, ...]
    declared: tuple[InterestFact, ...]


class RecordUrl(Group, frozen=True, kw_only=True):
    url: str
    lang: str
    id: str


class RecordName(Group, frozen=True, kw_only=True):
    name: str
    name_lang: str


class ProductCard(Group, frozen=True, kw_only=True):
    line: str
    maker: Ref | None
    picture: PictureFact | None
    category: Ref | None
    rating: str
    verdict: str
    but: str
    review: Ref | None
    status: str
    replaced_by: Ref | None
    fallback: tuple[str, ...]


class ProductOffers(Group, frozen=True, kw_only=True):
    offers: tuple[Offer, ...]


class Mentions(Group, frozen=True, kw_only=True):
    mentions: tuple[Ref, ...]


class ProductDetail(Group, frozen=True, kw_only=True):
    description: str
    pictures: tuple[PictureFact, ...]
    specs: tuple[SpecFact, ...]
    contains: str
    gtin: str
    mpn: str
    sku: str
    choices: tuple[ChoiceFact, ...]
    care: tuple[CareFact, ...]
    made_to_order: str
    returns: str
    returns_url: str
    not_for: str
    alternatives: tuple[Ref, ...]
    extra: dict[str, object]


class ProductRelation(Group, frozen=True, kw_only=True):
    """What a product's page owes: see `ArticleRelation`. `merchants` are those that sell it."""

    disclosed: tuple[str, ...]
    declared: tuple[InterestFact, ...]
    merchants: tuple[Ref, ...]


class MerchantDetail(Group, frozen=True, kw_only=True):
    site: str
    role: str
    network: str


class MakerDetail(Group, frozen=True, kw_only=True):
    place: str
    since: str
    about: str
    picture: PictureFact | None
    site: str
    ours: bool
    fallback: tuple[str, ...]
    extra: dict[str, object]


class MakerProducts(Group, frozen=True, kw_only=True):
    products: tuple[Ref, ...]


class PersonDetail(Group, frozen=True, kw_only=True):
    bio: str
    picture: PictureFact | None
    links: tuple[str, ...]
    same_as: tuple[str, ...]
    interests: tuple[InterestFact, ...]
    fallback: tuple[str, ...]
    extra: dict[str, object]


class PersonFeed(Group, frozen=True, kw_only=True):
    feed_url: str
    articles: tuple[Ref, ...]


class CategoryDetail(Group, frozen=True, kw_only=True):
    name: str
    labels: tuple[SpecFact, ...]


class SectionHead(Group, frozen=True, kw_only=True):
    """A section's words; the home page is section ''. `url` and `feed_url` are '' where there is no page and no feed."""

    name: str
    title: str
    summary: str
    picture: PictureFact | None
    url: str
    lang: str
    feed_url: str
    extra: dict[str, object]


class ListHead(Group, frozen=True, kw_only=True):
    """One page of a list: `of` is the section, tag or series, `number` counts pages from 1."""

    title: str
    url: str
    lang: str
    of: Ref
    what: str  # section, tag, series
    number: int
    pages: int
    previous_url: str
    next_url: str
    total: int


class ListItems(Group, frozen=True, kw_only=True):
    items: tuple[Ref, ...]


class LabelHead(Group, frozen=True, kw_only=True):
    """A tag or a series."""

    name: str
    url: str
    lang: str


class LabelTotal(Group, frozen=True, kw_only=True):
    """How many articles have a tag or stand in a series: apart, for every page that names a tag reads its head."""

    total: int


class HomeRows(Group, frozen=True, kw_only=True):
    latest: tuple[Ref, ...]
    rows: tuple[SectionRow, ...]
    makers: tuple[Ref, ...]


class FeedGroup(Group, frozen=True, kw_only=True):
    """A feed. `updated` is the newest date of its items (never the time of the build)."""

    title: str
    lang: str
    page_url: str
    atom_url: str
    json_url: str
    updated: str
    entries: tuple[FeedItem, ...]


class MenuGroup(Group, frozen=True, kw_only=True):
    entries: tuple[MenuEntry, ...]


class ImageGroup(Group, frozen=True, kw_only=True):
    url: str
    width: int
    height: int


class UrlGroup(Group, frozen=True, kw_only=True):
    """A fingerprinted asset."""

    url: str


class ValueGroup(Group, frozen=True, kw_only=True):
    """One value of its own: a string, a theme's option, a setting of the site."""

    value: object


class DigestGroup(Group, frozen=True, kw_only=True):
    """A template and all it can reach, or a file that is copied."""

    digest: bytes


class DirectiveGroup(Group, frozen=True, kw_only=True):
    """A directive's declaration as far as a drawing depends on it; `params` are (name, type, typed default or None)."""

    forms: tuple[str, ...]
    plain: str
    styles: tuple[str, ...]
    params: tuple[tuple[str, str, object], ...]


class SitemapGroup(Group, frozen=True, kw_only=True):
    """One sitemap file: (url, last change or '', alternates)."""

    urls: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


class SitemapIndexGroup(Group, frozen=True, kw_only=True):
    """The sitemap that names the others, which are numbered from 1."""

    sitemaps: int


class RedirectsGroup(Group, frozen=True, kw_only=True):
    """Every alias: (from, to)."""

    redirects: tuple[tuple[str, str], ...]


class CatalogueGroup(Group, frozen=True, kw_only=True):
    """One product feed, ready to be written: rows of (field, text) as `commerce.catalogue` makes them."""

    target: str  # google, meta, openai
    title: str
    description: str
    url: str  # of the shop
    rows: tuple[tuple[tuple[str, str], ...], ...]


class LlmsGroup(Group, frozen=True, kw_only=True):
    """llms.txt: sections of (name, url, note)."""

    title: str
    description: str
    sections: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]


GROUPS: dict[str, tuple[type[Group], ...]] = {
    "article": (
        ArticleUrl,
        ArticleCard,
        ArticleHead,
        BodyGroup,
        ArticleAnchors,
        ArticleNeighbours,
        ArticleRelated,
        Translations,
        ArticleRelation,
    ),
    "product": (
        RecordUrl,
        RecordName,
        ProductCard,
        ProductOffers,
        Mentions,
        ProductDetail,
        BodyGroup,
        Translations,
        ProductRelation,
    ),
    "merchant": (RecordName, MerchantDetail),
    "maker": (RecordUrl, RecordName, MakerDetail, MakerProducts, BodyGroup, Translations),
    "person": (RecordUrl, RecordName, PersonDetail, PersonFeed, BodyGroup, Translations),
    "category": (CategoryDetail,),
    "section": (SectionHead, BodyGroup, Translations, ArticleAnchors),
    "tag": (LabelHead, Translations, LabelTotal),
    "series": (LabelHead, Translations, LabelTotal),
    "list": (ListHead, ListItems),
    "home": (HomeRows,),
    "feed": (FeedGroup,),
    "menu": (MenuGroup,),
    "image": (ImageGroup,),
    "asset": (UrlGroup,),
    "site": (ValueGroup,),
    "option": (ValueGroup,),
    "string": (ValueGroup,),
    "template": (DigestGroup,),
    "directive": (DirectiveGroup,),
    "theme": (ValueGroup,),
    "file": (DigestGroup,),
    "sitemap": (SitemapGroup,),
    "sitemaps": (SitemapIndexGroup,),
    "redirects": (RedirectsGroup,),
    "catalogue": (CatalogueGroup,),
    "llms": (LlmsGroup,),
    "outputs": (ValueGroup,),
    "check": (DigestGroup,),  # what the reading of a finished page goes by, beside the page and its facts
}


def group_index(kind: str, group: type[Group]) -> int:
    """Return a group's index among those of its kind."""
    return GROUPS[kind].index(group)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Every fact of a build: owner → its groups, in the order of `GROUPS`. Complete before the first page is drawn."""

    groups: Mapping[str, Sequence[Group]]
