"""What a product brings to every page that shows it or may lead to it, decided once; knows no page.

Many articles show the same few products, which are sold at the same few shops: what follows from these is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ccgen.commerce.disclosure import amazon_sentences
from ccgen.commerce.relation import role_relation
from ccgen.model.parts import Offer, Ref, owner_parts
from ccgen.plan.index import Index
from ccgen.plan.offers import Offers
from ccgen.plan.related import Trait

__all__ = ["Sales", "Sold", "Trade", "trade_in", "united"]


class Trade(NamedTuple):
    """The shops to which some offers lead, the relations that their roles alone make, the sentences that Amazon asks for."""

    merchants: tuple[Ref, ...]
    relations: frozenset[str]
    amazon: frozenset[str]


class Sold(NamedTuple):
    """A product in one language, as far as it matters where it is shown. `offers` are in their order."""

    id: str
    offers: tuple[Offer, ...]
    trade: Trade  # in its offers; one object for all products that have the same
    made: bool  # its maker is ourselves
    traits: tuple[Trait, ...]  # what an article is about that shows it: itself and its maker


class Sales:
    """Every product as `Sold`, by the owner of its facts. Offers are made already."""

    def __init__(self, index: Index, offers: Offers) -> None:
        self._index, self._offers = index, offers
        self._known: dict[str, Sold] = {}
        self._trades: dict[Trade, Trade] = {}
        self._united: dict[frozenset[int], Trade] = {}  # by the numbers of objects in `_trades`

    def of(self, product: Ref) -> Sold:
        """Return what a product brings; one that is not there brings nothing but its id."""
        found = self._known.get(product.owner)
        if found is None:
            found = self._known[product.owner] = self._made(product.owner)
        return found

    def trade(self, products: Iterable[Ref]) -> Trade:
        """Return the trade in some products together, its shops in order."""
        several = [self.of(one).trade for one in products]
        key = frozenset(map(id, several))
        found = self._united.get(key)
        if found is None:
            found = self._united[key] = united(several)
        return found

    def _made(self, owner: str) -> Sold:
        _, lang, ident = owner_parts(owner)
        loaded, index = self._index.loaded, self._index
        entry = loaded.products.get((ident, lang))
        maker = loaded.makers.get((entry.record.maker or "", lang)) if entry else None
        offers = self._offers.all.get(owner, ())
        trade = trade_in(offers, index)
        traits = [Trait("product", ident, entry.record.name)] if entry else []
        traits += [Trait("maker", maker.id, maker.record.name)] if maker else []
        return Sold(
            id=ident,
            offers=offers,
            trade=self._trades.setdefault(trade, trade),
            made=maker is not None and maker.record.ours,
            traits=tuple(traits),
        )


def trade_in(offers: Sequence[Offer], index: Index) -> Trade:
    """Return the trade in some offers, its shops as they come."""
    return Trade(
        merchants=tuple(dict.fromkeys([offer.merchant for offer in offers])),
        relations=frozenset([role_relation(offer.role) for offer in offers]),
        amazon=frozenset(amazon_sentences([offer for offer in offers if index.is_amazon(offer.merchant)])),
    )


def united(several: Sequence[Trade]) -> Trade:
    """Return one trade for several, its shops in the order of their owners."""
    merchants = {merchant for one in several for merchant in one.merchants}
    return Trade(
        merchants=tuple(sorted(merchants, key=lambda one: one.owner)),
        relations=frozenset().union(*[one.relations for one in several]),
        amazon=frozenset().union(*[one.amazon for one in several]),
    )
