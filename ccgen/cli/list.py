"""`ccgen list`."""

from __future__ import annotations

from typing import Any

import click

from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.errors import has_errors
from ccgen.model.facts import ArticleCard, ArticleUrl, RecordName, RecordUrl
from ccgen.pipeline.project import Project, plan_project

__all__ = ["command"]

_KINDS = ("articles", "products", "makers", "people", "drafts", "scheduled", "expired", "urls")


@click.command("list")
@click.argument("what", type=click.Choice(_KINDS), default="articles")
@site_options
def command(options: Options, what: str) -> int:
    """List articles, products, makers, people, what is not published, or every URL."""
    report = Report(options)
    config, warnings = options.config()
    project = plan_project(config, warnings)
    rows = _rows(project, what)
    if options.as_json:
        report.result({"ok": not has_errors(project.problems), what: rows})
    else:
        for row in rows:
            click.echo("\t".join(str(value) for value in row.values()))
        if has_errors(project.problems):
            report.line(f"{report.count(project.problems)}: what is broken is not listed; see `ccgen check`")
    return 1 if has_errors(project.problems) else 0


def _rows(project: Project, what: str) -> list[dict[str, Any]]:
    if what in {"drafts", "scheduled", "expired"}:
        reason = what.removesuffix("s") if what == "drafts" else what
        return [
            {"path": one.path, "date": one.date, "flag": one.flag}
            for one in project.plan.hidden
            if one.reason == reason
        ]
    if what == "urls":
        return [{"url": route.url, "kind": route.kind, "source": route.source.path} for route in project.plan.routes]
    kind = {"articles": "article", "products": "product", "makers": "maker", "people": "person"}[what]
    rows = []
    for route in project.plan.routes:
        if route.kind != kind:
            continue
        row = {"url": route.url, "lang": route.lang, "source": route.source.path}
        for group in project.plan.facts.groups[route.owner]:
            if isinstance(group, ArticleCard):
                row |= {"date": group.date, "title": group.title}
            elif isinstance(group, ArticleUrl):
                row |= {"kind": group.kind}
            elif isinstance(group, RecordName):
                row |= {"name": group.name}
            elif isinstance(group, RecordUrl):
                row |= {"id": group.id}
        rows.append(row)
    return rows
