"""Which output an address on a page names, as a browser follows it."""

from __future__ import annotations

from urllib.parse import quote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.check.page_address import Addresses

_PAGE = "/notes/a/"
_FOLLOWED = {
    "/": "index.html",
    "/notes/b/": "notes/b/index.html",
    "/notes/b/#end": "notes/b/index.html",
    "/notes/b/?x=/y": "notes/b/index.html",
    "/assets/plain.css": "assets/plain.css",
    "/notes/caf%C3%A9/": "notes/café/index.html",
    "/notes/a/../b/": "notes/b/index.html",
    "../b/": "notes/b/index.html",
    "c.png": "notes/a/c.png",
    " ../b/ ": "notes/b/index.html",
    "./": "notes/a/index.html",
    "https://shop.example": "index.html",
    "https://shop.example/notes/b/": "notes/b/index.html",
    "//shop.example/notes/b/": "notes/b/index.html",
    "https://shop.example.evil/notes/b/": "",
    "https://other.example/notes/b/": "",
    "http://shop.example/notes/b/": "",
    "//other.example/": "",
    "https://shop.example/notes/a/../b/": "notes/b/index.html",
    "/notes/%2e/b/": "notes/b/index.html",
    "/notes/a/%2E%2e/b/": "notes/b/index.html",
    "/notes/a/..": "notes/index.html",
    "/../../notes/./b/.": "notes/b/index.html",
    "..//b/": "notes//b/index.html",
    "\\notes\\b\\": "notes/b/index.html",
    "\t/no\ntes/b/ ": "notes/b/index.html",
    "\u00a0/notes/b/": "notes/a/\u00a0/notes/b/index.html",
    "HTTPS://ada@SHOP.example:443/notes/b/?x#y": "notes/b/index.html",
    "https:\\\\shop.example\\notes\\b\\": "notes/b/index.html",
    "https://shop.example:8443/notes/b/": "",
    "https://shop.example?x": "index.html",
    "//[": "",
    "https://[/": "",
    "mailto:ada@shop.example": "",
    "data:image/png;base64,AAAA": "",
    "#end": "",
    "?x=1": "",
    "": "",
}


@pytest.mark.parametrize(("address", "output"), _FOLLOWED.items())
def test_an_address_names_the_output_to_which_a_browser_follows_it(address: str, output: str) -> None:
    assert Addresses("https://shop.example/").output(address, _PAGE) == output


@pytest.mark.parametrize(("page", "output"), {"/": "b.png", "/x.html": "b.png", "/x/": "x/b.png"}.items())
def test_a_relative_address_is_followed_from_its_page(page: str, output: str) -> None:
    assert Addresses("https://shop.example/").output("b.png", page) == output


@pytest.mark.parametrize(
    ("address", "output"),
    {
        "/our%20shop/": "index.html",
        "/our%20shop/notes/b/": "notes/b/index.html",
        "../b/": "notes/b/index.html",
        "https://shop.example/our%20shop/x.css": "x.css",
        "/our shop/notes/b/": "notes/b/index.html",
        "/notes/b/": "/notes/b/",  # the base path was forgotten: no site has such an output
        "../../../notes/b/": "/notes/b/",
        "https://shop.example/notes/b/": "",  # what else this host serves is no business of the site
        "https://shop.example": "",
    }.items(),
)
def test_below_a_base_path(address: str, output: str) -> None:
    assert Addresses("https://shop.example/our%20shop/").output(address, _PAGE) == output


_name = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/"), min_size=1).filter(
    lambda text: text not in {".", ".."}
)


@given(st.lists(_name, min_size=1, max_size=4), st.sampled_from(["", "shop/", "our%20shop/"]), st.booleans())
def test_every_output_is_named_by_its_own_address(names: list[str], base: str, whole: bool) -> None:
    path = "/".join(names)
    address = f"/{base}{quote(path)}"
    found = Addresses(f"https://shop.example/{base}")
    assert found.output(urljoin("https://shop.example/", address) if whole else address) == path
    assert found.output(f"{address}/") == f"{path}/index.html"
