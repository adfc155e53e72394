"""Rules over what a shop of one's own must say, over identifiers and over dates (CK, SD)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ccgen.check.registry import finding
from ccgen.check.subject import Subject
from ccgen.commerce.identifiers import gtin_fault, sku_fault
from ccgen.errors import At, Problem

__all__ = ["CHECKS"]


def _seller(subject: Subject) -> Iterator[Problem]:
    """CK-01: we sell at a counter of our own and do not say how goods are sent and taken back."""
    seller = subject.config.settings.seller
    ours = [ident for ident, several in subject.offered.items() if any(one.fact.role == "ours" for one in several)]
    if seller is None or not ours:  # without `seller:` the plan says so
        return
    own_words = all(
        entry.record.returns
        for ident in ours
        if (entry := subject.loaded.products.get((ident, subject.config.language)))
    )
    for key, given, hint in (
        (
            "returns",
            seller.returns or own_words,
            "add `returns: pages/returns.md`, a page that says how goods are taken back",
        ),
        (
            "shipping",
            seller.shipping,
            "add `shipping: pages/shipping.md`, a page that says where goods are sent, and for what",
        ),
    ):
        if not given:
            at = At(path="ccgen.yaml", field="seller", on_key=True)
            yield finding("CK-01", f"we sell `{ours[0]}` and `seller` has no `{key}`", at, hint)


def _gtins(subject: Subject) -> Iterator[Problem]:
    """SD-12: a number that names nothing outside one shop. A wrong check digit is found when the record is read."""
    for entry in subject.products:
        fault = gtin_fault(entry.record.gtin) if entry.record.gtin else None
        if fault is not None:
            yield finding("SD-12", fault.message, entry.at("gtin"), fault.hint)


def _skus(subject: Subject) -> Iterator[Problem]:
    """SD-13: a SKU with white space in it."""
    for entry in subject.products:
        fault = sku_fault(entry.record.sku) if entry.record.sku else None
        if fault is not None:
            yield finding("SD-13", fault.message, entry.at("sku"), fault.hint)


def _dates(subject: Subject) -> Iterator[Problem]:
    """SD-18: an update of a published article that has not happened. Updates before its date are found when it is read."""
    for article in subject.originals:
        for number, one in enumerate(article.meta.updates):
            if not (subject.config.future or subject.clock.passed(subject.instant(one.date))):
                message = f"`{one.date}` has not come yet"
                yield finding("SD-18", message, article.at(f"updates[{number}].date"))


CHECKS: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    "CK-01": _seller,
    "SD-12": _gtins,
    "SD-13": _skus,
    "SD-18": _dates,
}
