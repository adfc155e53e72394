"""One corpus of articles with product cards, the same for every run, written for ccgen and for Pelican.

`python -m benchmarks.corpus FOLDER --articles 1000` writes the site for ccgen. The corpus for Pelican needs the pages that
ccgen made of it, for its articles hold the cards as finished HTML: see `write_pelican`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from benchmarks import prose

__all__ = ["Article", "Corpus", "make_corpus", "write_ccgen", "write_pelican"]

ADDRESS = "https://bench.example"
TITLE = "The Long Shelf"
SECTION = "stories"
CARDS = 3
_HERE = Path(__file__).parent
_BODY_BYTES = 3500
_CLOCK = dt.date(2026, 11, 21)
_OLDEST_DAYS = 3000
_TAGS = tuple(
    f"{quality} {place}" for quality in ("slow", "warm", "plain", "dry", "old") for place in ("kitchen", "bench")
)
_MERCHANTS = {
    "counter": "name: The Long Shelf counter\nrole: ours\nurl: https://counter.bench.example/\ncurrency: USD\n"
    "show_price: always\n",
    "market": "name: Quay Market\nrole: stall\nurl: https://market.example/\ncurrency: USD\nshow_price: 7 days\n",
    "north": "name: Northshop\nrole: affiliate\nurl: https://north.example/\ncurrency: USD\nshow_price: 7 days\n"
    'link: "https://go.north.example/c/5521?u={url}&sid={sub}"\nsub_id: {max: 40, chars: "A-Za-z0-9_-"}\n'
    "domains: [go.north.example]\n",
    "dunmore": "name: Dunmore\nrole: none\nurl: https://dunmore.example/\ncurrency: USD\nshow_price: 7 days\n",
}
_HOSTS = {
    "counter": "counter.bench.example",
    "market": "market.example",
    "north": "north.example",
    "dunmore": "dunmore.example",
}
_PEOPLE = ("Ada Quill", "Ben Marsh", "Cleo Tan", "Dov Ives", "Edda Lund")
_SETTINGS = f"""\
site:
  title: {TITLE}
  url: {ADDRESS}/
  language: en
  timezone: UTC
  currency: USD
  description: Stories about things that last.
seller: {{name: {TITLE}, contact: desk@bench.example, country: DE}}
check: {{severity: {{SD-02: off, CK-01: off}}}}
theme: plain
menu: [{SECTION}/]
clock: {_CLOCK}
"""


class Article(NamedTuple):
    """One article. `blocks` are Markdown blocks in order; a block that is a product's id alone, with `::`, is a card."""

    slug: str
    title: str
    date: dt.date
    author: str
    tags: tuple[str, ...]
    summary: str
    blocks: tuple[str, ...]


class Corpus(NamedTuple):
    """All that both generators are given. `records` maps a path below `content/` to its text."""

    articles: tuple[Article, ...]
    records: dict[str, str]


