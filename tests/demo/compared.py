"""The demo as built at one clock and looked at at another, and its rows beside what the records say; asserts."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from readback import (
    Row,
    Twin,
)
from support import REPOSITORY, Html
from truth import (
    LANGUAGES,
    Article,
    Goods,
    Offer,
    articles,
    goods,
    load,
    mark_of,
    rel_of,
)

NOW = "2026-11-21"  # the demo's own clock
BETWEEN = "2026-11-25"  # some prices are a week old by then, and some are not


@functools.cache
def settings() -> dict[str, Any]:
    found: dict[str, Any] = load((REPOSITORY / "ccgen.yaml").read_text(encoding="utf-8"))
    return found


@functools.cache
def parsed(path: Path) -> Html:
    """A page of a finished build, read once for all tests."""
    return Html(path.read_text(encoding="utf-8"))


class Site(NamedTuple):
    """One language of the demo, built at one clock and looked at at another, which is the same for files."""

    root: Path
    lang: str
    built: datetime
    opened: datetime

    @property
    def folder(self) -> Path:
        return self.root if self.lang == LANGUAGES[0] else self.root / self.lang

    @property
    def goods(self) -> dict[str, Goods]:
        return goods(self.lang, self.opened)

    def offers(self, product: str, ties: set[str] | None = None) -> list[Offer]:
        """Return a product's offers in the order of the build and with the prices of now, as links of a page have them."""
        now = {one.merchant: one for one in self.goods[product].offers}
        found = [now[one.merchant] for one in goods(self.lang, self.built)[product].offers]
        return [
            one._replace(
                mark=mark_of(one.role, ties or set(), one.seller, self.lang), rel=rel_of(one.role, ties or set())
            )
            for one in found
        ]

    def files(self, ending: str) -> Iterator[tuple[str, str]]:
        """Yield the path in the output and the text of each file of the language."""
        for path in sorted(self.folder.rglob(f"*{ending}")):
            if self.lang != LANGUAGES[0] or path.relative_to(self.root).parts[0] not in LANGUAGES:
                yield path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8")

    def pages(self) -> Iterator[tuple[str, Html]]:
        for path, text in self.files("index.html"):
            if 'http-equiv="refresh"' not in text:
                yield path, parsed(self.root / path)

    def twins(self) -> Iterator[tuple[str, Twin]]:
        for path, text in self.files("index.md"):
            yield path, Twin(text, path, self.lang)

    def article(self, path: str) -> Article | None:
        return next((one for one in articles(self.lang) if one.path == path.rpartition(".")[0]), None)


LISTS = {"page", "wide", "box", "twin"}


def check_rows(site: Site, rows: Iterable[Row], ties: dict[str, set[str]], path: str) -> Counter[str]:
    """Compare what a rendering says with the records; return how many rows of each kind there were."""
    seen: Counter[str] = Counter()
    lists: Counter[tuple[str, str]] = Counter()
    for row in rows:
        offers = site.offers(row.product, ties.get(row.product))
        chosen: Offer | None
        if row.kind in LISTS:
            chosen = offers[lists[row.kind, row.product] % len(offers)]
            lists[row.kind, row.product] += 1
        else:
            before = goods(site.lang, site.built)[row.product]
            first = before.first if row.kind not in {"table-price", "twin-price"} else before.priced or before.first
            chosen = next((one for one in offers if first and one.merchant == first.merchant), None)
        if chosen is None:
            assert (row.says.get("buyable", False), row.says.get("price")) == (False, None), (path, row)
        else:
            assert row.says == {key: getattr(chosen, key) for key in row.says}, (path, row.kind, row.product)
        seen[row.kind] += 1
    for (kind, product), count in lists.items():
        assert count % len(site.goods[product].offers) == 0, f"{path} lists {count} offers of {product} as {kind}"
    return seen


def ties_at(site: Site, path: str) -> dict[str, set[str]]:
    article = site.article(path)
    return article.ties if article else {}
