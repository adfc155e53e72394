"""What one article shows, may lead to and is tied to, decided once before any of its facts; knows no other article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ccgen.commerce.disclosure import article_sentences, to_declare
from ccgen.commerce.relation import STRICTNESS, article_ties, role_relation
from ccgen.model.facts import ArticleRelation, BodyGroup
from ccgen.model.loaded import Article
from ccgen.model.parts import InterestFact, Offer, Ref, id_of, owner_kind, ref
from ccgen.model.records import Evidence, GuideMeta, NoteMeta, ReviewMeta
from ccgen.model.theme import Theme
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.index import Index
from ccgen.plan.interests import author_ties, interest_fact, interests_of, made_by_us, ties_of
from ccgen.plan.links import Home
from ccgen.plan.offers import Offers

__all__ = ["Shower", "Shown"]


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
        self._leads = _leading(index.loaded.theme)

    def of(self, article: Article) -> Shown:
        """Return what an article shows; an unknown product is noted."""
        index = self._index
        own = self._own(article)
        body = self._body(article, own)
        products = _products(article, own, body)
        offers = self._led_to(own, body)
        merchants = tuple(sorted({offer.merchant for offer in offers}, key=lambda ref: ref.owner))
        shown = {id_of(ref.owner) for ref in products}
        sold_at = {id_of(ref.owner) for ref in merchants}
        ties = ties_of(index, article, shown, sold_at)
        relations = {one for _, one in ties} | article_ties(None, article.meta.interests)
        relations |= {role_relation(index.merchant(ref).record.role) for ref in merchants}
        amazon = {ref for ref in merchants if index.is_amazon(ref)}
        authors = (
            interest_fact(index, one.interest, article.lang, one.at, who=one.name)
            for one in author_ties(index, article, shown, sold_at)
        )
        declared = interests_of(index, article.meta.interests, article.lang, article.path)
        interests = (*declared, *(one for one in authors if one is not None))
        return Shown(
            body=body,
            own=own,
            products=products,
            relation=ArticleRelation(
                ties=tuple(sorted(ties)),
                relations=tuple(sorted(relations, key=STRICTNESS.index)),
                merchants=merchants,
                disclosed=article_sentences(
                    relations,
                    [offer for offer in offers if offer.merchant in amazon],
                    made=self._made(article, shown),
                ),
                declared=to_declare(interests),
            ),
            interests=interests,
        )

    def _made(self, article: Article, shown: set[str]) -> bool:
        """Say whether a product that the article is about or shows is of our own making."""
        meta = article.meta
        evidence: list[Evidence | None] = [meta.evidence] if isinstance(meta, ReviewMeta) else []
        evidence += [pick.evidence for pick in meta.picks] if isinstance(meta, GuideMeta) else []
        return any(one is not None and one.obtained == "ours" for one in evidence) or any(
            made_by_us(self._index, product, article.lang) for product in shown
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

    def _led_to(self, own: tuple[Ref, ...], body: BodyGroup) -> list[Offer]:
        """Return every offer that the article may lead to: not of a product that is only named or tagged."""
        called = [call.records for call in body.calls if (call.name, call.form) in self._leads]
        sold = dict.fromkeys(ref for refs in (own, *called) for ref in refs if owner_kind(ref.owner) == "product")
        offers: list[Offer] = [offer for ref in sold for offer in self._offers.all.get(ref.owner, ())]
        offers += [target.offer for target in body.targets if target.kind == "purchase" and target.offer]
        return offers


def _leading(theme: Theme) -> set[tuple[str, str]]:
    """Return the directives, each with a form, that may lead to a shop.

    A declaration that says otherwise (`links`) says it of the template beside it: another's is not known to keep to it.
    """
    found: set[tuple[str, str]] = set()
    for name, declaration in theme.directives.items():
        template = theme.templates.get(f"directives/{name}.html")
        own = template is not None and template.path.rpartition("/")[0] == declaration.origin.rpartition("/")[0]
        forms = declaration.links if own and declaration.links is not None else declaration.forms
        found |= {(name, form) for form in forms}
    return found


def _products(article: Article, own: tuple[Ref, ...], body: BodyGroup) -> tuple[Ref, ...]:
    called: Iterable[Ref] = (one for call in body.calls for one in call.records if owner_kind(one.owner) == "product")
    tagged: Iterable[Ref] = ()
    if isinstance(article.meta, NoteMeta):
        spots = (spot for picture in article.meta.pictures for spot in picture.tagged)
        tagged = (ref("product", article.lang, spot.product) for spot in spots)
    return tuple(dict.fromkeys((*own, *called, *tagged)))
