"""What one article shows, may lead to and is tied to, decided once before any of its facts; knows no other article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ccgen.commerce.relation import STRICTNESS, article_ties, role_relation
from ccgen.model.facts import ArticleRelation, BodyGroup
from ccgen.model.loaded import Article
from ccgen.model.parts import InterestFact, Offer, Ref, id_of, ref
from ccgen.model.records import GuideMeta, NoteMeta, ReviewMeta
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.index import Index
from ccgen.plan.interests import author_ties, interest_fact, interests_of, ties_of
from ccgen.plan.links import Home
from ccgen.plan.offers import Offers

__all__ = ["Shower", "Shown"]

# Inline directives of `plain` that lead to no shop. Drawn by any other theme's template they may, and then count.
_LINKLESS = ("product", "price", "rating")
_PLAIN = ("theme:plain/", "themes/plain/")


class Shown(NamedTuple):
    """An article's own products (those that are there), all that it shows, in order, and what follows from both."""

    body: BodyGroup
    own: tuple[Ref, ...]
    products: tuple[Ref, ...]
    relation: ArticleRelation
    interests: tuple[InterestFact, ...]


class Shower:
    """Decides what articles show. The offers of their products are made already."""

    def __init__(self, index: Index, calls: Calls, offers: Offers) -> None:
        self._index, self._calls, self._offers = index, calls, offers
        templates = index.loaded.theme.templates
        drawn = {name: templates.get(f"directives/{name}.html") for name in _LINKLESS}
        self._linkless = {name for name, one in drawn.items() if one is not None and one.path.startswith(_PLAIN)}

    def of(self, article: Article) -> Shown:
        """Return what an article shows; an unknown product is noted."""
        index = self._index
        own = self._own(article)
        body = self._body(article, own)
        products = _products(article, own, body)
        merchants = self._merchants(own, body)
        shown = {id_of(ref.owner) for ref in products}
        sold_at = {id_of(ref.owner) for ref in merchants}
        ties = ties_of(index, article, shown, sold_at)
        relations = {one for _, one in ties} | article_ties(None, article.meta.interests)
        relations |= {role_relation(index.merchant(ref).record.role) for ref in merchants}
        authors = (
            interest_fact(index, one.interest, article.lang, one.at, who=one.name)
            for one in author_ties(index, article, shown, sold_at)
        )
        declared = interests_of(index, article.meta.interests, article.lang, article.path)
        return Shown(
            body=body,
            own=own,
            products=products,
            relation=ArticleRelation(
                ties=tuple(sorted(ties)),
                relations=tuple(sorted(relations, key=STRICTNESS.index)),
                merchants=merchants,
            ),
            interests=(*declared, *(one for one in authors if one is not None)),
        )

    def _own(self, article: Article) -> tuple[Ref, ...]:
        meta = article.meta
        named: list[tuple[str, str]] = []
        if isinstance(meta, ReviewMeta):
            named.append((meta.product, "product"))
        elif isinstance(meta, GuideMeta):
            named.extend((pick.product, f"picks[{number}].product") for number, pick in enumerate(meta.picks))
        return tuple(
            ref("product", article.lang, ident)
            for ident, field in named
            if self._index.known("product", ident, article.at(field))
        )

    def _body(self, article: Article, products: tuple[Ref, ...]) -> BodyGroup:
        meta = article.meta
        home = Home(
            path=article.path,
            folder=article.folder,
            url=self._index.urls[article.id, article.lang],
            lang=article.lang,
            body=article.body,
        )
        named = isinstance(meta, ReviewMeta) or (isinstance(meta, GuideMeta) and bool(meta.picks))
        own = Own(products=products, unknown=named, article=article_ref(article))
        return self._calls.group(home, own, article.digest)

    def _merchants(self, own: tuple[Ref, ...], body: BodyGroup) -> tuple[Ref, ...]:
        """Return every merchant that the article may lead to: not of a product that is only named or tagged."""
        called = [call.records for call in body.calls if call.form != "inline" or call.name not in self._linkless]
        sold = dict.fromkeys(ref for refs in (own, *called) for ref in refs if ref.owner.startswith("product:"))
        offers: list[Offer] = [offer for ref in sold for offer in self._offers.all.get(ref.owner, ())]
        offers += [target.offer for target in body.targets if target.kind == "purchase" and target.offer]
        return tuple(sorted({offer.merchant for offer in offers}, key=lambda ref: ref.owner))


def _products(article: Article, own: tuple[Ref, ...], body: BodyGroup) -> tuple[Ref, ...]:
    called: Iterable[Ref] = (one for call in body.calls for one in call.records if one.owner.startswith("product:"))
    tagged: Iterable[Ref] = ()
    if isinstance(article.meta, NoteMeta):
        spots = (spot for picture in article.meta.pictures for spot in picture.tagged)
        tagged = (ref("product", article.lang, spot.product) for spot in spots)
    return tuple(dict.fromkeys((*own, *called, *tagged)))
