"""Raw HTML of an article as pieces: its URLs become numbers, its ids become anchors; knows nothing of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Literal

from ccgen.load.markdown.destinations import add_target
from ccgen.load.markdown.marks import RawTag
from ccgen.load.markdown.session import Session
from ccgen.model.body import Html, Piece, Pieces, Url
from ccgen.text.patterns import late

__all__ = ["BLOCK_TAGS", "LITERAL_TAGS", "TAG", "tag_pieces", "tracked"]

TAG = late(
    r"""</?([A-Za-z][A-Za-z0-9:-]*+)(?>(?:\s++[^\s"'=<>/`]++(?>(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?))*)\s*+(/?)>"""
)
_ATTRIBUTE = late(r"""\s([^\s"'=<>/`]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""")
_CANDIDATE = re.compile(r"[\s,]*+(\S++)([^,]*+)")

LITERAL_TAGS = frozenset(
    {"script", "style", "pre", "textarea"}
)  # what they hold is not Markdown and holds no directive
_VOID_TAGS = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"basefont", "bgsound", "frame", "keygen"}  # obsolete, and still read as void
)
_BLOCK_NAMES = (
    "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link "
    "main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td tfoot th thead "
    "title tr track ul"
)
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())  # CommonMark 0.31, 4.6, condition 6
_LINKS = {"href": "", "action": "form", "formaction": "", "cite": "", "xlink:href": ""}
_MEDIA = frozenset({"src", "poster"})
_PAGE = "the theme writes it around every text"
_BANNED = {
    "base": "it would change where every link of the page leads",
    "meta": "it belongs in a page's head",
    "html": _PAGE,
    "head": _PAGE,
    "body": _PAGE,
    "plaintext": "nothing can end it",
}


def tag_pieces(session: Session, tag: str, at: Callable[[int], int]) -> Pieces:
    """Return one tag as pieces. `at` maps an index in `tag` to the article's text."""
    found = TAG.match(tag)
    assert found is not None
    name = found[1].lower()
    if name in _BANNED and tag[1] != "/":
        session.report(
            "html-not-allowed", f"`<{name}>` does not belong in prose: {_BANNED[name]}", at(0), len(tag), "delete it"
        )
    if "=" not in tag:
        return (Html(tag),)
    pieces: list[Piece] = []
    done = 0
    for attribute in _ATTRIBUTE.finditer(tag):
        key = attribute[1].lower()
        group = next(number for number in (2, 3, 4) if attribute[number] is not None)
        value, start = unescape(attribute[group]), attribute.start(group)
        if key == "id" or (key == "name" and name == "a"):
            if value and value not in session.anchors:
                session.anchor(value, at(start))
            continue
        urls = _url_pieces(session, name, key, value, attribute[group], at(start))
        if urls:
            # An unquoted value gets quotes, since what is put there later may hold anything.
            quote = "" if group != 4 else '"'
            pieces += [Html(tag[done:start] + quote), *urls, Html(quote)]
            done = attribute.end(group)
    return (*pieces, Html(tag[done:]))


def _url_pieces(session: Session, name: str, key: str, value: str, written: str, start: int) -> list[Piece]:
    if not value.strip():
        return []
    if key in {"srcset", "imagesrcset"}:
        return _set_pieces(session, value, start, len(written))
    kind: Literal["link", "image"] | None = None
    if key in _LINKS and _LINKS[key] in {"", name}:
        kind = "link"
    elif key in _MEDIA or (key == "data" and name == "object"):
        kind = "link" if name == "iframe" else "image"
    if kind is None:
        return []
    return [Url(add_target(session, kind, value, start, len(written)))]


def _set_pieces(session: Session, value: str, start: int, length: int) -> list[Piece]:
    """Return the candidates of a `srcset` (HTML, "parse a srcset attribute"): a URL ends at a space, or `, `."""
    pieces: list[Piece] = []
    exact = len(value) == length  # no entity stood in it: places can be told, else that of the whole value is
    index = 0
    while (candidate := _CANDIDATE.match(value, index)) is not None:
        url, rest, index = candidate[1].rstrip(","), candidate[2].strip(), candidate.end()
        if candidate[1].endswith(","):
            rest, index = "", candidate.end(1)
        where, size = (start + candidate.start(1), len(url)) if exact else (start, length)
        pieces += [Html(", " if pieces else ""), Url(add_target(session, "image", url, where, size))]
        if rest:
            pieces.append(Html(" " + escape(rest)))
    return pieces


def tracked(tag: str, start: int) -> tuple[RawTag, ...]:
    """Return how a raw tag, which stands at `start` in the article, changes the open elements: a void one does not."""
    found = TAG.match(tag)
    assert found is not None
    name = found[1].lower()
    if name in _VOID_TAGS or name == "plaintext":
        return ()
    closes = tag[1] == "/"
    return (RawTag(name, start, len(tag), closes, tag if found[2] and not closes else ""),)
