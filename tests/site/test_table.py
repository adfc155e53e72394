"""A table gives back what was written, whatever the names, also where two of them have one sign."""

from __future__ import annotations

import io
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.pipeline.table import Table, write_table


def table_of(rows: dict[str, bytes], before: bytes = b"") -> Table:
    stream = io.BytesIO()
    stream.write(before)
    index = write_table(stream, rows.items())
    return Table(memoryview(stream.getvalue()), index)


@given(
    st.dictionaries(st.text(max_size=9).filter(lambda text: text.isprintable()), st.binary(max_size=9)),
    st.binary(max_size=9),
)
def test_what_was_written_is_found(rows: dict[str, bytes], before: bytes) -> None:
    table = table_of(rows, before)
    assert {name: bytes(data) for name, data in table.items()} == rows
    assert len(table) == len(rows)
    for name in ("", "absent", *(name + "x" for name in rows)):
        assert (name in table) == (name in rows)


def test_names_with_one_sign() -> None:
    first, second = "plumless", "buckeroo"
    assert crc32(first.encode()) == crc32(second.encode())
    table = table_of({first: b"1", second: b"2", "other": b"3"})
    assert [bytes(table[name]) for name in (first, second, "other")] == [b"1", b"2", b"3"]
    with pytest.raises(KeyError):
        table_of({first: b"1"})[second]
