"""Rules on what a finished page tells its readers: who pays, what was free, what is our own, and where it says so.

The sentences are a theme's strings, so that a page can be held to them whatever its markup: a sentence is there when its
words can be read.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ccgen.check.page_beside import Beside
from ccgen.check.page_sheet import squeezed
from ccgen.check.page_shops import Purchase
from ccgen.check.page_view import PageView
from ccgen.check.page_words import Sentence
from ccgen.commerce.relation import PAID
from ccgen.model.facts import ArticleRelation, ProductRelation
from ccgen.text.patterns import late

__all__ = ["check_disclosure"]

_ALWAYS = ("sponsored", "gift", "loan", "made")  # owed even where no link stands
_BLOCK = "include `parts/disclosure.html` before the first link"
_ENGLISH = late(r"\b(?:the|and|links?|earn|when|our|we|you|was|were|paid|this)\b", re.IGNORECASE)
_AFFILIATE_ONLY = re.compile(r"\baff(?:iliate)?s?\b", re.IGNORECASE)
_AD = re.compile(r"\bad(?:s|vert|vertisement)?\b", re.IGNORECASE)
_ASSOCIATE = re.compile(r"amazon\s*associate.{0,40}qualifying\s*purchases", re.IGNORECASE | re.DOTALL)
_OTHER_SCRIPTS = frozenset({"zh", "ja", "ko", "ru", "uk", "bg", "el", "ar", "he", "fa", "th", "hi"})


def check_disclosure(page: PageView) -> None:
    """Note what a page owes its readers and does not say, or says in the wrong place."""
    owed = _owed(page)
    told = [name for name in owed if _is_told(page, name)]
    for name in owed:
        if name not in told:
            _missing(page, name)
    _declared(page)
    if told:
        _placed(page, told)
    if page.paid and page.wants("DS-04"):
        _marked(page)
    if page.wants("DS-05", "DS-06", "DS-07", "DS-11") and page.paid:
        _by_country(page)
    if told and page.wants("DS-08", "DS-09"):
        _words(page, told)


def _owed(page: PageView) -> tuple[str, ...]:
    """Return the names of the sentences that must stand on a page."""
    found = {one for purchase in page.telling for one in purchase.relations}
    if page.relation is not None:
        found |= {name for name in page.relation.disclosed if name.removesuffix("_product") in _ALWAYS}
    return tuple(sorted(found))


def _sentences(page: PageView, name: str) -> tuple[Sentence, ...]:
    """Return the forms of a sentence, of which one must stand: of a gift, that for articles or that for products."""
    return page.site.words.disclosure(page.route.lang, name.removesuffix("_product"))


def _is_told(page: PageView, name: str) -> bool:
    return any(one.within(page.sheet.text) for one in _sentences(page, name))


def _missing(page: PageView, name: str) -> None:
    kind = page.route.kind
    if not _sentences(page, name):
        message = f"the string `disclosure_{name}` says nothing"
        page.note("DS-01", message, f"write the sentence in `i18n/{page.route.lang}.yaml` of the theme")
        return
    why = "has a purchase link" if any(name in one.relations for one in page.telling) else "is about a product"
    message = f"the page {why} and does not tell its readers (`disclosure_{name}`)"
    block = _BLOCK if kind in {"article", "product"} else f"{_BLOCK}: it knows what this page owes"
    page.note("DS-01", message, page.change(block))


def _placed(page: PageView, told: list[str]) -> None:
    first = next((one for one in page.telling if not one.anchor.unasked), None)
    if page.wants("DS-02") and first is not None:
        before = page.sheet.text_before(first.anchor.number)
        for name in told:
            if not any(one.within(before) for one in _sentences(page, name)):
                page.note("DS-02", f"`disclosure_{name}` stands after the first paid link", page.change(_BLOCK))
    if page.wants("DS-03"):
        # Where it is found before the first link, the rest of the page need not be read.
        start = page.sheet.open_text_before(first.anchor.number) if first is not None else ""
        for name in told:
            sentences = _sentences(page, name)
            if not any(one.within(start) or one.within(page.sheet.open_text) for one in sentences):
                page.note("DS-03", f"`disclosure_{name}` stands only in a link or folded away", page.change(_BLOCK))


def _declared(page: PageView) -> None:
    group = page.relation
    if not isinstance(group, ArticleRelation | ProductRelation):
        return
    for tie in group.declared:
        sentence = page.site.words.sentence(page.route.lang, f"interest_{tie.how}")
        if not sentence.within(page.sheet.text) or squeezed(tie.name) not in page.tight:
            message = f"a declared interest in {tie.name} is not on the page (`interest_{tie.how}`)"
            page.note("DS-10", message, page.change(_BLOCK))


def _marked(page: PageView) -> None:
    beside = Beside(page.sheet, (one.anchor.number for one in page.purchases))
    for purchase in page.paid:
        if not purchase.anchor.unasked:  # nothing stands beside what is nowhere
            _mark(page, purchase, beside)


def _mark(page: PageView, purchase: Purchase, beside: Beside) -> None:
    relation = next(one for one in purchase.relations if one in PAID)
    mark = page.site.words.sentence(page.route.lang, f"mark_{relation}")
    if not any(map(mark.within, beside.texts(purchase.anchor.number))):
        message = f"a paid link has no mark beside it (`mark_{relation}`)"
        page.note("DS-04", message, page.change("write `link.mark` after the link"))


def _by_country(page: PageView) -> None:
    lang = page.route.lang
    if any(one.seller.amazon for one in page.purchases) and page.wants("DS-05"):
        said = page.site.words.sentence(lang, "disclosure_amazon")
        if not (said.says_something and said.within(page.sheet.text)) and not _ASSOCIATE.search(page.sheet.text):
            page.note("DS-05", "the page links to Amazon without the Associate's sentence", page.change(_BLOCK))
    mark = page.site.words.text(lang, "mark_affiliate")
    if lang.startswith("en") and _AFFILIATE_ONLY.search(mark) and not _AD.search(mark):
        page.note("DS-06", f"paid links are marked “{mark}”, which British readers do not take for an advertisement")
    if lang.startswith("de") and (not squeezed(mark).strip("*") or _ENGLISH.search(mark)):
        page.note("DS-07", f"paid links are marked “{mark}”", "write `Anzeige` or `Werbung` in `mark_affiliate`")
    if lang.startswith("zh") and "广告" not in page.sheet.text and "廣告" not in page.sheet.text:
        page.note("DS-11", "the page has paid links and nowhere the word 广告", "write it in `mark_affiliate`")


def _words(page: PageView, told: list[str]) -> None:
    lang = page.route.lang
    for name in told:
        text = page.site.words.text(lang, f"disclosure_{name}")
        if not _in_language(text, lang):
            hint = f"translate the string in `i18n/{lang}.yaml` of the theme"
            page.note("DS-08", f"`disclosure_{name}` is not in the page's language", hint)
    if not page.wants("DS-09"):
        return
    for text in map(squeezed, page.sheet.descriptions):
        for name in told:
            if any(one.within_tight(text) for one in _sentences(page, name)):
                page.note("DS-09", f"`disclosure_{name}` stands in the page's description", page.change())


@lru_cache(maxsize=1024)  # the same few sentences on every page
def _in_language(text: str, lang: str) -> bool:
    """Say whether a text may be in a language: not in Latin letters for another script, nor plainly in English."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(letter.isascii() for letter in letters)
    if lang.partition("-")[0] in _OTHER_SCRIPTS:
        return latin * 2 < len(letters)
    return lang.startswith("en") or len(_ENGLISH.findall(text)) < 3
