"""All routes of a site, and the rule that one URL has one source; knows nothing of what stands on a page."""

from __future__ import annotations

import re
import unicodedata

from ccgen.errors import At, Problem
from ccgen.model.site import Route, RouteKind

__all__ = ["Routes", "output_path"]

_BAD_SEGMENT = re.compile(r"^\.{1,2}$|[\x00-\x1f\x7f\\]|^[A-Za-z]:$|^~")


def output_path(url: str) -> str:
    """Return the file of a URL: a folder's is its `index.html`."""
    path = url.lstrip("/")
    return path + "index.html" if not path or path.endswith("/") else path


class Routes:
    """Routes as they are found, in order. Two sources for one file, also by case or Unicode form, are a problem."""

    def __init__(self) -> None:
        self.all: list[Route] = []
        self.problems: list[Problem] = []
        self.by_url: dict[str, Route] = {}
        self._files: dict[str, Route] = {}

    def add(self, kind: RouteKind, url: str, owner: str, lang: str, source: At, *, indexed: bool = False) -> Route:
        """Add one output; returns its route even when it collides, so that planning goes on."""
        route = Route(kind=kind, url=url, path=output_path(url), owner=owner, lang=lang, source=source, indexed=indexed)
        bad = next(
            (part for part in route.path.split("/") if _BAD_SEGMENT.search(part) or len(part.encode()) > 255), None
        )
        if bad is not None or "//" in route.path:
            message = f"`{url}` cannot be an address on this site"
            self.problems.append(
                Problem(code="bad-url", message=message, at=source, hint="use letters, digits and `-`")
            )
            return route
        key = _folded(route.path)
        other = self._files.get(key)
        if other is None:
            self._files[key] = route
            self.by_url[unicodedata.normalize("NFC", url)] = route
            self.all.append(route)
        elif other.source != source or other.kind != kind:
            self.problems.append(_collision(route, other))
        return route

    def check_folders(self) -> None:
        """Find files that stand where another route needs a folder (`/a` beside `/a/b`)."""
        for key, route in self._files.items():
            folder = key.rpartition("/")[0]
            while folder:
                if folder in self._files:
                    self.problems.append(_collision(route, self._files[folder]))
                folder = folder.rpartition("/")[0]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _collision(route: Route, other: Route) -> Problem:
    first, second = sorted((route, other), key=lambda one: (one.source.path, one.url))
    where = first.source.path or f"the {first.kind} page"
    return Problem(
        code="url-collision",
        message=f"two sources for `{second.url}`: this and {where}",
        at=second.source,
        hint=f"`{first.url}` is made by {where}; rename one, or give one a `slug`",
    )
