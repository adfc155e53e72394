"""`ccgen check`: what it says of rules, as text, JSON and SARIF, and that it looks at finished pages where they are fresh."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import Shop, ShopMaker, here, review

from ccgen.check.registry import RULES
from ccgen.cli.sarif import sarif
from ccgen.errors import Problem

CLAIM = {"content/reviews/pot.md": review("Text.\n\n![x](nowhere.png)\n", title="We tested it — 实测 😀", rating="4", verdict="x", but="x", cons=["x"])}  # fmt: skip


def site_with(shop: ShopMaker, **files: str) -> Shop:
    return shop({"content/reviews/pot.md": review(title="We tested it", **files)})


def test_a_rule_is_explained_without_a_site(tmp_path: Path) -> None:
    done = here("check", "--explain", "pr-05", cwd=tmp_path)
    assert done.code == 0
    assert done.out.startswith("PR-05: a price has no date\n  counts here as  error\n")
    assert RULES["PR-05"].source in done.out
    assert "waive: [{rule: PR-05, at:" in done.out


def test_a_rule_is_explained_with_what_counts_here(shop: ShopMaker) -> None:
    site = shop(settings={"check": {"severity": {"PR-05": "off"}}})
    assert "counts here as  nothing: it is off" in here("check", "--explain", "PR-05", cwd=site.root).out
    assert here("check", "--explain", "PR-05", "--json", cwd=site.root).json["severity"] is None


def test_an_unknown_rule_has_the_nearest_as_a_hint(tmp_path: Path) -> None:
    done = here("check", "--explain", "PR-5", cwd=tmp_path)
    assert (done.code, "did you mean `PR-05`?" in done.err) == (2, True)


def test_every_rule_is_listed_with_the_reason_where_no_build_can_tell(tmp_path: Path) -> None:
    done = here("check", "--rules", cwd=tmp_path)
    rows = {line.split("\t")[0]: line.split("\t") for line in done.out.splitlines()}
    assert rows.keys() == RULES.keys()
    for ident, rule in RULES.items():
        assert rule.why in rows[ident][3]
        assert bool(rule.why) == ("no build can tell" in rows[ident][3])
    listed = here("check", "--rules", "--json", cwd=tmp_path).json["rules"]
    assert [one["rule"] for one in listed] == list(RULES)
    assert {one["why"] for one in listed if one["decided"] == ["never"]}.isdisjoint({""})


def test_json_says_which_rule_and_what_to_do(shop: ShopMaker) -> None:
    done = here("check", "--json", cwd=site_with(shop).root)
    (one,) = done.json["problems"]
    assert done.code == 1
    assert (one["rule"], one["severity"], one["profiles"]) == ("RV-01", "error", ["all"])
    assert one["fix"] == RULES["RV-01"].fix
    assert (one["path"], one["line"]) == ("content/reviews/pot.md", 2)


def test_infos_fail_nothing_not_even_strictly(shop: ShopMaker) -> None:
    two = {"url": "https://far.example/2", "id": "two"}
    site = shop({"content/products/pot.yaml": {"name": "Pot", "offers": ["https://far.example/pot", two]}})
    done = here("check", "--strict", cwd=site.root)
    assert (done.code, "info[TR-06]" in done.err) == (0, True)
    assert done.err.rstrip().endswith("1 note")


# --- SARIF -----------------------------------------------------------------------------------------------------------


def valid(log: dict[str, Any]) -> list[dict[str, Any]]:
    """Hold a log to what SARIF 2.1.0 requires; return its results."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "ccgen"
    ids = [one["id"] for one in driver["rules"]]
    assert len(ids) == len(set(ids))
    for one in driver["rules"]:
        assert all(one[key]["text"] for key in ("shortDescription", "fullDescription", "help") if key in one)
        assert one.get("defaultConfiguration", {"level": "note"})["level"] in {"error", "warning", "note", "none"}
    for result in run["results"]:
        assert result["message"]["text"]
        assert result["level"] in {"error", "warning", "note", "none"}
        assert ids[result["ruleIndex"]] == result["ruleId"]
        for location in result.get("locations", []):
            physical = location["physicalLocation"]
            assert physical["artifactLocation"]["uri"].isascii()
            assert not physical["artifactLocation"]["uri"].startswith("/")
            region = physical.get("region", {"startLine": 1, "startColumn": 1})
            assert region["startLine"] >= 1
            assert region["startColumn"] >= 1
            assert region.get("endColumn", region["startColumn"] + 1) > region["startColumn"]
    results: list[dict[str, Any]] = run["results"]
    return results


