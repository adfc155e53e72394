"""How a text is read and what came of it is shown; walks through pieces; reads the paste-a-bug cases."""

from __future__ import annotations

from pathlib import Path

from ccgen.errors import Problem
from ccgen.load.markdown import Engine, Text, read_bodies
from ccgen.model.body import Body, Html, Image, LinkClose, LinkOpen, Pieces, Url
from ccgen.model.body import Directive as DirectivePiece
from ccgen.model.limits import Limits
from ccgen.model.theme import Directive, Param, Records

ONE = Records(kind="product", least=0, most=1)
DECLARED = {
    declared.name: declared
    for declared in (
        Directive(name="price", doc="", forms=("inline",), label="optional", records=ONE),
        Directive(
            name="buy", doc="", forms=("inline", "leaf"), label="optional", records=ONE, params={"merchant": Param()}
        ),
        Directive(
            name="product",
            doc="",
            forms=("leaf",),
            label="optional",
            records=ONE,
            params={"layout": Param(type="choice", choices=("wide", "small"))},
        ),
        Directive(
            name="compare",
            doc="",
            forms=("leaf",),
            records=Records(kind="product", least=2, most=-1),
            params={"by": Param(type="[text]")},
        ),
        Directive(name="note", doc="", forms=("container",), label="optional"),
        Directive(
            name="recipe",
            doc="",
            forms=("container",),
            label="required",
            params={"serves": Param(type="int", min="1", max="20"), "time": Param(type="duration", required=True)},
        ),
    )
}


class Read:
    """What one text became."""

    def __init__(self, text: str, body: Body, problems: tuple[Problem, ...]) -> None:
        self.text, self.body, self.problems = text, body, problems

    @property
    def html(self) -> str:
        return shown(self.body.pieces, self.body)

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]

    def at(self, number: int = 0) -> str:
        place = self.problems[number].at
        return self.text[place.start : place.start + place.length]


def shown(pieces: Pieces, body: Body) -> str:
    """Write pieces so that a reader of a test sees each kind."""
    out = []
    for piece in pieces:
        if isinstance(piece, Html):
            out.append(piece.text)
        elif isinstance(piece, LinkOpen):
            out.append(f"href={body.targets[piece.number].text}")
        elif isinstance(piece, LinkClose):
            out.append("‹/a›")
        elif isinstance(piece, Image):
            title = f" title={piece.title}" if piece.title else ""
            out.append(f"‹img {body.targets[piece.number].text} alt={piece.alt}{title}›")
        elif isinstance(piece, Url):
            out.append(f"‹url {body.targets[piece.number].text}›")
        else:
            call = body.calls[piece.number]
            words = [call.name, *(record for record, _ in call.records), *(f"{k}={v}" for k, v, _ in call.params)]
            label = f" L[{shown(piece.label, body)}]" if piece.label is not None else ""
            content = f" C[{shown(piece.content, body)}]" if piece.content is not None else ""
            out.append(f"‹{' '.join(words)}{label}{content}›")
    return "".join(out)


def read_text(
    text: str,
    *,
    engine: Engine = "markdown",
    start: int = 0,
    limits: Limits | None = None,
    extensions: tuple[str, ...] = (),
) -> Read:
    [(body, problems)] = read_bodies(
        [Text(text, "content/a.md", start)],
        directives=DECLARED,
        engine=engine,
        limits=limits or Limits(),
        extensions=extensions,
    )
    return Read(text, body, problems)


def numbers(body: Body) -> tuple[list[int], list[int]]:
    """Return the numbers of targets and of calls in a body's pieces, labels and contents too."""
    targets: list[int] = []
    calls: list[int] = []

    def walk(pieces: Pieces) -> None:
        for piece in pieces:
            if isinstance(piece, LinkOpen | LinkClose | Image | Url):
                targets.append(piece.number)
            elif isinstance(piece, DirectivePiece):
                calls.append(piece.number)
                walk(piece.label or ())
                walk(piece.content or ())

    walk(body.pieces)
    return targets, calls


DIFFERS = "\n=> commonmark: "


def read_case(path: Path, engine: Engine) -> tuple[str, str]:
    """Return a case's text and what must come of it with an engine.

    A line `=>` stands between them. Where `commonmark` differs by design, a line `=> commonmark: NAME; NAME` follows
    with names of `DIFFERENCES` in test_md_engines.py, and what comes of it there.
    """
    text, _, expected = path.read_text(encoding="utf-8").partition("\n=>\n")
    expected, _, other = expected.partition(DIFFERS)
    return text, other.partition("\n")[2] if other and engine == "commonmark" else expected


def squeezed(html: str) -> str:
    """Return HTML without its line ends: engines lay it out in other lines."""
    return html.replace("\n", "")
