"""Products and offers from tables beside those from records: each must stand in one place; knows no file format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ccgen.errors import At, Problem
from ccgen.load.context import Context
from ccgen.load.csvtables import OfferRow
from ccgen.load.names import Named
from ccgen.load.records import Piece, Table, typed_record
from ccgen.model.loaded import Entry
from ccgen.model.records import OfferRecord
from ccgen.text.near import did_you_mean

__all__ = ["add_offers", "add_products"]


def add_products(
    table: Table, rows: Mapping[str, Mapping[str, Piece]], groups: Mapping[str, Mapping[str, Named]], context: Context
) -> list[Problem]:
    """Add the products of a table to those from files, `groups`; the same product in both is an error that names both."""
    problems = []
    for record_id, versions in rows.items():
        other = groups.get(f"products/{record_id}")
        if other is None:
            table.add(record_id, typed_record(versions, "products", context))
            continue
        row = versions[context.config.language]
        path = next(iter(other.values())).file.path
        message = f"the product `{record_id}` stands here and in `{path}`"
        at = At(path=row.path, field=f"{row.field}.id")
        problems.append(Problem(code="two-sources", message=message, at=at, hint="keep one of them"))
    return problems


def add_offers(table: Table, rows: Iterable[OfferRow], language: str) -> list[Problem]:
    """Add offers from a table to their products in every language (in `table`). The same offer twice is an error."""
    problems: list[Problem] = []
    by_product: dict[str, list[OfferRow]] = {}
    for row in rows:
        by_product.setdefault(row.product, []).append(row)
    known: dict[str, list[tuple[str, str]]] = {}
    for key in table.entries:
        known.setdefault(key[0], []).append(key)
    for product, several in by_product.items():
        if product in known:
            problems += _extend(table, known[product], several, language)
        elif product not in table.failed:
            hint = did_you_mean(product, {*known, *table.failed}) or "products are the files of content/products/"
            problems += [
                Problem(
                    code="unknown-product",
                    message=f"no product `{product}`",
                    at=At(path=row.path, field=f"{row.field}.product"),
                    hint=hint,
                )
                for row in several
            ]
    return problems


def _extend(table: Table, keys: list[tuple[str, str]], rows: list[OfferRow], language: str) -> list[Problem]:
    problems = []
    first = table.entries[keys[0]]
    product = first.id
    taken = [(offer, f"`{first.path}`, `offers[{number}]`") for number, offer in enumerate(first.record.offers)]
    new: list[OfferRow] = []
    for row in rows:
        same = next((where for offer, where in taken if _same_offer(offer, row.offer)), None)
        if same is not None:
            message = f"this offer of `{product}` stands also in {same}"
            at = At(path=row.path, field=row.field)
            problems.append(Problem(code="two-sources", message=message, at=at, hint="keep one of them"))
        else:
            new.append(row)
            taken.append((row.offer, f"`{row.path}`, line {row.line}"))
    for key in keys:
        table.entries[key] = _with_offers(table.entries[key], new, language)
    return problems


def _with_offers(entry: Entry[Any], rows: list[OfferRow], language: str) -> Entry[Any]:
    count = len(entry.record.offers)
    offers = [row.translations.get(entry.lang, row.offer) for row in rows]
    record = msgspec.structs.replace(entry.record, offers=(*entry.record.offers, *offers))
    elsewhere = {f"offers[{count + number}]": (row.path, row.field) for number, row in enumerate(rows)}
    notes = {
        f"offers[{count + number}].note"
        for number, row in enumerate(rows)
        if row.offer.note is not None and entry.lang != language and not _has_note(row, entry.lang)
    }
    return msgspec.structs.replace(
        entry, record=record, elsewhere=entry.elsewhere | elsewhere, fallback=entry.fallback | notes
    )


def _has_note(row: OfferRow, lang: str) -> bool:
    translated = row.translations.get(lang)
    return translated is not None and translated.note != row.offer.note


def _same_offer(one: OfferRecord, other: OfferRecord) -> bool:
    """Say whether two offers of a product are one: `id` tells two at one shop apart (docs/formats.md: "Products")."""
    if one.url is not None and other.url is not None:
        return one.url == other.url and one.id == other.id
    return one.merchant is not None and (one.merchant, one.id, one.asin) == (other.merchant, other.id, other.asin)
