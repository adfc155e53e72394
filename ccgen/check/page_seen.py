"""Whether a page shows a text or an amount, as readers of any language write it."""

from __future__ import annotations

import re
from functools import lru_cache

from ccgen.check.page_sheet import squeezed
from ccgen.check.page_view import PageView

__all__ = ["bare_amount", "shows", "shows_amount"]

_SPACES = "[\u00a0\u202f\u2009 ,.'’]?"
_TAGS = re.compile(r"<[^>]*>")


def shows(page: PageView, text: str) -> bool:
    """Say whether a text can be read on the page; white space does not count."""
    # A `<` may be the author's own, as in “< 5 minutes”: what looks like a tag counts as it stands, too.
    return text in page.sheet.text or any(squeezed(one) in page.tight for one in (text, _TAGS.sub("", text)))


def bare_amount(text: str) -> str:
    """Return an amount (plain decimal) without what does not change it: `15.00` and `15.0` are `15`."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def shows_amount(page: PageView, amount: str) -> bool:
    """Say whether an amount (plain decimal) can be read on the page: `1280.00` is `1,280.00`, `1.280,00`, `1280`."""
    text = page.sheet.text
    found = text.find(amount)
    if (
        found > 1
        and not text[found - 1].isdigit()
        and text[found - 1] not in ".,"
        and not text[found + len(amount) :][:1].isdigit()
    ):
        return True
    pattern = _pattern(amount)
    return bool(pattern.search(page.sheet.text) or pattern.search(page.tight))


@lru_cache(maxsize=4096)
def _pattern(amount: str) -> re.Pattern[str]:
    whole, _, rest = amount.partition(".")
    groups = []
    while whole:
        groups.append(whole[-3:])
        whole = whole[:-3]
    digits = _SPACES.join(reversed(groups)) or "0"
    if not rest.strip("0"):
        return re.compile(rf"(?<!\d)(?<!\d[.,]){digits}(?:[.,]0+)?(?![.,]?\d)")
    return re.compile(rf"(?<!\d)(?<!\d[.,]){digits}[.,]{rest.rstrip('0')}0*(?!\d)")
