"""The URL of everything, before any HTML; knows nothing of what stands on a page."""

from __future__ import annotations

from functools import cached_property

from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.model.loaded import Article, FileInfo
from ccgen.model.site import Hidden
from ccgen.plan.index import Index
from ccgen.text.slug import slug

__all__ = ["Urls"]

_FOLDERS = {"product": "products", "maker": "makers", "person": "people"}


class Urls:
    """Root-relative URLs, not percent-encoded, without the base path. The default language has no prefix."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.config: Config = index.config
        self.articles: dict[tuple[str, str], str] = {}
        for key, article in tuple(index.articles.items()):
            url = self._article(article)
            if url:
                self.articles[key] = url
            else:
                index.leave_out(article)
        self._folder_urls = self._folders()

    def prefix(self, lang: str) -> str:
        """Return `/` or `/zh-CN/`."""
        return "/" if lang == self.config.language else f"/{lang}/"

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
        """What is not published now, by the URL it would have."""
        found = {}
        for article in self.index.loaded.articles:
            name = article.meta.slug or slug(article.id.rpartition("/")[2])
            if article.path in self.index.hidden and name:
                found[self._address(article, name) or ""] = self.index.hidden[article.path]
        return found

    def _article(self, article: Article) -> str | None:
        stem = article.id.rpartition("/")[2]
        name = article.meta.slug or slug(stem)
        at = At(path=article.path, field="slug") if article.meta.slug else At(path=article.path)
        if not name:
            hint = "add `slug:` with a name for the URL, or rename the file"
            message = f"the name `{stem}` has no letter and no digit for a URL"
            self.index.problems.append(Problem(code="empty-slug", message=message, at=at, hint=hint))
            return None
        url = self._address(article, name)
        if url is None and not any(
            one.at.path == article.path and one.at.field == "date" for one in self.index.loaded.problems
        ):
            section = self.index.kinds[article.section]
            hint = f"give the article a date, or change `urls.{section.name}` in ccgen.yaml"
            message = f"the URL pattern `{section.pattern}` needs a date"
            self.index.problems.append(Problem(code="url-needs-date", message=message, at=at, hint=hint))
        return url

    def _address(self, article: Article, name: str) -> str | None:
        """Return an article's URL, None where its section's pattern needs a date and it has none."""
        section = self.index.kinds[article.section]
        date = self.index.clock.read(article.meta.date).astimezone(self.index.clock.zone) if article.meta.date else None
        if date is None and any(word in section.pattern for word in ("{year}", "{month}", "{day}")):
            return None
        values = {"slug": name, "section": article.section}
        if date is not None:
            values |= {"year": f"{date:%Y}", "month": f"{date:%m}", "day": f"{date:%d}"}
        return self.prefix(article.lang) + section.pattern.format_map(values).lstrip("/")

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
