"""Whether what we add to a merchant's address (a tag, a sub-id) is still there where its redirects end; pure, asks nobody.

It is found out without a paid link: the address is asked for with the parameters' names and nobody's value in them. Where a
network's terms let only people follow its links, not even that is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from ccgen.commerce.links import link_base
from ccgen.commerce.networks import NETWORKS, store_at
from ccgen.model.records import MerchantRecord
from ccgen.text.url import host_of

__all__ = ["Redirect", "added_names", "lost_by", "neutral", "onward"]

NOBODY = "ccgen-check"  # no account, no sub-id, of nobody


class Redirect(NamedTuple):
    """One step of a chain: what was asked, where it leads as the server wrote it, and whether a cookie was set."""

    url: str
    target: str
    sets_cookie: bool = False


def added_names(record: MerchantRecord | None, url: str) -> tuple[str, ...]:
    """Return the parameters that a purchase link to this address adds to it and that may be asked for, in order.

    None where the merchant's network, or the one whose shop the address is, lets only people follow its links.
    """
    if record is None or _for_people_only(url, record.network or ""):
        return ()
    return tuple(name for name, _ in link_base(record, url).append)


def neutral(url: str, names: Iterable[str]) -> str:
    """Return an address with each of the parameters at its end, and nobody's value in it."""
    given = tuple(dict.fromkeys(names))
    parts = urlsplit(_without(url, given))
    ours = [f"{quote(name, safe='')}={NOBODY}" for name in given]
    return urlunsplit(parts._replace(query="&".join([*filter(None, [parts.query]), *ours])))


def onward(target: str, plain: str, names: Iterable[str]) -> str:
    """Return a redirect's target as it is asked for next; '' where it must not be, with any of the parameters.

    `plain` is the target without what says whose link it is. What it had of the parameters is there again with nobody's value.
    """
    if _for_people_only(target):
        return ""
    there = _names_in(target)
    return neutral(plain, (name for name in names if name in there))


def lost_by(chain: Sequence[Redirect], names: Sequence[str]) -> tuple[str, ...]:
    """Return the parameters that a chain of redirects drops, in the order of `names`.

    A shop that keeps them in a cookie, or leads to the same page without them once it has counted them, has taken them.
    """
    lost: set[str] = set()
    for one in chain:
        gone = {name for name in names if name in _names_in(one.url)} - _names_in(one.target)
        if not one.sets_cookie and _without(one.url, names) != _without(one.target, names):
            lost |= gone
    return tuple(name for name in names if name in lost)


def _for_people_only(url: str, network: str = "") -> bool:
    store = store_at(host_of(url) or "")
    made_by = (NETWORKS.get(name) for name in (network, store.network if store else ""))
    return any(one is not None and one.people_only for one in made_by)


def _names_in(url: str) -> set[str]:
    return {unquote_plus(piece.partition("=")[0]) for piece in urlsplit(url).query.split("&")}


def _without(url: str, names: Iterable[str]) -> str:
    parts = urlsplit(url)
    dropped = set(names)
    kept = [piece for piece in parts.query.split("&") if unquote_plus(piece.partition("=")[0]) not in dropped]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=""))
