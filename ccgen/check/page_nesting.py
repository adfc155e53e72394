"""Which elements may stand in which, so that a parser finds the very elements that are written; knows no attribute.

HTML's parser closes, moves and adds elements by rules of its own (HTML, 13.2.6). Where elements are opened and closed as the
tables here allow, none of these rules changes anything. They are narrower than HTML: whatever else is left to the parser.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["DOCUMENT", "END", "FRAGMENT", "ONLY", "Nesting", "Unknown"]

_DEPTH = 64
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# A start of these ends a `<p>`.
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form header hgroup hr li main"
    " nav ol p pre section summary table ul".split()
)
_PHRASES = frozenset(
    "a abbr b bdi bdo br button cite code data del dfn em i img input ins kbd label link mark meta output picture q s samp"
    " script small source span strong style sub sup svg textarea time u var wbr".split()
)
_CONTENT = _BLOCKS | _PHRASES
_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
_ONE = (frozenset({"a"}), frozenset({"button"}), frozenset({"form"}), _HEADINGS)  # never one within another
_ROWS = dict.fromkeys(("tbody", "tfoot", "thead"), frozenset({"tr"}))
# What holds some elements alone, and no text.
ONLY: Mapping[str, frozenset[str]] = {
    "table": frozenset({"caption", *_ROWS}),
    **_ROWS,
    "tr": frozenset({"td", "th"}),
    "head": frozenset({"link", "meta", "script", "style", "title"}),
}
_DRAWING = frozenset("circle defs desc ellipse g line mask path polygon polyline rect symbol text title use".split())
_ELSEWHERE: Mapping[str, frozenset[str]] = {  # what holds no content
    **ONLY,
    **dict.fromkeys(("", "desc", "script", "style", "textarea", "title"), frozenset()),
}
_PLACED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("dd", "dt"), frozenset({"dl"})),
    "li": frozenset({"ol", "ul"}),
}


class Unknown(Exception):
    """What is written here is the parser's to understand."""


class Nesting(dict[str, "Nesting"]):
    """A place in a page, by the elements around it. Its items are the places to which tags lead, looked up once: `p`, `/p`,
    and `path/` for a part of a drawing that is closed at once.
    """

    __slots__ = ("around", "depth", "inside", "name")

    def __init__(self, name: str, around: Nesting | None = None) -> None:
        super().__init__()
        self.name, self.around = name, around
        self.inside: frozenset[str] = frozenset({name})
        self.depth = 0
        if around is not None:
            self.inside |= around.inside
            self.depth = around.depth + 1

    def __missing__(self, tag: str) -> Nesting:
        found = self[tag] = self._after(tag)
        return found

    def _after(self, tag: str) -> Nesting:
        if self.around is not None and tag == f"/{self.name}":
            return self.around
        name = tag.removesuffix("/")
        if self._may_hold(name) and self.depth < _DEPTH:
            if name in _EMPTY or (name != tag and "svg" in self.inside):
                return self
            if name == tag:
                return Nesting(name, self)
        raise Unknown

    def _may_hold(self, name: str) -> bool:
        if self.name in _ELSEWHERE:
            return name in _ELSEWHERE[self.name]
        if "svg" in self.inside:
            return name in _DRAWING
        groups = self.around is not None and (self.around.name, self.name) == ("dl", "div")
        return (
            name in _CONTENT
            and (self.name in _PLACED.get(name, {self.name}) or (groups and name in {"dd", "dt"}))
            and not (name in _BLOCKS and "p" in self.inside)
            and not any(name in group and not group.isdisjoint(self.inside) for group in _ONE)
        )


def _document() -> tuple[Nesting, Nesting]:
    """Return the places before and behind a page whose frame is written out whole."""
    start = place = Nesting("")
    for tag, name in (("!doctype", ""), ("html", ""), ("head", "head"), ("/head", ""), ("body", "body"), ("/body", "")):
        place[tag] = place = Nesting(name)
    end = place["/html"] = Nesting("")
    return start, end


DOCUMENT, END = _document()  # memo tables: what is looked up is the same for every page
FRAGMENT = Nesting("body")  # a page without a frame ends where it begins
