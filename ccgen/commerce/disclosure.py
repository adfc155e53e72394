"""Which sentences a page owes its readers: who pays, what was free, what is our own; pure, knows no page and no words.

A sentence has a name; a theme's string `disclosure_NAME` is its words, and only the words can be chosen. What a reader must
know before a link stands first.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ccgen.model.parts import InterestFact, Offer

__all__ = [
    "SENTENCES",
    "amazon_sentences",
    "article_sentences",
    "in_order",
    "link_sentences",
    "product_sentences",
    "to_declare",
]

# In the order in which they stand. Those of a product's page speak of that product, not of "this article".
SENTENCES = (
    *("sponsored", "sponsored_product", "affiliate", "amazon", "amazon_price"),
    *("gift", "gift_product", "loan", "loan_product"),
    *("stall", "own", "made", "made_product"),
)
# Ties that no relation of a link tells: each has its own sentence, `interest_HOW`, with the name of whom it is with.
_TOLD_BY_NAME = frozenset({"employed", "family", "travel", "other"})
_OF_LINKS = frozenset({"affiliate", "stall", "own"})
_OF_REVIEWS = ("sponsored", "gift", "loan")


def amazon_sentences(offers: Iterable[Offer]) -> tuple[str, ...]:
    """Return what the terms of Amazon's programme ask for, of these offers there; one with a price may be shown with it."""
    priced = [offer.price is not None for offer in offers]
    return (*(("amazon",) if priced else ()), *(("amazon_price",) if any(priced) else ()))


def link_sentences(relations: Iterable[str]) -> tuple[str, ...]:
    """Return what links with these relations ask for."""
    return in_order(set(relations) & set(SENTENCES))


@cache
def article_sentences(relations: frozenset[str], amazon: frozenset[str], *, made: bool) -> tuple[str, ...]:
    """Return the sentences of an article: `amazon` are those that its links there ask for.

    `made`: one of the products it shows is of our own making.
    """
    found = {*link_sentences(relations), *amazon}
    return in_order(found | ({"made"} if made and not found & {"own", "stall"} else set()))


def product_sentences(
    relations: Iterable[str], reviewed: Iterable[str], amazon: Iterable[str], *, made: bool
) -> tuple[str, ...]:
    """Return the sentences of a product's page: `relations` of its offers, and those of the article that `reviewed` it.

    `amazon` are the sentences that its offers there ask for.
    """
    found = {*link_sentences(set(relations) & _OF_LINKS), *amazon}
    told = set(reviewed)
    found |= {f"{one}_product" for one in _OF_REVIEWS if one in told}
    return in_order(found | ({"made_product"} if made and not found & {"own", "stall"} else set()))


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return sentences in the order in which they stand."""
    owed = set(names)
    return tuple([one for one in SENTENCES if one in owed])


def to_declare(interests: Iterable[InterestFact]) -> tuple[InterestFact, ...]:
    """Return the declared ties that need a sentence of their own, each once."""
    return tuple(dict.fromkeys(one for one in interests if one.how in _TOLD_BY_NAME))
