"""What the front matter of one article, or one record, must hold beyond the types of its fields; resolves nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

import msgspec

from ccgen.errors import At, Problem
from ccgen.model.records import ArticleMeta, Evidence, GuideMeta, OfferRecord, ProductRecord, ReviewMeta
from ccgen.text.convert import shape_of
from ccgen.text.fields import parent_of
from ccgen.text.unknownkeys import holders, suggestion

__all__ = ["check_article", "check_offer", "check_product", "doubtful_fields", "follows", "missing_head"]

NOTHING: frozenset[str] = frozenset()


def doubtful_fields(
    faults: Collection[Problem], struct: type[msgspec.Struct], values: Mapping[str, object], prefix: str = ""
) -> frozenset[str]:
    """Return what typing could not tell: faulty keys of the file, keys that an unknown one may mean, and mappings inside
    that hold a fault (`offers[0]`). A rule that looks at one of them would tell the same fault again.
    """
    if not faults:
        return NOTHING
    fields = shape_of(struct).fields
    found: set[str] = set()
    for fault in faults:
        field = fault.at.field.removeprefix(prefix).removeprefix(".")
        inner = parent_of(field)
        found.update((inner or field, f"{inner or field}[0]"))  # one entry may be written without its list
        if not inner and field in values and field not in fields:
            found.add(suggestion(fields, field, values) or "")
            for holder in holders(fields, field, values):
                entries = values.get(holder)
                found.update(
                    (holder, *(f"{holder}[{n}]" for n in range(len(entries) if isinstance(entries, list) else 1)))
                )
    return frozenset(found)


def follows(problem: Problem, doubtful: frozenset[str]) -> bool:
    """Say whether a translation only seems to differ, for the default language's value could not be read."""
    key = problem.at.field.partition("[")[0].partition(".")[0]
    return problem.code == "translation-differs" and key in doubtful


def missing_head(
    values: Mapping[str, object], kind: str, path: str, doubtful: frozenset[str] = NOTHING
) -> list[Problem]:
    """Find that an article has no title or no date. The types leave both open, for some kinds need none."""
    problems = []
    for key, exempt, hint in (
        ("title", "note", "add `title:`"),
        ("date", "page", "add `date: 2026-11-27`, the day it appears"),
    ):
        value = values.get(key)
        empty = value is None or (isinstance(value, str) and not value.strip())
        if kind != exempt and empty and key not in doubtful:
            said = f"`{key}` is empty" if key in values else f"`{key}` is missing"
            todo = "give it a value" if key in values else hint
            problems.append(_problem("missing-field", said, path, key, todo, on_key=True))
    return problems


def check_article(meta: ArticleMeta, path: str, scale: int, doubtful: frozenset[str] = NOTHING) -> list[Problem]:
    """Find what an article's kind asks for and it lacks (docs/formats.md: "Articles"). `scale` is `site.rating_scale`."""
    problems = [*_series(meta, path), *_times(meta, path), *_one_tag(meta, path)]
    if isinstance(meta, ReviewMeta):
        problems += _review(meta, path, scale, doubtful)
        problems += _evidence(meta.evidence, "evidence", path)
    if isinstance(meta, GuideMeta):
        problems += _guide(meta, path, doubtful)
    return problems


def _problem(code: str, message: str, path: str, field: str = "", hint: str = "", *, on_key: bool = False) -> Problem:
    return Problem(code=code, message=message, at=At(path=path, field=field, on_key=on_key), hint=hint)


def _series(meta: ArticleMeta, path: str) -> Iterator[Problem]:
    if meta.series is not None and meta.series.part is not None and meta.series.part < 1:
        yield _problem("bad-number", "a series counts from 1", path, "series.part", "part: 1")


def _one_tag(meta: ArticleMeta, path: str) -> Iterator[Problem]:
    """Find `tags: teapots, tea`, which YAML reads as one text."""
    if len(meta.tags) == 1 and "," in meta.tags[0]:
        parts = ", ".join(part.strip() for part in meta.tags[0].split(","))
        found = _problem("one-tag", "this is one tag with a comma in it", path, "tags", f"tags: [{parts}]")
        yield msgspec.structs.replace(found, severity="warning")


