"""A finished page, taken apart once and walked once: what every rule looks at; judges nothing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from ccgen.check.page_plain import read_plain
from ccgen.check.page_tokens import OF_DRAWINGS, Tag, said
from ccgen.check.page_tree import read_tree
from ccgen.check.page_ways import Anchor, other_ways

__all__ = ["Sheet", "squeezed"]

_MARKUP = "application/ld+json"


class Sheet:
    """One page. `ids` in order, with repetitions; `references` every URL in it; `anchors` the ways to others, but for links
    that plainly stay on the site; `scripts` the addresses of its scripts, `markup` the texts of its JSON-LD, `descriptions`
    what it says of itself elsewhere. Elements are known by the numbers of their tags: `tables`, `carts`, `checkouts`, which
    work by a script only, and `body`, -1 where a page is nothing but body.
    """

    def __init__(self, html: bytes) -> None:
        self.tokens = read_plain(html) or read_tree(html)
        noted = [(number, tag) for number, tag in enumerate(self.tokens.tags) if tag.noted]
        self.ids = [tag.ident for _, tag in noted if tag.ident is not None]
        self.references = [reference for _, tag in noted for reference in tag.references]
        self.anchors: list[Anchor] = []
        self.markup: list[str] = []
        self.scripts: list[str] = []
        self.descriptions: list[str] = []
        self.canonical = ""
        self.tables: list[int] = []
        self.carts: list[int] = []
        self.checkouts: list[int] = []
        self.body = -1
        self._unseen: list[int] = []  # elements of the body that hold what nobody sees
        for number, tag in noted:
            if not tag.telling:
                continue
            for link in tag.links:
                self.anchors.append(Anchor(number, link, tag, tag))
            if tag.leading:
                self.anchors += other_ways(self.tokens, number)
            if tag.special:
                self._special(number, tag)
        self._unseen = [number for number in self._unseen if number > self.body]

    def _special(self, number: int, tag: Tag) -> None:
        name, attributes = tag.name, tag.attributes
        if name == "body":
            self.body = number
        elif name == "script" and attributes.get("src") is not None:
            self.scripts.append(attributes["src"] or "")
        elif name == "script" and attributes.get("type") == _MARKUP:
            self.markup.append(b"".join(self.tokens.texts[number + 1 : self.tokens.end(number) + 1]).decode())
        elif name == "table":
            self.tables.append(number)
        elif name == "link" and attributes.get("rel") == "canonical":
            self.canonical = attributes.get("href") or ""
        elif name == "meta":
            self.descriptions.append(attributes.get("content") or "")
        if "data-item-url" in attributes:
            self.carts.append(number)
        if tag.checkout:
            self.checkouts.append(number)
        if self._is_unseen(number, tag):
            self._unseen.append(number)

    @cached_property
    def text(self) -> str:
        """What a reader sees, as it stands in the document: without scripts, templates and what is not displayed.

        A style sheet that hides is not read.
        """
        return self._seen(self.body + 1, len(self.tokens.tags))

    @cached_property
    def open_text(self) -> str:
        """What a reader sees, and hears where the page is read aloud, who neither follows a link nor unfolds anything."""
        return self.open_text_before(len(self.tokens.tags))

    def open_text_before(self, number: int) -> str:
        """Return as much of the open text as stands before an element."""
        first = self.body + 1
        tags = enumerate(self.tokens.tags[first:number], start=first)
        gaps = [gap for other, tag in tags if tag.unheard for gap in self._unheard(other, tag)]
        return self._without(first, number, sorted(gaps))

    @property
    def clear(self) -> bool:
        """Whether nothing of the body is hidden."""
        return not self._unseen

    def shown(self, number: int) -> str:
        """Return what a reader sees of an element."""
        return self._seen(number + 1, self.tokens.end(number))

    def text_before(self, number: int) -> str:
        """Return what a reader sees before an element; all there is, if nobody sees the element."""
        if any(one <= number <= self.tokens.end(one) for one in self._unseen):
            return self.text
        return self._seen(self.body + 1, number)

    def _seen(self, first: int, last: int) -> str:
        """Return what a reader sees of some texts, both ends included; what is around them hides nothing."""
        unseen = self._unseen[bisect_left(self._unseen, first - 1) :] if self._unseen else ()
        return self._without(first, last, ((one + 1, self.tokens.end(one)) for one in unseen if one < last))

    def _without(self, first: int, last: int, gaps: Iterable[tuple[int, int]]) -> str:
        """Return some texts without what stands in gaps: of these, too, both ends are included, and they stand in order."""
        texts, kept = self.tokens.texts, []
        for start, end in gaps:
            if start > first:
                kept += texts[first:start]
            first = max(first, end + 1)
        return said(kept + texts[first : last + 1])

    def _unheard(self, number: int, tag: Tag) -> Iterator[tuple[int, int]]:
        """Yield where the texts stand that an element keeps from some readers."""
        end = self.tokens.end(number)
        if tag.mute or self._is_tooltip(number, tag):
            yield number + 1, end
        elif tag.name == "details":  # of a closed one its first summary can be seen
            summary = next((one for one in self.tokens.children(number) if self.tokens.tags[one].name == "summary"), -1)
            if summary < 0:
                yield number + 1, end
            else:
                yield number + 1, summary
                yield self.tokens.end(summary) + 1, end

    def _is_unseen(self, number: int, tag: Tag) -> bool:
        hidden = tag.unseen or self._is_tooltip(number, tag)
        return hidden and any(self.tokens.texts[number + 1 : self.tokens.end(number) + 1])

    def _is_tooltip(self, number: int, tag: Tag) -> bool:
        return tag.name in OF_DRAWINGS and self.tokens.around(number, "svg") >= 0


def squeezed(text: str) -> str:
    """Return a text without its white space, so that line ends and markup inside a sentence do not count."""
    return "".join(text.split())
