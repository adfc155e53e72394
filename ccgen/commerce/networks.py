"""Affiliate networks as data: the shape of their links and what their sub-ids may hold; knows no merchant and no page.

Shapes are those the networks' own link builders give; limits that no network documents are conservative.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["NETWORKS", "Network"]


class Network(NamedTuple):
    """How a network makes a link from a merchant's URL.

    `template` wraps the URL ({url} {account} {program} {sub}); `append` adds parameters to the URL itself; with neither,
    links are minted by the network and the offer's URL is the link. `sub_max` 0: the link carries no sub-id.
    """

    template: str = ""
    append: tuple[tuple[str, str], ...] = ()
    sub_max: int = 0
    sub_chars: str = "A-Za-z0-9_-"


NETWORKS: dict[str, Network] = {
    "amazon": Network(append=(("tag", "{account}"),)),
    "awin": Network(
        template="https://www.awin1.com/cread.php?awinmid={program}&awinaffid={account}&clickref={sub}&ued={url}",
        sub_max=50,
    ),
    "cj": Network(template="https://www.anrdoezrs.net/links/{account}/type/dlg/sid/{sub}/{url}", sub_max=64),
    "ebay": Network(
        append=(("mkevt", "1"), ("mkcid", "1"), ("mkrid", "{program}"), ("campid", "{account}"), ("customid", "{sub}")),
        sub_max=256,
    ),
    "impact": Network(template="https://{program}?u={url}&subId1={sub}", sub_max=50),
    "rakuten": Network(
        template="https://click.linksynergy.com/deeplink?id={account}&mid={program}&murl={url}&u1={sub}", sub_max=50
    ),
    "skimlinks": Network(template="https://go.skimresources.com/?id={account}&xs=1&url={url}&xcust={sub}", sub_max=50),
    "sovrn": Network(template="https://redirect.viglink.com/?format=go&key={account}&u={url}&cuid={sub}", sub_max=50),
    "jd": Network(),
    "paypal": Network(),
    "pinduoduo": Network(),
    "stripe": Network(append=(("client_reference_id", "{sub}"),), sub_max=200),
    "taobao": Network(),
}
