"""Reads articles' prose from end to end, within its limits; knows the steps of reading, not their insides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ccgen.errors import At, Problem
from ccgen.load.markdown.bidi import holds_controls, report_controls
from ccgen.load.markdown.blocks import read_blocks
from ccgen.load.markdown.engine import Converter, Engine, load_engine
from ccgen.load.markdown.footnotes import note_anchors, notes_section, report_unused
from ccgen.load.markdown.layout import write_blocks
from ccgen.load.markdown.plain import count_words, shown_text
from ccgen.load.markdown.session import Session
from ccgen.load.markdown.split import Split, split
from ccgen.load.markdown.structure import TooDeep
from ccgen.model.body import Body, raw_numbers
from ccgen.model.limits import Limits
from ccgen.model.theme import Directive
from ccgen.text.patterns import late
from ccgen.text.timelimit import Overtime, at_most

__all__ = ["Text", "read_bodies"]

_FORBIDDEN = late("[\x00\x02\x03\ufdd0-\ufdef\ufffe\uffff]")


_EARLY = 10  # parts of the time for one text, in one of which a batch is read that holds nothing unusual


class Text(NamedTuple):
    """A file's text (line ends LF, no BOM), its path, and where its prose begins."""

    text: str
    path: str
    start: int


Read = tuple[Body, tuple[Problem, ...]]


class _Way(NamedTuple):
    """How texts are read."""

    directives: Mapping[str, Directive]
    converter: Converter
    limits: Limits
    extensions: tuple[str, ...]

    def session(self, given: Text) -> Session:
        """Return what is known of a text before it is read."""
        converter = self.converter
        return Session(
            given.text,
            path=given.path,
            start=given.start,
            directives=self.directives,
            limits=self.limits,
            abbreviations=any(name.rpartition(".")[2] in {"abbr", "extra"} for name in self.extensions),
            layout=converter.layout,
            begin=converter.begin,
            wall=converter.wall,
        )


def read_bodies(
    texts: Sequence[Text],
    *,
    directives: Mapping[str, Directive],
    engine: Engine,
    limits: Limits,
    extensions: tuple[str, ...] = (),
) -> list[Read]:
    """Read the prose of some texts; all places are offsets in them.

    `extensions` are the engine's own (`markdown.extensions`). An article that cannot be converted has an empty body
    and a problem; any other problem leaves the body usable for what else is to be checked.
    """
    way = _Way(directives, load_engine(engine), limits, extensions)
    if len(texts) > 1:
        try:
            with at_most(limits.conversion_seconds / _EARLY):
                return _read_together(way, texts)
        except MemoryError:
            raise
        except (Overtime, Exception):  # noqa: BLE001, S110  whose it is, is found when each is read by itself
            pass
    return [_read_alone(way, one) for one in texts]


def _read_together(way: _Way, texts: Sequence[Text]) -> list[Read]:
    sessions = [way.session(one) for one in texts]
    refused = [_refused(session) for session in sessions]
    bodies = iter(_read(way, [one for one, bad in zip(sessions, refused, strict=True) if not bad]))
    return [
        (Body() if bad else next(bodies), _sorted(session.problems))
        for session, bad in zip(sessions, refused, strict=True)
    ]


def _read_alone(way: _Way, given: Text) -> Read:
    session, body, start, limits = way.session(given), Body(), given.start, way.limits
    if _refused(session):
        return body, _sorted(session.problems)
    try:
        with at_most(limits.conversion_seconds):
            [body] = _read(way, [session])
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
    return body, _sorted(session.problems)


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.at.start))


def _refused(session: Session) -> bool:
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
    found = _FORBIDDEN.search(text, session.start)
    if found is not None:
        message = f"the character U+{ord(found[0]):04X} must not stand in a text"
        session.report("forbidden-character", message, found.start(), 1, "remove it; it is not visible")
    return found is not None


def _read(way: _Way, sessions: Sequence[Session]) -> list[Body]:
    """Read some texts, one step for all of them, then the next: the code of a step stays near. A fifth of the time."""
    blocks = [read_blocks(session) for session in sessions]
    written = [write_blocks(session, found) for session, found in zip(sessions, blocks, strict=True)]
    for session, found in zip(sessions, blocks, strict=True):
        if holds_controls(session.text, session.start):
            report_controls(session, found)
    html = [way.converter.convert(text, way.extensions) for text in written]
    sound = not way.extensions
    done = [split(session, text, sound=sound) for session, text in zip(sessions, html, strict=True)]
    return [_body(session, one) for session, one in zip(sessions, done, strict=True)]


def _body(session: Session, done: Split) -> Body:
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
