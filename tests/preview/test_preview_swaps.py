"""What an open page is told when files change that it shows, or that its style sheets name."""

from __future__ import annotations

import pytest

from ccgen.preview.swaps import Asset, named_in, swaps_between

PAGE = b'<link href="/s/a.css"><img src="/p.png"><a href="/x.pdf">'


def asset(address: str, digest: bytes = b"1", *names: str) -> Asset:
    return Asset(address, digest, frozenset(names))


BEFORE = {
    "a": asset("/s/a.css", b"1", "/s/b.css", "/i/a b.png"),
    "b sheet": asset("/s/b.css", b"1", "/s/a.css", "/i/b.png", "/f.woff2", "/i/none.png"),
    "c sheet": asset("/s/c.css", b"1", "/i/c.png"),
    **{name: asset(f"/i/{name}.png") for name in ("b", "c")},
    "spaced": asset("/i/a%20b.png"),
    "font": asset("/f.woff2"),
    "picture": asset("/p.png"),
    "hashed": asset("/s/h.1.css"),
    "file": asset("/x.pdf"),
}


@pytest.mark.parametrize(
    ("changed", "swaps"),
    [
        ({}, {}),
        ({"picture": asset("/p.png", b"2")}, {"/p.png": "/p.png"}),
        ({"b": asset("/i/b.png", b"2")}, {"/i/b.png": "/i/b.png"}),  # by way of two sheets
        ({"spaced": asset("/i/a%20b.png", b"2")}, {"/i/a%20b.png": "/i/a%20b.png"}),
        ({"new": asset("/i/none.png", b"2")}, {"/i/none.png": "/i/none.png"}),
        ({"c": asset("/i/c.png", b"2")}, {}),  # of a sheet that the page has not
        ({"font": asset("/f.woff2", b"2")}, None),
        ({"file": asset("/x.pdf", b"2")}, None),
        ({"hashed": asset("/s/h.2.css")}, {}),
        ({"a": asset("/s/a.css", b"2", "/s/b.css")}, None),  # in the page, and imported by its own import
        ({"b sheet": asset("/s/b.css", b"2")}, None),  # which only an import names: who imports it has it already
        ({"c sheet": asset("/s/c.css", b"2")}, {}),
        ({"other file": asset("/docs/p.png", b"2")}, {}),
        ({"shorter": asset("/b.png", b"2")}, {}),
    ],
)
def test_what_is_exchanged(changed: dict[str, Asset], swaps: dict[str, str] | None) -> None:
    assert swaps_between(PAGE, PAGE, BEFORE, BEFORE | changed) == swaps


def test_a_sheet_is_exchanged_for_one_that_imports_another() -> None:
    page = b'<link href="/s/a.1.css">'
    before = {"a": asset("/s/a.1.css", b"", "/s/b.1.css"), "b": asset("/s/b.1.css")}
    after = {"a": asset("/s/a.2.css", b"", "/s/b.2.css"), "b": asset("/s/b.2.css")}
    swaps = {"/s/a.1.css": "/s/a.2.css"}
    assert swaps_between(page, page.replace(b"a.1", b"a.2"), before, after) == swaps


@pytest.mark.parametrize(
    "page",
    [
        '<img src="{}">',
        "<img src={}>",
        "<img srcset='/a.png 1x,{} 2x, /b.png 3x'>",
        '<p style="background: url({})">',
        '<p style="background: url(&#39;{}&#39;)">',
        '<meta content="https://shop.example{}"><img src="{}?a#b">',
    ],
)
def test_an_address_is_found_where_a_page_can_have_it(page: str) -> None:
    old, new = page.replace("{}", "/p.1.png").encode(), page.replace("{}", "/p.2.png").encode()
    before, after = BEFORE | {"picture": asset("/p.1.png")}, BEFORE | {"picture": asset("/p.2.png")}
    assert swaps_between(old, new, before, after) == {"/p.1.png": "/p.2.png"}


@pytest.mark.parametrize("within", ["/docs/x.pdf", "/x.pdf.sig", "https://far.example/docs/x.pdf", "/x.pdf/"])
def test_an_address_within_another_is_not_shown(within: str) -> None:
    page = f'<a href="{within}">'.encode()
    assert swaps_between(page, page, BEFORE, BEFORE | {"file": asset("/x.pdf", b"2")}) == {}


def test_a_page_with_other_words_is_loaded_again() -> None:
    assert swaps_between(PAGE, PAGE + b"more", BEFORE, BEFORE | {"picture": asset("/p.png", b"2")}) is None


def test_a_file_with_another_address_is_exchanged_in_the_page() -> None:
    later = {"picture": asset("/p.2.png")}
    assert swaps_between(PAGE, PAGE.replace(b"/p.png", b"/p.2.png"), BEFORE, BEFORE | later) == {"/p.png": "/p.2.png"}


def test_a_sheet_names_what_lies_on_this_site() -> None:
    sheet = b"""@import "b.css"; @import url( ../c.css ); /* url(no.png) */ a { b: url('/i/%20.png?x#y') }
    d { e: url(data:image/png;base64,AAAA), url(https://far.example/a.png), url(//far.example/b.png), url(#mask) }"""
    assert list(named_in(sheet, "/s/a.css")) == ["/s/b.css", "/c.css", "/i/ .png"]
