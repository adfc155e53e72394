"""What a finished page refers to and offers, and whether that holds; reads HTML once, with lexbor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ccgen.errors import At, Problem
from ccgen.model.site import AnchorHope
from ccgen.text.near import nearest

__all__ = ["Reading", "check_page", "decide_hopes"]

_ANCHORS_SHOWN = 6
_ATTRIBUTES = ("href", "src", "poster", "srcset")


class Reading(NamedTuple):
    """A page's own ids, and the outputs of this site that it refers to."""

    anchors: tuple[str, ...]
    links: tuple[str, ...]
    problems: tuple[Problem, ...]


def check_page(html: bytes, *, source: At, url: str, base: str, outputs: Set[str]) -> Reading:
    """Read a page: its ids are unique and what it refers to inside the site exists.

    `base` is the site's absolute URL, `outputs` the files that the site will have. What an author wrote was checked at
    its own line before; a fault here is a theme's, so it is told with the page it shows on.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    ids: dict[str, None] = {}
    problems = []
    for node in tree.css("[id]"):
        ident = node.attributes.get("id") or ""
        if ident in ids:
            problems.append(_fault("duplicate-id", f"the page has two elements with id `{ident}`", source, url))
        ids[ident] = None
    links: dict[str, None] = {}
    for reference in _references(tree.css("[href], [src], [poster], [srcset]")):
        path = _output_of(reference, base, url)
        if path is not None:
            links[path] = None
    problems += [
        _fault(
            "broken-page-link",
            f"the page refers to `/{path.removesuffix('index.html')}`, which is not built",
            source,
            url,
        )
        for path in links
        if path not in outputs
    ]
    return Reading(tuple(ids), tuple(links), tuple(problems))


def decide_hopes(hopes: Iterable[AnchorHope], anchors: Mapping[str, tuple[str, ...]]) -> tuple[Problem, ...]:
    """Return the links to anchors that neither the prose nor the theme makes. `anchors` are ids by output."""
    found = []
    for hope in hopes:
        made = anchors.get(hope.path)
        if made is not None and hope.anchor not in made:
            hint = _anchor_hint(hope.anchor, hope.known, made)
            message = f"no anchor `#{hope.anchor}` on that page"
            found.append(Problem(code="broken-anchor", message=message, at=hope.at, hint=hint))
    return tuple(found)


def _anchor_hint(anchor: str, prose: Iterable[str], page: Iterable[str]) -> str:
    """Return which anchors there are instead of one: `prose` are those of the text, `page` all of the page."""
    known = tuple(prose)
    shown = ", ".join(f"`#{one}`" for one in known[:_ANCHORS_SHOWN]) + (", …" if len(known) > _ANCHORS_SHOWN else "")
    near = nearest(anchor, known) or nearest(anchor, page)
    if near:
        return f"did you mean `#{near}`?"
    return f"its text has {shown}" if known else "its text has no headings; link to the page itself"


def _references(nodes: Iterable[object]) -> Iterable[str]:
    for node in nodes:
        attributes: dict[str, str | None] = node.attributes  # type: ignore[attr-defined]
        for name in _ATTRIBUTES:
            value = attributes.get(name)
            if value is None:
                continue
            if name == "srcset":
                yield from (part.split()[0] for part in value.split(",") if part.strip())
            else:
                yield value


def _output_of(reference: str, base: str, url: str) -> str | None:
    """Return the output that a reference names, None if it leads outside the site or nowhere."""
    absolute = reference.startswith("/") or "://" in reference
    return _output(reference, base, "" if absolute else url)


@lru_cache(maxsize=16_384)
def _output(reference: str, base: str, url: str) -> str | None:
    """The same, remembered: most references stand on many pages. `url` is '' where it does not matter."""
    parts = urlsplit(reference.strip())
    root = urlsplit(base)
    if parts.scheme or parts.netloc:
        if (parts.scheme, parts.netloc) != (root.scheme, root.netloc):
            return None
        if not parts.path.startswith(root.path):
            return None  # the same host serves more than this site
    path = unquote(parts.path)
    if not path:
        return None
    if not path.startswith("/"):
        path = root.path + unquote(url.lstrip("/").rpartition("/")[0]) + "/" + path
    path = path[len(root.path) :] if path.startswith(root.path) else path.lstrip("/")
    return path + "index.html" if not path or path.endswith("/") else path


def _fault(code: str, message: str, source: At, url: str) -> Problem:
    return Problem(code=code, message=message, at=source, hint=f"change the template that draws {url}")
