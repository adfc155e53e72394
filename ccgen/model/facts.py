"""What pages are made from: frozen values after every rule, in groups; nothing here depends on who reads it.

An *owner* (`article:en:reviews/kettle`) has one struct for each group of its kind. A page notes the groups it reads;
a fact is its msgpack bytes and its digest theirs, so no input can be forgotten and nothing needs an invalidation rule.
Templates see these fields through one generic view, by the names below: they are the theme contract (version 1).
Field names are unique among the groups of one kind. A `Ref` in a field is another owner, seen through a view of its own.
"""

from __future__ import annotations

import msgspec

from ccgen.model.records import Availability

__all__ = [
    "GROUPS",
    "GROUP_LIMIT",
    "CallFact",
    "Facts",
    "Group",
    "Heading",
    "LinkBase",
    "Offer",
    "Price",
    "Ref",
    "TargetFact",
    "Translation",
    "group_index",
    "owner_kind",
]

GROUP_LIMIT = 16  # a key's number is its owner's × GROUP_LIMIT + the group's index


class Fact(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Base of every value in a group."""


class Group(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Base of every group."""


class Ref(msgspec.Struct, frozen=True, array_like=True):
    """Another owner."""

    owner: str


# --- values ------------------------------------------------------------------------------------------------------


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
    """A higher price seen earlier at the same offer, an ISO date beside it."""

    price: Price
    seen: str


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
    note: str = ""
    was: WasPrice | None = None
    base: LinkBase


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
    """One criterion of a rating."""

    name: str
    value: str


class SpecFact(Fact, frozen=True, kw_only=True):
    """One spec with its category's words."""

    key: str
    label: str
    value: str
    unit: str = ""
    better: str = ""


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


class FeedItem(Fact, frozen=True, kw_only=True):
    """One entry of a feed; `guid` never changes with the URL of the site."""

    article: Ref
    guid: str


# --- groups ------------------------------------------------------------------------------------------------------


class ArticleUrl(Group, frozen=True, kw_only=True):
    url: str
    lang: str
    kind: str
    section: Ref
    unlisted: bool = False


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
    related: tuple[RelatedFact, ...]


class Translations(Group, frozen=True, kw_only=True):
    translations: tuple[Translation, ...]


class ArticleRelation(Group, frozen=True, kw_only=True):
    """`ties` are what the article itself adds, (product id or '' for all, relation); `relations` all that apply."""

    ties: tuple[tuple[str, str], ...]
    relations: tuple[str, ...]
    merchants: tuple[Ref, ...]


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
    extra: dict[str, object]


class MerchantDetail(Group, frozen=True, kw_only=True):
    site: str
    role: str


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
    """A section's words; the home page is section ''. `feed_url` is '' where there is no feed."""

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


class SitemapGroup(Group, frozen=True, kw_only=True):
    """One sitemap file: (url, last change or '', alternates)."""

    urls: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


class RedirectsGroup(Group, frozen=True, kw_only=True):
    """Every alias: (from, to)."""

    redirects: tuple[tuple[str, str], ...]


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
    ),
    "merchant": (RecordName, MerchantDetail),
    "maker": (RecordUrl, RecordName, MakerDetail, MakerProducts, BodyGroup, Translations),
    "person": (RecordUrl, RecordName, PersonDetail, PersonFeed, BodyGroup, Translations),
    "category": (CategoryDetail,),
    "section": (SectionHead, BodyGroup, Translations, ArticleAnchors),
    "tag": (LabelHead, Translations),
    "series": (LabelHead, Translations),
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
    "directive": (ValueGroup,),
    "theme": (ValueGroup,),
    "file": (DigestGroup,),
    "sitemap": (SitemapGroup,),
    "redirects": (RedirectsGroup,),
}


def owner_kind(owner: str) -> str:
    """Return the kind that an owner's name begins with."""
    return owner.partition(":")[0]


def group_index(kind: str, group: type[Group]) -> int:
    """Return a group's index among those of its kind."""
    return GROUPS[kind].index(group)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Every fact of a build: owner → its groups, in the order of `GROUPS`. Complete before the first page is drawn."""

    groups: dict[str, tuple[Group, ...]]
