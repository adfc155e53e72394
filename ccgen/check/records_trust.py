"""Rules over what makes a recommendation trustworthy: drawbacks, badges, method, age and a way to buy (TR)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from html import unescape
from typing import NamedTuple

from ccgen.check.registry import finding
from ccgen.check.subject import Subject
from ccgen.check.words import BEST, OVERALL, words_in
from ccgen.errors import At, Problem
from ccgen.model.loaded import Article
from ccgen.model.records import GuideMeta, Pick, ReviewMeta

__all__ = ["CHECKS"]

_YEAR = re.compile(r"(?<!\d)20[1-4]\d(?!\d)")
_THIN = 50  # words, front matter counted
_MONTH = timedelta(days=30)


def _guides(subject: Subject) -> Iterator[tuple[Article, GuideMeta]]:
    """Yield guides with picks; none where a review may be missing whose words a pick would have."""
    for article in subject.originals if subject.is_whole else ():
        if isinstance(article.meta, GuideMeta) and article.meta.picks:
            yield article, article.meta


def _words_of(subject: Subject, pick: Pick) -> ReviewMeta | None:
    """Return the front matter of a pick's review, whose words stand where the pick has none."""
    review = subject.review_of(pick.product)
    return review.meta if review is not None and isinstance(review.meta, ReviewMeta) else None


def _drawbacks(subject: Subject) -> Iterator[Problem]:
    """TR-01: a pick has neither a `but` nor a review with cons; a rating's drawbacks are written and say nothing."""
    for article, guide in _guides(subject):
        for number, pick in enumerate(guide.picks):
            words = _words_of(subject, pick)
            if not _says((pick.but or "", *_drawbacks_of(words))):
                message = f"the pick `{pick.product}` has no drawback"
                hint = _in_hidden(subject, pick, "but", lambda one: _says(_drawbacks_of(one)))
                yield finding("TR-01", message, article.at(f"picks[{number}]"), hint)
    for article in subject.articles:
        if isinstance(article.meta, ReviewMeta) and article.meta.rating is not None:
            for field, texts in (("but", _given(article.meta.but)), ("cons", article.meta.cons)):
                if texts and not _says(texts) and subject.is_own(article, field):
                    message = f"a review with a rating, and its `{field}` says nothing"
                    yield finding("TR-01", message, article.at(field), "say what is not good")


def _drawbacks_of(review: ReviewMeta | None) -> tuple[str, ...]:
    return (review.but or "", *review.cons) if review else ()


def _in_hidden(subject: Subject, pick: Pick, key: str, says: Callable[[ReviewMeta], bool]) -> str:
    """Return why a pick lacks words that stand in its review: that is not published. '' where it has none to give."""
    found = subject.hidden_review_of(pick.product)
    if found is None or not says(found[0]):
        return ""
    hidden = found[1]
    date = hidden.date.replace("T", " ")
    why, more = {
        "draft": ("is a draft", ", or build with --drafts"),
        "scheduled": (f"appears only on {date}", ", or build with --future"),
        "expired": (f"expired on {date}", ""),
    }[hidden.reason]
    return f"its review {hidden.path} {why}: give the pick a `{key}:` of its own{more}"


def _given(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)


def _says(texts: Iterable[str]) -> bool:
    """Say whether there is a word, a figure or a picture of one in any of the texts, as readers see them."""
    return any(unicodedata.category(one)[0] in "LNS" for text in texts for one in unescape(text))


def _badges(subject: Subject) -> Iterator[Problem]:
    """TR-02: two picks bear the same badge, or a badge has no verdict that gives its reason; two products are the best."""
    yield from _reasons(subject)
    for article in subject.articles if subject.is_whole else ():
        seen: dict[str, _Badge] = {}
        for badge in _badges_of(subject, article):
            first = seen.setdefault("" if badge.best else " ".join(badge.text.casefold().split()), badge)
            if first.product != badge.product and (badge.in_prose or article.path in subject.original_paths):
                message = f"`{first.product}` is `{first.text}` already, and `{badge.product}` is `{badge.text}`"
                hint = "give one of them another badge, or none"
                yield finding("TR-02", message, badge.at, hint, mild=not badge.best)


class _Badge(NamedTuple):
    product: str
    text: str
    at: At
    best: bool  # only one product of an article can bear it
    in_prose: bool = False


def _badges_of(subject: Subject, article: Article) -> Iterator[_Badge]:
    """Yield the badges of an article's picks, then those that its directives give if they say that something is the best."""
    overall = words_in(OVERALL, article.lang)

    def best(text: str) -> bool:
        return overall is not None and overall.search(" ".join(text.split())) is not None

    if isinstance(article.meta, GuideMeta):
        for number, pick in enumerate(article.meta.picks):
            if pick.badge:
                yield _Badge(pick.product, pick.badge, article.at(f"picks[{number}].badge"), best(pick.badge))
    for product, text, at in subject.given(article, "badge"):
        if best(text):
            yield _Badge(product, text, at, best=True, in_prose=True)


