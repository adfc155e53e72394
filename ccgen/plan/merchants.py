"""What a merchant's record must say before a link to it can be made and shown; knows no offer and no page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.links import link_base, sub_alphabet
from ccgen.commerce.networks import NETWORKS, program_values
from ccgen.commerce.offers import hosts_of
from ccgen.config import Config
from ccgen.errors import Problem, Severity
from ccgen.model.loaded import Entry
from ccgen.model.records import MerchantRecord
from ccgen.model.site import Seller
from ccgen.text.near import did_you_mean
from ccgen.text.url import ascii_host, host_of

__all__ = ["check_merchant", "seller_of"]

_CHARACTERS = re.compile(r"(?:A-Z|a-z|0-9|[A-Za-z0-9_.~])+-?")
_SHORTEST = 12
_SYMBOLS = 10  # letters or digits that a sub-id needs at least, to tell places apart in `_SHORTEST` of them
_PLACES = ("url", "url_raw", "sub", "account", "program")


def seller_of(entry: Entry[MerchantRecord]) -> Seller:
    """Return by what a finished page tells a link to a merchant."""
    record = entry.record
    base = link_base(record, record.url)
    return Seller(
        id=entry.id,
        role=record.role,
        network=record.network or "",
        hosts=hosts_of(record),
        through=(host_of(base.template) or "").removeprefix("www."),
        marks=tuple(key for key, _ in base.append),
        amazon=is_amazon(record.role, record.network, record.url),
    )


def check_merchant(entry: Entry[MerchantRecord], config: Config) -> Iterator[Problem]:
    """Yield what is missing or does not fit: a link that earns nothing or leads nowhere must not pass in silence."""
    record = entry.record
    if record.role in {"ours", "stall"} and config.settings.seller is None:
        hint = "add `seller: {name: …, contact: …}` to ccgen.yaml: who answers after the sale"
        yield _problem(entry, "role", "missing-seller", "we sell here, and ccgen.yaml does not say who we are", hint)
    if record.network and record.network not in NETWORKS:
        hint = did_you_mean(record.network, NETWORKS) or f"known are {', '.join(NETWORKS)}; else give a `link`"
        yield _problem(entry, "network", "unknown-network", f"no network `{record.network}`", hint)
    elif record.network and record.link:
        message = f"links are made by `{record.network}` and by `link`"
        yield _problem(entry, "link", "two-link-rules", message, "keep one of them")
    elif record.network:
        yield from _check_network(entry, record)
    if record.link:
        yield from _check_template(entry, record.link)
    if record.sub_id and not _CHARACTERS.fullmatch(record.sub_id.chars):
        hint = "name single characters and ranges, as in `A-Za-z0-9_-`"
        yield _problem(entry, "sub_id.chars", "AT-01", "these are no characters of a sub-id", hint)
    elif record.sub_id and len(sub_alphabet(record.sub_id.chars).symbols) < _SYMBOLS:
        message = f"`{record.sub_id.chars}` has too few letters and digits to tell one place from another"
        yield _problem(entry, "sub_id.chars", "AT-01", message, f"the least is {_SYMBOLS} of one case")
    if record.sub_id and record.sub_id.max < _SHORTEST:
        message = f"{record.sub_id.max} characters cannot tell one place from another"
        yield _problem(
            entry,
            "sub_id.max",
            "AT-01",
            message,
            f"the least is {_SHORTEST}; leave `{{sub}}` out of `link` for none",
        )
    if record.role == "affiliate" and not (record.network or record.link or record.add):
        message = "links to this merchant are marked as paid, and carry nothing that says they are ours"
        hint = "give it a `network` and `account`, a `link`, or parameters to `add`; else `role: none`"
        yield _problem(entry, "role", "plain-affiliate", message, hint, "warning")


def _check_network(entry: Entry[MerchantRecord], record: MerchantRecord) -> Iterator[Problem]:
    network = NETWORKS[record.network or ""]
    shape = network.template + "".join(value for _, value in network.append)
    parts = [name for name in network.program if f"{{{name.partition('=')[0]}}}" in shape]
    for key, needed, given in (("account", "{account}" in shape, record.account), ("program", parts, record.program)):
        if needed and not given:
            message = f"links of `{record.network}` need `{key}`"
            yield _problem(entry, "network", "missing-field", message, f"add `{key}:`", on_key=True)
    values = program_values(network, record.program) if parts and record.program else {}
    if values is None or ("host" in values and ascii_host(values["host"]) is None):
        form = "/".join(name.partition("=")[0].upper() for name in network.program)
        message = f"`{record.program}` is not what links of `{record.network}` name"
        hint = f"write {form}" + (", the host without https://" if "host" in network.program else "")
        yield _problem(entry, "program", "bad-program", message, hint)


def _check_template(entry: Entry[MerchantRecord], link: str) -> Iterator[Problem]:
    if not link.startswith(("https://", "http://")):
        yield _problem(
            entry, "link", "bad-link", "`link` is no web address", f"https://{link.partition('://')[2] or link}"
        )
    if "{url_raw}" in link and not re.fullmatch(r"[^?#]*\{url_raw\}", link):
        message = "`{url_raw}` stands where the address would be cut at its own `?` or `&`"
        yield _problem(entry, "link", "bad-link", message, "put it at the end, or write `{url}`")
    elif "{url}" not in link and "{url_raw}" not in link:
        message = "`link` leads every product to one address"
        yield _problem(entry, "link", "bad-link", message, "put `{url}` where the product's address belongs")
    for name in dict.fromkeys(re.findall(r"\{(\w*)\}", link)):
        if name not in _PLACES:
            hint = did_you_mean(name, _PLACES) or f"known are {', '.join(f'`{{{one}}}`' for one in _PLACES)}"
            yield _problem(entry, "link", "bad-link", f"`link` has an unknown `{{{name}}}`", hint)


def _problem(
    entry: Entry[MerchantRecord],
    field: str,
    code: str,
    message: str,
    hint: str,
    severity: Severity = "error",
    *,
    on_key: bool = False,
) -> Problem:
    return Problem(code=code, message=message, at=entry.at(field, on_key=on_key), hint=hint, severity=severity)
