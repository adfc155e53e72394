"""A web on loopback: real sockets that answer as shops do, well and badly; knows no test."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PAGE = b"<!doctype html><title>Pot</title><p>A pot.</p>"


class Request(NamedTuple):
    """One request as it came; header names in lower case. `at` is on the monotonic clock."""

    method: str
    target: str
    headers: Mapping[str, str]
    at: float


Send = Callable[[bytes], None]
Answer = bytes | Callable[[Request, Send], None]


def reply(status: int = 200, body: bytes = PAGE, **headers: str) -> bytes:
    """A whole answer; `content_type="…"` makes a header of that name."""
    given = {"content-type": "text/html; charset=utf-8", "content-length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in given.items()), "connection: close"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def to(place: str, status: int = 302) -> bytes:
    """A redirect."""
    return reply(status, b"", location=place)


class Web:
    """What lies at each target; `/robots.txt` is missing unless it is given. `asked` are the requests for the rest."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[Request] = []
        web = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    web._serve(context.wrap_socket(self.request, server_side=True) if context else self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.scheme = "https" if context else "http"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _serve(self, stream: socket.socket) -> None:
        stream.settimeout(20)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = stream.recv(65536)
            if not piece:
                return
            head += piece
        first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        request = Request(method, target, headers, time.monotonic())
        self.requests.append(request)
        answer = self.answers.get(target, reply(404, b"no"))
        if callable(answer):
            answer(request, stream.sendall)
        elif method == "HEAD":
            stream.sendall(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
        else:
            stream.sendall(answer)
        stream.close()

    @property
    def asked(self) -> list[str]:
        return [f"{one.method} {one.target}" for one in self.requests if one.target != "/robots.txt"]

    def url(self, target: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{target}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def a_web(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    web = Web(context)
    try:
        yield web
    finally:
        web.stop()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """Return a server's side of TLS for a host name, signed by itself, and the file that makes it trusted."""
    key, file = folder / f"{name}.key", folder / f"{name}.pem"
    made = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={name}".split()
    files = ("-keyout", key, "-out", file, "-addext", f"subjectAltName=DNS:{name}")
    subprocess.run([*made, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    return context, file
