"""Parameters of directives, checked as text by their declared types; knows no directive and no record."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from ccgen.load.markdown.destinations import unsafe_reason
from ccgen.model.theme import Param
from ccgen.text.near import did_you_mean
from ccgen.text.patterns import late

__all__ = ["advice", "fault"]

_INT = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_MONEY = late(r"(?:from )?([0-9]{1,15}(?:\.[0-9]{1,6})?)(?: [A-Z]{3})?")
_COLOR = late(r"#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})|[A-Za-z]{3,30}")
_DURATION = re.compile(r"([0-9]{1,9}) ?(second|minute|hour|day|week|month|year)s?")
_LIST = re.compile(r"\[([a-z]+)\]")
_FLAGS = frozenset({"true", "false", "yes", "no", "on", "off"})
_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_746,
    "year": 31_556_952,
}
_ID = re.compile(r"[^\s/,=\"'{}\[\]]+")


def fault(param: Param, text: str) -> str:
    """Say what is wrong with a parameter's text, '' if nothing is: a clause that goes on after `KEY is TEXT, `."""
    several = _LIST.fullmatch(param.type)
    if several is None:
        return _fault(param, param.type, text)
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        return "but a list is written `a,b,c`"
    return next((found for part in parts if (found := _fault(param, several[1], part))), "")


def _fault(param: Param, kind: str, text: str) -> str:
    wanted = _form_fault(param, kind, text)
    if wanted:
        return f"but {wanted}"
    return _range_fault(param, kind, text)


def _form_fault(param: Param, kind: str, text: str) -> str:
    if kind == "choice" or param.choices:
        return _choice_fault(param, text)
    if kind in _FORMS:
        pattern, wanted = _FORMS[kind]
        return "" if pattern.fullmatch(text) else wanted
    if kind == "flag":
        return "" if text.lower() in _FLAGS else "a flag is `yes` or `no`"
    if kind == "date":
        return "" if _is_date(text) else "a date is written `2026-11-27`"
    if kind == "url":
        return unsafe_reason(text) or ("" if text.strip() else "an address is wanted")
    return "" if text.strip() or kind in {"text", "markdown"} else "a value is wanted"


_FORMS = {
    "int": (_INT, "a whole number is wanted"),
    "number": (_NUMBER, "a plain decimal number is wanted"),
    "money": (_MONEY, "money is written `165.00 USD`"),
    "color": (_COLOR, "a color is written `#8c3b2a`"),
    "duration": (_DURATION, "a duration is written `7 days` or `36 hours`"),
    "product": (_ID, "a product's id is wanted"),
    "maker": (_ID, "a maker's id is wanted"),
    "merchant": (_ID, "a merchant's id is wanted"),
    "spec": (_ID, "the key of a spec is wanted"),
}


_WRITTEN = {
    "int": "a whole number",
    "number": "a number such as `4.5`",
    "flag": "`yes` or `no`",
    "color": "a color such as `#8c3b2a`",
    "money": "an amount such as `165.00 USD`",
    "date": "a date such as `2026-11-27`",
    "duration": "a duration such as `7 days`",
    "url": "an address that begins with `https://`, or a path of this site",
    "image": "the path of a picture",
    "product": "the id of a product",
    "maker": "the id of a maker",
    "merchant": "the id of a merchant",
    "article": "an article such as `reviews/kettle`",
    "spec": "the key of a spec",
}


def advice(param: Param, text: str) -> str:
    """Return what to write in place of a faulty text: the nearest of the words allowed, else all that is allowed."""
    several = _LIST.fullmatch(param.type)
    kind = several[1] if several else param.type
    parts = [part.strip() for part in text.split(",")] if several else [text]
    words = param.choices or (tuple(sorted(_FLAGS)) if kind == "flag" else ())
    near = next((did_you_mean(part, words) for part in parts if part not in words), "") if words else ""
    if near:
        return near
    wanted = f"one of {_listed(param.choices)}" if param.choices else _WRITTEN.get(kind, "text") + _range(param)
    wanted = f"a list `a,b,c`, each of them {wanted}" if several else wanted
    default = f", or leave it out for the default, `{param.default}`" if param.default is not None else ""
    return f"write {wanted}{default}" + (f" ({param.doc.rstrip('.')})" if param.doc else "")


def _range(param: Param) -> str:
    if param.min is not None and param.max is not None:
        return f" from {param.min} to {param.max}"
    return f", at least {param.min}" if param.min is not None else f", at most {param.max}" if param.max else ""


def _listed(choices: tuple[str, ...]) -> str:
    return ", ".join(f"`{choice}`" for choice in choices)


def _choice_fault(param: Param, text: str) -> str:
    return "" if text in param.choices else f"it is one of {_listed(param.choices)}"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) >= 10 and text[4] == "-"


def _range_fault(param: Param, kind: str, text: str) -> str:
    value = _measure(kind, text)
    if value is None:
        return ""
    least = _measure(kind, param.min) if param.min is not None else None
    most = _measure(kind, param.max) if param.max is not None else None
    if least is not None and value < least:
        return f"but it is at least {param.min}"
    if most is not None and value > most:
        return f"but it is at most {param.max}"
    return ""


def _measure(kind: str, text: str) -> Decimal | None:
    """Return what `min` and `max` bound, as a number that can be compared; None for types without an order."""
    if kind in {"int", "number"} and _NUMBER.fullmatch(text):
        return Decimal(text)
    if kind == "money" and (money := _MONEY.fullmatch(text)):
        return Decimal(money[1])
    if kind == "duration" and (duration := _DURATION.fullmatch(text)):
        return Decimal(int(duration[1]) * _SECONDS[duration[2]])
    if kind == "date" and _is_date(text):
        return Decimal(datetime.fromisoformat(text[:10]).toordinal())
    return None
