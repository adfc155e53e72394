"""Rules over prices and pictures as they are recorded (PR, IM, SD)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from ccgen.check.registry import finding
from ccgen.check.subject import Offered, Subject, is_test
from ccgen.check.words import TESTED, words_in
from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.prices import duration_of
from ccgen.errors import At, Problem
from ccgen.model.loaded import Article, Entry
from ccgen.model.records import ImageRef, MakerRecord, MerchantRecord, NoteMeta, PersonRecord, ProductRecord, ReviewMeta
from ccgen.text.patterns import late

__all__ = ["CHECKS"]

_MEASURE = late(r"\d\s?(?:kg|g|ml|l|oz|lb)\b|\d\s?(?:克|千克|公斤|斤|毫升|升)", re.I)
_AMAZON_FILE = re.compile(r"^[0-9A-Za-z+%-]{10,12}\._[A-Z]{2,}[\w,]*_?\.\w+$")


def _amazon(merchant: Entry[MerchantRecord]) -> bool:
    record = merchant.record
    return is_amazon(record.role, record.network, record.url)


def _unserved(subject: Subject) -> Iterator[Problem]:
    """PR-01: a price of Amazon's that somebody typed is shown."""
    for one in _offered(subject):
        if _amazon(one.merchant) and one.fact.price is not None:
            message = "this price of Amazon's would be shown, and Amazon did not serve it"
            yield finding("PR-01", message, one.entry.at(f"{one.field}.price"))


def _offered(subject: Subject) -> Iterator[Offered]:
    return (one for several in subject.offered.values() for one in several)


def _too_long(subject: Subject) -> Iterator[Problem]:
    """PR-02: a merchant's record lets Amazon's prices stand longer than a day."""
    most = timedelta(hours=subject.policy.parameter("amazon_price_hours"))
    for entry in subject.merchants:
        shown = entry.record.show_price
        if not _amazon(entry) or shown is None or shown == "never":
            continue
        if shown == "always" or duration_of(shown) > most:
            hours = round(most / timedelta(hours=1))
            yield finding("PR-02", f"prices of Amazon's may be shown for {hours} hours", entry.at("show_price"))


def _old(subject: Subject) -> Iterator[Problem]:
    """PR-06: a price is shown that was seen longer ago than the site's limit; our own are ours to know."""
    most = timedelta(days=subject.policy.parameter("price_days"))
    for one in _offered(subject):
        if one.fact.price is None or not one.fact.seen or one.fact.role == "ours" or _amazon(one.merchant):
            continue
        seen = subject.instant(one.fact.seen)
        if subject.clock.passed(seen + most + timedelta.resolution):
            message = f"this price was seen {(subject.clock.now - seen).days} days ago, and is shown"
            yield finding("PR-06", message, one.entry.at(f"{one.field}.price"))


def _nothing(subject: Subject) -> Iterator[Problem]:
    """PR-10: our own goods cost nothing."""
    for one in _offered(subject):
        if one.fact.role == "ours" and one.fact.price is not None and Decimal(one.fact.price.amount) == 0:
            yield finding("PR-10", f"`{one.entry.id}` costs nothing", one.entry.at(f"{one.field}.price"))


def _measures(subject: Subject) -> Iterator[Problem]:
    """PR-12: our own goods have a measure in their name and none in their record."""
    for entry in subject.products:
        record = entry.record
        if entry.id not in subject.sold or record.contains or entry.record.status != "active":
            continue
        found = _MEASURE.search(record.name) or _MEASURE.search(record.line or "")
        if found:
            field = "name" if _MEASURE.search(record.name) else "line"
            yield finding("PR-12", "goods sold by measure, and no unit price", entry.at(field))


def _compared(subject: Subject) -> Iterator[Problem]:
    """PR-13: a price of Amazon's is shown beside another shop's."""
    for several in subject.offered.values():
        priced = [one for one in several if one.fact.price is not None]
        amazon = [one for one in priced if _amazon(one.merchant)]
        if amazon and len(amazon) < len(priced):
            message = "Amazon's price is shown beside another shop's"
            yield finding("PR-13", message, amazon[0].entry.at(f"{amazon[0].field}.price"))


def _listing(subject: Subject) -> Iterator[Problem]:
    """SD-02: what we sell lacks what the page of a shop must show. A price of 0 is PR-10's."""
    for entry in subject.products:
        ours = [one for one in subject.offers(entry.id) if one.role == "ours"]
        if not ours or entry.record.status != "active":
            continue
        if not entry.record.images:
            at = entry.at("name", on_key=True)
            yield finding("SD-02", f"we sell `{entry.id}` and show no picture of it", at, "add `images:`")
        if all(one.price is None for one in ours if one.buyable) and any(one.buyable for one in ours):
            written = any(one.record.price for one in subject.offered[entry.id] if one.fact.role == "ours")
            hint = "look at `checked:` and the merchant's `show_price:`" if written else "add `price:` to our offer"
            message = f"we sell `{entry.id}` and show no price"
            yield _stale(subject, entry) or finding("SD-02", message, entry.at("offers"), hint)


