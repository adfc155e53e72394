"""`ccgen links check`."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from ccgen.books.health import Checked, Looked, check_links, manners
from ccgen.check.policy import make_policy
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.errors import Problem, has_errors
from ccgen.load.health import HEALTH_FILE
from ccgen.pipeline.project import plan_project

__all__ = ["check"]

_OFFLINE = 4
_STATES = (
    ("ok", "ok"),
    ("moved", "moved"),
    ("sold_out", "sold out"),
    ("suspect", "gone once"),
    ("broken", "broken"),
    ("foreign", "foreign"),
    ("uncertain", "uncertain"),
    ("not_checked", "not checked"),
)


@click.command("check")
@click.option("--all", "everything", is_flag=True, help="Also ask for what only prose links to.")
@click.option(
    "--pause",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Between two requests to one host.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 600),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="For one link.",
)
@click.option("--allow-local", is_flag=True, help="Ask addresses of your own network too, at any port.")
@site_options
def check(options: Options, *, everything: bool, pause: float, timeout: float, allow_local: bool) -> int:
    """Ask the merchants' pages whether they are still there, and keep what they answer in data/links.json."""
    report = Report(options)
    config, warnings = options.config()
    project = plan_project(config, warnings)
    how = manners(config, pause=pause, seconds=timeout, local=allow_local)
    done = check_links(config, project.plan, project.loaded, how, everything=everything, progress=report.progress())
    policy, _ = make_policy(config.settings.check)
    problems = policy.judged(done.problems)
    unwell = tuple(one for one in project.plan.problems if one.severity == "error")
    told = tuple(one for one in problems if one.severity != "info")
    failed = has_errors(problems) or bool(unwell) or (options.strict and bool(told))
    if options.as_json:
        report.result(_value(done, problems, report, ok=not (failed or done.offline)))
    else:
        report.problems(problems)
        _summary(done, report, verbose=options.verbose)
        if unwell:
            report.line(
                f"the site has {report.count(unwell)}: what is broken there was not asked for; see `ccgen check`"
            )
        if failed and not unwell and not has_errors(problems):
            report.strict(told)
    return _OFFLINE if done.offline else int(failed)


def _summary(done: Checked, report: Report, *, verbose: bool) -> None:
    for one in done.looked:
        if one.reason:
            report.line(f"not checked: {one.one.url}: {one.reason}")
        elif verbose and one.known:
            report.line(f"{one.known.state}: {one.one.url}" + (f": {one.known.reason}" if one.known.reason else ""))
    for state, words in _STATES:
        if done.counts.get(state):
            click.echo(f"{words:12} {done.counts[state]:6}")
    if done.offline:
        report.line("no host could be reached: is this machine on the network? Nothing was kept")
    else:
        report.line(f"{HEALTH_FILE} is {'written' if done.written else 'as it was'}")


def _value(done: Checked, problems: tuple[Problem, ...], report: Report, *, ok: bool) -> dict[str, Any]:
    return {
        "ok": ok,
        "offline": done.offline,
        "path": HEALTH_FILE,
        "written": done.written,
        "counts": dict(sorted(Counter(done.counts).items())),
        "links": [_row(one) for one in done.looked],
        "problems": report.as_values(problems),
    }


def _row(one: Looked) -> dict[str, Any]:
    known = one.known
    return {
        "url": one.one.url,
        "offers": list(one.one.offers),
        "merchant": one.one.merchant,
        "source": one.one.at.path,
        "not_checked": one.reason,
        "state": known.state if known else "",
        "since": known.since.isoformat() if known else "",
        "checked": known.checked.isoformat() if known else "",
        "status": known.status if known else 0,
        "reason": known.reason if known else "",
        "final": known.final if known else "",
        "lost": list(known.lost) if known else [],
        "strikes": [strike.isoformat() for strike in known.strikes] if known else [],
    }
