"""Rules over prose: words that claim what nothing supports. They know words, not meaning, so each is a warning at most."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from html import unescape

from ccgen.check.records_claims import is_seller_of
from ccgen.check.registry import finding
from ccgen.check.subject import Subject, is_test
from ccgen.check.words import AMOUNT, DEADLINE, INDEPENDENT, STARS, TESTED, Words, words_in
from ccgen.errors import At, Problem
from ccgen.model.body import html_of
from ccgen.model.loaded import Article
from ccgen.model.parts import owner_of
from ccgen.model.records import GuideMeta, ReviewMeta
from ccgen.text.decode import lenient
from ccgen.text.frontmatter import split
from ccgen.text.patterns import late

__all__ = ["PROSE_RULES", "check_prose"]

_TAG = re.compile(r"<[^>]*>")
# What readers do not read as the author's words: code, comments, destinations, attributes of directives.
_MASKED = late(
    r"^[ >]*(`{3,}|~{3,}).*?(?:^[ >]*\1[`~]*[ \t]*$|\Z)"
    r"|(`+)[^`].*?\2|<!--.*?-->|(?<=\])\([^)\n]*\)|<[^>\n]*>|https?://\S+",
    re.MULTILINE | re.DOTALL,
)
_BLOCK = re.compile(r"\n[ \t]*\n")
_AMAZON = re.compile(r"amazon|亚马逊", re.IGNORECASE)


class _Prose:
    """One article's text: `lowered` is its HTML in lower case, for a first look; its places are found in the source."""

    def __init__(self, article: Article, subject: Subject) -> None:
        self.article, self.subject = article, subject
        body = subject.plan.bodies.get(owner_of("article", article.lang, article.id))
        self.html = html_of(body.pieces) if body else ""
        self.lowered = self.html.lower()

    def holds(self, words: Words | None) -> bool:
        """Say whether any of the words stands in the text."""
        return words is not None and words.may_hold(self.lowered) and words.pattern.search(self.shown) is not None

    @cached_property
    def shown(self) -> str:
        """The words of the body in order, without markup; what directives draw is not in it."""
        return unescape(_TAG.sub("", self.html))

    @cached_property
    def source(self) -> str:
        """The article's file."""
        return lenient((self.subject.config.root / self.article.path).read_bytes())

    @cached_property
    def start(self) -> int:
        """Where the prose begins in the source."""
        return split(self.source, path=self.article.path)[0].body

    @cached_property
    def masked(self) -> str:
        """The source with spaces for what is not prose."""
        body = _MASKED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), self.source[self.start :])
        return self.source[: self.start] + body

    def places(self, words: Words) -> Iterator[tuple[str, At]]:
        """Yield each find in the prose, with its place in the source."""
        for found in words.pattern.finditer(self.masked, self.start):
            yield found[0], At(path=self.article.path, start=found.start(), length=len(found[0]))


def check_prose(subject: Subject, rules: frozenset[str]) -> tuple[Problem, ...]:
    """Return what the prose of published articles breaks of the given rules, each finding at its words."""
    wanted = [look for rule, look in PROSE_RULES.items() if rule in rules]
    texts = (_Prose(article, subject) for article in (subject.articles if wanted else ()))
    return tuple(problem for text in texts for look in wanted for problem in look(text))


def _tests(text: _Prose) -> Iterator[Problem]:
    """RV-01: the text says that something was tested, and no product of it has a recorded test."""
    words = words_in(TESTED, text.article.lang)
    if words is None or not words.may_hold(text.lowered) or _has_test(text):
        return
    for word, at in text.places(words):
        message = f"`{word}` claims a test, and no evidence of one is recorded"
        yield finding("RV-01", message, at, mild=True)


def _has_test(text: _Prose) -> bool:
    """Say whether a test is recorded of any product that an article shows; one that shows none claims nothing of any."""
    meta, subject = text.article.meta, text.subject
    if isinstance(meta, ReviewMeta):
        return is_test(meta.evidence)
    if isinstance(meta, GuideMeta) and any(is_test(pick.evidence) for pick in meta.picks):
        return True
    shown = subject.shown_in(text.article)
    return not shown or any(one in subject.sold or subject.is_tested(one) for one in shown)


def _independence(text: _Prose) -> Iterator[Problem]:
    """RV-06: the text calls itself independent, and we sell such goods."""
    words = words_in(INDEPENDENT, text.article.lang)
    if words is None or not text.subject.sold or not text.holds(words):
        return
    if any(is_seller_of(text.subject, product) for product in text.subject.shown_in(text.article)):
        for word, at in text.places(words):
            yield finding("RV-06", f"`{word}`, and this site sells goods of that kind", at, mild=True)


def _hurry(text: _Prose) -> Iterator[Problem]:
    """PR-14: the text hurries a buyer, and no offer of what it shows has an end."""
    words = words_in(DEADLINE, text.article.lang)
    if words is None or not text.holds(words):
        return
    shown = text.subject.shown_in(text.article)
    if shown and not any(offer.valid_until for product in shown for offer in text.subject.offers(product)):
        for word, at in text.places(words):
            yield finding("PR-14", f"`{word}`, and no offer of what is shown has an end", at, mild=True)


def _amounts(text: _Prose) -> Iterator[Problem]:
    """PR-01: an amount of money in a paragraph that speaks of Amazon."""
    for word, at in _near_amazon(text, AMOUNT):
        yield finding(
            "PR-01", f"`{word.strip()}` beside Amazon's name", at, "take the amount out of the text", mild=True
        )


def _stars(text: _Prose) -> Iterator[Problem]:
    """RV-11: stars in a paragraph that speaks of Amazon."""
    for word, at in _near_amazon(text, STARS):
        yield finding("RV-11", f"`{word.strip()}` beside Amazon's name", at, mild=True)


def _near_amazon(text: _Prose, words: Words) -> Iterator[tuple[str, At]]:
    """Yield each find in a paragraph that names Amazon, in words or in a directive or a link."""
    if not text.subject.has_amazon or not words.pattern.search(text.shown):
        return
    ends = [found.start() for found in _BLOCK.finditer(text.source, text.start)] + [len(text.source)]
    for begin, end in zip([text.start, *ends], ends, strict=False):
        if _AMAZON.search(text.source, begin, end):
            for found in words.pattern.finditer(text.masked, begin, end):
                yield found[0], At(path=text.article.path, start=found.start(), length=len(found[0]))


PROSE_RULES: Mapping[str, Callable[[_Prose], Iterable[Problem]]] = {
    "RV-01": _tests,
    "RV-06": _independence,
    "RV-11": _stars,
    "PR-01": _amounts,
    "PR-14": _hurry,
}
