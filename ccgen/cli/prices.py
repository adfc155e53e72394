"""`ccgen prices`: the ledger of what things cost."""

from __future__ import annotations

import click
import msgspec

from ccgen.books.prices import record_prices
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report, plural
from ccgen.model.ledger import LEDGER_PATH

__all__ = ["command"]


@click.group("prices")
def command() -> None:
    """Keep book of what things cost."""


@command.command("record")
@click.option("--all", "everything", is_flag=True, help="Other merchants' prices too, where they have changed.")
@site_options
def record(options: Options, *, everything: bool) -> int:
    """Add today's prices of what you sell to the ledger, data/prices.csv."""
    report = Report(options)
    config, warnings = options.config()
    done = record_prices(config, warnings, everything=everything)
    failed = options.strict and bool(done.warnings)
    if options.as_json:
        added = [msgspec.to_builtins(row) for row in done.added]
        problems = report.as_values(done.warnings)
        report.result({"ok": not failed, "path": LEDGER_PATH, "added": added, "problems": problems})
        return 1 if failed else 0
    report.problems(done.warnings)
    for row in done.added:
        click.echo("\t".join((row.date.isoformat(), row.offer, row.amount, row.currency)))
    report.line(f"{plural(len(done.added), 'price')} added to {LEDGER_PATH}; {done.looked_at} looked at")
    if failed:
        report.strict(done.warnings)
    return 1 if failed else 0
