"""Inline syntax of one block: finds directives, links, code, raw tags and footnote references, leaves marks; no blocks.

What the engine still reads afterwards: emphasis, line breaks, entities, and links whose text it converts. Everything
else is settled here, in one pass from left to right with a stack of open brackets, so that it is the same for every
engine. A bracket, a backtick or an angle bracket that belongs to nothing is written as an entity, which no engine
takes for syntax.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Literal

import msgspec

from ccgen.load.markdown.balance import report_comment
from ccgen.load.markdown.destinations import add_target, parse_destination, unescaped
from ccgen.load.markdown.directives import ATTRIBUTES, NAME, Written, make_call
from ccgen.load.markdown.footnotes import cite
from ccgen.load.markdown.htmlblock import html_pieces
from ccgen.load.markdown.marks import Atom, Begin, Close
from ccgen.load.markdown.rawhtml import LITERAL_TAGS, TAG, tag_pieces, tracked
from ccgen.load.markdown.session import Places, Session, normal_label
from ccgen.load.markdown.structure import Line
from ccgen.load.markdown.ticks import Ticks
from ccgen.model.body import Directive, Html, Image, LinkClose, LinkOpen, Pieces
from ccgen.text.patterns import late

__all__ = ["read_spans"]

_DIRECTIVE = re.compile(rf":(?<![A-Za-z0-9_:/\\]:)({NAME})(?=[\[{{])")
# Each branch begins with a literal, so that `re` skips all other text at once: eight times as quick.
_TOKEN = re.compile(
    rf"\\[\s\S]?|``*|<|!\[|\[|\]|:(?<![A-Za-z0-9_:/\\]:){NAME}(?=[\[{{【｛［])"
    rf"|：：*{NAME}(?=[\[{{【｛［])|::+：*{NAME}(?=[\[{{【｛［])"
)
_WHOLE_LINK = re.compile(r"\[(?!\^)([^\[\]\\`<{【｛［]*)\]\(([^\s()<>\\&\"']++)\)")
_AUTOLINK = late(
    r"<(?:([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*+)"
    r"|([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*))>"
)
_NOTE = re.compile(r"\[\^([^\s\[\]^]{1,200})\]")
_SECOND_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]")
_WIDE_BRACES = late(r"[｛【［「]([^{}｛｝【】［］「」\n]*)[｝】］」}]")
_WIDE_NAME = late(NAME)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_EMPHASIS = late(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)([^*_]*?\S)\1")
_ALT_NOISE = late(r"(`+)(.+?)\1|!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_DEEPEST = 256  # brackets open at once; what is deeper is text


class _Opener(msgspec.Struct, frozen=True, gc=False):
    kind: Literal["link", "image", "directive"]
    out: int  # where the bracket stands in the output
    place: int  # the bracket (a directive's colon) in the text
    label: int  # where the text between the brackets begins
    name: str
    calls: int  # how many calls there were before


def read_spans(session: Session, lines: Sequence[Line], *, table: bool = False) -> str:
    """Return the text of one block's lines for the engine."""
    if len(lines) == 1:
        text, start = lines[0].text, lines[0].start
        found = _TOKEN.search(text)
        if found is None:
            return text
        return _Spans(session, text, Places((0,), (start,)), table=table).read(found)
    text = "\n".join([line.text for line in lines])
    found = _TOKEN.search(text)
    if found is None:
        return text
    starts, index = [], 0
    for line in lines:
        starts.append(index)
        index += len(line.text) + 1
    return _Spans(session, text, Places(starts, [line.start for line in lines]), table=table).read(found)


