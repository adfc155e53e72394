from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

REPOSITORY = Path(__file__).resolve().parents[2]
ARTICLES = 21  # two pages of a list


def run(*arguments: object, cwd: Path = REPOSITORY) -> str:
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def bodies(page: Path) -> tuple[str, int]:
    """A page's prose without what only one generator writes (`rel` on links abroad), and its cards."""
    text = page.read_text(encoding="utf-8").replace("https://bench.example/", "/").replace(' rel="noopener"', "")
    nodes = LexborHTMLParser(text)
    prose = nodes.css_first("div.prose")
    assert prose is not None
    return "".join((prose.html or "").split()), len(nodes.css("div.prose > div.card"))


def listed(page: Path) -> list[tuple[str, str]]:
    nodes = LexborHTMLParser(page.read_text(encoding="utf-8")).css("article.teaser h2 a, article.teaser h3 a")
    return [((one.attributes["href"] or "").removeprefix("https://bench.example"), one.text()) for one in nodes]


def test_the_corpus_is_the_same_every_time_and_as_large_as_promised(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        run("benchmarks.corpus", tmp_path / name, "--articles", ARTICLES, "--seed", seed)
    one = tree(tmp_path / "one")
    assert one == tree(tmp_path / "two")
    assert one != tree(tmp_path / "other")
    articles = [text for path, text in one.items() if path.startswith("content/stories/")]
    assert len(articles) == ARTICLES
    assert all(3400 < len(text) < 4500 and text.count(b"\n::product{") == 3 for text in articles)


def test_ccgen_builds_the_corpus_without_a_warning(tmp_path: Path) -> None:
    run("benchmarks.corpus", tmp_path / "site", "--articles", ARTICLES)
    built = json.loads(run("ccgen", "build", "--json", "--strict", "-s", tmp_path / "site"))
    assert built["outputs"]["article"] == ARTICLES
    assert built["outputs"]["product"] == 5
    assert not built["problems"]


def test_both_generators_draw_the_same_articles_and_lists(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    printed = run(
        "benchmarks.compare", "--articles", ARTICLES, "--rounds", 1, "--work", tmp_path / "work", "--json", figures
    )
    assert "nothing changed" in printed
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert [one["name"] for one in found["cold"]] == ["ccgen", "pelican", "pelican, no cards"]
    assert all(len(one["seconds"]) == 1 for one in found["cold"])
    if sys.platform == "linux":
        assert all(one["peak_pss"] > 5_000_000 for one in found["cold"])
    ours, theirs = tmp_path / "work" / "ccgen" / "site", tmp_path / "work" / "pelican" / "site"
    for number in range(ARTICLES):
        page = f"stories/story-{number:05d}/index.html"
        assert bodies(ours / page) == bodies(theirs / page)
        assert bodies(ours / page)[1] == 3
    pages = ["index.html", "stories/index.html", "stories/page/2/index.html"]
    pages += [str(path.relative_to(ours)) for path in sorted(ours.glob("tags/*/index.html"))]
    pages += [str(path.relative_to(ours)) for path in sorted(ours.glob("people/*/index.html"))]
    assert len(pages) > 10
    for page in pages:
        assert listed(ours / page) == listed(theirs / page), page
        assert listed(ours / page)
