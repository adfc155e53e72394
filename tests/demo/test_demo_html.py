"""Every page of the demo is valid HTML, by the Nu HTML checker."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from support import REPOSITORY

JAR = REPOSITORY / ".venv" / "vnu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def check(*files: Path) -> list[str]:
    """Run the checker over files in one call; return its errors. A missing tool fails."""
    java = shutil.which("java")
    assert java, "the HTML checker needs Java 11 or newer: apt install default-jre-headless, or brew install openjdk"
    assert JAR.is_file(), "the HTML checker is missing: run `make tools`, or bash tests/tools.sh"
    command = [java, "-Xss4m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--errors-only"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stderr)["messages"]
    return [
        f"{one.get('url', '')}:{one.get('lastLine', 0)}: {one['message']}" for one in found if one["type"] != "info"
    ]


def test_every_page_is_valid_html(demo: Path) -> None:
    pages = sorted(demo.rglob("*.html"))
    assert len(pages) > 150
    assert check(*pages) == []


def test_the_checker_sees_errors(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<!doctype html><html lang=en><title>x</title><p><div id=a></div><div id=a></div></p>")
    assert len(check(page)) >= 2
