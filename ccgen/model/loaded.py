"""What `load` hands to `plan`: everything that could be read and typed, with nothing resolved yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

import msgspec

from ccgen.errors import At, Problem
from ccgen.model.body import Outline
from ccgen.model.health import LinkHealth
from ccgen.model.ledger import PriceRow
from ccgen.model.records import (
    ArticleMeta,
    CategoryRecord,
    MakerRecord,
    MerchantRecord,
    PersonRecord,
    ProductRecord,
    SectionMeta,
)
from ccgen.model.theme import Theme

__all__ = ["Article", "Entry", "FileInfo", "Loaded", "SectionText"]

R = TypeVar("R")


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article in one language. `id` is its source path below content/ without language and ending, a bundle's
    without `/index`: `reviews/kettle`. A translation's `meta` is complete: its own words, everything else inherited.
    """

    id: str
    path: str  # its source: content/reviews/kettle.zh-CN.md
    folder: str  # where relative paths begin: content/reviews, a bundle's own folder
    bundle: bool
    section: str
    kind: str
    lang: str
    meta: ArticleMeta
    body: Outline
    digest: bytes  # of the whole body's bytes, by which it is held (`model.bodies`); b"" where there is none
    # Word fields that a translation lacks (`title`, `evidence.summary`; `body` for the prose), shown in the default language.
    fallback: frozenset[str] = frozenset()
    face: bytes = b""  # see `model.face`

    def at(self, field: str = "", *, on_key: bool = False) -> At:
        """Return the place of a field in the article's own file."""
        return At(path=self.path, field=field, on_key=on_key)


class Entry(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """One record in one language; as with `Article`, a translation's `record` is complete.

    `path` and `field` say where it was written (`field` is `[12]` for row 12 of a CSV, '' for a file of its own).
    """

    id: str
    path: str
    field: str
    folder: str
    bundle: bool
    lang: str
    record: R
    body: Outline | None = None
    digest: bytes = b""
    fallback: frozenset[str] = frozenset()
    elsewhere: dict[str, tuple[str, str]] = {}  # fields from another file: `offers[2]` → (path, `[17]`), see offers.csv

    def at(self, field: str = "", *, on_key: bool = False) -> At:
        """Return the place of a field of `record`: in its file, in its row of a table, or where an offer was written."""
        for start, (path, place) in self.elsewhere.items():
            if field == start or field.startswith(f"{start}."):
                return At(path=path, field=place + field[len(start) :], on_key=on_key)
        joined = f"{self.field}.{field}" if self.field and field else self.field + field
        return At(path=self.path, field=joined, on_key=on_key)


class SectionText(msgspec.Struct, frozen=True, kw_only=True):
    """`_index.md`: a section's words, or the home page's (`section` is '')."""

    section: str
    path: str
    lang: str
    meta: SectionMeta
    body: Outline
    digest: bytes

    def at(self, field: str = "", *, on_key: bool = False) -> At:
        """Return the place of a field."""
        return At(path=self.path, field=field, on_key=on_key)


class FileInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is published as it is. `width` and `height` are in pixels, for pictures we know, else 0."""

    path: str  # inside the project: content/reviews/kettle/bench.jpg, static/favicon.svg
    file: str  # absolute
    digest: bytes
    size: int
    width: int = 0
    height: int = 0


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """All that could be loaded. Records that failed are named in `failed` (`products/yueya`), so that a reference to
    one is not a second problem. Keys of the record tables are (id, language); the default language is always there.
    """

    articles: tuple[Article, ...]
    products: Mapping[tuple[str, str], Entry[ProductRecord]]
    makers: Mapping[tuple[str, str], Entry[MakerRecord]]
    people: Mapping[tuple[str, str], Entry[PersonRecord]]
    merchants: Mapping[tuple[str, str], Entry[MerchantRecord]]
    categories: Mapping[tuple[str, str], Entry[CategoryRecord]]
    sections: tuple[SectionText, ...]
    files: Mapping[str, FileInfo]  # by path: bundles' files and static/
    theme: Theme
    failed: frozenset[str]
    problems: tuple[Problem, ...]
    ledger: Mapping[str, tuple[PriceRow, ...]] = {}  # data/prices.csv by offer, in the file's order
    health: Mapping[str, LinkHealth] = {}  # what the last `ccgen links check` found, by URL
