"""Prose to a body's bytes and its outline: the seam between files and the Markdown engine; knows no front matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.load.doubts import find_doubts
from ccgen.load.markdown import Text, read_bodies
from ccgen.load.markdown.engine import load_engine
from ccgen.load.sources import Written
from ccgen.model.bodies import pack_body
from ccgen.model.body import Body, Outline
from ccgen.model.source import digest_of
from ccgen.model.theme import Directive

__all__ = ["Prose", "ReadProse", "prose_reader"]


class Prose(NamedTuple):
    """A file's prose. `data` are the bytes of its whole body, and `digest` is theirs."""

    outline: Outline
    digest: bytes
    data: bytes
    problems: tuple[Problem, ...]


ReadProse = Callable[[Sequence[Written]], list[Prose]]


def check_extensions(config: Config) -> Iterator[Problem]:
    """Yield a problem for each Markdown extension of the settings that cannot be used: once, not for each article."""
    markdown = config.settings.markdown
    for number, name in enumerate(markdown.extensions):
        why = load_engine(markdown.engine).unusable(name)
        if why:
            at = At(path="ccgen.yaml", field=f"markdown.extensions[{number}]")
            hint = "name an extension of Python-Markdown that is installed, as `smarty`"
            if markdown.engine != "markdown":
                hint = "remove it, or write `engine: markdown`"
            message = f"the Markdown extension `{name}` cannot be used: {why}"
            yield Problem(code="bad-extension", message=message, at=at, hint=hint)


def prose_reader(config: Config, directives: Mapping[str, Directive]) -> ReadProse:
    """Return the function that reads the prose of some files."""
    settings = config.settings
    unusable = load_engine(settings.markdown.engine).unusable  # here, so that no worker has to import the engine
    extensions = tuple(name for name in settings.markdown.extensions if not unusable(name))
    inline = frozenset(name for name, one in directives.items() if "inline" in one.forms)

    def read(files: Sequence[Written]) -> list[Prose]:
        bodies = read_bodies(
            [Text(one.text, one.path, one.prose) for one in files],
            directives=directives,
            engine=settings.markdown.engine,
            limits=settings.limits,
            extensions=extensions,
        )
        return [made(written, *body) for written, body in zip(files, bodies, strict=True)]

    def made(written: Written, body: Body, problems: tuple[Problem, ...]) -> Prose:
        problems = (*problems, *find_doubts(written, body, inline))
        if settings.outputs.markdown:
            body = msgspec.structs.replace(body, source=written.text[written.prose :], begin=written.prose)
        # The body's own bytes: they depend on engine, extensions and declarations too, and no input can be forgotten.
        data = pack_body(body)
        return Prose(body.outline(), digest_of(data), data, problems)

    return read
