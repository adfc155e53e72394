"""What a build keeps of its plan beside the facts, as bytes, and what reads it again when it is asked for; knows no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

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
    "show_other",
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


def show_other(kept: Iterable[tuple[str, bytes]], routes: Mapping[str, Route]) -> frozenset[str]:
    """Return the outputs that show something else than they did, `kept` being the routes of the last plan by path.

    What was at an address goes by nothing of what is there now: none of its facts needs to have changed.
    """
    both = ((path, before, routes[path]) for path, before in kept if path in routes)
    return frozenset(
        path for path, before, route in both if before != encode_route(route) and _shown(before) != route.shown
    )


def _shown(kept: bytes) -> tuple[str, ...]:
    try:
        return decode_route(kept).shown
    except msgspec.MsgspecError:
        return ()


class KeptRoutes(Mapping[str, Route]):
    """The routes of a kept plan by path; each is `read` when it is asked for."""

    def __init__(self, paths: AbstractSet[str], read: Callable[[str], Route]) -> None:
        self._paths, self._read = paths, read

    def __getitem__(self, path: str) -> Route:
        if path not in self._paths:
            raise KeyError(path)
        return self._read(path)

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
