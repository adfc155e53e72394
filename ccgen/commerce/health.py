"""From what a look at a link brought to what is known of it: states and the rule of two strikes; pure, asks nobody.

Only 404 and 410 say that a page is gone, and only when both of two looks at least `_STRIKES_APART` apart found it so: servers
answer much else to programs (403, 405, 429) and in bad hours (5xx), and a checker that cries wolf is switched off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from ccgen.errors import At, Problem, Severity
from ccgen.model.health import HealthState, LinkHealth
from ccgen.text.url import host_of, host_within

__all__ = ["SOLD_OUT", "Answer", "findings", "judge", "sold_out_words"]

_STRIKES_APART = timedelta(days=1)

# What shops say where one cannot buy, in the languages in which most of them do; matched as whole words, case aside.
SOLD_OUT = (
    *("sold out", "out of stock", "currently unavailable", "no longer available", "temporarily unavailable"),
    *("ausverkauft", "nicht mehr verfügbar", "derzeit nicht verfügbar", "nicht auf lager", "vergriffen"),
    *("rupture de stock", "n'est plus disponible", "actuellement indisponible", "épuisé"),
    *("agotado", "sin existencias", "ya no está disponible", "esgotado", "sem estoque", "indisponível"),
    *("esaurito", "non disponibile", "uitverkocht", "niet op voorraad", "slutsåld", "udsolgt", "utsolgt"),
    *("wyprzedane", "brak w magazynie", "vyprodáno", "нет в наличии"),
    *("已售罄", "售罄", "已下架", "无货", "缺货", "缺貨", "已售完", "売り切れ", "在庫切れ", "品切れ", "품절"),
)


class Answer(NamedTuple):
    """What one look at a link brought: a page, the word that there is none, or nothing certain (`reason` says why)."""

    kind: Literal["reached", "unchanged", "gone", "unclear"]
    status: int = 0
    reason: str = ""
    final: str = ""  # the last URL that was asked
    moved_to: str = ""  # where permanent redirects alone lead, '' if nowhere
    sold_out: str = ""  # what in the page says so
    etag: str = ""
    modified: str = ""
    words: str = ""
    wait: timedelta | None = None
    lost: tuple[str, ...] | None = ()  # parameters of ours that its redirects drop; None = that could not be told


def judge(
    url: str, before: LinkHealth | None, answer: Answer, *, now: datetime, domains: Sequence[str] = ()
) -> LinkHealth:
    """Return what is known of a link after another look at it. `domains` are where it may end, none = anywhere.

    An answer that says nothing certain takes away no strike: what was gone yesterday and times out today may still be
    gone, and what is broken stays so until a page is reached. A page that is reached clears all strikes.
    """
    strikes = _strikes(before, answer, now)
    state, reason = _state(url, before, answer, strikes, domains)
    kept = before if before and answer.kind == "unchanged" else None
    final = answer.moved_to if state == "moved" else answer.final
    return LinkHealth(
        url=url,
        state=state,
        since=before.since if before and before.state == state else now,
        checked=now,
        status=answer.status,
        reason=reason,
        strikes=strikes,
        final=final if final != url else "",
        etag=answer.etag or (kept.etag if kept else ""),
        modified=answer.modified or (kept.modified if kept else ""),
        words=answer.words or (kept.words if kept else ""),
        wait_until=now + answer.wait if answer.wait else None,
        lost=_lost(before, answer),
    )


def _lost(before: LinkHealth | None, answer: Answer) -> tuple[str, ...]:
    """Return what redirects drop; where nobody could tell, what was known before."""
    if answer.lost is None or answer.kind == "unclear":
        return before.lost if before else ()
    return answer.lost


def _strikes(before: LinkHealth | None, answer: Answer, now: datetime) -> tuple[datetime, ...]:
    old = before.strikes if before else ()
    if answer.kind in {"reached", "unchanged"}:
        return ()
    if answer.kind == "unclear":
        return old
    if not old:
        return (now,)
    if len(old) == 1 and now - old[0] < _STRIKES_APART:
        return old
    return (old[0], max(old[-1], now))


def _state(
    url: str, before: LinkHealth | None, answer: Answer, strikes: tuple[datetime, ...], domains: Sequence[str]
) -> tuple[HealthState, str]:
    if strikes:
        return ("broken" if len(strikes) > 1 else "suspect"), answer.reason
    if answer.kind == "unclear":
        return "uncertain", answer.reason
    final = answer.final or url
    host = host_of(final) or ""
    if domains and not any(host_within(host, one.removeprefix("www.")) for one in domains):
        return "foreign", f"it ends at {host}"
    if answer.kind == "unchanged" and before and before.state == "sold_out":
        return "sold_out", before.reason
    if answer.sold_out:
        return "sold_out", answer.sold_out
    if _is_front(final) and not _is_front(url):
        return "uncertain", "it leads to the front page, as shops do with products they no longer have"
    if answer.moved_to and answer.moved_to != url:
        return "moved", "moved for good"
    return "ok", ""


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def sold_out_words(own: Sequence[str]) -> tuple[str, ...]:
    """Return what to look for in a merchant's pages: its own words, else those above."""
    return tuple(own) or SOLD_OUT


_RULES: dict[HealthState, tuple[str, Severity, str]] = {
    "broken": ("LK-06", "error", "write the address it has now, or take the offer out; the next build puts it last"),
    "suspect": ("LK-06", "info", "look again in a day or more: only then is it called broken"),
    "foreign": ("LK-08", "error", "correct the URL; if the host is theirs, add it to the merchant's `domains`"),
    "sold_out": (
        "LK-09",
        "warning",
        "set `availability: out_of_stock`; if it is not so, give the merchant `sold_out` words",
    ),
    "uncertain": ("LK-07", "info", "open it in a browser: nothing is known for certain"),
}


def findings(known: LinkHealth, at: At, *, sold: bool) -> Iterator[Problem]:
    """Yield what is to be said of a link, at the place where it is written; nothing where all is well.

    Nothing is `sold` through a link of prose: whatever became of that one is a warning at most.
    """
    if known.state == "moved":
        hint = f"url: {known.final}" if sold else f"write {known.final}"
        message = f"`{known.url}` has moved for good"
        yield Problem(code="link-moved", message=message, at=at, hint=hint, severity="info")
    if known.lost and known.state in {"ok", "moved", "sold_out"}:
        yield _dropped(known, at)
    rule = _RULES.get(known.state)
    if rule is None:
        return
    code, severity, hint = rule
    severity = "warning" if severity == "error" and not sold else severity
    yield Problem(code=code, message=_message(known), at=at, hint=hint, severity=severity)


def _dropped(known: LinkHealth, at: At) -> Problem:
    """Say that a reader who follows the link comes to the shop as nobody's: it still works, and pays nobody."""
    names = ", ".join(f"`{name}`" for name in known.lost)
    message = f"`{known.url}` drops {names} where it leads on: the shop does not see who sent a buyer"
    hint = f"write {known.final}, where it ends" if known.final else "write the address where it ends"
    return Problem(code="LK-08", message=message, at=at, hint=hint, severity="warning")


def _message(known: LinkHealth) -> str:
    days = [strike.date().isoformat() for strike in known.strikes]
    match known.state:
        case "broken":
            return f"`{known.url}` is broken: there was no page on {days[0]} and on {days[-1]}"
        case "suspect":
            return f"`{known.url}` had no page on {days[0]}"
        case "foreign":
            return f"`{known.url}` leads away from the merchant: {known.reason}"
        case "sold_out":
            return f"`{known.url}` seems to be sold out: {known.reason}"
        case _:
            return f"`{known.url}` could not be looked at: {known.reason}"
