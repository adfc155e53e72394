"""data/prices.csv: what each offer cost, day by day, so that a reduction can be proven; knows no page.

Rows are appended and never changed: see `load.ledger` for how they are read, `commerce.ledger` for what they prove.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ccgen.check.registry import RULES
from ccgen.commerce.ledger import due
from ccgen.config import SETTINGS_FILE, Config
from ccgen.errors import Problem
from ccgen.load.ledger import read_ledger
from ccgen.model.ledger import LEDGER_COLUMNS, LEDGER_PATH, ListedPrice, PriceRow
from ccgen.pipeline.project import plan_project, stop_on_errors
from ccgen.text.csvwrite import csv_line
from ccgen.text.decode import decode
from ccgen.write import files, lock

__all__ = ["RecordedPrices", "record_prices"]

# An error in one of these may change a price or an offer's name. Anything else must not keep a day out of the ledger.
_SOURCES = ("content/products/", "content/merchants/", LEDGER_PATH, SETTINGS_FILE)


class RecordedPrices(NamedTuple):
    """What recording did: the rows it added, how many prices it looked at, and warnings."""

    added: tuple[PriceRow, ...]
    looked_at: int
    warnings: tuple[Problem, ...]


def record_prices(config: Config, warnings: tuple[Problem, ...] = (), *, everything: bool = False) -> RecordedPrices:
    """Add today's prices of what we sell, and with `everything` those of other merchants that have changed.

    The file changes at once or not at all. What a rule says of a record (an unproven reduction among it) is no hindrance.

    :raises ContentError: the ledger, a product, a merchant or ccgen.yaml has errors; nothing was written.
    :raises EnvironmentFault: the machine does not let us, or another ccgen works on this project.
    """
    with lock(config.state):
        project = plan_project(config, warnings)
        mine = (one for one in project.problems if one.at.path.startswith(_SOURCES))
        stop_on_errors(tuple(one for one in mine if one.code not in RULES))
        ledger, problems = read_ledger(config.root, limit=config.settings.limits.table_bytes)
        stop_on_errors(problems)
        found = due(project.plan.prices, ledger, today=config.clock.date(), everything=everything)
        stop_on_errors(tuple(_ahead(one, ledger[one.offer][-1]) for one in found.ahead))
        if found.rows:
            _append(config, found.rows)
    return RecordedPrices(found.rows, len(project.plan.prices), tuple(map(_undecided, found.undecided)))


def _append(config: Config, rows: Iterable[PriceRow]) -> None:
    """Give the ledger more lines. The bytes that it has stay; a file that somebody changed meanwhile is read as it is."""
    file = config.root / LEDGER_PATH
    real = file.resolve()
    with files.Telling(str(file)):
        data = real.read_bytes() if real.exists() else b""
    text, problems = decode(data, path=LEDGER_PATH)
    stop_on_errors(problems)
    end = b"\r\n" if b"\r\n" in data else b"\n"
    lines = "" if text else csv_line(LEDGER_COLUMNS)
    lines += "".join(csv_line((row.date.isoformat(), row.offer, row.amount, row.currency, row.source)) for row in rows)
    files.make_folders(str(real.parent))
    files.replace(str(real), data + lines.encode().replace(b"\n", end))


def _ahead(price: ListedPrice, last: PriceRow) -> Problem:
    message = f"the ledger has a price of `{price.offer}` from {last.date}, which is after today"
    hint = "set the clock right; a row is never put before another"
    return Problem(code="ledger-ahead", message=message, at=price.at, hint=hint)


def _undecided(price: ListedPrice) -> Problem:
    message = f"a price “from” is not recorded: `{price.offer}` has no price of its own"
    hint = "make an offer with a price of each variant, if one of them is ever to be reduced"
    return Problem(code="undecided-price", message=message, at=price.at, hint=hint, severity="warning")
