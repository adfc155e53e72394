"""What other machines of the network know this one by, and how they are told; sends nothing."""

from __future__ import annotations

import io
import socket
from contextlib import closing

from ccgen.errors import EnvironmentFault

__all__ = ["in_network", "names_of", "qr_code"]

# An address of documentation (RFC 5737): the system only says by which way it would be reached.
_ANYWHERE = ("192.0.2.1", 9)


def in_network() -> str:
    """Return this machine's address in its network; raises EnvironmentFault where it is in none."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(_ANYWHERE)  # of a datagram socket: nothing is sent
            address: str = probe.getsockname()[0]
        except OSError:
            message, hint = "this machine is in no network", "leave --lan away, or connect it first"
            raise EnvironmentFault(message, code="no-network", hint=hint) from None
    return address


def names_of(address: str) -> tuple[str, ...]:
    """Return all that other machines of the network may call this one by."""
    name = socket.gethostname().lower().removesuffix(".local")
    return address, name, f"{name}.local"


def qr_code(url: str) -> str:
    """Return a picture of an address for a terminal, to be read by a telephone."""
    import segno  # only who asks for it pays for it

    stream = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(stream, compact=True, border=2)
    return stream.getvalue().rstrip("\n")
