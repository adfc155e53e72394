"""An article's prose after reading: finished HTML and the typed places that still depend on the site.

A `Body` knows what it refers to, never whether the target exists. It is joined by `render` (page, feed) and by exports,
each in its own way. Everything is addressed by number, never by order of appearance in the HTML. Planning needs only its
`Outline`: a body itself is bytes until it is joined (`model.bodies`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

__all__ = [
    "Body",
    "Call",
    "Directive",
    "Form",
    "Heading",
    "Html",
    "Image",
    "LinkClose",
    "LinkOpen",
    "Outline",
    "Piece",
    "Pieces",
    "Target",
    "Url",
    "html_of",
    "raw_numbers",
    "words_of",
]

Form = Literal["inline", "leaf", "container"]

# What holds text and numbers only can be in no cycle: `gc=False` keeps the many of them from the garbage collector.


class Html(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="h"):
    """HTML that depends on nothing."""

    text: str


class LinkOpen(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="a"):
    """Stands inside `<a …>` in place of `href="…"`; render writes the attribute and what belongs to it (`rel`)."""

    number: int


class LinkClose(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="z"):
    """Stands right after the `</a>` of link `number`; render may write the mark of a paid link here."""

    number: int


class Image(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="i"):
    """Stands in place of a Markdown image's whole `<img>`; `alt` and `title` are plain text."""

    number: int
    alt: str
    title: str = ""


class Url(msgspec.Struct, frozen=True, array_like=True, gc=False, tag="u"):
    """Stands inside an attribute of raw HTML in place of one URL (`<a href>`, `<img src>`, one candidate of `srcset`)."""

    number: int


class Directive(msgspec.Struct, frozen=True, array_like=True, tag="d"):
    """A directive's place; what it says is `Body.calls[number]`. `label` and `content` are joined before it is drawn.

    `label` is inline, `content` is blocks and exists for containers only. Both may hold pieces of any kind.
    """

    number: int
    label: tuple[Piece, ...] | None = None
    content: tuple[Piece, ...] | None = None


Piece = Html | LinkOpen | LinkClose | Image | Url | Directive
Pieces = tuple[Piece, ...]


def html_of(pieces: Pieces) -> str:
    """Return what pieces say for themselves, as HTML in order: what directives hold is in it, what they draw is not.

    A directive's label and its content are two lines.
    """
    parts = []
    for piece in pieces:
        if isinstance(piece, Html):
            parts.append(piece.text)
        elif isinstance(piece, Directive):
            parts.append("<br>".join(html_of(inner) for inner in (piece.label, piece.content) if inner))
    return "".join(parts)


def words_of(pieces: Pieces, number: int) -> str:
    """Return what a link without a title reads, as HTML; '' where it holds anything that depends on the site."""
    for piece, inner, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if isinstance(piece, LinkOpen) and piece.number == number and isinstance(inner, Html):
            whole = isinstance(after, LinkClose) and inner.text.startswith(">")
            return inner.text.removeprefix(">").removesuffix("</a>") if whole else ""
    several = (one for piece in pieces if isinstance(piece, Directive) for one in (piece.label, piece.content) if one)
    return next(filter(None, (words_of(one, number) for one in several)), "")


def raw_numbers(pieces: Pieces) -> Iterator[int]:
    """Yield the numbers of the destinations that stand in raw HTML, also inside directives."""
    for piece in pieces:
        if isinstance(piece, Url):
            yield piece.number
        elif isinstance(piece, Directive) and (piece.label or piece.content):
            yield from raw_numbers(piece.label or ())
            yield from raw_numbers(piece.content or ())


class Target(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A destination as written (entities and escapes resolved, percent-encoding kept), and where it stands."""

    kind: Literal["link", "image"]
    text: str
    start: int  # offset of the destination in the article's text
    length: int


class Call(msgspec.Struct, frozen=True, array_like=True):
    """A directive as written: a known name, records and parameters checked by its declaration, ids not yet resolved.

    `records` are (id, offset); `params` are (key, text, offset) in the order of the declaration, defaults not filled in.
    `start` and `end` span the whole directive in the article's text (a container from its opening to its closing fence).
    """

    name: str
    form: Form
    records: tuple[tuple[str, int], ...]
    params: tuple[tuple[str, str, int], ...]
    start: int
    end: int


class Heading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A heading of the body; `text` is plain text, `id` unique in the body."""

    level: int
    id: str
    text: str
    start: int


class Outline(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What prose says of itself, without its text: all that may be planned from it."""

    targets: tuple[Target, ...] = ()
    calls: tuple[Call, ...] = ()
    raw: tuple[int, ...] = ()  # the numbers of targets that stand in raw HTML, in their order there
    headings: tuple[Heading, ...] = ()
    anchors: tuple[str, ...] = ()  # every id the body makes: headings, footnotes, raw HTML
    # Plain text of the first paragraph, for a summary nobody wrote; a directive without a label is U+FDD0 number U+FDD1.
    first_paragraph: str = ""
    words: int = 0  # Latin words plus CJK characters


class Body(Outline, frozen=True, kw_only=True, array_like=True):
    """Prose, read. `pieces` in document order; every `number` in them is an index into `targets` or `calls`."""

    pieces: Pieces = ()
    # The prose as written, from offset `begin` of the file on: kept only where something is made of it (`outputs.markdown`).
    source: str = ""
    begin: int = 0

    def outline(self) -> Outline:
        """Return the body without its text."""
        return Outline(
            targets=self.targets,
            calls=self.calls,
            raw=self.raw,
            headings=self.headings,
            anchors=self.anchors,
            first_paragraph=self.first_paragraph,
            words=self.words,
        )
