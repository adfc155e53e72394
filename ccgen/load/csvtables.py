"""products.csv and offers.csv as the same plain values that records are written in; resolves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ccgen.errors import At, Problem, has_errors
from ccgen.load.context import Context
from ccgen.load.records import Piece
from ccgen.load.rules import check_offer
from ccgen.load.tree import read_file
from ccgen.model.kept import SourceFile
from ccgen.model.records import OfferRecord, ProductRecord
from ccgen.text.annotations import bare, is_word, struct_in, values_in
from ccgen.text.codes import meant_language
from ccgen.text.convert import convert, shape_of
from ccgen.text.csvtext import Cell, Row, read_rows, sniff_delimiter
from ccgen.text.decode import decode
from ccgen.text.unknownkeys import suggestion
from ccgen.text.unreadable import UnreadableError
from ccgen.text.values import ident

__all__ = ["OfferRow", "read_offer_rows", "read_product_rows"]


class _Column(NamedTuple):
    """A header cell, read: the keys that lead to its value, its type there, and the language of its words."""

    name: str
    keys: tuple[str, ...]
    type: Any
    lang: str


class OfferRow(NamedTuple):
    """A row of offers.csv; `field` is `[3]` for the row after three others, `line` its line in the file.

    `translations` hold the offer in each language that has words of its own.
    """

    product: str
    path: str
    field: str
    line: int
    offer: OfferRecord
    translations: dict[str, OfferRecord]


class _TableRow(NamedTuple):
    field: str
    line: int
    cells: Row


class _Table(NamedTuple):
    """A table's columns, and its rows that are not blank."""

    columns: list[_Column | None]
    rows: list[_TableRow]


def read_product_rows(file: SourceFile, context: Context) -> tuple[dict[str, dict[str, Piece]], list[Problem]]:
    """Read a table of products as pieces of records: id → language → piece."""
    table, problems = _read_table(file, ProductRecord, "id", context)
    pieces: dict[str, dict[str, Piece]] = {}
    lines: dict[str, int] = {}
    folder = file.path.rpartition("/")[0]
    for row in table.rows if table else ():
        record_id, by_language, found = _values(table, row, "id", file.path, context)
        problems += found
        first = lines.setdefault(record_id, row.line)
        if record_id and first != row.line:
            message = f"the product `{record_id}` stands on line {first} and again on line {row.line}"
            at = At(path=file.path, field=f"{row.field}.id")
            problems.append(Problem(code="two-sources", message=message, at=at, hint="keep one of them"))
        elif record_id:
            good = not has_errors(found)
            pieces[record_id] = {
                lang: Piece(record_id, lang, file.path, row.field, folder, False, values, None, good)
                for lang, values in by_language.items()
            }
    return pieces, problems


def read_offer_rows(file: SourceFile, context: Context) -> tuple[list[OfferRow], list[Problem]]:
    """Read a table of offers; each row names its product."""
    table, problems = _read_table(file, OfferRecord, "product", context)
    offers: list[OfferRow] = []
    if table is None:
        return offers, problems
    for row in table.rows:
        product, by_language, found = _values(table, row, "product", file.path, context)
        values = by_language.pop(context.config.language)
        offer, more = convert(values, OfferRecord, path=file.path, prefix=row.field)
        found += (*more, *(check_offer(offer, file.path, row.field) if offer else ()))
        translations: dict[str, OfferRecord] = {}
        for lang, words in by_language.items():
            translated, more = convert(values | words, OfferRecord, path=file.path, prefix=row.field)
            found += [problem for problem in more if problem not in found]
            if translated is not None:
                translations[lang] = translated
        problems += found
        if product and offer is not None and not has_errors(found):
            offers.append(OfferRow(product, file.path, row.field, row.line, offer, translations))
    return offers, problems


# --- the header ------------------------------------------------------------------------------------------------------


