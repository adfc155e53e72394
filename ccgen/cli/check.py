"""`ccgen check`."""

from __future__ import annotations

import click

from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.errors import has_errors
from ccgen.pipeline import check

__all__ = ["command"]


@click.command("check")
@site_options
def command(options: Options) -> int:
    """Say all that a build would say, and write nothing."""
    report = Report(options)
    config, warnings = options.config()
    problems = check(config, warnings, report.progress())
    failed = has_errors(problems) or (options.strict and bool(problems))
    if options.as_json:
        report.result({"ok": not failed, "problems": report.as_values(problems)})
    else:
        report.problems(problems)
        report.line(report.count(problems))
        if failed and not has_errors(problems):
            report.strict(problems)
    return 1 if failed else 0
