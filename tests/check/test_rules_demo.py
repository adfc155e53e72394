"""The demo shop breaks no rule of any profile; a copy of it with one fault of each kind reports exactly those."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import REPOSITORY

from ccgen.check.registry import RULES
from ccgen.config import read_config
from ccgen.pipeline.checking import check
from ccgen.pipeline.project import plan_project

ALL = "check: {profiles: [google, eu, us, uk, de, amazon, cn]}\n"
SCALE, GUIDE = "content/reviews/osk-scale/index.md", "content/guides/pour-over-gear/index.md"
TONER, GRINDER = "content/reviews/toner/index.md", "content/reviews/osk-hand-grinder/index.md"
BUT = 'but: "It dribbles whenever you pour slowly, which is how coffee is poured."\n'
# (rule, file, what stands there, what stands there instead)
FAULTS = (
    ("AT-02", "content/merchants/northshop.yaml", "sid={sub}", "sid={sub}&who=tom@fivedoors.example"),
    ("CK-01", "ccgen.yaml", "  returns: pages/returns.md\n", ""),
    ("DS-10", "content/reviews/chili-crisp/index.md", "obtained: ours", "obtained: bought"),
    ("IM-02", "content/stories/broth/index.md", ", ours: yes}", "}"),
    ("LK-08", "content/products/osk-dripper/index.md", "https://www.northshop.example/", "https://elsewhere.example/"),
    ("PR-05", "content/products/osk-server/index.md", ", checked: 2026-11-17", ""),
    ("PR-12", "content/products/navel-5kg/index.md", "contains: 5 kg\n", ""),
    ("PR-14", "content/stories/broth/index.md", "\n---\n", "\n---\nHurry.\n\n::product{bone-broth}\n\n"),
    ("RV-02", "content/people/tom.md", "name: Tom", "name: Tom! Best deals"),
    ("RV-10", SCALE, "scores: {accuracy: 4.5, handling: 2.5, battery: 4}\n", ""),
    ("SD-12", "content/products/osk-scale/index.md", "category:", 'gtin: "2012345678903"\ncategory:'),
    ("SD-13", "content/products/osk-scale/index.md", "category:", "sku: a b\ncategory:"),
    ("SD-18", TONER, "rating: 3\n", "rating: 3\nupdates: [{date: 2026-12-24, note: More.}]\n"),
    ("TR-01", "content/reviews/harrow-travel/index.md", BUT, ""),
    ("TR-02", GUIDE, "badge: Buy third", "badge: Buy first"),
    ("TR-04", GRINDER, 'title: "', 'title: "2019: '),
)  # fmt: skip


# What is an error of reading: guides are then looked at no further, for a pick may lack its review's words.
AT_READING = {"LK-08", "PR-05", "TR-01"}


def copy(to: Path) -> Path:
    for name in ("content", "static", "data", "themes", "directives"):
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, to / name)
    shutil.copy(REPOSITORY / "ccgen.yaml", to / "ccgen.yaml")
    return to


def broken(root: Path) -> list[tuple[str, str]]:
    config, warnings = read_config(root, environ={})
    problems = plan_project(config, warnings, least="info").problems
    return sorted((one.code, one.at.path) for one in problems)


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("profiles", ["", ALL], ids=["default", "all"])
def test_the_demo_breaks_no_rule(tmp_path: Path, profiles: str) -> None:
    root = copy(tmp_path)
    with (root / "ccgen.yaml").open("a", encoding="utf-8") as file:
        file.write(profiles)
    config, warnings = read_config(root, environ={})
    assert not check(config, warnings)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_one_fault_is_told_and_nothing_else(tmp_path: Path, fault: tuple[str, str, str, str]) -> None:
    rule, file, old, new = fault
    root = copy(tmp_path)
    edit(root, file, old, new)
    assert rule in RULES
    assert broken(root) == [(rule, file)]


def test_faults_of_every_kind_at_once_are_told_and_nothing_else(tmp_path: Path) -> None:
    root = copy(tmp_path)
    chosen = [fault for fault in FAULTS if fault[0] not in AT_READING]
    for _, file, old, new in chosen:
        edit(root, file, old, new)
    assert broken(root) == sorted((rule, file) for rule, file, _, _ in chosen)
