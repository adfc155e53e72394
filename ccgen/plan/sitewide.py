"""Facts that belong to no article and no record: settings, menus, strings, options, templates, sitemaps, redirects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccgen.config import Config
from ccgen.errors import At
from ccgen.model.facts import (
    DigestGroup,
    DirectiveGroup,
    Group,
    MenuGroup,
    RedirectsGroup,
    SitemapGroup,
    UrlGroup,
    ValueGroup,
)
from ccgen.model.loaded import Loaded
from ccgen.model.parts import MenuEntry, owner_of, owner_parts, ref
from ccgen.model.site import Route
from ccgen.model.theme import Directive
from ccgen.plan.assets import Assets
from ccgen.plan.index import Index
from ccgen.plan.links import Links
from ccgen.plan.noting import Noting
from ccgen.plan.routes import Routes
from ccgen.plan.strings import strings_in
from ccgen.plan.urls import Urls
from ccgen.text.languages import language_name
from ccgen.text.url import encode

__all__ = ["Sitewide", "sitemap_parts"]

SITEMAP_URLS = 50_000
SITEMAP_BYTES = 50_000_000
_SITEMAP_OVERHEAD = 400


class Sitewide(Noting):
    """Makes what every page may read; menu entries are resolved and checked like links."""

    def __init__(self, index: Index, urls: Urls, links: Links, routes: Routes) -> None:
        super().__init__()
        self.index, self.urls, self.links, self.routes = index, urls, links, routes
        self.config: Config = index.config
        self.loaded: Loaded = index.loaded

    def facts(self, assets: Assets) -> dict[str, tuple[Group, ...]]:
        """Return the groups of settings, menus, strings, options, templates and assets."""
        found: dict[str, tuple[Group, ...]] = {}
        for lang in self.config.languages:
            for key, value in self._site(lang).items():
                found[owner_of("site", lang, key)] = (ValueGroup(value=value),)
            found[owner_of("menu", lang)] = (MenuGroup(entries=self._menu(lang)),)
            for key, text in strings_in(self.loaded.theme, lang).items():
                found[owner_of("string", lang, key)] = (ValueGroup(value=text),)
        for key, value in self.loaded.theme.options.items():
            found[owner_of("option", key)] = (ValueGroup(value=value),)
        for name, template in self.loaded.theme.templates.items():
            found[owner_of("template", name)] = (DigestGroup(digest=template.digest),)
        for name, declaration in self.loaded.theme.directives.items():
            found[owner_of("directive", name)] = (directive_group(declaration),)
        found["theme:styles"] = (ValueGroup(value=self.loaded.theme.styles),)
        for name, url in assets.urls.items():
            found[owner_of("asset", name)] = (UrlGroup(url=url),)
        return found

    def _site(self, lang: str) -> dict[str, object]:
        site, words = self.config.settings.site, self.config.settings_in(lang).site
        author = site.author
        favicon = next(
            (url for url in ("/favicon.svg", "/favicon.ico", "/favicon.png") if url in self.routes.by_url), ""
        )
        if author and not self.index.known("person", author, At(path="ccgen.yaml", field="site.author")):
            author = None
        return {
            "title": words.title,
            "description": words.description or "",
            "url": self.config.base_url,
            "language": self.config.language,
            "languages": tuple((one, language_name(one), self.urls.section("", one)) for one in self.config.languages),
            "home_url": self.urls.section("", lang),
            "currency": site.currency or "",
            "rating_scale": str(site.rating_scale),
            "author": ref("person", lang, author) if author else None,
            "seller": self._seller(lang),
            "favicon": favicon,
            "feed_url": f"{self.urls.section('', lang)}feed.xml"
            if f"{self.urls.section('', lang)}feed.xml" in self.routes.by_url
            else "",
        }

    def _seller(self, lang: str) -> dict[str, str] | None:
        seller = self.config.settings_in(lang).seller
        if seller is None:
            return None
        found = {"name": seller.name, "contact": seller.contact, "country": seller.country or ""}
        for key, path in (("returns", seller.returns), ("shipping", seller.shipping)):
            at = At(path="ccgen.yaml", field=f"seller.{key}")
            found[f"{key}_url"] = (self.links.page(path, "content", lang, at) or "") if path else ""
        return found

    def _menu(self, lang: str) -> tuple[MenuEntry, ...]:
        found = []
        for number, item in enumerate(self.config.settings.menu):
            at = At(path="ccgen.yaml", field=f"menu[{number}]")
            if "://" in item.to:
                found.append(MenuEntry(label=self.config.settings_in(lang).menu[number].label or item.to, url=item.to))
                continue
            section = item.to.strip("/")
            if section in self.index.kinds and not item.to.startswith("/"):
                url = self.urls.section(section, lang)
                if url not in self.routes.by_url:
                    self._say_empty(section, at, lang)
                    continue
            at = At(path="ccgen.yaml", field=f"menu[{number}].to" if item.label else at.field)
            resolved = self.links.page(item.to, "content", lang, at)
            if resolved is not None:
                label = self.config.settings_in(lang).menu[number].label or self._label(section, resolved, lang)
                found.append(MenuEntry(label=label, url=resolved))
        return tuple(found)

    def _say_empty(self, section: str, at: At, lang: str) -> None:
        """Say that a section with nothing in it has no entry: once, and not of what could not be read."""
        failed = any(one.partition("/")[0] == section for one in self.loaded.failed)
        if lang == self.config.language and not failed:
            message = f"section `{section}` has nothing to show now, and is left out of the menu"
            hint = f"write an article, or content/{section}/_index.md"
            self._note("empty-section", message, at, hint, severity="warning")

    def _label(self, section: str, url: str, lang: str) -> str:
        if section in self.index.kinds:
            return self.index.section_title(section, lang)
        return self.index.titles.get(url) or url

    def redirects(self) -> RedirectsGroup:
        """Return every alias with where it leads."""
        return RedirectsGroup(
            redirects=tuple(
                sorted(
                    (alias, self.urls.articles[article.id, article.lang]) for article, _, alias in self.index.aliases()
                )
            )
        )


def directive_group(declaration: Directive) -> DirectiveGroup:
    """Return what a drawing can depend on of a declaration."""
    return DirectiveGroup(
        forms=declaration.forms,
        plain=declaration.plain,
        styles=declaration.styles,
        params=tuple((name, param.type, param.value) for name, param in declaration.params.items()),
    )


def sitemap_parts(config: Config, routes: Sequence[Route], dates: dict[str, str]) -> list[SitemapGroup]:
    """Split the indexed pages into sitemaps of at most 50,000 URLs and 50 MB (sitemaps.org protocol)."""
    urls = {route.owner: route.url for route in routes if route.indexed}
    several = len(config.languages) > 1
    rows = [
        (route.url, dates.get(route.owner, ""), tuple(_alternates(route, urls, config)) if several else ())
        for route in routes
        if route.indexed
    ]
    parts: list[list[tuple[str, str, tuple[tuple[str, str], ...]]]] = [[]]
    size = _SITEMAP_OVERHEAD
    for row in sorted(rows):
        length = _row_size(row, len(config.base_url))
        if len(parts[-1]) >= SITEMAP_URLS or size + length > SITEMAP_BYTES:
            parts.append([])
            size = _SITEMAP_OVERHEAD
        parts[-1].append(row)
        size += length
    return [SitemapGroup(urls=tuple(part)) for part in parts]


def _alternates(route: Route, urls: dict[str, str], config: Config) -> Iterator[tuple[str, str]]:
    kind, _, ident = owner_parts(route.owner)
    if kind == "list":
        return
    found = [
        (lang, urls[owner]) for lang in config.languages if (owner := owner_of(kind, lang, ident).rstrip(":")) in urls
    ]
    if len(found) > 1:
        yield from found


def _row_size(row: tuple[str, str, tuple[tuple[str, str], ...]], base: int) -> int:
    url, date, alternates = row
    size = 60 + base + len(encode(url)) + len(date) + 20
    return size + sum([90 + base + len(encode(other)) for _, other in alternates])
