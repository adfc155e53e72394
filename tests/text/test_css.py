"""What a style sheet refers to, however it is written, and however long it is."""

from __future__ import annotations

import pytest

from ccgen.text.css import references


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("a{background:url(a.png)}", ["a.png"]),
        ("a{background:URL( 'a b.png' )}", ["a b.png"]),
        ('a{background:url("x(1).png")}', ["x(1).png"]),
        ("a{src:url(a.woff2) format('woff2'), url(\tb.woff \n)}", ["a.woff2", "b.woff"]),
        ("@import \"b.css\" screen; @IMPORT 'c.css'; @import url(d.css);", ["b.css", "c.css", "d.css"]),
        ("/* url(no.png) */a{background:url(yes.png)}/* url(no.png)", ["yes.png"]),
        ("a{background:url()} b{background:url('')} c{background:url(\"a\nb\")}", []),
        ("a{background:url(a.png} b{background:url(b.png)}", ["b.png"]),
        ("a{background:url(a b.png)}", ["a b.png"]),
    ],
)
def test_what_a_sheet_refers_to(sheet: str, expected: list[str]) -> None:
    data = sheet.encode()
    found = list(references(data))
    assert [written.decode() for _, written in found] == expected
    assert all(data[start:].startswith(written) for start, written in found)


@pytest.mark.parametrize(
    "piece",
    [b"url(", b"url( ", b'url("', b"url('a ", b"/* ", b"@import ", b"@import '\n", b"url(a b ", b"/*url(", b" "],
)
def test_a_long_sheet_of_beginnings_is_read_at_once(piece: bytes) -> None:
    """A pattern that tries each beginning up to the end would take hours."""
    assert list(references(piece * (1_000_000 // len(piece)))) == []
    assert list(references(b"url(" + piece * (1_000_000 // len(piece)))) == []
