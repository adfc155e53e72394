"""Earnings reports of networks, read by the columns that merchants' records name; knows no table that is shown.

Whatever cannot be read is told with its place, and counted: a row is never dropped in silence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ccgen.books.subids import SUBIDS, read_sub_ids
from ccgen.commerce.earnings import (
    Earned,
    Sale,
    Total,
    join,
    money_text,
    point_of,
    read_amount,
    read_currency,
    read_date,
)
from ccgen.config import Config
from ccgen.errors import At, ContentError, Problem, Severity, UsageError, has_errors
from ccgen.load import load_merchants
from ccgen.model.records import MerchantRecord, ReportColumns
from ccgen.model.source import digest_of
from ccgen.text.csvtext import Cell, Row, read_rows
from ccgen.text.decode import decode
from ccgen.text.near import did_you_mean
from ccgen.write import files

__all__ = ["Earnings", "ReportRead", "read_earnings"]

_HEADER_WITHIN = 20  # lines: some networks put a title and a period above the columns
_DELIMITERS = ",;\t"


class ReportRead(NamedTuple):
    """One report: whose it may be, its rows, and how many of them could not be read."""

    path: str
    merchants: tuple[str, ...]
    rows: int
    unread: int


class Earnings(NamedTuple):
    """What all reports say together; an error among `problems` means that something is not in the sums."""

    lines: tuple[Earned, ...]
    totals: tuple[Total, ...]
    reports: tuple[ReportRead, ...]
    problems: tuple[Problem, ...]


class _Table(NamedTuple):
    """A report's rows below its header, whose they may be, and where each column stands."""

    path: str
    rows: list[Row]
    width: int
    merchants: tuple[str, ...]
    columns: Mapping[str, int]
    default: str  # currency of rows that name none


def read_earnings(config: Config, reports: Sequence[str], merchant: str = "") -> Earnings:
    """Read reports and join them to data/subids.csv. `merchant` says whose they are, '' where their columns do.

    :raises UsageError: a report or a merchant that is not there.
    :raises ContentError: merchants' records or the map cannot be read.
    """
    records, told = load_merchants(config)
    known = read_sub_ids(config)
    if has_errors((*told, *known.problems)):
        raise ContentError((*told, *known.problems))
    wanted = _wanted(records, merchant)
    found: list[Problem] = list(told)
    sales: list[tuple[Sale, At]] = []
    read: list[ReportRead] = []
    seen: dict[bytes, str] = {}
    for report in dict.fromkeys(reports):
        path, data = _bytes_of(config, report)
        other = seen.setdefault(digest_of(data), path)
        if other != path:
            found.append(_note("repeated-report", f"`{path}` is `{other}` again, and is left out", At(path=path)))
            continue
        table, problems = _table_of(path, data, wanted, config)
        found += problems
        if table is None:
            continue
        made, faults = _sales_of(table)
        sales += made
        found += faults
        read.append(ReportRead(path, table.merchants, len(table.rows), len(table.rows) - len(made)))
    purchases = [row.purchase for row in known.rows]
    lines, totals = join((sale for sale, _ in sales), purchases)
    found += _unknown(lines, sales, {one.sub: one.merchant for one in purchases})
    return Earnings(lines, totals, tuple(read), tuple(found))


def _wanted(records: Mapping[str, MerchantRecord], merchant: str) -> dict[str, tuple[ReportColumns, str]]:
    """Return the report's columns and the currency of each merchant that may be meant."""
    if merchant and merchant not in records:
        hint = did_you_mean(merchant, records) or f"there are {', '.join(sorted(records))}"
        raise UsageError(f"no merchant `{merchant}`", code="unknown-merchant", hint=hint)
    found = {
        ident: (record.report, record.currency or "")
        for ident, record in sorted(records.items())
        if record.report is not None and merchant in {"", ident}
    }
    if not found:
        whose = f"`content/merchants/{merchant}.yaml` does not say" if merchant else "no merchant's record says"
        hint = "add `report: {sub: …, amount: …, currency: …, date: …}` with the names of the report's columns"
        raise UsageError(f"{whose} how to read a report", code="no-report-columns", hint=hint)
    return found


def _bytes_of(config: Config, report: str) -> tuple[str, bytes]:
    file = Path(report).resolve()
    if not file.is_file():
        raise UsageError(f"no report `{report}`", code="no-report", hint="name the file that the network exported")
    path = file.relative_to(config.root).as_posix() if file.is_relative_to(config.root) else str(file)
    with files.Telling(str(file)):
        return path, file.read_bytes()


# --- the table -------------------------------------------------------------------------------------------------------


