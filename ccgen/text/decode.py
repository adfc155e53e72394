"""Bytes of a text file as text: UTF-8 without BOM, line ends LF; knows no format."""

from __future__ import annotations

import codecs

from ccgen.errors import At, Problem

__all__ = ["decode", "lenient"]

_WIDE = {  # the mark of UTF-32 begins with that of UTF-16
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def decode(data: bytes, *, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    """Return the text of a file; None with one error where it is not UTF-8 or holds NUL.

    A byte order mark is dropped; CRLF and CR become LF, so that offsets and lines count alike everywhere.
    """
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as fault:
        return None, (_not_utf8(data, path, fault),)
    if "\0" in text:
        at = At(path=path, start=_clean(text).index("\0"), length=1)
        hint = "save the file as text; `\\0` stands where a binary file or UTF-16 was pasted"
        return None, (Problem(code="nul-character", message="the file holds a NUL character", at=at, hint=hint),)
    return _clean(text), ()


def lenient(data: bytes) -> str:
    """Return the text of a file for showing a problem in it: bytes that are not UTF-8 become U+FFFD."""
    return _clean(data.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace"))


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _not_utf8(data: bytes, path: str, fault: UnicodeDecodeError) -> Problem:
    for mark, name in _WIDE.items():
        if data.startswith(mark):
            return Problem(
                code="not-utf8", message=f"the file is {name}, not UTF-8", at=At(path=path), hint="save it as UTF-8"
            )
    before = lenient(data.removeprefix(codecs.BOM_UTF8)[: fault.start])
    byte = data.removeprefix(codecs.BOM_UTF8)[fault.start]
    at = At(path=path, start=len(before), length=1)
    message = f"the byte 0x{byte:02X} on line {before.count(chr(10)) + 1} is not UTF-8"
    return Problem(code="not-utf8", message=message, at=at, hint="save the file as UTF-8")
