"""Pages that are written as a parser would write them, taken apart without one; knows no rule.

A page of an ordinary theme says itself where each of its elements begins and ends. To see that it does, and to take it apart,
costs half of what a parser does. A page that says anything in another way is not read here at all.
"""

from __future__ import annotations

import re
from functools import reduce
from html import unescape
from operator import getitem
from typing import NamedTuple

from ccgen.check.page_nesting import DOCUMENT, END, FRAGMENT, ONLY, Unknown
from ccgen.check.page_tokens import CART, VOID, Tag, Tokens, value_of

__all__ = ["read_plain"]

_BLANK = b" \t\n\f"
_NO_SIGNS = bytes({*range(256)} - {*b"<>"})
# References that mean the same everywhere. Whether others are any depends on where they stand.
_ODD = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|nbsp|#39|#34|#x27|#x22);)")
_NAME = "viewBox|preserveAspectRatio|[a-z][a-z0-9_:.-]*"
_START = re.compile(
    rf"""([a-z][a-z0-9]*)((?:[ \t\n\f]+(?:{_NAME})(?:=(?:"[^"]*"|'[^']*'|[^\s"'=`]+))?)*)[ \t\n\f]*(/?)"""
)
_ATTRIBUTE = re.compile(rf"""[ \t\n\f]+({_NAME})(?:(=)(?:(")"|'([^']*)'|([^\s"'=`]+)))?(?![^ \t\n\f])""")
_CAPITALS, _SCALED = frozenset({"viewBox", "preserveAspectRatio"}), frozenset({"svg", "symbol"})
_END = re.compile("/[a-z][a-z0-9]*")
_DOCTYPE = re.compile("!doctype html", re.IGNORECASE)
_CART = CART.encode()
_KNOWN = 16_384  # tags of one generation; each page shares most with others
_BARE = frozenset().union(*ONLY.values(), (f"/{name}" for name in ONLY)) - ONLY["head"] - {"/head"}  # no text before
_DROPPING = frozenset({"pre", "textarea"})  # a line end at the start of these is dropped
_HEADED = ONLY["head"]  # of a page without a frame, these begin the head
_WORDED = _HEADED - VOID  # of a head, only these hold text


class _Form(NamedTuple):
    """A tag without the values in its `"`: all else that it says, and the names of the attributes which lack them.

    `ident` and `href` are the places of these two among what `"` part, 0 where they are none of those.
    """

    tag: Tag
    lacking: tuple[str, ...] = ()
    simple: bool = True
    plain: bool = True
    silent: bool = True
    ident: int = 0
    href: int = 0


class _Forms(dict[tuple[bytes, ...], _Form]):
    """Forms by what stands around the values."""

    def __missing__(self, around: tuple[bytes, ...]) -> _Form:
        if len(self) >= _KNOWN:
            self.clear()
        found = self[around] = _form(b'""'.join(around).decode(), values=len(around) - 1)
        return found


class _Tags(dict[bytes, Tag]):
    """Tags by what stands between `<` and `>`. Those that nobody asks for while many others come are forgotten.

    To remember whole lines would not pay: a third of them is new on each page, and holds nearly half of its tags.
    """

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[bytes, Tag] = {}
        self._forms = _Forms()

    def __missing__(self, written: bytes) -> Tag:
        if len(self) >= _KNOWN:
            self._before = self.copy()
            self.clear()
        found = self[written] = self._before.get(written) or self._read(written)
        return found

    def _read(self, written: bytes) -> Tag:
        pieces = written.split(b'"')
        if len(pieces) % 2 == 0:
            raise Unknown  # one `"` stands alone
        tag, lacking, simple, plain, silent, ident, href = self._forms[tuple(pieces[::2])]
        sells = _CART in written
        if silent and not sells:
            return tag
        if plain and not sells:
            own = value_of(pieces[ident]) if ident else tag.ident
            return tag.filled(lacking, written, own, value_of(pieces[href]) if href else tag.get("href"))
        found = {**tag.attributes, **dict(zip(lacking, map(value_of, pieces[1::2]), strict=True))}
        return Tag(tag.name, found, tag.step, tag.move, simple=simple and not sells)


_TAGS = _Tags()  # a memo table


def read_plain(html: bytes) -> Tokens | None:
    """Return a page's tokens, None where a parser has to say what they are."""
    if b"\r" in html or b"\0" in html or (b"&" in html and _ODD.search(html)):
        return None
    parts = html.replace(b"<", b">").split(b">")
    texts, written = parts[::2], parts[1::2]
    if html.translate(None, _NO_SIGNS) != b"<>" * len(written):
        return None  # one stands alone
    start, end = (DOCUMENT, END) if written and written[0][:1] == b"!" else (FRAGMENT, FRAGMENT)
    try:
        tags = list(map(_TAGS.__getitem__, written))
        moves = [tag.move for tag in tags]
        if reduce(getitem, moves, start) is not end:
            return None
    except (Unknown, UnicodeDecodeError):
        return None
    return Tokens(tags, texts) if _is_clear(moves, texts, whole=end is END) else None


def _is_clear(moves: list[str], texts: list[bytes], *, whole: bool) -> bool:
    """Say whether every text is where its reader finds it: none between the parts of a table or of a page's frame."""
    if whole:
        frame = enumerate(texts[: moves.index("body") + 1])
        astray = [number for number, text in frame if text.strip(_BLANK) and moves[number - 1] not in _WORDED]
        if astray or texts[-1].strip(_BLANK) or texts[-2].strip(_BLANK):
            return False
    elif moves and moves[0] in _HEADED:
        return False
    used = set(moves)
    if not used.isdisjoint(_BARE):
        before = zip(moves, texts, strict=False)
        if any(text.strip(_BLANK) for move, text in before if move in _BARE):
            return False
    if not used.isdisjoint(_DROPPING):
        behind = zip(moves, texts[1:], strict=True)
        if any(text[:1] == b"\n" for move, text in behind if move in _DROPPING):
            return False
    return True


def _form(text: str, values: int) -> _Form:
    """Read a tag whose values are empty; what is not plainly one raises `Unknown`."""
    if _END.fullmatch(text):
        return _Form(Tag(text, {}, -1))
    if _DOCTYPE.fullmatch(text):
        return _Form(Tag("!doctype", {}, 0))
    found = _START.fullmatch(text)
    if found is None:
        raise Unknown
    name, given, closed = found.groups()
    attributes: dict[str, str | None] = {}
    read = _ATTRIBUTE.findall(given)
    for key, sign, _, *bare in read:
        attributes[key] = unescape("".join(bare)) if sign else None
    lacking = tuple(key for key, _, mark, *_ in read if mark)
    capitals = name not in _SCALED and not _CAPITALS.isdisjoint(attributes)
    if capitals or len(attributes) < len(read) or len(lacking) != values:
        raise Unknown
    step, move = (0, name) if name in VOID else (0, f"{name}/") if closed else (1, name)
    tag = Tag(name, attributes, step, move)
    ident, href = (lacking.index(one) * 2 + 1 if one in lacking else 0 for one in ("id", "href"))
    return _Form(tag, lacking, tag.simple, tag.plain, tag.silent, ident, href)
