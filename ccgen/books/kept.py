"""What is wrong with what time wrote to data/, whether or not the site needs it today; knows no page and no offer.

A build reads the ledger only where a price is struck, and the map of sub-ids never. A merge or an editor may damage
either long before that, and the sooner it is told, the nearer the last good version is.
"""

from __future__ import annotations

from ccgen.books.subids import read_sub_ids
from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.load.ledger import read_ledger

__all__ = ["damage"]


def damage(config: Config) -> tuple[Problem, ...]:
    """Return every fault of data/prices.csv and data/subids.csv; a file that is not there has none.

    :raises EnvironmentFault: the machine does not let us read.
    """
    _, problems = read_ledger(config.root, limit=config.settings.limits.table_bytes)
    return (*problems, *read_sub_ids(config).problems)
