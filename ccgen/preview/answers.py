"""What is sent for one address of the preview: bytes or a file, its type, and the script that keeps pages live; draws nothing."""

from __future__ import annotations

import html
from typing import NamedTuple

from ccgen.model.source import digest_of

__all__ = ["EVENTS_PATH", "LIVE_PATH", "SWITCH_PATH", "Answer", "bare_page", "live_page", "plain_file"]

SWITCH_PATH = "/_ccgen/switch"  # the one that anything may be sent to
EVENTS_PATH = "/_ccgen/events"  # the one whose address may be long
LIVE_PATH = "/_ccgen/"  # what the preview has of its own; no page can have an underscore there

_TYPES = {
    "avif": "image/avif",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "gif": "image/gif",
    "html": "text/html; charset=utf-8",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml; charset=utf-8",
}


class Answer(NamedTuple):
    """What is sent. One of `data`, `file` (a file whose bytes these are) and `location` (where it is instead) is given.

    `page` is a page's own bytes, without the script; b"" for what is no page.
    """

    status: int
    type: str = ""
    data: bytes = b""
    file: str = ""
    location: str = ""
    page: bytes = b""


def _type_of(path: str) -> str:
    """Return the type of an output as static hosts give it."""
    return _TYPES.get(path.rpartition(".")[2].lower(), "application/octet-stream")


def plain_file(path: str, *, data: bytes = b"", file: str = "") -> Answer:
    """Return an output that is no page, as its bytes or as the file that holds them."""
    return Answer(200, _type_of(path), data, file)


def live_page(page: bytes, *, status: int = 200) -> Answer:
    """Return a page with the script that keeps it live; what the page shows stands in it as a digest."""
    tag = f'<script src="{LIVE_PATH}live.js" data-shows="{digest_of(page).hex()}" defer></script>'.encode()
    before, body, after = page.rpartition(b"</body>")
    data = before + tag + body + after if body else page + tag
    return Answer(status, _TYPES["html"], data, page=page)


def bare_page(title: str, text: str, *, status: int) -> Answer:
    """Return a page of our own, for an address that has none that could be drawn."""
    look = "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto}:root{color-scheme:light dark}"
    shown = html.escape(title)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{shown}</title><style>{look}</style></head>'
        f"<body><h1>{shown}</h1><p>{html.escape(text)}</p></body></html>"
    )
    return live_page(page.encode(), status=status)