def _times(meta: ArticleMeta, path: str) -> Iterator[Problem]:
    if meta.date and meta.expires and meta.expires[:10] < meta.date[:10]:
        yield _problem("bad-period", "it expires before it appears", path, "expires", f"`date` is {meta.date}")
    for number, update in enumerate(meta.updates):
        if meta.date and update.date[:10] < meta.date[:10]:
            yield _problem(
                "SD-18",
                "this update is older than the article",
                path,
                f"updates[{number}].date",
                f"`date` is {meta.date}",
            )


def _review(meta: ReviewMeta, path: str, scale: int, doubtful: frozenset[str]) -> Iterator[Problem]:
    if meta.rating is not None:
        given = {"verdict": meta.verdict, "but": meta.but, "cons": meta.cons}
        for key, value in given.items():
            if not value and key not in doubtful:
                yield _problem(
                    "missing-field" if key == "verdict" else "TR-01",
                    f"a review with a rating needs `{key}`",
                    path,
                    "rating",
                    f"add `{key}:`",
                    on_key=True,
                )
    ratings = {"rating": meta.rating, **{f"scores.{key}": score for key, score in meta.scores.items()}}
    for field, rating in ratings.items():
        if rating is not None and Decimal(rating) > scale:
            hint = f"write a number up to {scale}, or change `site.rating_scale`"
            yield _problem("bad-rating", f"`{rating}` is above the site's scale of {scale}", path, field, hint)


def _evidence(evidence: Evidence, field: str, path: str) -> Iterator[Problem]:
    if evidence.since and evidence.until and evidence.until[:10] < evidence.since[:10]:
        yield _problem(
            "bad-period", "`until` is before `since`", path, f"{field}.until", f"`since` is {evidence.since}"
        )
    if evidence.obtained == "untested" and evidence.photos:
        hint = "delete the photos, or say how it was obtained"
        yield _problem(
            "bad-evidence", "what was not tested has no photographs of a test", path, f"{field}.photos", hint
        )


def _guide(meta: GuideMeta, path: str, doubtful: frozenset[str]) -> Iterator[Problem]:
    for number, one in enumerate(meta.considered):
        if (one.product is None) == (one.name is None) and f"considered[{number}]" not in doubtful:
            what = "both `product` and `name`" if one.product else "neither `product` nor `name`"
            hint = "give `product` for a product of this site, `name` for any other"
            yield _problem("bad-considered", f"this has {what}", path, f"considered[{number}]", hint)
    seen: dict[str, int] = {}
    for number, pick in enumerate(meta.picks):
        first = seen.setdefault(pick.product, number)
        if first != number:
            message = f"`{pick.product}` is picked twice, first as number {first + 1}"
            yield _problem("duplicate-pick", message, path, f"picks[{number}].product", "keep one")
        if pick.evidence is not None:
            yield from _evidence(pick.evidence, f"picks[{number}].evidence", path)


def check_product(
    record: ProductRecord, path: str, prefix: str = "", doubtful: frozenset[str] = NOTHING
) -> list[Problem]:
    """Find offers that name no way to buy, and a successor of a product that is not gone."""
    start = f"{prefix}." if prefix else ""
    problems = [
        problem
        for number, offer in enumerate(record.offers)
        if f"offers[{number}]" not in doubtful
        for problem in check_offer(offer, path, f"{start}offers[{number}]")
    ]
    if record.replaced_by is not None and record.status != "gone" and "status" not in doubtful:
        hint = "add `status: gone`, or delete `replaced_by:`"
        message = "a product that is not gone has a successor"
        problems.append(_problem("bad-status", message, path, f"{start}replaced_by", hint))
    return problems


def check_offer(offer: OfferRecord, path: str, field: str) -> list[Problem]:
    """Find what an offer lacks: a way to the purchase, or the price that an earlier one is compared with."""
    problems = []
    if offer.url is None and (offer.merchant is None or offer.asin is None):
        hint = "add `url:`, or `asin:`" if "amazon" in (offer.merchant or "") else "add `url:`"
        problems.append(_problem("missing-field", "this offer has no `url`", path, field, hint))
    if offer.was is not None and offer.price is None:
        hint = "add `price:`, or delete `was:`"
        problems.append(_problem("missing-field", "an earlier price needs a price now", path, f"{field}.was", hint))
    return problems
