"""Directives drawn from their templates, each once for all the pages that show the same; knows no page.

A drawing depends on the directive, its records, parameters and label, on the language, on what the article around adds
to the relations, and on nothing else: that is its memo key. Links in it stay open until it is joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ccgen.model.parts import CallFact, Ref
from ccgen.model.theme import Directive
from ccgen.render.body import Drawing
from ccgen.render.environment import SCOPE, Environment
from ccgen.render.view import Scope, Values, View

__all__ = ["Directives"]


class Directives:
    """Draws directives; remembers drawings without content for the life of a build."""

    def __init__(self, environment: Environment, declarations: Mapping[str, Directive]) -> None:
        self._environment = environment
        self._declarations = declarations
        self._memo: dict[tuple[object, ...], Drawing] = {}

    def declaration(self, name: str) -> Directive | None:
        """Return a directive's declaration."""
        return self._declarations.get(name)

    def draw(self, scope: Scope, call: CallFact, label: str, content: str | None, *, plain: bool) -> Drawing:
        """Draw a directive as its page shows it, or in its plain form (feeds and exports)."""
        declaration = self._declarations[call.name]
        if plain and declaration.plain != "template":
            text = label if declaration.plain == "label" else label + (content or "")
            return Drawing(text, (), frozenset({scope.book.key(f"directive:{call.name}", 0)}), ())
        ties = _ties(scope, call.records)
        key = (call.name, call.form, call.records, call.params, label, scope.lang, ties, scope.absolute, plain)
        if content is not None:
            return self._draw(scope, declaration, call, label, content, ties, plain=plain)
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = self._draw(scope, declaration, call, label, None, ties, plain=plain)
        return found

    def _draw(
        self,
        around: Scope,
        declaration: Directive,
        call: CallFact,
        label: str,
        content: str | None,
        ties: tuple[tuple[str, str], ...],
        *,
        plain: bool,
    ) -> Drawing:
        scope = Scope(around.book, around.lang, words=around.words, ties=ties, absolute=around.absolute)
        name = f"directives/{call.name}.plain.html" if plain else f"directives/{call.name}.html"
        scope.read(f"template:{name}")
        scope.read(f"directive:{call.name}")
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
        return Drawing(html, scope.open_links, frozenset(scope.reads), declaration.styles)


def _ties(scope: Scope, records: tuple[Ref, ...]) -> tuple[tuple[str, str], ...]:
    """Return the ties that can matter to a drawing: those to all products, and to the products in it.

    A maker, an article or a review may show products that the call does not name, so it takes all.
    """
    shown = {ref.owner.split(":", 2)[2] for ref in records if ref.owner.startswith("product:")}
    if any(not ref.owner.startswith("product:") for ref in records):
        return scope.ties
    return tuple(tie for tie in scope.ties if not tie[0] or tie[0] in shown)
