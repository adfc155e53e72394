"""What an edit changes of a plan that left every source's face (`model.face`) as it was; knows no URL and no record of a build.

The prose of an article and the number of its words show in two of its facts, what its offers cost now in one of a product's.
Where a price changes more than itself (the order of offers, whether one is shown, goods of our own) all has to be planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from ccgen.config import Config
from ccgen.model.facts import ArticleHead, BodyGroup, Group, ProductOffers, group_index
from ccgen.model.loaded import Article, Loaded
from ccgen.model.parts import Offer, ref
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.links import Links
from ccgen.plan.offers import Offers
from ccgen.plan.routes import Routes
from ccgen.plan.urls import Urls
from ccgen.text.clock import Clock

__all__ = ["Amended", "amended"]

_HEAD, _BODY = group_index("article", ArticleHead), group_index("article", BodyGroup)
_OFFERS = group_index("product", ProductOffers)
_OURS = frozenset({"ours", "stall"})  # rules look at what goods of our own cost

Groups = tuple[Group, ...]


class Amended(NamedTuple):
    """The groups of the owners that changed, and when the prices among them next change by the clock alone."""

    groups: Mapping[str, Groups]
    next_change: datetime | None


def amended(config: Config, part: Loaded, known: Mapping[str, Sequence[Group]]) -> Amended | None:
    """Return what changes of a plan whose facts are `known`, when the articles and products of `part` are as they are there;
    None where that takes a whole plan. All merchants are in `part`.
    """
    groups: dict[str, Groups] = {}
    for article in part.articles:
        owner = ref("article", article.lang, article.id).owner
        if owner in known:  # what is not published has no facts
            groups[owner] = _article(known[owner], article)
    if not part.products:
        return Amended(groups, None)
    clock = Clock(config.clock, config.settings.site.timezone)
    offers = _offers(config, part, clock)
    if offers.problems:
        return None
    for owner, decided in offers.all.items():
        changed = _product(known[owner], decided)
        if changed is None:
            return None
        groups[owner] = changed
    return Amended(groups, clock.next_change)


def _article(groups: Sequence[Group], article: Article) -> Groups:
    head = msgspec.structs.replace(groups[_HEAD], word_count=article.body.words)
    body = msgspec.structs.replace(groups[_BODY], body_digest=article.digest)
    return _with(_with(groups, _HEAD, head), _BODY, body)


def _offers(config: Config, part: Loaded, clock: Clock) -> Offers:
    """Decide offers: they go by their own product and by merchants, and by no page."""
    index = Index(config, part, clock)
    urls = Urls(index)
    return Offers(index, Links(index, urls, Routes(), Files(index, urls)))


def _product(groups: Sequence[Group], decided: tuple[Offer, ...]) -> Groups | None:
    known = groups[_OFFERS]
    assert isinstance(known, ProductOffers)
    if tuple(map(_bare, known.offers)) != tuple(map(_bare, decided)):
        return None
    if any(new != old and new.role in _OURS for new, old in zip(decided, known.offers, strict=True)):
        return None
    return _with(groups, _OFFERS, ProductOffers(offers=decided))


def _bare(offer: Offer) -> tuple[Offer, bool, bool]:
    """Return all of an offer but what it costs and when that was seen; whether it costs anything is left."""
    bare = msgspec.structs.replace(offer, price=None, unit_price=None, seen="", fresh_until="")
    return bare, offer.price is not None, offer.unit_price is not None


def _with(groups: Sequence[Group], number: int, group: Group) -> Groups:
    return (*groups[:number], group, *groups[number + 1 :])
