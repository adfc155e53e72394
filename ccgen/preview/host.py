"""What the host of a planned site would know of it: which output an address leads to, and what lies where; draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ccgen.errors import At, Problem
from ccgen.model.parts import name_of
from ccgen.model.site import Route
from ccgen.pipeline.project import Project
from ccgen.preview.answers import LIVE_PATH
from ccgen.preview.swaps import Asset, Assets, named_in
from ccgen.text.url import encode

__all__ = ["Host", "hidden_by_ours", "host_of"]


class Host(NamedTuple):
    """Invariant: whatever an address leads to stands in the plan: it is looked up, and never joined to a path.

    Paths are decoded, and those that are asked for begin at the host's root; `base` is where the site is below it.
    """

    base: str = "/"
    routes: Mapping[str, Route] = {}  # by every path below `base` that leads to one
    assets: Assets = {}
    previewed: Mapping[str, str] = {}  # why readers do not see a page yet, by its path

    def route(self, path: str) -> Route | None:
        """Return what a path leads to."""
        return self.routes.get("/" + path.removeprefix(self.base)) if path.startswith(self.base) else None

    def output_at(self, path: str) -> str:
        """Return the file in the output folder that a page at a path has, whether there is one or not."""
        below = path.removeprefix(self.base) if path.startswith(self.base) else ""
        return f"{below}index.html" if not below or below.endswith("/") else below

    def output(self, output: str) -> Route | None:
        """Return an output by its file in the output folder."""
        return self.routes.get(f"/{output}")

    def elsewhere(self, path: str) -> str:
        """Return the path at which there is what a path is meant for, '' if there is nothing."""
        if not path.startswith(self.base):
            return self.base if path in {"/", self.base[:-1]} else ""
        return f"{path}/" if self.route(path) is None and self.route(f"{path}/") else ""

    def missing(self, path: str) -> Route | None:
        """Return the page for what is not there that lies nearest above, so that each language shows its own."""
        folder = "/" + path.removeprefix(self.base) if path.startswith(self.base) else "/"
        while folder:
            folder = folder.rpartition("/")[0]
            route = self.routes.get(f"{folder}/404.html")
            if route is not None:
                return route
        return None


def host_of(project: Project) -> Host:
    """Return what the host of a site knows."""
    base, routes = _base_of(project), project.plan.routes
    reasons = {one.path: one.reason for one in project.plan.previewed}
    return Host(
        base,
        {f"/{path}": route for route in routes for path in (route.path, _served(route.path))},
        {route.owner: _asset(project, route) for route in routes if route.kind in {"asset", "file"}},
        {
            base[:-1] + route.url: reasons[route.source.path]
            for route in routes
            if route.kind == "article" and route.source.path in reasons
        },
    )


def _served(path: str) -> str:
    """Return the path at which hosts serve an output: that of its folder for an `index.html`, whoever wrote it."""
    folder, _, name = path.rpartition("/")
    return path if name != "index.html" else f"{folder}/" if folder else ""


def hidden_by_ours(project: Project) -> tuple[Problem, ...]:
    """Find what cannot be shown, for the preview itself has its address; all of it is told once, with the first."""
    base = _base_of(project)
    hidden = sorted(one.source.path for one in project.plan.routes if f"{base[:-1]}{one.url}".startswith(LIVE_PATH))
    if not hidden:
        return ()
    more = f", and of {len(hidden) - 1} more" if hidden[1:] else ""
    message = f"the preview has the address of this file{more} for itself"
    hint = f"a build publishes it; to see it here, put it into a folder with another name than `{LIVE_PATH.strip('/')}`"
    return (Problem(code="hidden-in-preview", message=message, at=At(path=hidden[0]), hint=hint, severity="warning"),)


def _asset(project: Project, route: Route) -> Asset:
    base, name = urlsplit(project.config.base_url).path.removesuffix("/"), name_of(route.owner)
    address = base + encode(route.url)
    info = project.plan.files[name] if route.kind == "file" else None
    digest = info.digest if info else b""  # an asset's address holds its digest
    if not address.endswith(".css"):
        return Asset(address, digest)
    sheet = b""
    with suppress(OSError):  # it has gone since, and what follows is the next change
        sheet = Path(info.file).read_bytes() if info else project.plan.assets[name]
    return Asset(address, digest, frozenset(named_in(sheet, address)))


def _base_of(project: Project) -> str:
    return unquote(urlsplit(project.config.base_url).path)
