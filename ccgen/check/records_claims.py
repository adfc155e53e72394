"""Rules over what front matter claims: tests, authors, independence, ratings and ties (RV, DS)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from ccgen.check.registry import finding
from ccgen.check.subject import Subject, is_test
from ccgen.check.words import BLAME, INDEPENDENT, PRAISE, TESTED, words_in
from ccgen.errors import At, Problem
from ccgen.model.loaded import Article
from ccgen.model.records import GuideMeta, Interest, ReviewMeta
from ccgen.text.patterns import late

__all__ = ["CHECKS", "claims_of", "is_seller_of"]

_NAME_LENGTH = 100  # characters, from the source of RV-02
_PROMOTION = late(r"https?:|www\.|[!%$€£¥]|\b(?:best|cheap|discount|deals?|coupons?|sale)\b|优惠|促销|特价|折扣", re.I)
_HIGH, _LOW = Decimal("0.8"), Decimal("0.6")  # of the scale: where blame and praise do not belong
_NO_TEST = "record it in `evidence:` (`since`, `method`, `summary` or `photos`), or take the claim out"


def _untested_claims(subject: Subject) -> Iterator[Problem]:
    """RV-01: a title, a verdict, a badge or the summary of what is `untested` claims a test that no evidence records."""
    yield from _tests_to_come(subject)
    for article in subject.articles:
        for field, text in claims_of(subject, article):
            words = words_in(TESTED, article.lang)
            found = words.search(text) if words else None
            if found and subject.is_own(article, field):
                message = f"`{found[0].strip()}` claims a test, and no evidence of one is recorded"
                yield finding("RV-01", message, article.at(field), _NO_TEST)


def _tests_to_come(subject: Subject) -> Iterator[Problem]:
    """RV-01: evidence says that a product is in use since a day that has not come."""
    for article in subject.originals:
        meta = article.meta
        several = {"evidence": meta.evidence} if isinstance(meta, ReviewMeta) else {}
        if isinstance(meta, GuideMeta):
            several = {
                f"picks[{number}].evidence": one.evidence for number, one in enumerate(meta.picks) if one.evidence
            }
        for field, evidence in several.items():
            since = evidence.since
            if since and not (subject.config.future or subject.clock.passed(subject.instant(since))):
                message = f"`{since}` has not come yet: nobody has used it since then"
                yield finding("RV-01", message, article.at(f"{field}.since"), "correct the date", mild=True)


def claims_of(subject: Subject, article: Article) -> Iterator[tuple[str, str]]:
    """Yield the short texts, with their fields, that speak of a product of which no test is recorded."""
    meta = article.meta
    if isinstance(meta, ReviewMeta):
        if not is_test(meta.evidence):
            single = {"title": meta.title, "summary": meta.summary, "verdict": meta.verdict, "but": meta.but}
            single["evidence.summary"] = meta.evidence.summary
            yield from ((field, text) for field, text in single.items() if text)
            for field, several in (("pros", meta.pros), ("cons", meta.cons)):
                yield from ((f"{field}[{number}]", text) for number, text in enumerate(several))
    elif isinstance(meta, GuideMeta) and meta.picks and subject.is_whole:
        untested = [
            number
            for number, pick in enumerate(meta.picks)
            if not (is_test(pick.evidence) if pick.evidence else subject.is_tested(pick.product))
        ]
        if untested:
            yield from ((field, text) for field, text in (("title", meta.title), ("summary", meta.summary)) if text)
        for number in untested:
            pick = meta.picks[number]
            texts = {"badge": pick.badge, "verdict": pick.verdict, "but": pick.but}
            texts["evidence.summary"] = pick.evidence.summary if pick.evidence else None
            yield from ((f"picks[{number}].{field}", text) for field, text in texts.items() if text)


def _authors(subject: Subject) -> Iterator[Problem]:
    """RV-02: a review has no author, or one whose name is none."""
    site_author = subject.config.settings.site.author
    for article in subject.originals:
        if isinstance(article.meta, ReviewMeta) and not article.meta.authors and not site_author:
            hint = "add `authors: ID` of a file in content/people/, or `site.author` to ccgen.yaml"
            yield finding("RV-02", "this review has no author", article.at("product", on_key=True), hint)
    for (_, lang), person in sorted(subject.loaded.people.items()):
        name = person.record.name
        if lang != subject.config.language and "name" in person.fallback:
            continue
        if len(name) >= _NAME_LENGTH:
            message = f"a name of {len(name)} characters is none that a search engine takes for an author's"
            yield finding("RV-02", message, person.at("name"), "write the person's name and nothing else")
        elif _PROMOTION.search(name):
            hint = "write the person's name and nothing else"
            yield finding("RV-02", f"`{name}` advertises", person.at("name"), hint, mild=True)


def is_seller_of(subject: Subject, product: str) -> bool:
    """Say whether we sell a product, or others of its category."""
    entry = subject.loaded.products.get((product, subject.config.language))
    category = entry.record.category if entry else None
    if product in subject.sold:
        return True
    return category is not None and any(
        one.record.category == category for one in subject.products if one.id in subject.sold
    )


def _independence(subject: Subject) -> Iterator[Problem]:
    """RV-06: a review of goods of the kind that we sell calls itself independent."""
    if not subject.sold:
        return
    for article in subject.articles:
        meta = article.meta
        words = words_in(INDEPENDENT, article.lang)
        if words is None or not isinstance(meta, ReviewMeta | GuideMeta):
            continue
        texts = {"title": meta.title, "summary": meta.summary}
        if isinstance(meta, ReviewMeta):
            texts |= {"verdict": meta.verdict, "but": meta.but}
        claimed = [(field, found[0]) for field, text in texts.items() if text and (found := words.search(text))]
        if claimed and any(is_seller_of(subject, product) for product in subject.shown_in(article)):
            for field, word in claimed:
                if subject.is_own(article, field):
                    message = f"`{word}`, and this site sells goods of that kind"
                    yield finding("RV-06", message, article.at(field))


def _ratings(subject: Subject) -> Iterator[Problem]:
    """RV-10: a rating has no scores, or the verdict does not fit it."""
    scale = subject.config.settings.site.rating_scale
    for article in subject.articles:
        meta = article.meta
        if not isinstance(meta, ReviewMeta) or meta.rating is None:
            continue
        if not meta.scores and article.path in subject.original_paths:
            yield finding("RV-10", "nothing says what this rating is made of", article.at("rating"))
        share = Decimal(meta.rating) / scale
        for lists, out in ((PRAISE, share <= _LOW), (BLAME, share >= _HIGH)):
            words = words_in(lists, article.lang)
            found = words.search(meta.verdict or "") if words and out else None
            if found and subject.is_own(article, "verdict"):
                message = f"`{found[0]}` does not fit a rating of {meta.rating} of {scale}"
                yield finding("RV-10", message, article.at("verdict"), "change the word or the rating")


def _ties(subject: Subject) -> Iterator[Problem]:
    """DS-10: a review of what we make does not say so, or a tie is declared without a word on what it is."""
    for article in subject.originals:
        meta = article.meta
        if isinstance(meta, ReviewMeta):
            product = subject.loaded.products.get((meta.product, subject.config.language))
            maker = product and subject.loaded.makers.get((product.record.maker or "", subject.config.language))
            if maker and maker.record.ours and meta.evidence.obtained not in {"ours", "untested"}:
                message = f"`{meta.product}` is made by us, and this review says that it was {_came(meta)}"
                yield finding("DS-10", message, article.at("evidence.obtained"), "obtained: ours")
        yield from _vague(meta.interests, article.at)
    for person in subject.people:
        yield from _vague(person.record.interests, person.at)


def _came(meta: ReviewMeta) -> str:
    return {"bought": "bought", "gift": "a gift", "loan": "lent"}[meta.evidence.obtained]


def _vague(interests: Iterable[Interest], at: Callable[[str], At]) -> Iterator[Problem]:
    for number, one in enumerate(interests):
        if one.how == "other" and not one.note:
            message = f"nothing says what the tie with `{one.with_}` is"
            yield finding("DS-10", message, at(f"interests[{number}]"), "add `note:`: readers see it", mild=True)


CHECKS: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    "RV-01": _untested_claims,
    "RV-02": _authors,
    "RV-06": _independence,
    "RV-10": _ratings,
    "DS-10": _ties,
}
