"""The same drawing with its time measured by page, template and directive; only a profile uses it.

A block counts for the template that defines it, a macro for the template that calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from jinja2 import Environment, Template
from jinja2.runtime import Context

from ccgen.errors import Problem
from ccgen.model.page import Page
from ccgen.model.parts import CallFact
from ccgen.model.site import Route
from ccgen.model.timing import Table, Timing
from ccgen.render import Renderer
from ccgen.render.directives import Directives
from ccgen.render.drawings import Drawings
from ccgen.render.view import Drawing, Scope

__all__ = ["MeasuredRenderer"]

_Root = Callable[[Context], Iterator[str]]


class MeasuredRenderer(Renderer):
    """Renders as `Renderer` does. What is done for a kind of output outside of templates has its name in brackets."""

    def __init__(self, *given: Any, timing: Timing, **named: Any) -> None:
        self._timing = timing
        super().__init__(*given, **named)

    def _directives(self, drawings: Drawings) -> Directives:
        drawings.environment.template_class = _measured(self._timing.templates)
        return _Directives(drawings, self._timing.directives)

    def render(self, route: Route) -> Page | Problem:
        """Return a route's page, or why it could not be drawn."""
        with self._timing.pages.measure(route.path), self._timing.templates.measure(f"({route.kind})"):
            return super().render(route)


class _Directives(Directives):
    def __init__(self, drawings: Drawings, table: Table) -> None:
        super().__init__(drawings)
        self._table = table

    def draw(self, scope: Scope, call: CallFact, label: str, content: str | None, *, plain: bool) -> Drawing:
        with self._table.measure(call.name):
            return super().draw(scope, call, label, content, plain=plain)


def _measured(table: Table) -> type[Template]:
    class Measured(Template):
        """A template whose parts are measured as they run."""

        @classmethod
        def from_code(
            cls,
            environment: Environment,
            code: Any,
            globals: MutableMapping[str, Any],  # noqa: A002  (Jinja's name)
            uptodate: Callable[[], bool] | None = None,
        ) -> Template:
            made = super().from_code(environment, code, globals, uptodate)
            name = made.name or ""
            made.root_render_func = _Run(made.root_render_func, name, table, 1)
            made.blocks = {block: _Run(run, name, table, 0) for block, run in made.blocks.items()}
            return made

    return Measured


class _Run:
    """Runs a template or one of its blocks, and measures it; a block is no further drawing of its template.

    Equal to what it runs: for `super()` Jinja looks for a block among those of the templates that it extends.
    """

    def __init__(self, run: _Root, name: str, table: Table, times: int) -> None:
        self._run, self._name, self._table, self._times = run, name, table, times

    def __eq__(self, other: object) -> bool:
        return self is other or self._run is other

    def __hash__(self) -> int:
        return hash(self._run)

    def __call__(self, context: Context) -> Iterator[str]:
        # All of its text at once: piece by piece, whoever waits for the next would run in between.
        with self._table.measure(self._name, self._times):
            pieces = list(self._run(context))
        yield from pieces
