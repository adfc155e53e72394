"""Facts of the shop's records: products and their offers, makers, people, merchants, categories; applies commerce's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from ccgen.commerce.compare import measured
from ccgen.commerce.disclosure import product_sentences, to_declare
from ccgen.model.facts import (
    BodyGroup,
    CategoryDetail,
    Group,
    MakerDetail,
    MakerProducts,
    Mentions,
    MerchantDetail,
    PersonDetail,
    PersonFeed,
    ProductCard,
    ProductDetail,
    ProductOffers,
    ProductRelation,
    RecordName,
    RecordUrl,
    Translations,
)
from ccgen.model.loaded import Article, Entry
from ccgen.model.parts import (
    CareFact,
    ChoiceFact,
    PictureFact,
    Ref,
    SpecFact,
    Translation,
    id_of,
    ref,
)
from ccgen.model.records import (
    CategoryRecord,
    ImageRef,
    MakerRecord,
    MerchantRecord,
    PersonRecord,
    ProductRecord,
    ReviewMeta,
)
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.interests import Interests, interests_of
from ccgen.plan.links import Home, Links
from ccgen.plan.merchants import check_merchant
from ccgen.plan.noting import Noting
from ccgen.plan.offers import Offers
from ccgen.plan.sold import Sales, Sold
from ccgen.plan.successors import Successors
from ccgen.plan.urls import Urls
from ccgen.text.languages import language_name
from ccgen.text.near import nearest

__all__ = ["Records"]

E = TypeVar("E")
Ties = Callable[[Article], tuple[tuple[str, str], ...]]
_NO_BODY = BodyGroup(body_digest=b"", targets=(), calls=())


class Records(Noting):
    """Makes the facts of every record; notes what does not fit together."""

    def __init__(
        self, index: Index, urls: Urls, files: Files, links: Links, calls: Calls, offers: Offers, sales: Sales
    ) -> None:
        super().__init__()
        self.index, self.urls, self.files, self.links, self.calls = index, urls, files, links, calls
        self.sales = sales
        self._interests = Interests(index)
        self.successors = Successors(index, offers)
        self.config = index.config

    def facts(self, mentions: dict[str, tuple[Ref, ...]], ties: Ties) -> dict[str, tuple[Group, ...]]:
        """Return the groups of all records; `mentions` are the articles that show a product, newest first, `ties` what an
        article adds to the relations of its links.
        """
        found: dict[str, tuple[Group, ...]] = {}
        loaded = self.index.loaded
        for merchant in _sorted(loaded.merchants.values()):
            found[ref("merchant", merchant.lang, merchant.id).owner] = self._merchant(merchant)
        for category in _sorted(loaded.categories.values()):
            found[ref("category", category.lang, category.id).owner] = (self._category(category),)
        for product in _sorted(loaded.products.values()):
            own = ref("product", product.lang, product.id)
            found[own.owner] = self._product(product, own, mentions.get(own.owner, ()), ties)
        made = self._by_maker()
        for maker in _sorted(loaded.makers.values()):
            found[ref("maker", maker.lang, maker.id).owner] = self._maker(maker, made[maker.id])
        written = self._by_author()
        for person in _sorted(loaded.people.values()):
            found[ref("person", person.lang, person.id).owner] = self._person(
                person, tuple(written[person.id, person.lang])
            )
        return found

    # --- products ---

    def _product(
        self, entry: Entry[ProductRecord], product: Ref, mentions: tuple[Ref, ...], ties: Ties
    ) -> tuple[Group, ...]:
        record = entry.record
        pictures = self._pictures(record.images, entry)
        own = Own(products=(product,), maker=self._ref("maker", record.maker, entry))
        sold = self.sales.of(product)
        return (
            self._url("product", entry),
            self._name(entry),
            self._card(entry, pictures[0] if pictures else None),
            ProductOffers(offers=sold.offers),
            Mentions(mentions=mentions),
            self._detail(entry, pictures),
            self._body("product", entry, own),
            self._translations("product", entry),
            self._relation(entry, sold, ties),
        )

    def _relation(self, entry: Entry[ProductRecord], sold: Sold, ties: Ties) -> ProductRelation:
        """Return what the product's page owes. A gift for a review is told with the product, not at its links there."""
        review = self.index.review_of(entry.id, entry.lang)
        sold_at = {id_of(one.owner) for one in sold.trade.merchants}
        tied = ties(review) if review else ()
        meta = review.meta if review else None
        made = sold.made or (isinstance(meta, ReviewMeta) and meta.evidence.obtained == "ours")
        return ProductRelation(
            disclosed=product_sentences(
                sold.trade.relations,
                {relation for product, relation in tied if product in {"", entry.id}},
                sold.trade.amazon,
                made=made,
            ),
            declared=to_declare(self._interests.declared_with(entry.id, entry.lang, sold_at, review)),
            merchants=sold.trade.merchants,
        )

    def _card(self, entry: Entry[ProductRecord], picture: PictureFact | None) -> ProductCard:
        record = entry.record
        review = self.index.review_of(entry.id, entry.lang)
        words = review.meta if review else None
        return ProductCard(
            line=record.line or "",
            maker=self._ref("maker", record.maker, entry, "maker"),
            picture=picture,
            category=self._ref("category", record.category, entry, "category"),
            rating=getattr(words, "rating", None) or "",
            verdict=getattr(words, "verdict", None) or "",
            but=getattr(words, "but", None) or "",
            review=article_ref(review) if review else None,
            status=record.status,
            replaced_by=self._ref("product", record.replaced_by, entry, "replaced_by"),
            fallback=tuple(
                sorted(entry.fallback | ({"verdict", "but"} if review and review.lang != entry.lang else set()))
            ),
        )

    def _detail(self, entry: Entry[ProductRecord], pictures: tuple[PictureFact, ...]) -> ProductDetail:
        record = entry.record
        returns, returns_url = self._returns(entry)
        return ProductDetail(
            description=record.description or "",
            pictures=pictures,
            specs=self._specs(entry),
            contains=record.contains or "",
            gtin=record.gtin or "",
            mpn=record.mpn or "",
            sku=record.sku or "",
            choices=tuple(ChoiceFact(name=name, values=values) for name, values in record.choices.items()),
            care=tuple(CareFact(after=care.after, do=care.do) for care in record.care),
            made_to_order=record.made_to_order or "",
            returns=returns,
            returns_url=returns_url,
            not_for=record.not_for or "",
            alternatives=self.successors.of(entry),
            extra=self.calls.free_keys(record.extra, entry.folder, entry.lang, entry.at),
        )

    def _returns(self, entry: Entry[ProductRecord]) -> tuple[str, str]:
        text = entry.record.returns or ""
        if not text.endswith(".md"):
            return text, ""
        return "", self.links.page(text, "content", entry.lang, entry.at("returns")) or ""

    def _specs(self, entry: Entry[ProductRecord]) -> tuple[SpecFact, ...]:
        record = entry.record
        category = self.index.loaded.categories.get((record.category or "", entry.lang))
        if category is None:
            return tuple(SpecFact(key=key, label=key, value=value) for key, value in record.specs.items())
        found = []
        for key, value in record.specs.items():
            spec = category.record.specs.get(key)
            if spec is None:
                near = nearest(key, category.record.specs)
                hint = f"did you mean `{near}`?" if near else f"add it to {category.path} under `specs`"
                message = f"category `{category.id}` has no spec `{key}`"
                at = entry.at(f"specs.{key}", on_key=True)
                self._note("unknown-spec", message, at, hint)
            else:
                shown, unit = measured(value, spec.unit or "")
                found.append(SpecFact(key=key, label=spec.label, value=shown, unit=unit, better=spec.better or ""))
        return tuple(found)

    # --- the others ---

    def _merchant(self, entry: Entry[MerchantRecord]) -> tuple[Group, ...]:
        record = entry.record
        if entry.lang == self.config.language:
            self.problems += check_merchant(entry, self.config)
        return (self._name(entry), MerchantDetail(site=record.url, role=record.role, network=record.network or ""))

    def _category(self, entry: Entry[CategoryRecord]) -> CategoryDetail:
        labels = tuple(
            SpecFact(key=key, label=spec.label, value="", unit=spec.unit or "", better=spec.better or "")
            for key, spec in entry.record.specs.items()
        )
        return CategoryDetail(name=entry.record.name, labels=labels)

    def _maker(self, entry: Entry[MakerRecord], products: tuple[str, ...]) -> tuple[Group, ...]:
        record = entry.record
        detail = MakerDetail(
            place=record.place or "",
            since=record.since or "",
            about=record.about or "",
            picture=self.files.fact(record.image, entry.folder, entry.at("image")),
            site=record.url or "",
            ours=record.ours,
            fallback=tuple(sorted(entry.fallback)),
            extra=self.calls.free_keys(record.extra, entry.folder, entry.lang, entry.at),
        )
        refs = tuple(ref("product", entry.lang, ident) for ident in products)
        own = Own(products=refs, maker=ref("maker", entry.lang, entry.id))
        return (
            self._url("maker", entry),
            self._name(entry),
            detail,
            MakerProducts(products=refs),
            self._body("maker", entry, own),
            self._translations("maker", entry),
        )

    def _person(self, entry: Entry[PersonRecord], articles: tuple[Ref, ...]) -> tuple[Group, ...]:
        record = entry.record
        detail = PersonDetail(
            bio=record.bio or "",
            picture=self.files.fact(record.image, entry.folder, entry.at("image")),
            links=record.links,
            same_as=record.same_as,
            interests=interests_of(self.index, record.interests, entry.lang, entry.path),
            fallback=tuple(sorted(entry.fallback)),
            extra=self.calls.free_keys(record.extra, entry.folder, entry.lang, entry.at),
        )
        url = self._url("person", entry)
        return (
            url,
            self._name(entry),
            detail,
            PersonFeed(feed_url=f"{url.url}feed.xml" if articles else "", articles=articles),
            self._body("person", entry, Own()),
            self._translations("person", entry),
        )

    def _by_maker(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entry in _sorted(self.index.loaded.products.values()):
            if entry.lang == self.config.language and entry.record.maker:
                found[entry.record.maker].append(entry.id)
        return defaultdict(tuple, {maker: tuple(ids) for maker, ids in found.items()})

    def _by_author(self) -> dict[tuple[str, str], list[Ref]]:
        found: dict[tuple[str, str], list[Ref]] = defaultdict(list)
        for article in self.index.listed:
            for author in self.index.authors(article):
                found[author, article.lang].append(article_ref(article))
        return found

    # --- what records share ---

    def _url(self, kind: str, entry: Entry[E]) -> RecordUrl:
        return RecordUrl(url=self.urls.record(kind, entry.id, entry.lang), lang=entry.lang, id=entry.id)

    def _name(self, entry: Entry[E]) -> RecordName:
        name: str = entry.record.name  # type: ignore[attr-defined]  # every record but none has a name
        return RecordName(name=name, name_lang=self.config.language if "name" in entry.fallback else entry.lang)

    def _translations(self, kind: str, entry: Entry[E]) -> Translations:
        languages = self.config.languages if len(self.config.languages) > 1 else ()
        return Translations(
            translations=tuple(
                Translation(lang=lang, url=self.urls.record(kind, entry.id, lang), name=language_name(lang))
                for lang in languages
            )
        )

    def _body(self, kind: str, entry: Entry[E], own: Own) -> BodyGroup:
        if entry.body is None:
            return _NO_BODY
        url = self.urls.record(kind, entry.id, entry.lang)
        home = Home(path=entry.path, folder=entry.folder, url=url, lang=entry.lang, body=entry.body)
        return self.calls.group(home, own, entry.digest)

    def _pictures(self, images: Iterable[ImageRef], entry: Entry[E]) -> tuple[PictureFact, ...]:
        made = (
            self.files.fact(image, entry.folder, entry.at(f"images[{number}]")) for number, image in enumerate(images)
        )
        return tuple(one for one in made if one is not None)

    def _ref(self, kind: str, ident: str | None, entry: Entry[E], field: str = "") -> Ref | None:
        if ident is None or (field and not self.index.known(kind, ident, entry.at(field))):
            return None
        return ref(kind, entry.lang, ident)


def _sorted(entries: Iterable[Entry[E]]) -> list[Entry[E]]:
    return sorted(entries, key=lambda entry: (entry.id, entry.lang))
