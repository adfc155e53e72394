"""What a finished page refers to, offers and says, and whether that holds; reads each once, with lexbor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from ccgen.check.page_disclosure import check_disclosure
from ccgen.check.page_links import check_links
from ccgen.check.page_markup import check_markup
from ccgen.check.page_sale import check_sale
from ccgen.check.page_sheet import Sheet
from ccgen.check.page_view import PageView, SiteView
from ccgen.errors import Problem
from ccgen.model.site import AnchorHope, Plan, Route, page_question
from ccgen.text.near import nearest

__all__ = ["Reader", "Reading", "decide_hopes"]

_ANCHORS_SHOWN = 6
_KNOWN = 16_384  # references
_JUDGED = frozenset({"article", "product", "maker", "person", "list", "home", "404"})


class Reading(NamedTuple):
    """A page's own ids, the outputs of this site that it refers to, and what is wrong with it.

    `read` names the groups of facts (owner, number) that findings went by, whether or not the page reads them; `asked` are
    the questions to whose answers they did (`model.page.answer_key`).
    """

    anchors: tuple[str, ...]
    links: tuple[str, ...]
    problems: tuple[Problem, ...]
    read: frozenset[tuple[str, int]] = frozenset()
    asked: frozenset[str] = frozenset()


class Reader:
    """Reads finished pages of one site, each once; `rules` are those to look for (`Policy.asked`).

    What an author wrote was checked at its own line before; a fault here is a theme's, so it is told with the page.
    """

    def __init__(self, plan: Plan, *, base: str, rules: Set[str], now: datetime) -> None:
        self._site = SiteView(plan, base, rules, now)
        self._base = base
        self._known: dict[str, str] = {}  # outputs by absolute reference: most stand on many pages

    def read(self, route: Route, html: bytes) -> Reading:
        """Read a page or a JSON feed: ids are unique, what it refers to inside the site exists, and it breaks no rule."""
        if route.kind == "json":
            return self._read_feed(html)
        sheet = Sheet(html)
        ids = dict.fromkeys(sheet.ids)
        links = self._outputs_of(sheet.references, route.url)
        problems = [*_twice(route, sheet.ids)] if len(ids) < len(sheet.ids) else []
        problems += [self._broken(path, route) for path in links if path not in self._site.outputs]
        if route.kind not in _JUDGED:
            return Reading(tuple(ids), tuple(links), tuple(problems))
        page = PageView(self._site, route, sheet)
        for rule in (check_links, check_disclosure, check_markup, check_sale):
            rule(page)
        problems += dict.fromkeys(page.problems)
        return Reading(tuple(ids), tuple(links), tuple(problems), frozenset(page.read), frozenset(page.asked))

    def _read_feed(self, data: bytes) -> Reading:
        """Read a JSON feed: each of its articles owes its readers what its page does. The Atom feed holds the same HTML."""
        feed = msgspec.json.decode(data)
        problems: dict[Problem, None] = {}
        read: set[tuple[str, int]] = set()
        asked: set[str] = set()
        for item in feed.get("items", ()):
            route = self._site.outputs.get(self._site.addresses.output(item.get("url", ""), "/"))
            if route is None or route.kind != "article":
                continue
            asked.add(page_question(route.path))  # what is wrong is told at the article's source
            page = PageView(self._site, route, Sheet(item.get("content_html", "").encode()), template="feed.html")
            check_links(page)
            check_disclosure(page)
            problems |= dict.fromkeys(page.problems)
            read |= page.read
            asked |= page.asked
        return Reading((), (), tuple(problems), frozenset(read), frozenset(asked))

    def _outputs_of(self, references: Iterable[str], url: str) -> dict[str, None]:
        """Return the outputs that references name; one that leads outside the site, or nowhere, names none."""
        found: dict[str, None] = {}
        known = self._known
        for reference in references:
            output = known.get(reference)
            if output is None:
                if self._site.addresses.is_elsewhere(reference):
                    continue
                absolute = reference.startswith(("/", "https://", "http://"))
                output = self._site.addresses.output(reference, url)
                if absolute:
                    if len(known) >= _KNOWN:
                        known.clear()
                    known[reference] = output
            if output:
                found[output] = None
        return found

    def _broken(self, path: str, route: Route) -> Problem:
        if path.startswith("/"):
            message = f"the page refers to `{path}`, which lies outside of the base path `{urlsplit(self._base).path}`"
            return _fault("broken-page-link", message, route, "give it to the filter `url` in")
        message = f"the page refers to `/{path.removesuffix('index.html')}`, which is not built"
        return _fault("broken-page-link", message, route)


def _twice(route: Route, ids: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for ident in ids:
        if ident in seen:
            yield _fault("duplicate-id", f"the page has two elements with id `{ident}`", route)
        seen.add(ident)


def decide_hopes(hopes: Iterable[AnchorHope], anchors: Mapping[str, tuple[str, ...]]) -> tuple[Problem, ...]:
    """Return the links to anchors that neither the prose nor the theme makes. `anchors` are ids by output."""
    found = []
    for hope in hopes:
        made = anchors.get(hope.path)
        if made is not None and hope.anchor not in made:
            hint = _anchor_hint(hope.anchor, hope.known, made)
            message = f"no anchor `#{hope.anchor}` on that page"
            found.append(Problem(code="broken-anchor", message=message, at=hope.at, hint=hint))
    return tuple(found)


def _anchor_hint(anchor: str, prose: Iterable[str], page: Iterable[str]) -> str:
    """Return which anchors there are instead of one: `prose` are those of the text, `page` all of the page."""
    known = tuple(prose)
    shown = ", ".join(f"`#{one}`" for one in known[:_ANCHORS_SHOWN]) + (", …" if len(known) > _ANCHORS_SHOWN else "")
    near = nearest(anchor, known) or nearest(anchor, page)
    if near:
        return f"did you mean `#{near}`?"
    return f"its text has {shown}" if known else "its text has no headings; link to the page itself"


def _fault(code: str, message: str, route: Route, what: str = "change") -> Problem:
    return Problem(code=code, message=message, at=route.source, hint=f"{what} the template that draws {route.url}")
