"""One address asked for, politely and safely, hop by hop: the only code here that opens a connection; knows no record.

Every hop is held to the same rules: http or https, an address that may be asked, the host's turn, its robots.txt. The address
that was looked at is the one connected to, so that a name cannot lead elsewhere in between.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from ccgen.books.addresses import Resolve, refusal, resolve
from ccgen.books.landing import decoded
from ccgen.books.robots import Rules, read_robots
from ccgen.commerce.arrival import Redirect
from ccgen.text.url import host_of

if TYPE_CHECKING:
    import httpx

__all__ = ["Manners", "NotAskedError", "Seen", "UnclearError", "Visitor"]

_MOST_BYTES = 512 * 1024  # of a page, as sent and as unpacked
MOST_HOPS = 5
_ROBOT = "ccgen"
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_EITHER_HEADER = 32 + zlib.MAX_WBITS  # gzip or zlib, as the data says


class NotAskedError(Exception):
    """An address was not asked for; the message says why."""


class UnclearError(Exception):
    """Somebody was asked, and what came is no answer; the message says what. `network`: not even a connection."""

    def __init__(self, reason: str, *, network: bool = False, status: int = 0) -> None:
        super().__init__(reason)
        self.network, self.status = network, status


class Manners(NamedTuple):
    """How we behave. Times are in seconds; `local` lets addresses of our own network and any port pass."""

    agent: str
    pause: float = 1.0  # between two requests to one host
    seconds: float = 20.0  # for one look, waiting for our turn aside
    local: bool = False
    resolve: Resolve = resolve


class Seen(NamedTuple):
    """An answer. `url` is the last one asked, `moved_to` where permanent redirects alone lead ('' = there were none), and
    `redirects` how many there were of any kind.
    """

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    text: str = ""
    moved_to: str = ""
    redirects: int = 0


class _Hop(NamedTuple):
    status: int
    headers: Mapping[str, str]
    data: bytes


class Visitor:
    """Asks for addresses. One request a host at a time, with a pause between; nothing is remembered from one to the next."""

    def __init__(
        self, manners: Manners, forbidden: Callable[[str], str] = lambda _: "", plain: Callable[[str], str] = str
    ) -> None:
        self.manners = manners
        self._forbidden = forbidden  # says why a URL must not be asked for, '' if it may
        self._plain = plain  # takes from the address of a redirect what says whose link it is
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}  # by host, on the monotonic clock
        self._robots: dict[str, Rules] = {}
        self._context = _tls()

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for some time."""
        self._free_at[host] = max(self._free_at.get(host, 0.0), time.monotonic() + seconds)

    async def look(self, url: str, *, method: str = "GET", known: Mapping[str, str] | None = None) -> Seen:
        """Follow a URL to its answer. `known` are the headers of a conditional request; they go to every hop.

        Raises NotAskedError when the first hop is not allowed, UnclearError for everything that is no answer.
        """
        seen: list[str] = []
        moved, permanent = "", True
        left = self.manners.seconds
        while True:
            if url in seen or len(seen) > MOST_HOPS:
                raise UnclearError("it leads in a circle" if url in seen else f"more than {MOST_HOPS} redirects")
            try:
                hop, spent = await self._hop(url, method, known or {}, left, robots=True)
            except NotAskedError as refused:
                if seen:
                    raise UnclearError(f"it leads on to what is not asked for: {refused}") from None
                raise
            seen.append(url)
            left -= spent
            target = hop.headers.get("location", "")
            if hop.status not in _REDIRECTS or not target:
                text = decoded(hop.data, hop.headers.get("content-type", "")) if hop.data else ""
                return Seen(url, hop.status, hop.headers, text, moved, len(seen) - 1)
            url = self._plain(_joined(url, target))
            permanent = permanent and hop.status in _PERMANENT
            moved = url if permanent else moved

    async def redirects(self, url: str, onward: Callable[[str, str], str], most: int) -> tuple[Redirect, ...]:
        """Return the first redirects from a URL. No page is read.

        `onward` says how the target of one is asked for, given as it came and without what says whose link it is; '' ends it.
        Raises NotAskedError or UnclearError where they do not come to an end of their own.
        """
        found: list[Redirect] = []
        left = self.manners.seconds
        while url and len(found) < most:
            hop, spent = await self._hop(url, "GET", {}, left, robots=True)
            left -= spent
            target = hop.headers.get("location", "")
            if hop.status not in _REDIRECTS or not target:
                if hop.status >= 400:
                    raise UnclearError(f"it answers {hop.status}", status=hop.status)
                break
            found.append(Redirect(url, _joined(url, target), "set-cookie" in hop.headers))
            url = onward(found[-1].target, self._plain(found[-1].target))
        return tuple(found)

    async def _hop(
        self, url: str, method: str, known: Mapping[str, str], left: float, *, robots: bool
    ) -> tuple[_Hop, float]:
        """Ask once; also return the seconds it took."""
        host, port = self._place(url)
        reason = self._forbidden(url)
        if reason:
            raise NotAskedError(reason)
        addresses = await self._addresses(host, port)
        if robots and not (await self._rules(url, left)).allow(url):
            raise NotAskedError(f"robots.txt of `{host}` asks programs not to")
        async with self._turn(host):
            began = time.monotonic()
            try:
                async with asyncio.timeout(max(left, 0.001)):
                    hop = await self._first_that_answers(addresses, method, url, known)
            except TimeoutError:
                raise UnclearError(f"no answer within {self.manners.seconds:g} seconds", network=True) from None
        return hop, time.monotonic() - began

    def _place(self, url: str) -> tuple[str, int]:
        """Return a URL's host and port. Raises NotAskedError for what is no plain address on the web."""
        host = host_of(url)
        if host is None:
            raise NotAskedError("it is no address on the web")
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise NotAskedError("it holds a user name or a password")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if port not in {80, 443} and not self.manners.local:
            raise NotAskedError(f"it names port {port}, where no shop is; `--allow-local` lets it pass")
        return host, port

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(self.manners.seconds):
                found = await self.manners.resolve(host, port)
        except (OSError, UnicodeError, TimeoutError) as fault:
            known = isinstance(fault, socket.gaierror) and fault.errno in {socket.EAI_NONAME, socket.EAI_AGAIN}
            raise UnclearError(
                f"the host `{host}` is not found" if known else f"`{host}` could not be looked up", network=True
            ) from None
        for address in found:
            reason = refusal(address, local=self.manners.local)
            if reason:
                hint = "; `--allow-local` lets it pass" if reason == "lies in a private network" else ""
                raise NotAskedError(f"`{host}` {reason}{hint}")
        return found

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        async with self._turns[host]:
            await asyncio.sleep(max(0.0, self._free_at.get(host, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self.hold(host, self.manners.pause)

    async def _rules(self, url: str, left: float) -> Rules:
        """Return what a site's robots.txt asks, read once; one that is not there asks nothing."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            where, hop = f"{site}/robots.txt", None
            for _ in range(MOST_HOPS):
                hop, _spent = await self._hop(where, "GET", {}, left, robots=False)
                target = _joined(where, hop.headers.get("location", ""))
                if hop.status not in _REDIRECTS or host_of(target) is None:
                    break
                where = target
            if hop is None or hop.status >= 500 or hop.status == 429:
                status = hop.status if hop else 0
                raise UnclearError(f"robots.txt of `{parts.hostname}` was answered with {status}", status=status)
            text = hop.data.decode("utf-8", "replace") if hop.status == 200 else ""
            self._robots[site] = read_robots(text.removeprefix("\ufeff"), _ROBOT)
        return self._robots[site]

    async def _first_that_answers(
        self, addresses: tuple[str, ...], method: str, url: str, known: Mapping[str, str]
    ) -> _Hop:
        """Try a host's addresses in turn until one takes the connection."""
        import httpx

        fault: Exception | None = None
        for address in addresses:
            try:
                return await self._exchange(address, method, url, known)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                fault = error
            except httpx.HTTPError as error:
                raise UnclearError("the connection broke off", network=True) from error
            except (httpx.InvalidURL, ValueError) as error:
                raise UnclearError("the address or the answer cannot be read") from error
        raise UnclearError(_connection_fault(fault), network=True) from fault

    async def _exchange(self, address: str, method: str, url: str, known: Mapping[str, str]) -> _Hop:
        import httpx

        asked = httpx.URL(url)
        pinned = asked.copy_with(host=address)
        headers = {
            "Host": asked.netloc.decode("ascii"),
            "User-Agent": self.manners.agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **known,
        }
        # A client of its own for each request: no cookie, password or connection is carried from one to the next.
        async with httpx.AsyncClient(
            verify=self._context, trust_env=False, timeout=httpx.Timeout(self.manners.seconds, connect=self._patience)
        ) as client:
            extensions = {"sni_hostname": asked.raw_host.decode("ascii")}
            request = client.build_request(method, pinned, headers=headers, extensions=extensions)
            answer = await client.send(request, stream=True)
            try:
                wanted = method == "GET" and answer.status_code == 200
                data = await _read(answer) if wanted else b""
            finally:
                await answer.aclose()
        return _Hop(answer.status_code, {key.lower(): value for key, value in answer.headers.items()}, data)

    @property
    def _patience(self) -> float:
        """Seconds for one of several addresses, so that a dead one leaves time for the next."""
        return max(self.manners.seconds / 3, 0.001)


async def _read(answer: httpx.Response) -> bytes:
    """Return the beginning of a text; of pictures and the like, and of what we cannot unpack, nothing."""
    kind = answer.headers.get("content-type", "text/html").lower()
    packed = answer.headers.get("content-encoding", "identity").strip().lower()
    if not any(word in kind for word in ("html", "text/plain")) or packed not in {*_PACKED, "identity", ""}:
        return b""
    unpack = zlib.decompressobj(_EITHER_HEADER) if packed in _PACKED else None
    found, sent = bytearray(), 0
    async for piece in answer.aiter_raw():
        sent += len(piece)
        room = _MOST_BYTES - len(found)
        try:
            found += unpack.decompress(piece, room) if unpack else piece[:room]
        except zlib.error:
            break
        if len(found) >= _MOST_BYTES or sent >= _MOST_BYTES:
            break
    return bytes(found)


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target.strip()).partition("#")[0]
    except ValueError:
        raise UnclearError("it leads to what is no address") from None


def _connection_fault(fault: BaseException | None) -> str:
    """Say in our words why no connection came about: what a server or a library says may be in any."""
    cause = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "its certificate cannot be trusted"
        if isinstance(cause, ssl.SSLError):
            return "no safe connection came about (TLS)"
        cause = cause.__cause__ or cause.__context__
    return "the server takes no connection"


def _tls() -> ssl.SSLContext:
    """Return what certificates are held to: the system's authorities, SSL_CERT_FILE, and those that come with httpx."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context
