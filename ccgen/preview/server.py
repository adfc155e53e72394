"""The preview's web server, in a thread of its own: passes questions to the session and sends what it answers; draws nothing."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from http import HTTPStatus
from importlib import resources
from ipaddress import ip_address
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import unquote

import h11
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from ccgen.errors import EnvironmentFault
from ccgen.preview.answers import EVENTS_PATH, LIVE_PATH, SWITCH_PATH, Answer
from ccgen.preview.guard import HEADERS, LOOPBACK, MOST_HEAD, Guard, name_in

__all__ = ["Ask", "Explain", "Explanation", "Gone", "Question", "Server", "Switch", "Switches", "Tab", "listen"]

_BEAT = 15.0  # seconds of silence after which an event stream says that it is alive
_RANGES = re.compile(r"bytes=((?: *\d{0,18}-\d{0,18} *,)* *\d{0,18}-\d{0,18} *)", re.ASCII)
_MOST_RANGES = 32
_MOST_TABS = 200  # of a stream
_MOST_CONNECTIONS = 1000
_WAITING = 100  # connections that nobody has taken yet; as many are taken at a time
_SCRIPTS = ("live", "bar", "stream")
# Seconds that a connection may be idle: an end after five, uvicorn's own, can meet a request that is under way.
_KEPT = 75
_GRACE = 1  # seconds for answers that are under way when the server ends


class Ask(NamedTuple):
    """Somebody asks for a path, decoded; who takes this answers it."""

    path: str
    answer: Future[Answer]


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is shown: drafts, articles with a date to come, and the site as at some time ("" for that of ccgen.yaml, or now)."""

    drafts: bool
    future: bool
    clock: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to say of a page, in values for JSON; what is not asked for, or nobody else's business, is left empty.

    Errors are told `here` or are those of other pages, `elsewhere`; `stops` says whether a build stops at them. `previewed` is
    why readers do not see a page yet, by its path. `as_at` is the time at which the clock stands, by a switch or by ccgen.yaml.
    """

    build: int
    stops: bool
    here: Sequence[Mapping[str, Any]]
    elsewhere: Sequence[Mapping[str, Any]] = ()
    switches: Switches | None = None
    as_at: str = ""
    previewed: Mapping[str, str] = {}
    findings: Sequence[Mapping[str, Any]] = ()
    sources: Sequence[Mapping[str, Any]] = ()
    products: Sequence[Mapping[str, Any]] = ()


class Explain(NamedTuple):
    """A tab asks what is wrong, or the `whole` of what is known of its page; `local`: from this machine."""

    path: str
    whole: bool
    local: bool
    answer: Future[Explanation]


class Switch(NamedTuple):
    """Somebody wants other switches; the answer is why they cannot be, "" where they are."""

    to: Switches
    answer: Future[str]


class Tab(NamedTuple):
    """A page is open in a browser: its path, and the digest of what it shows."""

    number: int
    path: str
    shows: str


class Gone(NamedTuple):
    """A tab was closed, or went elsewhere."""

    number: int


T = TypeVar("T")
Question = Ask | Explain | Switch | Tab | Gone
_Stream = asyncio.Queue[Mapping[str, Any] | None]  # to a browser; None ends it


class _Place(NamedTuple):
    """Where a tab is told what to do: the stream that it shares with others, and which it is of those that were named."""

    stream: _Stream
    at: int


class Server:
    """Invariant: nothing of the site, and nothing that is known of it, is answered from here: it is asked of `tell`, once.

    Our scripts and refusals are, and so is that there is a stream of events (HEAD).
    """

    def __init__(self, listening: socket.socket, tell: Callable[[Question], None], hosts: Iterable[str]) -> None:
        self._socket, self._tell = listening, tell
        self._streams: dict[int, _Place] = {}  # by the number of a tab
        self._count = 0
        files = resources.files("ccgen.preview")
        self._scripts = {name: files.joinpath(f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS}
        app = Starlette(
            routes=[
                Route(f"{LIVE_PATH}{{name}}.js", self._script),
                Route(EVENTS_PATH, self._events),
                Route(f"{LIVE_PATH}problems", self._explanation),
                Route(f"{LIVE_PATH}about", self._explanation),
                Route(SWITCH_PATH, self._switch, methods=["POST"]),
                Route("/{path:path}", self._page),
            ]
        )
        app.router.redirect_slashes = False
        settings = uvicorn.Config(
            Guard(app, hosts),
            lifespan="off",
            ws="none",
            http=_Protocol,
            backlog=_WAITING,
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,  # whoever asks says nothing of who they are
            server_header=False,
            h11_max_incomplete_event_size=MOST_HEAD,
            timeout_keep_alive=_KEPT,
            timeout_graceful_shutdown=_GRACE,
        )
        self._server = uvicorn.Server(settings)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="ccgen server", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End all streams and answers, and let the port go."""
        self._server.should_exit = True
        if self._thread.is_alive():
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._end_streams)
            self._thread.join(timeout=2 * _GRACE)
        self._socket.close()

    def send(self, number: int, message: Mapping[str, Any]) -> None:
        """Send a message to a tab; one that is gone gets none."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._put, number, message)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_pass_over)
        await self._server.serve(sockets=[self._socket])

    def _put(self, number: int, message: Mapping[str, Any]) -> None:
        place = self._streams.get(number)
        if place is not None:
            place.stream.put_nowait({**message, "tab": place.at})

    def _end_streams(self) -> None:
        for place in self._streams.values():
            place.stream.put_nowait(None)

    async def _script(self, request: Request) -> Response:
        text = self._scripts.get(request.path_params["name"])
        return Response(text, media_type="text/javascript") if text else Response(status_code=404)

    async def _page(self, request: Request) -> Response:
        answer: Future[Answer] = Future()
        self._tell(Ask(request.scope["path"], answer))
        found = await _answered(request, answer)
        if found is None:
            return _NOBODY
        if found.location:
            query = request.scope["query_string"].decode("ascii", "ignore")
            return RedirectResponse(f"{found.location}?{query}" if query else found.location, found.status)
        if found.file:
            if not _are_ranges(request.headers.get("range", "bytes=0-")):  # all is sent then (RFC 9110, 14.2)
                request.scope["headers"] = [one for one in request.scope["headers"] if one[0] != b"range"]
            if not Path(found.file).is_file():  # it has gone, and that is about to be noticed
                return Response(status_code=404)
            return FileResponse(found.file, found.status, media_type=found.type)
        return Response(found.data, found.status, {"content-type": found.type})

    async def _explanation(self, request: Request) -> Response:
        answer: Future[Explanation] = Future()
        whole = request.url.path.endswith("about")
        self._tell(Explain(_tab_path(request), whole, _is_local(request), answer))
        found = await _answered(request, answer)
        return _NOBODY if found is None else Response(msgspec.json.encode(found), media_type="application/json")

    async def _switch(self, request: Request) -> Response:
        if not _is_local(request):
            return JSONResponse({"wrong": "only the machine that shows this preview can switch"}, 403)
        try:
            wanted = msgspec.json.decode(await request.body(), type=Switches)
        except msgspec.MsgspecError as error:
            return JSONResponse({"wrong": str(error)}, 400)
        answer: Future[str] = Future()
        self._tell(Switch(wanted, answer))
        wrong = await asyncio.wrap_future(answer)
        return JSONResponse({"wrong": wrong}, 400 if wrong else 200)

    async def _events(self, request: Request) -> Response:
        if request.method == "HEAD":  # whose body would never come, and never end
            return Response(media_type="text/event-stream")
        stream = _Stream()
        asked = request.query_params
        pairs = list(zip(asked.getlist("path"), asked.getlist("shows"), strict=False))
        if len(pairs) > _MOST_TABS:
            return Response("these are too many tabs\n", 400, media_type="text/plain")
        tabs = [Tab(number, path, shows) for number, (path, shows) in enumerate(pairs, self._count + 1)]
        self._count += len(tabs)

        async def messages() -> AsyncIterator[str]:
            for at, tab in enumerate(tabs):
                self._streams[tab.number] = _Place(stream, at)
                self._tell(tab)
            try:
                yield "retry: 300\n\n"
                while True:
                    try:
                        message = await asyncio.wait_for(stream.get(), _BEAT)
                    except TimeoutError:
                        yield ": still here\n\n"
                        continue
                    if message is None:
                        return
                    yield f"data: {json.dumps(message)}\n\n"
            finally:
                for tab in tabs:
                    self._streams.pop(tab.number, None)
                    self._tell(Gone(tab.number))

        return StreamingResponse(messages(), media_type="text/event-stream")


class _Protocol(H11Protocol):
    """HTTP whose refusals of what is no request say to browsers what all answers do."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuse what are too many, as files could not be read any more for lack of descriptors."""
        super().connection_made(cast("asyncio.Transport", transport))
        files, _ = getrlimit(RLIMIT_NOFILE)
        most = _MOST_CONNECTIONS if files == RLIM_INFINITY else min(_MOST_CONNECTIONS, files // 4)
        if len(self.connections) > most:
            self._refuse(503, "there are too many connections to the preview")

    def send_400_response(self, msg: str) -> None:
        """Refuse, and close; where an answer is under way already, only close."""
        self._refuse(400, msg)

    def _refuse(self, status: int, msg: str) -> None:
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            text = f"{msg}\n".encode()
            headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(text)), **HEADERS}
            parts: list[h11.Event] = [
                h11.Response(
                    status_code=status,
                    headers=[*headers.items(), ("connection", "close")],
                    reason=HTTPStatus(status).phrase,
                ),
                h11.Data(data=text),
                h11.EndOfMessage(),
            ]
            self.transport.write(b"".join(self.conn.send(part) or b"" for part in parts))
        self.transport.close()