def _table_of(
    path: str, data: bytes, wanted: Mapping[str, tuple[ReportColumns, str]], config: Config
) -> tuple[_Table | None, tuple[Problem, ...]]:
    limit = config.settings.limits.table_bytes
    if len(data) > limit:
        message, hint = f"`{path}` is larger than {limit:,} bytes", "split it, or raise `limits.table_bytes`"
        return None, (_note("file-too-large", message, At(path=path), hint, "error"),)
    text, problems = decode(data, path=path)
    if text is None:
        return None, problems
    tables = [read_rows(text, delimiter) for delimiter in _DELIMITERS]
    for rows in tables:
        for number, row in enumerate(rows[:_HEADER_WITHIN]):
            names = _names(row)
            fits = [ident for ident, (columns, _) in wanted.items() if _named(columns) <= names.keys()]
            if fits:
                return _fitted(path, rows[number:], fits, wanted, config)
    return None, (_unfit(path, max(tables, key=_widest), wanted),)


def _fitted(
    path: str,
    rows: list[Row],
    fits: list[str],
    wanted: Mapping[str, tuple[ReportColumns, str]],
    config: Config,
) -> tuple[_Table | None, tuple[Problem, ...]]:
    """Return the table of a report whose header has the columns of at least one merchant.

    Several that read it alike are all possible, as where one network reports for all its shops; the sub-ids tell them
    apart. Several that read it differently are an error.
    """
    header = rows[0]
    at = At(path=path, start=header[0].start, length=header[-1].end - header[0].start)
    by_columns: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for ident in fits:
        columns, currency = wanted[ident]
        default = currency or config.settings.site.currency or ""
        by_columns[columns.sub, columns.amount, columns.currency, columns.date, default].append(ident)
    if len(by_columns) > 1:
        whose = " and ".join(f"`{some[0]}`" for some in by_columns.values())
        hint = "say whose it is: " + " or ".join(f"--merchant {some[0]}" for some in by_columns.values())
        message = f"these columns are those of {whose}, who read them differently"
        return None, (_note("unclear-report", message, at, hint, "error"),)
    names = _names(header)
    columns, currency = wanted[fits[0]]
    twice = next((name for name, count in _counted(header).items() if count > 1 and name in _named(columns)), None)
    if twice is not None:
        message = f"the column `{twice}` stands here twice"
        return None, (_note("duplicate-column", message, at, "delete or rename one", "error"),)
    given = {"sub": columns.sub, "amount": columns.amount, "currency": columns.currency, "date": columns.date}
    places = {key: names[_plain(name)] for key, name in given.items() if name}
    filled = [row for row in rows[1:] if any(cell.text.strip() for cell in row)]
    default = currency or config.settings.site.currency or ""
    return _Table(path, filled, len(header), tuple(fits), places, default), ()


def _unfit(path: str, rows: list[Row], wanted: Mapping[str, tuple[ReportColumns, str]]) -> Problem:
    """Say that no header was found, and what the merchant that comes nearest would need."""
    row = max(rows[:_HEADER_WITHIN], key=len, default=())
    names = _names(row)
    if not names:
        return _note("unknown-report", "this report is empty", At(path=path), "export it again", "error")
    at = At(path=path, start=row[0].start, length=row[-1].end - row[0].start)
    ident = min(wanted, key=lambda one: len(_named(wanted[one][0]) - names.keys()))
    columns = wanted[ident][0]
    lacking = [name for name in (columns.sub, columns.amount, columns.currency, columns.date) if name]
    lacking = [name for name in lacking if _plain(name) not in names]
    here = [cell.text.strip() for cell in row if cell.text.strip()]
    named = f"`report` of content/merchants/{ident}.yaml"
    near = did_you_mean(lacking[0], here)
    hint = (
        f"{near} {named} says which columns count"
        if near
        else f"here are {', '.join(f'`{one}`' for one in here[:12])}; {named} names others"
    )
    if len(wanted) > 1:
        message = f"these are no merchant's columns; `{ident}` comes nearest, and has {_listed(lacking)} too"
        return _note("unknown-report", message, at, hint, "error")
    those = "columns" if len(lacking) > 1 else "column"
    are = "are" if len(lacking) > 1 else "is"
    return _note("missing-column", f"the {those} {_listed(lacking)} of `{ident}` {are} missing", at, hint, "error")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _names(row: Row) -> dict[str, int]:
    """Return where each column stands, the first where a name stands twice."""
    found: dict[str, int] = {}
    for number, cell in enumerate(row):
        if cell.text.strip():
            found.setdefault(_plain(cell.text), number)
    return found


