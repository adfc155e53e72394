"""Block structure of an article: which lines are paragraphs, lists, quotes, code, HTML, directives; reads no inline.

The rules are CommonMark's (0.31, "Block structure") with tables, definition lists, footnotes and directives. The
result is a flat list of blocks, each with the containers it stands in; `layout` writes them so that the engine sees
the same.
"""

from __future__ import annotations

import re

from ccgen.load.markdown.fences import take_directive
from ccgen.load.markdown.lines import (
    BLANK,
    DEFINITION,
    DIRECTIVE_START,
    EXPLICIT_ID,
    FENCE,
    HEADING,
    HTML_NAME,
    ITEM,
    MARGIN,
    NOTE,
    PASSAGES,
    PLAIN_HEADING,
    RULE,
    SPECIAL,
    SQUASHED,
    TABLE_RULE,
    UNDERLINE,
    behind,
    behind_quote,
    dropped,
    html_kind,
    interrupts,
    width,
)
from ccgen.load.markdown.openblock import OpenBlock
from ccgen.load.markdown.references import take_reference
from ccgen.load.markdown.session import Note, Session
from ccgen.load.markdown.signs import Signs
from ccgen.load.markdown.structure import Block, Box, Line, apart

__all__ = ["Scanner", "read_blocks"]


# What nothing of `MARGIN` begins with, and no passage. '' is the text's end.
_NO_MARGIN = (SPECIAL - frozenset("-+*#:0123456789")) | {" ", "\t", ""}
_NO_PASSAGE = (SPECIAL - frozenset(">-+*0123456789")) | {" ", "\t", ""}


def read_blocks(session: Session) -> list[Block]:
    """Return the blocks of the article's prose, in order."""
    scanner = Scanner(session, Signs(session.text, session.start))
    scanner.read(session.start)
    return scanner.boxes.blocks


