"""What reading a file made, as bytes and back (see `model.kept`), and on what else than the file it depends."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.body import Body
from ccgen.model.loaded import Article, FileInfo
from ccgen.model.records import ARTICLE_KINDS
from ccgen.model.theme import Theme

__all__ = [
    "Piece",
    "Read",
    "pack_file",
    "pack_pieces",
    "pack_read",
    "reading_key",
    "unpack_file",
    "unpack_pieces",
    "unpack_read",
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
    body: Body
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


class Piece(msgspec.Struct, frozen=True, array_like=True):
    """A record in one language as written: a file of its own, or a row of a table (then `field` is `[12]`)."""

    id: str
    lang: str
    path: str
    field: str
    folder: str
    bundle: bool
    values: dict[str, Any]
    body: Body | None
    digest: bytes
    good: bool


Pieces = tuple[tuple[Piece, tuple[Problem, ...]], ...]  # a record's files, each with what is wrong in it
_decode_pieces = msgspec.msgpack.Decoder(Pieces).decode


def pack_pieces(pieces: Pieces) -> bytes | None:
    """Return a record's files as bytes, None for what would not come back the same."""
    made = _encode(pieces)
    return made if unpack_pieces(made) == pieces else None


def unpack_pieces(made: bytes) -> Pieces | None:
    """Return a record's files from their bytes, None for bytes of another form."""
    try:
        return _decode_pieces(made)
    except msgspec.MsgspecError:
        return None


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
