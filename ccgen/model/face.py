"""What may be planned from a source, as one digest: a change that leaves its face as it is shows on its own pages only.

An article's face is all of it but the bytes of its prose and the number of its words; a product's is all but what its offers
cost now. `plan` must go by nothing else of them: `plan.amended` says what the rest changes, and tests hold both to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from ccgen.model.loaded import Article, Entry, Loaded
from ccgen.model.records import OfferRecord, ProductRecord
from ccgen.model.source import digest_of

__all__ = ["article_face", "product_faces"]

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


def article_face(article: Article) -> bytes:
    """Return an article's face. Where things stand in the text is not in it: only problems go by that."""
    body = article.body
    return digest_of(
        _encode(
            (
                (article.id, article.path, article.folder, article.bundle, article.section, article.kind, article.lang),
                (article.meta, sorted(article.fallback)),
                [(one.kind, one.text) for one in body.targets],
                [
                    (
                        one.name,
                        one.form,
                        [name for name, _ in one.records],
                        [(key, text) for key, text, _ in one.params],
                    )
                    for one in body.calls
                ],
                [(one.level, one.id, one.text) for one in body.headings],
                (body.anchors, body.first_paragraph, body.raw),
            )
        )
    )


def product_faces(loaded: Loaded) -> Iterator[tuple[str, bytes]]:
    """Yield each file of a product's own with the product's face, which is that of all its languages."""
    products: dict[str, dict[str, Entry[ProductRecord]]] = {}
    for (ident, lang), entry in loaded.products.items():
        products.setdefault(ident, {})[lang] = entry
    for versions in products.values():
        face = _product_face(versions)
        yield from ((entry.path, face) for entry in versions.values())


def _product_face(versions: Mapping[str, Entry[ProductRecord]]) -> bytes:
    """Return a product's face, b"" for one whose prices nothing but all of a plan can judge."""
    told = []
    for lang, entry in sorted(versions.items()):
        offers = entry.record.offers
        if any(one.was is not None or one.price is None for one in offers) or entry.elsewhere or entry.field:
            return b""
        bare = msgspec.structs.replace(entry.record, offers=tuple(map(_without_price, offers)))
        told.append((lang, msgspec.structs.replace(entry, record=bare, body=None), entry.body is None))
    return digest_of(_encode(told))


def _without_price(offer: OfferRecord) -> OfferRecord:
    return msgspec.structs.replace(offer, price="", checked=None if offer.checked is None else "")
