"""From one route to its bytes and what they read; the only user of Jinja; knows nothing of the output folder."""

from __future__ import annotations

from collections.abc import Callable

from ccgen.commerce.links import Purchase, purchase
from ccgen.errors import Problem
from ccgen.model.facts import GROUPS
from ccgen.model.page import Page
from ccgen.model.parts import name_of, owner_kind
from ccgen.model.site import Plan, Route
from ccgen.model.source import digest_of
from ccgen.model.theme import Theme
from ccgen.render.book import Book
from ccgen.render.catalogue import Catalogues
from ccgen.render.codes import Codes
from ccgen.render.directives import Directives
from ccgen.render.drawings import Drawings
from ccgen.render.environment import make_environment
from ccgen.render.faults import from_template, template_problem
from ccgen.render.feeds import Feeds
from ccgen.render.pages import Pages
from ccgen.render.plain import Plain
from ccgen.render.stock import Stock
from ccgen.render.twin import Twins
from ccgen.render.view import Scope
from ccgen.text.patterns import late
from ccgen.text.timelimit import Overtime, at_most

__all__ = ["Codes", "Renderer", "Stock", "key_name"]

_HTML_KINDS = {"article", "product", "maker", "person", "list", "home", "404"}


class Renderer:
    """Renders any route of a plan, in any order and as often as asked; the same route gives the same bytes."""

    def __init__(
        self,
        plan: Plan,
        theme: Theme,
        number: Callable[[str], int],
        *,
        seconds: float,
        codes: Codes,
        stock: Stock | None,
    ) -> None:
        self._seconds = seconds
        self._plan = plan
        self._theme = theme
        self._book = Book(plan.facts, number)
        environment = make_environment(theme.templates)
        environment.bytecode_cache = codes
        self._pages = Pages(plan, self._book, theme, environment, self._directives(Drawings(environment, stock)))
        self._feeds = Feeds(self._pages)
        self._plain = Plain(self._book)
        self._catalogues = Catalogues(self._book)
        self._twins = Twins(self._pages)

    def _directives(self, drawings: Drawings) -> Directives:
        return Directives(drawings)

    def render(self, route: Route) -> Page | Problem:
        """Return a route's page, or why it could not be drawn."""
        if route.kind == "file":
            return self._copy(route)
        if route.kind == "asset":
            return self._asset(route)
        drawn = self._drawn(route)
        if isinstance(drawn, Problem):
            return drawn
        text, scope = drawn
        data = text.encode(errors="surrogatepass")
        if _may_be_foreign(data) and (found := _NOT_FOR_PAGES.search(text)):
            return _foreign_character(found[0], route)
        reads = tuple(sorted(scope.reads))
        return Page(path=route.path, data=data, digest=digest_of(data), reads=reads)

    def purchases(self, route: Route) -> tuple[Purchase, ...] | Problem:
        """Return what the sub-ids of a route's purchase links say, each once, or why it could not be drawn."""
        if route.kind in {"file", "asset"}:
            return ()
        drawn = self._drawn(route)
        if isinstance(drawn, Problem):
            return drawn
        made = (purchase(offer, place) for offer, place in drawn[1].purchases)
        return tuple(dict.fromkeys(one for one in made if one is not None))

    def _drawn(self, route: Route) -> tuple[str, Scope] | Problem:
        try:
            with at_most(self._seconds):
                return self._draw(route)
        except Overtime:
            return self._too_long(route)
        except (RecursionError, MemoryError):
            return _too_large(route)
        except Exception as error:
            if not from_template(error):
                raise
            return template_problem(error, self._theme.templates, route.source.path)

    def _too_long(self, route: Route) -> Problem:
        message = f"the page takes longer to draw than `limits.drawing_seconds` allows ({self._seconds:g} s)"
        hint = f"on {route.url}; look for a loop in its template that is too large"
        return Problem(code="page-too-slow", message=message, at=route.source, hint=hint)

    def _draw(self, route: Route) -> tuple[str, Scope]:
        if route.kind in _HTML_KINDS:
            return self._pages.draw(route)
        if route.kind == "atom":
            return self._feeds.atom(route)
        if route.kind == "json":
            return self._feeds.json(route)
        if route.kind == "catalogue":
            return self._catalogues.draw(route)
        if route.kind == "markdown":
            return self._twins.draw(route)
        if route.kind == "llms":
            return self._twins.llms(route)
        return self._plain.draw(route)

    def _copy(self, route: Route) -> Page:
        info = self._plan.files[name_of(route.owner)]
        first = not route.path.endswith(".html")
        reads = (self._book.key(route.owner, 0),)
        return Page(path=route.path, copy_of=info.file, digest=info.digest, reads=reads, first=first)

    def _asset(self, route: Route) -> Page:
        data = self._plan.assets[name_of(route.owner)]
        return Page(
            path=route.path, data=data, digest=digest_of(data), reads=(self._book.key(route.owner, 0),), first=True
        )


def key_name(owner: str, group: int) -> str:
    """Return a readable name for the key of an owner's group, also of one that has no facts: `product:en:yueya offers`."""
    groups = GROUPS.get(owner_kind(owner), ())
    return f"{owner} {_group_name(groups[group].__name__)}" if group < len(groups) else owner


def _group_name(name: str) -> str:
    """Return a group's short name: `ProductOffers` is `offers`."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).split()
    return " ".join(word for word in words if word != "group").split(" ", 1)[-1] if len(words) > 1 else words[0]


# Our own marks, NUL, and halves of characters: a page must not hold them, whoever wrote them.
_NOT_FOR_PAGES = late("[\x00\ufdd0-\ufdef\ud800-\udfff]")


def _may_be_foreign(data: bytes) -> bool:
    """Say whether a page may hold one of these: to search for the pattern is slow, and so is to search for two bytes."""
    return b"\x00" in data or b"\xed" in data or (b"\xef" in data and b"\xef\xb7" in data)


def _too_large(route: Route) -> Problem:
    message = "the page's templates nest too deeply, or need more memory than there is"
    hint = f"on {route.url}; look for a template that includes itself, or a very long expression"
    return Problem(code="template-error", message=message, at=route.source, hint=hint)


def _foreign_character(character: str, route: Route) -> Problem:
    message = f"the page would hold the character U+{ord(character):04X}, which no page may"
    hint = f"on {route.url}; it comes from a template, a string or the name of a file"
    return Problem(code="foreign-character", message=message, at=route.source, hint=hint)
