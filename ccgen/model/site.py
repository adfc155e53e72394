"""What `plan` hands on: every URL, every fact, every problem; complete before the first page is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from ccgen.errors import At, Problem
from ccgen.model.bodies import Bodies
from ccgen.model.facts import Facts
from ccgen.model.hidden import Hidden
from ccgen.model.ledger import ListedPrice
from ccgen.model.loaded import FileInfo

__all__ = ["TWIN", "AnchorHope", "Plan", "Route", "RouteKind", "Seller", "page_question", "sale_question", "twin_url"]

RouteKind = Literal[
    "article",
    "product",
    "maker",
    "person",
    "list",
    "home",
    "404",
    "atom",
    "json",
    "sitemap",
    "robots",
    "alias",
    "redirects",
    "asset",
    "file",
    "catalogue",
    "markdown",
    "llms",
]


class Route(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One output. `url` is root-relative without the base path and not percent-encoded; `path` is its file in the
    output folder. `owner` is what it shows; `source` is named when two routes collide.
    """

    kind: RouteKind
    url: str
    path: str
    owner: str
    lang: str
    source: At
    indexed: bool = False  # stands in the sitemap

    @property
    def shown(self) -> tuple[str, ...]:
        """What is shown where: an output of another route with the same path is another page if this differs."""
        return self.kind, self.url, self.owner, self.lang


TWIN = "index.md"  # of a page, below its URL


def twin_url(route: Route) -> str:
    """Return where a page's Markdown twin is, '' for a page that has none.

    What is unlisted or shown before its time has no twin: Markdown cannot say `noindex`.
    """
    paired = route.kind in {"home", "list"} or (
        route.indexed and route.kind in {"article", "product", "maker", "person"}
    )
    return route.url + TWIN if paired else ""


def page_question(path: str) -> str:
    """Return the question (`model.page.answer_key`) which page is at a path of the output."""
    return f"page {path}"


def sale_question(address: str) -> str:
    """Return the question whose offers have an address (`Plan.addresses`)."""
    return f"sale {address}"


class AnchorHope(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A link to an anchor that the target's prose does not make: the theme may. Decided when pages are read."""

    at: At
    path: str  # the target's output
    anchor: str
    known: tuple[str, ...]  # anchors of the target's prose, for a hint


class Seller(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A merchant as a finished page can tell: by where links lead. `hosts` are its own, a link through `through` is one of
    its purchase links, and so is one to its hosts with all parameters `marks` (none: no parameter tells).
    """

    id: str
    role: str
    network: str
    hosts: tuple[str, ...]
    through: str = ""
    marks: tuple[str, ...] = ()
    amazon: bool = False  # of Amazon's programme: see `commerce.amazon`


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The site as it will be. Rendering begins only when `problems` holds no error."""

    facts: Facts
    routes: Collection[Route]
    outputs: Mapping[str, Route]  # the same, by path
    bodies: Bodies
    assets: Mapping[str, bytes]  # final bytes by name
    files: Mapping[str, FileInfo]  # published files by path
    hopes: tuple[AnchorHope, ...]
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]  # shown by a flag, and not for readers yet
    problems: tuple[Problem, ...]
    sellers: tuple[Seller, ...] = ()
    addresses: Mapping[str, tuple[str, ...]] = {}  # of offers (`commerce.offers.address_of`) → owners of their products
    next_change: datetime | None  # when the site next changes by the clock alone
    prices: tuple[ListedPrice, ...] = ()  # as written now, for the ledger
