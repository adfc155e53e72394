"""Reads one article's prose from end to end, within its limits; knows the steps of reading, not their insides."""

from __future__ import annotations

from collections.abc import Mapping

from ccgen.errors import At, Problem
from ccgen.load.markdown.bidi import holds_controls, report_controls
from ccgen.load.markdown.blocks import read_blocks
from ccgen.load.markdown.engine import Converter, Engine, load_engine
from ccgen.load.markdown.footnotes import note_anchors, notes_section, report_unused
from ccgen.load.markdown.layout import write_blocks
from ccgen.load.markdown.plain import count_words, shown_text
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.split import split
from ccgen.load.markdown.structure import TooDeep
from ccgen.model.body import Body, raw_numbers
from ccgen.model.limits import Limits
from ccgen.model.theme import Directive
from ccgen.text.patterns import late
from ccgen.text.timelimit import Overtime, at_most

__all__ = ["read_body"]

_FORBIDDEN = late("[\x00\x02\x03\ufdd0-\ufdef\ufffe\uffff]")


def read_body(
    text: str,
    *,
    path: str,
    start: int,
    directives: Mapping[str, Directive],
    engine: Engine,
    limits: Limits,
    extensions: tuple[str, ...] = (),
) -> tuple[Body, tuple[Problem, ...]]:
    """Read the prose of a file's text (line ends LF, no BOM) from `start` on; all places are offsets in `text`.

    `extensions` are the engine's own (`markdown.extensions`). An article that cannot be converted has an empty body
    and a problem; any other problem leaves the body usable for what else is to be checked.
    """
    converter = load_engine(engine)
    short = any(name.rpartition(".")[2] in {"abbr", "extra"} for name in extensions)
    session = Session(
        text,
        path=path,
        directives=directives,
        limits=limits,
        abbreviations=short,
        layout=converter.layout,
        begin=converter.begin,
        wall=converter.wall,
    )
    if _refused(session, start):
        return Body(), tuple(session.problems)
    body = Body()
    try:
        with at_most(limits.conversion_seconds):
            body = _read(session, start, converter, extensions)
    except TooDeep:
        pass
    except Overtime:
        message = f"its prose takes longer than {limits.conversion_seconds} s to convert"
        hint = "look for very long runs of `*`, `_` or brackets, or raise `limits.conversion_seconds` in ccgen.yaml"
        session.report("article-too-complex", message, start, 0, hint)
    except RecursionError:
        message = "its prose is nested too deep to convert"
        session.report("article-too-complex", message, start, 0, "look for emphasis or lists nested very deep")
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  one article must not stop the others, whatever its engine does
        message = f"the Markdown engine failed: {type(error).__name__}: {error}"[:300]
        session.report(
            "conversion-failed", message, start, 0, "remove the newest part of the text until it works, and report it"
        )
    return body, tuple(sorted(session.problems, key=lambda problem: problem.at.start))


def _refused(session: Session, start: int) -> bool:
    text, limit = session.text, session.limits.article_bytes
    if len(text) > limit or (len(text) * 4 > limit and len(text.encode(errors="replace")) > limit):
        hint = "split it, or raise `limits.article_bytes` in ccgen.yaml"
        at = At(path=session.path)
        message = f"the article is longer than {limit:,} bytes"
        session.problems.append(Problem(code="article-too-long", message=message, at=at, hint=hint))
        return True
    # In nearly all texts that is no question, and looking for three characters is quicker than for one of them.
    if text.isascii() and "\x00" not in text and "\x02" not in text and "\x03" not in text:
        return False
    found = _FORBIDDEN.search(text, start)
    if found is not None:
        message = f"the character U+{ord(found[0]):04X} must not stand in a text"
        session.report("forbidden-character", message, found.start(), 1, "remove it; it is not visible")
    return found is not None


def _read(session: Session, start: int, converter: Converter, extensions: tuple[str, ...]) -> Body:
    blocks = read_blocks(session, start)
    written = write_blocks(session, blocks)
    if holds_controls(session.text, start):
        report_controls(session, blocks)
    html = converter.convert(written, extensions)
    done = split(session, html, sound=not extensions)
    report_unused(session)
    pieces = done.pieces + notes_section(session)
    anchors = [*session.anchors, *(heading.id for heading in done.headings), *note_anchors(session)]
    return Body(
        pieces=pieces,
        targets=tuple(session.targets),
        calls=tuple(session.calls),
        raw=tuple(raw_numbers(pieces)),
        headings=done.headings,
        anchors=tuple(dict.fromkeys(anchors)),
        first_paragraph=done.first_paragraph,
        words=count_words(shown_text(pieces)),
    )