class Scanner(OpenBlock):
    """Goes through the lines once."""

    def __init__(self, session: Session, signs: Signs) -> None:
        super().__init__(session, signs)
        self.barren = -1  # no passage begins up to here

    def read(self, where: int) -> None:
        """Take all lines from `where` on, as many at once as can be told by one pattern."""
        text = self.session.text
        end = len(text)
        while where <= end:
            if self.fence is None and not self.code and not self.html:
                where = self._margin(where)
                if where > end:
                    break
            stop = text.find("\n", where)
            self.line(text[where : stop if stop >= 0 else end], where)
            where = stop + 1 if stop >= 0 else end + 1
        self.finish(end)

    def _margin(self, where: int) -> int:
        """Take what begins at the margin and is plain, as long as there is such; return where the line behind it begins.

        No block but a paragraph is open. Of containers at most one item is: what stands at the margin is not in it.
        """
        text, boxes = self.session.text, self.boxes
        while not boxes.stack or (len(boxes.stack) == 1 and boxes.stack[0].kind == "item"):
            start = where
            while text.startswith("\n", start):
                start += 1
            if start > where:
                self._close_para()
                boxes.blank = True
            first = text[start : start + 1]
            apart = not self.para and (boxes.blank or not boxes.blocks)  # else it may go on with what stands before
            if apart and start > self.barren and first not in _NO_PASSAGE and (end := self._passage(start)):
                where = end + 1
                continue
            found = MARGIN.match(text, start) if first not in _NO_MARGIN else None
            what = 0 if found is None else found.lastindex or 0
            if found is None or (self.para and (what == 6 if boxes.stack else what < 4 or what == 6)):
                return start  # a paragraph goes on, or ends, by the rules for one line
            if boxes.stack:
                self._close_to(0, start)
            where = found.end() + 1
            if what == 6:
                self._paragraphs(found[6], start)
            elif what == 5:
                self._close_para()
                take_directive(boxes, found[5], start)
            elif what == 4:
                self._heading(found[4], start)
            else:
                marker = found[1][:-1]
                box = Box("item", indent=len(marker) + 1, marker=marker)
                self._item(box, found[2], found.start(2), whole=what == 3)
        return where

    def _passage(self, start: int) -> int:
        """Take blocks without a sign as one, where a block begins; return where they end, 0 if there are none."""
        text, sign = self.session.text, self.signs.after(start)
        found = PASSAGES[self.session.layout].match(text, start, sign + 1)  # a sign is seen behind what it ends
        end = found.end() if found is not None else 0
        if end > sign:
            end = text.rfind("\n\n", start, sign)
        if end <= start:
            end = text.find("\n\n", start)
            self.barren = end if end >= 0 else len(text)
            return 0
        if self.boxes.stack:
            self._close_to(0, start)
        self.boxes.add("text", (Line(text[start:end], start),), plain=True)
        return end

    def _item(self, box: Box, text: str, start: int, *, whole: bool) -> None:
        if whole:
            self.boxes.add_within(box, Line(text, start), plain=self.signs.after(start) >= start + len(text))
        else:
            self.boxes.push(box, start)
            self._paragraph(text, start)

    def _paragraphs(self, lines: str, start: int) -> None:
        """Take a paragraph's lines, or those with which one begins."""
        end = start + len(lines)
        if BLANK.match(self.session.text, end):
            self.boxes.add("text", (Line(lines, start),), plain=self.signs.after(start) >= end)
        else:
            self._paragraph(lines, start)

    # --- one line ----------------------------------------------------------------------------------------------------

    def line(self, line: str, offset: int) -> None:
        """Take the next line."""
        text = line.lstrip(" \t")
        if not (self.boxes.stack or self.html or self.code or self.fence is not None):
            if not text:
                self._close_para()
                self.boxes.blank = True
                return
            if text[0] not in SPECIAL and (self.para or text is line):
                self._paragraph(text, offset + len(line) - len(text))
                return
            if text is line:
                self._starts("", text, offset)
                return
        space = line[: len(line) - len(text)]
        start = offset + len(space)
        matched = len(self.boxes.stack)
        if self.boxes.stack:
            matched, space, text, start = self._match(space, text, start)
        if self.fence is not None or self.html:
            if matched == len(self.boxes.stack):
                if self._verbatim(space, text, start):
                    return
            else:
                self._close_verbatim()
        if not text:
            self._blank(matched, start)
            return
        if matched < len(self.boxes.stack):
            if self.para and not interrupts(space, text, self.boxes.stack[matched]):
                self._paragraph(text, start)
                return
            self._close_to(matched, start)
        self._starts(space, text, start)

    def _match(self, space: str, text: str, start: int) -> tuple[int, str, str, int]:
        """Return how many containers go on in this line, and the line without their prefixes."""
        for number, box in enumerate(self.boxes.stack):
            kind = box.kind
            if kind == "directive" or (not text and kind != "quote"):
                continue
            if kind == "quote":
                if not text.startswith(">") or width(space) > 3:
                    return number, space, text, start
                space, text, start = behind_quote(text, start)
            elif width(space) >= (box.indent if kind == "item" else 2):
                space = dropped(space, box.indent)
            else:
                return number, space, text, start
        return len(self.boxes.stack), space, text, start

    def _verbatim(self, space: str, text: str, start: int) -> bool:
        """Take a line of an open fence or HTML block; say whether it was taken."""
        if self.fence is not None:
            marker, indent, _, _ = self.fence
            bare = text.rstrip()
            if bare.startswith(marker) and not bare.strip(marker[0]) and width(space) < 4:
                self._close_verbatim()
            else:
                self.code.append(Line(dropped(space, indent) + text, start))
            return True
        if not self.html_end:
            if not text or text.startswith(DIRECTIVE_START):
                self._close_verbatim()
                return False
            self.html.append(Line(space + text, start - len(space)))
            return True
        self.html.append(Line(space + text, start - len(space)))
        if self.html_end in text.lower():
            self._close_verbatim()
        return True

    def _blank(self, matched: int, start: int) -> None:
        self._close_para()
        if self.code:
            self.code.append(Line("", start))
        if matched < len(self.boxes.stack):
            self._close_to(matched, start)
        self.boxes.blank = True

    # --- what a line begins -----------------------------------------------------------------------------------------

    def _starts(self, space: str, text: str, start: int) -> None:
        """Open the containers that begin in this line, then take what is left as a block."""
        while True:
            if not text:
                return
            if not self.para and width(space) > 3:
                if not self.code:
                    self._begin()
                self.code.append(Line(dropped(space, 4) + text, start))
                return
            if self.code:
                self._close_code()
            if text[0] not in SPECIAL:
                self._paragraph(text, start)
                return
            opened = self._container(space, text, start)
            if opened is None:
                break
            space, text, start = opened
        if not self._block(space, text, start):
            self._paragraph(text, start)

    def _container(self, space: str, text: str, start: int) -> tuple[str, str, int] | None:
        """Open the quote, item, definition or footnote that begins here; return the rest of the line."""
        first = text[0]
        if self.para and width(space) > 3:
            return None
        if first == ">":
            self._close_para()
            self.boxes.push(Box("quote", marker=">"), start)
            return behind_quote(text, start)
        if first == "[" and (note := NOTE.match(text)) is not None:
            return self._open_note(note, text, start)
        if first == ":" and DEFINITION.match(text) and self._has_terms():
            self._close_para()
            box = Box("definition", indent=4, marker=":")
            self.boxes.push(box, start)
            return behind(text, start, 1)
        item = ITEM.match(text) if first in "-+*0123456789" else None
        if item is None or (first in "-*" and RULE.match(text)):
            return None
        return self._open_item(item, space, text, start)

    def _open_item(self, item: re.Match[str], space: str, text: str, start: int) -> tuple[str, str, int] | None:
        end, number = item.end(), item[1]
        rest = text[end:]
        if self.para and (not rest.strip() or (number is not None and number != "1")):
            return None  # a wrapped line that happens to begin with a number or a dash
        if self.para and text[0] == "-" and (UNDERLINE.match(text) or TABLE_RULE.match(text)):
            return None
        self._close_para()
        after, body, where = behind(text, start, end)
        gap = width(after)
        inner = 1 if gap > 4 or not body else gap
        self.boxes.push(Box("item", indent=width(space) + end + inner, marker=item[0]), start)
        return dropped(after, inner), body, where

    def _open_note(self, found: re.Match[str], text: str, start: int) -> tuple[str, str, int]:
        self._close_para()
        label = found[1]
        if label in self.session.notes:
            message = f"the footnote `[^{label}]` is defined twice"
            self.session.report("repeated-footnote", message, start, found.end() - 1, "give one of them another name")
        note = Note(label, start)
        self.session.notes.setdefault(label, note)
        while self.boxes.stack and self.boxes.stack[-1].kind == "note":
            self._close_to(len(self.boxes.stack) - 1, start)
        box = Box("note", indent=4)
        box.note = note
        self.boxes.push(box, start)
        return behind(text, start, found.end())

    def _has_terms(self) -> bool:
        """Say whether a definition can stand here: after its terms, or after another definition."""
        if self.para:
            return True
        if not self.boxes.blocks:
            return False
        last = self.boxes.blocks[-1]
        if last.kind == "text" and last.path == self.boxes.path:
            return (
                not last.plain or last.lines[-1].text.rpartition("\n")[2][0] not in SPECIAL
            )  # a passage may end in a list
        depth = len(self.boxes.path)
        return len(last.path) > depth and last.path[:depth] == self.boxes.path and last.path[depth].kind == "definition"

    def _block(self, space: str, text: str, start: int) -> bool:
        """Take the line as a block without blocks in it; False where it is a paragraph's."""
        first = text[0]
        if first in ":：" and text.startswith(DIRECTIVE_START):
            self._close_para()
            take_directive(self.boxes, text, start)
            return True
        if first == "[":
            return take_reference(self.session, text, start)
        if width(space) > 3:
            return False  # in a paragraph only
        if first == "#":
            return self._heading(text, start)
        if first in "`~":
            return self._open_fence(space, text, start)
        if first in "=-" and self.para and (underline := UNDERLINE.match(text)):
            self._setext(1 if underline[1][0] == "=" else 2)
            return True
        if first in "*-_" and RULE.match(text):
            self._close_para()
            self.boxes.add("rule", (Line("", start),))
            return True
        return first == "<" and self._open_html(space, text, start)

    def _heading(self, text: str, start: int) -> bool:
        bare = text.rstrip(" \t")
        plain = PLAIN_HEADING.match(bare) if bare[-1] != "#" else None
        if plain is not None:
            self._close_para()
            self._add_heading(len(plain[1]), (Line(bare[plain.end() :], start + plain.end()),))
            return True
        found = HEADING.match(text)
        if found is None:
            if SQUASHED.match(text):
                fixed = re.sub(r"^(#+)", r"\1 ", text.rstrip())
                message = "a heading needs a space behind its `#`; without it this is text"
                self.session.report("heading-without-space", message, start, len(text.rstrip()), fixed, "warning")
            return False
        self._close_para()
        content = found[2] or ""
        if not content.strip("#"):
            content = ""  # its closing marks
        where = start + found.start(2) if found[2] else start
        self._add_heading(len(found[1]), (Line(content, where),))
        return True

    def _setext(self, level: int) -> None:
        lines, self.para = apart(self.para), []
        self.boxes.blank = self.began_blank
        self._add_heading(level, lines)

    def _add_heading(self, level: int, lines: tuple[Line, ...]) -> None:
        last = lines[-1]
        explicit = EXPLICIT_ID.search(last.text) if "{#" in last.text else None
        name = ""
        if explicit is not None:
            name = explicit[1]
            self.session.anchor(name, last.start + explicit.start(1))
            lines = (*lines[:-1], Line(last.text[: explicit.start()], last.start))
        self.boxes.add("heading", lines, level=level, info=name)

    def _open_fence(self, space: str, text: str, start: int) -> bool:
        found = FENCE.match(text)
        if found is None:
            return False
        self._close_para()
        self._begin()
        self.fence = (found[1], width(space), found[2].lstrip("."), start)
        return True

    def _open_html(self, space: str, text: str, start: int) -> bool:
        kind = html_kind(text, in_paragraph=bool(self.para))
        if not kind:
            return False
        self._close_para()
        self._begin()
        self.html.append(Line(space + text, start - len(space)))
        self.html_end = "-->" if kind == 2 else ""
        if kind == 1:
            name = HTML_NAME.match(text)
            self.html_end = f"</{name[1].lower()}>" if name else ""
        if self.html_end and self.html_end in text.lower():
            self._close_verbatim()
        return True
