"""JSON-LD in HTML: whatever a name holds, readers get back what was put in, and the page stays whole."""

from __future__ import annotations

import json

import msgspec
import pytest
from extruct.jsonld import JsonLdExtractor
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ccgen.model import graph
from ccgen.render.drawn import plain

NASTY = [
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "--> ]]> <![CDATA[",
    "a\u2028b\u2029c",
    "quotes \"double\" and 'single' \\ back",
    "\\u003c is not <",
    "月牙短夹 👜🏽 \u200d \u0000 \x1f \x7f",
    "&amp; & &lt;",
    "\U0010ffff\ufffe",
]
# Anything a name can hold: no halves of characters, and none of our own marks.
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"])))


def page(document: graph.Document) -> str:
    script = f'<script type="application/ld+json">{graph.encode(document)}</script>'
    return f"<!doctype html><html><head>{script}<title>t</title></head><body><p>after</p></body></html>"


def read_back(html: str) -> list[dict[str, object]]:
    (found,) = JsonLdExtractor().extract(html)
    assert found["@context"] == "https://schema.org"
    return found["@graph"]


@settings(max_examples=300)
@given(name=TEXTS, brand=TEXTS, note=TEXTS)
def test_readers_get_back_what_was_put_in(name: str, brand: str, note: str) -> None:
    offer = graph.Offer(seller=graph.Organization(name=note), price="1.00", price_currency="USD")
    product = graph.Product(id="https://a.example/#p", name=name, brand=graph.Brand(name=brand), offers=offer)
    html = page(graph.Document(graph=(product,)))
    (found,) = read_back(html)
    assert found.get("name", "") == name
    assert found["brand"].get("name", "") == brand
    assert found["offers"]["seller"].get("name", "") == note
    tree = LexborHTMLParser(html)
    assert len(tree.css("script")) == 1
    assert tree.css_first("title").text() == "t"
    assert tree.css_first("body").text() == "after"


@pytest.mark.parametrize("name", NASTY)
def test_nothing_in_a_script_could_end_it(name: str) -> None:
    text = graph.encode(graph.Document(graph=(graph.Thing(name=name),)))
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(text)
    assert json.loads(text)["@graph"][0]["name"] == name


def test_what_is_encoded_already_is_made_harmless_too() -> None:
    raw = msgspec.Raw(msgspec.json.encode(graph.Thing(name="</script>")))
    assert "</script>" not in graph.encode(graph.Document(graph=(raw,)))


def test_types_come_first_ids_have_their_sign_and_nothing_empty_is_said() -> None:
    item = graph.ListItem(position=1, name="Home", item="https://a.example/")
    crumbs = graph.BreadcrumbList(id="#b", item_list_element=(item,))
    assert graph.encode(graph.Document(graph=(crumbs,))) == (
        '{"@context":"https://schema.org","@graph":[{"@type":"BreadcrumbList","@id":"#b","itemListElement":'
        '[{"@type":"ListItem","name":"Home","position":1,"item":"https://a.example/"}]}]}'
    )
    assert msgspec.json.encode(graph.Product(review=graph.Reference("#r"))) == (
        b'{"@type":"Product","review":{"@id":"#r"}}'
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Steady", "Steady"),
        ("A *thin* stream, `0.5` & <b>", "A thin stream, 0.5 & <b>"),
        ("see [there](https://a.example/)", "see there"),
        ('5" of "steel"', '5" of "steel"'),
        ("&#60;b&#62; &amp; &eacute;", "<b> & é"),
    ],
)
def test_a_line_of_markdown_is_the_words_a_reader_sees(line: str, words: str) -> None:
    assert plain(line) == words
