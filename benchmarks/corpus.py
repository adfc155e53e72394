"""One corpus of articles with product cards as plain values, the same for every run of one seed; knows no generator."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple

from benchmarks import prose

__all__ = [
    "ADDRESS",
    "CLOCK",
    "DESCRIPTION",
    "MERCHANTS",
    "PEOPLE",
    "SECTION",
    "TITLE",
    "Article",
    "Card",
    "Corpus",
    "Maker",
    "Merchant",
    "Offer",
    "Product",
    "identifier",
    "make_corpus",
]

ADDRESS = "https://bench.example"
TITLE = "The Long Shelf"
DESCRIPTION = "Stories about things that last."
SECTION = "stories"
CARDS = 3
CLOCK = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
_BODY_BYTES = 3500
_OLDEST_DAYS = 3000
_TAGS = tuple(
    f"{quality} {place}" for quality in ("slow", "warm", "plain", "dry", "old") for place in ("kitchen", "bench")
)
PEOPLE = ("Ada Quill", "Ben Marsh", "Cleo Tan", "Dov Ives", "Edda Lund")


class Merchant(NamedTuple):
    """A shop. `role` is ccgen's: ours, stall, affiliate (we are paid) or none."""

    name: str
    role: str
    host: str


MERCHANTS = {
    "counter": Merchant("The Long Shelf counter", "ours", "counter.bench.example"),
    "market": Merchant("Quay Market", "stall", "market.example"),
    "north": Merchant("Northshop", "affiliate", "north.example"),
    "dunmore": Merchant("Dunmore", "none", "dunmore.example"),
}
_OURS_FIRST = {"ours": 0, "stall": 1}


class Card(NamedTuple):
    """A block of an article that is a product's card."""

    product: str


class Article(NamedTuple):
    """One article. `blocks` are Markdown or cards, in order. Every article has an instant of its own, so lists have one order."""

    slug: str
    title: str
    date: dt.datetime
    author: str
    tags: tuple[str, ...]
    summary: str
    blocks: tuple[str | Card, ...]

    @property
    def products(self) -> tuple[str, ...]:
        """The products whose cards it shows, in order."""
        return tuple(block.product for block in self.blocks if isinstance(block, Card))


class Offer(NamedTuple):
    """Where a product can be bought; `price` in US dollars with two places."""

    merchant: str
    url: str
    price: str
    checked: dt.date


class Product(NamedTuple):
    """One product; its offers stand in the order in which ccgen shows them: our own, our stall, then by price."""

    ident: str
    name: str
    line: str
    maker: str
    weight: int
    offers: tuple[Offer, ...]


class Maker(NamedTuple):
    """Who makes products."""

    ident: str
    name: str
    place: str
    since: int


class Corpus(NamedTuple):
    """All that a generator is given. `spare` is newer than all articles, and written only where a measurement adds one."""

    articles: tuple[Article, ...]
    spare: Article
    products: tuple[Product, ...]
    makers: tuple[Maker, ...]
    bios: dict[str, str]


def make_corpus(articles: int, seed: int = 1) -> Corpus:
    """Make `articles` articles of about 3.5 KB and a fifth as many products (at least five), newest article first."""
    random_ = random.Random(seed)
    products = max(5, articles // 5)
    makers = max(2, products // 20)
    return Corpus(
        articles=tuple(_article(random_, number, articles, products) for number in range(articles)),
        spare=_article(random_, 0, articles, products)._replace(slug="story-new", date=CLOCK - dt.timedelta(hours=1)),
        products=tuple(_product(random_, number, makers) for number in range(products)),
        makers=tuple(Maker(f"maker-{n:04d}", f"Maker {n}", "Ulm", 1950 + n % 70) for n in range(makers)),
        bios={name: _plain(prose.sentence(random_)) for name in PEOPLE},
    )


def identifier(name: str) -> str:
    """Return the part of a URL that stands for a name of this corpus."""
    return name.lower().replace(" ", "-")


def _article(random_: random.Random, number: int, count: int, products: int) -> Article:
    title = prose.title(random_)
    shown = random_.sample(range(products), CARDS)
    linked = random_.randrange(count)
    age = dt.timedelta(minutes=24 * 60 + (number * _OLDEST_DAYS * 24 * 60) // count)
    return Article(
        slug=f"story-{number:06d}",
        title=title,
        date=CLOCK - age,
        author=random_.choice(PEOPLE),
        tags=tuple(sorted(random_.sample(_TAGS, 2))),
        summary=_plain(prose.sentence(random_)),
        blocks=_blocks(random_, [Card(f"product-{one:06d}") for one in shown], linked),
    )


def _blocks(random_: random.Random, cards: list[Card], linked: int) -> tuple[str | Card, ...]:
    older = f"[an older story](story-{linked:06d}.md)"
    library = f"[the library](https://library.example/shelf/{linked})"
    fixed = [
        f"Some of this I wrote before, in {older}, and some at {library}. {prose.paragraph(random_, 3)}",
        f"## {prose.heading(random_)}",
        "\n".join(f"- {prose.sentence(random_)}" for _ in range(4)),
        f"> {prose.paragraph(random_, 2)}",
        f"## {prose.heading(random_)}",
        "\n".join(f"{number}. {prose.sentence(random_)}" for number in range(1, 4)),
    ]
    size = sum(len(one) + 2 for one in fixed) + 27 * len(cards)
    paragraphs: list[str] = []
    while size < _BODY_BYTES:
        paragraphs.append(prose.paragraph(random_, random_.randint(3, 5)))
        size += len(paragraphs[-1]) + 2
    third = max(1, len(paragraphs) // 3)
    first, second, last = paragraphs[:third], paragraphs[third : 2 * third], paragraphs[2 * third :]
    link, heading, bullets, quote, heading_2, steps = fixed
    return (link, *first, cards[0], heading, bullets, *second, cards[1], quote, heading_2, steps, *last, cards[2])


def _product(random_: random.Random, number: int, makers: int) -> Product:
    quality, thing = random_.choice(prose.word_list("quality")), random_.choice(prose.word_list("thing"))
    offers = [
        Offer(
            merchant=merchant,
            url=f"https://{MERCHANTS[merchant].host}/item/{number}",
            price=f"{random_.randrange(5, 300)}.{random_.randrange(10, 90)}",
            checked=CLOCK.date() - dt.timedelta(days=3),
        )
        for merchant in random_.sample(sorted(MERCHANTS), random_.choice((2, 3)))
    ]
    offers.sort(key=lambda one: (_OURS_FIRST.get(MERCHANTS[one.merchant].role, 2), float(one.price)))
    return Product(
        ident=f"product-{number:06d}",
        name=f"{quality} {thing} {number}".capitalize(),
        line=_plain(prose.sentence(random_)),
        maker=f"maker-{random_.randrange(makers):04d}",
        weight=random_.randrange(20, 2000),
        offers=tuple(offers),
    )


def _plain(markdown: str) -> str:
    return markdown.replace("*", "")
