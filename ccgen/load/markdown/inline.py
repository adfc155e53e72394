"""One line of inline Markdown as HTML, for prose in records (pros, verdicts, notes); knows no article."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from ccgen.load.markdown.engine import ENGINES
from ccgen.load.markdown.layout import defused
from ccgen.load.markdown.session import Places, Session
from ccgen.load.markdown.spans import Spans
from ccgen.load.markdown.split import split
from ccgen.model.body import Html, LinkOpen, Piece
from ccgen.model.limits import Limits

__all__ = ["inline"]

_LIMITS = Limits()


@lru_cache(maxsize=65_536)
def inline(text: str) -> str:
    """Return safe HTML of a field's text: emphasis, code, and links to http and https. All other markup is text.

    Pure, and the same for every engine setting: fields are short, and one reading of them is enough.
    """
    session = Session(" ".join(text.split()), path="", directives={}, limits=_LIMITS, field=True)
    marked = Spans(session, session.text, Places([0], [0])).read()
    html = ENGINES["markdown"](defused(marked), ())
    joined = "".join([_written(piece, session) for piece in split(session, html).pieces])
    return joined.strip().removeprefix("<p>").removesuffix("</p>")


def _written(piece: Piece, session: Session) -> str:
    if isinstance(piece, Html):
        return piece.text
    return f'href="{escape(session.targets[piece.number].text)}"' if isinstance(piece, LinkOpen) else ""