def _counted(row: Row) -> Counter[str]:
    return Counter(_plain(cell.text) for cell in row)


def _named(columns: ReportColumns) -> set[str]:
    return {_plain(one) for one in (columns.sub, columns.amount, columns.currency, columns.date) if one}


def _widest(rows: list[Row]) -> int:
    return max((len(row) for row in rows[:_HEADER_WITHIN]), default=0)


# --- rows ------------------------------------------------------------------------------------------------------------


def _sales_of(table: _Table) -> tuple[list[tuple[Sale, At]], list[Problem]]:
    """Return the sales of all rows that can be read, and what is wrong with the others."""
    column = table.columns["amount"]
    point = point_of(row[column].text for row in table.rows if len(row) > column)
    sales: list[tuple[Sale, At]] = []
    problems: list[Problem] = []
    undated: list[Cell] = []
    for row in table.rows:
        sale = _sale_of(row, table, point)
        if isinstance(sale, Problem):
            problems.append(sale)
            continue
        sales.append((sale, _at(table.path, row[table.columns["sub"]])))
        dated = table.columns.get("date")
        if dated is not None and not sale.day:
            undated.append(row[dated])
    if undated:
        message = f"{_rows(len(undated))} with no date that is certain; the sums are right, the period may be longer"
        hint = "dates are read as 2026-11-02, 2026/11/02 or 2.11.2026"
        problems.append(_note("unread-date", message, _at(table.path, undated[0]), hint))
    return sales, problems


def _sale_of(row: Row, table: _Table, point: str) -> Sale | Problem:
    fault = next((cell for cell in row if cell.fault), None)
    if fault is not None:
        hint = 'close it; a quote inside a quoted cell is written twice: ""'
        below = fault.text.rstrip("\n").count("\n")
        lost = (
            f", and {below} line{'s' * (below > 1)} below {'it are' if below > 1 else 'it is'} not read"
            if below
            else ""
        )
        return _note("csv-quote", fault.fault + lost, At(path=table.path, start=fault.start, length=1), hint, "error")
    if len(row) < table.width or any(cell.text.strip() for cell in row[table.width :]):
        at = At(path=table.path, start=row[0].start, length=row[-1].end - row[0].start)
        message = f"this row has {len(row)} cells, the header {table.width}"
        return _note("bad-report-row", message, at, "export the report again; the row is not in the sums", "error")
    cells = {key: row[number] for key, number in table.columns.items()}
    amount = read_amount(cells["amount"].text, point)
    if isinstance(amount, str):
        hint = "amounts are read as 1234.56, 1,234.56 or 1.234,56; the row is not in the sums"
        return _note("bad-amount", amount, _at(table.path, cells["amount"]), hint, "error")
    code = cells["currency"].text if "currency" in cells else ""
    currency, wrong = read_currency(code, amount[1], table.default)
    if wrong:
        hint = "use ISO 4217: USD, EUR, CNY; the row is not in the sums"
        return _note("bad-currency", wrong, _at(table.path, cells.get("currency", cells["amount"])), hint, "error")
    day = read_date(cells["date"].text) if "date" in cells else ""
    return Sale(cells["sub"].text.strip(), amount[0], currency, day, table.merchants)


def _unknown(
    lines: Iterable[Earned], sales: Iterable[tuple[Sale, At]], merchants: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield each sub-id that is in no map, with how often it stands there and what it sold."""
    unknown = [one for one in lines if not one.page]
    places: dict[str, At] = {}
    for sale, at in sales:
        places.setdefault(sale.sub, at)
    for one in unknown:
        what = f"{_rows(one.rows)} of {money_text(one.amount, one.currency)} {one.currency}"
        if not one.sub:
            hint = "what was sold through links that ccgen did not make cannot be told apart"
            yield _note("no-sub-id", f"{what} without a sub-id", places[""], hint)
            continue
        hint = f"`ccgen links record` keeps {SUBIDS}; what was published before it ran, or elsewhere, is not in it"
        if one.sub in merchants:
            hint = f"it is a sub-id of `{merchants[one.sub]}`, whose report this is not: say so with --merchant"
        yield _note("unknown-sub-id", f"`{one.sub}` is no sub-id of this site: {what}", places[one.sub], hint)


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _at(path: str, cell: Cell) -> At:
    return At(path=path, start=cell.start, length=cell.end - cell.start)


def _note(code: str, message: str, at: At, hint: str = "", severity: Severity = "warning") -> Problem:
    return Problem(code=code, message=message, at=at, hint=hint, severity=severity)
