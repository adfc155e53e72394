"""Walks through pieces, and reads the paste-a-bug cases."""

from __future__ import annotations

from pathlib import Path

from ccgen.model.body import Body, Directive, Image, LinkClose, LinkOpen, Pieces, Url


def numbers(body: Body) -> tuple[list[int], list[int]]:
    """Return the numbers of targets and of calls in a body's pieces, labels and contents too."""
    targets: list[int] = []
    calls: list[int] = []

    def walk(pieces: Pieces) -> None:
        for piece in pieces:
            if isinstance(piece, LinkOpen | LinkClose | Image | Url):
                targets.append(piece.number)
            elif isinstance(piece, Directive):
                calls.append(piece.number)
                walk(piece.label or ())
                walk(piece.content or ())

    walk(body.pieces)
    return targets, calls


def read_case(path: Path) -> tuple[str, str]:
    """Return a case's text and what must come of it: a line `=>` stands between them."""
    text, _, expected = path.read_text(encoding="utf-8").partition("\n=>\n")
    return text, expected
