"""What one file may cost, as `limits:` in ccgen.yaml; knows no file."""

from __future__ import annotations

from ccgen.model.records import Record
from ccgen.model.values import PositiveInt

__all__ = ["Limits"]


class Limits(Record, frozen=True, kw_only=True):
    """`limits:`. Bounds on one source, so that a build ends and fits in memory whatever the input is."""

    article_bytes: PositiveInt = 1_000_000  # one article or record, as it lies on disk
    table_bytes: PositiveInt = 50_000_000  # one CSV table
    conversion_seconds: PositiveInt = 10  # one article's prose through the Markdown engine
    drawing_seconds: PositiveInt = 10  # one page through its templates
    nesting: PositiveInt = 32  # quotes, lists and directives inside one another
    pixels: PositiveInt = 100_000_000  # one picture: width × height, all frames
