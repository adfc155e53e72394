"""What one article shows, may lead to and is tied to, decided once before any of its facts; knows no other article."""

from __future__ import annotations

from typing import NamedTuple

from ccgen.commerce.disclosure import article_sentences, to_declare
from ccgen.commerce.relation import STRICTNESS, article_ties
from ccgen.model.facts import ArticleRelation, BodyGroup
from ccgen.model.loaded import Article
from ccgen.model.parts import InterestFact, Ref, id_of, owner_of, ref
from ccgen.model.records import ArticleMeta, Evidence, GuideMeta, NoteMeta, ReviewMeta
from ccgen.model.theme import Theme
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.index import Index
from ccgen.plan.interests import Interests, evidence_ties, interests_of
from ccgen.plan.links import Home
from ccgen.plan.sold import Sales, Sold, Trade, trade_in, united

__all__ = ["Shower", "Shown"]

_PRODUCT = owner_of("product", "")  # what the owners of products begin with


class Shown(NamedTuple):
    """An article's own products (those that are there), all that it shows, in order, and what follows from both."""

    article: Article
    ref: Ref
    body: BodyGroup
    own: tuple[Ref, ...]
    products: tuple[Ref, ...]
    sold: tuple[Sold, ...]  # the same, as they are sold
    relation: ArticleRelation
    interests: tuple[InterestFact, ...]


class Shower:
    """Decides what articles show. The offers of their products are made already."""

    def __init__(self, index: Index, calls: Calls, sales: Sales) -> None:
        self._index, self._calls, self._sales = index, calls, sales
        self._interests = Interests(index)
        self._leads = _leading(index.loaded.theme)

    def of(self, article: Article) -> Shown:
        """Return what an article shows; an unknown product is noted."""
        own = self._own(article)
        owner = article_ref(article)
        body = self._body(article, Own(products=own, unknown=_names_products(article.meta), article=owner))
        products = _products(article, own, body)
        sold = tuple([self._sales.of(one) for one in products])
        relation, interests = self._relation(article, self._led_to(own, body), sold)
        return Shown(article, owner, body, own, products, sold, relation, interests)

    def _relation(
        self, article: Article, led: Trade, sold: tuple[Sold, ...]
    ) -> tuple[ArticleRelation, tuple[InterestFact, ...]]:
        """Return what an article owes that shows some products and may lead to some shops, and its declared ties."""
        meta = article.meta
        ties = evidence_ties(self._index, article)
        interests: tuple[InterestFact, ...] = ()
        if self._interests.concern(article):
            shown, sold_at = {one.id for one in sold}, {id_of(one.owner) for one in led.merchants}
            authors = tuple(self._interests.of_authors(article, shown, sold_at))
            ties |= self._interests.ties(article, authors, shown, sold_at)
            interests = (
                *interests_of(self._index, meta.interests, article.lang, article.path),
                *self._interests.facts(article, authors),
            )
        relations = led.relations.union([one for _, one in ties], article_ties(None, meta.interests))
        made = True in [one.made for one in sold] or _made_by_us(meta)
        group = ArticleRelation(
            ties=tuple(sorted(ties)),
            relations=tuple([one for one in STRICTNESS if one in relations]),
            merchants=led.merchants,
            disclosed=article_sentences(relations, led.amazon, made=made),
            declared=to_declare(interests) if interests else (),
        )
        return group, interests

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

    def _body(self, article: Article, own: Own) -> BodyGroup:
        home = Home(
            path=article.path,
            folder=article.folder,
            url=self._index.urls[article.id, article.lang],
            lang=article.lang,
            body=article.body,
        )
        return self._calls.group(home, own, article.digest)

    def _led_to(self, own: tuple[Ref, ...], body: BodyGroup) -> Trade:
        """Return where the article may lead to: not to the shops of a product that is only named or tagged."""
        led = list(own)
        for call in body.calls:
            if (call.name, call.form) in self._leads:
                led += [one for one in call.records if one.owner.startswith(_PRODUCT)]
        sold = self._sales.trade(led)
        linked = [target.offer for target in body.targets if target.kind == "purchase" and target.offer]
        return united((trade_in(linked, self._index), sold)) if linked else sold


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
    shown = [*own, *[one for call in body.calls for one in call.records if one.owner.startswith(_PRODUCT)]]
    if isinstance(article.meta, NoteMeta):
        spots = [spot for picture in article.meta.pictures for spot in picture.tagged]
        shown += [ref("product", article.lang, spot.product) for spot in spots]
    return tuple(dict.fromkeys(shown))


def _names_products(meta: ArticleMeta) -> bool:
    return isinstance(meta, ReviewMeta) or (isinstance(meta, GuideMeta) and bool(meta.picks))


def _made_by_us(meta: ArticleMeta) -> bool:
    """Say whether an article's evidence tells that what it is about is of our own making."""
    evidence: list[Evidence | None] = [meta.evidence] if isinstance(meta, ReviewMeta) else []
    evidence += [pick.evidence for pick in meta.picks] if isinstance(meta, GuideMeta) else []
    return any(one is not None and one.obtained == "ours" for one in evidence)
