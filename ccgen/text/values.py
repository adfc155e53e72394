"""How each kind of single value is read: text in, the same text in its one spelling out; knows no field.

Each check raises `UnreadableError` with what is wrong and, where the repair is certain, the corrected text. The rules
are those of docs/formats.md, "How values are read".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import unquote, urlsplit

from ccgen.text.codes import (
    canonical_language,
    country_names,
    is_country,
    is_currency,
)
from ccgen.text.near import did_you_mean
from ccgen.text.numbers import money, number
from ccgen.text.patterns import late
from ccgen.text.slug import MAX_BYTES, slug
from ccgen.text.unreadable import UnreadableError
from ccgen.text.url import ascii_host, host_of, is_safe, scheme_of, usual_host

__all__ = ["CHECKS", "Check"]

Check = Callable[[str], str]


_BIDI = late("[\u202a-\u202e\u2066-\u2069]")
_LINE_FAULT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_TEXT_FAULT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")


def line(text: str) -> str:
    """Plain text on one line: no newline, no control character, none that reverses the direction of text."""
    if _LINE_FAULT.search(text):
        if "\n" in text.strip("\n"):
            raise UnreadableError("bad-text", "this is text on one line", value=" ".join(text.split()))
        return block(text.strip("\n"))
    return text


def block(text: str) -> str:
    """Text on any number of lines, without characters that are not seen."""
    found = _TEXT_FAULT.search(text)
    if found is None:
        return text
    name = f"U+{ord(found[0]):04X}"
    if _BIDI.match(found[0]):
        raise UnreadableError(
            "bidi-control", f"{name} changes the direction of the text around it, unseen", hint="delete it"
        )
    raise UnreadableError("bad-text", f"the control character {name} cannot be shown", hint="delete it")


# --- time ------------------------------------------------------------------------------------------------------------

_WHEN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:(?:[T ]| +)(\d{2}):(\d{2})(?::(\d{2}))?(?: ?(Z|[+-]\d{2}:?\d{2}))?)?", re.ASCII
)
_DURATION = re.compile(r"([0-9]{1,6}) ?(minute|hour|day|week)s?", re.IGNORECASE)
_OTHER_DURATION = late(r"([0-9]{1,4}) ?(month|year|d|h|w|min|m)s?", re.IGNORECASE)
_DAYS = {"month": 30, "year": 365}
_UNIT_NAMES = {"d": "days", "h": "hours", "w": "weeks", "min": "minutes", "m": "minutes"}


def when(text: str) -> str:
    """`2026-11-27`, `2026-11-27 06:00`, `2026-11-27 06:00+08:00`: in the calendar, in the years 1000 to 9990."""
    found = _WHEN.fullmatch(text)
    if found is None:
        raise UnreadableError(
            "bad-date", f"`{text}` is no date", hint="write it as 2026-11-27 or 2026-11-27 06:00", value=_date(text)
        )
    day, zone = text[:10], found[7] or ""
    if zone not in {"", "Z"}:
        zone = f"{zone[:3]}:{zone[-2:]}"
    clock = "" if found[4] is None else f" {found[4]}:{found[5]}" + (f":{found[6]}" if found[6] else "")
    if not "1000" <= day[:4] <= "9990":  # what zones and durations can be added to
        raise UnreadableError("bad-date", f"`{text}` is not of our calendar", hint="give the year with four digits")
    try:
        datetime.fromisoformat(f"{day}{clock}{zone}".replace("Z", "+00:00"))
    except ValueError:
        raise UnreadableError("bad-date", f"`{text}` is not in the calendar", hint=_calendar_hint(day)) from None
    return f"{day}{clock}{zone}"


def _date(text: str) -> str:
    """Return a date that is certain although written in another form, else ''."""
    found = re.fullmatch(r"(\d{4})[./年-](\d{1,2})[./月-](\d{1,2})日?", text.strip(), re.ASCII)
    if found is None:
        return ""
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return ""


def _calendar_hint(day: str) -> str:
    for last in range(31, 27, -1):
        try:
            date.fromisoformat(f"{day[:8]}{last}")
        except ValueError:
            continue
        if int(day[8:]) > last:
            return f"the last day of that month is {day[:8]}{last}"
        break
    return "months are 01 to 12, days from 01, hours 00 to 23, minutes 00 to 59"


def duration(text: str) -> str:
    """`7 days`, `36 hours`, also minutes and weeks; normalised to `NUMBER UNITs`."""
    found = _DURATION.fullmatch(text.strip())
    if found is not None:
        count, unit = int(found[1]), found[2].lower()
        return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    value = ""
    other = _OTHER_DURATION.fullmatch(text.strip())
    if other is not None:
        unit = other[2].lower()
        value = f"{int(other[1]) * _DAYS[unit]} days" if unit in _DAYS else f"{int(other[1])} {_UNIT_NAMES[unit]}"
    raise UnreadableError(
        "bad-duration", f"`{text}` is no duration", hint="write it as 7 days or 36 hours", value=value
    )


def show_price(text: str) -> str:
    """`always`, `never` or a duration."""
    return text if text in {"always", "never"} else duration(text)


# --- names and addresses ----------------------------------------------------------------------------------------------

_RESERVED = late(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_NOT_IN_ID = re.compile(r"[\x00-\x20/\\<>:\"|?*#%&{}`\[\]\x7f-\x9f]")
_URL_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"^`{|}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def ident(text: str) -> str:
    """A record's id, as its file's stem."""
    if not text or len(text.encode()) > MAX_BYTES or _NOT_IN_ID.search(text):
        raise UnreadableError(
            "bad-id", f"`{text}` is no id", hint="an id is the name of a record's file without its ending"
        )
    if text.startswith(".") or text.endswith("."):
        raise UnreadableError("bad-id", f"`{text}` is no id", hint="an id does not begin or end with a dot")
    return block(text)


def slug_text(text: str) -> str:
    """A slug as it will stand in the URL."""
    if _RESERVED.fullmatch(text):
        raise UnreadableError("bad-slug", f"`{text}` is a reserved name", hint="choose another")
    made = slug(text)
    if made != text:
        unsafe = "/" in text or "\\" in text or ".." in text or "%" in text
        hint = "write letters, digits and `-` only, as in `two-words`"
        raise UnreadableError("bad-slug", f"`{text}` is no slug", hint=hint, value="" if unsafe else made or "")
    return text


def url(text: str) -> str:
    """An absolute https or http URL with a host, without a user name, control characters or spaces."""
    found = _URL_UNSAFE.search(text)
    if found is not None:
        shown = "a space" if found[0] == " " else f"the character U+{ord(found[0]):04X}"
        hint = "write %20 for a space" if found[0] == " " else "delete it, or percent-encode it"
        raise UnreadableError("bad-url", f"{shown} cannot stand in a URL", hint=hint)
    if usual_host(text) is not None:
        return block(text)
    try:
        parts = urlsplit(text)
        host, user, _ = parts.hostname, parts.username, parts.port
    except ValueError:
        raise UnreadableError("bad-url", f"`{text}` is no URL", hint="check the host and the port") from None
    if parts.scheme not in {"http", "https"}:
        if not parts.scheme and re.match(r"(//)?[\w-]+(\.[\w-]+)+(/|$)", text):
            raise UnreadableError("bad-url", f"`{text}` lacks `https://`", value="https://" + text.removeprefix("//"))
        what = f"the scheme `{parts.scheme}` is not allowed here" if parts.scheme else f"`{text}` is no absolute URL"
        raise UnreadableError("bad-url", what, hint="write an https URL")
    if not host or ascii_host(host) is None:
        raise UnreadableError("bad-url", f"`{text}` names no host", hint="write it as https://shop.example/item")
    if user is not None or parts.password is not None:
        raise UnreadableError(
            "bad-url", "a URL must not hold a user name or password", hint="delete what stands before `@`"
        )
    return block(text)


def host_name(text: str) -> str:
    """A host name, in lower case."""
    made = ascii_host(text)
    if not text or "/" in text or made is None:
        part = host_of(text if "//" in text else f"https://{text}") if "/" in text else None
        raise UnreadableError(
            "bad-host", f"`{text}` is no host name", hint="write it as shop.example", value=part or ""
        )
    return made


def path_ref(text: str) -> str:
    """A relative path to a file, or a site URL that begins with one `/`; it must not leave its folder's tree."""
    if not text or "\\" in text or text.startswith(("//", "~")) or re.match(r"[A-Za-z]:", text):
        raise UnreadableError(
            "bad-path", f"`{text}` is no path inside the site", hint="write it with `/`, relative to this file"
        )
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text):
        raise UnreadableError("bad-path", f"`{text}` is no path inside the site", hint="put the file into the site")
    if "%2e" in text.lower() or "%2f" in text.lower() or "%5c" in text.lower():
        raise UnreadableError("bad-path", f"`{text}` hides a part of a path", value=unquote(text))
    return line(text)


