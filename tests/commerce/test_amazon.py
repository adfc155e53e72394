"""Whether links lead to Amazon: by the network where a record names one, else by whole labels of the host."""

from __future__ import annotations

import pytest

from ccgen.commerce.amazon import is_amazon, is_amazon_host
from ccgen.commerce.networks import NETWORKS, store_at


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("amazon.com", True),
        ("www.amazon.co.uk", True),
        ("smile.amazon.de", True),
        ("amzn.to", True),
        ("a.co", True),
        ("", False),
        ("notamazon.com", False),
        ("notamazon.example", False),
        ("amazon.com.evil.example", False),
        ("amazon.example", False),
        ("amazon.xyz", False),
        ("amazon.shop.de", False),
        ("aa.co", False),
        ("not-amzn.to", False),
    ],
)
def test_a_host_is_amazons_by_its_last_labels(host: str, wanted: bool) -> None:
    assert is_amazon_host(host) is wanted


@pytest.mark.parametrize(
    ("role", "network", "url", "wanted"),
    [
        ("affiliate", "amazon", "https://far.example/", True),
        ("affiliate", None, "https://www.amazon.de/", True),
        ("affiliate", "", "https://www.amazon.de/", True),
        ("affiliate", "skimlinks", "https://www.amazon.de/", False),
        ("affiliate", None, "https://www.amazon.de.evil.example/", False),
        ("affiliate", None, "https://evil.example/www.amazon.de/", False),
        ("affiliate", None, "https://www.amazon.de@evil.example/", False),
        ("none", None, "https://www.amazon.de/", False),
        ("stall", "amazon", "https://www.amazon.de/", False),
    ],
)
def test_a_merchants_network_decides_then_its_address(role: str, network: str | None, url: str, wanted: bool) -> None:
    assert is_amazon(role, network, url) is wanted


def test_a_store_is_of_one_network() -> None:
    assert store_at("www.amazon.co.uk") == ("amazon", "amazon.co.uk")
    assert store_at("www.ebay.com.au") == ("ebay", "ebay.com.au")
    assert store_at("rover.ebay.example") is None
    stores = [store for one in NETWORKS.values() for store in one.stores]
    assert len(stores) == len(set(stores))
    assert all(store_at(store) is not None for store in stores)
