"""The URL of an article: its section's pattern, filled in; knows no other page."""

from __future__ import annotations

from collections.abc import Mapping

from ccgen.config import Config, Section
from ccgen.errors import Problem
from ccgen.model.loaded import Article, Loaded
from ccgen.text.clock import Clock
from ccgen.text.slug import slug

__all__ = ["Addresses", "prefix_of"]


_OF_DATES = ("{year}", "{month}", "{day}")


def prefix_of(lang: str, default: str) -> str:
    """Return what the URLs of a language begin with: `/` for the default language, else `/zh-CN/`."""
    return "/" if lang == default else f"/{lang}/"


class Addresses:
    """Gives any article its URL, published or not, and says why one can have none."""

    def __init__(self, config: Config, loaded: Loaded, clock: Clock, kinds: Mapping[str, Section]) -> None:
        self._config, self._clock, self._kinds = config, clock, kinds
        self._undated = frozenset(one.at.path for one in loaded.problems if one.at.field == "date")

    def of(self, article: Article) -> str | None:
        """Return an article's URL, None where its name has no letter or its section's pattern lacks a date."""
        name = _name(article)
        pattern = self._kinds[article.section].pattern
        dated = any(word in pattern for word in _OF_DATES)
        if not name or (dated and not article.meta.date):
            return None
        values = {"slug": name, "section": article.section}
        if dated and article.meta.date:
            date = self._clock.read(article.meta.date).astimezone(self._clock.zone)
            values |= {"year": f"{date:%Y}", "month": f"{date:%m}", "day": f"{date:%d}"}
        return prefix_of(article.lang, self._config.language) + pattern.format_map(values).lstrip("/")

    def fault(self, article: Article) -> Problem | None:
        """Return why an article has no URL, None where that was told when its date was read."""
        at = article.at("slug") if article.meta.slug else article.at()
        if not _name(article):
            hint = "add `slug:` with a name for the URL, or rename the file"
            message = f"the name `{_stem(article)}` has no letter and no digit for a URL"
            return Problem(code="empty-slug", message=message, at=at, hint=hint)
        if article.path in self._undated:
            return None
        section = self._kinds[article.section]
        hint = f"give the article a date, or change `urls.{section.name}` in ccgen.yaml"
        message = f"the URL pattern `{section.pattern}` needs a date"
        return Problem(code="url-needs-date", message=message, at=at, hint=hint)


def _stem(article: Article) -> str:
    return article.id.rpartition("/")[2]


def _name(article: Article) -> str | None:
    return article.meta.slug or slug(_stem(article))
