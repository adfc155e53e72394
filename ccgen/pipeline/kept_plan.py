"""What a build keeps of its plan beside the facts, as bytes; what reads it again, and what compares it with the next plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from ccgen.errors import Problem
from ccgen.model.page import answer_key
from ccgen.model.site import AnchorHope, Plan, Route, Seller, page_question, sale_question
from ccgen.write import RecordUnreadable, Stale, State

__all__ = [
    "KeptRoutes",
    "Rest",
    "decode_rest",
    "decode_route",
    "encode_rest",
    "encode_route",
    "find_stale",
    "other_answers",
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


def find_stale(state: State, plan: Plan, changed: AbstractSet[int]) -> dict[str, Stale]:
    """Return which outputs of a plan must be rendered, and why. `changed` are the keys of facts that are not as recorded."""
    wanted, recorded = plan.outputs, dict(state.routes())
    if not recorded:
        return state.stale(wanted, changed)
    moved = {path for path, before in recorded.items() if path in wanted and before != encode_route(wanted[path])}
    before = {path: _route(recorded[path]) for path in moved}
    others = {path for path, route in before.items() if route is None or route.shown != wanted[path].shown}
    # What is told of a page is told at its source, by which it may be waived.
    elsewhere = {path for path, route in before.items() if route is not None and route.source != wanted[path].source}
    answers = other_answers(others | elsewhere | (recorded.keys() ^ wanted.keys()), _addresses(state), plan.addresses)
    return state.stale(wanted, changed | answers, others | (elsewhere & state.faulty()))


def other_answers(
    paths: Iterable[str], before: Mapping[str, tuple[str, ...]], now: Mapping[str, tuple[str, ...]]
) -> set[int]:
    """Return the keys of answers that are not what they were: what is at some paths, and whose offers have an address, by which
    pages are judged and which are no facts.
    """
    sold = () if before == now else [one for one in before.keys() | now.keys() if before.get(one) != now.get(one)]
    return {*map(answer_key, map(page_question, paths)), *map(answer_key, map(sale_question, sold))}


def _route(kept: bytes) -> Route | None:
    try:
        return decode_route(kept)
    except msgspec.MsgspecError:
        return None


def _addresses(state: State) -> Mapping[str, tuple[str, ...]]:
    try:
        return decode_rest(state.lookup.rest()).addresses
    except (RecordUnreadable, msgspec.MsgspecError):
        return {}


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
