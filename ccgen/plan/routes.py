"""All routes of a site, and the rule that one URL has one source; knows nothing of what stands on a page."""

from __future__ import annotations

import re
import unicodedata

from ccgen.errors import At, Problem
from ccgen.model.site import Route, RouteKind
from ccgen.plan.noting import Noting

__all__ = ["Routes", "output_path"]

_BAD_SEGMENT = re.compile(r"^\.{1,2}$|[\x00-\x1f\x7f\\]|^[A-Za-z]:$|^~")
# What hosts and git read for themselves (`.git`, `.htaccess`, `_headers`), and what some file systems cannot name: a page
# must never be one of these; a file that an author puts into static/ may.
_NOT_A_PAGE = re.compile(r"^[._]|[*:?\"<>|]|[. ]$")

_PLAIN = re.compile(r"[a-z0-9]+(?:[-/.][a-z0-9]+)*")  # what nearly every path is, and neither of them forbids


def output_path(url: str) -> str:
    """Return the file of a URL: a folder's is its `index.html`."""
    path = url.lstrip("/")
    return path + "index.html" if not path or path.endswith("/") else path


class Routes(Noting):
    """Routes as they are found, in order. Two sources for one file, also by case or Unicode form, are a problem."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[Route] = []
        self.by_url: dict[str, Route] = {}
        self._files: dict[str, Route] = {}

    def add(self, kind: RouteKind, url: str, owner: str, lang: str, source: At, *, indexed: bool = False) -> Route:
        """Add one output; returns its route even when it collides, so that planning goes on."""
        route = Route(kind=kind, url=url, path=output_path(url), owner=owner, lang=lang, source=source, indexed=indexed)
        if _is_bad(route):
            message = f"`{url}` cannot be an address on this site"
            self._note("bad-url", message, source, "use letters, digits and `-`")
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
        """Find files that stand where another route needs a folder (`/a` beside `/a/b`), each told once."""
        told: set[str] = set()
        for key, route in self._files.items():
            folder = key.rpartition("/")[0]
            while folder:
                if folder in self._files and folder not in told:
                    told.add(folder)
                    self.problems.append(_not_both(self._files[folder], route))
                folder = folder.rpartition("/")[0]


def _is_bad(route: Route) -> bool:
    if _PLAIN.fullmatch(route.path) and len(route.path) <= 255:
        return False
    parts = route.path.split("/")
    if "" in parts or any(_BAD_SEGMENT.search(part) or len(part.encode()) > 255 for part in parts):
        return True
    return route.kind != "file" and any(_NOT_A_PAGE.search(part) for part in parts)


def _folded(path: str) -> str:
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _collision(route: Route, other: Route) -> Problem:
    """Return the problem at the route that is easier to move: what ccgen makes by itself stands, then a page."""
    first, second = sorted((route, other), key=lambda one: (_rank(one), one.source.path, one.url))
    return Problem(
        code="url-collision",
        message=f"two sources for `{second.url}`: this and {_named(first)}",
        at=second.source,
        hint=_MOVES.get(second.kind, "rename one of them"),
    )


_MOVES: dict[RouteKind, str] = {
    "alias": "delete this alias, or move the other",
    "article": "rename this file, or give it another `slug:`",
    "file": "rename or delete this file",
    "asset": "rename this file",
}
_OURS: dict[RouteKind, str] = {
    "404": "the 404 page",
    "atom": "a feed",
    "catalogue": "a product feed",
    "home": "the home page",
    "json": "a feed",
    "list": "a list of articles",
    "llms": "the list of pages for language models",
    "markdown": "a page in Markdown",
    "redirects": "the list of redirects",
    "robots": "the file for search engines",
    "sitemap": "the sitemap",
}


def _rank(route: Route) -> int:
    return 0 if route.kind in _OURS else 3 if route.kind == "alias" else 2 if route.kind == "file" else 1


def _named(route: Route) -> str:
    return f"{_OURS[route.kind]}, which ccgen makes" if route.kind in _OURS else f"`{route.source.path}`"


def _not_both(file: Route, inner: Route) -> Problem:
    message = f"`{file.url}` cannot be a file and the folder of `{inner.url}`"
    return Problem(
        code="url-collision", message=message, at=file.source, hint=_MOVES.get(file.kind, "rename one of them")
    )
