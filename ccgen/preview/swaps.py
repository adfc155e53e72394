"""What of a page can be exchanged without loading it again: style sheets and pictures; knows no browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from markupsafe import escape

from ccgen.text.css import references

__all__ = ["Asset", "Assets", "named_in", "swaps_between"]


class Asset(NamedTuple):
    """A file that pages show: its address as they have it, a digest of its bytes, and the addresses, decoded, that it names."""

    address: str
    digest: bytes
    names: frozenset[str] = frozenset()


Assets = Mapping[str, Asset]  # by what a file is

_SWAPPED = (".css", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
_BEFORE = rb"""(?P<prefix>^|[\s"'(=,;>]|\.\.|//[^/\s"'<>()]+)"""
_BEHIND = rb"""(?=[\s"'),;?#&<>\\]|$)"""


def swaps_between(old: bytes, new: bytes, before: Assets, after: Assets) -> dict[str, str] | None:
    """Return the addresses that a page showed and those to show instead, {} where nothing it shows changed; None where more
    than files changed.

    A file that holds other bytes at the same address is exchanged for itself; so is a picture that only a style sheet names.
    A sheet that another one imports is not: a browser keeps what it has imported.
    """
    changed = {} if after is before else {owner: one for owner, one in after.items() if before.get(owner) != one}
    named = _named_by(old, before) if changed else frozenset()
    shown = {}
    for owner, later in changed.items():
        address = before.get(owner, later).address
        is_sheet, is_named = address.endswith(".css"), unquote(address) in named
        if is_sheet and is_named and address == later.address:  # at another one, whoever imports it has changed as well
            return None
        if (is_named and not is_sheet) or _stands_in(old, address):
            shown[address] = later.address
    for address, later_address in shown.items():
        if address != later_address:
            old = _found(address).sub(partial(_after_prefix, _written(later_address)), old)
    if old != new:
        return None
    return shown if all(address.endswith(_SWAPPED) for address in shown) else None


def named_in(sheet: bytes, address: str) -> Iterator[str]:
    """Yield the addresses on this site, decoded, that a style sheet names which lies at an address of the site."""
    for _, written in references(sheet):
        if written.startswith(b"#"):
            continue  # of the page itself
        with suppress(ValueError):  # no address of any site, as `//[x`
            parts = urlsplit(urljoin(address, written.decode("utf-8", "replace")))
            if not parts.netloc and not parts.scheme:
                yield unquote(parts.path)


def _named_by(page: bytes, assets: Assets) -> frozenset[str]:
    """Return the addresses, decoded, that the files which a page shows name, and those that they name in turn."""
    naming = {unquote(one.address): one for one in assets.values() if one.names}
    waiting = [one.names for one in naming.values() if _stands_in(page, one.address)]
    found: set[str] = set()
    while waiting:
        new = waiting.pop() - found
        found |= new
        waiting.extend(naming[address].names for address in new if address in naming)
    return frozenset(found)


def _stands_in(page: bytes, address: str) -> bool:
    """Say whether an address stands in a page, and not only within another."""
    return _written(address) in page and _found(address).search(page) is not None


def _found(address: str) -> re.Pattern[bytes]:
    """Return what finds an address in a page, with the site before it or without, and not within another address."""
    return re.compile(_BEFORE + re.escape(_written(address)) + _BEHIND)


def _after_prefix(address: bytes, found: re.Match[bytes]) -> bytes:
    return found["prefix"] + address


def _written(address: str) -> bytes:
    """Return an address as it stands in a page."""
    return escape(address).encode()