def _stale(subject: Subject, entry: Entry[ProductRecord]) -> Problem | None:
    """Return what is to be said where a price of ours was shown until its time was over.

    Nobody changed anything: a build that stopped for it would fail one morning, and leave the stale price online.
    """
    for one in subject.offered[entry.id]:
        rule = one.merchant.record.show_price
        if one.fact.role != "ours" or not one.fact.buyable or one.record.price is None:
            continue
        if (
            one.fact.seen
            and rule not in {None, "always", "never"}
            and subject.clock.passed(subject.instant(one.fact.seen))
        ):
            place = f"{one.field}.checked" if one.record.checked else "checked"
            message = f"our price of `{entry.id}` is no longer shown: it was seen more than {rule} ago"
            hint = "look again and renew `checked:`, or write `show_price: always` in the merchant's record"
            return finding("SD-02", message, entry.at(place), hint, mild=True)
    return None


def _currencies(subject: Subject) -> Iterator[Problem]:
    """SD-14: our own offers of one product are priced in several currencies."""
    for entry in subject.products:
        found = {one.price.currency for one in subject.offers(entry.id) if one.role == "ours" and one.price}
        if len(found) > 1:
            message = f"we sell `{entry.id}` for {' and '.join(sorted(found))} on one page"
            yield finding("SD-14", message, entry.at("offers"))


def _amazon_pictures(subject: Subject) -> Iterator[Problem]:
    """IM-01: a picture that is named as Amazon names its own, or is credited to Amazon."""
    for at, image in _pictures(subject):
        name = image.src.rpartition("/")[2]
        if _AMAZON_FILE.match(name) or "amazon" in (image.credit or "").lower():
            yield finding("IM-01", f"`{name}` is Amazon's picture", at)


def _credits(subject: Subject) -> Iterator[Problem]:
    """IM-02: a picture with neither a credit nor `ours`."""
    for at, image in _pictures(subject):
        if not image.credit and not image.ours:
            yield finding("IM-02", f"nothing says whose picture `{image.src.rpartition('/')[2]}` is", at)


def _pictures(subject: Subject) -> Iterator[tuple[At, ImageRef]]:
    """Yield every picture that front matter or a record names, once, with its place."""
    for article in subject.originals:
        yield from _pictures_of(article)
    for product in subject.products:
        for number, image in enumerate(product.record.images):
            yield product.at(f"images[{number}]"), image
    people: tuple[Entry[MakerRecord] | Entry[PersonRecord], ...] = (*subject.makers, *subject.people)
    for entry in people:
        if entry.record.image is not None:
            yield entry.at("image"), entry.record.image


def _pictures_of(article: Article) -> Iterator[tuple[At, ImageRef]]:
    meta = article.meta
    if meta.image is not None:
        yield article.at("image"), meta.image
    if isinstance(meta, ReviewMeta):
        for number, photo in enumerate(meta.evidence.photos):
            yield article.at(f"evidence.photos[{number}]"), photo
    if isinstance(meta, NoteMeta):
        for number, picture in enumerate(meta.pictures):
            image = ImageRef(src=picture.src, alt=picture.alt, credit=picture.credit, ours=picture.ours)
            yield article.at(f"pictures[{number}]"), image


def _own_pictures(subject: Subject) -> Iterator[Problem]:
    """IM-03: a review that claims a test, in words or by a method, shows no picture that may be the author's own."""
    for article in subject.originals:
        meta = article.meta
        if not isinstance(meta, ReviewMeta) or not is_test(meta.evidence):
            continue
        words = words_in(TESTED, article.lang)
        told = " ".join(filter(None, (meta.title, meta.summary, meta.verdict, meta.evidence.summary)))
        if not meta.evidence.method and not (words and words.search(told)):
            continue
        shown = meta.evidence.photos or (meta.image and meta.image.ours)
        if not shown and not any(one.kind == "image" for one in article.body.targets):
            yield finding("IM-03", "a test without a picture of it", article.at("evidence"))


CHECKS: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    "PR-01": _unserved,
    "PR-02": _too_long,
    "PR-06": _old,
    "PR-10": _nothing,
    "PR-12": _measures,
    "PR-13": _compared,
    "SD-02": _listing,
    "SD-14": _currencies,
    "IM-01": _amazon_pictures,
    "IM-02": _credits,
    "IM-03": _own_pictures,
}
