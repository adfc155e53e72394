"""Which network addresses may be connected to; knows no URL and no request.

A name says nothing about where it leads: only what it resolves to counts, and what was looked at is what is connected to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

__all__ = ["Resolve", "refusal", "resolve"]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]

_LOCAL = tuple(
    ipaddress.ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fec0::/10")
)
# Where clouds tell a machine its secrets; not all of them lie where no public address can.
_METADATA = frozenset(
    ipaddress.ip_address(text) for text in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return all addresses of a host in the order in which the system wants them tried. Raises OSError if it has none."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def refusal(address: str, *, local: bool) -> str:
    """Say why nothing may be asked of an address, '' where it may be. `local` lets our own network pass.

    Not even then what clouds and links keep for themselves, nor what is no address of one machine.
    """
    real = _carried(ipaddress.ip_address(address.partition("%")[0]))
    if real in _METADATA or real.is_link_local:
        return "is kept for the machine itself"
    if any(real in network for network in _LOCAL if network.version == real.version):
        return "" if local else "lies in a private network"
    if real.is_multicast or real.is_unspecified or real.is_reserved or not real.is_global:
        return "is no public address"
    return ""


def _carried(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address
