"""What we sell ourselves as rows of product feeds, one feed a target and language, and what keeps a product out of them.

Findings about rows come from `commerce.catalogue`; here they get their place in the record that has the fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from ccgen.commerce.catalogue import MOST_DESCRIPTION, RASTERS, Finding, Item, check_ids, check_rows, row_of
from ccgen.commerce.offers import made_from
from ccgen.commerce.targets import TARGETS, TargetName
from ccgen.errors import At, Problem
from ccgen.model.bodies import Bodies
from ccgen.model.body import html_of
from ccgen.model.facts import CatalogueGroup
from ccgen.model.loaded import Entry, FileInfo
from ccgen.model.parts import Offer, Price, name_of, owner_of, ref
from ccgen.model.records import OfferRecord, ProductRecord
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.links import Links
from ccgen.plan.noting import Noting
from ccgen.plan.offers import Offers
from ccgen.plan.routes import Routes
from ccgen.plan.urls import Urls
from ccgen.text.inline import inline
from ccgen.text.plaintext import clean, html_text
from ccgen.text.url import absolute, encode, host_of

__all__ = ["Catalogue"]

SMALLEST_PICTURE = 500  # pixels a side, which Google enforces from 2027-01-31
# Where an author writes an item's value; `{}` is the offer.
_FIELDS: Mapping[str, str] = {
    "title": "name",
    "description": "description",
    "image": "images",
    "more_images": "images",
    "brand": "maker",
    "gtin": "gtin",
    "identified": "gtin",
    "mpn": "mpn",
    "category": "category",
    "measure": "contains",
    "returns_url": "returns",
    "availability": "{}.availability",
    "available_from": "{}.available_from",
    "price": "{}.price",
    "condition": "{}.condition",
    "ships_to": "{}.ships_to",
}


class _Sold(NamedTuple):
    """An offer of ours that belongs into the feeds: the item and where it is written."""

    item: Item
    entry: Entry[ProductRecord]
    field: str  # of the offer: `offers[0]`


class Catalogue(Noting):
    """Makes the product feeds that the settings ask for; notes at each record what keeps it out."""

    def __init__(self, index: Index, urls: Urls, files: Files, links: Links, offers: Offers, bodies: Bodies) -> None:
        """`bodies` are those of products, whose facts are made by the time they are asked for."""
        super().__init__()
        self.index, self.urls, self.files, self.links, self.offers = index, urls, files, links, offers
        self._bodies = bodies
        self.config = index.config
        wanted = self.config.settings.outputs
        flags: Mapping[TargetName, bool] = {
            "google": wanted.google,
            "meta": wanted.meta,
            "openai": wanted.openai,
        }
        self.targets = tuple(name for name, asked in flags.items() if asked)

    def facts(self, routes: Routes) -> dict[str, tuple[CatalogueGroup]]:
        """Return the facts of every feed, and add its route."""
        found: dict[str, tuple[CatalogueGroup]] = {}
        self._check_seller()
        for lang in self.config.languages if self.targets else ():
            sold = tuple(self._sold(lang))
            rows = {name: [row_of(TARGETS[name], one.item) for one in sold] for name in self.targets}
            refused = self._check(rows, sold)
            for name in self.targets:
                kept = tuple(tuple(row.items()) for number, row in enumerate(rows[name]) if number not in refused[name])
                owner = owner_of("catalogue", lang, name)
                found[owner] = (self._group(name, lang, kept),)
                at = At(path="ccgen.yaml", field=f"outputs.{name}")
                ending = "xml" if TARGETS[name].form == "rss" else "csv"
                routes.add("catalogue", f"{self.urls.prefix(lang)}feeds/{name}.{ending}", owner, lang, at)
        return found

    def _group(self, name: TargetName, lang: str, rows: tuple[tuple[tuple[str, str], ...], ...]) -> CatalogueGroup:
        words = self.config.settings_in(lang).site
        return CatalogueGroup(
            target=name,
            title=clean(words.title),
            description=clean(words.description or words.title),
            url=self._absolute(self.urls.section("", lang)),
            rows=rows,
        )

    # --- items ---

    def _sold(self, lang: str) -> Iterator[_Sold]:
        entries = (entry for (_, of), entry in self.index.loaded.products.items() if of == lang)
        for entry in sorted(entries, key=lambda one: one.id):
            if entry.record.status == "active" and not (lang != self.config.language and "name" in entry.fallback):
                yield from self._offers_of(entry)

    def _offers_of(self, entry: Entry[ProductRecord]) -> Iterator[_Sold]:
        made = self.offers.all[ref("product", entry.lang, entry.id).owner]
        taken: set[str] = set()
        for number, written in enumerate(entry.record.offers):
            offer = next((one for one in made if made_from(one, written)), None)
            if offer is None or offer.role != "ours" or offer.availability == "discontinued":
                continue
            field = f"offers[{number}]"
            price = self._price(entry, written, offer, field)
            if price is not None:
                ident = entry.id + (f"/{written.id}" if written.id else "")
                ident = ident if ident not in taken else offer.key
                taken.add(ident)
                yield _Sold(self._item(entry, offer, written, ident, price), entry, field)

    def _price(self, entry: Entry[ProductRecord], written: OfferRecord, offer: Offer, field: str) -> Price | None:
        """Return the price that the page shows, None, with a word why, for an offer that cannot be in a feed."""
        if offer.price is not None and not offer.price.least:
            return offer.price
        ended = written.valid_until is not None and self.index.clock.passed(self.index.clock.read(written.valid_until))
        if ended:
            return None  # it says itself when it is over
        if written.price is None:
            why, hint = "it has no price", "give it a `price`"
        elif offer.price is not None:
            why, hint = f"`{written.price}` is a least price", "give each size an offer and an `id` of its own"
        else:
            why, hint = "its price is not shown now", "look at the price again, and correct `checked`"
        at = entry.at(f"{field}.checked" if written.price and offer.price is None else f"{field}.price")
        message = f"what we sell as `{entry.id}` is in no product feed: {why}"
        self._note("feed-left-out", message, at, hint, severity="warning")
        return None

    def _item(self, entry: Entry[ProductRecord], offer: Offer, written: OfferRecord, ident: str, price: Price) -> Item:
        record, lang = entry.record, entry.lang
        loaded = self.index.loaded
        maker = loaded.makers.get((record.maker or "", lang))
        category = loaded.categories.get((record.category or "", lang))
        seller = self.config.settings_in(lang).seller
        from_ = self.index.clock.read(written.available_from).isoformat() if written.available_from else ""
        return Item(
            id=ident,
            title=clean(record.name),
            description=self._description(entry),
            url=self._absolute(self.urls.record("product", entry.id, lang)),
            images=tuple(self._absolute(self.files.published[one.path]) for one in self._pictures(entry)),
            price=price,
            availability=offer.availability,
            available_from=from_,
            condition=offer.condition or "new",
            brand=maker.record.name if maker else "",
            gtin=record.gtin or "",
            mpn=record.mpn or "",
            category=category.record.name if category else "",
            measure=record.contains or "",
            ships_to=offer.ships_to,
            seller_name=seller.name if seller else "",
            seller_url=self._absolute(self.urls.section("", lang)),
            seller_country=(seller.country or "") if seller else "",
            returns_url=self._returns(entry),
        )

    def _pictures(self, entry: Entry[ProductRecord]) -> tuple[FileInfo, ...]:
        """Return the pictures that feeds take; one that is missing was told where pictures are looked up."""
        found = []
        for number, image in enumerate(entry.record.images):
            picture = self.files.picture(image.src, entry.folder, entry.at(f"images[{number}]"))
            if picture is not None and picture.owner.lower().endswith(RASTERS):
                found.append(self.files.info(name_of(picture.owner)))
        return tuple(found)

    def _description(self, entry: Entry[ProductRecord]) -> str:
        record, body = entry.record, self._bodies.get(owner_of("product", entry.lang, entry.id))
        texts = {
            "body": html_text(html_of(body.pieces)) if body else "",
            "description": html_text(inline(record.description or "")),
            "line": record.line or "",
        }
        own = [text for name, text in texts.items() if text and name not in entry.fallback]
        text = clean(next(iter(own or [one for one in texts.values() if one]), ""), lines=True)
        whole = ""
        for line in text.split("\n"):
            if whole and len(whole) + 1 + len(line) > MOST_DESCRIPTION:
                break
            whole = f"{whole}\n{line}" if whole else line
        return whole

    def _returns(self, entry: Entry[ProductRecord]) -> str:
        seller, lang = self.config.settings.seller, entry.lang
        if (entry.record.returns or "").endswith(".md"):
            url = self.links.page(entry.record.returns or "", "content", lang, entry.at("returns"))
        elif seller and seller.returns and not entry.record.returns:
            url = self.links.page(seller.returns, "content", lang, At(path="ccgen.yaml", field="seller.returns"))
        else:
            return ""
        return self._absolute(url) if url else ""

    def _absolute(self, url: str) -> str:
        return absolute(self.config.base_url, encode(url))

    # --- findings ---

    def _check(
        self, rows: Mapping[TargetName, list[dict[str, str]]], sold: tuple[_Sold, ...]
    ) -> dict[TargetName, set[int]]:
        """Note what is wrong, each fault once with the feeds that ask; return the rows that may not be written."""
        refused: dict[TargetName, set[int]] = {name: set() for name in rows}
        told: dict[tuple[str, At], tuple[Problem, list[str]]] = {}
        host = host_of(self.config.base_url) or ""
        for name in rows:
            for finding in check_rows(name, rows[name], host=host, passed=self.index.clock.passed):
                if finding.severity == "error" or finding.code == "FD-04":
                    refused[name].add(finding.row)
                problem = self._problem(finding, sold[finding.row])
                told.setdefault((problem.code, problem.at), (problem, []))[1].append(name)
        for problem, names in told.values():
            by = f"asked for by {', '.join(dict.fromkeys(names))}"
            self.problems.append(msgspec.structs.replace(problem, hint="; ".join(filter(None, (problem.hint, by)))))
        self.problems += [self._problem(finding, sold[finding.row]) for finding in check_ids(rows)]
        for one in sold:
            self._doubt(one)
        return refused

    def _problem(self, finding: Finding, sold: _Sold) -> Problem:
        at = sold.entry.at(_FIELDS.get(finding.value, "").format(sold.field))
        message = f"`{sold.item.id}`: {finding.message}"
        return Problem(code=finding.code, message=message, at=at, hint=finding.hint, severity=finding.severity)

    def _doubt(self, sold: _Sold) -> None:
        """Warn of what is taken, and may be wrong or soon refused."""
        item, entry = sold.item, sold.entry
        pictures = self._pictures(entry)[:1]
        small = [one for one in pictures if one.width and min(one.width, one.height) < SMALLEST_PICTURE]
        if "google" in self.targets and small:
            message = f"the first picture has {small[0].width} × {small[0].height} pixels"
            hint = f"Google takes {SMALLEST_PICTURE} × {SMALLEST_PICTURE} and more, and refuses less from 2027-01-31"
            self._note("IM-05", message, entry.at("images"), hint, severity="warning")
        maker = self.index.loaded.makers.get((entry.record.maker or "", entry.lang))
        ours = maker is not None and maker.record.ours
        handmade = ours or item.condition == "used" or entry.record.made_to_order is not None
        if "google" in self.targets and not handmade and not (item.gtin or (item.brand and item.mpn)):
            message = f"the feed says of `{item.id}` that no GTIN exists, and its maker is not us"
            hint = "add the `gtin` below its bar code, or its `mpn`; it has none if nobody else sells it"
            self._note("FD-06", message, entry.at("gtin"), hint, severity="warning")

    def _check_seller(self) -> None:
        ours = any(one.record.role == "ours" for one in self.index.loaded.merchants.values())
        failed = any(one.startswith("merchants/") for one in self.index.loaded.failed)
        for name in self.targets if not ours and not failed else ():
            message = "nothing is sold by ourselves, so the feed is empty"
            hint = "products of other shops cannot be in it (FD-01); leave the feed out"
            at = At(path="ccgen.yaml", field=f"outputs.{name}")
            self._note("empty-product-feed", message, at, hint, severity="warning")
