"""Pages that list articles: sections, tags, series, home, feeds; decides what stands on which page and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ccgen.errors import At
from ccgen.model.body import Outline
from ccgen.model.facts import (
    ArticleAnchors,
    FeedGroup,
    Group,
    HomeRows,
    LabelHead,
    LabelTotal,
    ListHead,
    ListItems,
    SectionHead,
    Translations,
)
from ccgen.model.loaded import Article
from ccgen.model.parts import FeedItem, Ref, SectionRow, Translation, owner_of, ref
from ccgen.model.records import SectionMeta
from ccgen.plan.articles import headings_of
from ccgen.plan.calls import Calls, Own, article_ref
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.labels import Label, Labels
from ccgen.plan.links import Home
from ccgen.plan.routes import Routes
from ccgen.plan.urls import Urls
from ccgen.text.languages import language_name
from ccgen.text.url import encode, host_of

__all__ = ["Lists"]

_HOME_LATEST = 12
_HOME_ROW = 6
_LABELS_PER_PAGE = 20
_EMPTY = Outline()


class _Feed(NamedTuple):
    """A feed to be: of the page at `url`, `of` a section or a person by name ('' for the site), newest first."""

    url: str
    lang: str
    of: str
    articles: Sequence[Article]


class Lists:
    """Adds the routes of all lists (before links are resolved), then makes their facts."""

    def __init__(self, index: Index, urls: Urls, files: Files, labels: Labels) -> None:
        self.index, self.urls, self.files, self.labels = index, urls, files, labels
        self.config = index.config
        self.by_section: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in index.listed:
            self.by_section[article.lang, article.section].append(article)
        self._feeds: dict[str, _Feed] = {}

    # --- routes ---

    def add_routes(self, routes: Routes) -> None:
        """Add home, section, tag and series pages and the feeds of site, sections and people."""
        for lang in self.config.languages:
            source = self._source("", lang)
            routes.add("home", self.urls.section("", lang), owner_of("home", lang), lang, source, indexed=True)
            self._add_feed(routes, _Feed(self.urls.section("", lang), lang, "", self._newest(lang)), source)
            for name in self._sections(lang):
                articles = self.by_section[lang, name]
                source = self._source(name, lang)
                url = self.urls.section(name, lang)
                self._add_pages(routes, url, lang, len(articles), self.index.kinds[name].per_page, source)
                self._add_feed(routes, _Feed(url, lang, self.index.section_title(name, lang), articles), source)
        for label in self.labels.all():
            url = self.urls.label(label.kind, label.slug, label.lang)
            self._add_pages(routes, url, label.lang, len(label.articles), _LABELS_PER_PAGE, label.at)

    def add_person_feeds(self, routes: Routes) -> None:
        """Add a feed for everybody who has written something."""
        written: dict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in self.index.listed:
            for author in self.index.authors(article):
                written[author, article.lang].append(article)
        for (author, lang), several in sorted(written.items()):
            entry = self.index.loaded.people.get((author, lang))
            if entry is not None:
                url = self.urls.record("person", author, lang)
                self._add_feed(routes, _Feed(url, lang, entry.record.name, several), entry.at())

    def _add_pages(self, routes: Routes, url: str, lang: str, total: int, per_page: int, source: At) -> None:
        for number in range(1, _pages(total, per_page) + 1):
            page = self.urls.page(url, number)
            routes.add("list", page, owner_of("list", lang, page), lang, source, indexed=number == 1)

    def _add_feed(self, routes: Routes, feed: _Feed, source: At) -> None:
        if feed.articles:
            owner = owner_of("feed", feed.lang, feed.url)
            routes.add("atom", f"{feed.url}feed.xml", owner, feed.lang, source)
            routes.add("json", f"{feed.url}feed.json", owner, feed.lang, source)
            self._feeds[owner] = feed

    # --- facts ---

    def facts(self, calls: Calls) -> dict[str, tuple[Group, ...]]:
        """Return the groups of sections, lists, home pages, labels and feeds."""
        found: dict[str, tuple[Group, ...]] = {}
        for lang in self.config.languages:
            for name in ("", *(section.name for section in self.config.sections)):
                found[ref("section", lang, name).owner] = self._section(name, lang, calls)
            found[owner_of("home", lang)] = (self._home(lang),)
            for name in self._sections(lang):
                articles = self.by_section[lang, name]
                title, url = self.index.section_title(name, lang), self.urls.section(name, lang)
                of = ref("section", lang, name)
                found |= self._list(title, url, of, "section", lang, articles, self.index.kinds[name].per_page)
        for label in self.labels.all():
            url = self.urls.label(label.kind, label.slug, label.lang)
            found[label.ref.owner] = self._label(label, url)
            found |= self._list(label.name, url, label.ref, label.kind, label.lang, label.articles, _LABELS_PER_PAGE)
        for owner, feed in self._feeds.items():
            found[owner] = (self._feed(feed),)
        return found

    def _section(self, name: str, lang: str, calls: Calls) -> tuple[Group, ...]:
        text = self.index.texts.get((name, lang))
        meta = text.meta if text else SectionMeta()
        url = self.urls.section(name, lang)
        folder = f"content/{name}".rstrip("/")
        home = Home(
            path=text.path if text else "", folder=folder, url=url, lang=lang, body=text.body if text else _EMPTY
        )
        at = At(path=text.path if text else "", field="image")
        return (
            SectionHead(
                name=name,
                title=self.index.section_title(name, lang),
                summary=meta.summary or "",
                picture=self.files.fact(meta.image, folder, at),
                url=url if not name or name in self._sections(lang) else "",
                lang=lang,
                feed_url=f"{url}feed.xml" if owner_of("feed", lang, url) in self._feeds else "",
                extra=calls.free_keys(meta.extra, folder, lang, text.at) if text else {},
            ),
            calls.group(home, Own(), text.digest if text else b""),
            Translations(translations=self._section_translations(name)),
            ArticleAnchors(headings=headings_of(home.body)),
        )

    def _section_translations(self, name: str) -> tuple[Translation, ...]:
        languages = [lang for lang in self.config.languages if not name or name in self._sections(lang)]
        if len(languages) < 2:
            return ()
        return tuple(
            Translation(lang=lang, url=self.urls.section(name, lang), name=language_name(lang)) for lang in languages
        )

    def _home(self, lang: str) -> HomeRows:
        rows = tuple(
            SectionRow(section=ref("section", lang, name), items=_refs(self.by_section[lang, name][:_HOME_ROW]))
            for name in self._sections(lang)
            if self.by_section[lang, name]
        )
        makers = sorted(entry.id for entry in self.index.loaded.makers.values() if entry.lang == lang)
        return HomeRows(
            latest=_refs(self._newest(lang)[:_HOME_LATEST]),
            rows=rows,
            makers=tuple(ref("maker", lang, ident) for ident in makers),
        )

    def _list(
        self, title: str, url: str, of: Ref, what: str, lang: str, articles: Sequence[Article], per_page: int
    ) -> dict[str, tuple[Group, ...]]:
        pages = _pages(len(articles), per_page)
        found: dict[str, tuple[Group, ...]] = {}
        for number in range(1, pages + 1):
            here = self.urls.page(url, number)
            head = ListHead(
                title=title,
                url=here,
                lang=lang,
                of=of,
                what=what,
                number=number,
                pages=pages,
                previous_url=self.urls.page(url, number - 1) if number > 1 else "",
                next_url=self.urls.page(url, number + 1) if number < pages else "",
                total=len(articles),
            )
            items = ListItems(items=_refs(articles[(number - 1) * per_page : number * per_page]))
            found[owner_of("list", lang, here)] = (head, items)
        return found

    def _label(self, label: Label, url: str) -> tuple[Group, ...]:
        head = LabelHead(name=label.name, url=url, lang=label.lang)
        return (head, Translations(translations=()), LabelTotal(total=len(label.articles)))

    def _feed(self, feed: _Feed) -> FeedGroup:
        entries = tuple(self._feed_item(article) for article in feed.articles[: self.config.settings.feeds.items])
        site = self.config.settings_in(feed.lang).site.title
        return FeedGroup(
            title=f"{feed.of} – {site}" if feed.of else site,
            lang=feed.lang,
            page_url=feed.url,
            atom_url=f"{feed.url}feed.xml",
            json_url=f"{feed.url}feed.json",
            updated=max((one.updated for one in entries), key=datetime.fromisoformat),
            entries=entries,
        )

    def _feed_item(self, article: Article) -> FeedItem:
        """Return an article's entry; an article without a date is as old as feeds can say."""
        clock = self.index.clock
        published = clock.read(article.meta.date or "1970-01-01")
        updated = max((published, *(clock.read(one.date) for one in article.meta.updates)))
        return FeedItem(
            article=article_ref(article),
            guid=self._guid(article),
            published=published.isoformat(),
            updated=updated.isoformat(),
        )

    def _guid(self, article: Article) -> str:
        """Return an entry's id for ever, a tag URI (RFC 4151): it holds nothing that a build or a correction changes."""
        host = host_of(self.config.settings.site.url) or ""
        return f"tag:{host},2000:{encode(article.id)}@{article.lang}"

    # --- shared ---

    def _newest(self, lang: str) -> list[Article]:
        return [one for one in self.index.listed if one.lang == lang]

    def _sections(self, lang: str) -> tuple[str, ...]:
        """Sections that have a page in a language: those with a text or an article, but not pages."""
        return tuple(
            section.name
            for section in self.config.sections
            if section.kind != "page"
            and (self.by_section.get((lang, section.name)) or (section.name, lang) in self.index.texts)
        )

    def _source(self, section: str, lang: str) -> At:
        text = self.index.texts.get((section, lang))
        return At(path=text.path) if text else At(path="ccgen.yaml", field="sections" if section else "site")


def _refs(articles: Sequence[Article]) -> tuple[Ref, ...]:
    return tuple(article_ref(article) for article in articles)


def _pages(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))
