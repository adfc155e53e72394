"""Every template and directive of `plain`, drawn for a small shop in which most things are missing or unusual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser

from ccgen.config import read_config
from ccgen.errors import has_errors
from ccgen.model.page import Page
from ccgen.pipeline.drawing import Desk
from ccgen.pipeline.project import plan_project

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)

SITE: dict[str, str | bytes] = {
    "ccgen.yaml": """\
site: {title: Shop, url: "https://shop.example/sub/", language: en, languages: [en, zh-CN], currency: USD, author: ann}
seller: {name: Shop & Co, contact: hi@shop.example}
menu: [reviews/, {to: "https://else.example/", label: Else <where>}]
clock: 2026-11-21
check: {severity: {CK-01: off, DS-10: off, SD-02: off}}
""",
    "content/merchants/ours.yaml": 'name: Counter\nrole: ours\nurl: "https://counter.example/"',
    "content/merchants/stall.yaml": 'name: Market\nrole: stall\nurl: "https://market.example/"\ncurrency: CNY',
    "content/merchants/north.yaml": 'name: North & Sons\nrole: affiliate\nurl: "https://north.example/"\n'
    'link: "https://go.north.example/?u={url}"',
    "content/merchants/plainly.yaml": 'name: Plainly\nrole: none\nurl: "https://plainly.example/"',
    "content/makers/osk.yaml": "name: Osk\nplace: Aarhus\nsince: 2014\nabout: Makes *things*.\nours: yes\n"
    'image: {src: /pixel.png, alt: "A door"}',
    "content/people/ann.yaml": 'name: Ann "A" <Lee>\nbio: Writes.\nlinks: ["https://ann.example/"]\n'
    "interests: [{with: osk, how: employed, note: In 2019.}]",
    "content/categories/kit.yaml": "name: Kit\nspecs: {weight: {label: Weight, unit: g}, colour: {label: Colour}}",
    "content/products/full.yaml": """\
name: Full & <Co>
line: One line.
maker: osk
category: kit
images: [{src: /pixel.png, alt: "It, from the left", credit: Ann}]
specs: {weight: 62 g, colour: red}
contains: 340 g
description: Plain *prose*.
not_for: Nobody.
care: [{after: 90 days, do: Oil it.}]
choices: {Colour: [red, blue], Letters: [six]}
made_to_order: 21 days
returns: Within 30 days.
offers:
  - {merchant: ours, url: "https://counter.example/1", price: 10.00, availability: in_stock, deposit: 2.00, note: By hand}
  - {merchant: north, url: "https://north.example/1", price: from 12.50, checked: 2026-11-20, availability: limited,
     condition: used, ships_to: [US, CA], valid_until: 2026-12-01, was: {price: 15.00, seen: 2026-10-21}}
  - {merchant: stall, url: "https://market.example/1", price: 70.00, checked: 2026-11-20, availability: preorder}
  - {merchant: plainly, url: "https://plainly.example/1", availability: out_of_stock}
""",
    "content/products/bare.yaml": "name: Bare",
    "content/products/gone.yaml": "name: Gone\nstatus: gone\nreplaced_by: full\nimages: [{src: /pixel.png, alt: It}]",
    "content/products/old.yaml": """\
name: Old
offers: [{merchant: plainly, url: "https://plainly.example/2", price: 3.00, checked: 2026-01-01, availability: in_stock}]
""",
    "content/reviews/full.md": """\
---
title: Full & fair
date: 2026-10-01
updates: [{date: 2026-11-01, note: Changed *this*.}]
product: full
rating: 4.5
scores: {Weight: 3, Colour: 5}
verdict: Good *enough*.
but: Red.
pros: [Light]
cons: [Red, "Red & <loud>"]
for_whom: You.
not_for: Me.
evidence: {obtained: gift, price_paid: 9.00, since: 2026-01-01, until: 2026-09-01, summary: Used., photos: [{src: /pixel.png, alt: On a bench}]}
interests: [{with: osk, how: family}]
tags: [kit]
series: {name: Kit, part: 1}
image: {src: /pixel.png, alt: Cover}
---
It costs :price[a sum]{} and :buy[get it]{merchant=north}, or :buy{}; :price[a little]{bare}, :buy{bare}, :rating{}, :rating{bare},
:product[that one]{bare}.

## One

::product{}

::product[My *own* words]{full layout=compact badge="Best of all"}

::product{bare}

::product{gone layout=inline}

::products[Three]{full bare gone}

::compare[All of them]{full bare gone old}

::compare{full bare by=colour,weight,price,rating}

::verdict

::evidence

::audience

::pros

::cons

::updates

## Two

