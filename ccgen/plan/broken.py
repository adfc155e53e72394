"""What to say of a path or URL that leads nowhere: the one that was probably meant; resolves nothing."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from ccgen.errors import At, Problem
from ccgen.model.hidden import Hidden
from ccgen.model.loaded import Entry
from ccgen.model.records import ProductRecord
from ccgen.text.near import Paths, nearest

__all__ = ["hidden_problem", "row_hint", "source_hint", "url_hint", "web_hint"]

_HOST = re.compile(r"(?:www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.(?:com|net|org))(?=/|$)", re.IGNORECASE)


def web_hint(path: str, at: At) -> str:
    """Return what to write instead of a path that is an address on the web without its scheme; '' for any other."""
    if not _HOST.match(path):
        return ""
    return f"write `https://{path}`" if len(path) == at.length else "begin it with `https://`"


def row_hint(entry: Entry[ProductRecord], url: str) -> str:
    """Return what to write instead of the file of a product that has none of its own; '' where it has one."""
    if not entry.field:
        return ""
    return f"`{entry.id}` is a row of {entry.path}: write `:product{{{entry.id}}}`, or link to its page, `{url}`"


def source_hint(source: str, folder: str, known: Paths, sections: Iterable[str]) -> str:
    """Return what to write instead of a path to no source. `source` is below content/, `folder` the writer's own."""
    name = source.removeprefix("content/").rstrip("/")
    if "/" not in name and "." not in name:
        near = nearest(name, sections)
        if near == name:
            return f"publish an article in content/{name}/, or write content/{name}/_index.md"
        return f"did you mean `{posixpath.relpath(f'content/{near}', folder)}/`?" if near else _how(folder)
    path = known.nearest(source)
    return f"did you mean `{posixpath.relpath(path, folder)}`?" if path else _how(folder)


def _how(folder: str) -> str:
    example = posixpath.relpath("content/stories/orchard.md", folder)
    return f"link to a source file, as in `{example}`"


def url_hint(url: str, known: Paths) -> str:
    """Return what to write instead of a site URL that no page has; `known` end in no `/`."""
    path = known.nearest(url.rstrip("/"))
    if path is None:
        return "there is no such page; link to a source file, as in `../stories/orchard.md`"
    return f"did you mean `{path}`?" if "." in posixpath.basename(path) else f"did you mean `{path}/`?"


def hidden_problem(written: str, hidden: Hidden, at: At) -> Problem:
    """Return the problem of a link to an article that is not published now."""
    date = hidden.date.replace("T", " ")
    message, hint = {
        "draft": ("is a draft", f"delete `draft:` in {hidden.path}, or build with --drafts"),
        "scheduled": (f"appears only on {date}", "add the link when it is out, or build with --future"),
        "expired": (f"expired on {date}", f"remove the link, or change `expires:` in {hidden.path}"),
    }[hidden.reason]
    return Problem(code="link-to-hidden", message=f"`{written}` {message}", at=at, hint=hint)
