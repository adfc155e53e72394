"""How the pages of a planned site are drawn, read and staged, by this process or by others; knows nothing of what is stale."""

from __future__ import annotations

import mmap
import pickle
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar

import msgspec

from ccgen.check import Reader
from ccgen.check.policy import make_policy
from ccgen.commerce.links import Purchase
from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.bodies import Bodies
from ccgen.model.facts import Facts
from ccgen.model.loaded import FileInfo
from ccgen.model.packed import PackedFacts, packing
from ccgen.model.page import GROUP_LIMIT, Kept, Page, answer_key
from ccgen.model.site import Plan, Route, Seller
from ccgen.model.theme import Theme
from ccgen.model.timing import Timing, stage
from ccgen.model.work import Work
from ccgen.pipeline.kept_plan import KeptRoutes, decode_route, encode_route
from ccgen.pipeline.table import Table, write_table
from ccgen.pipeline.versions import program
from ccgen.render import Codes, Renderer, Stock
from ccgen.render.measured import MeasuredRenderer
from ccgen.write import Staged, Stager
from ccgen.write.bodies import StoredBodies
from ccgen.write.shelf import FileShelf

__all__ = ["Desk", "Drawn", "Seen", "Site", "looking", "nothing_drawn", "purchasing", "staging", "user_shelf"]

_CHECKED = ("check:pages", 0)
_LEAST = 32  # pages that are worth a snapshot of the smallest site
_OWNERS_A_PAGE = 200  # of facts, which it takes as long to put into a snapshot as to draw a page
_SIZE, _NUMBER = 8, 4  # bytes at the beginning of a snapshot, where its head is, and of an owner's facts: its number
B = TypeVar("B")


def nothing_drawn(_key: bytes) -> None:
    """Return no drawing: none is kept."""


def user_shelf() -> FileShelf:
    """Return what any build of this user may take again."""
    return FileShelf(program())


class Site(NamedTuple):
    """A planned site, as far as its pages go by it. `stored` holds its bodies; `number` knows every owner, and gives each
    its number.
    """

    config: Config
    theme: Theme
    plan: Plan
    stored: StoredBodies
    number: Callable[[str], int]
    codes: Codes
    timing: Timing | None = None
    find: Callable[[bytes], Kept | None] = nothing_drawn  # drawings of the last build that are as they would be now


class Drawn(NamedTuple):
    """A page that is drawn, read and staged, without its bytes. `kept` are drawings that were made for it or its neighbours."""

    staged: Staged | None
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]
    kept: Mapping[bytes, Kept] = {}


class Seen(NamedTuple):
    """A page that is drawn and read, without its bytes."""

    digest: bytes
    reads: tuple[int, ...]
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]


class Desk:
    """Draws and reads the pages of a site, in any order; holds what they share."""

    def __init__(self, site: Site, stager: Stager | None = None) -> None:
        self._site, self.stager = site, stager
        self.stock = Stock(site.find) if stager else None

    @cached_property
    def renderer(self) -> Renderer:
        """What draws the site's routes."""
        config, theme, plan, _, number, codes, timing, _ = self._site
        seconds = config.settings.limits.drawing_seconds
        if timing is None:
            return Renderer(plan, theme, number, seconds=seconds, codes=codes, stock=self.stock)
        return MeasuredRenderer(plan, theme, number, seconds=seconds, codes=codes, stock=self.stock, timing=timing)

    @cached_property
    def reader(self) -> Reader:
        """What reads finished pages, for every rule that counts here: what it finds is recorded, so that a later check need
        not read the page again.
        """
        config = self._site.config
        rules = make_policy(config.settings.check)[0].asked()
        return Reader(self._site.plan, base=config.base_url, rules=rules, now=config.clock)

    def draw(self, batch: Sequence[Route]) -> list[Page | Problem]:
        """Draw and read some pages; a template's fault comes in a page's place.

        One step for all of them, then the next: the code and data of a step stay near. A seventh of the time.
        """
        with stage(self._site.timing, "drawing"):
            drawn = [self.renderer.render(route) for route in batch]
        with stage(self._site.timing, "reading of pages"):
            return [
                made if isinstance(made, Problem) else self._read(route, made)
                for route, made in zip(batch, drawn, strict=True)
            ]

    def _read(self, route: Route, page: Page) -> Page:
        """Return a page with its ids, its links and what is wrong with it; it reads what that goes by."""
        if page.data is None or not _is_page(route):
            return page
        reading, number = self.reader.read(route, page.data), self._site.number
        gone_by = {number(owner) * GROUP_LIMIT + group for owner, group in (*reading.read, _CHECKED)}
        gone_by.update(map(answer_key, reading.asked))
        return msgspec.structs.replace(
            page,
            reads=tuple(sorted(gone_by.union(page.reads))),
            anchors=reading.anchors,
            links=reading.links,
            problems=reading.problems,
        )


def _is_page(route: Route) -> bool:
    return route.kind == "json" or (route.path.endswith(".html") and route.kind != "file")


# --- what is done with pages: functions that another process finds by name ---


def staging(site: Site, stager: Stager) -> Work[Desk, tuple[Route, bytes | None], Drawn]:
    """Return the work of drawing routes into staging; each item is a route and the digest of its standing file."""
    return _work(_stage, site, stager)


