"""All of content/ and static/ as one `Loaded`: which file is what, and in which order they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ccgen.config import Config
from ccgen.errors import Problem, has_errors
from ccgen.load.articles import read_articles, read_section_texts
from ccgen.load.byname import with_ids
from ccgen.load.context import Context, make_context
from ccgen.load.csvtables import OfferRow, read_offer_rows, read_product_rows
from ccgen.load.health import read_health
from ccgen.load.keeping import reading_key
from ccgen.load.ledger import read_ledger
from ccgen.load.names import Named, group, name_of
from ccgen.load.pictures import published_files
from ccgen.load.products import add_offers, add_products
from ccgen.load.prose import check_extensions
from ccgen.load.records import Table, read_records
from ccgen.load.sort import Sorted, sort_content
from ccgen.load.tree import read_file, scan
from ccgen.model.kept import Kept, SourceFile, nothing_kept
from ccgen.model.ledger import LEDGER_PATH
from ccgen.model.loaded import Article, Loaded
from ccgen.model.records import RECORD_KINDS, MerchantRecord
from ccgen.model.theme import Theme
from ccgen.model.work import Workers, alone
from ccgen.text.csvtext import read_rows, sniff_delimiter
from ccgen.text.decode import lenient

__all__ = ["load", "load_merchants", "load_part"]


def load(config: Config, theme: Theme, workers: Workers = alone, kept: Kept = nothing_kept) -> Loaded:
    """Read and type everything the site is made of. Nothing is resolved, and nothing stops at the first fault.

    The theme was loaded before: its directives and the types of free keys are needed to read the rest.
    """
    content, problems = scan(config.root, "content")
    static, found = scan(config.root, "static")
    sorted_, more = sort_content(content, config)
    kept.use(reading_key(config, theme))
    types = {**config.settings.extra, **theme.extra}
    context = make_context(config, types, theme.directives, workers, kept)
    reading = _Reading([*problems, *found, *more, *check_extensions(config)])
    articles = _articles(sorted_, context, reading)
    texts, found_texts = read_section_texts(_grouped(sorted_.section_texts, context, reading), context)
    reading.problems += found_texts
    tables = {kind: _table(kind, sorted_, context, reading) for kind in RECORD_KINDS}
    files, failed, picture_problems = published_files(sorted_.bundle_files, static, config.settings.limits, kept)
    reading.problems += picture_problems
    struck = any(offer.was for entry in tables["products"].entries.values() for offer in entry.record.offers)
    ledger, found = read_ledger(config.root, limit=config.settings.limits.table_bytes) if struck else ({}, ())
    reading.problems += found
    failed |= {LEDGER_PATH} if has_errors(found) else set()
    health, found = read_health(config.root)
    reading.problems += found
    return Loaded(
        articles=tuple(articles),
        products=tables["products"].entries,
        makers=tables["makers"].entries,
        people=tables["people"].entries,
        merchants=tables["merchants"].entries,
        categories=tables["categories"].entries,
        sections=tuple(texts),
        files=files,
        theme=theme,
        failed=frozenset(reading.failed | failed),
        problems=tuple(with_ids(reading.problems, (table.entries for table in tables.values()))),
        health=health,
        ledger=ledger,
    )


def load_merchants(config: Config) -> tuple[Mapping[str, MerchantRecord], tuple[Problem, ...]]:
    """Read the merchants alone, by id, in the default language; the problems are of their files only."""
    content, _ = scan(config.root, "content")
    sorted_, _ = sort_content(content, config)
    reading = _Reading([])
    table = _table("merchants", sorted_, make_context(config, config.settings.extra, {}), reading)
    found = {ident: entry.record for (ident, lang), entry in table.entries.items() if lang == config.language}
    return found, tuple(reading.problems)


class _Reading:
    """What has gone wrong so far, and for which ids and paths."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.failed: set[str] = set()


