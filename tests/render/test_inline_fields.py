"""Which fields of records hold Markdown on one line: as written, and as Python understands it."""

from __future__ import annotations

import typing

from ccgen.model.records import ARTICLE_KINDS, RECORD_KINDS
from ccgen.model.values import kind_of
from ccgen.render import view


def test_fields_of_inline_markdown_are_those_so_annotated() -> None:
    found = {
        field
        for record in (*ARTICLE_KINDS.values(), *RECORD_KINDS.values())
        for field, type_ in typing.get_type_hints(record, include_extras=True).items()
        if "inline" in {kind_of(type_), *map(kind_of, typing.get_args(type_))}
    }
    assert found == view._INLINE
