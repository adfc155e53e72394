"""Facts of articles: their words, evidence, neighbours and relations; knows no list page and no feed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ccgen.commerce.prices import read_price
from ccgen.commerce.relation import STRICTNESS, article_ties, role_relation
from ccgen.errors import At, Problem
from ccgen.model.body import Body
from ccgen.model.facts import (
    ArticleAnchors,
    ArticleCard,
    ArticleHead,
    ArticleNeighbours,
    ArticleRelated,
    ArticleRelation,
    ArticleUrl,
    BodyGroup,
    Group,
    Translations,
)
from ccgen.model.loaded import Article
from ccgen.model.parts import (
    ConsideredFact,
    EvidenceFact,
    Heading,
    InterestFact,
    PickFact,
    PictureFact,
    Price,
    Ref,
    RelatedFact,
    Score,
    TaggedFact,
    Translation,
    UpdateFact,
)
from ccgen.model.records import Evidence, GuideMeta, NoteMeta, PersonRecord, Picture, ReviewMeta
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.clock import iso
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.interests import interests_of, ties_of
from ccgen.plan.labels import Labels
from ccgen.plan.links import Home, Links
from ccgen.plan.related import Traits, related
from ccgen.plan.urls import Urls
from ccgen.text.languages import language_name
from ccgen.text.near import did_you_mean

__all__ = ["Articles"]

_SUMMARY_LENGTH = 200
_UNLABELLED = re.compile("\ufdd0(\\d+)\ufdd1")
# Inline directives that lead to no shop.
_LINKLESS = frozenset({"product", "price", "rating"})


class Articles:
    """Makes the facts of every published article."""

    def __init__(self, index: Index, urls: Urls, files: Files, links: Links, calls: Calls, labels: Labels) -> None:
        self.index, self.urls, self.files, self.links, self.calls, self.labels = (
            index,
            urls,
            files,
            links,
            calls,
            labels,
        )
        self.config = index.config
        self.problems: list[Problem] = []
        self.bodies: dict[str, Body] = {}
        self.newest = sorted(index.articles.values(), key=index.newest_first, reverse=True)
        self.listed = [one for one in self.newest if not one.meta.unlisted and one.kind != "page"]
        self._bodies: dict[str, BodyGroup] = {}
        self._titles = {url: index.articles[key].meta.title or "" for key, url in urls.articles.items()}

    def facts(self) -> dict[str, tuple[Group, ...]]:
        """Return the groups of all articles."""
        for article in self.newest:
            owner = article_ref(article).owner
            self._bodies[owner] = self._body(article)
            self.bodies[owner] = article.body
        near = self._related()
        beside = self._neighbours()
        return {
            (owner := article_ref(article).owner): (
                self._url(article),
                self._card(article),
                self._head(article),
                self._bodies[owner],
                ArticleAnchors(headings=headings_of(article.body)),
                beside.get(owner) or self._alone(article),
                ArticleRelated(related=near.get(owner, ())),
                self._translations(article),
                self._relation(article),
            )
            for article in self.newest
        }

    def mentions(self) -> dict[str, tuple[Ref, ...]]:
        """Return for each product's owner the listed articles that show it, newest first (after `facts`)."""
        found: dict[str, list[Ref]] = defaultdict(list)
        for article in self.listed:
            for owner in self._products(article):
                found[owner].append(article_ref(article))
        return {owner: tuple(refs) for owner, refs in found.items()}

    def authors(self, article: Article) -> tuple[str, ...]:
        """Return the ids of an article's authors, the site's own where it names none."""
        author = self.config.settings.site.author
        return article.meta.authors or ((author,) if author and article.kind != "page" else ())

    # --- groups ---

    def _url(self, article: Article) -> ArticleUrl:
        return ArticleUrl(
            url=self.urls.articles[article.id, article.lang],
            lang=article.lang,
            kind=article.kind,
            section=Ref(f"section:{article.lang}:{article.section}"),
            unlisted=article.meta.unlisted,
            preview=self.index.previewed[article.path].reason if article.path in self.index.previewed else "",
        )

    def _card(self, article: Article) -> ArticleCard:
        meta = article.meta
        updated = max((iso(one.date) for one in meta.updates), default="")
        authors = []
        for number, ident in enumerate(self.authors(article)):
            at = (
                At(path=article.path, field=f"authors[{number}]")
                if meta.authors
                else At(path="ccgen.yaml", field="site.author")
            )
            if self.index.known("person", ident, at):
                authors.append(Ref(f"person:{article.lang}:{ident}"))
        products = self._own_products(article)
        return ArticleCard(
            title=meta.title or "",
            summary=meta.summary or self._summary(article),
            date=iso(meta.date),
            updated=updated,
            picture=self.files.fact(meta.image, article.folder, At(path=article.path, field="image")),
            authors=tuple(authors),
            tags=tuple(ref for tag in meta.tags if (ref := self.labels.tag(tag, article.lang)) is not None),
            product=products[0] if isinstance(meta, ReviewMeta) and products else None,
            rating=(meta.rating or "") if isinstance(meta, ReviewMeta) else "",
            fallback=tuple(sorted(article.fallback)),
        )

    def _summary(self, article: Article) -> str:
        """Return the first paragraph as a summary; a directive without a label is the name of what it shows."""
        calls = self._bodies[article_ref(article).owner].calls

        def named(found: re.Match[str]) -> str:
            call = calls[int(found[1])]
            if call.name == "price":
                text = self.index.loaded.theme.strings.get(article.lang, {}).get("see_price", "")
                return text if isinstance(text, str) else ""
            kind, lang, ident = call.records[0].owner.split(":", 2) if call.records else ("", "", "")
            entry = (
                self.index.table(kind).get((ident, lang))
                if kind in {"product", "maker", "person", "merchant"}
                else None
            )
            return str(getattr(entry.record, "name", "")) if entry and call.name != "rating" else ""

        return _shortened(" ".join(_UNLABELLED.sub(named, article.body.first_paragraph).split()))

    def _head(self, article: Article) -> ArticleHead:
        meta = article.meta
        review = meta if isinstance(meta, ReviewMeta) else None
        guide = meta if isinstance(meta, GuideMeta) else None
        method, method_url, method_title = (guide and guide.method) or "", "", ""
        if method.endswith(".md"):
            method_url, method_title = self._page(method, article, "method")
            method = ""
        return ArticleHead(
            verdict=(review and review.verdict) or "",
            but=(review and review.but) or "",
            pros=review.pros if review else (),
            cons=review.cons if review else (),
            for_whom=(review and review.for_whom) or "",
            not_for=(review and review.not_for) or "",
            scores=tuple(Score(name=name, value=value) for name, value in review.scores.items()) if review else (),
            evidence=self._evidence(review.evidence, article, "evidence") if review else None,
            interests=self._interests(article),
            updates=tuple(UpdateFact(date=iso(one.date), note=one.note) for one in meta.updates),
            picks=self._picks(article, guide) if guide else (),
            considered=self._considered(article, guide) if guide else (),
            method=method,
            method_url=method_url,
            method_title=method_title,
            pictures=self._pictures(article, meta.pictures) if isinstance(meta, NoteMeta) else (),
            extra=meta.extra,
            template=self._template(article),
            word_count=article.body.words,
        )

    def _template(self, article: Article) -> str:
        """Return the name of the article's own template, '' for that of its kind."""
        name = article.meta.template or ""
        if name and f"article/{name}.html" not in self.index.loaded.theme.templates:
            templates = self.index.loaded.theme.templates
            names = [one[8:-5] for one in templates if one.startswith("article/") and one.endswith(".html")]
            hint = did_you_mean(name, names) or f"there are {', '.join(f'`{one}`' for one in sorted(names))}"
            self._note("unknown-template", f"no template `article/{name}.html`", article.at("template"), hint)
        return name

    def _body(self, article: Article) -> BodyGroup:
        home = Home(
            path=article.path,
            folder=article.folder,
            url=self.urls.articles[article.id, article.lang],
            lang=article.lang,
            body=article.body,
        )
        own = Own(
            products=self._own_products(article), unknown=self._names_product(article), article=article_ref(article)
        )
        return self.calls.group(home, own, article.digest)

    def _translations(self, article: Article) -> Translations:
        found = [
            Translation(lang=lang, url=self.urls.articles[article.id, lang], name=language_name(lang))
            for lang in self.config.languages
            if (article.id, lang) in self.urls.articles
        ]
        return Translations(translations=tuple(found) if len(found) > 1 else ())

    def _relation(self, article: Article) -> ArticleRelation:
        shown = {owner.split(":", 2)[2] for owner in self._products(article)}
        merchants = self._merchants(article)
        sold_at = {ref.owner.split(":", 2)[2] for ref in merchants}
        ties = ties_of(self.index, article, self.authors(article), shown, sold_at)
        names = {one for _, one in ties} | article_ties(None, article.meta.interests)
        names |= {role_relation(self._role(ref)) for ref in merchants}
        return ArticleRelation(
            ties=tuple(sorted(ties)),
            relations=tuple(sorted(names, key=STRICTNESS.index)),
            merchants=merchants,
        )

    # --- what an article shows ---

    @staticmethod
    def _names_product(article: Article) -> bool:
        meta = article.meta
        return isinstance(meta, ReviewMeta) or (isinstance(meta, GuideMeta) and bool(meta.picks))

    def _own_products(self, article: Article) -> tuple[Ref, ...]:
        meta = article.meta
        named: list[tuple[str, str]] = []
        if isinstance(meta, ReviewMeta):
            named.append((meta.product, "product"))
        elif isinstance(meta, GuideMeta):
            named.extend((pick.product, f"picks[{number}].product") for number, pick in enumerate(meta.picks))
        return tuple(
            Ref(f"product:{article.lang}:{ident}")
            for ident, field in named
            if self._known_once("product", ident, At(path=article.path, field=field))
        )

    def _products(self, article: Article) -> dict[str, None]:
        """Every product that an article is about or shows, as owners, in order."""
        found = dict.fromkeys(ref.owner for ref in self._own_products(article))
        for call in self._bodies[article_ref(article).owner].calls:
            found |= dict.fromkeys(ref.owner for ref in call.records if ref.owner.startswith("product:"))
        if isinstance(article.meta, NoteMeta):
            tagged = (spot.product for picture in article.meta.pictures for spot in picture.tagged)
            found |= dict.fromkeys(f"product:{article.lang}:{ident}" for ident in tagged)
        return found

    def _sold(self, article: Article) -> dict[str, None]:
        """Every product that an article may lead to a shop for: not one that is only named or tagged."""
        found = dict.fromkeys(ref.owner for ref in self._own_products(article))
        for call in self._bodies[article_ref(article).owner].calls:
            if call.form != "inline" or call.name not in _LINKLESS:
                found |= dict.fromkeys(ref.owner for ref in call.records if ref.owner.startswith("product:"))
        return found

    def _merchants(self, article: Article) -> tuple[Ref, ...]:
        found: dict[str, None] = {}
        for owner in self._sold(article):
            entry = self.index.loaded.products.get((owner.split(":", 2)[2], article.lang))
            for offer in entry.record.offers if entry else ():
                merchant = self.links.merchant_of(offer)
                if merchant is not None:
                    found[f"merchant:{article.lang}:{merchant.id}"] = None
        for target in self._bodies[article_ref(article).owner].targets:
            if target.kind == "purchase" and target.offer:
                found[target.offer.merchant.owner] = None
        return tuple(Ref(owner) for owner in sorted(found))

    def _role(self, ref: Ref) -> str:
        return self.index.loaded.merchants[ref.owner.split(":", 2)[2], self.config.language].record.role

    # --- words ---

    def _evidence(self, evidence: Evidence, article: Article, field: str) -> EvidenceFact:
        url, title = self._page(evidence.method, article, f"{field}.method") if evidence.method else ("", "")
        photos = (
            self.files.fact(photo, article.folder, At(path=article.path, field=f"{field}.photos[{number}]"))
            for number, photo in enumerate(evidence.photos)
        )
        return EvidenceFact(
            obtained=evidence.obtained,
            price_paid=self._paid(evidence.price_paid, At(path=article.path, field=f"{field}.price_paid")),
            since=iso(evidence.since),
            until=iso(evidence.until),
            method_url=url,
            method_title=title,
            summary=evidence.summary or "",
            photos=tuple(photo for photo in photos if photo is not None),
        )

    def _page(self, path: str, article: Article, field: str) -> tuple[str, str]:
        """Return URL and title of the page that a field names, from content/ or from the article's own folder."""
        folder = "content" if path.partition("/")[0] in self.index.kinds else article.folder
        url = self.links.page(path, folder, article.lang, At(path=article.path, field=field)) or ""
        return url, self._titles.get(url, "")

    def _paid(self, text: str | None, at: At) -> Price | None:
        price, wrong = read_price(text, self.config.settings.site.currency) if text else (None, None)
        if wrong is not None:
            self._note(
                wrong.code, wrong.message, at, wrong.hint or f"write `{text} USD`, or give the site a `currency`"
            )
        return price

    def _interests(self, article: Article) -> tuple[InterestFact, ...]:
        found = list(interests_of(self.index, article.meta.interests, article.lang, article.path))
        about = {owner.split(":", 2)[2] for owner in self._products(article)}
        makers = {
            entry.record.maker
            for ident in about
            if (entry := self.index.loaded.products.get((ident, article.lang))) is not None
        }
        for ident in self.authors(article):
            person = self.index.loaded.people.get((ident, article.lang))
            record: PersonRecord | None = person.record if person else None
            for interest in record.interests if record and person else ():
                if interest.with_ in about | makers and person:
                    found += interests_of(self.index, (interest,), article.lang, person.path, who=person.record.name)
        return tuple(found)

    def _picks(self, article: Article, guide: GuideMeta) -> tuple[PickFact, ...]:
        found = []
        for number, pick in enumerate(guide.picks):
            at = At(path=article.path, field=f"picks[{number}].product")
            if not self._known_once("product", pick.product, at):
                continue
            review = self.index.review_of(pick.product, article.lang)
            words = review.meta if review and isinstance(review.meta, ReviewMeta) else None
            evidence = None
            if pick.evidence:
                evidence = self._evidence(pick.evidence, article, f"picks[{number}].evidence")
            elif review and words:
                evidence = self._evidence(words.evidence, review, "evidence")
            found.append(
                PickFact(
                    product=Ref(f"product:{article.lang}:{pick.product}"),
                    badge=pick.badge or "",
                    verdict=pick.verdict or (words and words.verdict) or "",
                    but=pick.but or (words and words.but) or "",
                    evidence=evidence,
                    review=article_ref(review) if review else None,
                )
            )
        return tuple(found)

    def _considered(self, article: Article, guide: GuideMeta) -> tuple[ConsideredFact, ...]:
        found = []
        for number, one in enumerate(guide.considered):
            at = At(path=article.path, field=f"considered[{number}].product")
            known = one.product is None or self._known_once("product", one.product, at)
            ref = Ref(f"product:{article.lang}:{one.product}") if one.product and known else None
            found.append(ConsideredFact(product=ref, name=one.name or "", reason=one.reason))
        return tuple(found)

    def _pictures(self, article: Article, pictures: Sequence[Picture]) -> tuple[PictureFact, ...]:
        found = []
        for number, picture in enumerate(pictures):
            at = At(path=article.path, field=f"pictures[{number}].src")
            ref = self.files.picture(picture.src, article.folder, at)
            tagged = []
            for place, spot in enumerate(picture.tagged):
                where = At(path=article.path, field=f"pictures[{number}].tagged[{place}].product")
                if self._known_once("product", spot.product, where):
                    left, top = spot.at.split()
                    tagged.append(TaggedFact(product=Ref(f"product:{article.lang}:{spot.product}"), left=left, top=top))
            if ref is not None:
                found.append(
                    PictureFact(
                        image=ref, alt=picture.alt, credit=picture.credit or "", ours=picture.ours, tagged=tuple(tagged)
                    )
                )
        return tuple(found)

    # --- beside ---

    def _neighbours(self) -> dict[str, ArticleNeighbours]:
        groups: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in reversed(self.listed):
            groups[article.lang, article.section].append(article)
        found = {}
        for articles in groups.values():
            for number, article in enumerate(articles):
                previous = articles[number - 1] if number else None
                after = articles[number + 1] if number + 1 < len(articles) else None
                found[article_ref(article).owner] = self._beside(article, previous, after)
        return found

    def _alone(self, article: Article) -> ArticleNeighbours:
        return self._beside(article, None, None)

    def _beside(self, article: Article, previous: Article | None, after: Article | None) -> ArticleNeighbours:
        series, part, before, later = self.labels.series_of(article)
        return ArticleNeighbours(
            previous=article_ref(previous) if previous else None,
            next=article_ref(after) if after else None,
            series=series,
            series_part=part,
            series_previous=article_ref(before) if before else None,
            series_next=article_ref(later) if later else None,
        )

    def _related(self) -> Mapping[str, tuple[RelatedFact, ...]]:
        found: dict[str, tuple[RelatedFact, ...]] = {}
        for lang in self.config.languages:
            traits = [Traits(article_ref(one).owner, self._traits(one)) for one in self.listed if one.lang == lang]
            for key, several in related(traits).items():
                found[key] = tuple(
                    RelatedFact(article=Ref(one.key), reason=one.reason, about=one.about) for one in several
                )
        return found

    def _traits(self, article: Article) -> tuple[tuple[str, str], ...]:
        found: dict[tuple[str, str], None] = {}
        for owner in self._products(article):
            entry = self.index.loaded.products.get((owner.split(":", 2)[2], article.lang))
            if entry is not None:
                found["product", entry.record.name] = None
                maker = self.index.loaded.makers.get((entry.record.maker or "", article.lang))
                if maker is not None:
                    found["maker", maker.record.name] = None
        found |= {("tag", self.labels.tag_name(tag, article.lang)): None for tag in article.meta.tags}
        return tuple(found)

    def _known_once(self, kind: str, ident: str, at: At) -> bool:
        before = len(self.index.problems)
        known = self.index.known(kind, ident, at)
        if not known and self.index.problems[before:] and self.index.problems[-1] in self.index.problems[:before]:
            self.index.problems.pop()
        return known

    def _note(self, code: str, message: str, at: At, hint: str) -> None:
        self.problems.append(Problem(code=code, message=message, at=at, hint=hint))


def headings_of(body: Body) -> tuple[Heading, ...]:
    """Return a body's headings as templates see them."""
    return tuple(Heading(level=one.level, id=one.id, text=one.text) for one in body.headings)


def _shortened(text: str) -> str:
    """Cut a paragraph to a summary at a word or, where words are not spaced, at a character."""
    if len(text) <= _SUMMARY_LENGTH:
        return text
    cut = text[:_SUMMARY_LENGTH].rstrip()
    space = cut.rfind(" ")
    return (cut[:space] if space > _SUMMARY_LENGTH // 2 else cut).rstrip(",;:，；：、") + "…"
