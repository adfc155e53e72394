"""Python-Markdown as an engine: text in, HTML out; knows nothing of marks, directives and articles."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import LINK_RE, LinkInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from ccgen.load.markdown.engine import Converter
from ccgen.load.markdown.serializer import serialize

__all__ = ["CONVERTER", "OURS", "convert", "unusable"]

# What the scanner does for every engine, so that the library's own version would do it twice or never see it.
OURS = frozenset(
    {"fenced_code", "footnotes", "toc", "meta", "codehilite", "md_in_html", "tables", "def_list", "sane_lists"}
)
_BUNDLE = {"extra": ("abbr",)}
_PATTERNS = (
    "backtick", "escape", "reference", "image_link", "image_reference", "short_reference", "short_image_ref",
    "autolink", "automail", "html", "entity",
)  # fmt: skip
_BLOCKS = ("code", "setextheader", "reference")
# What a text must hold for an extension of ours to find anything in it.
_SIGNS = (("tables", re.compile(r"\|")), ("def_list", re.compile(r"^[ >\t]*:", re.MULTILINE)))
_INLINE = re.compile(r"\*|_|\[|\x02|  \n")  # what the inline patterns that are left begin with
# A block without its sign is none of these, which their own patterns find out slowly.
_BLOCK_SIGNS = (("quote", ">", 1), ("hashheader", "#", 1), ("hr", "*-_", 3))
_NUMBERED = re.compile(r"\[([^][]*)\]\((x*ccgen:[0-9]+)\)")  # a link as the scanner writes it
_ALIGN = re.compile(r' style="text-align: (left|center|right);"')


def convert(text: str, extensions: tuple[str, ...]) -> str:
    """Return the HTML of a text. An exception of the library goes through; its half-used parser is thrown away."""
    # Every block is tried with every extension: those that have nothing to do in this text are left out.
    ours = tuple(name for name, sign in _SIGNS if extensions or sign.search(text))
    try:
        html = _parser(extensions, ours).reset().convert(text)
    except BaseException:
        _parser.cache_clear()
        raise
    # A style attribute would need `unsafe-inline` in a site's content security policy.
    return _ALIGN.sub(r' class="\1"', html) if "text-align" in html else html


class _Link(LinkInlineProcessor):
    """Reads a link as the scanner writes it at once; the library looks at each character of it."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  (the library's own name and contract for this class)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | str | None, int | None, int | None]:
        found = _NUMBERED.match(data, m.start())
        if found is None:
            return super().handleMatch(m, data)
        element = Element("a", {"href": found[2]})
        element.text = found[1]
        return element, m.start(), found.end()


class _PlainText(Treeprocessor):
    """Spares the library's inline patterns every text in which none of them can match."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _INLINE.search(element.text):
                element.text = AtomicString(element.text)
            if element.tail and not _INLINE.search(element.tail):
                element.tail = AtomicString(element.tail)


@lru_cache(maxsize=8)
def _parser(extensions: tuple[str, ...], ours: tuple[str, ...]) -> Markdown:
    """Return a parser without the parts that never have anything to do here: they cost half of its time."""
    names = [name for one in extensions for name in _BUNDLE.get(one, (one,))]
    wanted = [name for name in names if name.removeprefix("markdown.extensions.") not in OURS]
    parser = Markdown(extensions=[*ours, "sane_lists", *wanted], output_format="html")
    parser.preprocessors.deregister("html_block")
    for name in _PATTERNS:
        parser.inlinePatterns.deregister(name)
    parser.inlinePatterns.register(_Link(LINK_RE, parser), "link", 160)  # the library's own place
    for name in _BLOCKS:
        parser.parser.blockprocessors.deregister(name)
    for name, signs, least in _BLOCK_SIGNS:
        processor = parser.parser.blockprocessors[name]
        setattr(processor, "test", _only_with(signs, least, processor.test))  # noqa: B010  (mypy: assigned to a method)
    if not wanted:
        parser.treeprocessors.register(_PlainText(parser), "plain-text", 25)  # before `inline`, at 20
        parser.treeprocessors.deregister("unescape")  # of what the pattern `escape` would have hidden
        parser.treeprocessors.deregister("prettify")
        setattr(parser, "serializer", serialize)  # noqa: B010  (mypy: assigned to a method)
    return parser


def _only_with(signs: str, least: int, test: Callable[[Element, str], bool]) -> Callable[[Element, str], bool]:
    """Return a block processor's test that looks first whether a block has one of its signs as often as it needs it."""

    def quick(parent: Element, block: str) -> bool:
        for sign in signs:
            if block.count(sign) >= least:
                return test(parent, block)
        return False

    return quick


def unusable(extension: str) -> str:
    """Say why an extension of the settings cannot be used, '' if it can."""
    if not re.fullmatch(r"[A-Za-z_][\w.:]*", extension):
        return "that is no name of an extension"
    try:
        Markdown(extensions=[extension])
    except Exception as error:  # noqa: BLE001  (an extension may raise anything; it is told at its line)
        return f"{type(error).__name__}: {error}"
    return ""


CONVERTER = Converter(convert, unusable, layout="apart")
