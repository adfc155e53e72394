"""Reference definitions (`[label]: destination "title"`); they may stand anywhere and count everywhere."""

from __future__ import annotations

from ccgen.load.markdown.destinations import unescaped, unsafe_reason
from ccgen.load.markdown.lines import REFERENCE
from ccgen.load.markdown.session import Reference, Session, normal_label

__all__ = ["take_reference"]


def take_reference(session: Session, text: str, start: int) -> bool:
    """Note the definition that a line holds; False where it holds none. Of two with one label the first counts."""
    found = REFERENCE.match(text)
    if found is None:
        return False
    label = normal_label(found[1])
    group = 2 if found[2] is not None else 3
    destination, title = found[group], unescaped(found[4][1:-1]) if found[4] else ""
    where = start + found.start(group)
    if label in session.references:
        message = f"the reference `[{found[1]}]` is defined twice; the first definition counts"
        session.report("repeated-reference", message, start, found.end(1) + 1, "remove one", "warning")
        return True
    reason = unsafe_reason(unescaped(destination))
    if reason:
        hint = "link to a page, a file, or an address with https, mailto or tel"
        message = f"`{destination[:60]}` is not a safe destination: {reason}"
        session.report("unsafe-link", message, where, len(destination), hint)
        destination = "#"
    session.references[label] = Reference(destination, title, where, len(destination))
    return True
