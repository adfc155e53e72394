"""Words that sell instead of saying what a thing is (FD-07), as data by language; pure, knows no field."""

from __future__ import annotations

import re

from ccgen.text.patterns import late

__all__ = ["promotional"]

# Whole words in alphabets, parts of text in Chinese. Ours, from what Google's product data specification describes.
_SELLING = late(
    r"\b(?:free (?:shipping|delivery)|best price|lowest price|special offer|limited[- ]time offer|buy now|order now|on sale|"
    r"sale price|discount(?:ed)?|clearance|[0-9]+ ?% off|hurry|while stocks last|money[- ]back|act now|click here)\b"
    r"|包邮|免运费|特价|促销|打折|限时|秒杀|清仓|全网最低|最低价|买一送一|满减|优惠券|抢购|点击购买",
    re.IGNORECASE,
)
_LINK = late(r"https?://\S+|\bwww\.[a-z0-9-]+\.[a-z]{2,}", re.IGNORECASE)
_HTML = late(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]+|#[0-9]+);")
_SHORT = 6  # letters; below, capitals may be a name: USB, IKEA


def promotional(text: str, *, title: bool) -> str:
    """Return what in a title or description is not about the thing, '' where nothing is."""
    found = _SELLING.search(text)
    if found:
        return f"`{found[0]}` is promotion"
    found = _LINK.search(text)
    if found:
        return f"`{found[0]}` is a link"
    found = _HTML.search(text)
    if found:
        return f"`{found[0]}` is HTML"
    letters = [one for one in text if one.isalpha() and one.upper() != one.lower()]
    if title and len(letters) >= _SHORT and all(one.isupper() for one in letters):
        return "all in capitals"
    return ""
