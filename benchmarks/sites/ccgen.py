"""The corpus as a site for ccgen: its files, and which of them an article, a product and the edited template are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import (
    ADDRESS,
    CLOCK,
    DESCRIPTION,
    MERCHANTS,
    PEOPLE,
    SECTION,
    TITLE,
    Article,
    Card,
    Corpus,
    Merchant,
    Product,
    identifier,
)
from benchmarks.sites.files import THEMES, write_files

__all__ = ["TEMPLATE", "article", "product", "write"]

TEMPLATE = "themes/bench/templates/parts/end.html"
_SETTINGS = f"""\
site:
  title: {TITLE}
  url: {ADDRESS}/
  language: en
  timezone: UTC
  currency: USD
  description: {DESCRIPTION}
seller: {{name: {TITLE}, contact: desk@bench.example, country: DE}}
check: {{severity: {{SD-02: off, CK-01: off}}}}
menu: [{SECTION}/]
clock: {CLOCK:%Y-%m-%d}
"""


def write(corpus: Corpus, root: Path, *, engine: str = "markdown", theme: str = "bench") -> None:
    """Write the site into a new folder. `theme` is `bench`, equal to the others' themes, or `plain`, as it ships."""
    write_files(root, _files(corpus))
    write_files(root, [("ccgen.yaml", f"{_SETTINGS}theme: {theme}\nmarkdown: {{engine: {engine}}}\n")])
    shutil.copytree(THEMES / "ccgen", root / "themes" / "bench")


def article(one: Article) -> tuple[str, str]:
    """Return the path and the text of an article's file."""
    blocks = (f"::product{{{block.product}}}" if isinstance(block, Card) else block for block in one.blocks)
    front = (
        f'---\ntitle: "{one.title}"\ndate: {one.date:%Y-%m-%dT%H:%M:%SZ}\nauthors: {identifier(one.author)}\n'
        f'tags: [{", ".join(one.tags)}]\nsummary: "{one.summary}"\n---\n\n'
    )
    return f"content/{SECTION}/{one.slug}.md", front + "\n\n".join(blocks) + "\n"


def product(one: Product) -> tuple[str, str]:
    """Return the path and the text of a product's record."""
    lines = [
        f"name: {one.name}",
        f'line: "{one.line}"',
        f"maker: {one.maker}",
        "category: things",
        f"specs: {{weight: {one.weight} g}}",
        "offers:",
    ]
    lines += [
        f'  - {{merchant: {offer.merchant}, url: "{offer.url}", price: {offer.price}, checked: {offer.checked},'
        " availability: in_stock, condition: new}"
        for offer in one.offers
    ]
    return f"content/products/{one.ident}.yaml", "\n".join(lines) + "\n"


def _files(corpus: Corpus) -> Iterator[tuple[str, str]]:
    yield "content/_index.md", f"---\ntitle: {TITLE}\n---\n"
    yield "content/categories/things.yaml", "name: Things\nspecs: {weight: {label: Weight, unit: g, better: lower}}\n"
    for name in PEOPLE:
        yield f"content/people/{identifier(name)}.yaml", f'name: {name}\nbio: "{corpus.bios[name]}"\n'
    for ident, merchant in MERCHANTS.items():
        yield f"content/merchants/{ident}.yaml", _merchant(merchant)
    for maker in corpus.makers:
        text = f"name: {maker.name}\nplace: {maker.place}\nsince: {maker.since}\n"
        yield f"content/makers/{maker.ident}.yaml", text
    yield from map(product, corpus.products)
    yield from map(article, corpus.articles)


def _merchant(one: Merchant) -> str:
    shown = "always" if one.role == "ours" else "7 days"
    text = f"name: {one.name}\nrole: {one.role}\nurl: https://{one.host}/\ncurrency: USD\nshow_price: {shown}\n"
    if one.role == "affiliate":
        text += (
            f'link: "https://go.{one.host}/c/5521?u={{url}}&sid={{sub}}"\n'
            f'sub_id: {{max: 40, chars: "A-Za-z0-9_-"}}\ndomains: [go.{one.host}]\n'
        )
    return text
