"""What a destination in prose leads to; knows URLs and sources, nothing of HTML."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ccgen.commerce.links import link_base
from ccgen.commerce.offers import hosts_of
from ccgen.commerce.relation import role_relation
from ccgen.errors import At, Problem
from ccgen.model.body import Outline, Target
from ccgen.model.loaded import Entry
from ccgen.model.parts import Offer, TargetFact, ref
from ccgen.model.records import MerchantRecord
from ccgen.model.site import AnchorHope
from ccgen.plan.broken import hidden_problem, row_hint, source_hint, url_hint, web_hint
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.noting import Noting
from ccgen.plan.routes import Routes, output_path
from ccgen.plan.urls import Urls
from ccgen.text.near import Paths
from ccgen.text.slug import slug
from ccgen.text.url import host_of

__all__ = ["Home", "Links"]

_PLAIN = re.compile(r"(?!//)[A-Za-z0-9_./-]+")  # a path with nothing to take apart or decode, as most are
_BESIDE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")  # one that is normal, too
_WEB = re.compile(r"https?://[!-Z_a-z~]+")  # an address in ASCII without brackets, as most are


class Home(NamedTuple):
    """Where a destination is written: `folder` is where relative paths begin, `url` the page it will stand on."""

    path: str
    folder: str
    url: str
    lang: str
    body: Outline


class _Failed(NamedTuple):
    """What could not be read, as URLs would name it: last parts, sections, and parts of the lists that gather it."""

    stems: frozenset[str | None]
    sections: frozenset[str]
    lists: frozenset[str]


class Links(Noting):
    """Resolves destinations once all routes are known; notes what is broken and which anchors a theme must make."""

    def __init__(self, index: Index, urls: Urls, routes: Routes, files: Files) -> None:
        super().__init__()
        self.index, self.urls, self.routes, self.files = index, urls, routes, files
        self.hopes: list[AnchorHope] = []
        self._anchors = self._known_anchors()
        self._sources = self._record_sources()
        self._domains = self._merchant_domains()

    def resolve(self, home: Home, target: Target) -> TargetFact:
        """Return what a destination leads to; a broken one is noted and leads nowhere."""
        at = At(path=home.path, start=target.start, length=target.length)
        text = target.text.strip()
        if target.kind == "link":
            if _PLAIN.fullmatch(text):
                return TargetFact(kind="page", url=self.page(text, home.folder, home.lang, at) or "")
            if _WEB.fullmatch(text):
                return self._external(text, at, home, link=True)
        text = unicodedata.normalize("NFC", text)
        try:
            parts = urlsplit(text)
        except ValueError:  # an IPv6 address without its end
            return self._bad_address(text, at)
        if parts.scheme or text.startswith("//"):
            return self._external(text, at, home, link=target.kind == "link")
        if target.kind == "image":
            return self._image(home, parts.path, at)
        if not parts.path:
            self._anchor(home.url, parts.fragment, at)
            return TargetFact(kind="anchor", url=f"#{parts.fragment}")
        url = self.page(unquote(parts.path), home.folder, home.lang, at)
        if url is None:
            return TargetFact(kind="page")
        if parts.fragment:
            self._anchor(url, parts.fragment, at)
        rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        return TargetFact(kind="page", url=url + rest)

    def page(self, path: str, folder: str, lang: str, at: At) -> str | None:
        """Return the URL behind a path to a source or a site URL; None, with a problem, if there is none."""
        if path.startswith("/"):
            return self._site_url(path, at)
        source = f"{folder}/{path}" if _BESIDE.fullmatch(path) else posixpath.normpath(posixpath.join(folder, path))
        if not source.startswith("content"):
            self._broken(path, at, "link to a source file below content/, or put the file into static/")
            return None
        found = self._source_url(source, lang)
        if found:
            return found
        if source in self.index.unplaced:
            return None
        if source in self.index.hidden:
            self.problems.append(hidden_problem(path, self.index.hidden[source], at))
        elif _record_of(source, self.index.config.languages) not in self.index.loaded.failed:
            self._broken(
                path,
                at,
                web_hint(path, at)
                or self._row_hint(source, lang)
                or source_hint(source, folder, self._known_sources, self.index.kinds),
            )
        return None

    def _row_hint(self, source: str, lang: str) -> str:
        kind, _, ident = _record_of(source, self.index.config.languages).partition("/")
        entry = self.index.loaded.products.get((ident, self.index.default)) if kind == "products" else None
        return row_hint(entry, self.urls.record("product", ident, lang)) if entry else ""

    def _source_url(self, source: str, lang: str) -> str | None:
        article = self.index.article_at.get(source)
        if article is not None:
            # A link from a translation goes to the translation of its target, where there is one.
            same = self.urls.articles.get((article.id, lang)) if article.lang == self.index.default else None
            return same or self.urls.articles.get((article.id, article.lang))
        if source in self._sources:
            kind, ident = self._sources[source]
            return self.urls.section(ident, lang) if kind == "section" else self.urls.record(kind, ident, lang)
        section = source.removeprefix("content").strip("/")
        url = self.urls.section(section, lang)
        if (section == "" or section in self.index.kinds) and (url in self.routes.by_url or self._may_have_failed(url)):
            return url
        return self.files.url(source)

    def _site_url(self, path: str, at: At) -> str | None:
        for url in (path, path + "/"):
            if url in self.routes.by_url:
                return url
        if self._may_have_failed(path):
            return None
        hidden = self.urls.hidden.get(path.rstrip("/"))
        if hidden is not None:
            self.problems.append(hidden_problem(path, hidden, at))
        else:
            self._broken(path, at, url_hint(path, self._known_urls))
        return None

    def _may_have_failed(self, url: str) -> bool:
        """Say whether a URL may be of what could not be read, or gathers it: its fault is told already."""
        parts = url.strip("/").split("/")
        failed = self._failed
        return slug(parts[-1]) in failed.stems or parts[-1] in failed.sections or not failed.lists.isdisjoint(parts)

    @cached_property
    def _failed(self) -> _Failed:
        failed = [one for one in self.index.loaded.failed if not one.startswith(("content/", "static/"))]
        sections = frozenset(one.partition("/")[0] for one in failed)
        return _Failed(
            stems=frozenset(slug(part) for one in failed for part in (one, one.rpartition("/")[2])),
            sections=sections,
            lists=frozenset(("tags", "series", "page") if not sections.isdisjoint(self.index.kinds) else ()),
        )

    @cached_property
    def _known_sources(self) -> Paths:
        return Paths([*self.index.article_at, *self._sources])

    @cached_property
    def _known_urls(self) -> Paths:
        return Paths(url.rstrip("/") for url in self.routes.by_url)

    def _bad_address(self, text: str, at: At) -> TargetFact:
        message = f"`{text}` is no address on the web"
        self._note("bad-url", message, at, "write it as https://example.org/page")
        return TargetFact(kind="external")

    def _external(self, text: str, at: At, home: Home, *, link: bool) -> TargetFact:
        host = host_of(text)
        if text.startswith("//"):
            message = f"`{text}` has no scheme"
            self._note("link-without-scheme", message, at, f"https:{text}")
        if host is None and text.lower().startswith(("http:", "https:")):
            return self._bad_address(text, at)
        merchant = self.merchant_at(host) if host and link else None
        if merchant is None:
            return TargetFact(kind="external", url=text)
        self.problems += self.ambiguous(host or "", at, "name the shop, as in `:buy[…]{{pot merchant={id}}}`")
        record = merchant.record
        offer = Offer(
            key=f"/{merchant.id}",
            merchant=ref("merchant", home.lang, merchant.id),
            product="link",
            role=record.role,
            base=link_base(record, text),
        )
        kind = "external" if role_relation(record.role) == "none" else "purchase"
        return TargetFact(kind=kind, url=text, offer=offer, product=self._products.get(text, ""))

    def merchant_at(self, host: str) -> Entry[MerchantRecord] | None:
        """Return the merchant whose domains hold a host, the one with the longest such domain."""
        return next(iter(self._merchants_at(host)), None)

    def ambiguous(self, host: str, at: At, hint: str) -> Iterator[Problem]:
        """Yield a problem where nobody can tell which merchant a host means; `hint` has a place for the `{id}` of one."""
        several = [one.id for one in self._merchants_at(host)]
        if len(several) > 1:
            names = " and ".join(f"`{one}`" for one in several)
            message = f"`{host}` is a host of {names}"
            yield Problem(code="ambiguous-merchant", message=message, at=at, hint=hint.format(id=several[0]))

    def _merchants_at(self, host: str) -> tuple[Entry[MerchantRecord], ...]:
        rest = host
        while rest and rest not in self._domains:
            rest = rest.partition(".")[2]
        return self._domains.get(rest, ())

    @cached_property
    def _products(self) -> dict[str, str]:
        """Return products by the addresses of offers that are the only ones there and at their merchant."""
        found: dict[str, str] = {}
        for (ident, lang), entry in self.index.loaded.products.items():
            if lang != self.index.config.language:
                continue
            shops = [one.merchant or self._shop_at(one.url or "") for one in entry.record.offers]
            for one, shop in zip(entry.record.offers, shops, strict=True):
                if one.url:
                    found[one.url] = ident if shops.count(shop) == 1 and one.url not in found else ""
        return found

    def _shop_at(self, url: str) -> str:
        merchant = self.merchant_at(host_of(url) or "")
        return merchant.id if merchant else ""

    def _image(self, home: Home, path: str, at: At) -> TargetFact:
        return TargetFact(kind="image", image=self.files.picture(unquote(path), home.folder, at))

    def _anchor(self, url: str, fragment: str, at: At) -> None:
        path, anchor = output_path(url), unquote(fragment)
        known = self._anchors.get(path, ())
        if anchor not in known and anchor not in {"", "top"}:
            self.hopes.append(AnchorHope(at=at, path=path, anchor=anchor, known=known))

    def _broken(self, path: str, at: At, hint: str) -> None:
        message = f"`{path}` leads nowhere"
        self._note("broken-link", message, at, hint)

    def _known_anchors(self) -> dict[str, tuple[str, ...]]:
        """Return the anchors that prose makes, by the output it stands on."""
        index, urls = self.index, self.urls
        found = {output_path(index.urls[key]): article.body.anchors for key, article in index.articles.items()}
        sections = index.loaded.sections
        return found | {output_path(urls.section(text.section, text.lang)): text.body.anchors for text in sections}

    def _record_sources(self) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for kind in ("product", "maker", "person"):
            for (ident, _), entry in self.index.table(kind).items():
                if not entry.field:
                    found[entry.path] = (kind, ident)
        for text in self.index.loaded.sections:
            found[text.path] = ("section", text.section)
        return found

    def _merchant_domains(self) -> dict[str, tuple[Entry[MerchantRecord], ...]]:
        """Return who sells at each host. Who is nothing to us yields to others there: a paid link must not go unmarked."""
        found: defaultdict[str, tuple[Entry[MerchantRecord], ...]] = defaultdict(tuple)
        entries: Iterable[Entry[MerchantRecord]] = self.index.loaded.merchants.values()
        for entry in entries:
            if entry.lang == self.index.config.language:
                for host in hosts_of(entry.record):
                    found[host] += (entry,)
        related = {
            host: tuple([one for one in several if one.record.role != "none"]) for host, several in found.items()
        }
        return {host: related[host] or several for host, several in found.items()}


def _record_of(source: str, languages: Iterable[str]) -> str:
    """Return the id (`reviews/kettle`) that a source's path would have."""
    name = source.removeprefix("content/").rsplit(".", 1)[0]
    for lang in languages:
        name = name.removesuffix(f".{lang}")
    return name.removesuffix("/index")
