"""Atom (RFC 4287) and JSON Feed 1.1 from one selection of articles; absolute URLs only; knows no template of pages."""

from __future__ import annotations

import re

import msgspec
from markupsafe import escape

from ccgen.model.facts import FeedGroup
from ccgen.model.parts import FeedItem, owner_of
from ccgen.model.site import Route
from ccgen.render.body import Joiner
from ccgen.render.environment import site_url, words
from ccgen.render.pages import Pages
from ccgen.render.view import Scope, View, note_relation

__all__ = ["Feeds"]

# Characters that XML 1.0 cannot hold even when escaped (section 2.2).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_TEMPLATE = "feed.html"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One article in a feed; `html` is its whole text with absolute URLs, dates are RFC 3339."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: str
    updated: str
    authors: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    image: str


class Feeds:
    """Draws both forms of a feed. An entry's id is a tag URI that survives a change of the article's URL."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._memo: dict[str, tuple[Entry, Scope]] = {}  # an article stands in several feeds

    def atom(self, route: Route) -> tuple[str, Scope]:
        """Return an Atom feed."""
        scope, feed, entries = self._read(route)
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_xml(feed.lang)}">',
            f"<title>{_xml(feed.title)}</title>",
            f"<id>{_xml(self._url(scope, feed.page_url))}</id>",
            f'<link rel="self" type="application/atom+xml" href="{_xml(self._url(scope, feed.atom_url))}"/>',
            f'<link rel="alternate" type="text/html" href="{_xml(self._url(scope, feed.page_url))}"/>',
            f"<updated>{feed.updated}</updated>",
        ]
        for entry in entries:
            lines += self._atom_entry(entry)
        return "\n".join([*lines, "</feed>", ""]), scope

    def json(self, route: Route) -> tuple[str, Scope]:
        """Return a JSON feed."""
        scope, feed, entries = self._read(route)
        value = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "language": feed.lang,
            "home_page_url": self._url(scope, feed.page_url),
            "feed_url": self._url(scope, feed.json_url),
            "items": [_json_entry(entry) for entry in entries],
        }
        return msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n", scope

    def _read(self, route: Route) -> tuple[Scope, FeedGroup, list[Entry]]:
        scope = Scope(self._pages.book, route.lang, words=words, absolute=True)
        feed: FeedGroup = scope.read(route.owner)
        entries = []
        for item in feed.entries:
            owner = item.article.owner
            if owner not in self._memo:
                self._memo[owner] = self._entry(item, route.lang)
            entry, drawn = self._memo[owner]
            entries.append(entry)
            scope.reads |= drawn.reads
            scope.purchases += drawn.purchases
        return scope, feed, entries

    def _entry(self, item: FeedItem, lang: str) -> tuple[Entry, Scope]:
        owner = item.article.owner
        scope = Scope(self._pages.book, lang, words=words, page=owner, absolute=True)
        scope.ties = note_relation(scope, owner)
        article = View(scope, owner)
        url = site_url(scope, article.get("url"), absolute=True)
        scope.place = self._pages.place(scope, owner)
        joiner = Joiner(scope, self._pages.directives.draw, scope.place[:2], page_url=url, plain=True)
        html = self._html(scope, article, joiner)
        picture = article.get("picture")
        authors = tuple(
            (one.get("name"), site_url(scope, one.get("url"), absolute=True)) for one in article.get("authors")
        )
        entry = Entry(
            id=item.guid,
            url=url,
            title=article.get("title") or article.get("summary"),
            summary=article.get("summary"),
            html=html,
            published=item.published,
            updated=item.updated,
            authors=authors,
            tags=tuple(tag.get("name") for tag in article.get("tags")),
            image=site_url(scope, picture.get("image").get("url"), absolute=True) if picture else "",
        )
        return entry, scope

    def _html(self, scope: Scope, article: View, joiner: Joiner) -> str:
        """Return all that an article's page says, what a reader must know of payment first."""
        scope.read(owner_of("template", _TEMPLATE))
        context = self._pages.shared(scope, joiner)
        context |= {"article": article, "content": self._pages.body(scope, article.owner, joiner)}
        return self._pages.environment.drawn(_TEMPLATE, context)

    def _atom_entry(self, entry: Entry) -> list[str]:
        authors = [f"<author><name>{_xml(name)}</name><uri>{_xml(url)}</uri></author>" for name, url in entry.authors]
        return [
            "<entry>",
            f"<title>{_xml(entry.title)}</title>",
            f"<id>{_xml(entry.id)}</id>",
            f'<link rel="alternate" type="text/html" href="{_xml(entry.url)}"/>',
            f"<published>{entry.published}</published>",
            f"<updated>{entry.updated}</updated>",
            *(authors or ["<author><name>–</name></author>"]),
            *(f'<category term="{_xml(tag)}"/>' for tag in entry.tags),
            f"<summary>{_xml(entry.summary)}</summary>",
            f'<content type="html">{_xml(entry.html)}</content>',
            "</entry>",
        ]

    @staticmethod
    def _url(scope: Scope, url: str) -> str:
        return site_url(scope, url, absolute=True)


def _json_entry(entry: Entry) -> dict[str, object]:
    value: dict[str, object] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": _NOT_XML.sub("", entry.html),
        "date_published": entry.published,
        "date_modified": entry.updated,
        "tags": entry.tags,
    }
    if entry.authors:
        value["authors"] = [{"name": name, "url": url} for name, url in entry.authors]
    if entry.image:
        value["image"] = entry.image
    return value


def _xml(text: str) -> str:
    """Return text for XML: what XML cannot hold is dropped, before escaping."""
    return str(escape(_NOT_XML.sub("", text)))