def alias(text: str) -> str:
    """An older URL of the page: begins with `/`, has no `..`, no query and no scheme."""
    parts = text.split("/")
    if not text.startswith("/") or text.startswith("//") or "\\" in text or ".." in parts or "." in parts:
        raise UnreadableError(
            "bad-alias", f"`{text}` is no URL of this site", hint="write it as /old-name/", value=_site_url(text)
        )
    if re.search(r"[?#\x00-\x20\x7f-\x9f]|%2[ef]|%5c|%00", text, re.IGNORECASE):
        raise UnreadableError(
            "bad-alias", f"`{text}` is no plain path", hint="write it as /old-name/, without `?` and `#`"
        )
    return block(text)


def _site_url(text: str) -> str:
    return f"/{text}" if re.fullmatch(r"[\w-]+(/[\w-]+)*/?(\.html?)?", text) else ""


def language(text: str) -> str:
    """A language tag in its usual case: en, zh-CN, zh-Hant-TW."""
    made = canonical_language(text)
    if made is None:
        raise UnreadableError("bad-language", f"`{text}` is no language tag", hint="write it as en or zh-CN")
    if made != text:
        raise UnreadableError("bad-language", f"`{text}` is not how the tag is written", value=made)
    return text


def currency(text: str) -> str:
    """An ISO 4217 code that is in use."""
    if not is_currency(text):
        value = text.upper() if is_currency(text.upper()) else ""
        raise UnreadableError(
            "bad-currency", f"`{text}` is no currency code", hint="use ISO 4217: USD, EUR, CNY", value=value
        )
    return text


