"""What templates hold in their hands: facts seen through views that note every group they hand out; knows no Jinja.

A `View` is an owner, a `Part` a value inside a group. Both give fields by name, turn a `Ref` into a view, and keep
nothing else. All that a drawing reads ends up in its `Scope`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Literal, NamedTuple, NoReturn

import msgspec
from markupsafe import Markup, escape

from ccgen.commerce.links import Link, Place, Way, link
from ccgen.commerce.relation import relations
from ccgen.model.facts import ArticleRelated, ArticleRelation, group_index
from ccgen.model.parts import Offer, Ref, owner_kind, owner_of
from ccgen.model.records import ARTICLE_KINDS, RECORD_KINDS
from ccgen.render.book import Book, Entry, MissingFact, Named, listed
from ccgen.render.escaping import escaped, finished
from ccgen.text.inline import inline
from ccgen.text.near import did_you_mean

__all__ = ["Drawing", "Part", "Question", "Scope", "Values", "View", "note_relation"]

_RELATION = group_index("article", ArticleRelation)
_DEAR = frozenset(ArticleRelated.__struct_fields__)  # found only where a template says their name (see `Theme.words`)
_OPEN, _SHUT = "\ufdd0", "\ufdd1"  # noncharacters: HTML never needs them
_PLAIN = frozenset({str, int, bool, bytes, type(None), Markup})
_INLINE = frozenset(  # by their annotations as written: to evaluate these takes longer than to draw a page
    field
    for record in (*ARTICLE_KINDS.values(), *RECORD_KINDS.values())
    for base in record.__mro__
    for field, written in vars(base).get("__annotations__", {}).items()
    if "Inline" in written
)


Question = tuple[Literal["page", "ties"], str]


class Drawing(NamedTuple):
    """A template, drawn: HTML and, as every other of `parts`, numbers of `links` that are open there.

    `asked` is what it depends on of the page around: see `Scope.ask`.
    """

    parts: tuple[Markup, ...]
    links: tuple[tuple[Offer, Way], ...] = ()
    reads: tuple[int, ...] = ()
    styles: tuple[str, ...] = ()
    asked: tuple[tuple[Question, object], ...] = ()


class Scope:
    """One drawing: what it read, in which language, and how links in it are made.

    `page` is the owner of the page, `ties` are what the article around adds, (product or '', relation). With `place`
    None links stay open: an `href` is a mark that is filled in when the drawing is joined into a page, so that one
    drawing serves many pages. It does on all that give the same answers to what it `asked` of the page around it.
    """

    __slots__ = (
        "_open",
        "absolute",
        "asked",
        "book",
        "lang",
        "page",
        "place",
        "purchases",
        "reads",
        "seal",
        "site",
        "strings",
        "styles",
        "ties",
        "words",
    )

    def __init__(
        self,
        book: Book,
        lang: str,
        *,
        words: Callable[[Scope, str, dict[str, object]], str],
        place: Place | None = None,
        page: str = "",
        ties: tuple[tuple[str, str], ...] = (),
        absolute: bool = False,
        seal: str = "",
    ) -> None:
        self.book, self.lang, self.words, self.place = book, lang, words, place
        self.page, self.ties, self.absolute, self.seal = page, ties, absolute, seal
        self.site, self.strings = book.named(f"site:{lang}"), book.named(f"string:{lang}")
        self.reads: set[int] = set()
        self.asked: dict[Question, object] = {}
        self.styles: dict[str, None] = {}
        self.purchases: list[tuple[Offer, Place]] = []  # every purchase link that stands here
        self._open: list[Offer] = []

    def inner(self, seal: str) -> Scope:
        """Return a scope for what is drawn inside this one, to be shared among pages: its links stay open."""
        return Scope(
            self.book,
            self.lang,
            words=self.words,
            page=self.page,
            ties=self.ties,
            absolute=self.absolute,
            seal=seal,
        )

    def read(self, owner: str, group: int = 0) -> Any:
        """Hand out a group and note it."""
        entry = self.book.entry(owner)
        self.reads.add(entry.keys[group])
        return entry.groups[group]

    def value(self, owner: str) -> Any:
        """Hand out the value of an owner that is one value (a setting, a string, an option)."""
        return self.wrap(self.read(owner).value)

    def ask(self, what: Literal["page", "ties"], name: str) -> Any:
        """Return an `answer`, and note that this drawing depends on it."""
        found = self.asked[what, name] = self.answer(what, name)
        return found

    def answer(self, what: Literal["page", "ties"], name: str) -> Any:
        """Say of the page around whether it is that of owner `name`, or what it adds to links to product `name`."""
        if what == "page":
            return name == self.page
        return tuple([one for product, one in self.ties if product in {"", name}])

    def link(self, offer: Offer) -> Link:
        """Return the purchase link of an offer here; its `href` is a mark while no place is known."""
        found = relations(offer.role, self.ask("ties", offer.product))
        if self.place is not None:
            return self.link_at(offer, found, self.place)
        return link(offer, found, Place("", "", ""))._replace(href=self._left_open(offer))

    def _left_open(self, offer: Offer) -> str:
        self._open.append(offer)
        return f"{_OPEN}{self.seal} {len(self._open) - 1}{_SHUT}"

    def link_at(self, offer: Offer, found: tuple[str, ...], place: Place) -> Link:
        """Return the purchase link of an offer at a place, and note that it stands there."""
        self.purchases.append((offer, place))
        return link(offer, found, place)

    def way_at(self, offer: Offer, way: Way, place: Place) -> str:
        """Return only where the purchase link of an offer leads, for an attribute, and note that it stands at a place."""
        self.purchases.append((offer, place))
        return escaped(way.at(place))

    def note(self, drawing: Drawing) -> None:
        """Note all that a drawing depends on."""
        self.reads.update(drawing.reads)
        if drawing.styles:
            self.styles |= dict.fromkeys(drawing.styles)
        if drawing.asked:
            self.asked |= drawing.asked

    def place_drawing(self, drawing: Drawing) -> Markup:
        """Note a drawing and return its HTML; links that are open in it are made here, or stay open here."""
        self.note(drawing)
        first = drawing.parts[0]
        if len(drawing.parts) == 1:
            return first
        parts: list[str] = list(drawing.parts)
        for index in range(1, len(parts), 2):
            offer, way = drawing.links[int(parts[index])]
            parts[index] = self._left_open(offer) if self.place is None else self.way_at(offer, way, self.place)
        return finished("".join(parts))  # drawn with every value escaped

    def __repr__(self) -> str:
        raise MissingFact("this is not for templates")

    @property
    def open_links(self) -> tuple[tuple[Offer, Way], ...]:
        """The offers whose links were left open, by the number in their mark, each with its way."""
        return tuple([(offer, Way(offer)) for offer in self._open])

    def opened(self, html: str) -> tuple[Markup, ...]:
        """Return a drawing cut at its marks: every other part, from the second on, is the number of an open link.

        The seal is nobody's to know, so that no text of a record or an article can pass for a mark.
        """
        parts = re.split(f"{_OPEN}{self.seal} ([0-9]+){_SHUT}", html) if self._open else (html,)
        return tuple(map(finished, parts))

    def wrap(self, value: Any) -> Any:
        """Return a fact's value as a template may hold it."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind is Ref:
            return View(self, value.owner)
        if kind is tuple:
            return tuple([View(self, one.owner) if type(one) is Ref else self.wrap(one) for one in value])
        if kind is dict:
            return {key: self.wrap(one) for key, one in value.items()}
        return Part(self, value) if isinstance(value, msgspec.Struct) else value


