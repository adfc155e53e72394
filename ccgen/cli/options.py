"""Options that verbs share, and the `Config` that they and ccgen.yaml make; knows no verb."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from ccgen.config import Config, read_config
from ccgen.errors import Problem

__all__ = ["Options", "site_options"]


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


def site_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb the shared options as one `options` argument."""

    @wraps(function)
    def wrapped(**given: Any) -> Any:
        shared = {name: given.pop(name) for name in Options._fields}
        return function(options=Options(**shared), **given)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
