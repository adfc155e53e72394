"""A finished page as its graph sees it: facts, which note that they were read, what stands on it, and the ids of things.

Knows no kind of page.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TypeVar

from markupsafe import Markup, escape

from ccgen.model.facts import ArticleUrl, Group, ImageGroup, RecordName, RecordUrl, group_index
from ccgen.model.graph import ImageObject, Reference
from ccgen.model.parts import PictureFact, Price, owner_kind, owner_of
from ccgen.render.environment import site_url
from ccgen.render.formats import formatted_money
from ccgen.render.view import Scope
from ccgen.text.inline import inline

__all__ = ["Drawn", "plain"]

_TAGS = re.compile("<[^>]*>")

G = TypeVar("G", bound=Group)


class Drawn:
    """One page: `html` is all of it, `scope` what it was drawn with, and where reads are noted. `url` is absolute."""

    def __init__(self, scope: Scope, html: str = "", *, owner: str = "", url: str = "/") -> None:
        self._scope, self._html = scope, html
        self._before = frozenset(scope.reads)
        self.lang, self.owner = scope.lang, owner
        self.url = self.address(url)

    def read(self, owner: str, group: type[G]) -> G:
        """Return a group of an owner."""
        found: G = self._scope.read(owner, group_index(owner_kind(owner), group))
        return found

    def site(self, key: str) -> object:
        """Return a setting of the site in this page's language, as facts hold it."""
        value: object = self._scope.read(owner_of("site", self.lang, key)).value
        return value

    def drew(self, owner: str, group: type[Group]) -> bool:
        """Say whether anything on the page was drawn from a group: what was not cannot be seen there."""
        keys = self._scope.book.entry(owner).keys
        return keys[group_index(owner_kind(owner), group)] in self._before

    def address(self, url: str) -> str:
        """Return a URL of the site as an absolute one."""
        return site_url(self._scope, url, absolute=True)

    def address_of(self, owner: str) -> str:
        """Return the absolute URL of an article's or a record's page."""
        if owner_kind(owner) == "article":
            return self.address(self.read(owner, ArticleUrl).url)
        return self.address(self.read(owner, RecordUrl).url)

    def name_of(self, owner: str) -> str:
        """Return a record's name."""
        return self.read(owner, RecordName).name

    def words(self, key: str, **places: object) -> str:
        """Return one of the theme's strings."""
        return self._scope.words(self._scope, key, places)

    def shows(self, text: str) -> bool:
        """Say whether the page holds a text."""
        return str(escape(text)) in self._html

    def tells(self, text: str) -> bool:
        """Say whether a reader can read a text, and not only a tag holds it: a name may stand in the label of a picture."""
        return self.shows(text) and str(escape(text)) in _TAGS.sub("", self._html)

    def shows_line(self, text: str) -> bool:
        """Say whether the page holds a line of inline Markdown."""
        return inline(text) in self._html

    def shows_price(self, price: Price) -> bool:
        """Say whether the page holds a price, written as the filter `money` writes it."""
        return self.shows(formatted_money(price.amount, price.currency, self.lang))

    def picture(self, picture: PictureFact | None) -> ImageObject | None:
        """Return a picture, None for none."""
        if picture is None:
            return None
        image = self.read(picture.image.owner, ImageGroup)
        return ImageObject(url=self.address(image.url), width=image.width, height=image.height, caption=picture.alt)

    def pictures(self, *pictures: PictureFact | None) -> tuple[ImageObject, ...]:
        """Return those pictures that there are."""
        return tuple(found for one in pictures if (found := self.picture(one)) is not None)

    # --- ids, each that of a page with a name for what is on it ---

    @cached_property
    def home(self) -> str:
        """The home page of this language."""
        return self.address(str(self.site("home_url")))

    @cached_property
    def website(self) -> Reference:
        """The site in this language."""
        return Reference(f"{self.home}#website")

    @cached_property
    def organization(self) -> Reference:
        """Who runs the site: one in all languages."""
        return Reference(f"{self.site('url')}#organization")

    @property
    def returns(self) -> Reference:
        """The seller's return policy: one in all languages."""
        return Reference(f"{self.site('url')}#returns")

    def product(self, owner: str) -> Reference:
        """A product, by its own page; so the others."""
        return Reference(f"{self.address_of(owner)}#product")

    def brand(self, owner: str) -> Reference:
        """A maker."""
        return Reference(f"{self.address_of(owner)}#brand")

    def person(self, owner: str) -> Reference:
        """Who writes."""
        return Reference(f"{self.address_of(owner)}#person")

    def review(self, owner: str) -> Reference:
        """A review."""
        return Reference(f"{self.address_of(owner)}#review")


@cache
def plain(line: str) -> str:
    """Return a line of inline Markdown as the words that a reader sees."""
    html = inline(line)
    return Markup(html).striptags() if "<" in html or "&" in html else html  # noqa: S704  (safe by its contract)
