"""Where a drawing's scope lies in Jinja's context; knows no fact and no template."""

from __future__ import annotations

from jinja2.runtime import Context

from ccgen.render.book import MissingFact
from ccgen.render.view import Scope

__all__ = ["SCOPE", "scope_of"]

SCOPE = "_scope"


def scope_of(context: Context) -> Scope:
    """Return the scope of the drawing that a template belongs to.

    Raises MissingFact in a macro file that was imported without context.
    """
    scope = context.parent.get(SCOPE)  # never one of a template's own names, which Jinja would look through first
    if type(scope) is not Scope:
        raise MissingFact("this macro file is imported without context; write `{% import … with context %}`")
    return scope
