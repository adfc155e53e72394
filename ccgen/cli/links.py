"""`ccgen links`: purchase links and what became of them."""

from __future__ import annotations

import click

from ccgen.books.subids import SUBIDS, record_sub_ids
from ccgen.cli.linkcheck import check
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report, plural
from ccgen.jobs.pool import SNAPSHOTS, Pool, usual_jobs

__all__ = ["command"]


@click.group("links")
def command() -> None:
    """Keep book of the links that lead to a purchase."""


command.add_command(check)


@command.command("record")
@site_options
def record(options: Options) -> int:
    """Note what each sub-id stands for, so that `ccgen earnings` can tell which article sold."""
    report = Report(options)
    config, warnings = options.config()
    with Pool(usual_jobs(), config.state / SNAPSHOTS) as workers:
        done = record_sub_ids(config, warnings, workers)
    failed = options.strict and bool(done.warnings)
    if options.as_json:
        added = [one._asdict() for one in done.added]
        problems = report.as_values(done.warnings)
        report.result({"ok": not failed, "path": SUBIDS, "added": added, "known": done.known, "problems": problems})
        return 1 if failed else 0
    report.problems(done.warnings)
    for one in done.added:
        click.echo("\t".join(one[:5]))
    report.line(f"{plural(len(done.added), 'sub-id')} added to {SUBIDS}, {done.known} there before")
    if failed:
        report.strict(done.warnings)
    return 1 if failed else 0
