"""Templates drawn for what they are given and nothing else, each once for all pages that show the same; knows no page.

A drawing depends on what it is given, on the language, and on what it asks of the page around (what that adds to the
relation of a link, whether it is the page of a record). It is remembered by the first and taken again where the answers
are the same. Links in it stay open until it is placed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from ccgen.model.parts import Fact, Ref, owner_of
from ccgen.model.recent import Recent
from ccgen.render.book import MissingFact
from ccgen.render.context import SCOPE, scope_of
from ccgen.render.environment import Environment
from ccgen.render.functions import Function
from ccgen.render.stock import Stock
from ccgen.render.view import Drawing, Part, Scope, Values, View

__all__ = ["Drawings", "fixed"]

_REMEMBERED = 16_384  # parts: those of a page stand on its neighbours and on a few lists
_Key = tuple[object, ...]
_Memo = dict[_Key, tuple[Drawing, ...]] | Recent[_Key, tuple[Drawing, ...]]
_PLAIN = frozenset({str, int, float, bool, Markup, type(None)})


class Drawings:
    """Draws templates apart from any page. It remembers what directives drew for the life of a build: they show records, of
    which there are fewer than pages that show them. Parts show pages too, and only those that were drawn lately are remembered,
    but in a `stock`, where they outlast the build.
    """

    def __init__(self, environment: Environment, stock: Stock | None) -> None:
        self.environment = environment
        self._stock = stock
        self._seal = token_hex(8)
        self._cards: dict[_Key, tuple[Drawing, ...]] = {}
        self._parts: Recent[_Key, tuple[Drawing, ...]] = Recent(_REMEMBERED)
        environment.globals["part"] = Function(self._part)

    def card(
        self, around: Scope, template: str, key: Iterable[object], given: Callable[[Scope], dict[str, Any]]
    ) -> Drawing:
        """Return a drawing of a directive's template, one made before if the page around gives the same answers.

        `key` says what the template is given, and `given` gives it.
        """
        return self._once(self._cards, around, template, key, given)

    def _once(
        self,
        memo: _Memo,
        around: Scope,
        template: str,
        key: Iterable[object],
        given: Callable[[Scope], dict[str, Any]],
    ) -> Drawing:
        whole = (template, around.lang, around.absolute, *key)
        known = memo.get(whole) or ()
        for drawing in known:
            if not drawing.asked or all(around.answer(*question) == answer for question, answer in drawing.asked):
                return drawing

        def draw() -> Drawing:
            return self.draw(around, template, given)

        drawing = self._stock.drawn(whole, draw) if self._stock and not known else draw()
        memo[whole] = (*known, drawing)
        return drawing

    def draw(self, around: Scope, template: str, given: Callable[[Scope], dict[str, Any]]) -> Drawing:
        """Return a drawing of a template, made for this page and thrown away with it."""
        drawn = self.environment.get_template(template)  # or there is none, which its line is told
        scope = around.inner(self._seal)
        scope.read(owner_of("template", template))
        context = {
            SCOPE: scope,
            "lang": scope.lang,
            "site": Values(scope, scope.site),
            "theme": Values(scope, scope.book.named("option")),
            **given(scope),
        }
        html = self.environment.drawn(drawn, context)
        return Drawing(
            parts=scope.opened(html),
            links=scope.open_links,
            reads=tuple(scope.reads),
            styles=tuple(scope.styles),
            asked=tuple(scope.asked.items()),
        )

    @pass_context
    def _part(self, context: Context, name: str, **given: Any) -> Markup:
        """Draw a part of a page: a template that sees its arguments and the site, never the page."""
        around = scope_of(context)
        # Equal values of different types (1 and True, text and Markup) are not drawn alike.
        key: list[object] = []
        for argument, value in given.items():
            kind = type(value)
            if kind is View:
                value = given[argument] = Ref(value.owner)  # noqa: PLW2901
            elif kind not in _PLAIN:
                value = given[argument] = fixed(value, argument, "part", name)  # noqa: PLW2901
            key += argument, kind, value

        def wrapped(scope: Scope) -> dict[str, Any]:
            return {argument: scope.wrap(fact) for argument, fact in given.items()}

        return around.place_drawing(self._once(self._parts, around, name, key, wrapped))


def fixed(value: object, *where: str) -> object:
    """Return what a template gives to a drawing as facts hold it, so that the drawing can be shared among pages.

    `where` is the name of an argument, what takes it and the name of that. Raises MissingFact for what no fact can be,
    UndefinedError for what is not there.
    """
    if type(value) in _PLAIN:
        return value
    if type(value) is View:
        return Ref(value.owner)
    if type(value) is Part:
        return value.value
    if isinstance(value, (list, tuple)):
        return tuple([one if type(one) is str else fixed(one, *where) for one in value])
    if isinstance(value, Fact):
        return value
    if isinstance(value, Undefined):
        str(value)  # raises, in Jinja's words
    place = "`{}` of {} `{}`".format(*where)
    raise MissingFact(f"{place} is a {type(value).__name__}; give it text, a number, a record or a list of these")
