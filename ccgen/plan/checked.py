"""What finished pages are read by, beside their own facts: who sells, which words tell it, which rules count; knows no page."""

from __future__ import annotations

import msgspec

from ccgen.model.facts import DigestGroup
from ccgen.model.site import Seller
from ccgen.model.source import digest_of
from ccgen.plan.index import Index
from ccgen.plan.merchants import seller_of
from ccgen.plan.strings import strings_in

__all__ = ["check_group", "sellers_of"]

_WORDS = ("disclosure_", "interest_", "mark_", "stock_", "was_claim")


def sellers_of(index: Index) -> tuple[Seller, ...]:
    """Return every merchant as a finished page can tell it, by id."""
    default = index.config.language
    return tuple(seller_of(entry) for (_, lang), entry in sorted(index.loaded.merchants.items()) if lang == default)


def check_group(index: Index, sellers: tuple[Seller, ...]) -> DigestGroup:
    """Return the fact that every page reads which is checked: a page is looked at anew when one of these changes."""
    words = {
        f"{lang} {key}": text
        for lang in index.config.languages
        for key, text in strings_in(index.loaded.theme, lang).items()
        if key.startswith(_WORDS)
    }
    encode = msgspec.msgpack.Encoder(order="deterministic").encode
    return DigestGroup(digest=digest_of(encode((index.config.settings.check, sellers, words))))
