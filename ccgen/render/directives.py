"""Directives drawn from their templates for any page that holds them; knows no page.

What is drawn without content is remembered by the directive, its records, parameters and label: see `render.drawings`.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ccgen.model.facts import DirectiveGroup
from ccgen.model.parts import CallFact, owner_of
from ccgen.render.drawings import Drawings
from ccgen.render.view import Drawing, Scope, View

__all__ = ["Directives"]


class Directives:
    """Draws directives as their pages show them, or in their plain form."""

    def __init__(self, drawings: Drawings) -> None:
        self._drawings = drawings

    def draw(self, scope: Scope, call: CallFact, label: str, content: str | None, *, plain: bool) -> Drawing:
        """Draw a directive as its page shows it, or in its plain form (feeds and exports)."""
        if plain:
            declared: DirectiveGroup = scope.read(owner_of("directive", call.name))
            if declared.plain != "template":
                said = label if declared.plain == "label" else label + (content or "")
                return Drawing((Markup(said),))  # noqa: S704  (joined prose)

        def given(inner: Scope) -> dict[str, Any]:
            return _given(inner, call, label, content)

        template = f"directives/{call.name}.plain.html" if plain else f"directives/{call.name}.html"
        if content is not None:
            return _trimmed(self._drawings.draw(scope, template, given), call)
        # Equal values of different types (1 and True, text and Markup) are not drawn alike.
        types = tuple([type(value) for _, value in call.params])
        key = (call.name, call.form, call.records, call.params, types, label)
        return _trimmed(self._drawings.card(scope, template, key, given), call)


def _given(scope: Scope, call: CallFact, label: str, content: str | None) -> dict[str, Any]:
    declared: DirectiveGroup = scope.read(owner_of("directive", call.name))
    scope.styles |= dict.fromkeys(declared.styles)
    records = tuple(View(scope, ref.owner) for ref in call.records)
    return {
        "content": Markup(content or ""),  # noqa: S704  (joined prose)
        "form": call.form,
        "label": Markup(label),  # noqa: S704  (joined prose)
        "params": {key: scope.wrap(value) for key, value in call.params},
        "record": records[0] if records else None,
        "records": records,
    }


def _trimmed(drawing: Drawing, call: CallFact) -> Drawing:
    """Return an inline directive's drawing without the space around it, which would show in a sentence."""
    if call.form != "inline":
        return drawing
    first, *rest = drawing.parts
    parts = (first.lstrip(), *rest)
    return drawing._replace(parts=(*parts[:-1], parts[-1].rstrip()))
