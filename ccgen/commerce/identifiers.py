"""What trade calls a product by: GTIN, MPN, SKU and brand, and what keeps each from being one; pure, knows no record.

Sources: GS1 General Specifications (check digit; prefixes of restricted circulation), Google's product data specification
(lengths, brand). Rule ids are those of the checker: SD-12, SD-13, FD-03, FD-05.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = [
    "IdentifierFault",
    "brand_fault",
    "check_digit",
    "gtin_fault",
    "gtin_is_restricted",
    "mpn_fault",
    "sku_fault",
]

MOST_BRAND = MOST_MPN = 70  # characters; Google, Meta and OpenAI agree
_LENGTHS = (8, 12, 13, 14)
# Of the 13-digit form: sold by weight in one shop (02, 20-29), a shop's own numbers (04), coupons (98, 99).
_RESTRICTED = ("02", "04", "2", "98", "99")
_RESTRICTED_8 = ("0", "2")
_NO_BRAND = frozenset(
    {
        "n/a",
        "na",
        "none",
        "null",
        "generic",
        "no brand",
        "nobrand",
        "no name",
        "noname",
        "unbranded",
        "unknown",
        "-",
        "–",
    }
    | {"无", "无品牌", "没有品牌", "未知", "通用"}
)


class IdentifierFault(NamedTuple):
    """Why a text is no identifier: the rule's id, one sentence without a full stop, and what to do."""

    rule: str
    message: str
    hint: str


def check_digit(digits: str) -> int:
    """Return the check digit of a GTIN whose other digits are `digits` (weights 3 and 1 from the right)."""
    return -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))) % 10


def gtin_fault(text: str) -> IdentifierFault | None:
    """Return why a text is no GTIN that markup and feeds may carry, None if it is one (SD-12)."""
    if re.fullmatch(r"[0-9]+", text) is None:
        hint = "write the digits below the bar code, with nothing between them"
        return IdentifierFault("SD-12", f"`{text}` holds more than digits", hint)
    if len(text) not in _LENGTHS:
        hint = "a GTIN has 8, 12, 13 or 14 digits, as printed below the bar code"
        return IdentifierFault("SD-12", f"`{text}` has {len(text)} digits", hint)
    wanted = check_digit(text[:-1])
    if int(text[-1]) != wanted:
        message = f"`{text}` has the check digit {text[-1]}, not {wanted}"
        return IdentifierFault("SD-12", message, "compare it with the bar code")
    if gtin_is_restricted(text):
        hint = "leave `gtin` out: a number that a shop gives itself names nothing elsewhere; use `sku`"
        return IdentifierFault("SD-12", f"`{text}` is a number for use within one shop, or of a coupon", hint)
    return None


def gtin_is_restricted(digits: str) -> bool:
    """Say whether a GTIN's prefix is one of restricted circulation or of coupons; `digits` have a valid length."""
    if len(digits) == 8:
        return digits.startswith(_RESTRICTED_8)
    return digits.zfill(14)[1:].startswith(_RESTRICTED)


def sku_fault(text: str) -> IdentifierFault | None:
    """Return why a text is no SKU, None if it is one: white space in it is refused by search engines (SD-13)."""
    if text.split() != [text]:
        return IdentifierFault("SD-13", f"the SKU `{text}` holds white space", f"write `{'-'.join(text.split())}`")
    return None


def brand_fault(text: str) -> IdentifierFault | None:
    """Return why a text is no brand, None if it is one: no word that stands for none, 70 characters (FD-05, FD-03)."""
    if " ".join(text.split()).casefold() in _NO_BRAND:
        return IdentifierFault("FD-05", f"`{text}` is no brand", "leave `maker` out where there is none")
    if len(text) > MOST_BRAND:
        message = f"the brand has {len(text)} characters; feeds take {MOST_BRAND}"
        return IdentifierFault("FD-03", message, "shorten the maker's name")
    return None


def mpn_fault(text: str) -> IdentifierFault | None:
    """Return why a text is no manufacturer's part number, None if it is one (FD-03)."""
    if len(text) > MOST_MPN:
        return IdentifierFault("FD-03", f"the MPN has {len(text)} characters; feeds take {MOST_MPN}", "shorten it")
    return None
