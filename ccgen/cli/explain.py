"""`ccgen explain`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import click
import msgspec

from ccgen.cli.build import hidden_lines
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report, plural
from ccgen.errors import UsageError
from ccgen.pipeline.explaining import Change, Explained, Reader, explain

__all__ = ["command"]

_WHY = {
    "new": "the last build did not make it, or its record is lost",
    "flags": "the last build had other flags",
    "interrupted": "the last build was interrupted while it published",
    "answers": "an address on it leads to something else than it did",
    "other": "it showed something else than it will",
    "facts": "what it reads has changed",
    "missing": "its file is gone",
    "edited": "its file is not as the build left it",
    "unknown": "nothing says that its file is ours",
    "links": "it links to what is no more",
}
_SHOWN = 4  # sources named in one line


@click.command("explain")
@click.argument("target", metavar="URL|PATH")
@site_options
def command(options: Options, target: str) -> int:
    """Say what an output was made from, and why the next build would make it again or not."""
    report = Report(options)
    config, warnings = options.config()
    found = explain(config, target, warnings)
    if not (found.outputs or found.readers or found.hidden):
        raise UsageError(
            f"nothing is built from or at `{target}`",
            code="unknown-target",
            hint="name a URL (`ccgen list urls`), an output or a source",
        )
    if options.as_json:
        report.result(
            {
                "outputs": [_value(one) for one in found.outputs],
                "readers": [one._asdict() for one in found.readers],
                "hidden": [msgspec.structs.asdict(one) for one in found.hidden],
                "problems": report.as_values(found.problems),
            }
        )
        return 0
    report.problems(found.problems)
    for output in found.outputs:
        _show(output, verbose=options.verbose)
    if found.readers:
        _show_readers(found.readers)
    for line in hidden_lines(found.hidden):
        click.echo(line.strip())
    return 0


def _value(one: Explained) -> dict[str, object]:
    return {**one._asdict(), "changed": [change._asdict() for change in one.changed]}


def _show(one: Explained, *, verbose: bool) -> None:
    if one.reasons == ("removed",):
        click.echo(f"{one.url}\n  output: {one.path}\n  state:  would be removed: nothing makes it any more")
    else:
        click.echo(f"{one.url}  ({one.kind}, from {one.source})")
        click.echo(f"  output: {one.path}")
        why = "; ".join(_WHY[reason] for reason in one.reasons)
        click.echo(f"  state:  {'fresh' if one.fresh else f'would be rendered: {why}'}")
    for change in one.changed:
        click.echo(f"  changed: {_change_line(change)}")
    for path in one.lost:
        click.echo(f"  lost:   {path}")
    for key in one.reads if verbose else ():
        click.echo(f"  reads:  {key}")


def _change_line(change: Change) -> str:
    how = f"{change.old} → {change.new}" if change.how == "changed" else change.how
    sources, more = change.sources[:_SHOWN], len(change.sources) - _SHOWN
    origin = f" ← {', '.join(sources)}" if sources else ""
    return f"{change.key} ({how}){origin}" + (f" and {more} more" if more > 0 else "")


def _show_readers(readers: Sequence[Reader]) -> None:
    click.echo(f"{plural(len(readers), 'other output')} read{'s' if len(readers) == 1 else ''} what it says:")
    for one in readers:
        click.echo(f"  {one.url}{'' if one.fresh else '  (would be rendered)'}")
        for owner, keys in groupby(one.reads, key=lambda key: key.rpartition(" ")[0]):
            click.echo(f"    {owner} {', '.join(key.rpartition(' ')[2] for key in keys)}")
