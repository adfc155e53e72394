"""Who may ask the preview, and what every answer says to browsers: it is for this machine's own pages; knows no site.

A page anywhere on the web can make a browser ask a server on its own machine. What names another host was led here by a name
that was rebound; what comes from another origin is another site's script. What follows: docs/preview.md, "Who can see it".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccgen.preview.answers import EVENTS_PATH, LIVE_PATH, SWITCH_PATH

__all__ = ["HEADERS", "LOOPBACK", "MOST_HEAD", "Guard", "name_in", "name_of_machine"]

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 8192  # bytes of an address
_LONGEST_EVENTS = 60_000  # bytes of the one that names all tabs of a browser
_MOST = 65_536  # bytes of all headers
MOST_HEAD = 2 * _MOST  # bytes of a request without its body
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^][:/\\?#@,%\s]+))(?::\d{0,5})?")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
HEADERS = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class Guard:
    """Invariant: no answer leaves without the headers above, and none but a refusal goes to a name that is not allowed."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = LOOPBACK) -> None:
        """`hosts` are names as `name_in` returns them."""
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refused = self._refusal(scope)
        await (refused or self._app)(scope, receive, marked)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = name_in(headers.get("host", ""))
        if host not in self._hosts:
            shown = host if host.isprintable() else ""
            return PlainTextResponse(
                f"`{shown}` is not a name of this preview. To allow it: ccgen serve --allow {shown or 'NAME'}\n", 403
            )
        origins = headers.getlist("origin")
        foreign = any(_source(one) != headers["host"].lower() for one in origins)
        switching = scope["method"] == "POST" and scope["path"] == SWITCH_PATH and origins and not foreign
        if scope["method"] not in {"GET", "HEAD"} and not switching:
            return PlainTextResponse("only GET and HEAD\n", 405, {"allow": "GET, HEAD"})
        target: bytes = scope["raw_path"] + scope["query_string"]
        if len(target) > (_LONGEST_EVENTS if scope["path"] == EVENTS_PATH else _LONGEST):
            return PlainTextResponse("the address is too long\n", 414)
        if sum(len(name) + len(value) for name, value in headers.raw) > _MOST:
            return PlainTextResponse("the headers are too long\n", 431)
        if not _is_plain(scope["raw_path"]) or b"#" in target:
            return PlainTextResponse("this is no address\n", 400)
        ours = scope["path"].startswith(LIVE_PATH)
        if ours and (foreign or headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}):
            return PlainTextResponse("only for the preview's own pages\n", 403)
        return None


def _is_plain(path: bytes) -> bool:
    """Say whether a path is one of this server, in UTF-8 and without a NUL."""
    decoded = unquote_to_bytes(path)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return path.startswith(b"/") and b"\0" not in decoded


def _source(origin: str) -> str:
    """Return the host and port of an Origin header, "" for what is none."""
    scheme, _, host = origin.lower().partition("://")
    return host if scheme in {"http", "https"} else ""


def name_of_machine(written: str) -> str:
    """Return a machine's name or address as `name_in` does when a browser sends it; "" for what is none."""
    name = name_in(written) or written.lower()
    try:
        return str(ip_address(name))
    except ValueError:
        return name if _NAME.fullmatch(name) else ""


def name_in(host: str) -> str:
    """Return the name in a Host header, without its port; "" for what is none."""
    found = _HOST.fullmatch(host.lower())
    return (found[1] or found[2]) if found else ""
