"""When to act on hints: at once on a save, and once for a storm of them; knows no event and nothing of a site.

A save that comes alone is acted on at once. Changes that follow each other closely are one change of many files (a checkout,
a copy): the first of them is acted on, and all others together when they are over.
"""

from __future__ import annotations

import time

from ccgen.preview.sources import Sources
from ccgen.preview.watch import Hint

__all__ = ["Calm"]

_QUIET = 0.4  # seconds without a change, after which a storm is over
_LONGEST = 15.0  # seconds that anything waits for a storm to end
_WRITING = 0.05  # seconds after which a file counts as written that its writer did not close, or that is new
_MANY = 50  # files in one look, from which on events may have been lost


class Calm:
    """Invariant: every file that changed is in an answer of `ready` after its change: in one, unless somebody else read it
    meanwhile (`Sources.distrust`), or found it gone or empty; then it may be in another.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._hints: dict[str, Hint] = {}
        self._changed: set[str] = set()
        self._first = self._last = float("-inf")  # of the changes that wait, and of all there were
        self._storm = False
        self._look_again = False
        self._doubt: float | None = None  # when a file that is gone is asked for again

    def note(self, hint: Hint) -> None:
        """Take a hint. Of several for one file, the first says when, and the last whether its writer is done."""
        earlier = self._hints.get(hint.file)
        self._hints[hint.file] = hint._replace(at=earlier.at) if earlier else hint

    def ready(self) -> frozenset[str]:
        """Return the files to act on now, by path; those that it is too early for come later."""
        self._look()
        now = time.monotonic()
        if not self._changed or not (not self._storm or now - self._last >= _QUIET or now - self._first >= _LONGEST):
            return frozenset()
        if self._look_again:
            self._changed |= self._sources.look_everywhere()
            self._look_again = False
        found, self._changed = frozenset(self._changed), set()
        return found

    def patience(self) -> float | None:
        """Return in how many seconds `ready` may have an answer though no hint comes; None for never."""
        now = time.monotonic()
        due = [hint.at + _WRITING for hint in self._hints.values()]
        if self._changed:
            due.append(min(self._last + _QUIET, self._first + _LONGEST))
        if self._doubt is not None:
            due.append(self._doubt)
        return max(min(due) - now, 0.0) if due else None

    def _look(self) -> None:
        now = time.monotonic()
        due = {
            file: hint
            for file, hint in self._hints.items()
            if now - hint.at >= _WRITING or (hint.settled and (not file or self._sources.knows(file)))
        }
        if due:
            self._hints = {file: hint for file, hint in self._hints.items() if file not in due}
            everywhere = "" in due or len(due) > _MANY
            self._look_again |= len(due) > _MANY
            found = self._sources.look_everywhere() if everywhere else self._sources.look(due)
            self._add(found, max(hint.at for hint in due.values()))
        gone, again = self._sources.settle()
        self._doubt = None if again is None else now + again
        self._add(gone, now)

    def _add(self, found: frozenset[str], at: float) -> None:
        if not found:
            return
        if not self._changed:
            self._first, self._storm = at, at - self._last < _QUIET
        self._last = max(self._last, at)
        self._changed |= found