def make_corpus(articles: int, seed: int = 1) -> Corpus:
    """Make a corpus of `articles` articles of about 3.5 KB and a fifth as many products (at least five)."""
    random_ = random.Random(seed)
    products = max(5, articles // 5)
    made = tuple(_articles(random_, articles, products))
    return Corpus(made, dict(_records(random_, products)))


def write_ccgen(corpus: Corpus, root: Path) -> None:
    """Write the corpus as a site for ccgen into a new folder."""
    _write(root / "ccgen.yaml", _SETTINGS)
    for path, text in corpus.records.items():
        _write(root / "content" / path, text)
    for one in corpus.articles:
        front = (
            f'---\ntitle: "{one.title}"\ndate: {one.date}\nauthors: {_ident(one.author)}\n'
            f'tags: [{", ".join(one.tags)}]\nsummary: "{one.summary}"\n---\n\n'
        )
        _write(root / "content" / SECTION / f"{one.slug}.md", front + "\n\n".join(one.blocks) + "\n")


def write_pelican(corpus: Corpus, root: Path, built: Path, *, cards: bool = True) -> None:
    """Write the corpus for Pelican into a new folder.

    `built` is ccgen's output of the same corpus: from it come the cards, as raw HTML blocks in the Markdown, and the
    stylesheet. Without `cards` they are left out altogether, which is the least that Pelican could be asked to do.
    """
    for one in corpus.articles:
        page = LexborHTMLParser((built / SECTION / one.slug / "index.html").read_text(encoding="utf-8"))
        drawn = iter(_drawn(page, "div.prose > div.card"))
        disclosure = "".join(_drawn(page, "aside.disclosure")).replace("\n", "")
        blocks = []
        for block in one.blocks:
            if not block.startswith("::"):
                blocks.append(_pelican_links(block))
            elif cards:
                blocks.append(next(drawn))
        front = (
            f"Title: {one.title}\nDate: {one.date}\nCategory: {SECTION}\nAuthor: {one.author}\n"
            f"Tags: {', '.join(one.tags)}\nSummary: {one.summary}\nSlug: {one.slug}\n"
            f"Disclosure: {disclosure}\n\n"
        )
        _write(root / "content" / f"{one.slug}.md", front + "\n\n".join(blocks) + "\n")
    shutil.copytree(_HERE / "pelican" / "theme", root / "theme")
    shutil.copy(_HERE / "pelican" / "pelicanconf.py", root / "pelicanconf.py")
    style = next(iter(sorted((built / "assets").glob("plain.*.css"))))
    _write(root / "theme" / "static" / "plain.css", style.read_text(encoding="utf-8"))


def _articles(random_: random.Random, count: int, products: int) -> Iterator[Article]:
    for number in range(count):
        title = prose.title(random_)
        shown = random_.sample(range(products), CARDS)
        linked = random_.randrange(count)
        yield Article(
            slug=f"story-{number:05d}",
            title=title,
            date=_CLOCK - dt.timedelta(days=1 + (number * _OLDEST_DAYS) // count),
            author=random_.choice(_PEOPLE),
            tags=tuple(sorted(random_.sample(_TAGS, 2))),
            summary=prose.sentence(random_).replace("*", ""),
            blocks=tuple(_blocks(random_, [f"::product{{product-{one:05d}}}" for one in shown], linked)),
        )


def _blocks(random_: random.Random, cards: list[str], linked: int) -> Iterator[str]:
    older, library = (
        f"[an older story](story-{linked:05d}.md)",
        f"[the library](https://library.example/shelf/{linked})",
    )
    fixed = [
        f"Some of this I wrote before, in {older}, and some at {library}. {prose.paragraph(random_, 3)}",
        f"## {prose.heading(random_)}",
        "\n".join(f"- {prose.sentence(random_)}" for _ in range(4)),
        f"> {prose.paragraph(random_, 2)}",
        f"## {prose.heading(random_)}",
        "\n".join(f"{number}. {prose.sentence(random_)}" for number in range(1, 4)),
    ]
    size = sum(len(one) + 2 for one in (*fixed, *cards))
    paragraphs = []
    while size < _BODY_BYTES:
        paragraphs.append(prose.paragraph(random_, random_.randint(3, 5)))
        size += len(paragraphs[-1]) + 2
    third = max(1, len(paragraphs) // 3)
    first, second, last = paragraphs[:third], paragraphs[third : 2 * third], paragraphs[2 * third :]
    link, heading, bullets, quote, heading_2, steps = fixed
    yield from (link, *first, cards[0], heading, bullets, *second, cards[1], quote, heading_2, steps, *last, cards[2])


def _records(random_: random.Random, products: int) -> Iterator[tuple[str, str]]:
    makers = max(2, products // 20)
    yield "_index.md", f"---\ntitle: {TITLE}\n---\n"
    for name in _PEOPLE:
        yield f"people/{_ident(name)}.yaml", f'name: {name}\nbio: "{prose.sentence(random_)}"\n'
    for ident, text in _MERCHANTS.items():
        yield f"merchants/{ident}.yaml", text
    for number in range(makers):
        yield f"makers/maker-{number:04d}.yaml", f"name: Maker {number}\nplace: Ulm\nsince: {1950 + number % 70}\n"
    yield "categories/things.yaml", "name: Things\nspecs: {weight: {label: Weight, unit: g, better: lower}}\n"
    for number in range(products):
        yield f"products/product-{number:05d}.yaml", _product(random_, number, makers)


def _product(random_: random.Random, number: int, makers: int) -> str:
    name = (
        f"{random_.choice(prose.word_list('quality'))} {random_.choice(prose.word_list('thing'))} {number}".capitalize()
    )
    lines = [
        f"name: {name}",
        f'line: "{prose.sentence(random_).replace("*", "")}"',
        f"maker: maker-{random_.randrange(makers):04d}",
        "category: things",
        f"specs: {{weight: {random_.randrange(20, 2000)} g}}",
        "offers:",
    ]
    for merchant in random_.sample(sorted(_MERCHANTS), random_.choice((2, 3))):
        price = f"{random_.randrange(5, 300)}.{random_.randrange(100):02d}"
        url = f"https://{_HOSTS[merchant]}/item/{number}"
        lines.append(
            f'  - {{merchant: {merchant}, url: "{url}", price: {price}, checked: {_CLOCK - dt.timedelta(days=3)},'
            " availability: in_stock, condition: new}"
        )
    return "\n".join(lines) + "\n"


def _drawn(page: LexborHTMLParser, css: str) -> list[str]:
    """Return what ccgen drew, without blank lines, which would end a raw block in Markdown."""
    nodes = (node.html or "" for node in page.css(css))
    return ["\n".join(line for line in html.splitlines() if line.strip()) for html in nodes]


def _pelican_links(block: str) -> str:
    return block.replace("](story-", "]({filename}story-")


def _ident(name: str) -> str:
    return name.lower().replace(" ", "-")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Write the corpus for ccgen."""
    parser = argparse.ArgumentParser(description="Write the benchmark corpus as a site for ccgen.")
    parser.add_argument("folder", type=Path, help="a folder that does not exist yet")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.folder.exists():
        parser.error(f"{given.folder} exists")
    write_ccgen(make_corpus(given.articles, given.seed), given.folder)


if __name__ == "__main__":
    main()
