"""What a build keeps of its plan beside the facts, as bytes, and what reads it again when it is asked for; knows no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

import msgspec

from ccgen.errors import Problem
from ccgen.model.site import AnchorHope, Route, Seller

__all__ = [
    "KeptRoutes",
    "Rest",
    "decode_rest",
    "decode_route",
    "encode_rest",
    "encode_route",
]


class Rest(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """All of a plan that drawing, reading and judging pages need and that is neither a fact nor a route."""

    hopes: tuple[AnchorHope, ...]
    sellers: tuple[Seller, ...]
    addresses: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]  # of the whole project, as they are told


encode_rest = msgspec.msgpack.Encoder().encode
decode_rest = msgspec.msgpack.Decoder(Rest).decode
encode_route = msgspec.msgpack.Encoder().encode
decode_route = msgspec.msgpack.Decoder(Route).decode


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