def test_sarif_has_every_problem_at_its_line(shop: ShopMaker, tmp_path: Path) -> None:
    site, file = shop(CLAIM), tmp_path / "found.sarif"
    done = here("check", "--sarif", file, cwd=site.root)
    assert done.code == 1
    results = valid(json.loads(file.read_text(encoding="utf-8")))
    assert {one["ruleId"] for one in results} == {"missing-image"}  # what cannot be read comes first
    region = results[0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (13, 6)
    site.edit("content/reviews/pot.md", "![x](nowhere.png)", "x")
    printed = here("check", "--sarif", "-", cwd=site.root)
    results = valid(printed.json)
    assert [(one["ruleId"], one["level"]) for one in results] == [("RV-01", "error"), ("RV-10", "warning")]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "content/reviews/pot.md"


def test_sarif_of_strange_places() -> None:
    problem = {"severity": "info", "code": "x-y", "message": "m", "path": "content/茶 a.md", "line": None, "column": None, "length": None, "hint": ""}  # fmt: skip
    results = valid(sarif([problem, {**problem, "path": ""}], RULES))
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "content/%E8%8C%B6%20a.md"
    assert "locations" not in results[1]


def test_sarif_of_settings_that_cannot_be_read(shop: ShopMaker) -> None:
    site = shop()
    (site.root / "ccgen.yaml").write_text("site: {title: x}\n")
    done = here("check", "--sarif", "-", cwd=site.root)
    assert done.code == 2
    assert {one["ruleId"] for one in valid(done.json)} == {"missing-field"}


def test_two_results_at_once_are_refused(shop: ShopMaker) -> None:
    assert here("check", "--json", "--sarif", "-", cwd=shop().root).code == 2


def test_a_file_that_cannot_be_written_is_the_machine_s_fault(shop: ShopMaker) -> None:
    done = here("check", "--sarif", "no/such/folder/x.sarif", cwd=shop().root)
    assert (done.code, "cannot-write" in done.err) == (3, True)


# --- finished pages --------------------------------------------------------------------------------------------------


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return sorted((one.code, one.at.path) for one in problems)


THEME = {
    "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\n",
    "themes/mine/templates/parts/mine.html": "x",
    "themes/mine/templates/article/note.html": '{% extends "base.html" %}{% block main %}<a href="https://x.example/" target="_blank">x</a>{% endblock %}',
    "content/notes/a.md": "---\ndate: 2026-05-01\n---\nText.\n",
}


def test_check_finds_the_same_before_and_after_a_build(shop: ShopMaker) -> None:
    site = shop(THEME, settings={"theme": "mine"})
    before = codes(site.check())
    assert ("LK-12", "content/notes/a.md") in before
    site.build()
    assert codes(site.check()) == before


def test_check_reads_a_fresh_page_and_draws_a_stale_one(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    from ccgen.render import Renderer

    drawn: list[str] = []
    render = Renderer.render
    monkeypatch.setattr(Renderer, "render", lambda self, route: (drawn.append(route.url), render(self, route))[1])
    site = shop(THEME, settings={"theme": "mine"}).build()
    drawn.clear()
    site.check()
    assert drawn == []
    site.edit("content/notes/a.md", "Text.", "Other text.")
    site.check()
    assert "/notes/a/" in drawn
    assert "/products/pot/" not in drawn
    drawn.clear()
    page = site.file("/products/pot/")
    page.write_text(page.read_text() + " ")
    site.check()
    assert "/products/pot/" in drawn, "somebody changed it: what is there is not what a build makes"


LEDGER = "date,offer,amount,currency,source\n2026-05-01,pot/far,9.00,USD,record\n"
SUB_IDS = "sub,article,slot,product,merchant,first\npot-1,en:reviews/pot,product-1,pot,far,2026-05-01\n"


def test_a_damaged_ledger_and_map_are_told_though_nothing_needs_them(shop: ShopMaker) -> None:
    site = shop({"data/prices.csv": LEDGER, "data/subids.csv": SUB_IDS})
    assert here("check", cwd=site.root).code == 0
    site.write({"data/prices.csv": LEDGER + "2026-05-02,pot/far,8,5,USD,record\n", "data/subids.csv": SUB_IDS + "x\n"})
    site.build()  # which has no use for either
    done = here("check", "--json", cwd=site.root)
    told = [(one["code"], one["path"], one["line"]) for one in done.json["problems"] if one["severity"] == "error"]
    assert done.code == 1
    assert told == [("damaged-ledger", "data/prices.csv", 3), ("bad-sub-ids", "data/subids.csv", 3)]


def test_a_damaged_ledger_that_is_needed_is_told_once(shop: ShopMaker) -> None:
    was = {"price": "12.00", "seen": "2026-05-20"}
    offer = {"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31", "was": was}
    site = shop({"content/products/pot.yaml": {"name": "Pot", "offers": [offer]}, "data/prices.csv": LEDGER + "cut"})
    err = here("check", cwd=site.root).err
    assert (err.count("error[damaged-ledger]"), "1 error" in err) == (1, True), err
