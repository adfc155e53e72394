"""HTML and untidy text as the plain text that feeds take: no markup, no control character, one Unicode form; knows no field."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from ccgen.text.patterns import late

__all__ = ["clean", "html_text"]

_NOTES = late(r'<sup class="footnote-ref"[^>]*>.*?</sup>|<section class="footnotes"[^>]*>.*?</section>', re.DOTALL)
_HIDDEN = late(r"<!--.*?-->|<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_BREAK = late(r"<(?:br|/p|/li|/h[1-6]|/t[dhr]|/div|/blockquote|/pre|/dt|/dd)\b[^>]*>")
_TAG = late(r"<[^>]*>")
_LINE_ENDS = late("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Controls, halves of characters, noncharacters, and marks that turn the direction of what follows.
_NOT_TEXT = late(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    "|[\ufffe\uffff\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)


def html_text(html: str) -> str:
    """Return the text of well-formed HTML, a line for each block; footnotes are left out."""
    html = _HIDDEN.sub("", _NOTES.sub("", html))
    lines = unescape(_TAG.sub("", _BREAK.sub("\n", html.replace("\n", " ")))).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def clean(text: str, *, lines: bool = False) -> str:
    """Return text in NFC without control characters, runs of white space as one space; `lines` keeps line ends."""
    text = unicodedata.normalize("NFC", _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text)))
    if not lines:
        return " ".join(text.split())
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)
