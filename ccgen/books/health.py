"""`ccgen links check`: asks for every link in turn, judges what came, and keeps it in data/links.json; draws nothing.

Whatever ends a run early, what was found until then is kept.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from ccgen import __version__
from ccgen.books.asking import Asked, Asker
from ccgen.books.visit import Manners, Visitor
from ccgen.commerce.health import findings, judge
from ccgen.commerce.offers import merchant_of
from ccgen.commerce.watched import Watched, carried, plain_url, watched
from ccgen.config import Config
from ccgen.errors import ContentError, EnvironmentFault, Problem, has_errors
from ccgen.load.health import HEALTH_FILE, HEALTH_VERSION, read_health
from ccgen.model.health import LinkHealth
from ccgen.model.loaded import Loaded
from ccgen.model.site import Plan
from ccgen.text.url import host_of
from ccgen.write import files, lock

__all__ = ["Checked", "Looked", "check_links", "manners"]

_HOSTS_AT_ONCE = 8
_PATIENCE = 60.0  # seconds for a build to end: what was asked of many hosts is not thrown away for it
Progress = Callable[[str, int, int], None]


class Looked(NamedTuple):
    """One link after a run: what is known of it, or the reason why nobody was asked."""

    one: Watched
    known: LinkHealth | None
    reason: str = ""


class Checked(NamedTuple):
    """What a run found. `offline`: not one host could be reached, and so nothing was kept."""

    looked: tuple[Looked, ...]
    problems: tuple[Problem, ...]
    offline: bool
    written: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """How many links there are of each state; `not_checked` are those that nobody was asked for."""
        return Counter(one.known.state if one.known and not one.reason else "not_checked" for one in self.looked)


def manners(config: Config, *, pause: float, seconds: float, local: bool) -> Manners:
    """Return how this site's checks behave; the agent's name says whom a merchant can ask about them."""
    return Manners(agent=f"ccgen/{__version__} (+{config.base_url})", pause=pause, seconds=seconds, local=local)


def check_links(
    config: Config,
    plan: Plan,
    loaded: Loaded,
    how: Manners,
    *,
    everything: bool = False,
    progress: Progress | None = None,
) -> Checked:
    """Ask for the offers' addresses, with `everything` for those in prose too, and keep what was found.

    Raises ContentError for a data/links.json that cannot be read (it stays as it is), EnvironmentFault where another ccgen
    works on this project all the while it is to be written. A KeyboardInterrupt passes on after what was found has been kept,
    with a note that says so.
    """
    before, problems = read_health(config.root)
    if has_errors(problems):
        raise ContentError(problems)
    known_links = watched(plan, loaded, config)
    wanted = [one for one in known_links if everything or one.offers]
    # Only a whole site tells which links are gone from it.
    kept = {one.url for one in known_links if not one.never} | (set(before) if has_errors(plan.problems) else set())
    run = _Run(config.clock.astimezone(UTC).replace(microsecond=0), before, wanted, progress)
    try:
        asyncio.run(run.all(_visitor(how, loaded, config)))
    except BaseException as stopped:
        done = f"{len(run.found)} of {len(wanted)} links were looked at"
        if run.offline or not run.found:
            stopped.add_note(f"{done}; nothing is kept")
        else:
            stopped.add_note(f"{done}{_kept_at_last(config, run.found, kept)}")
        raise
    written = not run.offline and _save(config, run.found, kept)
    after = before if run.offline else {**before, **run.found}
    looked = tuple(Looked(one, after.get(one.url), run.reasons.get(one.url, "")) for one in wanted)
    told = (
        problem for one in looked if one.known for problem in findings(one.known, one.one.at, sold=bool(one.one.offers))
    )
    return Checked(looked, tuple(told), run.offline, written)


class _Run:
    """One run over many hosts: what it found by URL, and why others were not asked for."""

    def __init__(
        self,
        now: datetime,
        before: Mapping[str, LinkHealth],
        wanted: Iterable[Watched],
        progress: Progress | None,
    ) -> None:
        self.now, self.before, self.progress = now, before, progress
        self.found: dict[str, LinkHealth] = {}
        self.reasons: dict[str, str] = {}
        self.network = 0  # links for which not even a connection came about
        self.queues: defaultdict[str, list[Watched]] = defaultdict(list)
        self.total = 0
        for one in wanted:
            self.total += 1
            if one.never:
                self.reasons[one.url] = one.never
            else:
                self.queues[host_of(one.url) or ""].append(one)

    @property
    def offline(self) -> bool:
        """Say whether not one connection came about."""
        return bool(self.found) and self.network == len(self.found)

    async def all(self, visitor: Visitor) -> None:
        """Go through all hosts, some at a time and each in order."""
        asker = Asker(visitor)
        for known in self.before.values():
            if known.wait_until and known.wait_until > self.now:
                host = host_of(known.final or known.url) or ""
                asker.close(host, f"`{host}` asked to be left alone until {known.wait_until:%Y-%m-%d %H:%M} UTC")
        at_once = asyncio.Semaphore(_HOSTS_AT_ONCE)
        self._show()

        async def through(queue: list[Watched]) -> None:
            async with at_once:
                for one in queue:
                    self._take(one, await asker.ask(one, self.before.get(one.url)))

        async with asyncio.TaskGroup() as group:
            for queue in self.queues.values():
                group.create_task(through(queue))

    def _take(self, one: Watched, asked: Asked) -> None:
        if asked.answer is None:
            self.reasons[one.url] = asked.reason
        else:
            before = self.before.get(one.url)
            self.found[one.url] = judge(one.url, before, asked.answer, now=self.now, domains=one.domains)
            self.network += asked.network
        self._show()

    def _show(self) -> None:
        if self.progress and self.total:
            self.progress("Asking", len(self.found) + len(self.reasons), self.total)


def _visitor(how: Manners, loaded: Loaded, config: Config) -> Visitor:
    """Return what asks, which follows no paid link, not even where a shop leads there, and never says that we sent it."""
    records = [entry.record for (_, lang), entry in loaded.merchants.items() if lang == config.language]
    return Visitor(how, lambda url: carried(url, records), lambda url: plain_url(url, merchant_of(url, records)))


def _kept_at_last(config: Config, found: Mapping[str, LinkHealth], kept: set[str]) -> str:
    """Keep what was found although the run ends early, and say whether that went well: why it ends is told either way."""
    try:
        _save(config, found, kept)
    except (ContentError, EnvironmentFault) as fault:
        return f"; nothing is kept: {fault.message}"
    return f", and what was found is in {HEALTH_FILE}"


def _save(config: Config, found: Mapping[str, LinkHealth], kept: set[str]) -> bool:
    """Lay what was found over what data/links.json holds by now; say whether it changed."""
    with lock(config.state, patience=_PATIENCE):
        return _laid_over(config, found, kept)


def _laid_over(config: Config, found: Mapping[str, LinkHealth], kept: set[str]) -> bool:
    before, problems = read_health(config.root)
    if has_errors(problems):
        raise ContentError(problems)
    after = {url: one for url, one in {**before, **found}.items() if url in kept}
    if after == before or not (after or before):
        return False
    file = os.path.realpath(config.root / HEALTH_FILE)  # a link stays one
    files.make_folders(file.rpartition("/")[0])
    files.replace(file, _written(after))
    return True


def _written(links: Mapping[str, LinkHealth]) -> bytes:
    """Return the file: links by URL, one key a line, so that what changed in a night is what a diff shows."""
    value = {"version": HEALTH_VERSION, "links": [links[url] for url in sorted(links)]}
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
