"""Options that verbs share, and the `Config` that they and ccgen.yaml make; knows no verb."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from ccgen.cli.report import Report
from ccgen.config import Config, read_config
from ccgen.errors import ContentError, Problem

__all__ = ["Options", "few_options", "preview_options", "site_options"]


class Options(NamedTuple):
    """What the command line said that concerns every verb."""

    source: str
    output: str | None
    state: str | None
    base_url: str | None
    drafts: bool
    future: bool
    clock: str | None
    strict: bool
    as_json: bool
    quiet: bool
    verbose: bool
    debug: bool

    def source_folder(self) -> Path:
        """Return the site's folder, absolute, as `read_config` names it."""
        return Path(os.path.abspath(self.source))  # noqa: PTH100 (links stay links)

    def config(self) -> tuple[Config, tuple[Problem, ...]]:
        """Read ccgen.yaml; raises SettingsError with all its problems."""
        return read_config(
            Path(self.source),
            output=Path(self.output) if self.output is not None else None,
            state=Path(self.state) if self.state is not None else None,
            base_url=self.base_url,
            drafts=self.drafts,
            future=self.future,
            clock=self.clock,
            environ=os.environ,
        )


_OPTIONS = (
    click.option("-s", "--source", default=".", metavar="DIR", help="The site's folder (where ccgen.yaml lies)."),
    click.option("-o", "--output", metavar="DIR", help="Where the site goes (default: site/ beside ccgen.yaml)."),
    click.option("--state", metavar="DIR", help="Where ccgen keeps its own files (default: .ccgen/)."),
    click.option("-b", "--base-url", metavar="URL", help="The address the site will have, instead of site.url."),
    click.option("-D", "--drafts", is_flag=True, help="Include drafts."),
    click.option("-F", "--future", is_flag=True, help="Include articles with a date in the future."),
    click.option("--clock", metavar="WHEN", help="Build as at this date or instant."),
    click.option("--strict", is_flag=True, help="Warnings fail too."),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    click.option("-q", "--quiet", is_flag=True, help="Print problems only."),
    click.option("-v", "--verbose", is_flag=True, help="Print more."),
    click.option("--debug", is_flag=True, help="Show the trace of a fault of ours."),
)


_FEW = (0, 6, 11)  # the folder, the clock and the trace
_PREVIEW = (0, 2, 3, 6, 9, 10, 11)  # the folder, its state and address, the clock, and how much is said
_DEFAULTS: dict[str, Any] = dict.fromkeys(Options._fields, False) | {
    "source": ".",
    "output": None,
    "state": None,
    "base_url": None,
    "clock": None,
}


def site_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the shared options as one `options` argument, and show why content or settings made it fail."""
    return _with_options(function, _OPTIONS)


def few_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Do as `site_options` for a verb that only adds a file to a site."""
    return _with_options(function, tuple(_OPTIONS[number] for number in _FEW))


def preview_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Do as `site_options` for a verb that shows a site and makes nothing."""
    return _with_options(function, tuple(_OPTIONS[number] for number in _PREVIEW))


def _with_options(function: Callable[..., Any], options: tuple[Any, ...]) -> Callable[..., Any]:
    @wraps(function)
    def wrapped(**given: Any) -> Any:
        shared = {name: given.pop(name, default) for name, default in _DEFAULTS.items()}
        made = Options(**shared)
        try:
            return function(options=made, **given)
        except ContentError as error:
            return Report(made).failed(error)

    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped
