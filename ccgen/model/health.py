"""What the last check of a link found, as data/links.json keeps it; knows no request and no rule."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

__all__ = ["HealthState", "LinkHealth"]

HealthState = Literal["ok", "moved", "suspect", "broken", "uncertain", "foreign", "sold_out"]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class LinkHealth(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One link, without anchor and without anything that says it is ours. Instants have a zone and whole seconds.

    `strikes` are the first and the last of the 404 and 410 answers since a page was last reached: `broken` has two, at
    least a day apart, `suspect` has not (see `commerce.health`).
    """

    url: str
    state: HealthState
    since: Instant  # when this state was first found
    checked: Instant  # when it was last looked at
    status: int = 0  # the last answer's, 0 = there was none
    reason: str = ""  # in our words, for all that is not plainly well
    strikes: tuple[Instant, ...] = ()
    final: str = ""  # where redirects ended, or the new address of what moved; '' = the URL itself
    etag: str = ""
    modified: str = ""  # Last-Modified as the server wrote it
    words: str = (
        ""  # digest of what was looked for in the page: an answer "not modified" says nothing about other words
    )
    wait_until: Instant | None = None  # the server asked not to be asked again before
    lost: tuple[str, ...] = ()  # names of parameters that purchase links add and its redirects drop
