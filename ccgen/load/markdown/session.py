"""One article while it is read: what was found so far, with offsets in its text; knows no syntax."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ccgen.errors import At, Problem, Severity
from ccgen.load.markdown.engine import Layout
from ccgen.load.markdown.marks import CLOSE, OPEN, Mark
from ccgen.model.body import Call, Pieces, Target
from ccgen.model.limits import Limits
from ccgen.model.theme import Directive

__all__ = ["Note", "Places", "Reference", "Session", "link_prefix", "normal_label"]


class Reference(NamedTuple):
    """A reference definition: destination and title as written, and where the destination stands."""

    destination: str
    title: str
    start: int
    length: int


class Note:
    """A footnote. `number` is 0 until its first reference; `pieces` come from the splitter."""

    def __init__(self, label: str, start: int) -> None:
        self.label = label
        self.start = start
        self.number = 0
        self.references = 0
        self.pieces: Pieces = ()


class Places:
    """Maps indexes in joined text to the article's: at `starts[i]` a run begins that stands at `offsets[i]` there."""

    __slots__ = ("offsets", "starts")

    def __init__(self, starts: Sequence[int], offsets: Sequence[int]) -> None:
        self.starts = starts
        self.offsets = offsets

    def at(self, index: int) -> int:
        """Return the offset in the article's text of a character of the joined text."""
        run = bisect_right(self.starts, index) - 1
        return self.offsets[run] + index - self.starts[run]

    def shifted(self, index: int) -> Places:
        """Return the places of the joined text from `index` on, counted from 0."""
        run = bisect_right(self.starts, index) - 1
        starts = [0, *(start - index for start in self.starts[run + 1 :])]
        return Places(starts, [self.at(index), *self.offsets[run + 1 :]])


class Session:
    """The working state of one reading. Lives as long as one call of `read_bodies`; nothing outside keeps it."""

    def __init__(
        self,
        text: str,
        *,
        path: str,
        start: int = 0,
        directives: Mapping[str, Directive],
        limits: Limits,
        abbreviations: bool = False,
        layout: Layout = "apart",
        begin: str = "",
        wall: str = "",
    ) -> None:
        self.text = text
        self.path = path
        self.start = start  # of the prose
        self.directives = directives
        self.limits = limits
        self.abbreviations = abbreviations  # lines `*[HTML]: …` are the engine's
        self.layout = layout  # in which the engine is written to
        self.begin = begin  # what a line begins with that is a mark's alone
        self.wall = wall  # what stands between a mark and the text that it opens or closes
        self.link_prefix = link_prefix(text)
        self.marks: list[Mark] = []
        self.calls: list[Call] = []
        self.targets: list[Target] = []
        self.titles: dict[int, str] = {}  # target number → a link's title
        self.references: dict[str, Reference] = {}
        self.notes: dict[str, Note] = {}
        self.cited: list[Note] = []  # in the order of their numbers
        self.anchors: dict[str, None] = {}  # ids of raw HTML and explicit ids, in order
        self.told: set[int] = set()  # where raw elements begin that are known not to pair
        self.awaited: Counter[str] = Counter()  # their end tags that may still come, and are not to be reported too
        self.problems: list[Problem] = []

    def mark(self, what: Mark) -> str:
        """Note what a new mark stands for and return its text."""
        number = len(self.marks)
        self.marks.append(what)
        return f"{OPEN}{number}{CLOSE}"

    def report(
        self, code: str, message: str, start: int, length: int, hint: str = "", severity: Severity = "error"
    ) -> None:
        """Note a problem at an offset of the article's text."""
        at = At(path=self.path, start=start, length=length)
        self.problems.append(Problem(code=code, message=message, at=at, hint=hint, severity=severity))

    def anchor(self, name: str, start: int) -> None:
        """Note an id that the author gave; the same one twice is an error."""
        if name in self.anchors:
            message = f"the id `{name}` is given twice in this text"
            self.report("repeated-anchor", message, start, len(name), "give one of them another id")
        self.anchors[name] = None


def link_prefix(text: str) -> str:
    """Return a scheme that the text does not hold, by which the engine's links are known again."""
    prefix = "ccgen:"
    while prefix in text:
        prefix = "x" + prefix
    return prefix


def normal_label(label: str) -> str:
    """Return a reference label as labels are compared (CommonMark 0.31, "matches"): case and spaces do not count."""
    return " ".join(label.split()).casefold()