::offers{full merchant=north}

::offers{bare}

::maker{osk}

::video{src="https://film.example/a" title="A film" poster=/pixel.png}

::video{src="https://film.example/a.mp4"}

- in a list

  ::product{old}

### Three

:::note[Title *here*]
Text.
:::

:::tip
:::caution[Inside]
Text.
:::
:::

:::quote[Ann]
Words.
:::

:::figure[A caption]
| a | b |
|---|---|
| 1 | 2 |
:::

:::gallery[Two]
![one](/pixel.png) ![two](/pixel.png)
:::

:::steps[Do]
1. This.
2. That.
:::

:::timeline
- 2019: began
- 2020: ended
:::
""",
    "content/reviews/bare.md": """\
---
title: Bare
date: 2026-10-02
product: bare
evidence: {obtained: untested}
series: {name: Kit, part: 2}
tags: [kit]
---
Short.
""",
    "content/guides/kit.md": """\
---
title: Kit
date: 2026-10-03
picks: [{product: full, badge: First, verdict: Yes., but: Red.}, {product: bare, but: None yet.}]
considered: [{product: gone, reason: Gone.}, {name: Another, reason: Too *dear*.}]
method: By going without.
---
No directive.
""",
    "content/guides/kit-2.md": """\
---
title: Kit again
date: 2026-10-04
picks: [{product: full}]
considered: [{name: Another, reason: Dear.}]
method: By use.
---
::picks{layout=compact}

::considered

::method
""",
    "content/stories/door.md": "---\ntitle: The door\ndate: 2026-10-05\nimage: {src: /pixel.png, alt: A door}\n---\nOnce.",
    "content/notes/pic.md": "---\ndate: 2026-10-06\npictures: [{src: /pixel.png, alt: Bench, credit: Ann,"
    " tagged: [{at: 38% 61%, product: full}]}]\n---\nA picture.",
    "content/notes/words.md": "---\ndate: 2026-10-07\n---\nWords only.",
    "content/pages/about.md": "---\ntitle: About\n---\nUs.",
    "content/pages/about.zh-CN.md": "---\ntitle: 关于\n---\n我们。",
    "content/reviews/full.zh-CN.md": "---\ntitle: 都好\n---\n现在卖 :price[不贵]{}，:buy[买]{}。\n\n::product{}\n\n::pros\n",
    "content/reviews/_index.md": "---\ntitle: Reviews\nsummary: What we used.\n---\nWords.",
    "static/pixel.png": PIXEL,
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of every page, by its path in the output."""
    root = tmp_path_factory.mktemp("shop")
    for path, content in SITE.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    config, _ = read_config(root, environ={})
    project = plan_project(config)
    assert not has_errors(project.problems), project.problems
    numbers: dict[str, int] = {}
    renderer = Desk(project.site(lambda owner: numbers.setdefault(owner, len(numbers)))).renderer
    drawn: dict[str, str] = {}
    for route in project.plan.routes:
        page = renderer.render(route)
        assert isinstance(page, Page), (route.path, page)
        if page.data is not None and route.path.endswith((".html", ".xml")):
            drawn[route.path] = page.data.decode()
    return drawn


def trees(pages: dict[str, str]) -> Iterator[tuple[str, LexborHTMLParser]]:
    for path, text in pages.items():
        if path.endswith(".html"):
            yield path, LexborHTMLParser(text)


def attribute(node: object, name: str) -> str:
    return str(node.attributes.get(name) or "")  # type: ignore[attr-defined]


def test_pages_of_every_kind_are_drawn(pages: dict[str, str]) -> None:
    kinds = {attribute(tree.css_first("body"), "class") for _, tree in trees(pages)}
    wanted = {"article", "product", "maker", "person", "list", "home", "404"}
    assert {f"page-{kind}" for kind in wanted} <= kinds


def test_headings_are_in_order_and_ids_unique(pages: dict[str, str]) -> None:
    for path, tree in trees(pages):
        levels = [int(node.tag[1]) for node in tree.css("h1, h2, h3, h4, h5, h6")]
        assert levels[:1] == [1], path
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels)), (path, levels)
        ids = [attribute(node, "id") for node in tree.css("[id]")]
        assert len(ids) == len(set(ids)), path
        named = {attribute(node, "aria-labelledby") for node in tree.css("[aria-labelledby]")}
        assert named <= set(ids), path


def test_pictures_say_what_they_show_or_are_hidden(pages: dict[str, str]) -> None:
    for path, tree in trees(pages):
        for node in tree.css("img"):
            assert "alt" in node.attributes, path
            assert node.attributes["alt"] or attribute(node.parent, "aria-hidden") == "true", (path, node.html)


