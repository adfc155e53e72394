"""The corpus as a site for Hugo: its files, and which of them an article, a product and the edited template are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import MERCHANTS, PEOPLE, SECTION, Article, Card, Corpus, Product, identifier
from benchmarks.sites.files import THEMES, shipped, write_files

__all__ = ["TEMPLATE", "article", "product", "write"]

TEMPLATE = "layouts/_partials/end.html"


def write(corpus: Corpus, root: Path) -> None:
    """Write the site into a new folder. Cards are shortcodes that read `data/`."""
    shutil.copytree(THEMES / "hugo", root)
    write_files(root, _files(corpus))
    write_files(root, ((f"assets/{name}", text) for name, text in shipped().items()))


def article(one: Article) -> tuple[str, str]:
    """Return the path and the text of an article's file."""
    blocks = (f'{{{{< product "{block.product}" >}}}}' if isinstance(block, Card) else block for block in one.blocks)
    front = (
        f'---\ntitle: "{one.title}"\ndate: {one.date:%Y-%m-%dT%H:%M:%SZ}\npeople: [{one.author}]\n'
        f'tags: [{", ".join(one.tags)}]\nproducts: [{", ".join(one.products)}]\nsummary: "{one.summary}"\n---\n\n'
    )
    return f"content/{SECTION}/{one.slug}.md", front + "\n\n".join(blocks) + "\n"


def product(one: Product) -> tuple[str, str]:
    """Return the path and the text of a product's data."""
    lines = [f"name: {one.name}", f'line: "{one.line}"', f"maker: {one.maker}", f"weight: {one.weight}", "offers:"]
    lines += [
        f'  - {{merchant: {offer.merchant}, url: "{offer.url}", price: "{offer.price}", checked: "{offer.checked}"}}'
        for offer in one.offers
    ]
    return f"data/products/{one.ident}.yaml", "\n".join(lines) + "\n"


def _files(corpus: Corpus) -> Iterator[tuple[str, str]]:
    merchants = {ident: one._asdict() for ident, one in MERCHANTS.items()}
    makers = {one.ident: {**one._asdict(), "products": []} for one in corpus.makers}
    for one in corpus.products:
        makers[one.maker]["products"].append(one.ident)
    yield "data/merchants.json", json.dumps(merchants)
    yield "data/makers.json", json.dumps(makers)
    for name in PEOPLE:
        front = f'title: {name}\nbio: "{corpus.bios[name]}"\noutputs: [html, feed]'
        yield f"content/people/{identifier(name)}/_index.md", f"---\n{front}\n---\n"
    yield from map(product, corpus.products)
    yield from map(article, corpus.articles)
