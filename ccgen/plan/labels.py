"""Tags and series: names that articles share, their slugs and their order; knows no page."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from ccgen.errors import At, Problem
from ccgen.model.loaded import Article
from ccgen.model.parts import Ref, ref
from ccgen.plan.index import Index, is_listed
from ccgen.text.slug import slug

__all__ = ["Label", "Labels"]


class Label(NamedTuple):
    """A tag or a series in one language, with its listed articles in the order of its page."""

    kind: str  # tag, series
    lang: str
    slug: str
    name: str
    articles: tuple[Article, ...]
    at: At  # where it is first named

    @property
    def ref(self) -> Ref:
        """The owner of its facts."""
        return ref(self.kind, self.lang, self.slug)


class Labels:
    """All tags and series. Names that differ by case or Unicode form are one; others with one slug are a problem."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.problems: list[Problem] = []
        self._names: dict[tuple[str, str, str], tuple[str, At]] = {}
        self._articles: dict[tuple[str, str, str], list[Article]] = defaultdict(list)
        self._places: dict[tuple[str, str], int] = {}  # (article, language) → place in its series
        for article in index.newest:
            listed = is_listed(article)
            tagged = {
                self._key("tag", article.lang, tag, At(path=article.path, field=f"tags[{number}]")): None
                for number, tag in enumerate(article.meta.tags)
            }
            for key in tagged:
                if key and listed:
                    self._articles[key].append(article)
            if article.meta.series and listed:
                name = article.meta.series.name
                key = self._key("series", article.lang, name, At(path=article.path, field="series"))
                if key:
                    self._articles[key].append(article)
        for key, articles in self._articles.items():
            if key[0] == "series":
                articles.sort(key=lambda one: (self._part(one), index.newest_first(one)))
                self._check_parts(articles)
                self._places |= {(one.id, one.lang): place for place, one in enumerate(articles)}

    def all(self) -> tuple[Label, ...]:
        """Return every label that a listed article has, by kind, language and slug."""
        return tuple(
            Label(
                kind=kind, lang=lang, slug=name, name=self._names[kind, lang, name][0], articles=tuple(articles), at=at
            )
            for (kind, lang, name), articles in sorted(self._articles.items(), key=lambda item: item[0])
            if articles
            for at in (self._names[kind, lang, name][1],)
        )

    def tag(self, name: str, lang: str) -> Ref | None:
        """Return the owner of a tag, None for one that no listed article has: it has no page."""
        made = slug(name) or ""
        return ref("tag", lang, made) if self._articles.get(("tag", lang, made)) else None

    def tag_name(self, name: str, lang: str) -> str:
        """Return a tag as it is shown: as the newest article that has it writes it."""
        known = self._names.get(("tag", lang, slug(name) or ""))
        return known[0] if known else name

    def series_of(self, article: Article) -> tuple[Ref | None, int, Article | None, Article | None]:
        """Return an article's series, its part, and the articles before and after it there."""
        place = self._places.get((article.id, article.lang))
        if article.meta.series is None or place is None:
            return None, 0, None, None
        name = slug(article.meta.series.name) or ""
        articles = self._articles["series", article.lang, name]
        before = articles[place - 1] if place else None
        after = articles[place + 1] if place + 1 < len(articles) else None
        return ref("series", article.lang, name), article.meta.series.part or place + 1, before, after

    def _key(self, kind: str, lang: str, name: str, at: At) -> tuple[str, str, str] | None:
        made = slug(name)
        if not made:
            hint = "use at least one letter or digit"
            message = f"`{name}` has no letter and no digit for a URL"
            self.problems.append(Problem(code="empty-slug", message=message, at=at, hint=hint))
            return None
        key = (kind, lang, made)
        known, where = self._names.setdefault(key, (name, at))
        if _folded(known) != _folded(name):
            message = f"`{name}` and `{known}` in `{where.path}` would have one page, `{made}`"
            hint = f"write `{known}` here too, or give one of them another name"
            self.problems.append(Problem(code="label-collision", message=message, at=at, hint=hint))
        return key

    @staticmethod
    def _part(article: Article) -> int:
        series = article.meta.series
        return series.part if series and series.part is not None else 1_000_000

    def _check_parts(self, articles: list[Article]) -> None:
        for first, second in pairwise(articles):
            if (
                first.meta.series
                and second.meta.series
                and first.meta.series.part == second.meta.series.part is not None
            ):
                message = f"part {second.meta.series.part} of this series is also `{first.path}`"
                at = At(path=second.path, field="series.part")
                self.problems.append(
                    Problem(code="duplicate-part", message=message, at=at, hint="number the parts 1, 2, 3")
                )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).casefold()
