"""Networks and payment services as data: the shape of their links and what a sub-id may hold; knows no merchant, no page.

One entry each, looked at last on 2026-11-20; `source` says where, and what no source showed stands in `unverified`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from ccgen.text.url import host_within

__all__ = ["NETWORKS", "Network", "Store", "network_at", "program_values", "store_at"]


class Network(NamedTuple):
    """How a link is made from a merchant's own URL.

    `append` adds parameters to the URL itself; `wrap` puts it, percent-encoded, into the query of `template`; `path` puts it
    at the end of `template`'s path, as it is; `minted`: the network makes the link, and the offer's URL is that link.
    Places are {url} (encoded), {url_raw} (as it is), {account}, {sub} and the names of `program`, which are the parts of a
    merchant's `program` between slashes; `name=value` is a part that can be left out. `sub_max` 0: links carry no sub-id.
    """

    kind: Literal["append", "wrap", "path", "minted"]
    template: str = ""
    append: tuple[tuple[str, str], ...] = ()
    program: tuple[str, ...] = ("program",)
    parameter: str = ""  # what the sub-id is called there
    sub_max: int = 0
    sub_chars: str = "A-Za-z0-9_-"
    hosts: tuple[
        str, ...
    ] = ()  # of the network's own links: a link there is paid, and must not be followed by a checker
    stores: tuple[str, ...] = ()  # of shops that the network is the only programme of: plain links there are not paid
    people_only: bool = False  # its terms forbid clicks by programs: its parameters are sent to nobody, with any value
    closed: str = ""  # why no new link is made there
    source: str = ""
    unverified: str = ""


class Store(NamedTuple):
    """A shop that is known by its address: its network, and the host that it lies at or below (`amazon.co.uk`)."""

    network: str
    host: str


NETWORKS: dict[str, Network] = {
    "amazon": Network(
        kind="append",
        append=(("tag", "{account}"),),
        hosts=("amzn.to", "amzn.eu", "amzn.asia", "a.co"),
        stores=(
            *("amazon.com", "amazon.ca", "amazon.com.mx", "amazon.com.br", "amazon.co.uk", "amazon.ie", "amazon.de"),
            *("amazon.fr", "amazon.it", "amazon.es", "amazon.nl", "amazon.com.be", "amazon.se", "amazon.pl"),
            *("amazon.com.tr", "amazon.ae", "amazon.sa", "amazon.eg", "amazon.co.za", "amazon.in", "amazon.sg"),
            *("amazon.co.jp", "amazon.com.au", "amazon.cn"),
        ),
        people_only=True,
        source="the programme's policies of 2026-04-14; links in public code",
        unverified="the endings of tags by store",
    ),
    "awin": Network(
        kind="wrap",
        template="https://www.awin1.com/cread.php?awinmid={program}&awinaffid={account}&clickref={sub}&ued={url}",
        parameter="clickref",
        sub_max=50,
        hosts=("awin1.com", "tidd.ly"),
        source="public link builders",
        unverified="the characters of a clickref",
    ),
    "cj": Network(
        kind="path",
        template="https://www.anrdoezrs.net/links/{account}/type/dlg/sid/{sub}/{url_raw}",
        parameter="sid",
        sub_max=64,
        hosts=("anrdoezrs.net", "dpbolvw.net", "jdoqocy.com", "kqzyfj.com", "tkqlhce.com"),
        source="links on public pages and in public code; encoded and plain targets are both seen",
        unverified="the greatest length of a sid",
    ),
    "ebay": Network(
        kind="append",
        append=(
            ("mkevt", "1"),
            ("mkcid", "1"),
            ("mkrid", "{rotation}"),
            ("campid", "{account}"),
            ("toolid", "{tool}"),
            ("customid", "{sub}"),
        ),
        program=("rotation", "tool=10001"),
        parameter="customid",
        sub_max=256,
        hosts=("rover.ebay.com", "ebay.us"),
        stores=(
            *("ebay.com", "ebay.ca", "ebay.co.uk", "ebay.ie", "ebay.de", "ebay.at", "ebay.ch", "ebay.fr", "ebay.it"),
            *("ebay.es", "ebay.nl", "ebay.be", "ebay.pl", "ebay.com.au", "ebay.com.hk", "ebay.com.my", "ebay.com.sg"),
            "ebay.ph",
        ),
        people_only=True,
        source="developer.ebay.com, ePN link reference",
        unverified="the number of the tool",
    ),
    "impact": Network(
        kind="wrap",
        template="https://{host}/c/{account}/{ad}/{program}?u={url}&subId1={sub}",
        program=("host", "ad", "program"),
        parameter="subId1",
        sub_max=50,
        hosts=("pxf.io", "sjv.io"),
        source="public link builders; lists of sub-id parameters",
        unverified="the greatest length of a subId1",
    ),
    "rakuten": Network(
        kind="wrap",
        template="https://click.linksynergy.com/deeplink?id={account}&mid={program}&murl={url}&u1={sub}",
        parameter="u1",
        sub_max=50,
        hosts=("click.linksynergy.com",),
        source="lists of sub-id parameters",
        unverified="the whole shape, and the greatest length of a u1",
    ),
    "skimlinks": Network(
        kind="wrap",
        template="https://go.skimresources.com/?id={account}&xs=1&url={url}&xcust={sub}",
        parameter="xcust",
        sub_max=50,
        hosts=("go.skimresources.com", "go.redirectingat.com"),
        source="public configurations; The Guardian's product card",
        unverified="the greatest length of an xcust",
    ),
    "sovrn": Network(
        kind="wrap",
        template="https://redirect.viglink.com/?format=go&key={account}&u={url}&cuid={sub}",
        parameter="cuid",
        sub_max=50,
        hosts=("redirect.viglink.com",),
        source="public configurations",
        unverified="the greatest length of a cuid",
    ),
    "shareasale": Network(
        kind="minted",
        hosts=("shareasale.com", "shareasale-analytics.com"),
        closed="it has become a part of Awin",
        source="notes of plugins that dropped it",
    ),
    "jd": Network(kind="minted", hosts=("u.jd.com", "union-click.jd.com"), source="public code for the union's API"),
    "pinduoduo": Network(kind="minted", hosts=("p.pinduoduo.com",), source="public code for the promotion API"),
    "taobao": Network(kind="minted", hosts=("s.click.taobao.com",), source="public guides to its API"),
    "paypal": Network(
        kind="minted",
        source="developer.paypal.com, payment links and buttons",
        unverified="whether a payment link takes a reference of ours: it gets none",
    ),
    "stripe": Network(
        kind="append",
        append=(("client_reference_id", "{sub}"),),
        parameter="client_reference_id",
        sub_max=200,
        source="docs.stripe.com/payment-links/url-parameters",
    ),
}


def program_values(network: Network, program: str) -> dict[str, str] | None:
    """Return the parts of a merchant's `program` by name; None where there are too few or too many of them."""
    names = [name.partition("=")[0] for name in network.program]
    values = {name: value for name, _, value in (one.partition("=") for one in network.program) if value}
    given = program.split("/") if program else []
    values |= zip(names, given, strict=False)
    return values if len(given) <= len(names) and len(values) == len(names) and all(values.values()) else None


@lru_cache(maxsize=16_384)
def network_at(host: str) -> str:
    """Return the network whose own links lie at a host, '' where there is none. Whoever follows one is paid for."""
    return next((name for name, one in NETWORKS.items() if any(host_within(host, its) for its in one.hosts)), "")


@lru_cache(maxsize=16_384)
def store_at(host: str) -> Store | None:
    """Return the shop of a network that a host is, or lies below; None for any other: `notamazon.com`, `amazon.com.x.example`."""
    stores = (Store(name, store) for name, one in NETWORKS.items() for store in one.stores)
    return next((one for one in stores if host_within(host, one.host)), None)
