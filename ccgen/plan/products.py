"""Facts of the shop's records: products and their offers, makers, people, merchants, categories; applies commerce's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from ccgen.commerce.links import link_base
from ccgen.commerce.prices import may_show, ordered, price_of
from ccgen.errors import At, Problem
from ccgen.model.body import Body
from ccgen.model.facts import (
    BodyGroup,
    CareFact,
    CategoryDetail,
    ChoiceFact,
    Group,
    InterestFact,
    MakerDetail,
    MakerProducts,
    Mentions,
    MerchantDetail,
    Offer,
    PersonDetail,
    PersonFeed,
    PictureFact,
    Price,
    ProductCard,
    ProductDetail,
    ProductOffers,
    RecordName,
    RecordUrl,
    Ref,
    SpecFact,
    Translation,
    Translations,
    WasPrice,
)
from ccgen.model.loaded import Article, Entry
from ccgen.model.records import (
    CategoryRecord,
    ImageRef,
    Interest,
    MakerRecord,
    MerchantRecord,
    OfferRecord,
    PersonRecord,
    ProductRecord,
)
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.clock import iso
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.links import Home, Links
from ccgen.plan.urls import Urls
from ccgen.text.languages import language_name
from ccgen.text.near import nearest
from ccgen.text.url import host_of, host_within

__all__ = ["Records", "interests_of"]

E = TypeVar("E")
_NOT_BUYABLE = {"out_of_stock", "discontinued"}
_NO_BODY = BodyGroup(body_digest=b"", targets=(), calls=())


class Records:
    """Makes the facts of every record; notes what does not fit together."""

    def __init__(self, index: Index, urls: Urls, files: Files, links: Links, calls: Calls) -> None:
        self.index, self.urls, self.files, self.links, self.calls = index, urls, files, links, calls
        self.config = index.config
        self.problems: list[Problem] = []
        self.bodies: dict[str, Body] = {}

    def facts(self, mentions: dict[str, tuple[Ref, ...]]) -> dict[str, tuple[Group, ...]]:
        """Return the groups of all records; `mentions` are the articles that show a product, newest first."""
        found: dict[str, tuple[Group, ...]] = {}
        loaded = self.index.loaded
        for merchant in _sorted(loaded.merchants.values()):
            found[f"merchant:{merchant.lang}:{merchant.id}"] = self._merchant(merchant)
        for category in _sorted(loaded.categories.values()):
            found[f"category:{category.lang}:{category.id}"] = (self._category(category),)
        for product in _sorted(loaded.products.values()):
            owner = f"product:{product.lang}:{product.id}"
            found[owner] = self._product(product, mentions.get(owner, ()))
        made = self._by_maker()
        for maker in _sorted(loaded.makers.values()):
            found[f"maker:{maker.lang}:{maker.id}"] = self._maker(maker, made[maker.id])
        written = self._by_author()
        for person in _sorted(loaded.people.values()):
            found[f"person:{person.lang}:{person.id}"] = self._person(person, written[person.id, person.lang])
        return found

    # --- products ---

    def _product(self, entry: Entry[ProductRecord], mentions: tuple[Ref, ...]) -> tuple[Group, ...]:
        record = entry.record
        pictures = self._pictures(record.images, entry)
        own = Own(products=(Ref(f"product:{entry.lang}:{entry.id}"),), maker=self._ref("maker", record.maker, entry))
        return (
            self._url("product", entry),
            self._name(entry),
            self._card(entry, pictures[0] if pictures else None),
            ProductOffers(offers=self._offers(entry)),
            Mentions(mentions=mentions),
            self._detail(entry, pictures),
            self._body("product", entry, own),
            self._translations("product", entry),
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
            fallback=tuple(sorted(entry.fallback)),
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
            extra=record.extra,
        )

    def _returns(self, entry: Entry[ProductRecord]) -> tuple[str, str]:
        text = entry.record.returns or ""
        if not text.endswith(".md"):
            return text, ""
        return "", self.links.page(text, "content", entry.lang, _at(entry, "returns")) or ""

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
                at = _at(entry, f"specs.{key}", on_key=True)
                self._note("unknown-spec", message, at, hint)
            else:
                unit = spec.unit or ""
                shown = value.removesuffix(unit).rstrip() if unit and value.endswith(unit) else value
                found.append(SpecFact(key=key, label=spec.label, value=shown, unit=unit, better=spec.better or ""))
        return tuple(found)

    # --- offers ---

    def _offers(self, entry: Entry[ProductRecord]) -> tuple[Offer, ...]:
        found: dict[str, Offer] = {}
        for number, offer in enumerate(entry.record.offers):
            field = f"offers[{number}]"
            merchant = self._merchant_of(offer, entry, field)
            if merchant is None:
                continue
            made = self._offer(entry, offer, merchant, field)
            if made.key in found:
                message = f"two offers of `{entry.id}` at `{merchant.id}`"
                self._note("duplicate-offer", message, _at(entry, field), "give each an `id`")
            found[made.key] = made
        return ordered(tuple(found.values()), self.config.settings.offers.order)

    def _offer(
        self, entry: Entry[ProductRecord], offer: OfferRecord, merchant: Entry[MerchantRecord], field: str
    ) -> Offer:
        clock, shop = self.index.clock, merchant.record
        seen = offer.checked or entry.record.checked
        seen_at = clock.read(seen) if seen else None
        price = self._price(offer.price, merchant, _at(entry, f"{field}.price"))
        if price is not None and seen is None and shop.role != "ours":
            hint = "add `checked:` with the date at which you saw the price"
            self._note("price-without-date", "a price needs the date it was seen", _at(entry, f"{field}.price"), hint)
        shown = price is not None and may_show(shop.show_price, role=shop.role, seen=seen_at, passed=clock.passed)
        ended = offer.valid_until is not None and clock.passed(clock.read(offer.valid_until))
        was = offer.was and self._price(offer.was.price, merchant, _at(entry, f"{field}.was.price"))
        return Offer(
            key=f"{entry.id}/{merchant.id}" + (f"/{offer.id}" if offer.id else ""),
            merchant=Ref(f"merchant:{entry.lang}:{merchant.id}"),
            product=entry.id,
            role=shop.role,
            price=price if shown and not ended else None,
            deposit=self._price(offer.deposit, merchant, _at(entry, f"{field}.deposit")) if shown else None,
            seen=iso(seen),
            availability=offer.availability,
            buyable=not ended and entry.record.status == "active" and offer.availability not in _NOT_BUYABLE,
            condition=offer.condition or "",
            ships_to=offer.ships_to,
            valid_until=iso(offer.valid_until),
            note=offer.note or "",
            was=WasPrice(price=was, seen=iso(offer.was.seen)) if was and offer.was and shown and not ended else None,
            base=link_base(shop, self._target(offer, merchant, entry, field)),
        )

    def _merchant_of(
        self, offer: OfferRecord, entry: Entry[ProductRecord], field: str
    ) -> Entry[MerchantRecord] | None:
        if offer.merchant is not None:
            if not self.index.known("merchant", offer.merchant, _at(entry, f"{field}.merchant")):
                return None
            return self.index.loaded.merchants[offer.merchant, self.config.language]
        if offer.url is None:
            self._note("offer-without-url", "an offer needs a `url`, or a `merchant` and an `asin`", _at(entry, field))
            return None
        host = host_of(offer.url) or ""
        merchant = self.links.merchant_at(host)
        if merchant is None and not any(one.startswith("merchants/") for one in self.index.loaded.failed):
            hint = f"add a merchant whose `url` or `domains` hold {host}, or name one with `merchant:`"
            place = f"{field}.url" if self._has_url_key(entry, field) else field
            self._note("unknown-merchant", f"no merchant sells at `{host}`", _at(entry, place), hint)
        return merchant

    @staticmethod
    def _has_url_key(entry: Entry[ProductRecord], field: str) -> bool:
        number = int(field.removeprefix("offers[").removesuffix("]"))
        bare = OfferRecord(url=entry.record.offers[number].url)
        return entry.record.offers[number] != bare

    def _target(
        self, offer: OfferRecord, merchant: Entry[MerchantRecord], entry: Entry[ProductRecord], field: str
    ) -> str:
        record = merchant.record
        if offer.url is None:
            if offer.asin is None:
                hint = "an offer needs a `url`, or an `asin` at Amazon"
                self._note("offer-without-url", "this offer leads nowhere", _at(entry, field), hint)
            return f"{record.url.rstrip('/')}/dp/{offer.asin}"
        host = host_of(offer.url) or ""
        domains = [one for one in (host_of(record.url), *record.domains) if one]
        if not any(host_within(host, domain.removeprefix("www.")) for domain in domains):
            hint = f"links of `{merchant.id}` end at {', '.join(domains)}; add the host to its `domains` if it is theirs"
            self._note("foreign-host", f"`{host}` is not a host of `{merchant.id}`", _at(entry, f"{field}.url"), hint)
        return offer.url

    def _price(self, text: str | None, merchant: Entry[MerchantRecord], at: At) -> Price | None:
        if text is None:
            return None
        price = price_of(text, merchant.record.currency or self.config.settings.site.currency)
        if price is None:
            hint = f"write `{text} USD`, or give {merchant.path} a `currency`"
            self._note("price-without-currency", f"`{text}` names no currency", at, hint)
        return price

    # --- the others ---

    def _merchant(self, entry: Entry[MerchantRecord]) -> tuple[Group, ...]:
        record = entry.record
        if record.role in {"ours", "stall"} and self.config.settings.seller is None and entry.lang == self.config.language:
            hint = "add `seller: {name: …, contact: …}` to ccgen.yaml: who answers after the sale"
            self._note("missing-seller", "we sell here, and ccgen.yaml does not say who we are", _at(entry, "role"), hint)
        return (self._name(entry), MerchantDetail(site=record.url, role=record.role))

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
            picture=self.files.fact(record.image, entry.folder, _at(entry, "image")),
            site=record.url or "",
            ours=record.ours,
            fallback=tuple(sorted(entry.fallback)),
            extra=record.extra,
        )
        refs = tuple(Ref(f"product:{entry.lang}:{ident}") for ident in products)
        own = Own(products=refs, maker=Ref(f"maker:{entry.lang}:{entry.id}"))
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
            picture=self.files.fact(record.image, entry.folder, _at(entry, "image")),
            links=record.links,
            same_as=record.same_as,
            interests=interests_of(self.index, record.interests, entry.lang, entry.path),
            fallback=tuple(sorted(entry.fallback)),
            extra=record.extra,
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

    def _by_author(self) -> dict[tuple[str, str], tuple[Ref, ...]]:
        found: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in self.index.articles.values():
            if article.kind != "page" and not article.meta.unlisted:
                for author in article.meta.authors or self.default_authors:
                    found[author, article.lang].append(article)
        made = {
            key: tuple(article_ref(one) for one in sorted(several, key=self.index.newest_first, reverse=True))
            for key, several in found.items()
        }
        return defaultdict(tuple, made)

    @property
    def default_authors(self) -> tuple[str, ...]:
        """The site's own author, for articles that name none."""
        author = self.config.settings.site.author
        return (author,) if author else ()

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
        self.bodies[f"{kind}:{entry.lang}:{entry.id}"] = entry.body
        return self.calls.group(home, own, entry.digest)

    def _pictures(self, images: Iterable[ImageRef], entry: Entry[E]) -> tuple[PictureFact, ...]:
        made = (
            self.files.fact(image, entry.folder, _at(entry, f"images[{number}]")) for number, image in enumerate(images)
        )
        return tuple(one for one in made if one is not None)

    def _ref(self, kind: str, ident: str | None, entry: Entry[E], field: str = "") -> Ref | None:
        if ident is None or (field and not self.index.known(kind, ident, _at(entry, field))):
            return None
        return Ref(f"{kind}:{entry.lang}:{ident}")

    def _note(self, code: str, message: str, at: At, hint: str = "") -> None:
        problem = Problem(code=code, message=message, at=at, hint=hint)
        if problem not in self.problems:  # each language makes the same facts
            self.problems.append(problem)


def interests_of(
    index: Index, interests: Iterable[Interest], lang: str, path: str, who: str = ""
) -> tuple[InterestFact, ...]:
    """Return declared ties with the names of what they are with; an unknown one is noted."""
    found = []
    for number, interest in enumerate(interests):
        kinds = ("maker", "merchant", "product")
        entry = next((index.table(kind).get((interest.with_, lang)) for kind in kinds if (interest.with_, lang) in index.table(kind)), None)
        if entry is None:
            names = {ident for kind in kinds for ident, _ in index.table(kind)}
            index.unknown("maker", interest.with_, At(path=path, field=f"interests[{number}].with"), names)
        else:
            name: str = entry.record.name  # type: ignore[attr-defined]  # makers, merchants and products have names
            found.append(InterestFact(how=interest.how, name=name, note=interest.note or "", who=who))
    return tuple(found)


def _at(entry: Entry[E], field: str, *, on_key: bool = False) -> At:
    joined = f"{entry.field}.{field}" if entry.field else field
    return At(path=entry.path, field=joined, on_key=on_key)


def _sorted(entries: Iterable[Entry[E]]) -> list[Entry[E]]:
    return sorted(entries, key=lambda entry: (entry.id, entry.lang))
