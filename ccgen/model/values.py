"""The kinds of text that fields hold, as annotations that readers and schemas share; knows no record.

A field's Python type says its shape; the kind says how its text is read and checked. Text stays text: `Money` and
`When` are typed by `commerce` and `plan`, references are resolved by `plan`.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

__all__ = [
    "Choice",
    "CountryCode",
    "CurrencyCode",
    "Duration",
    "Host",
    "Id",
    "Inline",
    "LanguageTag",
    "Line",
    "Money",
    "PathRef",
    "PositiveInt",
    "Rating",
    "Slug",
    "Url",
    "When",
    "Word",
    "kind_of",
]


def _kind(name: str, doc: str, **more: object) -> msgspec.Meta:
    return msgspec.Meta(description=doc, extra={"kind": name, **more})


# A *word* is what a translation may give; everything else is inherited from the default language.
Line = Annotated[str, _kind("line", "Plain text on one line.", word=True)]
Inline = Annotated[str, _kind("inline", "Inline Markdown.", word=True)]
Word = Annotated[str, _kind("line", "Plain text on one line, the same in every language.")]
Id = Annotated[str, _kind("id", "A record's id: its file's stem.")]
Slug = Annotated[str, _kind("slug", "The last part of the URL.")]
Money = Annotated[str, _kind("money", "An exact amount, e.g. 165.00 USD, or `from 1280 CNY`.")]
When = Annotated[str, _kind("when", "A date or instant: 2026-11-27, 2026-11-27 06:00, with a zone if not the site's.")]
Duration = Annotated[str, _kind("duration", "A duration: 7 days, 36 hours.")]
Url = Annotated[str, _kind("url", "An absolute https or http URL.")]
Host = Annotated[str, _kind("host", "A host name.")]
PathRef = Annotated[str, _kind("path", "A path to an article's source below content/, or a picture beside the file.")]
LanguageTag = Annotated[str, _kind("language", "A BCP 47 language tag: en, zh-CN.")]
CurrencyCode = Annotated[str, _kind("currency", "An ISO 4217 currency code: USD, CNY.")]
CountryCode = Annotated[str, _kind("country", "An ISO 3166 country code: US, CN.")]
Rating = Annotated[str, _kind("number", "A plain decimal number, not negative.")]
Choice = Annotated[str, _kind("line", "A name of the author's own.")]
PositiveInt = Annotated[int, msgspec.Meta(ge=1, extra={"kind": "int"})]


def kind_of(annotation: object) -> str:
    """Return the kind of an annotated type made here, '' for any other."""
    for meta in getattr(annotation, "__metadata__", ()):
        if isinstance(meta, msgspec.Meta) and meta.extra:
            return str(meta.extra.get("kind", ""))
    return ""
