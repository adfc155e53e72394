"""Markdown beside HTML: which pages have a twin, and what llms.txt lists; knows no Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from ccgen.errors import At
from ccgen.model.facts import LlmsGroup, ValueGroup
from ccgen.model.loaded import Article
from ccgen.model.parts import owner_of
from ccgen.model.site import TWIN, twin_url
from ccgen.plan.index import Index
from ccgen.plan.routes import Routes
from ccgen.plan.strings import string_in
from ccgen.plan.urls import Urls
from ccgen.text.plaintext import clean

__all__ = ["TwinRoutes"]

_MOST_PRODUCTS = 200

Entry = tuple[str, str, str]


class TwinRoutes:
    """Adds the routes that `outputs.markdown` and `outputs.llms` ask for, and what they are made from."""

    def __init__(self, index: Index, urls: Urls) -> None:
        self.index, self.urls = index, urls
        self.config = index.config
        self.wanted = self.config.settings.outputs

    def facts(self, routes: Routes) -> dict[str, tuple[LlmsGroup] | tuple[ValueGroup]]:
        """Return the facts of llms.txt in each language, and which of these outputs there are (`outputs`)."""
        found: dict[str, tuple[LlmsGroup] | tuple[ValueGroup]] = {}
        if self.wanted.markdown:
            for route in tuple(routes.all):
                if url := twin_url(route):
                    routes.add("markdown", url, route.owner, route.lang, route.source)
        for lang in self.config.languages if self.wanted.llms else ():
            owner = owner_of("llms", lang)
            found[owner] = (self._llms(lang, routes),)
            at = At(path="ccgen.yaml", field="outputs.llms")
            routes.add("llms", f"{self.urls.prefix(lang)}llms.txt", owner, lang, at)
        return {**found, "outputs": (ValueGroup(value=("markdown",) if self.wanted.markdown else ()),)}

    def _llms(self, lang: str, routes: Routes) -> LlmsGroup:
        words = self.config.settings_in(lang).site
        sections = [
            (self.index.section_title(name, lang), (*self._newest(name, lang), *self._whole(name, lang, routes)))
            for name, section in self.index.kinds.items()
            if section.kind != "page"
        ]
        sections.append((self._word("products", lang), tuple(self._products(lang))))
        pages = (one for one in self.index.articles.values() if one.kind == "page" and one.lang == lang)
        shown = sorted((one for one in pages if not one.meta.unlisted), key=lambda one: one.id)
        # Of a heading of this name the convention says that it may be left out by who is short of room.
        sections.append(("Optional", tuple(map(self._article, shown))))
        return LlmsGroup(
            title=clean(words.title),
            description=clean(words.description or ""),
            sections=tuple((title, entries) for title, entries in sections if entries),
        )

    def _newest(self, section: str, lang: str) -> Iterator[Entry]:
        listed = (one for one in self.index.listed if one.section == section and one.lang == lang)
        for article, _ in zip(listed, range(self.config.settings.feeds.items), strict=False):
            yield self._article(article)

    def _whole(self, section: str, lang: str, routes: Routes) -> Iterator[Entry]:
        """Yield the section's own list, which holds all of its articles."""
        url = self.urls.section(section, lang)
        text = self.index.texts.get((section, lang))
        if url in routes.by_url:
            yield (
                self.index.section_title(section, lang),
                self._url(url),
                clean(text.meta.summary or "") if text else "",
            )

    def _article(self, article: Article) -> Entry:
        meta = article.meta
        note = clean(meta.summary or "")
        return (
            clean(meta.title or meta.summary or article.id),
            self._url(self.urls.articles[article.id, article.lang]),
            note,
        )

    def _products(self, lang: str) -> Iterator[Entry]:
        entries = (one for (_, of), one in self.index.loaded.products.items() if of == lang)
        active = sorted((one for one in entries if one.record.status == "active"), key=lambda one: one.id)
        for entry in active[:_MOST_PRODUCTS]:
            url = self._url(self.urls.record("product", entry.id, lang))
            yield clean(entry.record.name), url, clean(entry.record.line or "")

    def _url(self, url: str) -> str:
        return url + TWIN if self.wanted.markdown else url

    def _word(self, key: str, lang: str) -> str:
        return str(string_in(self.index.loaded.theme, lang, key) or key.capitalize())
