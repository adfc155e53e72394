"""ccgen.yaml as written, one struct for each block; knows no default that depends on another key.

`config.read_config` checks what one key alone cannot say and makes a `Config` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import msgspec

from ccgen.model.limits import Limits
from ccgen.model.records import Record
from ccgen.model.values import (
    CountryCode,
    CurrencyCode,
    Id,
    LanguageTag,
    Line,
    PathRef,
    PositiveInt,
    Url,
    When,
    Word,
)

__all__ = [
    "BUILT_IN_SECTIONS",
    "Kind",
    "MenuItem",
    "SectionSettings",
    "SellerSettings",
    "Settings",
    "SiteSettings",
    "Waiver",
]

Kind = Literal["review", "story", "guide", "note", "page"]


class SiteSettings(Record, frozen=True, kw_only=True):
    """`site:`. Title and description may be given by language: `title@zh-CN`."""

    title: Line
    url: Url
    language: LanguageTag
    languages: tuple[LanguageTag, ...] = ()
    timezone: Word = "UTC"
    currency: CurrencyCode | None = None
    description: Line | None = None
    author: Id | None = None
    rating_scale: PositiveInt = 5


class SellerSettings(Record, frozen=True, kw_only=True):
    """`seller:`. Needed when a merchant is `ours` or `stall`: who answers after the sale."""

    name: Line
    contact: Word
    country: CountryCode | None = None
    returns: PathRef | None = None
    shipping: PathRef | None = None


class ThemeSettings(Record, frozen=True, kw_only=True):
    """`theme:`. A bare text is read as `name`."""

    SHORTHAND: ClassVar[str] = "name"

    name: Word = "plain"
    options: dict[str, object] = msgspec.field(default_factory=dict)


class MenuItem(Record, frozen=True, kw_only=True):
    """One entry of `menu:`: a section (`reviews/`), an article's source path, a site URL or an absolute URL."""

    SHORTHAND: ClassVar[str] = "to"

    to: Word
    label: Line | None = None


class SectionSettings(Record, frozen=True, kw_only=True):
    """One entry of `sections:`. `kind` is needed except for the sections that every site has."""

    kind: Kind | None = None
    title: Line | None = None
    per_page: PositiveInt = 20


class MarkdownSettings(Record, frozen=True, kw_only=True):
    """`markdown:`."""

    engine: Literal["markdown", "commonmark"] = "markdown"
    extensions: tuple[Word, ...] = ()


class OfferSettings(Record, frozen=True, kw_only=True):
    """`offers:`. The order in which a product's offers stand; never by commission."""

    order: tuple[Literal["ours", "in_stock", "price", "as_written"], ...] = ("ours", "in_stock", "price")


class Waiver(Record, frozen=True, kw_only=True):
    """A finding that the owner accepts, and why."""

    rule: Word
    at: Word
    reason: Line


class CheckSettings(Record, frozen=True, kw_only=True):
    """`check:`."""

    profiles: tuple[Word, ...] = ("google", "eu")
    severity: dict[str, Literal["error", "warning", "info", "off"]] = msgspec.field(default_factory=dict)
    waive: tuple[Waiver, ...] = ()


class FeedSettings(Record, frozen=True, kw_only=True):
    """`feeds:`."""

    items: PositiveInt = 20


class OutputSettings(Record, frozen=True, kw_only=True):
    """`outputs:`."""

    markdown: bool = False
    llms: bool = False
    google: bool = False
    meta: bool = False
    openai: bool = False


BUILT_IN_SECTIONS: Mapping[str, Kind] = {
    "reviews": "review",
    "stories": "story",
    "guides": "guide",
    "notes": "note",
    "pages": "page",
}


class Settings(Record, frozen=True, kw_only=True):
    """ccgen.yaml as written."""

    site: SiteSettings
    seller: SellerSettings | None = None
    theme: ThemeSettings = ThemeSettings()
    menu: tuple[MenuItem, ...] = ()
    urls: dict[str, Annotated[str, msgspec.Meta(extra={"kind": "pattern"})]] = msgspec.field(default_factory=dict)
    sections: dict[str, SectionSettings] = msgspec.field(default_factory=dict)
    markdown: MarkdownSettings = MarkdownSettings()
    offers: OfferSettings = OfferSettings()
    check: CheckSettings = CheckSettings()
    feeds: FeedSettings = FeedSettings()
    outputs: OutputSettings = OutputSettings()
    limits: Limits = Limits()
    clock: When | None = None
    # types of free keys, beside those of theme.yaml
    extra: dict[str, Word] = msgspec.field(default_factory=dict)
