"""The articles of content/ and the texts of its sections, each in all its languages; resolves nothing."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from ccgen.config import Section
from ccgen.errors import Problem, has_errors
from ccgen.load.context import Context, make_context, typed_values
from ccgen.load.keeping import Read, pack_read, unpack_read
from ccgen.load.languages import inherit
from ccgen.load.names import Named
from ccgen.load.prose import Prose
from ccgen.load.rules import check_article, doubtful_fields, follows, missing_head
from ccgen.load.sources import Written, read_all, read_written
from ccgen.model.body import Outline
from ccgen.model.face import article_face
from ccgen.model.kept import SourceFile
from ccgen.model.loaded import Article, SectionText
from ccgen.model.records import ARTICLE_KINDS, SectionMeta, StoryMeta
from ccgen.model.work import Work
from ccgen.text.numbers import read_bool
from ccgen.text.unreadable import UnreadableError

__all__ = ["Made", "read_articles", "read_section_texts"]


def read_articles(
    groups: Mapping[str, Mapping[str, Named]], section: Section, context: Context
) -> tuple[list[Article], set[str], list[Problem]]:
    """Read a section's articles: those that are good, the ids of those that are not, and what is wrong."""
    articles: list[Article] = []
    failed: set[str] = set()
    problems: list[Problem] = []
    read = _known(groups, section, context)
    unread = [ident for ident in groups if ident not in read]

    work = Work(_read_batch, lambda: context, partial(_pack_context, context), _open_context)
    made = context.workers(work, [(groups[ident], section.name) for ident in unread])
    for ident, one in zip(unread, made, strict=True):
        read[ident] = one.read
        name, files = _asked(ident, groups[ident], section)
        context.kept.hold(name, one.bodies)
        if one.made is not None:
            context.kept.keep(name, files, one.digests, one.made)
    for ident in groups:
        found = read[ident]
        articles += found.articles
        problems += found.problems
        if found.failed:
            failed.add(ident)
            failed.update(found.failed)
    return articles, failed, problems


class Made:
    """An article as it was read and, made where it was read, as it is kept; `made` is None where it cannot be.

    `digests` are those of the files as they were read, `bodies` are bytes by digest.
    """

    def __init__(
        self, read: Read, digests: Sequence[bytes], bodies: Mapping[bytes, bytes], made: bytes | None = None
    ) -> None:
        self.read, self.digests, self.bodies = read, digests, bodies
        self.made = made or pack_read(read)

    def __reduce__(self) -> tuple[Callable[..., Made], tuple[object, ...]]:
        """Travel between processes as what is kept, once, and not as values beside it."""
        if self.made is None:
            return Made, (self.read, self.digests, self.bodies)
        return _arrived, (self.digests, self.bodies, self.made)


def _arrived(digests: Sequence[bytes], bodies: Mapping[bytes, bytes], made: bytes) -> Made:
    read = unpack_read(made)
    assert read is not None  # `pack_read` made it
    return Made(read, digests, bodies, made)


def _read_batch(context: Context, batch: Sequence[tuple[Mapping[str, Named], str]]) -> list[Made]:
    """Read some articles, each from its versions in the section of a name."""
    sections = {section.name: section for section in context.config.sections}
    files = _read_files([versions for versions, _ in batch], context)
    found = [
        _read_versions(versions, sections[name], context) for versions, (_, name) in zip(files, batch, strict=True)
    ]
    return [Made(versions.read(), versions.digests, versions.bodies) for versions in found]


class _File(NamedTuple):
    """One language of an article. `written` is None where it has no text, and then there is no prose."""

    named: Named
    written: Written | None
    problems: tuple[Problem, ...]
    prose: Prose | None


def _read_files(batch: Sequence[Mapping[str, Named]], context: Context) -> list[list[_File]]:
    """Read the files of some articles, each in the site's order of languages; first all files, then the prose of all."""
    limit = context.config.settings.limits.article_bytes
    ordered = [[one[lang] for lang in context.config.languages if lang in one] for one in batch]
    read = read_all([one.file for versions in ordered for one in versions], limit=limit)
    proses = iter(context.prose([written for written, _ in read if written is not None]))
    files = iter([(written, problems, next(proses) if written is not None else None) for written, problems in read])
    return [[_File(named, *next(files)) for named in versions] for versions in ordered]


def _pack_context(context: Context, stream: BinaryIO) -> None:
    pickle.dump((context.config, context.extra_types, context.directives), stream, protocol=5)


def _open_context(path: str) -> Context:
    with Path(path).open("rb") as stream:
        return make_context(*pickle.load(stream))  # noqa: S301  (written by the process that gave us this work)


def _known(groups: Mapping[str, Mapping[str, Named]], section: Section, context: Context) -> dict[str, Read]:
    """Return the articles whose files are as they were when they were last read."""
    asked = dict([_asked(ident, versions, section) for ident, versions in groups.items()])
    idents = dict(zip(asked, groups, strict=True))
    read = ((idents[name], unpack_read(made)) for name, made in context.kept.recall_all(asked))
    return {ident: one for ident, one in read if one is not None}


def _asked(ident: str, versions: Mapping[str, Named], section: Section) -> tuple[str, tuple[SourceFile, ...]]:
    """Return the name by which an article is kept, and its files."""
    return f"article {section.name}/{ident}", tuple([named.file for named in versions.values()])


# With one of these in doubt, an article cannot be planned: references to it and from it would be faults of their own.
_DECISIVE = frozenset({"slug", "picks"})
_DRAFT = re.compile(r"^draft:[ \t]+(\w+)[ \t]*(?:#.*)?$", re.MULTILINE)


