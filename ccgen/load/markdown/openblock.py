"""The block that is open while an article is scanned, and how it is closed; reads no line."""

from __future__ import annotations

from ccgen.load.markdown.containers import Boxes
from ccgen.load.markdown.lines import SPECIAL
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.signs import Signs
from ccgen.load.markdown.structure import Line

__all__ = ["OpenBlock"]


class OpenBlock:
    """`para`, `code` and `html` are the open block's lines, at most one of them not empty."""

    def __init__(self, session: Session, signs: Signs) -> None:
        self.session = session
        self.signs = signs
        self.boxes = Boxes(session)
        self.para: list[Line] = []
        self.code: list[Line] = []
        self.fence: tuple[str, int, str, int] | None = None  # marker, indent, language, offset
        self.html: list[Line] = []
        self.began_blank = False  # a blank line stands before the open block
        self.html_end = ""  # what ends the open HTML block; "" = a blank line

    def _paragraph(self, text: str, start: int) -> None:
        if not self.para:
            self._begin()
        self.para.append(Line(text, start))

    def _begin(self) -> None:
        """Note whether a blank line stands before the block that begins in this line and is added later."""
        self.began_blank, self.boxes.blank = self.boxes.blank, False

    def _close_para(self) -> None:
        if self.para:
            lines, self.para = tuple(self.para), []
            self.boxes.add("text", lines, blank=self.began_blank, plain=self._are_plain(lines))

    def _are_plain(self, lines: tuple[Line, ...]) -> bool:
        """Say whether a paragraph's lines hold no sign and begin with none: the engine reads them as they are."""
        first, last = lines[0].start, lines[-1].start + len(lines[-1].text)
        return self.signs.after(first) >= last and all(line.text[0] not in SPECIAL for line in lines)

    def _close_code(self) -> None:
        lines, self.code = self.code, []
        while lines and not lines[-1].text:
            lines.pop()
        self.boxes.add("code", tuple(lines), blank=self.began_blank)

    def _close_verbatim(self) -> None:
        if self.fence is not None:
            language, self.fence = self.fence[2], None
            lines, self.code = tuple(self.code), []
            self.boxes.add("code", lines, info=language, blank=self.began_blank)
        elif self.html:
            lines, self.html = tuple(self.html), []
            self.boxes.add("html", lines, blank=self.began_blank)

    def _close_to(self, depth: int, start: int) -> None:
        """Close the containers above a depth, and the block that is open in them."""
        self._close_para()
        if self.code and self.fence is None:
            self._close_code()
        self._close_verbatim()
        self.boxes.close_to(depth, start)

    def finish(self, end: int) -> None:
        """Close all that is open at the end of the text."""
        if self.fence is not None:
            marker, _, _, start = self.fence
            message = "this code block is not closed, so all that follows is code"
            self.session.report(
                "unclosed-code", message, start, len(marker), f"write a line {marker} where the code ends"
            )
        self._close_to(0, end)
