"""What each product feed must hold, as dated data: fields, lengths, words for availability; knows no product.

A target's field takes one `value` of an item (see `commerce.catalogue`). `most` counts characters, 0 where the source
names no limit. A change of a channel's rules is a change here, with a new `reviewed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ccgen.model.records import Availability

__all__ = ["TARGETS", "Field", "Target", "TargetName"]

TargetName = Literal["google", "meta", "openai"]
Words = Mapping[Availability, str]


class Field(NamedTuple):
    """One column: its name there, the item's value it takes, whether it must be there, and what it may hold."""

    name: str
    value: str
    required: bool = False
    most: int = 0
    choices: tuple[str, ...] = ()
    several: int = 0  # how many values may stand in it, 0 for one


class Target(NamedTuple):
    """A channel. `availability` gives its word for ours; one without a word cannot be in its feed.

    `identified` are values of which one at least must be there; `placeholders` says that an optional field must be left
    out rather than say that nothing is known.
    """

    title: str
    form: Literal["rss", "csv"]
    reviewed: str
    sources: tuple[str, ...]
    fields: tuple[Field, ...]
    availability: Words
    identified: tuple[str, ...] = ()
    placeholders: bool = False


_FLAGS = ("true", "false")
_CONDITIONS = ("new", "refurbished", "used")

# What is made when it is ordered can be ordered now and is sent later, so it is on back order. It is not preorder, which
# means that nobody can have it before a date.
_GOOGLE_WORDS: Words = {
    "in_stock": "in_stock",
    "limited": "in_stock",
    "preorder": "preorder",
    "backorder": "backorder",
    "made_to_order": "backorder",
    "out_of_stock": "out_of_stock",
}
_META_WORDS: Words = {
    "in_stock": "in stock",
    "limited": "in stock",
    "preorder": "preorder",
    "backorder": "available for order",
    "made_to_order": "available for order",
    "out_of_stock": "out of stock",
}
_OPENAI_WORDS: Words = {
    "in_stock": "in_stock",
    "limited": "in_stock",
    "preorder": "pre_order",
    "backorder": "backorder",
    "made_to_order": "backorder",
    "out_of_stock": "out_of_stock",
    "unknown": "unknown",
}


def _words(words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.values()))


TARGETS: Mapping[TargetName, Target] = {
    "google": Target(
        title="Google Merchant Center",
        form="rss",
        reviewed="2026-11-20",
        sources=("https://support.google.com/merchants/answer/7052112",),
        fields=(
            Field("id", "id", required=True, most=50),
            Field("title", "title", required=True, most=150),
            Field("description", "description", required=True, most=5000),
            Field("link", "url", required=True),
            Field("image_link", "image", required=True),
            Field("additional_image_link", "more_images", several=10),
            Field("availability", "availability", required=True, choices=_words(_GOOGLE_WORDS)),
            Field("availability_date", "available_from", most=25),
            Field("price", "price", required=True),
            Field("condition", "condition", choices=_CONDITIONS),
            Field("brand", "brand", most=70),
            Field("gtin", "gtin", most=14),
            Field("mpn", "mpn", most=70),
            Field("identifier_exists", "identified", choices=("yes", "no")),
            Field("product_type", "category", most=750),
            Field("unit_pricing_measure", "measure"),
        ),
        availability=_GOOGLE_WORDS,
    ),
    "meta": Target(
        title="Meta catalogue",
        form="csv",
        reviewed="2026-11-20",
        sources=("https://developers.facebook.com/documentation/ads-commerce/catalog/reference",),
        fields=(
            Field("id", "id", required=True),
            Field("title", "title", required=True),
            Field("description", "description", required=True),
            Field("availability", "availability", required=True, choices=_words(_META_WORDS)),
            Field("condition", "condition", required=True, choices=_CONDITIONS),
            Field("price", "price", required=True),
            Field("link", "url", required=True),
            Field("image_link", "image", required=True),
            Field("additional_image_link", "more_images", several=10),
            Field("brand", "brand"),
            Field("gtin", "gtin"),
            Field("mpn", "mpn"),
            Field("product_type", "category"),
        ),
        availability=_META_WORDS,
        identified=("brand", "mpn", "gtin"),
    ),
    "openai": Target(
        title="OpenAI product feed",
        form="csv",
        reviewed="2026-11-20",
        sources=("https://developers.openai.com/commerce/specs/file-upload/products",),
        fields=(
            Field("is_eligible_search", "searchable", choices=_FLAGS),
            Field("is_eligible_checkout", "checkout", choices=_FLAGS),
            Field("item_id", "id", required=True, most=100),
            Field("title", "title", required=True, most=150),
            Field("description", "description", required=True, most=5000),
            Field("url", "url", required=True),
            Field("brand", "brand", required=True, most=70),
            Field("seller_name", "seller_name", required=True, most=70),
            Field("image_url", "image", required=True),
            Field("additional_image_urls", "more_images", several=10),
            Field("availability", "availability", required=True, choices=_words(_OPENAI_WORDS)),
            Field("availability_date", "available_from"),
            Field("price", "price", required=True),
            Field("condition", "condition", choices=_CONDITIONS),
            Field("gtin", "gtin"),
            Field("mpn", "mpn"),
            Field("product_category", "category"),
            Field("seller_url", "seller_url"),
            Field("return_policy", "returns_url"),
            Field("target_countries", "ships_to", several=300),
            Field("store_country", "seller_country"),
        ),
        availability=_OPENAI_WORDS,
        placeholders=True,
    ),
}
