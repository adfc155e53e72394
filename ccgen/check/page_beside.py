"""What a reader sees beside each purchase link of a page; judges nothing.

All links together cost as much as the page is long: a box with several of them is never looked into.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate

from ccgen.check.page_sheet import Sheet
from ccgen.check.page_tokens import said

__all__ = ["Beside"]

_NEAR = 400  # characters of the smallest box around a link in which its mark must stand


class Beside:
    """The surroundings of some links; `numbers` are all the purchase links of a page, in any order."""

    def __init__(self, sheet: Sheet, numbers: Iterable[int]) -> None:
        self._sheet, self._tokens = sheet, sheet.tokens
        self._links = sorted({*numbers})

    def texts(self, link: int) -> Iterator[str]:
        """Yield what a reader sees of the boxes around a link, from the smallest to the largest that is small and holds no
        other purchase link. Each holds the one before; where something is hidden, so that it may not, only the last counts.
        """
        tokens, place = self._tokens, bisect_left(self._links, link)
        before = self._links[place - 1] if place else -1
        behind = self._links[place + 1] if place + 1 < len(self._links) else len(tokens.tags)
        start, end = link, tokens.end(link)
        text = said(tokens.texts[start + 1 : end + 1])
        while (parent := tokens.parent(start, before)) > self._sheet.body:
            closed = tokens.closed(end, behind)
            around = said(tokens.texts[parent + 1 : closed + 1]) if closed >= 0 else ""
            if closed < 0 or len(around) > _NEAR + len(text):
                yield self._up_to_next(start, end)
                return
            start, end, text = parent, closed, around
            if self._sheet.clear:
                yield text
        yield self._sheet.shown(start) if self._is_outermost(start) else self._up_to_next(start, end)

    def _is_outermost(self, number: int) -> bool:
        """Say whether an element stands in the body itself."""
        return self._depths[number] - self._tokens.tags[number].step <= self._depths[self._sheet.body]

    @cached_property
    def _depths(self) -> list[int]:
        """How many elements are open behind each tag; none where a page begins."""
        return [*accumulate([tag.step for tag in self._tokens.tags]), 0]

    def _up_to_next(self, start: int, end: int) -> str:
        """Return an element's text and what follows it within its box, up to the next link."""
        text, after = self._sheet.shown(start), end + 1
        while after > 0 and len(text) < _NEAR * 2:
            bare = self._tokens.texts[after]
            if bare:
                text += " " + said([bare])
            end = self._end_without_link(after)
            if end >= 0 and len(text) < _NEAR * 2:
                text += " " + self._sheet.shown(after)
            after = end + 1
        return text

    def _end_without_link(self, number: int) -> int:
        """Return where the element ends that begins with a tag, -1 where none does or a link is in it."""
        tags, place = self._tokens.tags, bisect_left(self._links, number)
        link = self._links[place] if place < len(self._links) else -1
        depth = 0
        for other in range(number, len(tags)):
            tag = tags[other]
            depth += tag.step
            if depth < 0 or tag.name == "a" or other == link:
                return -1
            if depth == 0:
                return other
        return -1
