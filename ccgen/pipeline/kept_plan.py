"""What a build keeps of its plan beside the facts, as bytes, and what reads it again when it is asked for; knows no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

import msgspec

from ccgen.errors import Problem
from ccgen.load import kept_article
from ccgen.model.body import Body
from ccgen.model.facts import GROUPS, ArticleUrl, BodyGroup, Group
from ccgen.model.loaded import Loaded
from ccgen.model.packed import unpack_body
from ccgen.model.parts import id_of, owner_kind, owner_parts, ref
from ccgen.model.site import AnchorHope, Route, Seller
from ccgen.write import RecordUnreadable
from ccgen.write.readings import Readings

__all__ = [
    "KeptBodies",
    "KeptRoutes",
    "Rest",
    "decode_rest",
    "decode_route",
    "encode_rest",
    "encode_route",
    "is_article",
]

_BODY = {kind: groups.index(BodyGroup) for kind, groups in GROUPS.items() if BodyGroup in groups}


class Rest(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """All of a plan that drawing, reading and judging pages need and that is neither a fact nor a route."""

    hopes: tuple[AnchorHope, ...]
    sellers: tuple[Seller, ...]
    addresses: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]  # of the whole project, as they are told
    bodies: dict[str, msgspec.Raw]  # by owner; those of articles are kept where they were read


encode_rest = msgspec.msgpack.Encoder().encode
decode_rest = msgspec.msgpack.Decoder(Rest).decode
encode_route = msgspec.msgpack.Encoder().encode
decode_route = msgspec.msgpack.Decoder(Route).decode


def is_article(owner: str) -> bool:
    """Say whether an owner of facts is an article."""
    return owner_kind(owner) == "article"


class KeptRoutes(Sequence[Route]):
    """The routes of a kept plan, read when they are asked for; `held` gives them as bytes."""

    def __init__(self, held: Callable[[], Iterator[bytes]]) -> None:
        self._held = held
        self._read: tuple[Route, ...] | None = None

    def _all(self) -> tuple[Route, ...]:
        if self._read is None:
            self._read = tuple(map(decode_route, self._held()))
        return self._read

    @overload
    def __getitem__(self, index: int) -> Route: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Route, ...]: ...
    def __getitem__(self, index: int | slice) -> Route | tuple[Route, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())


class KeptBodies(Mapping[str, Body]):
    """The bodies of a kept plan by owner, read when they are asked for: those of `part` first, for they are new."""

    def __init__(self, facts: Mapping[str, Sequence[Group]], readings: Readings, part: Loaded, rest: Rest) -> None:
        self._facts, self._readings, self._rest = facts, readings, rest
        self._read = {ref("article", one.lang, one.id).owner: one.body for one in part.articles}

    def __getitem__(self, owner: str) -> Body:
        if owner not in self._read:
            self._read[owner] = self._article(owner) if is_article(owner) else unpack_body(self._rest.bodies[owner])
        return self._read[owner]

    def _article(self, owner: str) -> Body:
        groups = self._facts[owner]
        url, body = groups[0], groups[_BODY["article"]]
        assert isinstance(url, ArticleUrl)
        assert isinstance(body, BodyGroup)
        found = kept_article(self._readings, id_of(url.section.owner), id_of(owner), owner_parts(owner)[1])
        if (
            found is None or found.digest != body.body_digest
        ):  # what was read may be another's, of a later build elsewhere
            raise RecordUnreadable(f"the body of `{owner}` is not kept")
        return found.body

    def __iter__(self) -> Iterator[str]:
        return (owner for owner in self._facts if owner_kind(owner) in _BODY)

    def __len__(self) -> int:
        return sum(1 for _ in self)
