"""Declared ties of authors and articles, with the names of what they are with; knows no page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ccgen.commerce.relation import article_ties
from ccgen.errors import At
from ccgen.model.loaded import Article
from ccgen.model.parts import InterestFact
from ccgen.model.records import GuideMeta, Interest, ReviewMeta
from ccgen.plan.index import Index

__all__ = ["AuthorTie", "Interests", "evidence_ties", "interests_of"]


class AuthorTie(NamedTuple):
    """An interest of one of an article's authors that counts there: `products` as `_tied` names them, never none."""

    name: str
    at: At
    interest: Interest
    products: set[str]


def interests_of(index: Index, interests: Iterable[Interest], lang: str, path: str) -> tuple[InterestFact, ...]:
    """Return declared ties with the names of what they are with; an unknown one is noted."""
    made = (
        _interest_fact(index, interest, lang, At(path=path, field=f"interests[{number}].with"))
        for number, interest in enumerate(interests)
    )
    return tuple(one for one in made if one is not None)


def _interest_fact(index: Index, interest: Interest, lang: str, at: At, who: str = "") -> InterestFact | None:
    """Return a tie with the name of what it is with, None, noted, where that is unknown; `who` has it, '' the article."""
    for kind in ("maker", "merchant", "product"):
        entry = index.table(kind).get((interest.with_, lang))
        if entry is not None:
            name: str = entry.record.name  # type: ignore[attr-defined]  # makers, merchants and products have names
            return InterestFact(how=interest.how, name=name, note=interest.note or "", who=who)
    index.unknown_tie(interest.with_, at)
    return None


def evidence_ties(index: Index, article: Article) -> frozenset[tuple[str, str]]:
    """Return what an article's evidence adds to the relations of its links: (product, relation).

    Evidence ties the product it is about; a pick without evidence of its own has that of the product's review.
    """
    meta = article.meta
    evidence = {meta.product: meta.evidence} if isinstance(meta, ReviewMeta) else {}
    for pick in meta.picks if isinstance(meta, GuideMeta) else ():
        review = index.review_of(pick.product, article.lang)
        known = pick.evidence or (review.meta.evidence if review and isinstance(review.meta, ReviewMeta) else None)
        evidence |= {pick.product: known} if known else {}
    return frozenset([(product, one) for product, known in evidence.items() for one in article_ties(known, ())])


class Interests:
    """What people and articles declare. Of people only those are here who declare anything, in the order of their ids."""

    def __init__(self, index: Index) -> None:
        self._index = index
        people = sorted(index.loaded.people.items())
        self._people = {key: person for key, person in people if person.record.interests}

    def concern(self, article: Article) -> bool:
        """Say whether an article or one of its authors declares anything."""
        if article.meta.interests or not self._people:
            return bool(article.meta.interests)
        return any((ident, article.lang) in self._people for ident in self._index.authors(article))

    def of_authors(self, article: Article, shown: set[str], sold_at: set[str]) -> Iterator[AuthorTie]:
        """Yield the interests of an article's authors in what it shows and in who sells it."""
        for ident in self._index.authors(article):
            person = self._people.get((ident, article.lang))
            for number, interest in enumerate(person.record.interests if person else ()):
                products = _tied(self._index, interest, article.lang, shown, sold_at)
                if person and products:
                    at = person.at(f"interests[{number}].with")
                    yield AuthorTie(name=person.record.name, at=at, interest=interest, products=products)

    def ties(
        self, article: Article, authors: Iterable[AuthorTie], shown: set[str], sold_at: set[str]
    ) -> frozenset[tuple[str, str]]:
        """Return what declared interests add to the relations of an article's links: (product, or '' for all, relation).

        One ties the products it is with; one with a merchant, and an advertisement, all of them. `shown` are the products
        of the article and `sold_at` the merchants, `authors` what its authors have with both.
        """
        found: set[tuple[str, str]] = set()
        for interest in article.meta.interests:
            for relation in article_ties(None, (interest,)):
                tied = _tied(self._index, interest, article.lang, shown, sold_at) if relation != "sponsored" else {""}
                found |= {(product, relation) for product in tied}
        for one in authors:
            found |= {
                (product, relation) for relation in article_ties(None, (one.interest,)) for product in one.products
            }
        return frozenset(found)

    def facts(self, article: Article, authors: Iterable[AuthorTie]) -> tuple[InterestFact, ...]:
        """Return what authors have as facts; what one is with that is unknown is noted."""
        made = [_interest_fact(self._index, one.interest, article.lang, one.at, who=one.name) for one in authors]
        return tuple([one for one in made if one is not None])

    def declared_with(self, product: str, lang: str, sold_at: set[str], review: Article | None) -> list[InterestFact]:
        """Return every declared tie with a product, its maker or who sells it: of all people, and of its review."""
        declared = [(one, review.at("interests"), "") for one in review.meta.interests] if review else []
        for (_, language), person in self._people.items():
            if language == lang:
                declared += [(one, person.at("interests"), person.record.name) for one in person.record.interests]
        found = [
            _interest_fact(self._index, interest, lang, at, who=who)
            for interest, at, who in declared
            if _tied(self._index, interest, lang, {product}, sold_at)
        ]
        return [one for one in found if one is not None]


def _tied(index: Index, interest: Interest, lang: str, shown: set[str], sold_at: set[str]) -> set[str]:
    """Return the shown products that an interest is with: the product itself, or a maker's; '' for a merchant's."""
    if interest.with_ in sold_at:
        return {""}
    products = ((ident, index.loaded.products.get((ident, lang))) for ident in shown)
    return {ident for ident, entry in products if interest.with_ in {ident, entry.record.maker if entry else None}}