def looking(site: Site) -> Work[Desk, Route, Seen | Problem]:
    """Return the work of drawing routes to see what is wrong with them."""
    return _work(_look, site)


def purchasing(site: Site) -> Work[Desk, Route, tuple[Purchase, ...] | Problem]:
    """Return the work of finding out what the sub-ids of routes say."""
    return _work(_purchases, site)


def _stage(desk: Desk, batch: Sequence[tuple[Route, bytes | None]]) -> list[Drawn]:
    assert desk.stager is not None
    assert desk.stock is not None
    found = []
    for (_, standing), made in zip(batch, desk.draw([route for route, _ in batch]), strict=True):
        if isinstance(made, Problem):
            found.append(Drawn(None, (), (made,)))
        else:
            found.append(Drawn(desk.stager.write(made, standing), made.anchors, made.problems, desk.stock.new()))
    return found


def _look(desk: Desk, batch: Sequence[Route]) -> list[Seen | Problem]:
    return [
        made if isinstance(made, Problem) else Seen(made.digest, made.reads, made.anchors, made.problems)
        for made in desk.draw(batch)
    ]


def _purchases(desk: Desk, batch: Sequence[Route]) -> list[tuple[Purchase, ...] | Problem]:
    return [desk.renderer.purchases(route) for route in batch]


def _work(
    do: Callable[[Desk, Sequence[Any]], Sequence[B]], site: Site, stager: Stager | None = None
) -> Work[Desk, Any, B]:
    worth = _LEAST + len(site.plan.facts.groups) // _OWNERS_A_PAGE
    return Work(do, partial(Desk, site, stager), partial(_pack, site, stager), _open, worth)


# --- a site on disk, as other processes open it ---


class _Head(msgspec.Struct, frozen=True, array_like=True):
    """All of a site but facts, routes and bodies, of which there are too many to read them all: where they stand in the file.

    `facts` and `routes` are tables (`Table`); a fact's bytes begin with its owner's number. `bodies` are (place, length) by
    digest: those that are not saved yet.
    """

    pickled: bytes  # config, theme, stager, find
    readings: str  # the file that holds saved bodies
    outputs: frozenset[str]
    assets: dict[str, bytes]
    files: dict[str, FileInfo]
    sellers: tuple[Seller, ...]
    addresses: dict[str, tuple[str, ...]]
    facts: int
    routes: int
    bodies: dict[bytes, tuple[int, int]]


_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(_Head).decode


def _pack(site: Site, stager: Stager | None, stream: BinaryIO) -> None:
    """Write a site: where its head is, all facts, all routes, the bodies that are not to be had elsewhere, the head."""
    config, theme, plan, stored, number, _, _, find = site
    stream.write(bytes(_SIZE))
    packed = packing(plan.facts)
    rows = ((owner, number(owner).to_bytes(_NUMBER) + packed(owner)) for owner in plan.facts.groups)
    facts = write_table(stream, rows)
    routes = write_table(stream, ((path, encode_route(route)) for path, route in plan.outputs.items()))
    bodies, place = {}, stream.tell()
    for digest, body in stored.unsaved.items():
        bodies[digest] = (place, len(body))
        place += stream.write(body)
    head = _Head(
        pickle.dumps((config, theme, stager, find), protocol=5),
        stored.file,
        frozenset(plan.outputs),
        dict(plan.assets),
        dict(plan.files),
        plan.sellers,
        dict(plan.addresses),
        facts,
        routes,
        bodies,
    )
    stream.write(_encode(head))
    stream.seek(0)
    stream.write(place.to_bytes(_SIZE))


def _open(path: str) -> Desk:
    """Open a site that `_pack` wrote; its facts and bodies are read when a page asks for them."""
    with Path(path).open("rb") as stream:
        file = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    whole = memoryview(file)
    head = _decode_head(whole[int.from_bytes(file[:_SIZE]) :])
    config, theme, stager, find = pickle.loads(head.pickled)  # noqa: S301  (written by the process that gave us this work)
    held, routes = Table(whole, head.facts), Table(whole, head.routes)
    outputs = KeptRoutes(head.outputs, lambda path: decode_route(routes[path]))
    unsaved = {digest: whole[place : place + length] for digest, (place, length) in head.bodies.items()}
    stored = StoredBodies(head.readings, unsaved)
    facts = PackedFacts(partial(_held, held), held.__iter__, {})
    plan = Plan(
        facts=Facts(groups=facts),
        routes=outputs.values(),
        outputs=outputs,
        bodies=Bodies(facts, stored.find),
        assets=head.assets,
        files=head.files,
        hopes=(),
        hidden=(),
        previewed=(),
        problems=(),
        sellers=head.sellers,
        addresses=head.addresses,
        next_change=None,
    )
    number = lambda owner: int.from_bytes(held[owner][:_NUMBER])  # noqa: E731
    return Desk(Site(config, theme, plan, stored, number, Codes(user_shelf()), find=find), stager)


def _held(facts: Mapping[str, memoryview], owner: str) -> bytes | None:
    found = facts.get(owner)
    return None if found is None else bytes(found[_NUMBER:])
