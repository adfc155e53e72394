"""One reader of any output tree: what it refers to is there, its files are well formed, and nothing of ours leaks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from selectolax.lexbor import LexborHTMLParser
from support import outputs_of

_TEXT = (".html", ".xml", ".json", ".css", ".txt", ".js", ".svg")
_CSS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
_REFRESH = re.compile(r"url=(.*)", re.IGNORECASE)


class Tree:
    """An output folder that will be served at `base` (absolute, ends with `/`). `faults` is empty when all holds."""

    def __init__(self, folder: Path, base: str) -> None:
        self.folder, self.base = folder, base
        self.files = outputs_of(folder)
        self.pages = {
            path: LexborHTMLParser(data.decode()) for path, data in self.files.items() if path.endswith(".html")
        }
        self.ids = {path: self._ids(tree) for path, tree in self.pages.items()}

    def faults(self, *, forbidden: tuple[str, ...] = ()) -> list[str]:
        found = [*self._modes(), *self._leaks(forbidden)]
        for path, tree in self.pages.items():
            found += self._page(path, tree)
        for path, data in self.files.items():
            if path.endswith(".css"):
                references = (one or other for one, other in _CSS.findall(data.decode()))
                found += self._all(path, [one for one in references if not one.startswith("data:")])
            elif path.endswith(".xml"):
                found += self._xml(path, data)
            elif path.endswith(".json"):
                found += self._json(path, data)
        robots = self.files.get("robots.txt", b"").decode()
        found += self._all("robots.txt", re.findall(r"(?m)^Sitemap: (.*)$", robots))
        return found

    # --- one file ---

    def _modes(self) -> Iterator[str]:
        for path in (self.folder, *self.folder.rglob("*")):
            wanted = 0o755 if path.is_dir() else 0o644
            if path.stat().st_mode & 0o7777 != wanted:
                yield f"{path} has mode {path.stat().st_mode & 0o7777:o}"

    def _leaks(self, forbidden: tuple[str, ...]) -> Iterator[str]:
        for path, data in self.files.items():
            if path.endswith(_TEXT):
                text = data.decode()
                for mark in ("\ufdd0", "\ufdd1", "ccgen:", "\x00", *forbidden):
                    if mark in text:
                        yield f"{path} holds {mark!r}"

    def _ids(self, tree: LexborHTMLParser) -> set[str]:
        return {str(node.attributes["id"]) for node in tree.css("[id]")}

    def _page(self, path: str, tree: LexborHTMLParser) -> Iterator[str]:
        several = [str(node.attributes["id"]) for node in tree.css("[id]")]
        yield from (f"{path} has two ids {one}" for one in sorted({one for one in several if several.count(one) > 1}))
        for node in tree.css("[aria-labelledby], [for], [aria-describedby]"):
            for name in ("aria-labelledby", "for", "aria-describedby"):
                for ident in (node.attributes.get(name) or "").split():
                    if ident not in self.ids[path]:
                        yield f"{path}: {name} names {ident}, which is no id"
        yield from self._all(path, list(_references(tree)))

    def _xml(self, path: str, data: bytes) -> Iterator[str]:
        try:
            tree = ET.fromstring(data)
        except ET.ParseError as error:
            yield f"{path} is no XML: {error}"
            return
        for node in tree.iter():
            urls = [node.get("href"), (node.text or "").strip() if node.tag.endswith("}loc") else None]
            if node.tag.endswith("}content") and node.get("type") == "html":
                inner = LexborHTMLParser(node.text or "")
                urls += list(_references(inner))
            for url in urls:
                if url is None:
                    continue
                if not urlsplit(url).scheme:
                    yield f"{path}: {url} is not absolute"
                yield from self._one(path, url)

    def _json(self, path: str, data: bytes) -> Iterator[str]:
        value = json.loads(data)
        for item in value.get("items", ()):
            urls = [item["url"], item.get("image"), *_references(LexborHTMLParser(item["content_html"]))]
            for url in urls:
                if url and not urlsplit(url).scheme:
                    yield f"{path}: {url} is not absolute"
                yield from self._one(path, url or "")
        for row in value.get("redirects", ()):
            yield from self._all(path, [row["to"], row["from"]])

    # --- one reference ---

    def _all(self, path: str, references: list[str]) -> Iterator[str]:
        for reference in dict.fromkeys(references):
            yield from self._one(path, reference)

    def _one(self, path: str, reference: str) -> Iterator[str]:
        here = urljoin(self.base, "/".join(("", *path.split("/"))).lstrip("/").removesuffix("index.html"))
        url = urlsplit(urljoin(here, reference.strip()))
        base = urlsplit(self.base)
        if (url.scheme, url.netloc) != (base.scheme, base.netloc):
            return
        if not url.path.startswith(base.path):
            yield f"{path}: {reference} leaves the base path"
            return
        target = unquote(url.path[len(base.path) :])
        target += "index.html" if not target or target.endswith("/") else ""
        if target not in self.files:
            yield f"{path}: {reference} leads nowhere"
        elif url.fragment and target in self.ids and unquote(url.fragment) not in self.ids[target] | {"top"}:
            yield f"{path}: {reference} has no such anchor"


def _references(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("[href], [src], [srcset], [poster], [action], [content]"):
        attributes = node.attributes
        for name in ("href", "src", "poster", "action"):
            value = attributes.get(name)
            if value is not None:
                yield value
        for part in (attributes.get("srcset") or "").split(","):
            if part.strip():
                yield part.split()[0]
        if attributes.get("http-equiv") == "refresh":
            found = _REFRESH.search(attributes.get("content") or "")
            if found:
                yield found[1]


def faults(folder: Path, base: str, *forbidden: str) -> list[str]:
    """Return what is wrong with an output tree."""
    return Tree(folder, base).faults(forbidden=forbidden)