def test_every_purchase_link_carries_what_it_must(pages: dict[str, str]) -> None:
    merchants = {"counter": ("", "our own shop"), "north": ("sponsored nofollow noopener", "paid link")}
    seen = set()
    for path, tree in trees(pages):
        if path.startswith("zh-CN/"):
            continue
        for node in tree.css("a"):
            address = attribute(node, "href")
            for name, (rel, mark) in merchants.items():
                if address.startswith((f"https://{name}.", f"https://go.{name}.")):
                    after = node.next
                    while after is not None and after.tag == "-text":
                        after = after.next
                    assert "buy" in attribute(node, "class"), (path, node.html)
                    assert after is not None, (path, node.html)
                    assert after.text().strip() in {mark, "free copy", "paid link"}, (path, node.html)
                    assert path.startswith(("reviews/full/", "guides/kit")) or attribute(node, "rel") == rel, (
                        path,
                        node.html,
                    )
                    assert "Counter" in node.text() or "North" in node.text(), (path, node.html)
                    seen.add(name)
    assert seen == set(merchants)


def test_disclosure_stands_before_the_text(pages: dict[str, str]) -> None:
    for path in ("reviews/full/index.html", "zh-CN/reviews/full/index.html", "guides/kit/index.html"):
        text = pages[path]
        assert -1 < text.index('class="disclosure"') < text.index('class="prose"'), path
    assert "广告" in pages["zh-CN/reviews/full/index.html"]
    assert 'class="disclosure"' not in pages["stories/door/index.html"]


def test_a_template_draws_what_the_author_did_not_place(pages: dict[str, str]) -> None:
    placed, left_out = (LexborHTMLParser(pages[f"guides/{name}/index.html"]) for name in ("kit-2", "kit"))
    for tree in (placed, left_out):
        assert [len(tree.css(f".{name}")) for name in ("picks", "considered", "method")] == [1, 1, 1]
    review = LexborHTMLParser(pages["reviews/full/index.html"])
    assert [len(review.css(f".{name}")) for name in ("pros", "cons", "audience", "evidence", "updates")] == [1] * 5
    chinese = LexborHTMLParser(pages["zh-CN/reviews/full/index.html"])
    assert [len(chinese.css(f".{name}")) for name in ("pros", "cons", "audience", "evidence")] == [1] * 4


def test_what_is_missing_is_said_in_words(pages: dict[str, str]) -> None:
    bare = pages["products/bare/index.html"]
    assert "Nobody sells it at the moment" in bare
    assert "<img" not in bare
    assert "Plainly: sold out" in pages["products/full/index.html"]
    assert "see the price there" in pages["products/old/index.html"]
    gone = pages["products/gone/index.html"]
    assert "no longer made" in gone
    assert "/sub/products/full/" in gone
    review = pages["reviews/full/index.html"]
    assert "not known" in review
    assert ">a little," not in review
    assert "a little" in review


def test_nothing_is_escaped_twice_or_not_at_all(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        assert path.endswith(".xml") or not re.search(r"&amp;(amp|lt|gt|quot|#\d+);", text), path
    for path, tree in trees(pages):
        assert not tree.css("co, lee, loud, where"), path


def test_internal_addresses_have_the_base_path(pages: dict[str, str]) -> None:
    for path, tree in trees(pages):
        for node in tree.css("a[href], link[href], img[src]"):
            address = attribute(node, "href") or attribute(node, "src")
            assert address.startswith(("/sub/", "#", "https://", "mailto:")), (path, address)


def test_no_style_or_script_stands_in_a_page(pages: dict[str, str]) -> None:
    for path, tree in trees(pages):
        assert not tree.css("script:not([type='application/ld+json']):not([src]), style, [style], [onclick]"), path


def test_languages_link_to_each_other(pages: dict[str, str]) -> None:
    tree = LexborHTMLParser(pages["about/index.html"])
    alternates = {
        attribute(node, "hreflang"): attribute(node, "href") for node in tree.css("link[rel=alternate][hreflang]")
    }
    assert alternates == {
        "en": "https://shop.example/sub/about/",
        "x-default": "https://shop.example/sub/about/",
        "zh-CN": "https://shop.example/sub/zh-CN/about/",
    }
    assert attribute(tree.css_first(".languages a"), "href") == "/sub/zh-CN/about/"


def test_feeds_hold_no_purchase_link_of_a_directive_and_no_price(pages: dict[str, str]) -> None:
    feed = next(text for path, text in pages.items() if path == "feed.xml")
    assert "counter.example" not in feed
    assert "$10.00" not in feed
    assert "small class" not in feed
