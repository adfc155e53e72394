"""Home and lists of articles as Markdown: a line for each entry, which leads to its own twin; knows no prose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccgen.model.parts import owner_of
from ccgen.model.site import TWIN
from ccgen.render.twin_drawings import TwinParts
from ccgen.render.view import View
from ccgen.text.markdown import as_link, as_text

__all__ = ["home_entries", "home_head", "list_entries", "list_head"]


def home_head(show: TwinParts, section: View) -> list[str]:
    """Return title and summary of the home page: its text's, else the site's."""
    site = {
        key: str(show.scope.value(owner_of("site", show.scope.lang, key)) or "") for key in ("title", "description")
    }
    title, summary = section.get("title") or site["title"], section.get("summary") or site["description"]
    return [f"# {as_text(title)}", as_text(summary)]


def home_entries(show: TwinParts, home: View) -> Iterator[str]:
    """Yield what the home page lists: the newest articles, those of each section, and makers."""
    yield _titled(show.t("latest"), (_teaser(show, item) for item in home.get("latest")))
    for row in home.get("rows"):
        section: View = row.get("section")
        title = as_link(as_text(section.get("title")), show.url(section.get("url") + TWIN))
        yield _titled(title, (_line(show, item) for item in row.get("items")))
    makers = home.get("makers")
    yield _titled(show.t("makers"), (f"- {_to_twin(show, one, as_text(one.get('name')))}" for one in makers))


def list_head(show: TwinParts, listed: View) -> list[str]:
    """Return title and summary of a list, and which of its pages this is."""
    of: View = listed.get("of")
    kind = show.t(f"list_{listed.get('what')}")
    count = show.t("articles", count=listed.get("total"))
    summary = of.get("summary") if listed.get("what") == "section" else ""
    facts = [kind, count, *([_page(show, listed)] if listed.get("number") > 1 else [])]
    return [f"# {as_text(listed.get('title'))}", " · ".join(facts), as_text(summary)]


def list_entries(show: TwinParts, listed: View) -> Iterator[str]:
    """Yield a list's articles, then where the list goes on."""
    yield "\n".join(_teaser(show, item) for item in listed.get("items")) or show.t("nothing_yet")
    beside = (("newer", listed.get("previous_url")), ("older", listed.get("next_url")))
    links = [as_link(show.t(key), show.url(url + TWIN)) for key, url in beside if url]
    if links:
        yield " · ".join([*links, _page(show, listed)])


def _page(show: TwinParts, listed: View) -> str:
    return show.t("page_of", number=listed.get("number"), pages=listed.get("pages"))


def _titled(title: str, lines: Iterable[str]) -> str:
    listed = "\n".join(lines)
    return f"## {title}\n\n{listed}" if listed else ""


def _teaser(show: TwinParts, item: View) -> str:
    """Return an article with its summary, and what else its teaser says; a teaser says no price."""
    summary = as_text(item.get("summary")) if item.get("title") else ""
    authors = show.t("comma").join(as_text(one.get("name")) for one in item.get("authors"))
    facts = [show.t(f"kind_{item.get('kind')}"), _rated(show, item), authors, show.date(item.get("date"))]
    told = f"({' · '.join(filter(None, facts))})"
    link = _article(show, item)
    return f"- {link}{show.t('colon')}{summary} {told}" if summary else f"- {link} {told}"


def _line(show: TwinParts, item: View) -> str:
    told = " · ".join(filter(None, (_rated(show, item), show.date(item.get("date")))))
    return f"- {_article(show, item)} ({told})" if told else f"- {_article(show, item)}"


def _rated(show: TwinParts, item: View) -> str:
    return show.rating(item.get("rating")) if item.get("rating") else ""


def _article(show: TwinParts, item: View) -> str:
    words = as_text(item.get("title") or item.get("summary"))
    # What is shown before its time has no twin: see `twin_url`.
    return show.link(item, words) if item.get("unlisted") or item.get("preview") else _to_twin(show, item, words)


def _to_twin(show: TwinParts, view: View, words: str) -> str:
    return as_link(words, show.url(view.get("url") + TWIN))
