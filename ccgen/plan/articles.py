"""Facts of articles: their words, evidence, neighbours and relations; knows no list page and no feed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ccgen.commerce.prices import read_price
from ccgen.errors import At
from ccgen.model.body import Outline
from ccgen.model.facts import (
    ArticleAnchors,
    ArticleCard,
    ArticleHead,
    ArticleNeighbours,
    ArticleRelated,
    ArticleUrl,
    Group,
    Translations,
)
from ccgen.model.kept import Kept
from ccgen.model.loaded import Article
from ccgen.model.parts import (
    ConsideredFact,
    EvidenceFact,
    Heading,
    PickFact,
    PictureFact,
    Price,
    Ref,
    RelatedFact,
    Score,
    TaggedFact,
    Translation,
    UpdateFact,
    id_of,
    owner_kind,
    ref,
)
from ccgen.model.records import Evidence, GuideMeta, NoteMeta, Picture, ReviewMeta
from ccgen.plan.calls import Calls, article_ref
from ccgen.plan.files import Files
from ccgen.plan.index import Index, is_listed
from ccgen.plan.labels import Labels
from ccgen.plan.links import Links
from ccgen.plan.noting import Noting
from ccgen.plan.related import Trait, Traits, related_again
from ccgen.plan.shown import Shower, Shown
from ccgen.plan.sold import Sales
from ccgen.plan.urls import Urls
from ccgen.text.clock import iso
from ccgen.text.languages import language_name
from ccgen.text.near import did_you_mean

__all__ = ["Articles"]

_SUMMARY_LENGTH = 200
_AUTHOR = At(path="ccgen.yaml", field="site.author")
_UNASKED = ArticleRelated(related=None)
_UNTRANSLATED = Translations(translations=())
_UNLABELLED = re.compile("\ufdd0(\\d+)\ufdd1")


class Articles(Noting):
    """Makes the facts of every published article; all that each shows is decided when it is made."""

    def __init__(
        self,
        index: Index,
        urls: Urls,
        files: Files,
        links: Links,
        calls: Calls,
        labels: Labels,
        sales: Sales,
        kept: Kept,
    ) -> None:
        super().__init__()
        self.kept = kept
        self.index, self.urls, self.files, self.links, self.calls, self.labels = (
            index,
            urls,
            files,
            links,
            calls,
            labels,
        )
        self.config = index.config
        shower = Shower(index, calls, sales)
        self._shown = {(shown := shower.of(article)).ref.owner: shown for article in index.newest}
        self._authors: dict[tuple[tuple[str, ...], str], tuple[Ref, ...]] = {}  # of articles that all have one

    def ties(self, article: Article) -> tuple[tuple[str, str], ...]:
        """Return what an article adds to the relations of its links: (product, or '' for all, relation)."""
        return self._shown[article_ref(article).owner].relation.ties

    def facts(self) -> dict[str, tuple[Group, ...]]:
        """Return the groups of all articles."""
        near = self._related() if "related" in self.index.loaded.theme.words else None
        beside = self._neighbours()
        return {
            owner: (
                self._url(shown.article),
                self._card(shown),
                self._head(shown),
                shown.body,
                ArticleAnchors(headings=headings_of(shown.article.body)),
                beside.get(owner) or self._beside(shown.article, None, None),
                _UNASKED if near is None else ArticleRelated(related=near.get(owner, ())),
                self._translations(shown.article),
                shown.relation,
            )
            for owner, shown in self._shown.items()
        }

    def mentions(self) -> dict[str, tuple[Ref, ...]]:
        """Return for each product's owner the listed articles that show it, newest first."""
        found: dict[str, list[Ref]] = defaultdict(list)
        for shown in self._listed():
            for product in shown.products:
                found[product.owner].append(shown.ref)
        return {owner: tuple(refs) for owner, refs in found.items()}

    def _listed(self) -> Iterator[Shown]:
        """Yield what listed articles show, newest first."""
        return (shown for shown in self._shown.values() if is_listed(shown.article))

    # --- groups ---

    def _url(self, article: Article) -> ArticleUrl:
        return ArticleUrl(
            url=self.urls.articles[article.id, article.lang],
            lang=article.lang,
            kind=article.kind,
            section=ref("section", article.lang, article.section),
            unlisted=article.meta.unlisted,
            preview=self.index.previewed[article.path].reason if article.path in self.index.previewed else "",
        )

    def _card(self, shown: Shown) -> ArticleCard:
        article, meta = shown.article, shown.article.meta
        tags = [self.labels.tag(tag, article.lang).ref for tag in meta.tags]
        review = meta if isinstance(meta, ReviewMeta) else None
        return ArticleCard(
            title=meta.title or "",
            summary=meta.summary or self._summary(shown),
            date=iso(meta.date),
            updated=max([iso(one.date) for one in meta.updates], default=""),
            picture=self.files.fact(meta.image, article.folder, article.at("image")) if meta.image else None,
            authors=self._authors_of(article),
            tags=tuple(dict.fromkeys(tag for tag in tags if tag is not None)),
            product=shown.own[0] if review and shown.own else None,
            rating=(review and review.rating) or "",
            fallback=tuple(sorted(article.fallback)),
        )

    def _authors_of(self, article: Article) -> tuple[Ref, ...]:
        names = self.index.authors(article)
        found = self._authors.get((names, article.lang))
        if found is None:
            places = (
                [article.at(f"authors[{number}]") for number in range(len(names))]
                if article.meta.authors
                else [_AUTHOR]
            )
            there = [one for one, at in zip(names, places, strict=False) if self.index.known("person", one, at)]
            found = tuple([ref("person", article.lang, one) for one in there])
            if len(there) == len(names):
                self._authors[names, article.lang] = found
        return found

    def _summary(self, shown: Shown) -> str:
        """Return the first paragraph as a summary; a directive without a label is the name of what it shows."""
        article, calls = shown.article, shown.body.calls

        def named(found: re.Match[str]) -> str:
            call = calls[int(found[1])]
            if call.name == "price":
                text = self.index.loaded.theme.strings.get(article.lang, {}).get("see_price", "")
                return text if isinstance(text, str) else ""
            owner = call.records[0].owner if call.records else ""
            entry = (
                self.index.table(owner_kind(owner)).get((id_of(owner), article.lang))
                if owner_kind(owner) in {"product", "maker", "person", "merchant"}
                else None
            )
            return str(getattr(entry.record, "name", "")) if entry and call.name != "rating" else ""

        return _shortened(" ".join(_UNLABELLED.sub(named, article.body.first_paragraph).split()))

    def _head(self, shown: Shown) -> ArticleHead:
        article, meta = shown.article, shown.article.meta
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
            scores=self._scores(review, article) if review else (),
            evidence=self._evidence(review.evidence, article, "evidence") if review else None,
            interests=shown.interests,
            updates=tuple([UpdateFact(date=iso(one.date), note=one.note) for one in meta.updates]),
            picks=self._picks(article, guide) if guide else (),
            considered=self._considered(article, guide) if guide else (),
            method=method,
            method_url=method_url,
            method_title=method_title,
            pictures=self._pictures(article, meta.pictures) if isinstance(meta, NoteMeta) else (),
            extra=self.calls.free_keys(meta.extra, article.folder, article.lang, article.at),
            template=self._template(article),
            has_summary=bool(meta.summary),
            word_count=article.body.words,
        )

    def _scores(self, review: ReviewMeta, article: Article) -> tuple[Score, ...]:
        base = self.config.language
        return tuple(
            Score(name=name, value=value, lang=base if f"scores.{name}" in article.fallback else "")
            for name, value in review.scores.items()
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

    def _translations(self, article: Article) -> Translations:
        urls = self.urls.articles
        languages = [lang for lang in self.config.languages if (article.id, lang) in urls]
        if len(languages) < 2:
            return _UNTRANSLATED
        found = [Translation(lang=lang, url=urls[article.id, lang], name=language_name(lang)) for lang in languages]
        return Translations(translations=tuple(found))

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
        return url, self.index.titles.get(url, "")

    def _paid(self, text: str | None, at: At) -> Price | None:
        price, wrong = read_price(text, self.config.settings.site.currency) if text else (None, None)
        if wrong is not None:
            self._note(
                wrong.code, wrong.message, at, wrong.hint or f"write `{text} USD`, or give the site a `currency`"
            )
        return price

    def _picks(self, article: Article, guide: GuideMeta) -> tuple[PickFact, ...]:
        found = []
        for number, pick in enumerate(guide.picks):
            at = At(path=article.path, field=f"picks[{number}].product")
            if not self.index.known("product", pick.product, at):
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
                    product=ref("product", article.lang, pick.product),
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
            known = one.product is None or self.index.known("product", one.product, at)
            product = ref("product", article.lang, one.product) if one.product and known else None
            found.append(ConsideredFact(product=product, name=one.name or "", reason=one.reason))
        return tuple(found)

    def _pictures(self, article: Article, pictures: Sequence[Picture]) -> tuple[PictureFact, ...]:
        found = []
        for number, picture in enumerate(pictures):
            at = At(path=article.path, field=f"pictures[{number}].src")
            image = self.files.picture(picture.src, article.folder, at)
            tagged = []
            for place, spot in enumerate(picture.tagged):
                where = At(path=article.path, field=f"pictures[{number}].tagged[{place}].product")
                if self.index.known("product", spot.product, where):
                    left, top = spot.at.split()
                    tagged.append(TaggedFact(product=ref("product", article.lang, spot.product), left=left, top=top))
            if image is not None:
                found.append(
                    PictureFact(
                        image=image,
                        alt=picture.alt,
                        credit=picture.credit or "",
                        ours=picture.ours,
                        tagged=tuple(tagged),
                    )
                )
        return tuple(found)

    # --- beside ---

    def _neighbours(self) -> dict[str, ArticleNeighbours]:
        groups: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in reversed(self.index.listed):
            groups[article.lang, article.section].append(article)
        found = {}
        for articles in groups.values():
            for number, article in enumerate(articles):
                previous = articles[number - 1] if number else None
                after = articles[number + 1] if number + 1 < len(articles) else None
                found[article_ref(article).owner] = self._beside(article, previous, after)
        return found

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
            traits = [Traits(one.ref.owner, self._traits(one)) for one in self._listed() if one.article.lang == lang]
            found |= related_again(traits, f"related {lang}", self.kept)
        return found

    def _traits(self, shown: Shown) -> tuple[Trait, ...]:
        found = [trait for product in shown.sold for trait in product.traits]
        for written in shown.article.meta.tags:
            tag = self.labels.tag(written, shown.article.lang)
            found.append(Trait("tag", tag.slug, tag.name))
        return tuple(dict.fromkeys(found))


def headings_of(body: Outline) -> tuple[Heading, ...]:
    """Return a body's headings as templates see them."""
    return tuple([Heading(level=one.level, id=one.id, text=one.text) for one in body.headings])


def _shortened(text: str) -> str:
    """Cut a paragraph to a summary at a word or, where words are not spaced, at a character."""
    if len(text) <= _SUMMARY_LENGTH:
        return text
    cut = text[:_SUMMARY_LENGTH].rstrip()
    space = cut.rfind(" ")
    return (cut[:space] if space > _SUMMARY_LENGTH // 2 else cut).rstrip(",;:，；：、") + "…"
