"""`ccgen earnings`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

import click

from ccgen.books.earnings import Earnings, read_earnings
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report, plural
from ccgen.commerce.earnings import Earned, Total, money_text
from ccgen.errors import UsageError, has_errors
from ccgen.text.csvwrite import csv_line, harmless

__all__ = ["command"]

_COLUMNS = ("article", "slot", "product", "merchant", "sub", "rows", "amount", "currency", "first", "last")
_SHOWN = ("article", "slot", "product", "merchant", "rows", "amount", "currency")
_NUMBERS = {"rows", "amount"}


@click.command("earnings")
@click.argument("reports", nargs=-1, required=True, metavar="REPORT.csv…")
@click.option("--merchant", default="", metavar="ID", help="Whose reports these are, where their columns do not say.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the result as CSV.")
@site_options
def command(options: Options, reports: tuple[str, ...], merchant: str, *, as_csv: bool) -> int:
    """Say which article and which place in it sold what, from the reports that networks export."""
    if as_csv and options.as_json:
        raise UsageError("`--csv` and `--json` are two forms of one result", code="two-forms", hint="give one of them")
    report = Report(options)
    config, warnings = options.config()
    found = read_earnings(config, reports, merchant)
    problems = (*warnings, *found.problems)
    failed = has_errors(problems) or (options.strict and bool(problems))
    if options.as_json:
        report.result({"ok": not failed, **_value(found), "problems": report.as_values(problems)})
        return 1 if failed else 0
    report.problems(problems)
    if as_csv:
        click.echo("".join(map(csv_line, (_COLUMNS, *_harmless(found.lines)))), nl=False)
    elif found.lines:
        for line in _table(found.lines):
            click.echo(line)
    _summary(found, report)
    if failed and not has_errors(problems):
        report.strict(problems)
    return 1 if failed else 0


def _summary(found: Earnings, report: Report) -> None:
    for total in found.totals:
        unknown = f", {_sum(total, 'unknown')} of it from no known place" if total.unknown_rows else ""
        report.line(f"{_sum(total, 'amount')} in {plural(total.rows, 'row')}{unknown}")
    for path in (one.path for one in found.reports if not one.rows):
        report.line(f"`{path}` has no row below its header: it tells of no sale")
    unread = sum(one.unread for one in found.reports)
    if unread:
        worth = "its amount is" if unread == 1 else "their amounts are"
        report.line(f"{plural(unread, 'row')} could not be read, and {worth} in no sum")


def _sum(total: Total, field: str) -> str:
    return f"{money_text(getattr(total, field), total.currency)} {total.currency}"


def _cells(one: Earned) -> dict[str, str]:
    return dict(zip(_COLUMNS, map(str, one[:5]), strict=False)) | {
        "rows": str(one.rows),
        "amount": money_text(one.amount, one.currency),
        "currency": one.currency,
        "first": one.first,
        "last": one.last,
    }


def _harmless(lines: Iterable[Earned]) -> list[list[str]]:
    return [[harmless(cell) for cell in _cells(one).values()] for one in lines]


def _table(lines: Iterable[Earned]) -> list[str]:
    """Return lines of text in columns. Control characters of a report do not reach the terminal."""
    rows = [dict(zip(_SHOWN, _SHOWN, strict=True))]
    for one in lines:
        cells = _cells(one)
        if not one.page:
            cells["article"] = f"(unknown sub-id {one.sub})" if one.sub else "(no sub-id)"
        rows.append({key: "".join(sign if sign.isprintable() else "?" for sign in cells[key]) for key in _SHOWN})
    widths = {key: max(_width(row[key]) for row in rows) for key in _SHOWN}
    return ["  ".join(_padded(row[key], widths[key], right=key in _NUMBERS) for key in _SHOWN).rstrip() for row in rows]


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for each wide character."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _value(found: Earnings) -> dict[str, Any]:
    lines = [_cells(one) | {"rows": one.rows} for one in found.lines]
    return {
        "lines": [one for one in lines if one["article"]],
        "unknown": [one for one in lines if not one["article"]],
        "totals": [
            {
                "currency": one.currency,
                "rows": one.rows,
                "amount": money_text(one.amount, one.currency),
                "unknown_rows": one.unknown_rows,
                "unknown": money_text(one.unknown, one.currency),
            }
            for one in found.totals
        ],
        "reports": [one._asdict() for one in found.reports],
    }
