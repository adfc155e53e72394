"""The corpus as a site for Pelican. It knows no products, so it is given what ccgen drew of them as finished HTML."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from benchmarks.corpus import SECTION, Article, Corpus
from benchmarks.sites.files import THEMES, shipped, write_files

__all__ = ["write"]


def write(corpus: Corpus, root: Path, built: Path, *, cards: bool = True) -> None:
    """Write the site into a new folder.

    `built` is ccgen's output of the same corpus. From it come the cards, as raw HTML blocks in the Markdown; disclosure and
    neighbours, as lines of metadata; and the pages of products and makers, as HTML. Without `cards` articles are text alone,
    which is the least that Pelican could be asked to do.
    """
    shutil.copytree(THEMES / "pelican", root)
    write_files(root, (_article(one, built, cards=cards) for one in corpus.articles))
    write_files(root, _pages(corpus, built))
    write_files(root, ((f"theme/static/{name}", text) for name, text in shipped().items()))
    records = [corpus.bios, {one.ident: one.name for one in corpus.makers}]
    robots = (built / "robots.txt").read_text(encoding="utf-8")
    write_files(root, [("records.json", json.dumps(records)), ("content/robots.txt", robots)])


def _article(one: Article, built: Path, *, cards: bool) -> tuple[str, str]:
    page = _read(built / SECTION / one.slug / "index.html")
    drawn = iter(_drawn(page, "div.prose > div.card"))
    blocks = []
    for block in one.blocks:
        if isinstance(block, str):
            blocks.append(block.replace("](story-", "]({filename}story-"))
        elif cards:
            blocks.append(next(drawn))
    assert not cards or next(drawn, None) is None, f"{one.slug} shows more cards than it has"
    meta = {
        "Title": one.title,
        "Date": f"{one.date:%Y-%m-%d %H:%M:%S}",
        "Category": SECTION,
        "Author": one.author,
        "Tags": ", ".join(one.tags),
        "Summary": one.summary,
        "Slug": one.slug,
        "Disclosure": "".join(_drawn(page, "aside.disclosure")).replace("\n", ""),
        "Neighbours": "".join(_drawn(page, "nav.neighbours")).replace("\n", ""),
    }
    front = "".join(f"{name}: {value}\n" for name, value in meta.items())
    return f"content/{one.slug}.md", f"{front}\n" + "\n\n".join(blocks) + "\n"


def _pages(corpus: Corpus, built: Path) -> Iterator[tuple[str, str]]:
    makers = {one.ident: one for one in corpus.makers}
    for one in corpus.products:
        yield _page("product", one.ident, f"{one.name} · {makers[one.maker].name}", one.line, built)
    for maker in corpus.makers:
        yield _page("maker", maker.ident, maker.name, "", built)


def _page(kind: str, ident: str, title: str, description: str, built: Path) -> tuple[str, str]:
    url = f"{kind}s/{ident}/"
    main = _read(built / url / "index.html").css_first("main")
    assert main is not None
    meta = {"url": url, "save_as": f"{url}index.html", "kind": kind, "description": description, "slug": ident}
    head = "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in meta.items())
    text = f"<html><head><title>{escape(title)}</title>\n{head}</head>\n<body>{main.inner_html}</body></html>\n"
    return f"content/pages/{ident}.html", text


def _read(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def _drawn(page: LexborHTMLParser, css: str) -> list[str]:
    """Return what ccgen drew, without blank lines, which would end a raw block in Markdown."""
    nodes = (node.html or "" for node in page.css(css))
    return ["\n".join(line for line in html.splitlines() if line.strip()) for html in nodes]
