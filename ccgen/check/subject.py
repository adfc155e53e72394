"""What rules over records and prose look at: a site as it was written and as it was planned, by what they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from ccgen.check.policy import Policy
from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.offers import made_from
from ccgen.config import Config
from ccgen.errors import At
from ccgen.model.facts import ArticleRelation, BodyGroup, ProductCard, ProductOffers, group_index
from ccgen.model.hidden import Hidden
from ccgen.model.loaded import Article, Entry, Loaded
from ccgen.model.parts import Offer, id_of, owner_kind, owner_of
from ccgen.model.records import (
    Evidence,
    GuideMeta,
    MakerRecord,
    MerchantRecord,
    OfferRecord,
    PersonRecord,
    ProductRecord,
    ReviewMeta,
)
from ccgen.model.site import Plan
from ccgen.text.clock import Clock
from ccgen.text.instants import instant

__all__ = ["Offered", "Subject", "is_test"]

R = TypeVar("R")

_OFFERS = group_index("product", ProductOffers)
_CARD = group_index("product", ProductCard)
_BODY = group_index("article", BodyGroup)
_RELATION = group_index("article", ArticleRelation)


class Offered:
    """One offer: as written (`record`, at `field` of the product) and as decided (`fact`)."""

    __slots__ = ("entry", "fact", "field", "merchant", "record")

    def __init__(
        self, entry: Entry[ProductRecord], field: str, record: OfferRecord, fact: Offer, merchant: Entry[MerchantRecord]
    ) -> None:
        self.entry, self.field, self.record, self.fact, self.merchant = entry, field, record, fact, merchant


class Subject:
    """A planned site. Only what readers can come to is in it: published articles, and records.

    `faulty` are the files in which an error was found before: what they say is uncertain, and so is what others have from
    them. `is_whole` says that nothing in content/ is missing for that reason.
    """

    def __init__(
        self, config: Config, loaded: Loaded, plan: Plan, policy: Policy, faulty: frozenset[str] = frozenset()
    ) -> None:
        self.config, self.loaded, self.plan, self.policy, self.faulty = config, loaded, plan, policy, faulty
        self.groups = plan.facts.groups
        self.clock = Clock(config.clock, config.settings.site.timezone)
        self.is_whole = not any(path.startswith("content/") for path in faulty)

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """Every published article in every language, by path."""
        found = (one for one in self.loaded.articles if _owner(one) in self.groups)
        return tuple(sorted(found, key=lambda one: one.path))

    @cached_property
    def originals(self) -> tuple[Article, ...]:
        """Every published article once: what its translations inherit is not told again."""
        default = self.config.language
        first = {one.id for one in self.articles if one.lang == default}
        return tuple(one for one in self.articles if one.lang == default or one.id not in first)

    @cached_property
    def original_paths(self) -> frozenset[str]:
        """The sources of `originals`."""
        return frozenset(one.path for one in self.originals)

    @cached_property
    def products(self) -> tuple[Entry[ProductRecord], ...]:
        """Every product once, in the default language, by id."""
        return self._once(self.loaded.products)

    @cached_property
    def merchants(self) -> tuple[Entry[MerchantRecord], ...]:
        """Every merchant once, by id."""
        return self._once(self.loaded.merchants)

    @cached_property
    def makers(self) -> tuple[Entry[MakerRecord], ...]:
        """Every maker once, by id."""
        return self._once(self.loaded.makers)

    @cached_property
    def people(self) -> tuple[Entry[PersonRecord], ...]:
        """Every person once, by id."""
        return self._once(self.loaded.people)

    def _once(self, table: Mapping[tuple[str, str], Entry[R]]) -> tuple[Entry[R], ...]:
        default = self.config.language
        return tuple(entry for (_, lang), entry in sorted(table.items()) if lang == default)

    @cached_property
    def offered(self) -> Mapping[str, tuple[Offered, ...]]:
        """Every product's offers by its id, as written."""
        return {entry.id: tuple(self._offered(entry)) for entry in self.products}

    @cached_property
    def has_amazon(self) -> bool:
        """Whether a merchant is Amazon."""
        return any(is_amazon(one.record.role, one.record.network, one.record.url) for one in self.merchants)

    @cached_property
    def by_article(self) -> Mapping[str, Article]:
        """Every published article by the owner of its facts."""
        return {_owner(one): one for one in self.articles}

    @cached_property
    def sold(self) -> frozenset[str]:
        """The ids of products that we sell: at our own counter or at a stall of ours."""
        return frozenset(
            ident
            for ident, several in self.offered.items()
            if any(one.fact.role in {"ours", "stall"} for one in several)
        )

    def instant(self, text: str) -> datetime:
        """Read a date or an instant as records and facts hold it; without a zone it is the site's."""
        return instant(text, self._zone)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.settings.site.timezone)

    def is_own(self, article: Article, field: str) -> bool:
        """Say whether an article's own file holds a word field: a translation shows others as it inherits them."""
        return article.lang == self.config.language or field not in article.fallback

    def offers(self, product: str) -> tuple[Offer, ...]:
        """Return a product's offers as decided, in the order in which they stand."""
        groups = self.groups.get(owner_of("product", self.config.language, product))
        found = groups[_OFFERS] if groups else None
        return found.offers if isinstance(found, ProductOffers) else ()

    def review_of(self, product: str) -> Article | None:
        """Return a product's newest published review, in the default language where there is one."""
        groups = self.groups.get(owner_of("product", self.config.language, product))
        card = groups[_CARD] if groups else None
        return self.by_article.get(card.review.owner) if isinstance(card, ProductCard) and card.review else None

    def hidden_review_of(self, product: str) -> tuple[ReviewMeta, Hidden] | None:
        """Return a product's review that is not published now, and why; None where there is none."""
        for hidden in self.plan.hidden:
            article = self._by_path.get(hidden.path)
            if article is not None and isinstance(article.meta, ReviewMeta) and article.meta.product == product:
                return article.meta, hidden
        return None

    @cached_property
    def _by_path(self) -> Mapping[str, Article]:
        return {article.path: article for article in self.loaded.articles}

    def is_tested(self, product: str) -> bool:
        """Say whether a test of a product is recorded with its review."""
        review = self.review_of(product)
        return review is not None and isinstance(review.meta, ReviewMeta) and is_test(review.meta.evidence)

    def shown_in(self, article: Article) -> tuple[str, ...]:
        """Return the ids of the products that an article is about or shows, in order, each once."""
        meta = article.meta
        own = [meta.product] if isinstance(meta, ReviewMeta) else []
        own += [pick.product for pick in meta.picks] if isinstance(meta, GuideMeta) else []
        body = self.groups[_owner(article)][_BODY]
        assert isinstance(body, BodyGroup)
        called = (id_of(one.owner) for call in body.calls for one in call.records if owner_kind(one.owner) == "product")
        return tuple(dict.fromkeys((*own, *called)))

    def given(self, article: Article, param: str) -> Iterator[tuple[str, str, At]]:
        """Yield what an article's directives give a product by a parameter: its id, the text, and where it stands."""
        body = self.groups[_owner(article)][_BODY]
        assert isinstance(body, BodyGroup)
        for fact, call in zip(body.calls, article.body.calls, strict=True):
            for key, text, start in call.params:
                for one in fact.records if key == param else ():
                    if owner_kind(one.owner) == "product":
                        yield id_of(one.owner), text, At(path=article.path, start=start, length=len(text))

    def relations(self, article: Article) -> tuple[str, ...]:
        """Return every relation that applies to an article, strictest first."""
        found = self.groups[_owner(article)][_RELATION]
        return found.relations if isinstance(found, ArticleRelation) else ()

    def _offered(self, entry: Entry[ProductRecord]) -> Iterator[Offered]:
        facts = self.offers(entry.id)
        for number, record in enumerate(entry.record.offers):
            fact = next((one for one in facts if made_from(one, record)), None)
            if fact is not None:
                merchant = self.loaded.merchants[id_of(fact.merchant.owner), self.config.language]
                yield Offered(entry, f"offers[{number}]", record, fact, merchant)


def _owner(article: Article) -> str:
    return owner_of("article", article.lang, article.id)


def is_test(evidence: Evidence | None) -> bool:
    """Say whether evidence records that somebody tried the product: not only how it came, but when, how or with what."""
    if evidence is None or evidence.obtained == "untested":
        return False
    return bool(evidence.since or evidence.until or evidence.method or evidence.summary or evidence.photos)
