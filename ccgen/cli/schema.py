"""`ccgen schema`."""

from __future__ import annotations

import json

import click

from ccgen.load.schema import SCHEMAS, schema_of

__all__ = ["command"]


@click.command("schema")
@click.argument("what", type=click.Choice(tuple(SCHEMAS)), default="settings")
def command(what: str) -> int:
    """Print the JSON Schema of ccgen.yaml, of a record or of an article's front matter."""
    click.echo(json.dumps(schema_of(what), indent=1, ensure_ascii=False))
    return 0
