"""What is asked of which link, and what its answers mean: HEAD or GET, conditional or not, again or not; keeps no file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ccgen.books.landing import sold_out_in
from ccgen.books.visit import NotAskedError, Seen, UnclearError, Visitor
from ccgen.commerce.arrival import lost_by, neutral, onward
from ccgen.commerce.health import Answer
from ccgen.commerce.watched import Watched
from ccgen.model.health import LinkHealth
from ccgen.model.source import digest_of
from ccgen.text.url import host_of

__all__ = ["Asked", "Asker"]

_BUSY = frozenset({429, 503})
_GONE = frozenset({404, 410})
_TRIES = 3
_MOST_SILENT = 3
_LONGEST_WAIT = 60.0  # seconds that a run waits for one host; asked for more, it leaves the host alone
_MOST_MARK = 256  # characters of an ETag or a date that are kept
_MEANINGS = {
    401: "it asks for a password",
    403: "it does not let programs in",
    405: "it does not take this kind of request",
    407: "a proxy asks for a password",
    429: "it was asked too often",
    451: "it is withheld for legal reasons",
    503: "it is busy or being mended",
}


class Asked(NamedTuple):
    """What came of a link: an answer, or the reason why nobody was asked. `network`: no connection came about."""

    answer: Answer | None
    reason: str = ""
    network: bool = False


class Asker:
    """Asks for links one after the other. A host that is asked too often is left alone for the rest of the run."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._closed: dict[str, str] = {}  # hosts that are not asked any more, and why
        self._silent: Counter[str] = (
            Counter()
        )  # links of a host, one after the other, to which no connection came about

    def close(self, host: str, reason: str) -> None:
        """Ask nothing more of a host in this run."""
        self._closed.setdefault(host, reason)

    async def ask(self, one: Watched, before: LinkHealth | None) -> Asked:
        """Ask for one link, again where its host is busy and asks for a short wait."""
        host = host_of(one.url) or ""
        if host in self._closed:
            return Asked(None, self._closed[host])
        words = _mark_of(one.words)
        known = _conditions(before, words)
        try:
            seen, wait = await self._patiently(one, known)
        except NotAskedError as refused:
            return Asked(None, str(refused))
        except UnclearError as unclear:
            self._count_silence(host, silent=unclear.network)
            return Asked(Answer("unclear", status=unclear.status, reason=str(unclear)), network=unclear.network)
        self._count_silence(host, silent=False)
        answer = self._answer(one, seen, words, wait)
        if seen.redirects and one.added and answer.kind in {"reached", "unchanged"}:
            answer = answer._replace(lost=await self._lost(one, seen.redirects))
        return Asked(answer)

    async def _lost(self, one: Watched, redirects: int) -> tuple[str, ...] | None:
        """Return what the redirects of a link drop of what we add to it, None where nobody can tell."""

        def onward_from(target: str, plain: str) -> str:
            return onward(target, plain, one.added)

        try:
            chain = await self._visitor.redirects(neutral(one.url, one.added), onward_from, redirects)
        except (NotAskedError, UnclearError):
            return None
        return lost_by(chain, one.added)

    def _count_silence(self, host: str, *, silent: bool) -> None:
        """Leave a host alone that does not answer at all: hundreds of links would each wait their full time."""
        self._silent[host] = self._silent[host] + 1 if silent else 0
        if self._silent[host] == _MOST_SILENT:
            self.close(host, f"`{host}` did not answer for {_MOST_SILENT} links before")

    async def _patiently(self, one: Watched, known: Mapping[str, str]) -> tuple[Seen, float]:
        """Return the last answer, and for how many seconds its host wants to be left alone."""
        attempt = 0
        while True:
            seen = await self._look(one, known)
            if seen.status not in _BUSY:
                return seen, 0.0
            wait = self._wait(seen, attempt)
            attempt += 1
            if wait > _LONGEST_WAIT or attempt == _TRIES:
                return seen, wait
            self._visitor.hold(host_of(seen.url) or "", wait)

    async def _look(self, one: Watched, known: Mapping[str, str]) -> Seen:
        """Ask for the page where its text is wanted, else for its head first: servers often answer HEAD with nonsense."""
        if not one.words:
            seen = await self._visitor.look(one.url, method="HEAD", known=known)
            if seen.status < 300 or seen.status == 304 or seen.status in _BUSY:
                return seen
        return await self._visitor.look(one.url, known=known)

    def _wait(self, seen: Seen, attempt: int) -> float:
        """Return the seconds to wait before a busy host is asked again: as it says, else longer each time."""
        said = _retry_after(seen.headers)
        return self._visitor.manners.pause * 2 ** (attempt + 1) if said is None else said

    def _answer(self, one: Watched, seen: Seen, words: str, wait: float) -> Answer:
        status = seen.status
        if status == 429 or (status == 503 and wait > _LONGEST_WAIT):
            host = host_of(seen.url) or ""
            self.close(host, f"`{host}` asked to be left alone")
        if status in _GONE:
            return Answer("gone", status, f"it answers {status}", final=seen.url)
        if status == 304:
            return Answer("unchanged", status, final=seen.url, moved_to=seen.moved_to, words=words)
        if not 200 <= status < 300:
            meaning = _MEANINGS.get(status, "its server has a fault" if status >= 500 else "that says nothing certain")
            long = timedelta(seconds=math.ceil(wait)) if wait > _LONGEST_WAIT else None
            return Answer("unclear", status, f"it answers {status}: {meaning}", final=seen.url, wait=long)
        return Answer(
            "reached",
            status,
            final=seen.url,
            moved_to=seen.moved_to,
            sold_out=sold_out_in(seen.text, one.words) if one.words and seen.text else "",
            etag=_kept(seen.headers.get("etag", "")),
            modified=_kept(seen.headers.get("last-modified", "")),
            words=words,
        )


def _conditions(before: LinkHealth | None, words: str) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed since it was last read, for the same words."""
    if before is None or before.words != words or before.state not in {"ok", "moved", "sold_out"}:
        return {}
    headers = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
    return {name: value for name, value in headers.items() if value}


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait; None where it does not say."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), 30 * 86400.0)
    try:
        then = parsedate_to_datetime(text)
        date = parsedate_to_datetime(headers["date"]) if "date" in headers else datetime.now(UTC)
        return max(0.0, min((then - date).total_seconds(), 30 * 86400.0))
    except (TypeError, ValueError, OverflowError):
        return None


def _kept(mark: str) -> str:
    return mark if len(mark) <= _MOST_MARK and mark.isascii() and mark.isprintable() else ""


def _mark_of(words: Sequence[str]) -> str:
    return digest_of("\0".join(words).encode())[:4].hex() if words else ""
