"""What a merchant's record must say before a link can be made: a link that earns nothing is an error where it is written."""

from __future__ import annotations

import pytest
from support import Shop, ShopMaker

FAR = {"name": "Far", "role": "affiliate", "url": "https://far.example/", "link": "https://go.example/?u={url}"}


def with_merchant(shop: ShopMaker, more: dict[str, object]) -> Shop:
    record = {key: value for key, value in {**FAR, **more}.items() if value is not None}
    return shop({"content/merchants/far.yaml": record})


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"sub_id": {"max": 30, "chars": "a_"}}, "AT-01", "sub_id.chars"),
        ({"sub_id": {"max": 11}}, "AT-01", "sub_id.max"),
        ({"link": "https://go.example/{url_raw}?x=1"}, "bad-link", "link"),
        ({"link": "https://go.example/?u={url_raw}"}, "bad-link", "link"),
        ({"link": "https://go.example/?u={url}&p={page}"}, "bad-link", "link"),
        ({"network": "impact", "account": "1", "program": "go.example/2", "link": None}, "bad-program", "program"),
        ({"network": "impact", "account": "1", "program": "https://x/2/3", "link": None}, "bad-program", "program"),
        ({"network": "impact", "account": "1", "program": "go_x/2/3", "link": None}, "bad-program", "program"),
        ({"network": "awin", "account": "1", "program": "2/3", "link": None}, "bad-program", "program"),
        ({"network": "ebay", "account": "1", "link": None}, "missing-field", "network"),
        ({"network": "cj", "link": None}, "missing-field", "network"),
    ],
)
def test_what_does_not_fit_a_network_is_told_at_its_field(
    shop: ShopMaker, more: dict[str, object], code: str, field: str
) -> None:
    found = with_merchant(shop, more).fails()
    assert [(one.at.path, one.at.field) for one in found[code]] == [("content/merchants/far.yaml", field)]


@pytest.mark.parametrize(
    "more",
    [
        {"link": "https://go.example/{account}/{url_raw}", "account": "1"},
        {"network": "impact", "account": "1", "program": "go.example/2/3", "link": None},
        {"network": "ebay", "account": "1", "program": "711-1", "link": None},
        {"network": "ebay", "account": "1", "program": "711-1/20", "link": None},
        {"network": "cj", "account": "1", "link": None},
        {"network": "taobao", "link": None},
    ],
)
def test_what_a_network_needs_is_enough(shop: ShopMaker, more: dict[str, object]) -> None:
    assert not with_merchant(shop, more).build().problems


def test_a_minted_link_must_be_at_a_host_that_is_listed(shop: ShopMaker) -> None:
    taobao = {"name": "T", "role": "affiliate", "url": "https://www.taobao.com/", "network": "taobao"}
    short = {"merchant": "t", "url": "https://s.click.taobao.com/x1?a=b%20c"}
    site = shop({"content/merchants/t.yaml": taobao, "content/products/pot.yaml": {"name": "Pot", "offers": [short]}})
    assert site.build().page("/products/pot/").hrefs("li.offer a") == [short["url"]]
    site.write({"content/products/pot.yaml": {"name": "Pot", "offers": [{**short, "url": "https://tb.example/x"}]}})
    assert [one.at.field for one in site.fails()["LK-08"]] == ["offers[0].url"]
    site.write({"content/merchants/t.yaml": {**taobao, "domains": ["tb.example"]}})
    assert site.build().page("/products/pot/").hrefs("li.offer a") == ["https://tb.example/x"]
