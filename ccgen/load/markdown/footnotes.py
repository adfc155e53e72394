"""Footnotes: numbers by first reference, ids, back links, the section at the end; the same for every engine."""

from __future__ import annotations

from ccgen.load.markdown.destinations import add_target
from ccgen.load.markdown.session import Note, Session
from ccgen.model.body import Html, LinkOpen, Piece, Pieces
from ccgen.text.near import did_you_mean

__all__ = ["cite", "note_anchors", "notes_section", "report_unused"]


def cite(session: Session, label: str, start: int) -> Pieces:
    """Return a reference to a footnote; the first one gives it its number. An undefined one is an error."""
    note = session.notes.get(label)
    if note is None:
        hint = (
            did_you_mean(label, session.notes) or f"add a line `[^{label}]: …`, or write `\\[^{label}]` for plain text"
        )
        session.report("unknown-footnote", f"no footnote `[^{label}]`", start, len(label) + 3, hint)
        return (Html(f"[^{label}]".replace("<", "&lt;")),)
    if not note.number:
        session.cited.append(note)
        note.number = len(session.cited)
    note.references += 1
    where = _reference_id(note.number, note.references)
    link = LinkOpen(add_target(session, "link", f"#fn-{note.number}", start, len(label) + 3))
    before, after = f'<sup class="footnote-ref" id="{where}"><a ', f' role="doc-noteref">{note.number}</a></sup>'
    return (Html(before), link, Html(after))


def _reference_id(number: int, count: int) -> str:
    return f"fnref-{number}" if count == 1 else f"fnref-{number}-{count}"


def note_anchors(session: Session) -> list[str]:
    """Return the ids that footnotes make."""
    return [
        name
        for note in session.cited
        for name in (f"fn-{note.number}", *(_reference_id(note.number, 1 + i) for i in range(note.references)))
    ]


def report_unused(session: Session) -> None:
    """Warn of footnotes that nothing refers to: they are not printed."""
    for note in session.notes.values():
        if not note.number:
            hint = f"refer to it with `[^{note.label}]`, or remove it"
            message = f"nothing refers to the footnote `[^{note.label}]`, so it is left out"
            session.report("unused-footnote", message, note.start, len(note.label) + 3, hint, "warning")


def notes_section(session: Session) -> Pieces:
    """Return the section of footnotes, empty if there are none. It has no heading: themes may give it one."""
    if not session.cited:
        return ()
    pieces: list[Piece] = [Html('<section class="footnotes" role="doc-endnotes">\n<ol>\n')]
    for note in session.cited:
        pieces.append(Html(f'<li id="fn-{note.number}">'))
        pieces += _with_links(note.pieces, _back_links(session, note))
        pieces.append(Html("\n</li>\n"))
    pieces.append(Html("</ol>\n</section>"))
    return tuple(pieces)


def _back_links(session: Session, note: Note) -> Pieces:
    # The label has no words: this HTML is the same in every language.
    pieces: list[Piece] = []
    for count in range(1, note.references + 1):
        link = add_target(session, "link", f"#{_reference_id(note.number, count)}", note.start, len(note.label) + 3)
        label = f' role="doc-backlink" aria-label="↩ {note.number}">↩︎</a>'
        pieces += (Html(" <a "), LinkOpen(link), Html(label))
    return tuple(pieces)


def _with_links(pieces: Pieces, links: Pieces) -> Pieces:
    """Return a footnote's pieces with the back links at the end of its last paragraph."""
    last = pieces[-1] if pieces else None
    if isinstance(last, Html) and last.text.rstrip().endswith("</p>"):
        return (*pieces[:-1], Html(last.text.rstrip().removesuffix("</p>")), *links, Html("</p>"))
    return (*pieces, Html("<p>"), *links, Html("</p>"))
