"""Outputs that need no theme: sitemaps, robots.txt, redirects and alias stubs; absolute URLs where protocols ask."""

from __future__ import annotations

import msgspec
from markupsafe import escape

from ccgen.model.facts import ArticleUrl, RedirectsGroup, SitemapGroup, SitemapIndexGroup, group_index
from ccgen.model.site import Route
from ccgen.render.book import Book
from ccgen.render.environment import site_url, words
from ccgen.render.view import Scope

__all__ = ["Plain"]

_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ARTICLE_URL = group_index("article", ArticleUrl)


class Plain:
    """Draws what has a fixed form."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def draw(self, route: Route) -> tuple[str, Scope]:
        """Return the text of a sitemap, robots.txt, the redirects list or an alias stub."""
        scope = Scope(self._book, route.lang, words=words)
        text = {
            "sitemap": self._sitemap,
            "robots": self._robots,
            "redirects": self._redirects,
            "alias": self._alias,
        }[route.kind](route, scope)
        return text, scope

    def _sitemap(self, route: Route, scope: Scope) -> str:
        if route.owner == "sitemaps":
            return self._sitemap_index(route, scope)
        group: SitemapGroup = scope.read(route.owner)
        rows = []
        for url, date, alternates in group.urls:
            changed = f"<lastmod>{date[:10]}</lastmod>" if date else ""
            links = "".join(
                f'<xhtml:link rel="alternate" hreflang="{lang}" href="{_xml(site_url(scope, other, absolute=True))}"/>'
                for lang, other in alternates
            )
            rows.append(f"<url><loc>{_xml(site_url(scope, url, absolute=True))}</loc>{changed}{links}</url>")
        head = f'<urlset xmlns="{_SITEMAP}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        return "\n".join([_XML + head, *rows, "</urlset>", ""])

    @staticmethod
    def _sitemap_index(route: Route, scope: Scope) -> str:
        group: SitemapIndexGroup = scope.read(route.owner)
        rows = [
            f"<sitemap><loc>{_xml(site_url(scope, f'/sitemap-{number}.xml', absolute=True))}</loc></sitemap>"
            for number in range(1, group.sitemaps + 1)
        ]
        return "\n".join([_XML + f'<sitemapindex xmlns="{_SITEMAP}">', *rows, "</sitemapindex>", ""])

    @staticmethod
    def _robots(_route: Route, scope: Scope) -> str:
        return f"User-agent: *\nAllow: /\n\nSitemap: {site_url(scope, '/sitemap.xml', absolute=True)}\n"

    @staticmethod
    def _redirects(_route: Route, scope: Scope) -> str:
        group: RedirectsGroup = scope.read("redirects")
        rows = [
            {"from": site_url(scope, old), "to": site_url(scope, new), "status": 301} for old, new in group.redirects
        ]
        value = {"version": 1, "redirects": rows}
        return msgspec.json.format(msgspec.json.encode(value), indent=1).decode() + "\n"

    @staticmethod
    def _alias(route: Route, scope: Scope) -> str:
        url = scope.read(route.owner, _ARTICLE_URL).url
        target = escape(site_url(scope, url))
        canonical = escape(site_url(scope, url, absolute=True))
        text = escape(words(scope, "moved", {}))
        return (
            f'<!doctype html>\n<html lang="{route.lang}">\n<head>\n<meta charset="utf-8">\n<title>{text}</title>\n'
            f'<link rel="canonical" href="{canonical}">\n<meta name="robots" content="noindex">\n'
            f'<meta http-equiv="refresh" content="0; url={target}">\n</head>\n'
            f'<body>\n<p><a href="{target}">{text}</a></p>\n</body>\n</html>\n'
        )


def _xml(text: str) -> str:
    return str(escape(text))
