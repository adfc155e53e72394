"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors show at their lines; knows no site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from ccgen import __version__
from ccgen.model.rule import Rule

__all__ = ["sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(problems: Iterable[Mapping[str, Any]], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Return one run with all problems, given as `text.report.problem_dict` gives them (lines and columns from 1).

    A code that is no rule's (`broken-link`) is a rule of the run by its name alone.
    """
    found = list(problems)
    ids = sorted({*rules, *(one["code"] for one in found)})
    places = {ident: number for number, ident in enumerate(ids)}
    driver = {
        "name": "ccgen",
        "semanticVersion": __version__,
        "rules": [_descriptor(ident, rules.get(ident)) for ident in ids],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, places[one["code"]]) for one in found],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _descriptor(ident: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": ident}
    return {
        "id": ident,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title}. Source: {rule.source} (looked at {rule.reviewed})."},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": list(rule.profiles)},
    }


def _result(one: Mapping[str, Any], place: int) -> dict[str, Any]:
    text = one["message"] + (f". {one['hint']}" if one["hint"] else "")
    result = {"ruleId": one["code"], "ruleIndex": place, "level": _LEVELS[one["severity"]], "message": {"text": text}}
    if not one["path"]:
        return result
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(one["path"]), "uriBaseId": "%SRCROOT%"}}
    if one["line"] is not None:
        region = {"startLine": one["line"], "startColumn": one["column"]}
        if one["length"]:
            region["endColumn"] = one["column"] + one["length"]
        physical["region"] = region
    return {**result, "locations": [{"physicalLocation": physical}]}