def _reasons(subject: Subject) -> Iterator[Problem]:
    for article, guide in _guides(subject):
        for number, pick in enumerate(guide.picks):
            words = _words_of(subject, pick)
            if pick.badge and not (pick.verdict or (words and words.verdict)):
                message = f"nothing says why `{pick.product}` is `{pick.badge}`"
                hint = _in_hidden(subject, pick, "verdict", lambda one: bool(one.verdict)) or "add a `verdict:`"
                yield finding("TR-02", message, article.at(f"picks[{number}].badge"), hint, mild=True)


def _years(subject: Subject) -> Iterator[Problem]:
    """TR-04: a year in a title or a slug that is not the last update's; offers that were long not looked at."""
    for article in subject.articles:
        meta = article.meta
        if article.kind not in {"review", "guide"} or not meta.date:
            continue
        last = max((meta.date, *(one.date for one in meta.updates)))[:4]
        slug = meta.slug or article.id.rpartition("/")[2]
        for field, text in (("title", meta.title or ""), ("slug", slug)):
            found = _YEAR.search(text)
            if found and found[0] != last and subject.is_own(article, field):
                message = f"it speaks of {found[0]}, and was last changed in {last}"
                yield finding("TR-04", message, article.at(field if field == "title" or meta.slug else ""))
    months = subject.policy.parameter("verified_months")
    for entry in subject.products:
        seen = [subject.instant(one.seen) for one in subject.offers(entry.id) if one.seen]
        due = max(seen) + months * _MONTH + timedelta.resolution if seen else None
        if entry.record.status == "active" and due and subject.clock.passed(due):
            message = f"no offer of `{entry.id}` was looked at since {max(seen).date()}"
            field = "checked" if entry.record.checked else "offers"
            yield finding("TR-04", message, entry.at(field), "look again and renew `checked:`, or delete the offers")


def _methods(subject: Subject) -> Iterator[Problem]:
    """TR-05: a guide to the best says neither how it was chosen nor what else was considered."""
    for article, guide in _guides(subject):
        words = words_in(BEST, article.lang)
        if words and words.search(guide.title or "") and not (guide.method or guide.considered):
            yield finding("TR-05", "a guide to the best, and nothing says how they were chosen", article.at("title"))


def _merchants(subject: Subject) -> Iterator[Problem]:
    """TR-06: several offers of a product, all at one merchant."""
    for entry in subject.products:
        offers = subject.offers(entry.id)
        sellers = {one.merchant for one in offers}
        if len(offers) > 1 and len(sellers) == 1 and not any(one.role == "ours" for one in offers):
            message = f"all {len(offers)} offers of `{entry.id}` are at one merchant"
            yield finding("TR-06", message, entry.at("offers"))


def _living(subject: Subject) -> Iterator[Problem]:
    """TR-07: a pick that can be bought nowhere, and that nothing replaces."""
    for article, guide in _guides(subject):
        for number, pick in enumerate(guide.picks):
            entry = subject.loaded.products.get((pick.product, subject.config.language))
            if entry is None or entry.record.replaced_by:
                continue
            offers = subject.offers(pick.product)
            if entry.record.status == "gone" or (offers and not any(one.buyable for one in offers)):
                message = f"the pick `{pick.product}` can be bought nowhere, and nothing replaces it"
                yield finding("TR-07", message, article.at(f"picks[{number}].product"))


def _thin(subject: Subject) -> Iterator[Problem]:
    """TR-09: a review or a guide that leads to paid offers and says next to nothing itself."""
    for article in subject.articles:
        if article.kind not in {"review", "guide"} or "affiliate" not in subject.relations(article):
            continue
        words = article.body.words + sum(map(_length, _texts(subject, article)))
        if words < _THIN:
            message = f"{words} words, and links that are paid"
            yield finding("TR-09", message, article.at())


def _texts(subject: Subject, article: Article) -> Iterator[str]:
    meta = article.meta
    if isinstance(meta, ReviewMeta):
        several = (meta.verdict, meta.but, meta.for_whom, meta.not_for, meta.evidence.summary, *meta.pros, *meta.cons)
        yield from (one for one in several if one)
    if isinstance(meta, GuideMeta):
        yield meta.method or ""
        yield from (one.reason for one in meta.considered)
        for pick in meta.picks:
            words = _words_of(subject, pick)
            yield pick.verdict or (words and words.verdict) or ""
            yield pick.but or (words and words.but) or ""


def _length(text: str) -> int:
    """Count words as `Body.words` does: Latin words, and every character of scripts that do not part them."""
    return len(
        re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+", text)
    )


CHECKS: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    "TR-01": _drawbacks,
    "TR-02": _badges,
    "TR-04": _years,
    "TR-05": _methods,
    "TR-06": _merchants,
    "TR-07": _living,
    "TR-09": _thin,
}
