"""Things of schema.org as far as ccgen states them, typed; knows no page, no fact and no rule of who may say what.

Encoded by msgspec, a thing is JSON-LD: `@type` first, `id` as `@id`, names in camel case, nothing where a field is empty.
Amounts and ratings are decimal text, exact; dates are ISO 8601; every URL is absolute; words are plain text, not HTML.
"""

from __future__ import annotations

from functools import cache

import msgspec

__all__ = [
    "AggregateOffer",
    "Article",
    "BlogPosting",
    "Brand",
    "BreadcrumbList",
    "CollectionPage",
    "Document",
    "ImageObject",
    "ItemList",
    "ItemPage",
    "ListItem",
    "MerchantReturnPolicy",
    "Offer",
    "Organization",
    "Person",
    "PriceSpecification",
    "Product",
    "ProfilePage",
    "Rating",
    "Reference",
    "Review",
    "Thing",
    "VideoObject",
    "WebPage",
    "WebSite",
    "encode",
]

_VOCABULARY = "https://schema.org"


@cache
def _key(field: str) -> str:
    if field == "id":
        return "@id"
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


class Reference(msgspec.Struct, frozen=True, rename=_key):
    """Another thing, by the id that it has in its own place."""

    id: str


class Thing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename=_key, tag_field="@type", tag=True):
    """Base of all; a type's name is its class's."""

    id: str = ""
    name: str = ""
    url: str = ""
    description: str = ""
    same_as: tuple[str, ...] = ()


class ImageObject(Thing, frozen=True, kw_only=True):
    """A picture; width and height in pixels, 0 = unknown."""

    width: int = 0
    height: int = 0
    caption: str = ""


class MerchantReturnPolicy(Thing, frozen=True, kw_only=True):
    """What happens to goods that come back: a page in words, for days and fees are in no record."""

    merchant_return_link: str = ""


class Organization(Thing, frozen=True, kw_only=True):
    email: str = ""
    has_merchant_return_policy: MerchantReturnPolicy | None = None
    parent_organization: Reference | None = None


class Person(Thing, frozen=True, kw_only=True):
    image: ImageObject | None = None


class Brand(Thing, frozen=True, kw_only=True):
    image: ImageObject | None = None


class WebSite(Thing, frozen=True, kw_only=True):
    in_language: str = ""
    publisher: Reference | None = None


class ListItem(Thing, frozen=True, kw_only=True):
    """An entry; positions count from 1."""

    position: int
    item: str = ""


class ItemList(Thing, frozen=True, kw_only=True):
    item_list_element: tuple[ListItem, ...]


class BreadcrumbList(Thing, frozen=True, kw_only=True):
    item_list_element: tuple[ListItem, ...]


class WebPage(Thing, frozen=True, kw_only=True):
    in_language: str = ""
    is_part_of: Reference | None = None
    date_modified: str = ""
    image: tuple[ImageObject, ...] = ()
    main_entity: Reference | None = None


class ItemPage(WebPage, frozen=True, kw_only=True):
    """A page about a product of which nothing can be stated that search asks for."""


class CollectionPage(WebPage, frozen=True, kw_only=True):
    """A page of a list."""


class ProfilePage(WebPage, frozen=True, kw_only=True):
    """A person's page."""


class Rating(Thing, frozen=True, kw_only=True):
    rating_value: str
    best_rating: str
    worst_rating: str


class Article(Thing, frozen=True, kw_only=True):
    """What was written; an author is a person, or the publisher where nobody is named."""

    headline: str = ""
    in_language: str = ""
    date_published: str = ""
    date_modified: str = ""
    author: tuple[Reference, ...] = ()
    publisher: Reference | None = None
    is_part_of: Reference | None = None
    image: tuple[ImageObject, ...] = ()
    main_entity: Reference | None = None


class BlogPosting(Article, frozen=True, kw_only=True):
    """A note."""


class Review(Article, frozen=True, kw_only=True):
    item_reviewed: Reference
    review_rating: Rating | None = None
    positive_notes: ItemList | None = None
    negative_notes: ItemList | None = None


class PriceSpecification(Thing, frozen=True, kw_only=True):
    """A price that is at least so much; `price` says the same for readers that know nothing else."""

    price: str
    min_price: str
    price_currency: str


class Offer(Thing, frozen=True, kw_only=True):
    """One way to buy. Exactly one of `price` with `price_currency`, and `price_specification`, is given."""

    price: str = ""
    price_currency: str = ""
    price_specification: PriceSpecification | None = None
    price_valid_until: str = ""
    availability: str = ""
    item_condition: str = ""
    seller: Organization | None = None
    has_merchant_return_policy: MerchantReturnPolicy | Reference | None = None


class AggregateOffer(Thing, frozen=True, kw_only=True):
    """What several merchants ask, all in one currency."""

    low_price: str
    high_price: str = ""  # unknown where one of the prices is only a least one
    price_currency: str
    offer_count: int
    offers: tuple[Offer, ...]


class Product(Thing, frozen=True, kw_only=True):
    image: tuple[ImageObject, ...] = ()
    brand: Brand | None = None
    category: str = ""
    gtin: str = ""
    mpn: str = ""
    sku: str = ""
    review: Reference | None = None
    offers: Offer | tuple[Offer, ...] | AggregateOffer | None = None


class VideoObject(Thing, frozen=True, kw_only=True):
    thumbnail_url: str
    upload_date: str
    content_url: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True, rename={"context": "@context", "graph": "@graph"}):
    """All that one page states; things already encoded may stand among the others."""

    context: str = _VOCABULARY
    graph: tuple[Thing | msgspec.Raw, ...]


_ENCODE = msgspec.json.Encoder().encode
# In a script element `<` could end it or hide what follows; the two separators end a line in older JavaScript.
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def encode(document: Document) -> str:
    """Return a document as JSON that may stand in a script element: it parses to the same text, whatever the text is."""
    text = _ENCODE(document).decode()
    for character, escape in _ESCAPED.items():
        text = text.replace(character, escape)
    return text
