"""Whether two outputs of one corpus say the same: pages, their words and links, the sitemap, the feeds; builds nothing."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from selectolax.lexbor import LexborHTMLParser

from benchmarks.corpus import ADDRESS

__all__ = ["Said", "differences", "said", "same_pages"]

ATOM = "{http://www.w3.org/2005/Atom}"
_SAMPLES = 40  # pages of each folder that are compared where there are more
_SUB_ID = re.compile(r"(?<=[?&]sid=)[^&]*")  # how a place is named to a merchant is each generator's own affair
_TOKEN = re.compile(r"\w+|[^\w\s]")


class Said(NamedTuple):
    """What a reader gets from one page: its title, all words and punctuation of its body, and where its links lead."""

    title: str
    words: tuple[str, ...]
    links: tuple[str, ...]


def said(path: Path) -> Said:
    """Read one page. Links of this site are without its address, purchase links without the sub-id."""
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    for node in page.css("script, style"):
        node.decompose()
    body, title = page.body, page.css_first("title")
    return Said(
        title=" ".join((title.text() if title else "").split()),
        words=tuple(_TOKEN.findall(body.text(separator=" ") if body else "")),
        links=tuple(_link(node.attributes.get("href") or "") for node in page.css("body a")),
    )


def same_pages(one: Path, other: Path) -> list[str]:
    """List the HTML pages that only one of two outputs has."""
    ours, theirs = set(_pages(one)), set(_pages(other))
    return [f"{page}: only in {one}" for page in sorted(ours - theirs)] + [
        f"{page}: only in {other}" for page in sorted(theirs - ours)
    ]


def differences(one: Path, other: Path) -> list[str]:
    """List all that differs between two outputs, a sentence for each; at most `_SAMPLES` pages of a folder are read."""
    found = same_pages(one, other)
    for page in _sampled(sorted(set(_pages(one)) & set(_pages(other)))):
        ours, theirs = said(one / page), said(other / page)
        for what, mine, yours in zip(Said._fields, ours, theirs, strict=True):
            if mine != yours:
                found.append(f"{page}: {what} differ: {_first(mine, yours)}")
    found += _differ("sitemap.xml", one, other, lambda path: sorted(_texts(path, "{*}loc")))
    for feed in sorted({str(path.relative_to(one)) for path in one.rglob("feed.xml")}):
        found += _differ(feed, one, other, _entries)
    return found


def _pages(root: Path) -> Iterator[str]:
    return (path.relative_to(root).as_posix() for path in root.rglob("*.html"))


def _sampled(pages: Sequence[str]) -> Iterator[str]:
    folders: dict[str, list[str]] = {}
    for page in pages:
        folders.setdefault(page.partition("/")[0] if "/page/" not in page else "page", []).append(page)
    for several in folders.values():
        yield from several if len(several) <= _SAMPLES else random.Random(1).sample(several, _SAMPLES)


def _differ(name: str, one: Path, other: Path, read: Callable[[Path], list[str]]) -> list[str]:
    if not (other / name).exists():
        return [f"{name}: only in {one}"]
    ours, theirs = read(one / name), read(other / name)
    return [] if ours == theirs else [f"{name}: {_first(ours, theirs)}"]


def _entries(feed: Path) -> list[str]:
    root = ET.fromstring(feed.read_text(encoding="utf-8"))
    return [
        f"{entry.findtext(f'{ATOM}title')} {_alternate(entry)}"
        for entry in root.iter(f"{ATOM}entry")
        if entry.findtext(f"{ATOM}content")
    ]


def _alternate(entry: ET.Element) -> str:
    links = entry.findall(f"{ATOM}link")
    return next((_link(one.get("href", "")) for one in links if one.get("rel", "alternate") == "alternate"), "")


def _texts(path: Path, name: str) -> list[str]:
    root = ET.fromstring(path.read_text(encoding="utf-8"))
    return [_link(one.text or "") for one in root.iterfind(f".//{name}")]


def _link(href: str) -> str:
    return _SUB_ID.sub("", href.removeprefix(ADDRESS))


def _first(ours: Sequence[str], theirs: Sequence[str]) -> str:
    """Show where two sequences part."""
    if isinstance(ours, str) or isinstance(theirs, str):
        return f"{ours!r} / {theirs!r}"
    for code, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if code != "equal":
            return f"{' '.join(ours[max(0, a - 3) : b][:20])!r} / {' '.join(theirs[max(0, c - 3) : d][:20])!r}"
    return "nothing"
