"""The edits after which a site is built again, each undone later; knows which file to write only from a program's `Sources`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import Card, Corpus
from benchmarks.programs import Sources

__all__ = ["CASES", "Undo", "apply", "undo"]


class Undo(NamedTuple):
    """What a file held before an edit; None where there was none."""

    path: Path
    content: bytes | None


Case = Callable[[Corpus, Sources, Path], tuple[str, str] | None]


def _nothing(_corpus: Corpus, _sources: Sources, _root: Path) -> None:
    return None


def _article(corpus: Corpus, sources: Sources, _root: Path) -> tuple[str, str]:
    one = corpus.articles[len(corpus.articles) // 2]
    blocks = list(one.blocks)
    last = max(number for number, block in enumerate(blocks) if not isinstance(block, Card))
    blocks[last] = f"{blocks[last]} Nobody had expected that."
    return sources.article(one._replace(blocks=tuple(blocks)))


def _price(corpus: Corpus, sources: Sources, _root: Path) -> tuple[str, str]:
    """The last offer becomes dearer, so that the order of offers stays."""
    one = corpus.products[len(corpus.products) // 2]
    *others, last = one.offers
    return sources.product(
        one._replace(offers=(*others, last._replace(price=str(Decimal(last.price) + Decimal("1.00")))))
    )


def _template(_corpus: Corpus, sources: Sources, root: Path) -> tuple[str, str]:
    """The end of every article gets one line more."""
    text = (root / sources.template).read_text(encoding="utf-8")
    return sources.template, f'{text}<p class="quiet">Thank you for reading.</p>\n'


def _new(corpus: Corpus, sources: Sources, _root: Path) -> tuple[str, str]:
    return sources.article(corpus.spare)


# A new template is last: it takes away ten thousand files, and ext4 is slow to make any in the minutes after that.
CASES: Mapping[str, Case] = {
    "nothing": _nothing,
    "article": _article,
    "price": _price,
    "new": _new,
    "template": _template,
}


def apply(case: str, corpus: Corpus, sources: Sources, root: Path) -> list[Undo]:
    """Make one edit in the site at `root`; return how to undo it."""
    edit = CASES[case](corpus, sources, root)
    if edit is None:
        return []
    path = root / edit[0]
    before = path.read_bytes() if path.exists() else None
    assert before != edit[1].encode(), f"{case} changes nothing"
    path.write_text(edit[1], encoding="utf-8")
    return [Undo(path, before)]


def undo(edits: list[Undo]) -> None:
    """Put everything back, the last edit first."""
    for path, content in reversed(edits):
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
