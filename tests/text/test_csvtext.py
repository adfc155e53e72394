from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.text.csvtext import read_rows, sniff_delimiter


def texts(text: str, delimiter: str = ",") -> list[list[str]]:
    return [[cell.text for cell in row] for row in read_rows(text, delimiter)]


def test_rows_cells_and_places() -> None:
    text = 'id,name\nyueya,"Yueya, ""the"" wallet"\n\nqiao,\n'
    assert texts(text) == [["id", "name"], ["yueya", 'Yueya, "the" wallet'], [], ["qiao", ""]]
    cell = read_rows(text, ",")[1][1]
    assert text[cell.start : cell.end] == '"Yueya, ""the"" wallet"'


@pytest.mark.parametrize(("header", "delimiter"), [("a,b", ","), ("a;b,c;d", ";"), ("a\tb", "\t"), ("a", ",")])
def test_the_header_tells_the_delimiter(header: str, delimiter: str) -> None:
    assert sniff_delimiter(header + "\n1;2;3\n") == delimiter


@pytest.mark.parametrize(
    ("text", "fault"),
    [('a,"b\n', "this quote is never closed"), ('a,"b"c\n', "text follows the closing quote")],
)
def test_bad_quotes_are_faults_of_their_cell(text: str, fault: str) -> None:
    assert read_rows(text, ",")[0][1].fault == fault


def test_a_cell_may_be_large() -> None:
    assert texts(f'a\n"{"x" * 200_000}"\n')[1][0] == "x" * 200_000


cells = st.text(alphabet=st.sampled_from(list('ab ,;"\n月')), max_size=6)


@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=5), st.sampled_from(",;\t"))
def test_what_the_library_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    assert texts(stream.getvalue(), delimiter) == rows


@given(st.text(alphabet=st.sampled_from(list("ab, \n")), max_size=30))
def test_unquoted_text_is_read_as_the_library_reads_it(text: str) -> None:
    assert texts(text) == list(csv.reader(io.StringIO(text)))


@given(st.text(alphabet=st.sampled_from(list('a,"\n')), max_size=30))
def test_every_cell_spans_its_own_characters(text: str) -> None:
    spans = [(cell.start, cell.end) for row in read_rows(text, ",") for cell in row]
    assert spans == sorted(spans)
    for (_, end), (start, _) in pairwise(spans):
        assert text[end:start] in {",", *("\n" * n for n in range(1, 31))}
