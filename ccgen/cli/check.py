"""`ccgen check`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from ccgen.books.kept import damage
from ccgen.check.policy import Policy, make_policy
from ccgen.check.registry import RULES
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.cli.rules import explained, rule_named, rule_rows, rule_value
from ccgen.cli.sarif import sarif
from ccgen.config import SETTINGS_FILE
from ccgen.errors import ContentError, EnvironmentFault, Problem, UsageError, has_errors
from ccgen.jobs.pool import Pool, usual_jobs
from ccgen.model.settings import CheckSettings
from ccgen.pipeline.checking import check

__all__ = ["command"]


@click.command("check")
@click.option("--explain", "explain", metavar="RULE", help="Say what a rule asks for, why, and how to live with it.")
@click.option("--rules", "rules", is_flag=True, help="List every rule, also those that no build can decide.")
@click.option("--sarif", "sarif_file", metavar="FILE", help="Write what was found as SARIF too; `-` prints it instead.")
@site_options
def command(options: Options, explain: str | None, rules: bool, sarif_file: str | None) -> int:  # noqa: FBT001 (a flag)
    """Say all that a build would say, and what else is doubtful; write nothing."""
    report = Report(options)
    if explain is not None or rules:
        return _about(options, report, explain)
    if sarif_file == "-" and options.as_json:
        raise UsageError("both --json and --sarif - print a result", code="two-results", hint="name a file for one")
    try:
        config, warnings = options.config()
        # Nothing is written into the project, not even for the time that it takes.
        with TemporaryDirectory(prefix="ccgen-") as folder, Pool(usual_jobs(), Path(folder)) as workers:
            found = check(config, warnings, report.progress(), workers)
        # Where a price is struck, the site's own reading has told the ledger's faults.
        problems = tuple(dict.fromkeys((*found, *damage(config))))
    except ContentError as error:
        problems = error.problems
        _write_sarif(report, problems, sarif_file)
        if sarif_file == "-":
            report.problems(problems)
            return error.exit_code
        raise
    failed = has_errors(problems) or (options.strict and any(one.severity == "warning" for one in problems))
    _write_sarif(report, problems, sarif_file)
    if options.as_json:
        report.result({"ok": not failed, "problems": [_with_rule(one) for one in report.as_values(problems)]})
    else:
        report.problems(problems)
        report.line(report.count(problems))
        if failed and not has_errors(problems):
            report.strict([one for one in problems if one.severity == "warning"])
    return 1 if failed else 0


def _with_rule(value: dict[str, Any]) -> dict[str, Any]:
    """Add what a finding's rule says, where a rule found it."""
    rule = RULES.get(value["code"])
    return value | ({"rule": rule.id, "profiles": list(rule.profiles), "fix": rule.fix} if rule else {})


def _write_sarif(report: Report, problems: Sequence[Problem], file: str | None) -> None:
    if file is None:
        return
    text = json.dumps(sarif(report.as_values(problems), RULES), ensure_ascii=False, indent=2)
    if file == "-":
        click.echo(text)
        return
    try:
        Path(file).write_text(f"{text}\n", encoding="utf-8")
    except OSError as fault:
        message = f"`{file}` cannot be written: {fault.strerror}"
        raise EnvironmentFault(message, code="cannot-write", hint="name a file in a folder that exists") from None


def _about(options: Options, report: Report, explain: str | None) -> int:
    """Answer a question about rules: with this site's settings where there is a site."""
    policy = _policy(options)
    if explain is not None:
        rule = rule_named(explain)
        if options.as_json:
            report.result({"ok": True, **rule_value(rule, policy)})
        else:
            click.echo("\n".join(explained(rule, policy)))
        return 0
    if options.as_json:
        report.result({"ok": True, "rules": [rule_value(rule, policy) for rule in RULES.values()]})
    else:
        for row in rule_rows(policy):
            click.echo("\t".join(row))
    return 0


def _policy(options: Options) -> Policy:
    if not (Path(options.source) / SETTINGS_FILE).is_file():
        return make_policy(CheckSettings())[0]
    config, _ = options.config()
    return make_policy(config.settings.check)[0]
