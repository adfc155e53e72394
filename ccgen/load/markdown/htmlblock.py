"""A block of raw HTML as pieces: tags with their URLs, directives in its text, all else as it is; knows no Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

from ccgen.load.markdown.directives import ATTRIBUTES, NAME, Written, make_call
from ccgen.load.markdown.rawhtml import LITERAL_TAGS, TAG, tag_pieces, tracked
from ccgen.load.markdown.session import Places, Session
from ccgen.load.markdown.structure import Line
from ccgen.model.body import Directive, Html, Piece, Pieces

__all__ = ["block_pieces"]

_TOKEN = re.compile(rf"<!--|</?[A-Za-z]|\\:|:(?<![A-Za-z0-9_:/\\]:){NAME}(?=[\[{{])")
_LABEL = re.compile(r"\[([^\[\]\n]*)\]")


def block_pieces(session: Session, lines: tuple[Line, ...]) -> tuple[Pieces, tuple[str, ...]]:
    """Return the pieces of an HTML block, and how it changes the open elements."""
    starts, offsets, index = [], [], 0
    for line in lines:
        starts.append(index)
        offsets.append(line.start)
        index += len(line.text) + 1
    reader = _Reader(session, "\n".join([line.text for line in lines]), Places(starts, offsets))
    return tuple(reader.read()), tuple(reader.tags)


class _Reader:
    def __init__(self, session: Session, text: str, places: Places) -> None:
        self.session, self.text, self.places = session, text, places
        self.pieces: list[Piece] = []
        self.tags: list[str] = []

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
        return self.pieces

    def _take(self, found: re.Match[str]) -> int:
        sign, start = found[0], found.start()
        if sign == "<!--":
            closing = self.text.find("-->", start)
            end = closing + 3 if closing >= 0 else len(self.text)
            self.pieces.append(Html(self.text[start:end] if closing >= 0 else ""))
            return end
        if sign[0] == "<":
            return self._tag(start, found.end())
        if sign[0] == "\\":
            self.pieces.append(Html(":"))
            return found.end()
        return self._directive(sign[1:], start, found.end())

    def _tag(self, start: int, end: int) -> int:
        tag = TAG.match(self.text, start)
        if tag is None:
            self.pieces.append(Html("&lt;"))
            return start + 1
        at: Callable[[int], int] = self.places.shifted(start).at
        self.pieces += tag_pieces(self.session, tag[0], at)
        name, end = tag[1].lower(), tag.end()
        if name not in LITERAL_TAGS or tag[0].startswith("</"):
            self.tags += tracked(tag[0])
            return end
        if name == "pre":
            return self._inside_pre(end)
        closing = self.text.lower().find(f"</{name}>", end)
        stop = closing + len(name) + 3 if closing >= 0 else len(self.text)
        self.pieces.append(Html(self.text[end:stop] if closing >= 0 else self.text[end:stop] + f"</{name}>"))
        return stop

    def _inside_pre(self, start: int) -> int:
        """Take the text of `<pre>` with its tags; it is code, so directives in it are text."""
        text = self.text
        closing = text.lower().find("</pre>", start)
        stop = closing if closing >= 0 else len(text)
        done = start
        for tag in TAG.finditer(text, start, stop):
            self.pieces.append(Html(text[done : tag.start()]))
            self.pieces += tag_pieces(self.session, tag[0], self.places.shifted(tag.start()).at)
            done = tag.end()
        self.pieces.append(Html(text[done:stop] + "</pre>"))
        return stop + len("</pre>") if closing >= 0 else stop

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
            text = (Html(label[1]),) if label is not None else None
            self.pieces.append(Directive(call, text))
        return after
