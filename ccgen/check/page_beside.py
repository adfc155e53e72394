"""What a reader sees beside each purchase link of a page; judges nothing.

All links together cost as much as the page is long: a box with several of them is never looked into.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ccgen.check.page_sheet import Sheet

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

__all__ = ["Beside"]

_NEAR = 400  # characters of the smallest box around a link in which its mark must stand
_OUTERMOST = frozenset({"body", "html"})


class Beside:
    """The surroundings of some links; `nodes` are all the purchase links of a page, in any order."""

    def __init__(self, sheet: Sheet, nodes: Iterable[LexborNode]) -> None:
        self._sheet = sheet
        self._of: dict[int, int] = {}  # elements that hold purchase links, by id → the only one's, 0 for several
        for node in nodes:
            self._note(node)

    def _note(self, link: LexborNode) -> None:
        of, ident = self._of, link.mem_id
        node: LexborNode | None = link
        while node is not None:
            known = of.setdefault(node.mem_id, ident)
            if known == 0:
                return  # and so is everything around it
            if known != ident:
                of[node.mem_id] = 0
            node = node.parent

    def text(self, link: LexborNode) -> str:
        """Return what a reader sees of the largest box around a link that is small and holds no other purchase link."""
        node, ident = link, link.mem_id
        length = len(node.text(separator=" "))
        while (parent := node.parent) is not None and parent.tag not in _OUTERMOST:
            if self._of.get(parent.mem_id) != ident:
                return self._up_to_next(node)
            around = len(parent.text(separator=" "))
            if around > _NEAR + length:
                return self._up_to_next(node)
            node, length = parent, around
        return self._sheet.shown(node)

    def _up_to_next(self, node: LexborNode) -> str:
        """Return an element's text and what follows it within its box, up to the next link."""
        text = self._sheet.shown(node)
        after = node.next
        while after is not None and not self._is_next(after) and len(text) < _NEAR * 2:
            text += " " + self._sheet.shown(after)
            after = after.next
        return text

    def _is_next(self, node: LexborNode) -> bool:
        return node.mem_id in self._of or node.tag == "a" or node.css_first("a") is not None
