"""What is dear to find out from a theme's files, kept for later builds (see `model.kept.Shelf`); reads none of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ccgen.errors import Problem
from ccgen.load.theme.files import ThemeFolder
from ccgen.load.theme.strings import Strings
from ccgen.model.source import digest_of
from ccgen.model.theme import Directive

__all__ = ["Findings", "key_of", "pack", "unpack"]

_FOLDERS = ("directives/", "i18n/", "templates/")


class Findings(msgspec.Struct, frozen=True, array_like=True):
    """What the files of a chain of themes declare. `reach` has for each template, by name, the digest of all it can reach;
    `words` are those of `Theme`.
    """

    reach: dict[str, bytes]
    words: frozenset[str]
    strings: Strings
    directives: dict[str, Directive]
    problems: tuple[Problem, ...]


_encode = msgspec.msgpack.Encoder().encode


def key_of(layers: Sequence[ThemeFolder], languages: Sequence[str]) -> bytes:
    """Return the digest of all that findings depend on: the files of each layer, nearest first, and the site's languages."""
    files = [
        (layer.name, [(name, file.path, file.data) for name, file in layer.files.items() if name.startswith(_FOLDERS)])
        for layer in layers
    ]
    return digest_of(_encode(("theme", languages, files)))


def pack(findings: Findings) -> bytes:
    """Return findings as bytes."""
    return _encode(findings)


def unpack(made: bytes | None) -> Findings | None:
    """Return findings from their bytes, None for bytes of another form."""
    try:
        return msgspec.msgpack.decode(made, type=Findings) if made is not None else None
    except msgspec.MsgspecError:
        return None
