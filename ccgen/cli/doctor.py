"""`ccgen doctor`."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click

from ccgen import __version__
from ccgen.cli.options import Options, site_options
from ccgen.cli.report import Report
from ccgen.config import Config
from ccgen.errors import CcgenError, ContentError, UsageError, has_errors
from ccgen.packaged import packaged_themes
from ccgen.pipeline.building import open_state
from ccgen.pipeline.project import plan_project
from ccgen.write.database import READINGS

__all__ = ["command"]

_LIBRARIES = ("babel", "click", "httpx", "jinja2", "markdown", "msgspec", "pillow", "pyyaml", "rich", "selectolax")
_ONLINE = "GO-"  # rules about what a site must have before it goes online


class Finding(NamedTuple):
    """One thing that was looked at; `level` is ok, note or bad."""

    level: str
    what: str
    hint: str = ""


@click.command("doctor")
@site_options
def command(options: Options) -> int:
    """Look at this machine and this site for what would be in the way."""
    report = Report(options)
    findings = [*_machine(), *_site(options)]
    if options.as_json:
        report.result(
            {"ok": all(one.level != "bad" for one in findings), "findings": [one._asdict() for one in findings]}
        )
    else:
        for one in findings:
            click.echo(f"{one.level:4}  {one.what}" + (f"\n      {one.hint}" if one.hint else ""))
    return 3 if any(one.level == "bad" for one in findings) else 0


def _machine() -> Iterator[Finding]:
    yield Finding(
        "ok", f"ccgen {__version__}, Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    )
    for name in _LIBRARIES:
        try:
            yield Finding("ok", f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding("bad", f"{name} is missing", f"install it: {sys.executable} -m pip install {name}")
    from yaml import __with_libyaml__

    if not __with_libyaml__:
        yield Finding(
            "note", "PyYAML has no libyaml here: reading is some ten times slower", "install a wheel of PyYAML"
        )
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8":
        yield Finding("bad", f"file names are {encoding} here, not UTF-8", "set LC_ALL=C.UTF-8")
    yield Finding(
        "ok", f"themes that ship with ccgen: {', '.join(sorted(one.name for one in packaged_themes().iterdir()))}"
    )


def _site(options: Options) -> Iterator[Finding]:
    try:
        config, warnings = options.config()
    except UsageError:
        yield Finding("note", "no site here", "go into a site's folder, or begin one: ccgen new site shop")
        return
    except ContentError as error:
        yield Finding("bad", f"ccgen.yaml has {len(error.problems)} problems", "see them with: ccgen check")
        return
    yield Finding("ok", f"site {config.base_url} in {config.root}")
    yield from _folders(config)
    yield from _kept(config.state)
    try:
        state = open_state(config)
        project = plan_project(config, warnings, least="warning")
    except CcgenError as error:
        yield Finding("bad", error.message, error.hint)
        return
    for problem in state.problems:
        yield Finding("note", problem.message, problem.hint)
    bad = sum(one.severity == "error" for one in project.problems)
    if has_errors(project.problems):
        yield Finding("bad", f"the site has {bad} errors", "see them with: ccgen check")
    else:
        yield Finding("ok", f"{len(project.plan.routes)} outputs are planned")
    for problem in project.problems:
        if problem.code.startswith(_ONLINE):
            yield Finding("note", f"{problem.at.path}: {problem.message}", problem.hint)
    if project.plan.next_change:
        yield Finding(
            "note", f"the site next changes by itself at {project.plan.next_change.isoformat()}: build again then"
        )


def _folders(config: Config) -> Iterator[Finding]:
    for folder in (config.output, config.state):
        place = _existing(folder)
        if os.access(place, os.W_OK):
            yield Finding("ok", f"{folder} can be written")
        else:
            yield Finding(
                "bad", f"{place} cannot be written", "change its rights, or choose another with -o or --state"
            )
    place = _existing(config.output)
    with tempfile.TemporaryDirectory(prefix=".ccgen-", dir=place if os.access(place, os.W_OK) else None) as name:
        probe = Path(name)
        (probe / "a").touch()
        if (probe / "A").exists():
            yield Finding("note", "names that differ by case are one here; ccgen refuses such pairs everywhere")


def _kept(state: Path) -> Iterator[Finding]:
    """Say how large the state folder is, and how much of it is what was read."""
    sizes = {file: file.lstat().st_size for file in state.rglob("*") if file.is_file()}
    if sizes:
        readings = sizes.get(state / READINGS, 0)
        yield Finding("ok", f"{state} takes {_megabytes(sum(sizes.values()))}, {READINGS} {_megabytes(readings)} of it")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
