"""`ccgen explain`."""

from __future__ import annotations

import click

from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.errors import ContentError, UsageError
from ccgen.pipeline import Explained, explain

__all__ = ["command"]


@click.command("explain")
@click.argument("target", metavar="URL|PATH")
@site_options
def command(options: Options, target: str) -> int:
    """Say what an output was made from, and why the next build would make it again or not."""
    report = Report(options)
    try:
        config, warnings = options.config()
        found = explain(config, target, warnings)
    except ContentError as error:
        return report.failed(error)
    if not found:
        raise UsageError(
            f"nothing is built from or at `{target}`",
            code="unknown-target",
            hint="name a URL (`ccgen list urls`), an output or a source",
        )
    if options.as_json:
        report.result({"outputs": [one._asdict() for one in found]})
    else:
        for one in found:
            _show(one)
    return 0


def _show(one: Explained) -> None:
    click.echo(f"{one.url}  ({one.kind}, from {one.source})")
    click.echo(f"  output: {one.path}")
    click.echo(f"  state:  {'fresh' if one.fresh else 'would be rendered: ' + ', '.join(one.reasons)}")
    for key in one.changed:
        click.echo(f"  changed: {key}")
    for key in one.reads:
        click.echo(f"  reads:  {key}")
