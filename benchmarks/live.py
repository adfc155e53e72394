"""How long from saving a file to the browser's changed page: `ccgen serve` on the corpus, and a real Chromium.

`python -m benchmarks.live --sizes 1000,10000 --saves 60` (or `make bench-live`). A table in Markdown goes to standard output.

The time runs from the moment at which the saved bytes are written and closed to the one at which the page's document holds
them (`DOMContentLoaded` of the page that was loaded again), both by the machine's clock.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from benchmarks import report
from benchmarks.corpus import Article, Corpus, make_corpus
from benchmarks.programs import prepare
from benchmarks.sites import ccgen

_ARGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_SEEN = "addEventListener('DOMContentLoaded', () => { window.seenAt = Date.now() })"
_PAUSE = 0.5  # seconds between saves, as a person who types and saves often may leave
_PATIENCE = 60_000  # milliseconds


class Found(NamedTuple):
    """Milliseconds of one kind of save, one for each."""

    what: str
    times: list[float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a table for each size."""
    parser = argparse.ArgumentParser(prog="benchmarks.live", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="1000,10000", help="numbers of articles")
    parser.add_argument(
        "--saves", type=int, default=60, help="how often an article's text is saved; other files a fifth of it"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    for size in given.sizes.split(","):
        work = Path(tempfile.mkdtemp(prefix="ccgen-live-"))
        try:
            _show(int(size), *_measured(make_corpus(int(size), given.seed), work, given.saves))
        finally:
            shutil.rmtree(work, ignore_errors=True)
    print(f"\n{report.machine()}; {', '.join(f'{name} {version}' for name, version in report.versions().items())}")
    return 0


def _measured(corpus: Corpus, work: Path, saves: int) -> tuple[float, float, list[Found]]:
    """Return the seconds from start to the first page, with nothing kept and with the last preview's readings, and all
    saves.
    """
    (program,) = prepare(corpus, work, ("ccgen-commonmark",))
    article = corpus.articles[len(corpus.articles) // 2]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=_ARGS)
        page = browser.new_page()
        page.add_init_script(_SEEN)
        with _serving(program.folder) as (first, _):
            pass
        with _serving(program.folder) as (again, url):
            time.sleep(2)
            page.goto(url + ccgen.article(article)[0].removeprefix("content").removesuffix(".md") + "/")
            found = list(_saves(article, program.folder, page, saves))
        browser.close()
    return first, again, found


def _saves(article: Article, root: Path, page: Page, saves: int) -> Iterator[Found]:
    path, text = ccgen.article(article)

    def worded(number: int) -> tuple[str, str]:
        return path, f"{text}\nThe mark is text{number}.\n"

    def titled(number: int) -> tuple[str, str]:
        return ccgen.article(article._replace(title=f"The mark is title{number}"))

    def template(number: int) -> tuple[str, str]:
        kept = (root / ccgen.TEMPLATE).read_text(encoding="utf-8").partition("<!-- mark -->")[0]
        return ccgen.TEMPLATE, f"{kept}<!-- mark --><p>The mark is template{number}</p>\n"

    yield _timed("an article's text", "text", saves, worded, root, page)
    yield _timed("an article's title", "title", max(saves // 5, 3), titled, root, page)
    yield _timed("a template", "template", max(saves // 5, 3), template, root, page)


def _timed(what: str, mark: str, saves: int, edit: Callable[[int], tuple[str, str]], root: Path, page: Page) -> Found:
    times = []
    for number in range(saves):
        path, text = edit(number)
        with (root / path).open("w", encoding="utf-8") as file:
            file.write(text)
        saved = time.time() * 1000
        page.wait_for_function(
            f"document.body && document.documentElement.textContent.includes('{mark}{number}') && window.seenAt",
            timeout=_PATIENCE,
        )
        times.append(page.evaluate("window.seenAt") - saved)
        time.sleep(_PAUSE)
    return Found(what, times)


@contextmanager
def _serving(root: Path) -> Iterator[tuple[float, str]]:
    """Serve a site; give the seconds to its first page, and its address."""
    began = time.perf_counter()
    command = (sys.executable, "-m", "ccgen", "serve", "-p", "0")
    process = subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},
    )
    assert process.stdout is not None
    try:
        found = None
        while found is None:
            line = process.stdout.readline()
            assert line, "the preview ended"
            found = re.search(r"http://localhost:\d+", line)
        subprocess.run(("curl", "--silent", "--fail", "--output", os.devnull, found[0] + "/"), check=True)
        yield time.perf_counter() - began, found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
        process.stdout.close()


def _show(size: int, first: float, again: float, found: list[Found]) -> None:
    print(f"\n{size} articles: the first page {first:.1f} s after a first start, {again:.1f} s after any other\n")
    print("| saved | times | median | 95th percentile | slowest |")
    print("|---|---|---|---|---|")
    for what, times in found:
        late = quantiles(times, n=20)[-1]
        print(f"| {what} | {len(times)} | {median(times):.0f} ms | {late:.0f} ms | {max(times):.0f} ms |")


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("this needs a browser: apt install chromium")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
