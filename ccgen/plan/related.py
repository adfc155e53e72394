"""Which articles belong beside an article, and why; knows only what articles share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec

from ccgen.model.kept import Kept
from ccgen.model.parts import Ref, RelatedFact
from ccgen.model.source import digest_of

__all__ = ["Trait", "Traits", "related", "related_again"]

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
    """What an article is about, by the owner of its facts; articles come newest first."""

    key: str
    traits: tuple[Trait, ...]


class _Kept(NamedTuple):
    """What was found, and the digest of what it was found from."""

    inputs: bytes
    found: dict[str, tuple[RelatedFact, ...]]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Kept).decode


def related_again(articles: Sequence[Traits], name: str, kept: Kept) -> Mapping[str, tuple[RelatedFact, ...]]:
    """Return what `related` does, from what was kept under a name where that was found from the same articles and traits.

    It is the dearest question of a plan, and most edits change nothing that it looks at.
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


def related(articles: Sequence[Traits]) -> Mapping[str, tuple[RelatedFact, ...]]:
    """Return up to three related articles for each, those that share most first, newer before older.

    Time grows with articles × traits × a constant: of a trait that many share only the newest articles count.
    """
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, article in enumerate(articles):
        for trait in article.traits:
            holding = holders[trait.reason, trait.id]
            if len(holding) < _LARGEST:
                holding.append(number)
    held = {name: frozenset(several) for name, several in holders.items()}
    return {article.key: tuple(_best(number, article, articles, held)) for number, article in enumerate(articles)}


def _best(
    number: int, article: Traits, articles: Sequence[Traits], held: Mapping[tuple[str, str], frozenset[int]]
) -> Iterator[RelatedFact]:
    traits = sorted(article.traits, key=lambda one: (_RANK[one.reason], one.name, one.id))
    scores: dict[int, int] = {}
    to_come, late = sum([_WEIGHTS[trait.reason] for trait in traits]), False
    for trait in traits:
        weight, others = _WEIGHTS[trait.reason], held[trait[:2]]
        # Who has shared nothing so far comes too late when all that is to come is less than the best have already.
        late = late or (trait.reason != "product" and to_come < _least(scores))
        if late:
            for other in scores.keys() & others:
                scores[other] += weight
        else:
            for other in others:
                scores[other] = scores.get(other, 0) + weight
            scores.pop(number, None)
        to_come -= weight
    least = _least(scores)
    best = [(-score, other) for other, score in scores.items() if score >= least]
    for _, other in sorted(best)[:_SHOWN]:
        why = next(trait for trait in traits if other in held[trait[:2]])
        yield RelatedFact(article=Ref(articles[other].key), reason=why.reason, about=why.name)


def _least(scores: Mapping[int, int]) -> int:
    """Return what is needed to be among the best of these: 0 while there is room."""
    return sorted(scores.values())[-_SHOWN] if len(scores) >= _SHOWN else 0