_UNREAD = Entry({}, (), {})


class View:
    """An owner. Every field it hands out notes the group the field is in."""

    __slots__ = ("_entry", "_owner", "_scope")

    def __init__(self, scope: Scope, owner: str) -> None:
        self._scope = scope
        self._owner = owner
        self._entry = scope.book.entries.get(owner, _UNREAD)

    def get(self, name: str) -> Any:
        """Return a field by name.

        Raises MissingFact for a name that this kind does not have.
        """
        groups, keys, fields = self._entry
        group = fields.get(name)
        if group is None:
            return self._first(name)
        scope = self._scope
        scope.reads.add(keys[group])
        value = getattr(groups[group], name)
        kind = type(value)
        if kind in _PLAIN:
            return value if value is not None else _nothing(name)
        return View(scope, value.owner) if kind is Ref else scope.wrap(value)

    def _first(self, name: str) -> Any:
        """Return what is no field, or a field of an owner that nobody has looked into so far."""
        if self._entry is _UNREAD:
            self._entry = self._scope.book.entry(self._owner)
            return self.get(name)
        if name == "words":
            return self.words
        raise MissingFact(f"`{owner_kind(self._owner)}` has no `{name}`; {_instead(name, self._entry.fields)}")

    def words(self, name: str) -> Markup:
        """Return a field's text as HTML (inline Markdown where the field holds it), marked with the language it fell
        back to.
        """
        text = self.get(name)
        if not text:
            return escape(text)
        html = inline(text) if name in _INLINE else escaped(text)
        language = self._language(name)
        if language != self._scope.lang:
            html = f'<span lang="{escape(language)}">{html}</span>'
        return finished(html)  # escaped, or safe by the contract of `inline`

    def _language(self, name: str) -> str:
        """Return the language that a field's text is in. A name's is beside it, so that nothing else is read for it."""
        fields = self._entry.fields
        if name == "name" and "name_lang" in fields:
            language: str = self.get("name_lang")
            return language
        fell_back = "fallback" in fields and name in self.get("fallback")
        return self._scope.value(owner_of("site", self._scope.lang, "language")) if fell_back else self._scope.lang

    @property
    def owner(self) -> str:
        """The owner's name."""
        return self._owner

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and other._owner == self._owner

    def __hash__(self) -> int:
        return hash(self._owner)

    def __repr__(self) -> NoReturn:
        raise MissingFact(f"a {owner_kind(self._owner)} is not text; show one of its fields")


