"""Directives drawn from their templates, each once for all the pages that show the same; knows no page.

A drawing depends on the directive, its records, parameters and label, on the language, and on what it asks of the page
around (what that adds to the relation of a link, whether it is the page of a record). It is remembered by the first and
taken again where the answers are the same. Links in it stay open until it is joined.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from markupsafe import Markup

from ccgen.model.facts import DirectiveGroup
from ccgen.model.parts import CallFact
from ccgen.render.body import Drawing
from ccgen.render.environment import SCOPE, Environment
from ccgen.render.view import Scope, Values, View

__all__ = ["Directives"]


class Directives:
    """Draws directives; remembers drawings without content for the life of a build."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._seal = token_hex(8)
        self._memo: dict[tuple[object, ...], list[Drawing]] = {}

    def draw(self, scope: Scope, call: CallFact, label: str, content: str | None, *, plain: bool) -> Drawing:
        """Draw a directive as its page shows it, or in its plain form (feeds and exports)."""
        if plain:
            declared: DirectiveGroup = scope.read(f"directive:{call.name}")
            if declared.plain != "template":
                return Drawing((label if declared.plain == "label" else label + (content or ""),))
        if content is not None:
            return self._draw(scope, call, label, content, plain=plain)
        # Equal values of different types (1 and True, text and Markup) are not drawn alike.
        types = tuple([type(value) for _, value in call.params])
        key = (call.name, call.form, call.records, call.params, types, label, scope.lang, scope.absolute, plain)
        known = self._memo.setdefault(key, [])
        for drawing in known:
            if all(scope.answer(*question) == answer for question, answer in drawing.asked):
                return drawing
        drawing = self._draw(scope, call, label, None, plain=plain)
        known.append(drawing)
        return drawing

    def _draw(self, around: Scope, call: CallFact, label: str, content: str | None, *, plain: bool) -> Drawing:
        scope = Scope(
            around.book,
            around.lang,
            words=around.words,
            page=around.page,
            ties=around.ties,
            absolute=around.absolute,
            seal=self._seal,
        )
        name = f"directives/{call.name}.plain.html" if plain else f"directives/{call.name}.html"
        scope.read(f"template:{name}")
        declared: DirectiveGroup = scope.read(f"directive:{call.name}")
        records = tuple(View(scope, ref.owner) for ref in call.records)
        context: dict[str, Any] = {
            SCOPE: scope,
            "content": Markup(content or ""),  # noqa: S704  (joined prose)
            "form": call.form,
            "label": Markup(label),  # noqa: S704  (joined prose)
            "lang": scope.lang,
            "params": {key: scope.wrap(value) for key, value in call.params},
            "record": records[0] if records else None,
            "records": records,
            "site": Values(scope, f"site:{scope.lang}"),
            "theme": Values(scope, "option"),
        }
        html = self._environment.get_template(name).render(context)
        if call.form == "inline":
            html = html.strip()
        return Drawing(
            parts=scope.opened(html),
            offers=scope.open_links,
            reads=frozenset(scope.reads),
            styles=declared.styles,
            asked=tuple(scope.asked.items()),
        )
