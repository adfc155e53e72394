"""Product feeds as files: RSS 2.0 with Google's names, or CSV that no spreadsheet takes for formulas; knows no product."""

from __future__ import annotations

import csv
import io

from markupsafe import escape

from ccgen.commerce.targets import TARGETS, Target, TargetName
from ccgen.model.facts import CatalogueGroup
from ccgen.model.site import Route
from ccgen.render.book import Book
from ccgen.render.environment import words
from ccgen.render.view import Scope
from ccgen.text.csvwrite import harmless
from ccgen.text.patterns import late

__all__ = ["Catalogues", "csv_text", "rss_text"]

_NAMESPACE = "http://base.google.com/ns/1.0"
_RSS_OWN = frozenset({"title", "link", "description"})  # elements of RSS itself, which Google reads as they are
# Characters that XML 1.0 cannot hold even when escaped (section 2.2).
_NOT_XML = late("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Catalogues:
    """Draws the product feeds: rows are decided, here they get their form."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def draw(self, route: Route) -> tuple[str, Scope]:
        """Return a feed's text and what it read."""
        scope = Scope(self._book, route.lang, words=words)
        group: CatalogueGroup = scope.read(route.owner)
        name: TargetName = group.target  # type: ignore[assignment]  # plan makes no other
        target = TARGETS[name]
        return (rss_text if target.form == "rss" else csv_text)(target, group), scope


def rss_text(target: Target, group: CatalogueGroup) -> str:
    """Return rows as RSS 2.0; a field that holds several values is written once for each."""
    several = {field.name for field in target.fields if field.several}
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<rss version="2.0" xmlns:g="{_NAMESPACE}">',
        "<channel>",
        f"<title>{_xml(group.title)}</title>",
        f"<link>{_xml(group.url)}</link>",
        f"<description>{_xml(group.description)}</description>",
    ]
    for row in group.rows:
        lines.append("<item>")
        for name, text in row:
            tag = name if name in _RSS_OWN else f"g:{name}"
            lines += [f"<{tag}>{_xml(one)}</{tag}>" for one in (text.split(",") if name in several else (text,))]
        lines.append("</item>")
    return "\n".join([*lines, "</channel>", "</rss>", ""])


def csv_text(target: Target, group: CatalogueGroup) -> str:
    """Return rows as CSV (RFC 4180, UTF-8, comma): all columns of the target, what is not known empty."""
    out = io.StringIO()
    names = [field.name for field in target.fields]
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in group.rows:
        values = dict(row)
        writer.writerow([harmless(values.get(name, "")) for name in names])
    return out.getvalue()


def _xml(text: str) -> str:
    return str(escape(_NOT_XML.sub("", text)))