@cache
def _shown_fields(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(kind.__struct_fields__) - {"base"}


class Part:
    """A value inside a group that was already noted; an offer also has its `link`."""

    __slots__ = ("_scope", "_value")

    def __init__(self, scope: Scope, value: msgspec.Struct) -> None:
        self._scope = scope
        self._value = value

    def get(self, name: str) -> Any:
        """Return a field by name.

        Raises MissingFact for a name that this value does not have.
        """
        value = self._value
        if name not in _shown_fields(type(value)):
            if name == "link" and isinstance(value, Offer):
                return self._link(value)
            raise MissingFact(f"this {type(value).__name__} has no `{name}`; {_instead(name, value.__struct_fields__)}")
        found = getattr(value, name)
        return found if type(found) in _PLAIN else self._scope.wrap(found)

    @property
    def value(self) -> msgspec.Struct:
        """The value itself, for filters."""
        return self._value

    def _link(self, offer: Offer) -> dict[str, str]:
        scope = self._scope
        made = scope.link(offer)
        mark = ""
        if made.relation != "none":
            merchant = View(scope, offer.merchant.owner).get("name")
            mark = scope.words(scope, f"mark_{made.relation}", {"merchant": merchant})
        return {"href": made.href, "rel": made.rel, "relation": made.relation, "mark": mark}

    def __repr__(self) -> NoReturn:
        raise MissingFact(f"a {type(self._value).__name__} is not text; use a filter or one of its fields")


class Values:
    """A family of owners that are one value each (`site`, `theme`), by name."""

    __slots__ = ("_named", "_scope")

    def __init__(self, scope: Scope, named: Named) -> None:
        self._scope = scope
        self._named = named

    def get(self, name: str) -> Any:
        """Return a value by name.

        Raises MissingFact for a name that is not there.
        """
        scope = self._scope
        number, value = self._named[name]
        scope.reads.add(number)
        return value if type(value) in _PLAIN else scope.wrap(value)

    def __repr__(self) -> NoReturn:
        raise MissingFact("`site` and `theme` are not text; show one of their values")


def _nothing(name: str) -> None:
    """Return what a field says that says nothing; raise MissingFact for one that was never found out."""
    if name in _DEAR:
        raise MissingFact(f"`{name}` is found only where a template has the word; name it as `.{name}`")


def note_relation(scope: Scope, owner: str) -> tuple[tuple[str, str], ...]:
    """Return what an article adds to the relations of its links, and note it."""
    ties: tuple[tuple[str, str], ...] = scope.read(owner, _RELATION).ties
    return ties


def _instead(name: str, names: Iterable[str]) -> str:
    """Return the name that was probably meant, else all there are."""
    known = [one for one in names if one != "base"]
    return did_you_mean(name, known) or f"it has {listed(known)}"
