"""`ccgen clean`."""

from __future__ import annotations

import click

from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.pipeline.building import clean_output

__all__ = ["command"]


@click.command("clean")
@site_options
def command(options: Options) -> int:
    """Remove what ccgen wrote into the output folder, and its caches: the next build begins anew."""
    report = Report(options)
    config, _ = options.config()
    cleaned = clean_output(config)
    if options.as_json:
        report.result({"ok": True, "removed": list(cleaned.removed), "problems": report.as_values(cleaned.problems)})
    else:
        report.problems(cleaned.problems)
        report.line(f"{len(cleaned.removed)} files removed from {config.output}")
    return 0
