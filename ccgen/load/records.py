"""The records of content/: products, makers, people, merchants, categories, each in all languages; resolves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ccgen.errors import At, Problem
from ccgen.load.context import Context, typed_values
from ccgen.load.keeping import Typed, pack_typed, unpack_typed
from ccgen.load.languages import all_words, inherit
from ccgen.load.names import Named
from ccgen.load.prose import Prose
from ccgen.load.rules import check_product, doubtful_fields, follows
from ccgen.load.sources import read_written
from ccgen.model.kept import SourceFile
from ccgen.model.loaded import Entry
from ccgen.model.records import RECORD_KINDS, ProductRecord, Record
from ccgen.model.work import BATCH
from ccgen.text.slug import slug
from ccgen.text.unreadable import UnreadableError
from ccgen.text.values import ident

__all__ = ["Piece", "Table", "read_records", "typed_record"]

# The key that the prose of a `.md` stands for; both at once would be one too many.
_PROSE_KEY = {"products": "description", "makers": "about", "people": "bio"}


# Keys on which the truth of other files hangs: with one of them in doubt, a record is not looked at any further.
_DECISIVE = {"merchants": frozenset({"domains", "currency"}), "categories": frozenset({"specs"})}


class Piece(NamedTuple):
    """A record in one language as written: a file of its own, or a row of a table (then `field` is `[12]`)."""

    id: str
    lang: str
    path: str
    field: str
    folder: str
    bundle: bool
    values: Mapping[str, Any]
    prose: Prose | None
    good: bool


class Table(NamedTuple):
    """The records of one kind: by (id, language), the ids of those that failed, and what is wrong.

    Each good one stands in it once for every language of the site.
    """

    entries: dict[tuple[str, str], Entry[Any]]
    failed: set[str]
    problems: list[Problem]

    def add(self, record_id: str, typed: Typed) -> None:
        """Take in one record."""
        self.problems.extend(typed.problems)
        self.entries.update([((record_id, entry.lang), entry) for entry in typed.entries])
        if not typed.entries:
            self.failed.add(record_id)


def read_records(groups: Mapping[str, Mapping[str, Named]], kind: str, context: Context) -> Table:
    """Read the records of one kind that have files of their own. Ids are file stems.

    What these files say is kept typed: it hangs on nothing but them and what `reading_key` names.
    """
    table = Table({}, set(), [])
    known = _known(groups, kind, context)
    names = list(groups)
    for start in range(
        0, len(names), BATCH
    ):  # first the files of some, then what they say: the code of a step stays near
        some = names[start : start + BATCH]
        read = {name: _read_pieces(name, groups[name], kind, context) for name in some if name not in known}
        for name in some:
            typed = known[name] if name in known else _typed(name, groups[name], read[name], kind, context)
            table.add(name.partition("/")[2], typed)
    return table


def _known(groups: Mapping[str, Mapping[str, Named]], kind: str, context: Context) -> dict[str, Typed]:
    """Return the records whose files are as they were when they were last read."""
    asked = {_kept_as(name): _files(versions) for name, versions in groups.items()}
    names = dict(zip(asked, groups, strict=True))
    typed = ((names[one], unpack_typed(made, kind)) for one, made in context.kept.recall_all(asked))
    return {name: one for name, one in typed if one is not None}


def _kept_as(name: str) -> str:
    return f"record {name}"


def _files(versions: Mapping[str, Named]) -> tuple[SourceFile, ...]:
    return tuple([named.file for named in versions.values()])


_Pieces = list[tuple[Piece, tuple[Problem, ...], bytes]]


def _read_pieces(name: str, versions: Mapping[str, Named], kind: str, context: Context) -> _Pieces:
    return [_read_piece(name.partition("/")[2], named, kind, context) for named in versions.values()]


def _typed(name: str, versions: Mapping[str, Named], read: _Pieces, kind: str, context: Context) -> Typed:
    """Type one record, of which these files were read, and keep what they say."""
    made = typed_record({piece.lang: piece for piece, _, _ in read}, kind, context)
    bodies = {one.prose.digest: one.prose.data for one, _, _ in read if one.prose}
    context.kept.hold(_kept_as(name), bodies)
    typed = Typed(made.entries, (*(one for _, told, _ in read for one in told), *made.problems))
    if (packed := pack_typed(typed, kind)) is not None:
        context.kept.keep(_kept_as(name), _files(versions), [digest for _, _, digest in read], packed)
    return typed


def _read_piece(record_id: str, named: Named, kind: str, context: Context) -> tuple[Piece, tuple[Problem, ...], bytes]:
    """Read one file; return what it holds, what is wrong in it, and the digest of its bytes."""
    path = named.file.path
    written, found = read_written(named.file, limit=context.config.settings.limits.article_bytes, needs_values=True)
    problems = list(found)
    values: dict[str, Any] = written.values if written else {}
    prose = None
    bad_name = _bad_name(record_id, named)
    problems += bad_name
    if written is not None and written.has_prose:
        key = _PROSE_KEY.get(kind)
        if key is None or values.get(key) is not None:
            problems.append(_stray_prose(path, written.prose, kind, key))
        [prose] = context.prose([written])
        problems += prose.problems
    good = written is not None and written.good and not bad_name
    piece = Piece(record_id, named.lang, path, "", named.folder, named.bundle, values, prose, good)
    return piece, tuple(problems), written.digest if written else b""


def _bad_name(record_id: str, named: Named) -> list[Problem]:
    try:
        ident(record_id)
    except UnreadableError as fault:
        hint = f"rename the {'folder' if named.bundle else 'file'}, for example to `{slug(record_id) or 'kettle'}`"
        return [Problem(code=fault.code, message=fault.message, at=At(path=named.file.path), hint=hint)]
    return []


def _stray_prose(path: str, start: int, kind: str, key: str | None) -> Problem:
    at = At(path=path, start=start)
    if key is None:
        return Problem(code="stray-prose", message=f"{kind} have no prose", at=at, hint="delete the text below `---`")
    message = f"`{key}` is given in the front matter and as prose"
    return Problem(code="two-descriptions", message=message, at=at, hint="keep one of them")


def typed_record(versions: Mapping[str, Piece], kind: str, context: Context) -> Typed:
    """Type a record from what is written of it in each language."""
    default = context.config.language
    base = versions.get(default)
    if base is None:
        return Typed(problems=tuple(_alone(piece, default) for piece in versions.values()))
    entries, problems = _typed_versions(base, versions, kind, context)
    return Typed(tuple(entries.values()) if entries else (), tuple(problems))


def _alone(piece: Piece, default: str) -> Problem:
    message = f"`{piece.id}` has a translation, and no record in the site's language `{default}`"
    hint = f"write the record first, without `.{piece.lang}` in its name"
    return Problem(code="translation-alone", message=message, at=At(path=piece.path, field=piece.field), hint=hint)


def _typed_versions(
    base: Piece, versions: Mapping[str, Piece], kind: str, context: Context
) -> tuple[dict[str, Entry[Any]] | None, list[Problem]]:
    """Type a record and its translations; None where the record itself, or one of them, failed."""
    struct = RECORD_KINDS[kind]
    record, found = typed_values(base.values, struct, base.path, context.extra_types, base.field)
    problems = list(found) if base.good else []
    doubtful = doubtful_fields(found, struct, base.values, base.field)
    if isinstance(record, ProductRecord):
        problems += check_product(record, base.path, base.field, doubtful)
    known = {(one.code, one.at.field, one.message) for one in problems}
    good = base.good and record is not None and not doubtful & _DECISIVE.get(kind, frozenset())
    entries = {base.lang: _entry(base, base.lang, record, base.prose, frozenset())} if good else {}
    for lang in context.config.languages[1:]:
        own = versions.get(lang)
        if own is None:
            if good:
                words = all_words(base.values, struct, context.extra_types) | ({"body"} if base.prose else set())
                entries[lang] = _entry(base, lang, record, base.prose, words)
            continue
        if not base.good:
            continue
        entry, more = _translated(base, own, struct, context, _PROSE_KEY.get(kind, ""))
        problems += [
            one for one in more if (one.code, one.at.field, one.message) not in known and not follows(one, doubtful)
        ]
        good = good and entry is not None
        if entry is not None:
            entries[lang] = entry
    return (entries if good else None), problems


def _translated(
    base: Piece, own: Piece, struct: type[Record], context: Context, prose_key: str
) -> tuple[Entry[Any] | None, list[Problem]]:
    made = inherit(
        base.values,
        own.values,
        struct,
        path=own.path,
        base_path=base.path,
        prefix=own.field,
        extra_types=context.extra_types,
    )
    values, fallback = made.values, made.fallback
    prose = base.prose
    if own.prose is not None or own.values.get(prose_key) is not None:
        prose = own.prose
    elif base.prose is not None:
        fallback |= {"body"}
    if own.prose is not None:
        values.pop(prose_key, None)
        fallback -= {prose_key}
    record, found = typed_values(values, struct, own.path, context.extra_types, own.field)
    problems = [*made.problems, *(found if own.good else ())]
    if record is None or not own.good:
        return None, problems
    return _entry(base, own.lang, record, prose, fallback, own), problems


def _entry(
    base: Piece,
    lang: str,
    record: Any,
    prose: Prose | None,
    fallback: frozenset[str],
    own: Piece | None = None,
) -> Entry[Any]:
    place = own or base
    return Entry(
        id=base.id,
        path=place.path,
        field=place.field,
        folder=base.folder,
        bundle=base.bundle,
        lang=lang,
        record=record,
        body=prose.outline if prose else None,
        digest=prose.digest if prose else b"",
        fallback=fallback,
    )
