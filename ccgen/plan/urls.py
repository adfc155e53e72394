"""The URL of everything, before any HTML; knows nothing of what stands on a page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from ccgen.config import Config
from ccgen.model.hidden import Hidden
from ccgen.model.loaded import FileInfo
from ccgen.plan.addresses import prefix_of
from ccgen.plan.index import Index

__all__ = ["Urls"]

_FOLDERS = {"product": "products", "maker": "makers", "person": "people"}


class Urls:
    """Root-relative URLs, not percent-encoded, without the base path. The default language has no prefix."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.config: Config = index.config
        self.articles: Mapping[tuple[str, str], str] = index.urls
        self._folder_urls = self._folders()

    def prefix(self, lang: str) -> str:
        """Return `/` or `/zh-CN/`."""
        return prefix_of(lang, self.config.language)

    def record(self, kind: str, ident: str, lang: str) -> str:
        """Return the page of a product, maker or person."""
        return f"{self.prefix(lang)}{_FOLDERS[kind]}/{ident}/"

    def section(self, name: str, lang: str) -> str:
        """Return a section's first list page, the home page for ''."""
        return f"{self.prefix(lang)}{name}/" if name else self.prefix(lang)

    def label(self, kind: str, name: str, lang: str) -> str:
        """Return the page of a tag or series by its slug."""
        return f"{self.prefix(lang)}{'tags' if kind == 'tag' else 'series'}/{name}/"

    def page(self, url: str, number: int) -> str:
        """Return page `number` of a list that begins at `url`."""
        return url if number == 1 else f"{url}page/{number}/"

    def file(self, info: FileInfo) -> str | None:
        """Return where a file is published: below its bundle's page, or as it lies in static/; None if it is not."""
        if info.path.startswith("static/"):
            return "/" + info.path.removeprefix("static/")
        folder, _, name = info.path.rpartition("/")
        rest = name
        while folder:
            if folder in self._folder_urls:
                return self._folder_urls[folder] + rest
            folder, _, last = folder.rpartition("/")
            rest = f"{last}/{rest}"
        return None

    @cached_property
    def hidden(self) -> dict[str, Hidden]:
        """What is not published now, by the URL it would have, without `/` at the end."""
        return {
            url.rstrip("/"): self.index.hidden[article.path]
            for article in self.index.loaded.articles
            if article.path in self.index.hidden and (url := self.index.addresses.of(article))
        }

    def _folders(self) -> dict[str, str]:
        """Map each bundle's folder to the URL below which its files lie, the default language's where there are two."""
        found: dict[str, str] = {}
        for article in self.index.articles.values():
            url = self.articles.get((article.id, article.lang))
            if article.bundle and url and (article.folder not in found or article.lang == self.config.language):
                found[article.folder] = url
        for kind, folder in (*_FOLDERS.items(), ("merchant", "merchants"), ("category", "categories")):
            for (ident, lang), entry in self.index.table(kind).items():
                if entry.bundle and lang == self.config.language:
                    found[entry.folder] = f"/{folder}/{ident}/"
        return found
