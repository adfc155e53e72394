"""Where facts come from: the files behind an owner and behind one of its groups; knows no output and no state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

from ccgen.config import SETTINGS_FILE
from ccgen.load.theme.chain import Link, read_chain
from ccgen.load.theme.reach import find_reach
from ccgen.load.theme.strings import read_strings
from ccgen.model.facts import FeedGroup, Group, ListHead, ProductOffers
from ccgen.model.loaded import Article, Entry
from ccgen.model.parts import Ref, name_of, owner_kind, owner_of, owner_parts
from ccgen.pipeline.project import Project
from ccgen.text.languages import fallbacks
from ccgen.text.slug import slug

__all__ = ["Origins"]

_CONTENT = ("content/",)
_MADE_OF_MANY: Mapping[str, tuple[str, ...]] = {
    "home": _CONTENT,
    "sitemap": _CONTENT,
    "sitemaps": _CONTENT,
    "redirects": _CONTENT,
    "llms": _CONTENT,
    "catalogue": ("content/products/", "content/merchants/"),
    "check": (SETTINGS_FILE, "content/merchants/"),
}
_IN_SETTINGS = frozenset({"menu", "site", "outputs"})
_LEDGER, _HEALTH = "data/prices.csv", "data/links.json"


class Origins:
    """Answers for one project. A source is a path as messages have it (`theme:plain/…`), or a folder with its slash."""

    def __init__(self, project: Project, changed: Collection[str]) -> None:
        """`changed` are the owners of which any fact has changed: among a template's many files these are the ones."""
        self._config, self._theme, self._loaded = project.config, project.theme, project.loaded
        self._groups = project.plan.facts.groups
        self._changed = changed
        self._articles = {(one.id, one.lang): one for one in self._loaded.articles}
        self._sections = {(one.section, one.lang): one.path for one in self._loaded.sections}
        self._tables: Mapping[str, Mapping[tuple[str, str], Article | Entry[msgspec.Struct]]] = {
            "article": self._articles,
            "product": self._loaded.products,  # type: ignore[dict-item]
            "maker": self._loaded.makers,  # type: ignore[dict-item]
            "person": self._loaded.people,  # type: ignore[dict-item]
            "merchant": self._loaded.merchants,  # type: ignore[dict-item]
            "category": self._loaded.categories,  # type: ignore[dict-item]
        }

    def written(self, owner: str, group: int) -> tuple[str, ...]:
        """Return the files that say what stands in one group, none for one that is gone."""
        groups = self._groups.get(owner, ())
        return (*self._own(owner), *self._kept(groups[group])) if group < len(groups) else ()

    def of(self, owner: str, group: int) -> tuple[str, ...]:
        """Return all that a group may have changed by: the files that say it, then those of what it names."""
        if owner_kind(owner) == "template":
            return self._of_template(name_of(owner))
        groups = self._groups.get(owner, ())
        named = _refs(groups[group]) if group < len(groups) else ()
        return tuple(dict.fromkeys((*self.written(owner, group), *(path for one in named for path in self._own(one)))))

    def _own(self, owner: str) -> tuple[str, ...]:
        kind, first, second = owner_parts(owner)
        if kind in self._tables:
            return tuple(self._written(kind, second, first))
        if kind in _IN_SETTINGS:
            return (SETTINGS_FILE,)
        made: Mapping[str, Callable[[], Iterable[str]]] = {
            "section": lambda: (self._sections.get((second, first), SETTINGS_FILE),),
            "tag": lambda: self._labelled.get(owner, ()),
            "series": lambda: self._labelled.get(owner, ()),
            "list": lambda: self._of_list(owner),
            "feed": lambda: () if _items(self._groups.get(owner, ())) else _CONTENT,
            "string": lambda: self._strings.get((first, second), ()),
            "option": lambda: self._options(first),
            "template": lambda: self._reached(name_of(owner)),
            "directive": lambda: (one.origin for one in (self._theme.directives.get(first),) if one),
            "asset": lambda: (one.path for one in (self._theme.assets.get(name_of(owner)),) if one),
            "theme": lambda: (link.manifest.path for link in self._chain),
            "image": lambda: (name_of(owner),),
            "file": lambda: (name_of(owner),),
        }
        return tuple(made[kind]()) if kind in made else _MADE_OF_MANY.get(kind, ())

    def _written(self, kind: str, ident: str, lang: str) -> Iterator[str]:
        """Yield the files of an article or a record: its own, and for a translation what it translates."""
        for language in dict.fromkeys((lang, self._config.language)):
            found = self._tables[kind].get((ident, language))
            if found is not None:
                yield found.path
                if isinstance(found, Entry):
                    yield from (path for path, _ in found.elsewhere.values())

    @cached_property
    def _labelled(self) -> dict[str, list[str]]:
        """The articles of each tag and each series."""
        found: dict[str, list[str]] = {}
        for one in self._loaded.articles:
            labels = [("tag", tag) for tag in one.meta.tags]
            labels += [("series", one.meta.series.name)] if one.meta.series else []
            for kind, name in labels:
                found.setdefault(owner_of(kind, one.lang, slug(name) or ""), []).append(one.path)
        return found

    def _of_list(self, owner: str) -> Iterator[str]:
        """Yield what a list is of: its section's folder and text, or the articles that share a name."""
        for head in self._groups.get(owner, ()):
            if isinstance(head, ListHead):
                kind, _, name = owner_parts(head.of.owner)
                if kind == "section":
                    yield f"content/{name}/"
                yield from self._own(head.of.owner)

    @cached_property
    def _chain(self) -> tuple[Link, ...]:
        return read_chain(self._config)[0]

    @cached_property
    def _strings(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The file of each theme string by language and key: the nearest theme's, in the nearest language that has it."""
        themes = [(link.folder.path, read_strings(link.folder, {})[0]) for link in self._chain]
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for lang in self._config.languages:
            for language in fallbacks(lang):
                for folder, strings in themes:
                    for key in strings.get(language, {}):
                        found.setdefault((lang, key), (f"{folder}/i18n/{language}.yaml",))
        return found

    def _options(self, name: str) -> Iterator[str]:
        if name in self._config.settings.theme.options:
            yield SETTINGS_FILE
        for link in self._chain:
            if name in link.manifest.set or name in link.manifest.options:
                yield link.manifest.path

    @cached_property
    def _reach(self) -> dict[str, frozenset[str]]:
        return find_reach(self._theme.templates)

    def _reached(self, name: str) -> Iterator[str]:
        return (self._theme.templates[one].path for one in sorted(self._reach.get(name, ())))

    def _of_template(self, name: str) -> tuple[str, ...]:
        """Return a template's file, and of those in its reach the ones that changed and reach no other that did."""
        if name not in self._theme.templates:
            return ()
        changed = {one: self._reach[one] & self._changed_templates for one in self._reach[name]}
        texts = self._theme.templates
        roots = {
            texts[one].path
            for one, reached in changed.items()
            if one in reached and all(texts[other].path == texts[one].path for other in reached)
        }
        return tuple(dict.fromkeys((texts[name].path, *sorted(roots))))

    @cached_property
    def _changed_templates(self) -> frozenset[str]:
        return frozenset(name_of(owner) for owner in self._changed if owner_kind(owner) == "template")

    def _kept(self, group: Group) -> Iterator[str]:
        """Yield the files of data/ that a product's offers go by."""
        if isinstance(group, ProductOffers):
            if any(offer.key in self._loaded.ledger for offer in group.offers):
                yield _LEDGER
            if any(offer.base.target in self._loaded.health for offer in group.offers):
                yield _HEALTH


def _items(groups: Iterable[Group]) -> bool:
    return any(isinstance(group, FeedGroup) and group.entries for group in groups)


def _refs(value: object) -> Iterator[str]:
    """Yield the owners that a group names, at any depth."""
    if isinstance(value, Ref):
        yield value.owner
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _refs(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _refs(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _refs(one)