def country(text: str) -> str:
    """An ISO 3166 code of two letters."""
    if not is_country(text):
        value = text.upper() if is_country(text.upper()) else country_names().get(text.casefold(), "")
        hint = "use two letters of ISO 3166: US, CN, GB"
        raise UnreadableError("bad-country", f"`{text}` is no country code", hint=hint, value=value)
    return text


# --- goods -----------------------------------------------------------------------------------------------------------

_MEASURE = late(r"([0-9]+(?:\.[0-9]+)?) ?([a-zA-Zµ²³ ]+)")
MEASURES = ("mg", "g", "kg", "oz", "lb", "ml", "cl", "dl", "l", "fl oz", "mm", "cm", "m", "m²", "pieces")
_SAME_MEASURE = {"L": "l", "mL": "ml", "m2": "m²", "piece": "pieces", "pcs": "pieces", "KG": "kg", "Kg": "kg"}


def measure(text: str) -> str:
    """An amount of goods with its unit: `340 g`."""
    found = _MEASURE.fullmatch(text.strip())
    unit = _SAME_MEASURE.get(found[2], found[2]) if found else ""
    if found is None or unit not in MEASURES or Decimal(found[1]) == 0:
        hint = did_you_mean(unit, MEASURES) if found else "write it as 340 g"
        raise UnreadableError(
            "bad-measure", f"`{text}` is no measure of goods", hint=hint or f"units: {', '.join(MEASURES)}"
        )
    return f"{found[1]} {unit}"