def _read_table(
    file: SourceFile, struct: type[msgspec.Struct], key: str, context: Context
) -> tuple[_Table | None, list[Problem]]:
    source, problems = read_file(file, limit=context.config.settings.limits.table_bytes)
    if source is None:
        return None, list(problems)
    text, problems = decode(source.data, path=file.path)
    if text is None:
        return None, list(problems)
    rows = read_rows(text, sniff_delimiter(text))
    if not rows or not rows[0]:
        hint = f"its first line names the columns: {key}, {'url' if key == 'product' else 'name'}, …"
        return None, [Problem(code="empty-table", message="the table has no header", at=At(path=file.path), hint=hint)]
    other = re.search(r"[|:^]", rows[0][0].text) if len(rows[0]) == 1 else None
    if other is not None:
        message = f"the columns are separated by `{other[0]}`"
        hint = "separate them by comma, semicolon or tab, in all lines"
        return None, [_at_cell("csv-delimiter", message, rows[0][0], file.path, hint)]
    columns, found = _columns(rows[0], struct, key, file.path, context)
    found += [_cell_fault(cell, file.path) for row in rows for cell in row if cell.fault]
    return (None if has_errors(found) else _Table(columns, list(_filled_rows(text, rows)))), found


def _filled_rows(text: str, rows: list[Row]) -> Iterator[_TableRow]:
    """Yield the rows below the header that are not blank, each with its number and its line in the file."""
    line, counted = 1, 0
    for number, row in enumerate(rows[1:]):
        if any(cell.text.strip() for cell in row):
            line += text.count("\n", counted, row[0].start)
            counted = row[0].start
            yield _TableRow(f"[{number}]", line, row)


def _cell_fault(cell: Cell, path: str) -> Problem:
    hint = 'close it; a quote inside a quoted cell is written twice: ""'
    return Problem(code="csv-quote", message=cell.fault, at=At(path=path, start=cell.start, length=1), hint=hint)


def _columns(
    header: Row, struct: type[msgspec.Struct], key: str, path: str, context: Context
) -> tuple[list[_Column | None], list[Problem]]:
    columns: list[_Column | None] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for cell in header:
        name = cell.text.strip()
        column, found = _column(name, cell, struct, key, path, context) if name else (None, None)
        if name in seen:
            hint = "delete or rename one"
            found = _at_cell("duplicate-column", f"the column `{name}` stands here twice", cell, path, hint)
        seen.add(name)
        columns.append(column)
        if found is not None:
            problems.append(found)
    if key not in seen:
        message = f"the column `{key}` is missing"
        hint = f"the first line names the columns; add `{key}`"
        problems.append(Problem(code="missing-column", message=message, at=At(path=path, start=0), hint=hint))
    return columns, problems


def _column(
    name: str, cell: Cell, struct: type[msgspec.Struct], key: str, path: str, context: Context
) -> tuple[_Column | None, Problem | None]:
    if name == key:
        return _Column(name, (), str, ""), None
    dotted, _, lang = name.partition("@")
    keys = tuple(dotted.split("."))
    type_, missing, known = _type_at(struct, keys)
    if type_ is None:
        near = suggestion({**known, key: None}, missing, {})
        hint = f"did you mean `{near}`?" if near else f"columns: {key}, {', '.join(_named_columns(known))}"
        return None, _at_cell("unknown-column", f"there is no column `{name}`", cell, path, hint)
    if lang and lang not in context.config.languages:
        right = meant_language(lang, context.config.languages)
        hint = (
            f"write `{dotted}@{right}`" if right else f"languages of this site: {', '.join(context.config.languages)}"
        )
        return None, _at_cell("unknown-language", f"`{lang}` is no language of this site", cell, path, hint)
    if lang and not is_word(type_):
        return None, _at_cell(
            "not-a-word", f"`{dotted}` is the same in every language", cell, path, f"write `{dotted}`"
        )
    return _Column(name, keys, type_, "" if lang == context.config.language else lang), None