def _pass_over(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say nothing where the machine refuses, above all another connection: it is tried again, and would be told each time."""
    if not isinstance(context.get("exception"), OSError):
        loop.default_exception_handler(context)


_NOBODY = Response(status_code=499)  # to whoever has gone


async def _answered(request: Request, answer: Future[T]) -> T | None:
    """Wait for an answer; None, and it need not be found any more, when whoever asks goes first."""
    waiting = asyncio.wrap_future(answer)
    gone = asyncio.ensure_future(_gone(request))
    await asyncio.wait((waiting, gone), return_when=asyncio.FIRST_COMPLETED)
    gone.cancel()
    if waiting.done():
        return waiting.result()
    answer.cancel()
    return None


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _are_ranges(header: str) -> bool:
    """Say whether a Range header asks for some ranges of bytes, each from a place to none before it."""
    found = _RANGES.fullmatch(header.lower())
    pairs = [one.strip().split("-") for one in found[1].split(",")] if found else []
    return 0 < len(pairs) <= _MOST_RANGES and all(
        (first or last) and not (first and last and int(first) > int(last)) for first, last in pairs
    )


def _tab_path(request: Request) -> str:
    """Return the path of the page that asks, decoded as that of a request is: it gives it as its address has it."""
    return unquote(request.query_params.get("path", "/"))


def _is_local(request: Request) -> bool:
    """Say whether somebody at this machine asks; under another name, whoever asks may be at the far end of a tunnel."""
    ours = name_in(request.headers["host"]) in LOOPBACK
    return ours and request.client is not None and ip_address(request.client.host).is_loopback


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises EnvironmentFault when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, or asyncio does not turn off Nagle's algorithm: each answer would take 40 ms longer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_WAITING)
    except OSError as fault:
        listening.close()
        if fault.errno == errno.EADDRINUSE:
            message, hint = f"port {port} is in use", f"try --port {port + 1}"
        else:
            message, hint = f"port {port} cannot be used: {fault.strerror or fault}", "try --port 8000"
        raise EnvironmentFault(message, code="port-in-use", hint=hint) from None
    return listening
