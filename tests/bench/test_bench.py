"""The benchmark, small: one corpus for all programs, outputs that say the same, edits that are made and undone, figures.

The programs run once for all tests that look at their outputs.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import edits, memory
from benchmarks.compare import main
from benchmarks.corpus import Corpus, make_corpus
from benchmarks.equality import differences, said, same_pages
from benchmarks.goals import Growth, judge, judge_growth
from benchmarks.measure import Measured
from benchmarks.programs import NAMES, Sources
from benchmarks.sites import ccgen, hugo
from benchmarks.sites.files import THEMES

REPOSITORY = Path(__file__).resolve().parents[2]
ARTICLES = 30  # two pages of a list
MEASURED = ("price", "new", "template")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


class Run:
    """One comparison of all programs."""

    def __init__(self, work: Path) -> None:
        self.folder = work / str(ARTICLES)
        done = run(
            *("benchmarks.compare", "--sizes", ARTICLES, "--rounds", 1, "--cases", ",".join(MEASURED)),
            *("--growth", 100, "--no-memory", "--work", work, "--json", work / "figures.json"),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.printed, self.told = done.stdout, done.stderr
        self.result = json.loads((work / "figures.json").read_text(encoding="utf-8"))
        (self.size,) = self.result["sizes"]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("bench") / "work")


def test_the_corpus_is_the_same_every_time_and_as_large_as_promised(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        ccgen.write(make_corpus(ARTICLES, seed), tmp_path / name)
    one = tree(tmp_path / "one")
    assert one == tree(tmp_path / "two")
    assert one != tree(tmp_path / "other")
    articles = [text for path, text in one.items() if path.startswith("content/stories/")]
    assert len(articles) == ARTICLES
    assert all(3400 < len(text) < 4500 and text.count(b"\n::product{") == 3 for text in articles)
    dates = [article.date for article in make_corpus(1000).articles]
    assert len(set(dates)) == len(dates)


def test_ccgen_builds_the_corpus_without_a_warning(tmp_path: Path) -> None:
    ccgen.write(make_corpus(ARTICLES), tmp_path / "site")
    done = run("ccgen", "build", "--json", "--strict", "-s", tmp_path / "site")
    built = json.loads(done.stdout)
    assert built["outputs"]["article"] == ARTICLES
    assert built["outputs"]["product"] == 6
    assert not built["problems"]


def test_every_program_runs_and_says_the_same(compared: Run) -> None:
    cold = {one["program"]: one for one in compared.size["builds"] if one["case"] == "cold"}
    assert tuple(cold) == NAMES
    assert {"hugo", "ccgen-markdown", "pelican"} < set(NAMES)
    assert all(len(one["seconds"]) == 1 and one["median"] > 0 and one["files"] > 60 for one in cold.values())
    assert cold["hugo"]["ratio"] == 1
    for name in ("hugo", "pelican", "ccgen-markdown"):
        assert f"{name}: the same pages, words and links" in compared.told
    for name in ("ccgen-plain", "pelican-bare"):
        assert f"{name}: the same pages\n" in compared.told
    # what the run compared was worth it
    reference = compared.folder / "reference" / "site"
    assert compared.size["pages"] == len(list(reference.rglob("*.html"))) > 50
    for number in range(ARTICLES):
        page = said(reference / f"stories/story-{number:06d}/index.html")
        assert len(page.words) > 700
        assert sum(link.startswith("/products/") for link in page.links) == 3
        assert sum("/item/" in link or "%2Fitem%2F" in link for link in page.links) >= 6
    assert not differences(reference, compared.folder / "pelican" / "site")


def test_after_the_same_edits_hugo_and_ccgen_say_the_same(compared: Run) -> None:
    after = {(one["program"], one["case"]): one for one in compared.size["builds"] if one["case"] != "cold"}
    assert {case for _, case in after} == set(MEASURED)
    theirs, ours = compared.folder / "hugo" / "site", compared.folder / "ccgen-markdown" / "site"
    assert (ours / "stories/story-new/index.html").exists()
    assert not differences(theirs, ours)
    assert "Thank you for reading" in (theirs / "stories/story-000000/index.html").read_text(encoding="utf-8")
    before = compared.folder / "reference" / "site"
    middle, product = f"stories/story-{ARTICLES // 2:06d}/index.html", "products/product-000003/index.html"
    assert set(said(ours / middle).words) - set(said(before / middle).words) >= {"Thank", "reading"}
    assert said(ours / product).words != said(before / product).words
    assert 0 < after["ccgen-markdown", "price"]["files"] < after["ccgen-markdown", "template"]["files"] == ARTICLES + 1
    assert after["hugo", "price"]["files"] > ARTICLES


def test_edits_are_undone(compared: Run, tmp_path: Path) -> None:
    corpus = make_corpus(ARTICLES)
    for module, name in ((ccgen, "ccgen-markdown"), (hugo, "hugo")):
        module.write(corpus, tmp_path / name)
        fresh = tree(tmp_path / name)
        left = tree(compared.folder / name)
        assert {path: left.get(path) for path in fresh} == fresh
        assert not [path for path in left if "story-new" in path and not path.startswith("site/")]


@pytest.mark.parametrize("case", [case for case in edits.CASES if case != "nothing"])
def test_an_edit_changes_one_file_and_comes_back(case: str, tmp_path: Path) -> None:
    corpus: Corpus = make_corpus(5)
    hugo.write(corpus, tmp_path / "site")
    before = tree(tmp_path / "site")
    done = edits.apply(case, corpus, Sources(hugo.article, hugo.product, hugo.TEMPLATE), tmp_path / "site")
    edited = tree(tmp_path / "site")
    assert len([path for path in edited if edited[path] != before.get(path)]) == 1
    edits.undo(done)
    assert tree(tmp_path / "site") == before


PAGE = "<html><head><title>One</title></head><body><main>{}<script>if (a) b()</script></main></body></html>"
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>{}</title><link href="/a/"/><content>C</content></entry>'
    "</feed>"
)
MAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://bench.example/{}</loc></url></urlset>'


def write(root: Path, *, page: str = "", feed: str = "A", place: str = "a/", name: str = "a") -> Path:
    words = page or '<p>So it is, <a href="/b/">there</a>.</p>'
    for path, text in ((f"{name}/index.html", PAGE.format(words)), ("feed.xml", FEED.format(feed))):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "sitemap.xml").write_text(MAP.format(place), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"page": '<p>So it was, <a href="/b/">there</a>.</p>'}, "words differ"),
        ({"page": '<p>So it is, <a href="/c/">there</a>.</p>'}, "links differ"),
        ({"page": "<p>So it is, there.</p>"}, "links differ"),
        ({"feed": "B"}, "feed.xml"),
        ({"place": "b/"}, "sitemap.xml"),
        ({"name": "b"}, "only in"),
    ],
)
def test_a_difference_is_found(tmp_path: Path, changed: dict[str, str], found: str) -> None:
    one, other = write(tmp_path / "one"), write(tmp_path / "other", **changed)
    assert any(found in line for line in differences(one, other))


def test_what_no_reader_sees_is_no_difference(tmp_path: Path) -> None:
    here = write(tmp_path / "one", page='<p>So <a href="https://bench.example/b/?u=1&amp;sid=x">it</a></p>')
    there = write(
        tmp_path / "other", page='<div>So\n<a rel="me" href="/b/?u=1&amp;sid=y">it</a>\n</div><style>p{}</style>'
    )
    assert differences(here, there) == []
    assert same_pages(here, there) == []


def test_outputs_that_differ_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(THEMES, tmp_path / "themes")
    settings = tmp_path / "themes" / "hugo" / "hugo.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("pagerSize: 20", "pagerSize: 19"), encoding="utf-8"
    )
    monkeypatch.setattr("benchmarks.sites.hugo.THEMES", tmp_path / "themes")
    arguments = ["--sizes", str(ARTICLES), "--rounds", "1", "--only", "hugo", "--no-memory"]
    assert main([*arguments, "--work", str(tmp_path / "work")]) == 1
    printed = capsys.readouterr()
    assert "hugo says something else:\nstories/" in printed.err
    assert "words differ" in printed.err
    assert "hugo, nothing" not in printed.err
    assert not printed.out


@pytest.mark.skipif(sys.platform != "linux", reason="no other system tells a process's proportional share")
def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    child = "import time; kept = bytearray(40_000_000); time.sleep(5)"
    parent = f"import subprocess, sys; kept = bytearray(30_000_000); subprocess.run([sys.executable, '-c', {child!r}])"
    assert 70_000_000 < memory.peak_of([sys.executable, "-c", parent], tmp_path) < 120_000_000


def measured(program: str, case: str, seconds: float, *, files: int = 0, peak: int = 0) -> Measured:
    return Measured(program, case, (seconds, seconds, 99.0), files, peak)


def test_goals_are_judged_by_medians_and_small_sites_get_a_tenth_of_a_second() -> None:
    found = [
        measured("hugo", "cold", 10, peak=1000),
        measured("pelican", "cold", 50),
        measured("ccgen-markdown", "cold", 14, peak=500),
        measured("ccgen-markdown", "nothing", 0.45, files=1),
    ]
    large = {one.goal.replace(" (+ 0.10 s)", ""): one for one in judge(found, 10_000)}
    small = {one.goal.replace(" (+ 0.10 s)", ""): one for one in judge(found, 1000)}
    assert large.keys() == small.keys()
    met = {goal: one.met for goal, one in large.items()}
    assert met == {
        "ccgen-markdown: cold / hugo's cold time": True,
        "ccgen-markdown: cold / pelican's cold time": True,
        "ccgen-markdown: nothing / hugo's cold time": False,
        "ccgen-markdown: files written when nothing changed": False,
        "ccgen-markdown: peak memory of a cold build / hugo's": True,
    }
    assert small["ccgen-markdown: nothing / hugo's cold time"].met
    assert large["ccgen-markdown: nothing / hugo's cold time"].reached == pytest.approx(0.045)


def test_growth_is_judged_by_its_last_two_sizes() -> None:
    sizes = [Growth(1000, 1, 1, 1), Growth(10_000, 2, 1, 100_000_000), Growth(100_000, 25, 1, 2_000_000_000)]
    time, room = judge_growth(sizes)
    assert (time.reached, time.met) == (12.5, False)
    assert (round(room.reached), room.met) == (21_111, True)
    assert not list(judge_growth(sizes[:1]))


def test_tables_are_markdown_with_date_versions_and_goals(compared: Run) -> None:
    assert f"### {ARTICLES:,} articles" in compared.printed
    assert re.search(r"\| hugo \| \d+\.\d", compared.printed)
    for words in ("| copying the output |", "| ccgen-markdown | one price |", "| goal | at most |"):
        assert words in compared.printed
    assert compared.result["date"][:10] in compared.printed
    assert {"ccgen", "hugo", "pelican", "Markdown", "Jinja2"} <= compared.result["versions"].keys()
    assert all(line.startswith(("|", "#")) for line in compared.printed.splitlines()[:-2] if line)


def test_growth_is_measured_for_ccgen_alone(compared: Run) -> None:
    assert [one["articles"] for one in compared.result["growth"]["sizes"]] == [1, 10, 100]
    assert all(one["cold"] > 0 < one["unchanged"] for one in compared.result["growth"]["sizes"])
    assert "| time of 100 / time of 10 articles | 12 |" in compared.printed


def test_a_name_that_nothing_has_is_refused() -> None:
    refused = run("benchmarks.compare", "--only", "jekyll")
    assert refused.returncode == 2
    assert "no such name: jekyll" in refused.stderr
