"""Declared ties of authors and articles, with the names of what they are with; knows no page."""

from __future__ import annotations

from collections.abc import Iterable

from ccgen.commerce.relation import article_ties
from ccgen.errors import At
from ccgen.model.loaded import Article
from ccgen.model.parts import InterestFact
from ccgen.model.records import GuideMeta, Interest, ReviewMeta
from ccgen.plan.index import Index

__all__ = ["interests_of", "ties_of"]


def interests_of(
    index: Index, interests: Iterable[Interest], lang: str, path: str, who: str = ""
) -> tuple[InterestFact, ...]:
    """Return declared ties with the names of what they are with; an unknown one is noted."""
    found = []
    for number, interest in enumerate(interests):
        kinds = ("maker", "merchant", "product")
        entry = next(
            (
                index.table(kind).get((interest.with_, lang))
                for kind in kinds
                if (interest.with_, lang) in index.table(kind)
            ),
            None,
        )
        if entry is None:
            index.unknown_tie(interest.with_, At(path=path, field=f"interests[{number}].with"))
        else:
            name: str = entry.record.name  # type: ignore[attr-defined]  # makers, merchants and products have names
            found.append(InterestFact(how=interest.how, name=name, note=interest.note or "", who=who))
    return tuple(found)


def ties_of(
    index: Index, article: Article, authors: Iterable[str], shown: set[str], sold_at: set[str]
) -> frozenset[tuple[str, str]]:
    """Return what an article adds to the relations of its links: (product, or '' for all, relation).

    Evidence ties the product it is about; a pick without evidence of its own has that of the product's review. A
    declared interest ties the products it is with; one with a merchant, and an advertisement, all of them. `shown` are
    the products of the article and `sold_at` the merchants, `authors` the people whose interests in these count.
    """
    meta = article.meta
    evidence = {meta.product: meta.evidence} if isinstance(meta, ReviewMeta) else {}
    for pick in meta.picks if isinstance(meta, GuideMeta) else ():
        review = index.review_of(pick.product, article.lang)
        known = pick.evidence or (review.meta.evidence if review and isinstance(review.meta, ReviewMeta) else None)
        evidence |= {pick.product: known} if known else {}
    ties = {(product, one) for product, known in evidence.items() for one in article_ties(known, ())}
    for interest in meta.interests:
        for relation in article_ties(None, (interest,)):
            products = {""} if relation == "sponsored" else _tied(index, interest, article.lang, shown, sold_at)
            ties |= {(product, relation) for product in products}
    for ident in authors:
        person = index.loaded.people.get((ident, article.lang))
        for interest in person.record.interests if person else ():
            products = _tied(index, interest, article.lang, shown, sold_at)
            ties |= {(product, relation) for relation in article_ties(None, (interest,)) for product in products}
    return frozenset(ties)


def _tied(index: Index, interest: Interest, lang: str, shown: set[str], sold_at: set[str]) -> set[str]:
    """Return the shown products that an interest is with: the product itself, or a maker's; '' for a merchant's."""
    if interest.with_ in sold_at:
        return {""}
    products = ((ident, index.loaded.products.get((ident, lang))) for ident in shown)
    return {ident for ident, entry in products if interest.with_ in {ident, entry.record.maker if entry else None}}
