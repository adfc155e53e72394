"""`ccgen explain`."""

from __future__ import annotations

import click
import msgspec

from ccgen.cli.build import hidden_lines
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.errors import UsageError
from ccgen.pipeline.explaining import Explained, explain
from ccgen.pipeline.project import open_project

__all__ = ["command"]


@click.command("explain")
@click.argument("target", metavar="URL|PATH")
@site_options
def command(options: Options, target: str) -> int:
    """Say what an output was made from, and why the next build would make it again or not."""
    report = Report(options)
    config, warnings = options.config()
    found = explain(config, target, warnings)
    hidden = [] if found else [one for one in open_project(config, warnings).plan.hidden if one.path == target]
    if hidden:
        if options.as_json:
            report.result({"outputs": [], "hidden": [msgspec.structs.asdict(one) for one in hidden]})
        for line in hidden_lines(hidden):
            report.line(line.strip())
        return 0
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
            _show(one, verbose=options.verbose)
    return 0


def _show(one: Explained, *, verbose: bool) -> None:
    click.echo(f"{one.url}  ({one.kind}, from {one.source})")
    click.echo(f"  output: {one.path}")
    click.echo(f"  state:  {'fresh' if one.fresh else 'would be rendered: ' + ', '.join(one.reasons)}")
    for key in one.changed:
        click.echo(f"  changed: {key}")
    for key in one.reads if verbose else ():
        click.echo(f"  reads:  {key}")
