"""Which themes a site is drawn with: where themes lie, and the chain from the chosen one to `plain`."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

import ccgen
from ccgen.config import Config
from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.load.theme.files import SITE, ThemeFolder, read_folder
from ccgen.load.theme.manifest import ROOT_THEME, Manifest, read_manifest
from ccgen.text.near import nearest

__all__ = ["Link", "find_themes", "packaged_themes", "read_chain", "theme_file"]

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_TAKEN = frozenset({SITE, "article", "cards", "directives", "parts", "templates"})  # templates' names begin with these
_PACKAGED = "theme:"  # before the name of a packaged theme in paths of messages


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One theme of a chain, read."""

    folder: ThemeFolder
    manifest: Manifest


def packaged_themes() -> Path:
    """Return the folder of the themes that ship with ccgen: in the package (a wheel), else beside it (a checkout).

    :raises EnvironmentFault: when the installation has lost them.
    """
    package = Path(ccgen.__file__).resolve().parent
    for folder in (package / "themes", package.parent / "themes"):
        if (folder / ROOT_THEME / "theme.yaml").is_file():
            return folder
    raise EnvironmentFault("the themes that ship with ccgen are missing", code="no-themes", hint="install ccgen again")


def find_themes(root: Path) -> dict[str, tuple[Path, str]]:
    """Return every theme that a site in `root` can use: its folder, and what messages call that. Its own come first."""
    found: dict[str, tuple[Path, str]] = {}
    packaged, own = packaged_themes(), root / "themes"
    places = [(own, "themes/")] if own.is_dir() else []
    if not own.is_dir() or not own.samefile(packaged):
        places.append((packaged, _PACKAGED))
    for place, start in places:
        for folder in sorted(place.iterdir()):
            if folder.is_dir() and not folder.name.startswith("."):
                found.setdefault(folder.name, (folder, start + folder.name))
    return found


def theme_file(path: str) -> Path | None:
    """Return the file that a message means by `theme:NAME/…`; None for any other path."""
    if not path.startswith(_PACKAGED):
        return None
    return packaged_themes() / path.removeprefix(_PACKAGED)


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
    if wanted is None or wanted.versions.contains(parent.version, prereleases=True):
        return ()
    message = f"`{child.name}` extends `{parent.name} {wanted.versions}`, and {parent.version} is here"
    at = At(path=child.path, field="extends")
    return (Problem(code="theme-version", message=message, at=at, hint=f"get another version of `{parent.name}`"),)
