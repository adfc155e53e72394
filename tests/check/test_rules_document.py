"""docs/rules.md is what the code says, covers every id of the specification, and every rule that is decided is looked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccgen.check.document import document
from ccgen.check.registry import RULES

ROOT = Path(__file__).resolve().parents[2]
# The ids of the specification, by family: the first and the last.
FAMILIES = {"LK": 15, "DS": 11, "RV": 12, "SD": 21, "PR": 14, "IM": 5, "TR": 9, "AT": 3, "CK": 4, "FD": 9, "GO": 2}


def test_every_id_has_a_rule() -> None:
    wanted = [f"{family}-{number:02}" for family, count in FAMILIES.items() for number in range(1, count + 1)]
    assert sorted(RULES) == sorted(wanted)


def test_the_page_is_made_from_the_code() -> None:
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == document(), "run `python docs/write_rules.py`"


def test_the_page_names_every_rule_once_in_its_family() -> None:
    rows = re.findall(r"^\| `([A-Z]{2}-\d\d)` \|", document().partition("## What no build can decide")[0], re.MULTILINE)
    assert sorted(rows) == sorted(RULES)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if not rule.why], ids=lambda rule: rule.id)
def test_a_decided_rule_is_looked_for_somewhere(rule: object) -> None:
    ident = rule.id  # type: ignore[attr-defined]
    sources = (path for path in (ROOT / "ccgen").rglob("*.py") if not path.name.startswith("rules_"))
    assert any(f'"{ident}"' in path.read_text(encoding="utf-8") for path in sources)
