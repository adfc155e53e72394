"""What a product brings to every page that shows it or may lead to it, decided once; knows no page.

Many articles show the same few products: what follows from a product alone is worked out here and united there.
"""

from __future__ import annotations

from typing import NamedTuple

from ccgen.commerce.disclosure import amazon_sentences
from ccgen.commerce.relation import role_relation
from ccgen.model.parts import Offer, Ref, owner_parts
from ccgen.plan.index import Index
from ccgen.plan.offers import Offers
from ccgen.plan.related import Trait

__all__ = ["Sales", "Sold"]


class Sold(NamedTuple):
    """A product in one language, as far as it matters where it is shown. `offers` are in their order."""

    id: str
    offers: tuple[Offer, ...]
    merchants: dict[str, Ref]  # of its offers, in their order, by owner
    relations: frozenset[str]  # that their roles alone make
    amazon: frozenset[str]  # the sentences that its offers there ask for
    made: bool  # its maker is ourselves
    traits: tuple[Trait, ...]  # what an article is about that shows it: itself and its maker


class Sales:
    """Every product as `Sold`, by the owner of its facts. Offers are made already."""

    def __init__(self, index: Index, offers: Offers) -> None:
        self._index, self._offers = index, offers
        self._known: dict[str, Sold] = {}

    def of(self, product: Ref) -> Sold:
        """Return what a product brings; one that is not there brings nothing but its id."""
        found = self._known.get(product.owner)
        if found is None:
            found = self._known[product.owner] = self._made(product.owner)
        return found

    def _made(self, owner: str) -> Sold:
        _, lang, ident = owner_parts(owner)
        loaded, index = self._index.loaded, self._index
        entry = loaded.products.get((ident, lang))
        maker = loaded.makers.get((entry.record.maker or "", lang)) if entry else None
        offers = self._offers.all.get(owner, ())
        traits = [Trait("product", ident, entry.record.name)] if entry else []
        traits += [Trait("maker", maker.id, maker.record.name)] if maker else []
        return Sold(
            id=ident,
            offers=offers,
            merchants={offer.merchant.owner: offer.merchant for offer in offers},
            relations=frozenset([role_relation(offer.role) for offer in offers]),
            amazon=frozenset(amazon_sentences([offer for offer in offers if index.is_amazon(offer.merchant)])),
            made=maker is not None and maker.record.ours,
            traits=tuple(traits),
        )