class _Spans:
    """Reads one block's text. `text` is joined from lines; `places` maps it to the article."""

    def __init__(self, session: Session, text: str, places: Places, *, table: bool = False) -> None:
        self.session = session
        self.text = text
        self.places = places
        self.table = table
        self.out: list[str] = []
        self.stack: list[_Opener] = []
        self.dead = 0  # so many openers at the bottom of the stack cannot become links: one within would nest
        self.ticks: Ticks | None = None
        self.missing: set[str] = set()  # closers that do not occur any more

    def read(self, found: re.Match[str] | None) -> str:
        """Return the text for the engine. `found` is the first sign in it."""
        text, done, out = self.text, 0, self.out
        while found is not None:
            start = found.start()
            if start > done:
                out.append(text[done:start])
            done = self._token(found[0], start, found.end())
            found = _TOKEN.search(text, done)
        out.append(text[done:])
        self._report_open()
        return "".join(out)

    def _token(self, sign: str, start: int, end: int) -> int:
        """Take one sign; return the index behind what was read."""
        first = sign[0]
        if first == "]":
            return self._close(start)
        if first == "[" or sign == "![":
            whole = _WHOLE_LINK.match(self.text, start) if first == "[" and not self.stack else None
            return self._whole_link(whole) if whole is not None else self._open(sign, start, end)
        if first == "`":
            return self._code(sign, end)
        if first == "\\":
            return self._escape(sign, end)
        if first == "<":
            return self._angle(start)
        if first == ":" and sign[1] not in ":：":
            return self._directive(sign[1:], start, end)
        self._warn_wide(sign, start)
        self.out.append(sign)
        return end

    def _escape(self, sign: str, end: int) -> int:
        if sign[1:] == "\n":
            self.out.append("  \n")
        elif sign[1:] in _PUNCTUATION and len(sign) == 2:
            self.out.append(f"&#{ord(sign[1])};")
        elif sign[1:] == "":
            self.out.append("&#92;")
        else:
            self.out.append("&#92;")
            return end - 1
        return end

    def _code(self, sign: str, end: int) -> int:
        if self.ticks is None:
            self.ticks = Ticks(self.text)
        closing = self.ticks.closing(len(sign), end)
        if closing < 0:
            self.out.append(self.session.mark(Atom((Html(sign),))))
            return end
        content = self.text[end:closing]
        if self.table:
            content = content.replace("\\|", "|")
        self.out.append(self.session.mark(Atom((Html(_code_span(content)),))))
        return closing + len(sign)

    # --- angle brackets --------------------------------------------------------------------------------------------

    def _angle(self, start: int) -> int:
        text, session = self.text, self.session
        link = _AUTOLINK.match(text, start)
        if link is not None:
            shown = link[1] or link[2]
            target = unescape(shown) if link[1] else "mailto:" + shown
            place = self.places.at(start + 1)
            number = add_target(session, "link", target, place, len(shown))
            pieces: Pieces = (
                Html("<a "),
                LinkOpen(number),
                Html(f">{escape(shown, quote=False)}</a>"),
                LinkClose(number),
            )
            self.out.append(session.mark(Atom(pieces, link=place)))
            return link.end()
        after = self._raw(start)
        if after > 0:
            return after
        self.out.append("&lt;")
        return start + 1

    def _raw(self, start: int) -> int:
        text, session = self.text, self.session
        if text.startswith("<!--", start):
            known = "-->" in self.missing
            end = self._find("-->", start + 2)
            if end < 0:
                if not known:
                    report_comment(session, self.places.at(start))
                return -1
            self.out.append(session.mark(Atom((Html(text[start : end + 3]),))))
            return end + 3
        tag = TAG.match(text, start)
        if tag is None:
            return -1
        name, end, places = tag[1].lower(), tag.end(), self.places.shifted(start)
        if name in LITERAL_TAGS and text[start + 1] != "/":
            closing = self._find(f"</{name}>", end)
            if closing >= 0:
                whole = closing + len(name) + 3
                pieces, tags = html_pieces(session, text[start:whole], places)
                self.out.append(session.mark(Atom(pieces, tags=tags)))
                return whole
        pieces = tag_pieces(session, tag[0], places.at)
        mark = session.mark(Atom(pieces, tags=tracked(tag[0], places.at(0))))
        self.out.append(session.wall + mark if tag[0][1] == "/" else mark + session.wall)
        return end

    def _find(self, what: str, start: int) -> int:
        if what in self.missing:
            return -1
        found = self.text.find(what, start)
        if found < 0:
            self.missing.add(what)
        return found

    # --- brackets --------------------------------------------------------------------------------------------------

    def _open(self, sign: str, start: int, end: int) -> int:
        note = _NOTE.match(self.text, end - 1)
        if note is not None and self.text[note.end() : note.end() + 1] != "(":
            if sign == "![":
                self.out.append("&#33;")
            place = self.places.at(end - 1)
            self.out.append(self.session.mark(Atom(cite(self.session, note[1], place), link=place)))
            return note.end()
        if len(self.stack) < _DEEPEST:
            kind: Literal["link", "image"] = "image" if sign == "![" else "link"
            self.stack.append(_Opener(kind, len(self.out), start, end, "", len(self.session.calls)))
        self.out.append("!&#91;" if sign == "![" else "&#91;")
        return end

    def _whole_link(self, found: re.Match[str]) -> int:
        """Take a link that stands in no other brackets and has nothing in its text that is looked for here."""
        destination = found[2]
        number = add_target(self.session, "link", destination, self.places.at(found.start(2)), len(destination))
        self.out.append(f"[{found[1]}]({self.session.link_prefix}{number})")
        return found.end()

    def _close(self, index: int) -> int:
        if not self.stack:
            self.out.append("&#93;")
            return index + 1
        opener = self.stack.pop()
        alive = len(self.stack) >= self.dead
        self.dead = min(self.dead, len(self.stack))
        if opener.kind == "directive":
            return self._close_directive(opener, index)
        after = -1
        if alive or opener.kind == "image":
            after = self._link(opener, index)
        if after < 0:
            self.out.append("&#93;")
            return index + 1
        return after

    def _link(self, opener: _Opener, index: int) -> int:
        """Take the link or image whose text ends at `index`; -1 where there is none."""
        text = self.text
        if text.startswith("(", index + 1):
            found = parse_destination(text, index + 1)
            if found is not None:
                start, length = self.places.at(found.start), found.end - found.start
                self._refuse_in_title(text, found.end, found.after)
                self._put_link(opener, index, unescaped(text[found.start : found.end]), start, length, found.title)
                return found.after
        second = _SECOND_LABEL.match(text, index + 1)
        label = text[opener.label : index] if index - opener.label < 1_000 else ""
        after = index + 1
        if second is not None:
            label, after = second[1] or label, second.end()
        found_reference = (
            self.session.references.get(normal_label(label)) if self.session.references and label else None
        )
        if found_reference is None:
            if second is not None and second[1]:
                message = f"no reference `[{second[1]}]` is defined"
                hint = f"add a line `[{second[1]}]: https://…`, or write `\\[` for a plain bracket"
                place = self.places.at(second.start(1))
                self.session.report("unknown-reference", message, place, len(second[1]), hint, "warning")
            return -1
        destination, title, start, length = found_reference
        self._put_link(opener, index, unescaped(destination), start, length, title)
        return after

    def _put_link(self, opener: _Opener, index: int, destination: str, start: int, length: int, title: str) -> None:
        session = self.session
        if not destination:
            place = self.places.at(index)
            session.report("empty-link", "this link leads nowhere: its destination is empty", place, 1, "write one")
        if opener.kind == "link":
            number = add_target(session, "link", destination, start, length, title=title)
            self.out[opener.out] = "["
            self.out.append(f"]({session.link_prefix}{number})")
            self.dead = len(self.stack)
            return
        for call in session.calls[opener.calls :]:
            message = f"`{call.name}` stands in an image's description, which is plain text"
            session.report("directive-in-alt", message, call.start, call.end - call.start, "move it behind the image")
        number = add_target(session, "image", destination, start, length)
        del self.out[opener.out :]
        self.out.append(session.mark(Atom((Image(number, _plain(self.text[opener.label : index]), title),))))

    def _refuse_in_title(self, text: str, start: int, end: int) -> None:
        found = _DIRECTIVE.search(text, start, end)
        if found is not None and found[1] in self.session.directives:
            message = f"`{found[1]}` stands in a title, which is plain text"
            place = self.places.at(found.start())
            self.session.report("directive-in-title", message, place, len(found[0]), r"move it out, or write `\:`")

    # --- directives ------------------------------------------------------------------------------------------------

    def _directive(self, name: str, start: int, end: int) -> int:
        bracket = self.text[end]
        if bracket == "[":
            if len(self.stack) < _DEEPEST:
                self.stack.append(_Opener("directive", len(self.out), start, end + 1, name, len(self.session.calls)))
            self.out.append(f":{name}&#91;")
            return end + 1
        if bracket == "{":
            braces = ATTRIBUTES.match(self.text, end)
            if braces is not None:
                call = self._call(name, start, braces.end(), braces, has_label=False)
                self.out.append(self._alone(call) if call is not None else self.text[start : braces.end()])
                return braces.end()
            self._report_unclosed(name, start, "}")
        else:
            self._warn_wide(self.text[start:end], start)
        self.out.append(self.text[start:end])
        return end

    def _alone(self, call: int) -> str:
        return self.session.mark(Atom((Directive(call),)))

    def _close_directive(self, opener: _Opener, index: int) -> int:
        text = self.text
        if "\n" in text[opener.place : index]:
            self._report_unclosed(opener.name, opener.place, "]")
            self.out.append("&#93;")
            return index + 1
        braces = ATTRIBUTES.match(text, index + 1)
        if braces is None and text.startswith("{", index + 1):
            self._report_unclosed(opener.name, opener.place, "}")
        wide = _WIDE_BRACES.match(text, index + 1)
        if wide is not None and opener.name in self.session.directives:
            message = "a directive is written with ASCII colons, brackets and quotes"
            length = wide.end() - opener.place
            hint = f"{text[opener.place : index + 1]}{{{wide[1]}}}"
            self.session.report("bad-directive", message, self.places.at(opener.place), length, hint)
            self.out.append("&#93;")
            return index + 1
        end = braces.end() if braces is not None else index + 1
        call = self._call(opener.name, opener.place, end, braces, has_label=True)
        if call is None:
            self.out.append("&#93;")
            return end
        wall = self.session.wall
        self.out[opener.out] = self.session.mark(Begin(call, block=False, label=True)) + wall
        self.out.append(wall + self.session.mark(Close(call, block=False)))
        return end

    def _call(self, name: str, start: int, end: int, braces: re.Match[str] | None, *, has_label: bool) -> int | None:
        attributes, where = (braces[1], self.places.at(braces.start(1))) if braces is not None else ("", 0)
        begin = self.places.at(start)
        return make_call(
            self.session, Written(name, "inline", has_label, attributes, where, begin, begin + end - start)
        )

    def _report_open(self) -> None:
        for opener in self.stack:
            if opener.kind == "directive":
                self._report_unclosed(opener.name, opener.place, "]")

    def _report_unclosed(self, name: str, start: int, closer: str) -> None:
        if name not in self.session.directives:
            return
        message = f"`{name}` is not closed on its line by `{closer}`"
        hint = rf"close it with `{closer}`; in a label, `\[` and `\]` are plain brackets"
        self.session.report("bad-directive", message, self.places.at(start), len(name) + 1, hint)

    def _warn_wide(self, sign: str, start: int) -> None:
        found = _WIDE_NAME.search(sign)
        if found is None or found[0] not in self.session.directives:
            return
        name = found[0]
        code = "full-width"
        if sign.startswith("::"):
            code = "directive-in-line"
            message = f"`::{name}` stands in the middle of a line and is left as text"
            hint = "give it a line of its own"
        else:
            message = f"`{sign}` looks like a directive with full-width punctuation and is left as text"
            hint = f"write `:{name}[…]{{…}}` with ASCII colon and brackets"
        self.session.report(code, message, self.places.at(start), len(sign), hint, "warning")


def _code_span(content: str) -> str:
    """Return a code span's HTML (CommonMark 0.31, 6.1): newlines are spaces, one space at each end is dropped."""
    content = content.replace("\n", " ")
    if len(content) > 2 and content[0] == content[-1] == " " and content.strip():
        content = content[1:-1]
    return f"<code>{escape(content, quote=False)}</code>"


def _plain(text: str) -> str:
    """Return an image's description as plain text: emphasis, code, links and escapes resolved."""
    if "[" in text or "`" in text:
        text = _ALT_NOISE.sub(lambda found: found[2] or found[3] or "", text)
    for _ in range(3):
        if "*" not in text and "_" not in text:
            break
        text = _EMPHASIS.sub(r"\2", text)
    return " ".join(unescaped(text).split())
