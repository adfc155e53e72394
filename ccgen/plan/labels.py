"""Tags and series: names that articles share, their slugs and their order; knows no page."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from ccgen.errors import At
from ccgen.model.loaded import Article
from ccgen.model.parts import Ref, ref
from ccgen.plan.index import Index, is_listed
from ccgen.plan.noting import Noting
from ccgen.text.slug import slug

__all__ = ["Label", "Labels", "Tag"]


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


class Tag(NamedTuple):
    """A tag as an article names it. `name` is what is shown: as the newest article that has it writes it."""

    slug: str
    name: str
    ref: Ref | None  # None for one that no listed article has: it has no page


class Labels(Noting):
    """All tags and series. Names that differ by case or Unicode form are one; others with one slug are a problem."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index
        self._names: dict[tuple[str, str, str], tuple[str, At]] = {}
        self._articles: dict[tuple[str, str, str], list[Article]] = defaultdict(list)
        self._tags: dict[tuple[str, str], Tag] = {}  # as written, by language
        self._places: dict[tuple[str, str], int] = {}  # (article, language) → place in its series
        for article in index.newest:
            listed = is_listed(article)
            tagged = [self._key("tag", tag, article, f"tags[{number}]") for number, tag in enumerate(article.meta.tags)]
            for key in dict.fromkeys(tagged) if listed else ():
                if key:
                    self._articles[key].append(article)
            if article.meta.series and listed:
                key = self._key("series", article.meta.series.name, article, "series")
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

    def tag(self, written: str, lang: str) -> Tag:
        """Return what a tag of an article is."""
        key = (written, lang)
        found = self._tags.get(key)
        if found is None:
            made = slug(written) or ""
            known = self._names.get(("tag", lang, made))
            owner = ref("tag", lang, made) if self._articles.get(("tag", lang, made)) else None
            found = self._tags[key] = Tag(made, known[0] if known else written, owner)
        return found

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

    def _key(self, kind: str, name: str, article: Article, field: str) -> tuple[str, str, str] | None:
        """Return what a name is known by, None, noted, for one that has no slug."""
        lang, made = article.lang, slug(name)
        first = self._names.get((kind, lang, made)) if made else None
        if made and first and first[0] == name:
            return (kind, lang, made)
        at = At(path=article.path, field=field)
        if not made:
            hint = "use at least one letter or digit"
            message = f"`{name}` has no letter and no digit for a URL"
            self._note("empty-slug", message, at, hint)
            return None
        key = (kind, lang, made)
        known, where = self._names.setdefault(key, (name, at))
        if _folded(known) != _folded(name):
            message = f"`{name}` and `{known}` in `{where.path}` would have one page, `{made}`"
            hint = f"write `{known}` here too, or give one of them another name"
            self._note("label-collision", message, at, hint)
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
                self._note("duplicate-part", message, at, "number the parts 1, 2, 3")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip()).casefold()
