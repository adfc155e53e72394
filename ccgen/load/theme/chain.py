"""Which themes a site is drawn with: where themes lie, and the chain from the chosen one to `plain`."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.load.theme.files import SITE, ThemeFolder, read_folder
from ccgen.load.theme.manifest import Manifest, read_manifest
from ccgen.load.theme.versions import fits
from ccgen.packaged import PACKAGED, ROOT_THEME, packaged_themes
from ccgen.text.near import nearest

__all__ = ["Link", "find_themes", "read_chain"]

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_TAKEN = frozenset({SITE, "article", "cards", "directives", "parts", "templates"})  # templates' names begin with these


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One theme of a chain, read."""

    folder: ThemeFolder
    manifest: Manifest


def find_themes(root: Path) -> dict[str, tuple[Path, str]]:
    """Return every theme that a site in `root` can use: its folder, and what messages call that. Its own come first."""
    found: dict[str, tuple[Path, str]] = {}
    packaged, own = packaged_themes(), root / "themes"
    places = [(own, "themes/")] if own.is_dir() else []
    if not own.is_dir() or not own.samefile(packaged):
        places.append((packaged, PACKAGED))
    for place, start in places:
        for folder in sorted(place.iterdir()):
            if folder.is_dir() and not folder.name.startswith("."):
                found.setdefault(folder.name, (folder, start + folder.name))
    return found


def read_chain(config: Config) -> tuple[tuple[Link, ...], tuple[Problem, ...]]:
    """Read the chosen theme and all that it extends, nearest first; the last is always `plain`.

    Where the chain breaks (a theme that is not there, a ring, a version that does not fit) it goes on with `plain`.
    """
    themes = find_themes(config.root)
    problems: list[Problem] = []
    chain: list[Link] = []
    name, at = config.settings.theme.name, At(path="ccgen.yaml", field="theme.name")
    while True:
        problem = _find_fault(name, at, themes, chain, config.root)
        if problem is not None:
            problems.append(problem)
            name = ROOT_THEME
        folder, label = themes[name]
        read, found = read_folder(folder, name=name, path=label, limits=config.settings.limits)
        manifest, wrong = read_manifest(read)
        problems.extend((*found, *wrong))
        if chain and problem is None:
            problems.extend(_check_version(chain[-1].manifest, manifest))
        chain.append(Link(folder=read, manifest=manifest))
        if manifest.parent is None:
            return tuple(chain), tuple(problems)
        name, at = manifest.parent.name, At(path=manifest.path, field="extends")


def _find_fault(
    name: str, at: At, themes: dict[str, tuple[Path, str]], chain: list[Link], root: Path
) -> Problem | None:
    if any(link.manifest.name == name for link in chain):
        names = [link.manifest.name for link in chain]
        ring = " → ".join(f"`{one}`" for one in (*names[names.index(name) :], name))
        return Problem(
            code="theme-cycle", message=f"themes extend each other: {ring}", at=at, hint="extend `plain` at the end"
        )
    if name not in themes:
        near = nearest(name, themes)
        hint = f"did you mean `{near}`?" if near else f"there are {', '.join(f'`{one}`' for one in sorted(themes))}"
        return Problem(code="unknown-theme", message=f"no theme `{name}`", at=at, hint=hint)
    if not _NAME.fullmatch(name) or name in _TAKEN:
        hint = "rename its folder: small letters, digits and `-`, no name of a folder of templates"
        return Problem(code="bad-name", message=f"`{name}` cannot be a theme's name", at=at, hint=hint)
    folder, label = themes[name]
    if label.startswith("themes/") and not folder.resolve().is_relative_to(root.resolve()):
        hint = "copy the theme into the site"
        return Problem(
            code="unsafe-link", message=f"the link `{label}` leads out of the site", at=At(path=label), hint=hint
        )
    return None


def _check_version(child: Manifest, parent: Manifest) -> tuple[Problem, ...]:
    wanted = child.parent
    if wanted is None or fits(parent.version, wanted.versions):
        return ()
    message = f"`{child.name}` extends `{parent.name} {wanted.versions}`, and {parent.version} is here"
    at = At(path=child.path, field="extends")
    return (Problem(code="theme-version", message=message, at=at, hint=f"get another version of `{parent.name}`"),)
