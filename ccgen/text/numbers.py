"""Numbers, flags and money as they are written; exact, ASCII digits, nothing that could be read in two ways."""

from __future__ import annotations

import re
from decimal import Decimal

from ccgen.text.codes import currency_digits, is_currency
from ccgen.text.unreadable import UnreadableError

__all__ = ["money", "number", "read_bool", "read_int", "read_number", "too_many_decimals"]

_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?) */ *[0-9]+")  # 4/5
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?")
_MONEY = re.compile(r"(from )?([^ ]+)(?: ([^ ]+))?")
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "", "￥": "", "元": "CNY", "US$": "USD"}


def read_bool(text: str) -> bool:
    """Read a flag: true/false, yes/no, on/off, in any case."""
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise UnreadableError("bad-flag", f"`{text}` is neither yes nor no", hint="write yes or no")
    return flag


def read_int(text: str) -> int:
    """Read a whole number in ASCII digits."""
    if not _INT.fullmatch(text) or len(text) > 18:
        raise UnreadableError("bad-number", f"`{text}` is no whole number", hint="write digits only, e.g. 20")
    return int(text)


def read_number(text: str) -> Decimal:
    """Read a plain decimal number in ASCII digits."""
    if not _NUMBER.fullmatch(text) or len(text) > 30:
        part = _PART.fullmatch(text)
        hint = (
            f"write {part[1]} alone: `site.rating_scale` says out of how many"
            if part
            else "write it in digits, as 4 or 4.5"
        )
        raise UnreadableError("bad-number", f"`{text}` is no plain number", hint=hint, value=_plain_number(text))
    return Decimal(text)


def number(text: str) -> str:
    """A plain decimal number, not negative."""
    if read_number(text) < 0:
        raise UnreadableError("bad-number", f"`{text}` is negative", hint="write a number from 0")
    return text


def money(text: str) -> str:
    """`165.00 USD`, `165.00`, `from 1280 CNY`: exact, not negative, no more decimals than the currency has."""
    found = _MONEY.fullmatch(" ".join(text.split()))
    if found is None or not _AMOUNT.fullmatch(found[2]) or (found[3] and not found[3].isascii()):
        raise _bad_money(text)
    least, amount, code = found[1] or "", found[2], found[3] or ""
    if code and not is_currency(code):
        if is_currency(code.upper()):
            raise UnreadableError("bad-money", f"`{code}` is no currency code", value=f"{least}{amount} {code.upper()}")
        raise UnreadableError("bad-money", f"`{code}` is no currency code", hint="use ISO 4217: USD, EUR, CNY")
    decimals = len(amount.partition(".")[2])
    most = currency_digits(code) if code else 4
    if decimals > most:
        message, hint = too_many_decimals(text, code or "money", most)
        raise UnreadableError("bad-money", message, hint=hint)
    return f"{least}{amount} {code}".rstrip()


def too_many_decimals(text: str, code: str, most: int) -> tuple[str, str]:
    """Return what is wrong with an amount that is finer than its currency, and what to do."""
    have = f"{most} decimals" if most else "no decimals"
    return f"`{text}` is finer than {code}, which has {have}", f"write it with {'at most ' if most else ''}{have}"


def _bad_money(text: str) -> UnreadableError:
    bare = text.strip()
    if bare.startswith(("-", "−")):
        return UnreadableError("bad-money", f"`{text}` is negative", hint="write an amount from 0")
    code = next((code for sign, code in _SIGNS.items() if sign in bare), "")
    named = [name for name in re.findall(r"[A-Z]{3}", bare) if is_currency(name)]
    if len(named) == 1:
        code = named[0]
    digits = re.sub(r"(?i)us\$|[$€£¥￥元]|[A-Z]{3}", "", bare).strip()
    amount = _plain_number(digits) if len(named) < 2 else ""
    value = f"{amount} {code}".rstrip() if amount else ""
    return UnreadableError(
        "bad-money", f"`{text}` is no exact amount", hint="write it as 165.00 USD or 165.00", value=value
    )


def _plain_number(text: str) -> str:
    """Return a number written with separators as a plain one, '' where it could be read in two ways."""
    if _AMOUNT.fullmatch(text):
        return text
    for group, point in ((",", "."), (".", ","), (" ", ","), (" ", "."), ("'", "."), ("\u00a0", ",")):
        grouped = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+(?:{re.escape(point)}[0-9]{{1,2}})?"
        if re.fullmatch(grouped, text) and (point in text or text.count(group) > 1 or group in ", '"):
            return text.replace(group, "").replace(point, ".")
    return text.replace(",", ".") if re.fullmatch(r"[0-9]+,[0-9]{1,2}", text) else ""
