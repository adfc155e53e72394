"""Raw tags that do not pair: what is said of each, once; knows no engine and not how elements are nested.

An element that stays open takes the rest of the page with it, and an end tag without its element ends one of the
theme's. Both are found while the pieces are put in order (`split`) or a block of HTML is read (`htmlblock`).
"""

from __future__ import annotations

from collections.abc import Iterable

from ccgen.load.markdown.marks import RawTag
from ccgen.load.markdown.rawhtml import LITERAL_TAGS
from ccgen.load.markdown.session import Session

__all__ = ["OPTIONAL_END", "excuse", "report_alone", "report_comment", "report_stray", "report_unclosed"]

_BLANK_LINES = "what holds blank lines begins on a line of its own"
_OPTIONAL_NAMES = "p li dt dd td th tr thead tbody tfoot option optgroup rp rt colgroup caption html head body"
OPTIONAL_END = frozenset(_OPTIONAL_NAMES.split())  # HTML, 13.1.2.4
# Stray, these end nothing of anybody's: `p` makes an empty paragraph, the others may have been begun without a tag.
_HARMLESS = frozenset({"p", "tbody", "colgroup"})


def excuse(session: Session, tag: RawTag) -> None:
    """Note that an element's missing end has been told, so that neither it nor a later end tag is told again."""
    if tag.start not in session.told:
        session.told.add(tag.start)
        session.awaited[tag.name] += 1


def report_unclosed(session: Session, tag: RawTag, *, in_block: bool) -> None:
    """Report an element without its end, `in_block` where the block around it ends first."""
    if tag.name in OPTIONAL_END or tag.start in session.told:
        return
    excuse(session, tag)
    if tag.name in LITERAL_TAGS:
        message = f"`<{tag.name}>` is not closed in the block it begins in"
        hint = f"write `</{tag.name}>` where it ends; {_BLANK_LINES}"
    elif in_block:
        message = f"`<{tag.name}>` is not closed in the block, cell or emphasis it begins in"
        hint = f"write `</{tag.name}>` before that ends, or each of the two tags alone between blank lines"
    else:
        message = f"`<{tag.name}>` is never closed, so the rest of the page would stand in it"
        hint = f"write `</{tag.name}>` where it ends"
    session.report("unbalanced-html", message, tag.start, tag.length, hint)


def report_alone(session: Session, tag: RawTag, written: str) -> None:
    """Report `<div />`, which HTML reads as `<div>`."""
    if tag.name in OPTIONAL_END:
        return
    excuse(session, tag)
    message = f"`<{tag.name}>` stays open: HTML does not look at the `/` before its `>`"
    hint = f"{written.removesuffix('/>').rstrip()}></{tag.name}>"
    session.report("unbalanced-html", message, tag.start, tag.length, hint)


def report_stray(session: Session, tag: RawTag, around: Iterable[RawTag]) -> None:
    """Report an end tag whose element is not open where it stands. `around` are those open in other blocks."""
    if tag.name in _HARMLESS:
        return
    if session.awaited[tag.name]:
        session.awaited[tag.name] -= 1
        return
    begun = next((one for one in around if one.name == tag.name and one.start not in session.told), None)
    if begun is not None:
        session.told.add(begun.start)
        message = f"`</{tag.name}>` does not stand in the block in which `<{tag.name}>` begins"
        hint = "put both into one paragraph, or each alone between blank lines"
    else:
        message = f"`</{tag.name}>` ends nothing of this text, so it would end what the theme began"
        hint = f"delete it, or write `<{tag.name}>` where the element begins"
    session.report("unbalanced-html", message, tag.start, tag.length, hint)


def report_comment(session: Session, start: int) -> None:
    """Report a comment without its end."""
    message = "this comment is not closed in the block it begins in"
    session.report("unbalanced-html", message, start, 4, f"write `-->` where it ends; {_BLANK_LINES}")
