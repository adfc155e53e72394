"""Everything that was loaded, by what it is asked for; resolves ids and says what is near when there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccgen.commerce.amazon import is_amazon
from ccgen.config import Config
from ccgen.errors import At
from ccgen.model.hidden import Hidden
from ccgen.model.loaded import Article, Entry, Loaded
from ccgen.model.parts import Ref, id_of
from ccgen.model.records import MerchantRecord, ReviewMeta
from ccgen.plan.addresses import Addresses
from ccgen.plan.noting import Noting
from ccgen.plan.strings import string_in
from ccgen.text.clock import Clock, iso
from ccgen.text.near import did_you_mean

__all__ = ["Index", "is_listed"]

_PLURAL = {
    "product": "products",
    "maker": "makers",
    "person": "people",
    "merchant": "merchants",
    "category": "categories",
}


class Index(Noting):
    """The loaded site as look-ups. Holds published articles only; hidden ones are known by path, with the reason."""

    def __init__(self, config: Config, loaded: Loaded, clock: Clock) -> None:
        super().__init__()
        self.config = config
        self.default = config.language
        self.loaded = loaded
        self._tables: dict[str, Mapping[tuple[str, str], Entry[object]]] = {
            kind: getattr(loaded, several) for kind, several in _PLURAL.items()
        }
        self.clock = clock
        self.hidden: dict[str, Hidden] = {}
        self.previewed: dict[str, Hidden] = {}  # shown by a flag, and not for readers yet
        self.articles: dict[tuple[str, str], Article] = {}
        self.article_at: dict[str, Article] = {}
        self.urls: dict[tuple[str, str], str] = {}
        self.unplaced: set[str] = set()  # paths of articles that can have no URL: a link to one is no second problem
        self.kinds = {section.name: section for section in config.sections}
        self.addresses = Addresses(config, loaded, clock, self.kinds)
        self.texts = {(text.section, text.lang): text for text in loaded.sections}
        self.extra_types = {**config.settings.extra, **loaded.theme.extra}
        for article in loaded.articles:
            hidden, shown = self._hidden(article)
            if hidden and shown:
                self.previewed[article.path] = hidden
            if hidden and not shown:
                self.hidden[article.path] = hidden
            else:
                self._publish(article)
        self.newest = tuple(sorted(self.articles.values(), key=self.newest_first, reverse=True))
        self.listed = tuple(filter(is_listed, self.newest))
        self.titles = {url: self.articles[key].meta.title or "" for key, url in self.urls.items()}
        self._reviews = self._newest_reviews()
        self._hints: dict[tuple[str, str], str] = {}
        self._amazon: dict[str, bool] = {}  # by merchant

    def _publish(self, article: Article) -> None:
        url = self.addresses.of(article)
        if url is None:
            fault = self.addresses.fault(article)
            self.problems += [fault] if fault else []
            self.unplaced.add(article.path)
            return
        self.articles[article.id, article.lang] = article
        self.article_at[article.path] = article
        self.urls[article.id, article.lang] = url

    def table(self, kind: str) -> Mapping[tuple[str, str], Entry[object]]:
        """Return the records of a kind (`product`, `maker`, `person`, `merchant`, `category`)."""
        return self._tables[kind]

    def has(self, kind: str, ident: str) -> bool:
        """Say whether a record exists; where that is asked very often, and a place is dear to make (see `known`)."""
        return (ident, self.default) in self._tables[kind]

    def known(self, kind: str, ident: str, at: At) -> bool:
        """Say whether a record exists; if not, note one problem, unless the record is there but failed to load."""
        if self.has(kind, ident):
            return True
        if f"{_PLURAL[kind]}/{ident}" not in self.loaded.failed:
            several = _PLURAL[kind]
            hint = self._hint((kind,), ident) or f"{several} are the files of content/{several}/"
            self._note(code=f"unknown-{kind}", message=f"no {kind} `{ident}`", at=at, hint=hint)
        return False

    def unknown_tie(self, name: str, at: At) -> None:
        """Note that nothing has the name of what an interest is with, unless that is there but failed to load."""
        kinds = ("maker", "merchant", "product")
        if any(f"{_PLURAL[kind]}/{name}" in self.loaded.failed for kind in kinds):
            return
        hint = self._hint(kinds, name) or "name a file of content/makers/, content/merchants/ or content/products/"
        message = f"no maker, merchant or product `{name}`"
        self._note("unknown-record", message, at, hint)

    def aliases(self) -> Iterator[tuple[Article, int, str]]:
        """Yield every alias with its article and its number there, by path; translations inherit them and have none."""
        having = [article for article in self.articles.values() if article.meta.aliases]
        for article in sorted(having, key=lambda one: (one.path, one.lang)):
            versions = (lang for lang in self.config.languages if (article.id, lang) in self.articles)
            if article.lang == next(versions):
                yield from ((article, number, alias) for number, alias in enumerate(article.meta.aliases))

    def merchant(self, ref: Ref) -> Entry[MerchantRecord]:
        """Return the merchant of a reference, in the default language."""
        return self.loaded.merchants[id_of(ref.owner), self.default]

    def is_amazon(self, ref: Ref) -> bool:
        """Say whether links to the merchant of a reference are those of Amazon's programme."""
        ident = id_of(ref.owner)
        known = self._amazon.get(ident)
        if known is None:
            record = self.merchant(ref).record
            known = self._amazon[ident] = is_amazon(record.role, record.network, record.url)
        return known

    def article(self, ident: str, lang: str) -> Article | None:
        """Return an article in a language, else in the default language, else None."""
        return self.articles.get((ident, lang)) or self.articles.get((ident, self.default))

    def review_of(self, product: str, lang: str) -> Article | None:
        """Return a product's newest review in a language (or the default one)."""
        return self._reviews.get((product, lang)) or self._reviews.get((product, self.default))

    def authors(self, article: Article) -> tuple[str, ...]:
        """Return the ids of an article's authors, the site's own where it names none; a page of the site needs none."""
        author = self.config.settings.site.author
        return article.meta.authors or ((author,) if author and article.kind != "page" else ())

    def section_title(self, name: str, lang: str) -> str:
        """Return a section's title: that of its own text, else of ccgen.yaml, else the theme's, else from its name."""
        text = self.texts.get((name, lang))
        if text and text.meta.title:
            return text.meta.title
        if not name:
            return self.config.settings_in(lang).site.title
        given = self.config.section_title(name, lang) or string_in(self.loaded.theme, lang, f"section_{name}")
        return given or name.replace("-", " ").capitalize()

    def _newest_reviews(self) -> dict[tuple[str, str], Article]:
        found: dict[tuple[str, str], Article] = {}
        for article in self.newest:
            if article.kind == "review" and isinstance(article.meta, ReviewMeta):
                found.setdefault((article.meta.product, article.lang), article)
        return found

    def _hint(self, kinds: tuple[str, ...], name: str) -> str:
        key = (" ".join(kinds), name)
        if key not in self._hints:
            entries = [(ident, entry) for kind in kinds for (ident, _), entry in self.table(kind).items()]
            named = {
                ident for ident, entry in entries if getattr(entry.record, "name", "").casefold() == name.casefold()
            }
            self._hints[key] = (
                did_you_mean(name, {ident for ident, _ in entries})
                if len(named) != 1
                else f"did you mean `{named.pop()}`?"
            )
        return self._hints[key]

    def newest_first(self, article: Article) -> tuple[float, str]:
        """Sort key: the date, then the id (reverse it for newest first)."""
        date = article.meta.date
        return (self.clock.read(date).timestamp() if date else 0.0, article.id)

    def _hidden(self, article: Article) -> tuple[Hidden | None, bool]:
        """Return why an article is not for readers now, None if it is, and whether a flag shows it all the same."""
        meta, config = article.meta, self.config
        if meta.expires and self.clock.passed(self.clock.read(meta.expires)):
            _date, expires = iso(meta.date), iso(meta.expires)
            return Hidden(path=article.path, reason="expired", date=expires, flag=f"--clock before {expires}"), False
        scheduled = meta.date is not None and not self.clock.passed(self.clock.read(meta.date))
        if meta.draft:
            shown = config.drafts and (config.future or not scheduled)
            return Hidden(path=article.path, reason="draft", date=iso(meta.date), flag="--drafts"), shown
        if scheduled:
            return Hidden(path=article.path, reason="scheduled", date=iso(meta.date), flag="--future"), config.future
        return None, False


def is_listed(article: Article) -> bool:
    """Say whether an article stands in lists and feeds: a page of the site does not, nor one that asks not to."""
    return article.kind != "page" and not article.meta.unlisted
