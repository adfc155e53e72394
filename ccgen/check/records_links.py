"""Rules over what purchase links are made of: tags, programmes and what a link carries (LK, AT)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ccgen.check.registry import finding
from ccgen.check.subject import Subject
from ccgen.commerce.amazon import is_amazon
from ccgen.commerce.networks import NETWORKS, network_at, store_at
from ccgen.errors import Problem
from ccgen.model.records import MerchantRecord
from ccgen.text.patterns import late
from ccgen.text.url import host_of

__all__ = ["CHECKS"]

# How tags of Amazon's stores end, by what follows `amazon.`. A store that is not here is not judged.
_TAGS: Mapping[str, str] = {
    **dict.fromkeys(("com", "ca", "com.mx", "com.br"), "20"),
    **dict.fromkeys(("co.uk", "de", "fr", "it", "es", "nl", "se", "pl", "com.be", "com.tr", "in", "ae", "sa"), "21"),
    **dict.fromkeys(("co.jp", "com.au", "sg"), "22"),
    "cn": "23",
}
_TAG_END = re.compile(r"-(\d\d)$")
_MAIL = re.compile(r"[^\s@/?&=]+(?:@|%40)[^\s@/?&=]+\.[a-z]{2,}", re.I)
_PHONE = re.compile(r"(?<![\w%.-])\+\d[\d ()-]{8,}\d(?!\w)|(?<![\w%.-])1[3-9]\d{9}(?!\w)")
_VISITOR = late(
    r"\{\{|\$\{|<%|\{(?:ip|user|uid|visitor|session|click|cookie|gclid|fbclid|email)[a-z_-]*\}|%%[a-z_]+%%", re.I
)


def _store(host: str) -> str:
    """Return what follows `amazon.` in the host of one of Amazon's stores (`co.uk`), '' for any other host."""
    found = store_at(host)
    return found.host.partition(".")[2] if found and found.network == "amazon" else ""


def _tags(subject: Subject) -> Iterator[Problem]:
    """LK-05: a store of Amazon's without a tag, or with another country's."""
    for entry in subject.merchants:
        record = entry.record
        store = _store(host_of(record.url) or "")
        if record.role != "affiliate" or not store:
            continue
        if record.network != "amazon" and "tag" not in record.add:
            hint = "add `network: amazon` and `account:`"
            yield finding("LK-05", "links to Amazon without a tag", entry.at("url"), hint)
        for number, domain in enumerate(record.domains):
            other = _store(domain)
            if other and _TAGS.get(other) != _TAGS.get(store):
                message = f"one tag cannot serve `amazon.{store}` and `{domain}`"
                yield finding("LK-05", message, entry.at(f"domains[{number}]"))
        for section, tag in record.account.items():
            end = _TAG_END.search(tag)
            if store in _TAGS and (end is None or end[1] != _TAGS[store]):
                message = f"`{tag}` is no tag of `amazon.{store}`: those end in `-{_TAGS[store]}`"
                at = entry.at(f"account.{section}" if len(record.account) > 1 else "account")
                yield finding("LK-05", message, at, mild=True)  # no source shows the endings


def _programmes(subject: Subject) -> Iterator[Problem]:
    """LK-11: two offers of a product at one shop through different programmes."""
    for entry in subject.products:
        seen: dict[str, str] = {}
        for one in subject.offered[entry.id]:
            host = (host_of(one.record.url or one.merchant.record.url) or "").removeprefix("www.")
            if one.fact.role != "affiliate" or not host:
                continue
            first = seen.setdefault(host, one.merchant.id)
            if first != one.merchant.id:
                message = f"`{host}` is reached through `{first}` and through `{one.merchant.id}`"
                yield finding("LK-11", message, entry.at(one.field))


def _closed(subject: Subject) -> Iterator[Problem]:
    """LK-13: a merchant's links are made by a network that is closed, named or in its own template."""
    for entry in subject.merchants:
        for field, name in (
            ("network", entry.record.network),
            ("link", network_at(host_of(entry.record.link or "") or "")),
        ):
            network = NETWORKS.get(name or "")
            if network is not None and network.closed:
                message = f"`{name}` is closed: {network.closed}"
                yield finding("LK-13", message, entry.at(field))


def _personal(subject: Subject) -> Iterator[Problem]:
    """AT-02: an address or a number of a person in what every link carries."""
    for entry in subject.merchants:
        for field, text in _carried(entry.record):
            found = _MAIL.search(text) or _PHONE.search(text)
            if found:
                yield finding("AT-02", f"`{found[0]}` would stand in every link", entry.at(field))


def _visitors(subject: Subject) -> Iterator[Problem]:
    """AT-03: a place for something of the visitor's in links to Amazon."""
    for entry in subject.merchants:
        if is_amazon(entry.record.role, entry.record.network, entry.record.url):
            for field, text in _carried(entry.record):
                found = _VISITOR.search(text)
                if found:
                    message = f"`{found[0]}` stands for something that differs from visitor to visitor"
                    yield finding("AT-03", message, entry.at(field))


def _carried(record: MerchantRecord) -> Iterator[tuple[str, str]]:
    """Yield the fields of a merchant whose texts stand in its links."""
    yield from ((f"account.{section}", text) for section, text in record.account.items() if len(record.account) > 1)
    if len(record.account) == 1:
        yield from (("account", text) for text in record.account.values())
    yield from ((f"add.{key}", text) for key, text in record.add.items())
    yield from ((field, text) for field, text in (("program", record.program), ("link", record.link)) if text)


CHECKS: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {
    "LK-05": _tags,
    "LK-11": _programmes,
    "LK-13": _closed,
    "AT-02": _personal,
    "AT-03": _visitors,
}