class _Base(NamedTuple):
    """What an article's other languages inherit from. `known` are its problems, which are not theirs again."""

    written: Written
    article: Article | None
    known: frozenset[tuple[str, str, str]]
    doubtful: frozenset[str]


class _Versions:
    """One article while its languages are read, the default first."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.failed: set[str] = set()  # paths
        self.problems: list[Problem] = []
        self.base: _Base | None = None
        self.unfinished = False  # a draft, and drafts are not shown
        self.digests: list[bytes] = []  # of the files as they were read
        self.bodies: dict[bytes, bytes] = {}

    def read(self) -> Read:
        """Return what was read."""
        return Read(articles=tuple(self.articles), failed=frozenset(self.failed), problems=tuple(self.problems))


def _read_versions(files: Sequence[_File], section: Section, context: Context) -> _Versions:
    """Read the languages of one article. The first gives what the others inherit."""
    out = _Versions()
    for named, written, found, prose in files:
        out.digests.append(written.digest if written else b"")
        article, problems = None, list(found)
        if out.base is None:
            out.unfinished = not context.config.drafts and written is not None and _is_draft(written)
        if written is None or prose is None:
            pass
        elif written.good and (out.base is None or out.base.written.good):
            article, more = _read_one(named, written, prose, section, context, out.base)
            problems += more
            if article is not None:
                out.bodies[prose.digest] = prose.data
        else:
            problems += prose.problems
        if out.unfinished:
            article = article or _placeholder(named, section)
            out.problems += [msgspec.structs.replace(one, severity="warning") for one in problems]
        else:
            out.problems += problems
        if article is None:
            out.failed.add(named.file.path)
        else:
            out.articles.append(article)
        if out.base is None and len(files) > 1:
            known = frozenset((one.code, one.at.field, one.message) for one in problems)
            unread = Written(named.file.path, "", {}, 0, good=False)
            doubtful = doubtful_fields(problems, ARTICLE_KINDS[section.kind], written.values if written else {})
            out.base = _Base(written or unread, article, known, doubtful)
    out.base = None  # nobody else needs it, and what is returned may travel between processes
    return out


def _is_draft(written: Written) -> bool:
    """Say whether an article is a draft, even where its front matter cannot be read to the end."""
    given = written.values.get("draft")
    if not written.good and given is None:
        found = _DRAFT.search(written.text, 0, written.prose)
        given = found[1] if found else None
    try:
        return isinstance(given, str) and read_bool(given.strip())
    except UnreadableError:
        return False


def _placeholder(named: Named, section: Section) -> Article:
    """Return what stands for a draft that cannot be read yet: it is hidden, and a link to it leads to a draft."""
    return Article(
        id=named.id,
        path=named.file.path,
        folder=named.folder,
        bundle=named.bundle,
        section=section.name,
        kind=section.kind,
        lang=named.lang,
        meta=StoryMeta(draft=True),
        body=Outline(),
        digest=b"",
        fallback=frozenset(),
    )


def _read_one(
    named: Named, written: Written, prose: Prose, section: Section, context: Context, base: _Base | None
) -> tuple[Article | None, list[Problem]]:
    kind = ARTICLE_KINDS[section.kind]
    values, fallback, problems = written.values, frozenset[str](), list[Problem]()
    if base is not None:
        values, fallback, found = inherit(
            base.written.values,
            values,
            kind,
            path=written.path,
            base_path=base.written.path,
            extra_types=context.extra_types,
        )
        problems += [one for one in found if not follows(one, base.doubtful)]
    meta, found = typed_values(values, kind, written.path, context.extra_types)
    problems += [one for one in found if base is None or (one.code, one.at.field, one.message) not in base.known]
    doubtful = doubtful_fields(found, kind, values)
    if base is None:
        problems += missing_head(values, section.kind, written.path, doubtful)
    if meta is not None and base is None:
        problems += check_article(meta, written.path, context.config.settings.site.rating_scale, doubtful)
    problems += prose.problems
    body, digest = prose.outline, prose.digest
    if meta is None or doubtful & _DECISIVE or (base is not None and base.article is None):
        return None, problems
    if base is not None and base.article is not None and not written.has_prose:
        body, digest, fallback = base.article.body, base.article.digest, fallback | {"body"}
    article = Article(
        id=named.id,
        path=written.path,
        folder=named.folder,
        bundle=named.bundle,
        section=section.name,
        kind=section.kind,
        lang=named.lang,
        meta=meta,
        body=body,
        digest=digest,
        fallback=fallback,
    )
    return msgspec.structs.replace(article, face=article_face(article)), problems


def read_section_texts(
    groups: Mapping[str, Mapping[str, Named]], context: Context
) -> tuple[list[SectionText], list[Problem]]:
    """Read each `_index.md`; a section's words need no front matter."""
    texts: list[SectionText] = []
    problems: list[Problem] = []
    limit = context.config.settings.limits.article_bytes
    for ident, versions in groups.items():
        for lang, named in sorted(versions.items()):
            written, found = read_written(named.file, limit=limit, needs_values=False)
            problems += found
            if written is None or not written.good:
                continue
            meta, found = typed_values(written.values, SectionMeta, written.path, context.extra_types)
            [(body, digest, data, more)] = context.prose([written])
            problems += (*found, *more)
            if meta is not None and not has_errors((*found, *more)):
                context.kept.hold(f"section {written.path}", {digest: data})
                section = ident.rpartition("/")[0]
                texts.append(
                    SectionText(section=section, path=written.path, lang=lang, meta=meta, body=body, digest=digest)
                )
    return texts, problems
