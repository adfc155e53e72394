"""What reading a file made, as bytes and back (see `model.kept`), and on what else than the file it depends."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.body import Outline
from ccgen.model.loaded import Article, Entry, FileInfo
from ccgen.model.records import ARTICLE_KINDS, RECORD_KINDS
from ccgen.model.theme import Theme

__all__ = [
    "Read",
    "Typed",
    "pack_file",
    "pack_read",
    "pack_typed",
    "reading_key",
    "unpack_file",
    "unpack_read",
    "unpack_typed",
]

_encode = msgspec.msgpack.Encoder().encode


def reading_key(config: Config, theme: Theme) -> bytes:
    """Return all but the files themselves that decides what reading makes of an article, a record or a picture.

    What is read by it must stand here: settings that are not, as a title or the menu, may change and cost no reading.
    """
    settings = config.settings
    return _encode(
        (
            (settings.markdown, settings.limits, settings.outputs.markdown, settings.site.rating_scale),
            (config.languages, config.sections, config.drafts),
            sorted({**settings.extra, **theme.extra}.items()),
            sorted(theme.directives.items()),
        )
    )


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One article in all its languages, as far as it could be read. `failed` are paths."""

    articles: tuple[Article, ...] = ()
    failed: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


class _Article(msgspec.Struct, frozen=True, array_like=True):
    """An article with what its kind decides as bytes of its own."""

    id: str
    path: str
    folder: str
    bundle: bool
    section: str
    kind: str
    lang: str
    meta: msgspec.Raw
    body: Outline
    digest: bytes
    fallback: frozenset[str]
    face: bytes


class _Read(msgspec.Struct, frozen=True, array_like=True):
    articles: tuple[_Article, ...]
    failed: frozenset[str]
    problems: tuple[Problem, ...]


_decode_read = msgspec.msgpack.Decoder(_Read).decode
_SAME = tuple(name for name in _Article.__struct_fields__ if name != "meta")


@cache
def _meta_decoder(kind: str) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(ARTICLE_KINDS[kind])


def pack_read(read: Read) -> bytes | None:
    """Return an article as bytes, None for one that would not come back the same.

    Its types say of every value how it comes back, but of an author's own (`extra`): these alone are tried.
    """
    articles = tuple(
        _Article(meta=msgspec.Raw(_encode(one.meta)), **{name: getattr(one, name) for name in _SAME})
        for one in read.articles
    )
    made = _encode(_Read(articles, read.failed, read.problems))
    free = any(one.meta.extra for one in read.articles)
    return made if not free or unpack_read(made) == read else None


def unpack_read(made: bytes) -> Read | None:
    """Return an article from its bytes, None for bytes of another form."""
    try:
        found = _decode_read(made)
        articles = tuple(
            [
                Article(
                    id=one.id,
                    path=one.path,
                    folder=one.folder,
                    bundle=one.bundle,
                    section=one.section,
                    kind=one.kind,
                    lang=one.lang,
                    meta=_meta_decoder(one.kind).decode(one.meta),
                    body=one.body,
                    digest=one.digest,
                    fallback=one.fallback,
                    face=one.face,
                )
                for one in found.articles
            ]
        )
    except (msgspec.MsgspecError, KeyError):
        return None
    return Read(articles=articles, failed=found.failed, problems=found.problems)


class Typed(msgspec.Struct, frozen=True):
    """One record as its files say it: an entry for each language of the site, the default first; none where it failed."""

    entries: tuple[Entry[Any], ...] = ()
    problems: tuple[Problem, ...] = ()


_Words = tuple[str, frozenset[str]]  # a language without words of its own, and what falls back to the default


@cache
def _typed_decoder(kind: str) -> msgspec.msgpack.Decoder[tuple[tuple[Entry[Any] | _Words, ...], tuple[Problem, ...]]]:
    entry: Any = Entry
    return msgspec.msgpack.Decoder(tuple[tuple[entry[RECORD_KINDS[kind]] | _Words, ...], tuple[Problem, ...]])


def pack_typed(typed: Typed, kind: str) -> bytes | None:
    """Return a record of a kind as bytes, None for one that would not come back the same."""
    shown = [_packed(typed.entries[0], one) if number else one for number, one in enumerate(typed.entries)]
    made = _encode((shown, typed.problems))
    return made if unpack_typed(made, kind) == typed else None


def unpack_typed(made: bytes, kind: str) -> Typed | None:
    """Return a record of a kind from its bytes, None for bytes of another form."""
    try:
        found, problems = _typed_decoder(kind).decode(made)
    except msgspec.MsgspecError:
        return None
    entries: list[Entry[Any]] = []
    for one in found:
        if isinstance(one, Entry):
            entries.append(one)
        elif entries:
            entries.append(_in_words(entries[0], one))
        else:
            return None
    return Typed(tuple(entries), problems)


def _packed(base: Entry[Any], entry: Entry[Any]) -> Entry[Any] | _Words:
    words = entry.lang, entry.fallback
    return words if entry == _in_words(base, words) else entry


def _in_words(base: Entry[Any], words: _Words) -> Entry[Any]:
    """Return an entry in a language that has no words of its own; both hold the same record."""
    return msgspec.structs.replace(base, lang=words[0], fallback=words[1])


def pack_file(info: FileInfo) -> bytes:
    """Return what is known of a published file as bytes."""
    return _encode((info.digest, info.size, info.width, info.height))


_decode_file = msgspec.msgpack.Decoder(tuple[bytes, int, int, int]).decode


def unpack_file(made: bytes, *, path: str, file: str) -> FileInfo | None:
    """Return what is known of a published file, None for bytes of another form."""
    try:
        digest, size, width, height = _decode_file(made)
    except msgspec.MsgspecError:
        return None
    return FileInfo(path=path, file=file, digest=digest, size=size, width=width, height=height)
