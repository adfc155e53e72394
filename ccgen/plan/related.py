"""Which articles belong beside an article, and why; knows only what articles share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from heapq import nsmallest
from typing import NamedTuple

import msgspec

from ccgen.model.kept import Kept
from ccgen.model.source import digest_of

__all__ = ["Related", "Trait", "Traits", "related", "related_again"]

_WEIGHTS = {"product": 4, "maker": 2, "tag": 1}
_RANK = {"product": 0, "maker": 1, "tag": 2}
_LARGEST = 60  # a trait that more articles share says little: only its newest count, which keeps this linear
_SHOWN = 3


class Trait(NamedTuple):
    """A thing that an article is about: why it counts, the id it is known by, and the name it is shown with."""

    reason: str
    id: str
    name: str


class Traits(NamedTuple):
    """What an article is about; articles come newest first."""

    key: str
    traits: tuple[Trait, ...]


class Related(NamedTuple):
    """A related article, with the strongest thing that both are about."""

    key: str
    reason: str
    about: str


class _Kept(NamedTuple):
    """What was found, and the digest of what it was found from."""

    inputs: bytes
    found: dict[str, tuple[Related, ...]]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Kept).decode


def related_again(articles: Sequence[Traits], name: str, kept: Kept) -> Mapping[str, tuple[Related, ...]]:
    """Return what `related` does, from what was kept under a name where that was found from the same articles and traits.

    It is the dearest question of a plan, and most edits change nothing that it looks at (DESIGN, section 4).
    """
    inputs = digest_of(_encode(articles))
    made = kept.recall(name, ())
    known = None
    if made is not None:
        with suppress(msgspec.MsgspecError):
            known = _decode(made)
    if known is None or known.inputs != inputs:
        known = _Kept(inputs, dict(related(articles)))
        kept.keep(name, (), (), _encode(known))
    return known.found


def related(articles: Sequence[Traits]) -> Mapping[str, tuple[Related, ...]]:
    """Return up to three related articles for each, those that share most first, newer before older.

    Time grows with articles × traits × a constant: of a trait that many share only the newest articles count.
    """
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, article in enumerate(articles):
        for trait in article.traits:
            holding = holders[trait.reason, trait.id]
            if len(holding) < _LARGEST:
                holding.append(number)
    return {article.key: tuple(_best(number, article, articles, holders)) for number, article in enumerate(articles)}


def _best(
    number: int, article: Traits, articles: Sequence[Traits], holders: Mapping[tuple[str, str], Sequence[int]]
) -> Iterable[Related]:
    scores: dict[int, int] = {}
    why: dict[int, Trait] = {}
    for trait in sorted(article.traits, key=lambda one: (_RANK[one.reason], one.name, one.id)):
        weight = _WEIGHTS[trait.reason]
        for other in holders[trait.reason, trait.id]:
            if other in scores:
                scores[other] += weight
            else:
                scores[other], why[other] = weight, trait
    scores.pop(number, None)
    best = [other for _, other in nsmallest(_SHOWN, [(-score, other) for other, score in scores.items()])]
    return (Related(articles[other].key, why[other].reason, why[other].name) for other in best)
