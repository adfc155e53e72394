"""`ccgen build`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.config import Config
from ccgen.errors import has_errors
from ccgen.jobs.pool import SNAPSHOTS, Pool, usual_jobs
from ccgen.model.hidden import Hidden
from ccgen.model.timing import Timing, stage
from ccgen.model.work import alone
from ccgen.pipeline.building import build
from ccgen.pipeline.unchanged import Built

__all__ = ["command", "hidden_lines"]

_KINDS = (
    ("article", "article"),
    ("product", "product"),
    ("maker", "maker"),
    ("person", "person"),
    ("list", "list page"),
    ("home", "home page"),
    ("atom", "feed"),
    ("catalogue", "product feed"),
    ("markdown", "Markdown page"),
    ("alias", "alias"),
    ("file", "file"),
    ("asset", "asset"),
)
_PLURALS = {"person": "people", "alias": "aliases"}


@click.command("build")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that share the work (default: the cores, at most 4).",
)
@click.option("--verify", is_flag=True, help="Read everything, and draw a sample of what seems unchanged once more.")
@click.option("--profile", is_flag=True, help="Say what the time was spent on; one process does the work then.")
@site_options
def command(options: Options, jobs: int | None, *, verify: bool, profile: bool) -> int:
    """Build the site into its output folder."""
    report = Report(options)
    timing = Timing() if profile else None
    with stage(timing, "settings"):
        config, warnings = options.config()
    # What another process does is not measured here, so with a profile there is none.
    with Pool(jobs or usual_jobs(), config.state / SNAPSHOTS) as pool:
        workers = alone if profile else pool
        built = build(config, warnings, report.progress(), workers, verify=verify, timing=timing)
    failed = options.strict and bool(built.warnings)
    if options.as_json:
        report.result(_value(built, report, ok=not failed) | _profile(timing))
    else:
        report.problems(built.warnings)
        _summary(built, report, config, verbose=options.verbose)
        _show_profile(timing, report)
        if failed:
            report.strict(built.warnings)
    assert not has_errors(built.warnings)
    return 1 if failed else 0


def _summary(built: Built, report: Report, config: Config, *, verbose: bool) -> None:
    several = f" in {len(config.languages)} languages" if len(config.languages) > 1 else ""
    counted = [
        f"{count} {name if count == 1 else _PLURALS.get(name, name + 's')}{several if kind == 'article' else ''}"
        for kind, name in _KINDS
        if (count := built.kinds.get(kind, 0))
    ]
    published = built.published
    report.line(", ".join(counted))
    for line in hidden_lines(built.hidden):
        report.line(line)
    for one in built.previewed:
        report.line(
            f"  for your eyes only: {one.path} ({one.reason}{' ' + one.date if one.date else ''}); do not publish this build"
        )
    if verbose:
        for path in built.rendered:
            report.line(f"  rendered {path}")
    total = sum(built.kinds.values())
    report.line(
        f"{total} outputs: {len(built.rendered)} rendered, {total - len(built.rendered)} fresh; "
        f"{len(published.written)} written, {total - len(published.written)} unchanged, {len(published.removed)} removed"
    )
    report.line(f"built {config.output} in {built.seconds:.2f} s with {report.count(built.warnings)}")


def _show_profile(timing: Timing | None, report: Report) -> None:
    if timing is not None:
        from ccgen.cli.profile import profile_lines  # only a build that is asked for it pays for it

        for line in profile_lines(timing):
            report.line(line)


def _profile(timing: Timing | None) -> dict[str, object]:
    if timing is None:
        return {}
    from ccgen.cli.profile import profile_value

    return {"profile": profile_value(timing)}


def hidden_lines(hidden: Sequence[Hidden]) -> list[str]:
    """Return a line for each article that is not published, with its date and the flag that shows it."""
    return [
        f"  not published: {one.path} ({one.reason}{' ' + one.date if one.date else ''}; {one.flag})" for one in hidden
    ]


def _value(built: Built, report: Report, *, ok: bool) -> dict[str, object]:
    published = built.published
    return {
        "ok": ok,
        "outputs": dict(built.kinds),
        "rendered": list(built.rendered),
        "written": list(published.written),
        "removed": list(published.removed),
        "hidden": [
            {"path": one.path, "reason": one.reason, "date": one.date, "flag": one.flag} for one in built.hidden
        ],
        "problems": report.as_values(built.warnings),
        "seconds": round(built.seconds, 3),
    }
