"""Rules over what a new site begins with, and what readers should never see of it (GO)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from ccgen.check.registry import finding
from ccgen.check.subject import Subject
from ccgen.errors import At, Problem
from ccgen.model.body import Outline
from ccgen.text.decode import lenient
from ccgen.text.url import host_of, host_within

__all__ = ["CHECKS"]

# Not `.example`, which is for documentation as well: nobody is led there by a default of ours.
_EXAMPLES = ("example.org", "example.com", "example.net")
_BEGUN = ("_index.md", "people/me.md", "pages/about.md")


def _address(subject: Subject) -> Iterator[Problem]:
    """GO-01: the address that canonical links, sitemap and feeds name belongs to nobody."""
    url = subject.config.base_url
    host = host_of(url) or ""
    if any(host_within(host, one) for one in _EXAMPLES):
        message = f"`{url}` is an example's address, and goes into sitemap.xml, feeds and canonical links"
        yield finding("GO-01", message, At(path="ccgen.yaml", field="site.url"))


def _texts(subject: Subject) -> Iterator[Problem]:
    """GO-02: the home page, a person or a page says what a new site begins with."""
    for text in subject.loaded.sections:
        if not text.section:
            if f"summary: {text.meta.summary}" in _begun():
                yield _still("the summary", text.at("summary"))
            yield from _prose(subject, text.path, text.body)
    for person in subject.people:
        if f"name: {person.record.name}" in _begun():
            yield _still("the name", person.at("name"))
        yield from _prose(subject, person.path, person.body)
    for article in subject.articles:
        if article.kind == "page":
            yield from _prose(subject, article.path, article.body)


def _prose(subject: Subject, path: str, body: Outline | None) -> Iterator[Problem]:
    if body is not None and body.first_paragraph in _begun():
        source = lenient((subject.config.root / path).read_bytes())
        start = source.find(body.first_paragraph)
        yield _still("the text", At(path=path, start=start, length=len(body.first_paragraph)))


def _still(what: str, at: At) -> Problem:
    return finding("GO-02", f"{what} is still that of `ccgen new site`", at)


@cache
def _begun() -> frozenset[str]:
    """Return the lines of the texts that a new site begins with and nobody should publish."""
    folder = files("ccgen").joinpath("scaffold", "site", "content")
    lines = (line for name in _BEGUN for line in folder.joinpath(name).read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line.strip("-") and not line.startswith("title:"))


CHECKS: Mapping[str, Callable[[Subject], Iterable[Problem]]] = {"GO-01": _address, "GO-02": _texts}