def _named_columns(fields: Mapping[str, Any]) -> list[str]:
    """Return the names that columns can have; what is a mapping with free keys is named with one of them."""
    names = []
    for name, field in fields.items():
        inner = values_in(field.type)
        if getattr(bare(field.type), "__origin__", None) is dict:
            names.append(f"{name}.weight" if name == "specs" else f"{name}.…")
        elif name == "offers":
            continue  # these are the rows of the other table
        elif inner is None or struct_in(inner) is None or shape_of(struct_in(inner)).shorthand:
            names.append(name)
    return names


def _type_at(struct: type[msgspec.Struct], keys: tuple[str, ...]) -> tuple[Any, str, Mapping[str, Any]]:
    """Return the annotation at the end of a dotted name; None, the part that is not known, and what would be."""
    annotation: Any = struct
    for key in keys:
        inner = struct_in(annotation)
        fields = shape_of(inner).fields if inner else {}
        if key in fields:
            annotation = fields[key].type
        elif inner is None and getattr(bare(annotation), "__origin__", None) is dict and key:
            annotation = values_in(annotation)
        else:
            return None, key, fields
    return annotation, "", {}


def _at_cell(code: str, message: str, cell: Cell, path: str, hint: str) -> Problem:
    at = At(path=path, start=cell.start, length=cell.end - cell.start)
    return Problem(code=code, message=message, at=at, hint=hint)


# --- rows ------------------------------------------------------------------------------------------------------------


def _values(
    table: _Table | None, row: _TableRow, key: str, path: str, context: Context
) -> tuple[str, dict[str, dict[str, Any]], list[Problem]]:
    """Return a row's id, its values by language (the default's always), and what is wrong with the row itself."""
    by_language: dict[str, dict[str, Any]] = {context.config.language: {}}
    record_id = ""
    columns = table.columns if table else []
    problems = _row_shape(columns, row.cells, row.field, path)
    for column, cell in zip(columns, row.cells, strict=False):
        text = cell.text.strip()
        if column is None or not text:
            continue
        if not column.keys:
            record_id = text
            problems += _id_faults(text, f"{row.field}.{key}", path)
            continue
        values = by_language.setdefault(column.lang or context.config.language, {})
        for name in column.keys[:-1]:
            values = values.setdefault(name, {})
        values[column.keys[-1]] = _split_list(text) if values_in(column.type) is not None else text
    if not record_id:
        at = At(path=path, field=f"{row.field}.{key}")
        problems.append(
            Problem(code="missing-field", message=f"this row has no `{key}`", at=at, hint=f"give it its {key}")
        )
    return record_id, by_language, problems


def _id_faults(text: str, field: str, path: str) -> list[Problem]:
    try:
        ident(text)
    except UnreadableError as fault:
        hint = "letters, digits, `-` and `_`"
        return [Problem(code=fault.code, message=fault.message, at=At(path=path, field=field), hint=hint)]
    return []


def _split_list(text: str) -> list[str]:
    return [part for part in (part.strip() for part in text.split("|")) if part]


def _row_shape(columns: list[_Column | None], row: Row, field: str, path: str) -> list[Problem]:
    """A row that is shifted against the header must not be read as if it were not."""
    problems = []
    nameless = [cell for number, cell in enumerate(row) if number >= len(columns) or columns[number] is None]
    stray = [cell for cell in nameless if cell.text.strip()]
    if stray:
        message = f"`{stray[0].text.strip()}` stands in a column without a name"
        hint = "name the column in the first line, or put a cell with the delimiter in it in quotes"
        problems.append(_at_cell("nameless-column", message, stray[0], path, hint))
    if len(row) < len(columns):
        message = f"this row has {len(row)} cells, the header {len(columns)}"
        hint = "add the missing delimiters; an empty cell is fine"
        problems.append(Problem(code="short-row", message=message, at=At(path=path, field=field), hint=hint))
    return problems
