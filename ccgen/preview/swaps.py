"""What of a page can be exchanged without loading it again: style sheets and pictures; knows no browser."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

__all__ = ["swaps_between"]

Assets = Mapping[str, tuple[str, bytes]]  # address as pages have it and digest, by what a file is


def swaps_between(old: bytes, new: bytes, before: Assets, after: Assets) -> dict[str, str] | None:
    """Return the addresses that a page showed and those to show instead, {} where nothing it shows changed; None where more
    than files changed.

    A file that holds other bytes at the same address is exchanged for itself.
    """
    shown = {}
    for owner, (address, digest) in before.items():
        later = after.get(owner, (address, digest))
        if later != (address, digest) and _written(address) in old:
            shown[address] = later[0]
    for address, later_address in sorted(shown.items(), key=lambda one: -len(one[0])):
        old = old.replace(_written(address), _written(later_address))
    if old != new:
        return None
    return shown if all(address.endswith(_SWAPPED) for address in shown) else None


def _written(address: str) -> bytes:
    """Return an address as it stands in a page."""
    return escape(address).encode()


_SWAPPED = (".css", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