def _grouped(files: Iterable[SourceFile], context: Context, reading: _Reading) -> dict[str, dict[str, Named]]:
    named = []
    for file in files:
        one, found = name_of(file, context.config.languages)
        reading.problems += found
        if one is None:
            reading.failed.add(file.path)
        else:
            named.append(one)
    groups, found = group(named)
    reading.problems += found
    return groups


def _articles(sorted_: Sorted, context: Context, reading: _Reading) -> list[Article]:
    articles: list[Article] = []
    for section in context.config.sections:
        groups = _grouped(sorted_.articles[section.name], context, reading)
        made, failed, problems = read_articles(groups, section, context)
        articles += made
        reading.failed |= failed
        reading.problems += problems
    return articles


def _table(kind: str, sorted_: Sorted, context: Context, reading: _Reading) -> Table:
    """Read all records of a kind, from files and, for products, from tables."""
    groups = _grouped(sorted_.records[kind], context, reading)
    table = read_records(groups, kind, context)
    if kind == "products":
        _add_tables(table, sorted_.tables, groups, context)
    reading.problems += table.problems
    reading.failed |= {f"{kind}/{one}" for one in table.failed}
    return table


def _add_tables(
    table: Table, files: list[SourceFile], groups: Mapping[str, Mapping[str, Named]], context: Context
) -> None:
    """Add what products.csv and offers.csv say to the products of `groups`."""
    offers: list[OfferRow] = []
    for file in files:
        if file.path.endswith("/offers.csv"):
            offers, problems = read_offer_rows(file, context)
        else:
            rows, problems = read_product_rows(file, context)
            problems += add_products(table, rows, groups, context)
            if not rows and has_errors(problems):
                table.failed.update(_first_cells(file, context) - {record_id for record_id, _ in table.entries})
        table.problems.extend(problems)
    table.problems.extend(add_offers(table, offers, context.config.language))


def _first_cells(file: SourceFile, context: Context) -> set[str]:
    """Return what stands in the column `id` of a table, or in its first: a reference to it is no second problem."""
    source, _ = read_file(file, limit=context.config.settings.limits.table_bytes)
    text = lenient(source.data) if source else ""
    header, *rows = read_rows(text, sniff_delimiter(text)) or [()]
    index = next((number for number, cell in enumerate(header) if cell.text.strip() == "id"), 0)
    return {row[index].text.strip() for row in rows if len(row) > index}


def load_part(
    config: Config, theme: Theme, paths: frozenset[str], files: Iterable[str], kept: Kept = nothing_kept
) -> Loaded | None:
    """Read what some changed files of content/ say, and all merchants; None if they are not all of articles and products.

    `files` are all there are, by path. What it returns is no site: only `plan.amended` can do with it.
    """
    stems = {_stem(path) for path in paths}
    meant = [
        SourceFile(path, str(config.root / path))
        for path in files
        if not path.endswith("/") and (_stem(path) in stems or path.startswith("content/merchants/"))
    ]
    sorted_, found = sort_content(tuple(meant), config)
    kept.use(reading_key(config, theme))
    types = {**config.settings.extra, **theme.extra}
    context = make_context(config, types, theme.directives, kept=kept)
    reading = _Reading([*found])
    articles = _articles(sorted_, context, reading)
    tables = {kind: _table(kind, sorted_, context, reading) for kind in ("merchants", "products")}
    health, found = read_health(config.root)
    read = {article.path for article in articles}.union(one.path for one in tables["products"].entries.values())
    if reading.problems or found or reading.failed or not paths <= read:
        return None
    return Loaded(
        articles=tuple(articles),
        products=tables["products"].entries,
        makers={},
        people={},
        merchants=tables["merchants"].entries,
        categories={},
        sections=(),
        files={},
        theme=theme,
        failed=frozenset(),
        problems=(),
        health=health,
    )


def _stem(path: str) -> str:
    """Return what a file and its translations have in common."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + name.partition(".")[0]
