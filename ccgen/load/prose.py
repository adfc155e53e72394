"""Prose to `Body`: the seam between files and the Markdown engine; knows no front matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.load.doubts import find_doubts
from ccgen.load.markdown import read_body
from ccgen.load.sources import Written
from ccgen.model.body import Body
from ccgen.model.source import digest_of
from ccgen.model.theme import Directive

__all__ = ["ReadProse", "prose_reader"]

_encode = msgspec.msgpack.Encoder().encode

ReadProse = Callable[[Written], tuple[Body, bytes, tuple[Problem, ...]]]


def prose_reader(config: Config, directives: Mapping[str, Directive]) -> ReadProse:
    """Return the function that reads a file's prose: its body, that body's digest, and problems."""
    settings = config.settings
    inline = frozenset(name for name, one in directives.items() if "inline" in one.forms)

    def read(written: Written) -> tuple[Body, bytes, tuple[Problem, ...]]:
        body, problems = read_body(
            written.text,
            path=written.path,
            start=written.prose,
            directives=directives,
            engine=settings.markdown.engine,
            limits=settings.limits,
            extensions=settings.markdown.extensions,
        )
        problems = (*problems, *find_doubts(written, body, inline))
        # The body's own bytes: they depend on engine, extensions and declarations too, and no input can be forgotten.
        return body, digest_of(_encode(body)), problems

    return read
