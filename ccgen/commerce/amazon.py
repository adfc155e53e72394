"""Whether links lead to Amazon, whose programme has terms of its own; pure, knows no page.

Everything that asks this asks it here: what a page owes, what a rule counts and which price is shown must agree.
"""

from __future__ import annotations

from ccgen.commerce.networks import network_at, store_at
from ccgen.text.url import host_of

__all__ = ["is_amazon", "is_amazon_host"]

_NETWORK = "amazon"


def is_amazon(role: str, network: str | None, url: str) -> bool:
    """Say whether links to a merchant are those of Amazon's programme.

    The network of its record decides where it names one (what goes through another network is that network's affair);
    else `url`, the merchant's own address. A merchant that pays nothing for a link has no programme.
    """
    return role == "affiliate" and (network == _NETWORK if network else is_amazon_host(host_of(url) or ""))


def is_amazon_host(host: str) -> bool:
    """Say whether a host is one of Amazon's stores, lies below one, or is where Amazon shortens its links."""
    store = store_at(host)
    return network_at(host) == _NETWORK or (store is not None and store.network == _NETWORK)
