"""Everything that was loaded, by what it is asked for; resolves ids and says what is near when there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeVar

from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.model.loaded import Article, Entry, Loaded
from ccgen.model.site import Hidden
from ccgen.plan.clock import Clock, iso
from ccgen.text.near import did_you_mean

__all__ = ["Index", "place"]

E = TypeVar("E")
_PLURAL = {
    "product": "products",
    "maker": "makers",
    "person": "people",
    "merchant": "merchants",
    "category": "categories",
}


class Index:
    """The loaded site as look-ups. Holds published articles only; hidden ones are known by path, with the reason."""

    def __init__(self, config: Config, loaded: Loaded, clock: Clock) -> None:
        self.config = config
        self.loaded = loaded
        self.clock = clock
        self.problems: list[Problem] = []
        self.hidden: dict[str, Hidden] = {}
        self.previewed: dict[str, Hidden] = {}  # shown by a flag, and not for readers yet
        self.articles: dict[tuple[str, str], Article] = {}
        self.article_at: dict[str, Article] = {}
        self.kinds = {section.name: section for section in config.sections}
        for article in loaded.articles:
            hidden, shown = self._hidden(article)
            if hidden and shown:
                self.previewed[article.path] = hidden
            if hidden and not shown:
                self.hidden[article.path] = hidden
            else:
                self.articles[article.id, article.lang] = article
                self.article_at[article.path] = article
        self.unplaced: set[str] = set()
        self.reviews = self._reviews()

    def leave_out(self, article: Article) -> None:
        """Forget an article that can have no URL (its problem is noted); a link to it is no second problem."""
        del self.articles[article.id, article.lang]
        self.unplaced.add(article.path)
        self.reviews = self._reviews()

    def table(self, kind: str) -> Mapping[tuple[str, str], Entry[object]]:
        """Return the records of a kind (`product`, `maker`, `person`, `merchant`, `category`)."""
        found: Mapping[tuple[str, str], Entry[object]] = getattr(self.loaded, _PLURAL[kind])
        return found

    def known(self, kind: str, ident: str, at: At) -> bool:
        """Say whether a record exists; if not, note one problem, unless the record is there but failed to load."""
        if (ident, self.config.language) in self.table(kind):
            return True
        if f"{_PLURAL[kind]}/{ident}" not in self.loaded.failed:
            ids = {key for key, _ in self.table(kind)}
            self.unknown(kind, ident, at, ids)
        return False

    def unknown(self, kind: str, name: str, at: At, names: set[str]) -> None:
        """Note that nothing of a kind has this name, with the nearest as a hint."""
        several = _PLURAL[kind]
        hint = did_you_mean(name, names) or f"{several} are the files of content/{several}/"
        self.problems.append(Problem(code=f"unknown-{kind}", message=f"no {kind} `{name}`", at=at, hint=hint))

    def unknown_tie(self, name: str, at: At) -> None:
        """Note that nothing has the name of what an interest is with, unless that is there but failed to load."""
        kinds = ("maker", "merchant", "product")
        if any(f"{_PLURAL[kind]}/{name}" in self.loaded.failed for kind in kinds):
            return
        names = {ident for kind in kinds for ident, _ in self.table(kind)}
        hint = did_you_mean(name, names) or "name a file of content/makers/, content/merchants/ or content/products/"
        message = f"no maker, merchant or product `{name}`"
        self.problems.append(Problem(code="unknown-record", message=message, at=at, hint=hint))

    def aliases(self) -> Iterator[tuple[Article, int, str]]:
        """Yield every alias with its article and its number there, by path; translations inherit them and have none."""
        for article in sorted(self.articles.values(), key=lambda one: (one.path, one.lang)):
            versions = (lang for lang in self.config.languages if (article.id, lang) in self.articles)
            if article.lang == next(versions):
                yield from ((article, number, alias) for number, alias in enumerate(article.meta.aliases))

    def article(self, ident: str, lang: str) -> Article | None:
        """Return an article in a language, else in the default language, else None."""
        return self.articles.get((ident, lang)) or self.articles.get((ident, self.config.language))

    def review_of(self, product: str, lang: str) -> Article | None:
        """Return a product's newest review in a language (or the default one)."""
        return self.reviews.get((product, lang)) or self.reviews.get((product, self.config.language))

    def _reviews(self) -> dict[tuple[str, str], Article]:
        found: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in self.articles.values():
            product = getattr(article.meta, "product", None)
            if article.kind == "review" and product:
                found[product, article.lang].append(article)
        return {key: max(several, key=self.newest_first) for key, several in found.items()}

    def newest_first(self, article: Article) -> tuple[float, str]:
        """Sort key: the date, then the id (reverse it for newest first)."""
        date = article.meta.date
        return (self.clock.read(date).timestamp() if date else 0.0, article.id)

    def _hidden(self, article: Article) -> tuple[Hidden | None, bool]:
        """Return why an article is not for readers now, None if it is, and whether a flag shows it all the same."""
        meta, config = article.meta, self.config
        date, expires = iso(meta.date), iso(meta.expires)
        if meta.expires and self.clock.passed(self.clock.read(meta.expires)):
            return Hidden(path=article.path, reason="expired", date=expires, flag=f"--clock before {expires}"), False
        scheduled = meta.date is not None and not self.clock.passed(self.clock.read(meta.date))
        if meta.draft:
            shown = config.drafts and (config.future or not scheduled)
            return Hidden(path=article.path, reason="draft", date=date, flag="--drafts"), shown
        if scheduled:
            return Hidden(path=article.path, reason="scheduled", date=date, flag="--future"), config.future
        return None, False


def place(entry: Entry[E], field: str, *, on_key: bool = False) -> At:
    """Return the place of a record's field, wherever the record is written."""
    return entry.at(field, on_key=on_key)
