"""The schemas that editors get accept what people write and refuse what the program refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ccgen.load.schema import SCHEMAS, schema_of

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = {
    "product": "products",
    "maker": "makers",
    "person": "people",
    "merchant": "merchants",
    "category": "categories",
    "review": "reviews",
    "guide": "guides",
    "note": "notes",
    "story": "stories",
    "page": "pages",
}


class Editor(yaml.SafeLoader):
    """YAML as an editor's language server sees it: numbers and flags are typed, dates are text."""


Editor.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def faults(name: str, text: str) -> list[str]:
    value: Any = yaml.load(text, Editor)
    return [
        f"{one.json_path}: {one.message}" for one in jsonschema.Draft202012Validator(schema_of(name)).iter_errors(value)
    ]


def written(folder: str) -> list[Path]:
    files = (REPOSITORY / "content" / folder).rglob("*")
    return sorted(
        one for one in files if one.suffix in {".md", ".yaml"} and "zh-CN" not in one.name and one.stem != "_index"
    )


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(name))


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_it_accepts_what_the_demo_holds(name: str) -> None:
    files = written(FOLDERS[name])
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        front = text.split("---\n")[1] if file.suffix == ".md" else text
        assert not faults(name, front), file


def test_it_accepts_the_demos_settings() -> None:
    assert not faults("settings", (REPOSITORY / "ccgen.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("product", "name: Pot\nprise: 3\n"),
        ("settings", "theme: plain\n"),
        ("product", "name: Pot\nstatus: vanished\n"),
        ("product", "name: Pot\noffers: [{url: 'https://x.example', avail: in_stock}]\n"),
        ("review", "title: T\nproduct: pot\nevidence: {obtained: stolen}\n"),
        ("merchant", "name: M\nurl: https://x.example\nrole: friend\n"),
        ("settings", "site: {title: T, url: 'https://x.example', language: en, langauge: de}\n"),
    ],
)
def test_it_refuses_what_the_program_refuses(name: str, text: str) -> None:
    assert faults(name, text)


@pytest.mark.parametrize("name", ["product", "merchant", "maker", "review"])
def test_a_translation_may_leave_out_what_it_inherits(name: str) -> None:
    assert not faults(name, "extra: {mood: calm}\n")


@pytest.mark.parametrize(
    "text",
    [
        "name: 7\nspecs: {cards: 8, flat: true}\n",
        "name: Pot\nimages: a.png\n",
        "name: Pot\noffers: https://x.example/pot\nmaker:\n",
        "name: Pot\nname@zh-CN: 锅\n",
    ],
)
def test_it_allows_the_short_forms(text: str) -> None:
    assert not faults("product", text)
