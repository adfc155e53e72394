"""A block of raw HTML as pieces: tags with their URLs, directives in its text, all else as it is; knows no Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from ccgen.load.markdown.balance import report_comment, report_unclosed
from ccgen.load.markdown.directives import ATTRIBUTES, NAME, Written, make_call
from ccgen.load.markdown.marks import RawTag
from ccgen.load.markdown.rawhtml import LITERAL_TAGS, TAG, tag_pieces, tracked
from ccgen.load.markdown.session import Places, Session
from ccgen.load.markdown.structure import Line
from ccgen.model.body import Directive, Html, Piece, Pieces

__all__ = ["block_pieces", "html_pieces"]

# A `<` that begins no tag of ours may begin something to a browser: it is written as text.
_TOKEN = re.compile(rf"<!--|<[A-Za-z/!?]|\\:|:(?<![A-Za-z0-9_:/\\]:){NAME}(?=[\[{{])")
_LABEL = re.compile(r"\[([^\[\]\n]*)\]")
_COMMENT_END = re.compile("--!?>")


def block_pieces(session: Session, lines: tuple[Line, ...]) -> tuple[Pieces, tuple[RawTag, ...]]:
    """Return the pieces of an HTML block, and how it changes the open elements."""
    starts, offsets, index = [], [], 0
    for line in lines:
        starts.append(index)
        offsets.append(line.start)
        index += len(line.text) + 1
    return html_pieces(session, "\n".join([line.text for line in lines]), Places(starts, offsets))


def html_pieces(session: Session, text: str, places: Places) -> tuple[Pieces, tuple[RawTag, ...]]:
    """Return the pieces of raw HTML, and how it changes the open elements. `places` maps `text` to the article."""
    reader = _Reader(session, text, places)
    return tuple(reader.read()), tuple(reader.tags)


class _Reader:
    def __init__(self, session: Session, text: str, places: Places) -> None:
        self.session, self.text, self.places = session, text, places
        self.pieces: list[Piece] = []
        self.tags: list[RawTag] = []
        self.code_until = 0  # where `<pre>` ends: in it directives and `\:` are as they are
        self.missing: set[str] = set()  # literal tags whose end does not occur any more

    def read(self) -> list[Piece]:
        text, done = self.text, 0
        found = _TOKEN.search(text)
        while found is not None:
            if found.start() > done:
                self.pieces.append(Html(text[done : found.start()]))
            done = self._take(found)
            found = _TOKEN.search(text, done)
        if done < len(text):
            self.pieces.append(Html(text[done:]))
        if "pre" in self.missing:
            self.pieces.append(Html("</pre>"))
        return self.pieces

    def _take(self, found: re.Match[str]) -> int:
        sign, start = found[0], found.start()
        if sign == "<!--":
            return self._comment(start)
        if sign[0] == "<":
            return self._tag(start)
        if start < self.code_until:
            self.pieces.append(Html(sign))
            return found.end()
        if sign[0] == "\\":
            self.pieces.append(Html(":"))
            return found.end()
        return self._directive(sign[1:], start, found.end())

    def _comment(self, start: int) -> int:
        closing = _COMMENT_END.search(self.text, start + 2)
        if closing is None:
            report_comment(self.session, self.places.at(start))
            return len(self.text)
        self.pieces.append(Html(self.text[start : closing.end()]))
        return closing.end()

    def _tag(self, start: int) -> int:
        tag = TAG.match(self.text, start)
        if tag is None:
            self.pieces.append(Html("&lt;"))
            return start + 1
        places = self.places.shifted(start)
        at: Callable[[int], int] = places.at
        self.pieces += tag_pieces(self.session, tag[0], at)
        name, end = tag[1].lower(), tag.end()
        changes = tracked(tag[0], at(0))
        if name not in LITERAL_TAGS or changes[0].closes:
            self.tags += changes
            return end
        ending = None if name in self.missing else re.compile(f"</{name}>", re.IGNORECASE).search(self.text, end)
        if ending is None:
            self.missing.add(name)
            report_unclosed(self.session, changes[0], in_block=True)
        if name == "pre":
            self.code_until = ending.start() if ending is not None else len(self.text)
            self.tags += changes if ending is not None else ()
            return end
        stop = ending.end() if ending is not None else len(self.text)
        self.pieces.append(Html(self.text[end:stop] if ending is not None else self.text[end:stop] + f"</{name}>"))
        return stop

    def _directive(self, name: str, start: int, end: int) -> int:
        label = _LABEL.match(self.text, end)
        after = label.end() if label is not None else end
        braces = ATTRIBUTES.match(self.text, after)
        if label is None and braces is None:
            self.pieces.append(Html(self.text[start:end]))
            return end
        attributes, where = ("", 0)
        if braces is not None:
            attributes, where, after = braces[1], self.places.at(braces.start(1)), braces.end()
        begin = self.places.at(start)
        written = Written(name, "inline", label is not None, attributes, where, begin, begin + after - start)
        call = make_call(self.session, written)
        if call is not None:
            self.pieces.append(Directive(call, self._label(label) if label is not None else None))
        return after

    def _label(self, label: re.Match[str]) -> Pieces:
        pieces, tags = html_pieces(self.session, label[1], self.places.shifted(label.start(1)))
        self.tags += tags
        return pieces
