"""The demo is a shop worth reading: how much there is of what, and that it says what it is."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from demo_site import BASE, UNDER, front_matter
from output_tree import faults
from support import REPOSITORY, Html

CONTENT = REPOSITORY / "content"
LONG = ("reviews", "stories", "guides")


def articles(section: str, lang: str = "") -> list[Path]:
    found = [*(CONTENT / section).glob("*.md"), *(CONTENT / section).glob("*/index*.md")]
    ending = f".{lang}.md" if lang else ".md"
    return [
        path
        for path in sorted(found)
        if path.name.endswith(ending) and not path.name.startswith("_index") and (lang or ".zh-CN." not in path.name)
    ]


def records(kind: str) -> list[Path]:
    found = [*(CONTENT / kind).glob("*.yaml"), *(CONTENT / kind).glob("*.md"), *(CONTENT / kind).glob("*/index.*")]
    return [path for path in found if ".zh-CN." not in path.name]


def words(text: str) -> int:
    return len(re.findall(r"[A-Za-z0-9][A-Za-z0-9'’-]*", text))


def characters(text: str) -> int:
    return len(re.findall(r"[\u4e00-\u9fff]", text))


def test_there_are_at_least_24_long_articles_in_english() -> None:
    counted = {path: words(front_matter(path)[1]) for section in LONG for path in articles(section)}
    assert len(counted) >= 24
    assert {str(path): count for path, count in counted.items() if count < 600} == {}
    kinds = Counter(path.relative_to(CONTENT).parts[0] for path in counted)
    assert all(kinds[section] >= 5 for section in LONG)
    assert len(articles("notes")) >= 5


def test_there_is_a_comparison() -> None:
    assert [path for path in articles("guides") if len(front_matter(path)[0].get("picks") or ()) >= 3]  # type: ignore[arg-type]


def test_there_are_at_least_10_long_articles_in_chinese() -> None:
    counted = {path: characters(front_matter(path)[1]) for section in LONG for path in articles(section, "zh-CN")}
    assert len(counted) >= 10
    assert {str(path): count for path, count in counted.items() if count < 900} == {}


def test_chinese_is_set_as_chinese() -> None:
    for section in LONG:
        for path in articles(section, "zh-CN"):
            prose = front_matter(path)[1]
            plain = re.sub(r":[a-z-]+(\[[^\]]*\])?(\{[^}]*\})?|\]\([^)]*\)", "", prose)
            found = re.search(r".{0,9}[\u4e00-\u9fff][,;:?!].{0,9}", plain)
            assert found is None, f"{path}: {found}"


def test_there_are_30_products_6_makers_and_4_merchants_of_all_roles() -> None:
    assert len(records("products")) == 30
    assert len(records("makers")) == 6
    roles = {re.search(r"(?m)^role: *(\w+)", path.read_text())[1] for path in records("merchants")}  # type: ignore[index]
    assert roles == {"ours", "stall", "affiliate", "none"}
    assert len(records("merchants")) == 4


def test_every_review_has_evidence_and_drawbacks() -> None:
    for path in articles("reviews"):
        meta, _ = front_matter(path)
        assert meta["evidence"], path
        if "rating" in meta:
            assert meta["cons"], path
            assert meta["but"], path
    rated = [path for path in articles("reviews") if "rating" in front_matter(path)[0]]
    assert len(rated) >= 8


def test_the_about_page_says_that_all_is_invented(demo: Path) -> None:
    text = Html((demo / "about/index.html").read_text()).text
    assert re.search(r"invent|made up|fictional", text)
    assert (demo / "zh-CN/about/index.html").is_file()


def test_the_clock_is_fixed() -> None:
    assert re.search(r"(?m)^clock: 20\d\d-\d\d-\d\d", (REPOSITORY / "ccgen.yaml").read_text())


def test_the_demo_builds_without_a_warning(demo: Path) -> None:
    assert (demo.parent / "done").read_text() == ""


@pytest.mark.parametrize("base", [BASE, UNDER])
def test_every_reference_of_the_demo_resolves(base: str, request: pytest.FixtureRequest) -> None:
    output = request.getfixturevalue("demo" if base == BASE else "demo_under")
    assert faults(output, base, str(REPOSITORY)) == []


def test_under_a_base_path_nothing_points_to_the_root(demo_under: Path) -> None:
    for path in demo_under.rglob("*.html"):
        for href in Html(path.read_text()).hrefs("[href]"):
            assert not href.startswith("/") or href.startswith("/doors/"), f"{path}: {href}"
        assert BASE not in path.read_text(), path


def test_purchase_links_of_every_page_have_their_rel_and_mark(demo: Path) -> None:
    counted: Counter[str] = Counter()
    for path in demo.rglob("*.html"):
        for node in Html(path.read_text()).css("a.buy"):
            rel = node.attributes.get("rel") or ""
            counted[rel] += 1
            following = node.next
            while following is not None and following.tag == "-text" and not following.text().strip():
                following = following.next
            marked = following is not None and following.attributes.get("class") == "mark"
            assert marked is (rel != "noopener"), f"{path}: {node.html}"
    assert set(counted) == {"", "noopener", "sponsored nofollow noopener"}
