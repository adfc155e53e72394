"""The containers that are open while an article is scanned, and the blocks found so far; reads no line."""

from __future__ import annotations

import msgspec

from ccgen.load.markdown.session import Note, Session
from ccgen.load.markdown.structure import Block, Box, DirectiveLine, Kind, Line, TooDeep

__all__ = ["Boxes"]


class Boxes:
    """A stack of containers. `path` and `note` always say where a block that is added now would stand."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.blocks: list[Block] = []
        self.stack: list[Box] = []
        self.path: tuple[Box, ...] = ()
        self.note: Note | None = None
        self.blank = False  # a blank line stands before the next block

    def add(
        self,
        kind: Kind,
        lines: tuple[Line, ...],
        *,
        level: int = 0,
        info: str = "",
        directive: DirectiveLine | None = None,
        blank: bool | None = None,
        plain: bool = False,
    ) -> None:
        """Add a block where the stack stands. `blank` is for one that began before this line."""
        for box in reversed(self.stack):
            if not box.empty:
                break
            box.empty = False
        self.blocks.append(
            Block(
                kind, self.path, self.note, lines, self.blank if blank is None else blank, level, info, directive, plain
            )
        )
        if blank is None:
            self.blank = False

    def add_within(self, box: Box, line: Line, *, plain: bool) -> None:
        """Add a line of text in a container of its own, where no other is open."""
        box.empty = False
        self.blocks.append(Block("text", (box,), None, (line,), self.blank, plain=plain))
        self.blank = False

    def push(self, box: Box, start: int) -> None:
        """Open a box, whose first sign stands at `start`; raises TooDeep where too many are open then."""
        self.stack.append(box)
        if len(self.stack) > self.session.limits.nesting:
            if len(self.stack) == self.session.limits.nesting + 1:
                message = f"more than {self.session.limits.nesting} quotes, lists and directives stand in one another"
                hint = "write it flatter, or raise `limits.nesting` in ccgen.yaml"
                self.session.report("article-too-complex", message, start, 1, hint)
            raise TooDeep
        if box.kind == "note":
            self.path, self.note = (), box.note
        elif box.kind != "directive":
            self.path += (box,)

    def pop(self) -> None:
        """Close the innermost box."""
        box = self.stack.pop()
        if box.kind == "note":
            self._repath()
        elif box.kind != "directive":
            self.path = self.path[:-1]

    def _repath(self) -> None:
        path: list[Box] = []
        note: Note | None = None
        for box in self.stack:
            if box.kind == "note":
                path, note = [], box.note
            elif box.kind != "directive":
                path.append(box)
        self.path, self.note = tuple(path), note

    def close_to(self, depth: int, start: int) -> None:
        """Close the containers above a depth. A directive among them lacks its fence; an empty item is a block."""
        while len(self.stack) > depth:
            box = self.stack[-1]
            if box.kind == "directive":
                self._report_missing(box, start)
                self.end(box, start)
            elif box.empty and box.kind in {"item", "definition"}:
                self.add("text", (Line("", start),))
            self.pop()

    def end(self, box: Box, end: int) -> None:
        """Write a container's end into the blocks and its span into its call."""
        line = box.directive
        assert line is not None
        if line.call >= 0:
            call = self.session.calls[line.call]
            self.session.calls[line.call] = msgspec.structs.replace(call, end=end)
            self.add("end", (), directive=line)

    def _report_missing(self, box: Box, start: int) -> None:
        line = box.directive
        assert line is not None
        declaration = self.session.directives.get(line.name)
        if line.call < 0 and declaration is not None and "container" not in declaration.forms:
            return  # that it is none is told already, and a leaf needs no end
        number = self.session.text.count("\n", 0, start) + 1
        message, hint = f"the container `{line.name}` is not closed", "write a line `:::` at the end of the text"
        if start < len(self.session.text):
            message += f", and the list item or quote around it ends before line {number}"
            hint = f"write a line `:::` before line {number}, in the same list item or quote"
        self.session.report("missing-fence", message, line.start, len(line.name) + 3, hint)
