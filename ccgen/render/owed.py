"""What a page's block on who pays must say: what its facts say, and what follows from every purchase link on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.disclosure import amazon_sentences, in_order, link_sentences
from ccgen.commerce.relation import role_relation
from ccgen.model.facts import ArticleRelation, MerchantDetail, ProductRelation, group_index
from ccgen.model.parts import InterestFact, Offer, Ref, owner_kind
from ccgen.render.view import Scope

__all__ = ["Owed", "owed"]

_RELATION = {
    "article": group_index("article", ArticleRelation),
    "product": group_index("product", ProductRelation),
}
_DETAIL = group_index("merchant", MerchantDetail)


class Owed(NamedTuple):
    """`disclosed` are names of sentences, `declared` ties with a sentence each, `merchants` whom links lead to."""

    disclosed: tuple[str, ...] = ()
    declared: tuple[InterestFact, ...] = ()
    merchants: tuple[Ref, ...] = ()


def owed(scope: Scope, owner: str, offers: Iterable[Offer]) -> Owed:
    """Return what the page of an owner owes, when links to `offers` stand on it.

    Articles and products know what they may lead to; where a template leads elsewhere, and on every other page, the links
    themselves say it.
    """
    kind = owner_kind(owner)
    known = Owed()
    if kind in _RELATION:
        group: ArticleRelation | ProductRelation = scope.read(owner, _RELATION[kind])
        known = Owed(group.disclosed, group.declared, group.merchants)
    several, told = tuple(offers), set(known.merchants)
    roles = {offer.merchant: offer.role for offer in several if offer.merchant not in told}
    new = {merchant: role for merchant, role in roles.items() if role_relation(role) != "none"}
    amazon = [offer for offer in several if offer.role == "affiliate" and _is_amazon(scope, offer.merchant)]
    more = {*link_sentences(map(role_relation, new.values())), *amazon_sentences(amazon)}
    if not new and more <= set(known.disclosed):
        return known
    merchants = sorted((*known.merchants, *new), key=lambda ref: ref.owner)
    return known._replace(disclosed=in_order((*known.disclosed, *more)), merchants=tuple(merchants))


def _is_amazon(scope: Scope, merchant: Ref) -> bool:
    detail: MerchantDetail = scope.read(merchant.owner, _DETAIL)
    return is_amazon(detail.role, detail.network, detail.site)
