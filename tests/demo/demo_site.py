"""The repository's own shop, built once for all tests that look at it; knows where its parts lie."""

from __future__ import annotations

from pathlib import Path

import yaml
from support import REPOSITORY, alone

from ccgen.config import read_config
from ccgen.pipeline.building import build

BASE = "https://fivedoors.example/"
UNDER = "https://example.org/doors/"
LATER = "2027-01-20"  # sixty days after the demo's own clock: no price that was seen somewhere is fresh


def build_demo(folder: Path, base: str, *, clock: str | None = None, root: Path = REPOSITORY) -> Path:
    """Build the demo, or a copy of it at `root`, into `folder`, once, whatever number of test processes ask for it; return its output."""
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / "site"
    with alone(folder / "lock"):
        if not (folder / "done").exists():
            config, warnings = read_config(
                root, output=output, state=folder / "state", base_url=base, clock=clock, environ={}
            )
            built = build(config, warnings)
            (folder / "done").write_text("\n".join(problem.message for problem in built.warnings))
    return output


def front_matter(path: Path) -> tuple[dict[str, object], str]:
    """Return an article's front matter and its prose."""
    _, head, prose = path.read_text(encoding="utf-8").split("---\n", 2)
    found: dict[str, object] = yaml.safe_load(head)
    return found, prose
