"""Files for all sites of the benchmark: where their themes lie, how texts are written; knows no generator."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ccgen.packaged import packaged_themes

__all__ = ["THEMES", "shipped", "write_files"]

THEMES = Path(__file__).parent.parent / "themes"


def write_files(root: Path, files: Iterable[tuple[str, str]]) -> None:
    """Write texts to paths below `root`, with the folders they need."""
    made: set[Path] = set()
    for name, text in files:
        path = root / name
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text(text, encoding="utf-8")


def shipped() -> dict[str, str]:
    """Return ccgen's own style sheet and script by name: every site has the same."""
    assets = packaged_themes() / "plain" / "assets"
    return {name: (assets / name).read_text(encoding="utf-8") for name in ("plain.css", "freshness.js")}
