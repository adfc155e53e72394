"""Functions as templates hold them: to be called, never to be printed; knows no fact."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

from ccgen.render.book import MissingFact

__all__ = ["Function"]


class Function(partial[Any]):
    """A function of templates, as quick to call as itself. Printed (`{{ t }}`), it says what is missing.

    Python would print its address: another one on each build.
    """

    in_context: bool  # whether it is given the render context, before all that the template gives

    def __new__(cls, function: Callable[..., Any]) -> Function:
        """Wrap a function; what Jinja is to pass to it stays noted."""
        made = super().__new__(cls, function)
        made.in_context = hasattr(function, "jinja_pass_arg")
        if made.in_context:
            made.__dict__["jinja_pass_arg"] = function.jinja_pass_arg  # type: ignore[attr-defined]
        return made

    def __str__(self) -> NoReturn:
        name = self.func.__name__.lstrip("_")
        raise MissingFact(f"`{name}` is a function: call it, `{name}(…)`")

    __html__ = __str__
    __repr__ = __str__
