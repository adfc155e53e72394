"""What goes wrong in a template, told at its own line; knows neither how templates are set up nor what they draw."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Mapping
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.runtime import Undefined

from ccgen.errors import At, Problem
from ccgen.model.theme import Template
from ccgen.render.book import MissingFact
from ccgen.text.patterns import late

__all__ = ["FILE", "from_template", "template_problem"]

FILE = "template:"  # begins the name under which Jinja knows a template's code
_OURS = str(Path(__file__).parents[1]) + os.sep
# Where filters are, and what they call.
_FILTERS = tuple(str(Path(__file__).with_name(name)) for name in ("environment.py", "formats.py"))
_TEXT = f"{_OURS}text{os.sep}"


def template_problem(error: Exception, templates: Mapping[str, Template], shown: str) -> Problem:
    """Return a template's fault at its own line. `shown` is the source of what was being drawn."""
    name, line = _place(error)
    template = templates.get(name or "")
    hint = f"while drawing {shown}"
    if isinstance(error, TemplateNotFound):
        message = f"no template `{error.message}`"
    elif isinstance(error, TemplateError):
        message = _sentence(str(error.message or error))
    elif isinstance(error, (MissingFact, Undefined)):
        message = _sentence(str(error))
    else:
        message = _sentence(f"{type(error).__name__}: {error}")
    if template is None:
        return Problem(code="template-error", message=message, at=At(path=shown), hint="")
    start = sum(len(text) + 1 for text in template.text.split("\n")[: (line or 1) - 1])
    text = template.text[start:].partition("\n")[0]
    indent = len(text) - len(text.lstrip())
    at = At(path=template.path, start=start + indent, length=max(1, len(text.strip())))
    return Problem(code="template-error", message=message, at=at, hint=hint)


def _place(error: Exception) -> tuple[str | None, int | None]:
    if isinstance(error, TemplateSyntaxError):
        return error.name, error.lineno
    found: tuple[str | None, int | None] = (None, None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename.startswith(FILE):  # Jinja rewrites its frames to the template's own lines
            found = frame.f_code.co_filename.removeprefix(FILE), line
    return found


def from_template(error: Exception) -> bool:
    """Say whether an exception was raised while a template ran or was compiled, rather than by a fault of ours.

    What a template gives to a filter may not suit it; whatever else of ours fails below a template is not its doing.
    """
    if isinstance(error, (TemplateError, MissingFact)):
        return True
    if _place(error)[0] is None:
        return False
    frames = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(error.__traceback__)]
    innermost = next(name for name in reversed(frames) if name.startswith((FILE, _OURS)))
    return isinstance(error, RecursionError) or innermost.startswith((FILE, *_FILTERS, _TEXT))


_ABSENT = late(r"'(?:[^']*)' is undefined|'[^']* object' has no attribute '[^']*'")


def _sentence(text: str) -> str:
    """Return what Jinja or Python said in the form of our messages."""
    text = " ".join(text.split()).rstrip(".")
    if _ABSENT.fullmatch(text):
        name = re.findall(r"'([^']*)'", text)[-1]
        return f"there is no `{name}` here"
    return re.sub(r"'([^']+)'", r"`\1`", text)
