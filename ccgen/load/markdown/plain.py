"""Pieces as plain text, and how many words it has; knows no page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from ccgen.load.markdown.marks import CLOSE, OPEN
from ccgen.model.body import Directive, Html, Image, Piece
from ccgen.text.patterns import late

__all__ = ["count_words", "plain_text", "shown_text"]

_NOTE_REFERENCE = re.compile(r'<sup class="footnote-ref"[^>]*>.*?</sup>')
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_MAY_HIDE = re.compile(r"<(?:!|[sS][cCtT][rRyY])")  # quicker than to look for both cases of each letter
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(?:br|/p|/li|/h[1-6]|/t[dhr]|/div|/blockquote|/pre|/dt|/dd)\b[^>]*>")
# Ideographs, kana and hangul: each counts as a word.
_CJK = late("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = late(r"\w[^\s—–…/]*")
# The same for ASCII alone: what is no letter, number, `_` or space begins no word and parts none, but `/`. What is left
# are letters, all `w`, and spaces: a word begins where a `w` follows a space.
_ASCII = bytes(ord("w" if chr(code).isalnum() or code == ord("_") else " ") for code in range(256))
_NO_WORD = bytes(code for code in range(128) if not (chr(code).isalnum() or chr(code).isspace() or chr(code) in "_/"))


def plain_text(pieces: Sequence[Piece], *, marks: bool = False) -> str:
    """Return inline pieces as text on one line: directives by their label, images by their description.

    A directive without a label is nothing or, with `marks`, its number between the two marks of `load.markdown.marks`.
    """
    html = _joined(pieces, inline=True, marks=marks)
    if "<" in html:
        html = _NOTE_REFERENCE.sub("", html)
        html = _TAG.sub("", _HIDDEN.sub("", _BREAK.sub(" ", html)))
    if "&" in html:
        html = unescape(html)
    return " ".join(html.split())


def shown_text(pieces: Sequence[Piece]) -> str:
    """Return all text of a body, labels and contents too, for counting and searching."""
    html = _joined(pieces, inline=False)
    if _MAY_HIDE.search(html):
        html = _HIDDEN.sub("", html)
    if "footnote-ref" in html:
        html = _NOTE_REFERENCE.sub("", html)
    return unescape(_TAG.sub("", _BREAK.sub(" ", html)))


def count_words(text: str) -> int:
    """Count Latin (and other spaced) words, and each CJK character as one."""
    if text.isascii():
        return (b" " + text.encode().translate(_ASCII, _NO_WORD)).count(b" w")
    spaced, characters = _CJK.subn(" ", text)
    return characters + len(_WORD.findall(spaced))


def _joined(pieces: Sequence[Piece], *, inline: bool, marks: bool = False) -> str:
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, Html):
            parts.append(piece.text)
        elif isinstance(piece, Directive):
            if piece.label is not None:
                parts.append(_joined(piece.label, inline=inline, marks=marks))
            elif marks:
                parts.append(f"{OPEN}{piece.number}{CLOSE}")
            if piece.content is not None and not inline:
                parts.append(_joined(piece.content, inline=False))
        elif isinstance(piece, Image) and inline:
            parts.append(piece.alt.replace("&", "&amp;").replace("<", "&lt;"))
    return "".join(parts)
