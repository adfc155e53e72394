"""A site on disk whose theme is loaded, in one expression."""

from __future__ import annotations

from pathlib import Path

from ccgen.config import read_config
from ccgen.errors import Problem
from ccgen.load.theme import load_theme
from ccgen.model.theme import Theme

SETTINGS = """\
site: {{title: Shop, url: "https://shop.example/", language: en, languages: [{languages}]}}
theme: {{name: {name}, options: {{{options}}}}}
clock: 2026-11-21
"""


def load(
    root: Path, files: dict[str, str | bytes], *, name: str = "mine", options: str = "", languages: str = "en"
) -> tuple[Theme, tuple[Problem, ...]]:
    """Write the files below `root`, with a ccgen.yaml that chooses the theme `name`, and load that."""
    text = SETTINGS.format(name=name, options=options, languages=languages)
    for path, content in {"ccgen.yaml": text, **files}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    config, _ = read_config(root, environ={})
    return load_theme(config)


def codes(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    """Return each problem's code, file and field."""
    return [(problem.code, problem.at.path, problem.at.field) for problem in problems]
