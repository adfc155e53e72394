"""Bytes to a server as no HTTP library would send them, and what comes back; knows no test."""

from __future__ import annotations

import socket
from typing import NamedTuple

__all__ = ["Raw", "connect", "exchange", "request", "several"]

_PATIENCE = 30.0  # seconds; never reached where all is well


class Raw(NamedTuple):
    """One answer: its status, its headers as they came with names in lower case, its body as it came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str:
        (value,) = self.all(name)
        return value


def connect(port: int, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((address, port), timeout=_PATIENCE)


def exchange(port: int, data: bytes, address: str = "127.0.0.1") -> bytes:
    """Send bytes, and return all that comes until the server closes."""
    with connect(port, address) as stream:
        found = b""
        try:
            stream.sendall(data)
            while part := stream.recv(1 << 16):
                found += part
        except ConnectionError:  # closed before it had read all: the answer may be lost, and that is no fault
            pass
        return found


def several(data: bytes) -> list[Raw]:
    """Take apart the answers on one connection, of which all but the last have a length."""
    found = []
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in lines)
        headers = tuple((name.lower(), value.strip()) for name, value in pairs)
        length = next((int(value) for name, value in headers if name == "content-length"), len(data))
        found.append(Raw(int(first.split()[1]), headers, data[:length]))
        data = data[length:]
    return found


def request(
    port: int, target: str | bytes = "/", *headers: str, method: str = "GET", host: str | None = "localhost"
) -> Raw:
    """Ask for a target exactly as it is written, on a connection of its own; `host` None sends none."""
    target = target.encode() if isinstance(target, str) else target
    lines = [*([] if host is None else [f"Host: {host}"]), *headers, "Connection: close"]
    head = "".join(f"\r\n{line}" for line in lines).encode()
    data = exchange(port, method.encode() + b" " + target + b" HTTP/1.1" + head + b"\r\n\r\n")
    status, _, body = data.partition(b"\r\n\r\n")
    return several(status + b"\r\n\r\n")[0]._replace(body=body)