def spot(text: str) -> str:
    """A place in a picture: two percentages from the left and the top, `38% 61%`."""
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]+)?)%[ ,]+([0-9]{1,3}(?:\.[0-9]+)?)%", text.strip())
    if found is None or any(Decimal(part) > 100 for part in found.groups()):
        raise UnreadableError(
            "bad-spot", f"`{text}` is no place in a picture", hint="write left and top in percent: 38% 61%"
        )
    return f"{found[1]}% {found[2]}%"


def gtin(text: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits with the right check digit (GS1 General Specifications, 7.9)."""
    digits = text.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in {8, 12, 13, 14}):
        raise UnreadableError(
            "bad-gtin", f"`{text}` is no GTIN", hint="8, 12, 13 or 14 digits, as printed below the bar code"
        )
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits[:-1])))
    check = -total % 10
    if check != int(digits[-1]):
        raise UnreadableError(
            "bad-gtin", f"`{text}` has the check digit {digits[-1]}, not {check}", hint="compare it with the bar code"
        )
    return digits


def pattern(text: str) -> str:
    """The URL pattern of a section: begins and ends with `/`, holds `{slug}`, no place but those of docs/settings.md."""
    places = re.findall(r"\{([^{}]*)\}", text)
    known = ("slug", "section", "year", "month", "day")
    unknown = [place for place in places if place not in known]
    if unknown:
        hint = did_you_mean(unknown[0], known) or "known are {slug} {section} {year} {month} {day}"
        raise UnreadableError("bad-pattern", f"`{{{unknown[0]}}}` is no part of a URL pattern", hint=hint)
    rest = re.sub(r"\{[^{}]*\}", "x", text)
    if not rest.startswith("/") or not rest.endswith("/") or re.search(r"[{}%?#\\\x00-\x20\x7f]|//|/\.+/", rest):
        raise UnreadableError("bad-pattern", f"`{text}` is no URL pattern", hint="write it as /{section}/{slug}/")
    if "slug" not in places:
        raise UnreadableError("bad-pattern", f"`{text}` gives every article the same URL", hint="put {slug} into it")
    return text


_CODE = re.compile(r"(`+)[^`]*\1")
_LINK = late(r"(!?)\[[^\[\]]*\]\(\s*<?((?:[^\s()>]|\([^\s()]*\))*)|()<([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*)>")


def inline_text(text: str) -> str:
    """Inline Markdown: links lead to the web only, and pictures have no place in a line."""
    if "](" in text or "<" in text:
        from html import unescape  # its table of names is large, and links in a line are few

        for found in _LINK.finditer(_CODE.sub("", text)):
            target = unescape(found[2] or found[4] or "")
            if found[1]:
                raise UnreadableError(
                    "bad-inline", f"the picture `{target}` cannot stand here", hint="place it in the text below"
                )
            if scheme_of(target) not in {"http", "https"}:
                message = f"a link to `{target}` cannot stand here"
                if not is_safe(target):
                    raise UnreadableError("unsafe-link", message, hint="write an https URL")
                raise UnreadableError("bad-inline", message, hint="write an https URL, or link from the text below")
    return block(text)


CHECKS: dict[str, Check] = {
    "line": line,
    "inline": inline_text,
    "id": ident,
    "slug": slug_text,
    "money": money,
    "when": when,
    "duration": duration,
    "show_price": show_price,
    "url": url,
    "host": host_name,
    "path": path_ref,
    "language": language,
    "currency": currency,
    "country": country,
    "number": number,
    "alias": alias,
    "spot": spot,
    "measure": measure,
    "gtin": gtin,
    "pattern": pattern,
}
