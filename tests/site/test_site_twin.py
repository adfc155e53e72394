"""Markdown twins and llms.txt: the page's own facts in its own words, links whole, who pays before the first of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown import markdown
from support import SELLER, Html, Shop, ShopMaker, article, review

from ccgen.text.markdown import as_line, as_link, as_text

OFFERS = [
    {"url": "https://counter.example/pot", "price": "15.00", "availability": "in_stock"},
    {"url": "https://bazaar.example/pot", "price": "14.00", "checked": "2026-05-31", "availability": "limited"},
    {"url": "https://hill.example/pot", "price": "13.00", "checked": "2026-05-30", "availability": "out_of_stock"},
    {"url": "https://hill.example/pot-2", "price": "12.00", "checked": "2026-05-30", "id": "two"},
]


def twins(shop: ShopMaker, files: dict[str, Any] | None = None, **settings: Any) -> Shop:
    def merchant(name: str, role: str, **more: Any) -> dict[str, Any]:
        return {"name": name.title(), "role": role, "url": f"https://{name}.example/", **more}

    return shop(
        {
            "content/merchants/counter.yaml": merchant("counter", "ours"),
            "content/merchants/bazaar.yaml": merchant("bazaar", "stall"),
            "content/merchants/hill.yaml": merchant(
                "hill", "affiliate", link="https://go.hill.example/?u={url}&s={sub}", domains=["go.hill.example"]
            ),
            "content/products/pot.yaml": {"name": "Pot*", "line": "It has a lid.", "offers": OFFERS},
            "content/pages/returns.md": article(title="Returns"),
            "content/pages/shipping.md": article(title="Shipping"),
            **(files or {}),
        },
        settings={
            "seller": {**SELLER, "returns": "pages/returns.md", "shipping": "pages/shipping.md"},
            "outputs": {"markdown": True},
            "check": {"severity": {"SD-02": "off"}},
            **settings,
        },
    )


def note(shop: ShopMaker, body: str, **settings: Any) -> tuple[Shop, str]:
    """A note with a text, and the text's Markdown between what stands before and after."""
    site = twins(shop, {"content/notes/n.md": article(body, title="N")}, **settings).build()
    blocks = site.text("/notes/n/index.md").rstrip("\n").split("\n\n")
    kept = [block for block in blocks[2:-1] if not block.startswith("> Links") and not block.startswith("> We sell")]
    return site, "\n\n".join(kept)


# --- which pages have one --------------------------------------------------------------------------------------------


def test_pages_have_a_twin_and_say_so(shop: ShopMaker) -> None:
    site = twins(shop, {"content/notes/n.md": article(), "content/notes/u.md": article(unlisted=True)}).build()
    for url in ("/notes/n/", "/products/pot/", "/people/ada/", "/returns/", "/", "/notes/"):
        (link,) = site.page(url).css('link[type="text/markdown"]')
        assert link.attributes["href"] == f"{url}index.md"
        assert site.text(f"{url}index.md").startswith("# ")
    for url in ("/notes/u/", "/404.html"):  # what is unlisted cannot say so in Markdown
        assert not site.page(url).has('link[type="text/markdown"]')
    assert not site.has("/notes/u/index.md")
    assert "index.md" not in site.text("/sitemap.xml")


def test_there_is_none_unless_asked_for(shop: ShopMaker) -> None:
    site = twins(shop, outputs={}).build()
    assert site.holding("index.md", "text/markdown") == {}
    before = site.outputs()
    site.set(outputs={"markdown": True}).build()
    assert site.has("/products/pot/index.md")
    site.set(outputs={"markdown": False}).build()
    assert site.outputs() == before


# --- prose -----------------------------------------------------------------------------------------------------------

SAME = (
    "A *b* **c** `::product{pot}` \\:note[x] &amp; <b>d</b>\n\n```md\n:::note\n[a](/x)\n:::\n```\n\n"
    "> quoted  \n> text\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
)


def test_what_depends_on_nothing_stays_as_written(shop: ShopMaker) -> None:
    assert note(shop, SAME)[1] == SAME


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("[a](../pages/returns.md)", "[a](https://shop.example/returns/)"),
        ('[a](../pages/returns.md "T")', '[a](https://shop.example/returns/ "T")'),
        ("[a][r] b\n\n[r]: ../pages/returns.md", "[a][r] b\n\n[r]: https://shop.example/returns/"),
        ("[a](https://else.example/x?a=1&b=2)", "[a](https://else.example/x?a=1&b=2)"),
        ('<a href="/returns/">a</a>', '<a href="https://shop.example/returns/">a</a>'),
        ("## H\n\n[a](#h)", "## H\n\n[a](https://shop.example/notes/n/#h)"),
        (
            ":::note[Mind *it*]\nSee [a](../pages/returns.md).\n:::",
            "**Mind *it***\n\nSee [a](https://shop.example/returns/).",
        ),
        (":::quote[Ada]\nIt *is*.\n\nSo.\n:::", "> It *is*.\n>\n> So.\n>\n> — Ada"),
        ("> :::tip\n> In it.\n> :::", "> **Tip**\n>\n> In it."),
        ("See :product[the `]` pot]{pot}.", "See [the `]` pot](https://shop.example/products/pot/)."),
        (":rating{pot}", "not rated"),
        (
            ":::::note[A]\n:::tip[B]\nc\n:::\n:::::",
            "**A**\n\n**B**\n\nc",
        ),
    ],
)
def test_destinations_and_directives_in_prose(shop: ShopMaker, written: str, made: str) -> None:
    assert note(shop, written)[1] == made


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("[a](https://hill.example/x) b", r"\[a\]\((\S+)\) \(paid link\) b"),
        ('[a](https://hill.example/x "T") b', r'\[a\]\((\S+) "T"\) \(paid link\) b'),
        ("<https://hill.example/x> b", r"<(\S+)> \(paid link\) b"),
        ("[a][r]\n\n[r]: https://hill.example/x", r'\[a\]\[r\]\n\n\[r\]: (\S+) "paid link"'),
        ("[a](https://counter.example/x) b", r"\[a\]\((\S+)\) \(our own shop\) b"),
    ],
)
def test_a_link_to_a_shop_carries_its_mark(shop: ShopMaker, written: str, made: str) -> None:
    site, text = note(shop, written)
    found = re.fullmatch(made, text)
    assert found, text
    if "hill" in written:
        assert found[1].startswith("https://go.hill.example/?u=https%3A%2F%2Fhill.example%2Fx&")
        assert "markdown" in found[1]
    whole = site.text("/notes/n/index.md")
    assert whole.index("> Links marked") < whole.index(found[1])


# --- what records say ------------------------------------------------------------------------------------------------


def words(text: str) -> str:
    return " ".join(Html(f"<body>{markdown(text, extensions=['tables'])}").text.split())


def test_a_products_twin_says_what_its_page_says(shop: ShopMaker) -> None:
    site = twins(shop).build()
    page, text = site.page("/products/pot/"), site.text("/products/pot/index.md")
    said = words(text)
    for part in page.css(".disclosure p, .offer .price, .offer .stock, .offer .off, .offer .mark, h1, .offer .quiet"):
        assert " ".join(part.text().split()) in said, part.text()
    assert [one.text() for one in page.css(".offer .seen time")] == re.findall(r"seen (\w+ \d+, \d{4})", said)
    prices = [one.text() for one in page.css(".offer .price")]
    assert re.findall(r"\$[0-9.]+", said) == prices
    assert text.index("> ") < text.index("(https://counter.example")
    site.build(clock="2026-07-01")
    assert re.findall(r"\$[0-9.]+", site.text("/products/pot/index.md")) == ["$15.00"]


def test_cards_prices_and_buttons_in_prose(shop: ShopMaker) -> None:
    site, text = note(shop, "::product{pot}\n\n- a\n\n    ::offers{pot merchant=counter}\n\n:price{pot} :buy[it]{pot}")
    page = site.page("/notes/n/")
    assert text.startswith("**[Pot\\*](https://shop.example/products/pot/)**: It has a lid.\n\n- [Buy it at Counter")
    assert "- a\n\n    **Where to buy: [Pot\\*]" in text
    assert text.endswith("$15.00 [it](https://counter.example/pot) (our own shop)")
    assert [one.text() for one in page.css(".card .price")] == re.findall(r"\$[0-9.]+", text.partition("- a")[0])


def test_a_table_says_what_is_not_known(shop: ShopMaker) -> None:
    files = {"content/products/pan.yaml": {"name": "Pan|", "specs": {"weight": "2 kg"}}}
    site = twins(shop, {**files, "content/notes/n.md": article("::compare{pot pan}")}).build()
    text = site.text("/notes/n/index.md")
    assert "| weight | not known | 2 kg |" in text
    assert "| Price | $15.00 | not on sale |" in text
    assert "[Pan\\|]" in text


def test_a_table_has_the_rows_of_the_page_in_their_order(shop: ShopMaker) -> None:
    better = {"weight": {"label": "Weight", "unit": "g", "better": "lower"}, "boil": {"label": "Time to boil"}}
    files = {
        "content/categories/kettles.yaml": {"name": "Kettles", "specs": {**better, "lid": {"label": "Lid"}}},
        "content/products/pan.yaml": {
            "name": "Pan",
            "category": "kettles",
            "specs": {"weight": "620", "boil": "3 min"},
        },
        "content/products/urn.yaml": {"name": "Urn", "category": "kettles", "specs": {"weight": "900"}},
    }
    files["content/notes/n.md"] = article("::compare{pan urn}\n\n::compare{pan urn by=lid}")
    site = twins(shop, files).build()
    text = site.text("/notes/n/index.md")
    rows = [line.split(" | ")[0].removeprefix("| ") for line in text.split("\n") if line.startswith("| ")]
    first = ["Weight", "Time to boil", "Rating", "Price", "Where to buy"]
    assert [row for row in rows if row not in {"", "---", "|"}] == [*first, "Lid", "Where to buy"]
    assert [one.text() for one in site.page("/notes/n/").css(".compare tbody th")] == [*first, "Lid", "Where to buy"]
    assert "| Weight | **620 g** (best here) | 900 g |" in text


def test_picks_say_how_their_tester_knows_them(shop: ShopMaker) -> None:
    evidence = {"obtained": "bought", "summary": "Two *Sundays*"}
    picks = [{"product": "pot", "verdict": "Plain.", "but": "Drips.", "evidence": evidence}]
    guide = article("::picks", title="Pots", picks=picks)
    text = twins(shop, {"content/guides/g.md": guide}).build().text("/guides/g/index.md")
    assert "Plain. *Drips.*\n\nBought with our own money: Two *Sundays*\n\n- [Buy it at Counter" in text


def test_a_review_says_how_it_knows(shop: ShopMaker) -> None:
    body = review(
        "Text.",
        rating="4",
        verdict="Pours *well*.",
        but="Drips <b>.",
        pros=["Light"],
        cons=["Loud"],
        interests=[{"with": "hill", "how": "employed", "note": "Years ago."}],
        evidence={"obtained": "bought", "price_paid": "14.00 USD", "since": "2026-01-02", "summary": "31 boils."},
    )
    text = twins(shop, {"content/reviews/r.md": body}).build().text("/reviews/r/index.md")
    for line in (
        "Pours *well*. *Drips &lt;b>.* (4 of 5)",
        "- Light",
        "- Loud",
        "- The thing itself: Bought with our own money for $14.00",
        "- In use: since Jan 2, 2026",
        "- How it was tested: 31 boils.",
        "> Works or has worked for Hill. Years ago.",
    ):
        assert line in text.split("\n"), line


def test_a_twin_is_drawn_anew_when_what_it_says_changed(shop: ShopMaker) -> None:
    site = twins(shop, {"content/notes/n.md": article("Some *words*. ::: \\:x"), "content/notes/o.md": article("O.")})
    site.build()
    site.edit("content/notes/n.md", "*words*", "_words_").build()  # the same HTML
    assert "_words_" in site.text("/notes/n/index.md")
    assert "notes/o/index.md" not in site.rendered
    site.edit("content/products/pot.yaml", "15.00", "16.00").build()
    assert "$16.00" in site.text("/products/pot/index.md")


def test_a_themes_own_directive_is_drawn_plain(shop: ShopMaker) -> None:
    files = {
        "themes/mine/theme.yaml": {"version": "1.0.0", "extends": "plain"},
        "themes/mine/directives/shout.yaml": {"doc": "Loud.", "form": "leaf", "label": "required", "plain": "template"},
        "themes/mine/directives/shout.html": "<p>LOUD</p>",
        "themes/mine/directives/shout.plain.html": "<p>plainly {{ label }}</p>",
        "content/notes/n.md": article("::shout[now]"),
    }
    text = twins(shop, files, theme="mine").build().text("/notes/n/index.md")
    assert "\n\n<p>plainly now</p>\n\n" in text


# --- lists -----------------------------------------------------------------------------------------------------------

LISTED = {
    "content/_index.md": "---\ntitle: Hello [you]\nsummary: What we do.\n---\nWe *write*.\n",
    "content/notes/_index.md": (
        "---\ntitle: Jottings\nsummary: Short things.\n---\nSee :price{pot}, :buy[buy it]{pot merchant=hill}.\n"
    ),
    **{
        f"content/notes/n{number}.md": article(title=f"N{number}*", summary=f"S{number}.", date=f"2026-05-0{number}")
        for number in (1, 2, 3)
    },
    "content/reviews/r.md": review(title="R", date="2026-04-01", rating="4", verdict="V.", but="B.", cons=["C"]),
}


def listed_in(text: str, until: str = "\n## ") -> list[str]:
    """The addresses of a twin's first bullets."""
    return re.findall(r"^- \[[^\n]*?\]\((\S+?)\)", text.partition(until)[0], re.MULTILINE)


def test_a_list_leads_to_the_twins_of_its_articles(shop: ShopMaker) -> None:
    site = twins(shop, LISTED, sections={"notes": {"per_page": 2}}).build()
    first, second = site.text("/notes/index.md"), site.text("/notes/page/2/index.md")
    assert first.startswith("# Jottings\n\nSection · 3 articles\n\nShort things.\n\n> ")
    assert "- [N3\\*](https://shop.example/notes/n3/index.md): S3. (Note · Ada · May 3, 2026)\n- [N2\\*]" in first
    assert first.endswith(
        "[Older](https://shop.example/notes/page/2/index.md) · Page 1 of 2\n\nen · <https://shop.example/notes/>\n"
    )
    assert "# Jottings\n\nSection · 3 articles · Page 2 of 2\n" in second
    assert "[Newer](https://shop.example/notes/index.md) · Page 2 of 2" in second
    for text, url in ((first, "/notes/"), (second, "/notes/page/2/")):
        shown = [f"https://shop.example{one}index.md" for one in site.page(url).hrefs(".teaser-title a")]
        assert listed_in(text) == shown
    assert "See " not in second


def test_a_lists_prose_says_prices_and_who_pays_as_its_page(shop: ShopMaker) -> None:
    site = twins(shop, LISTED).build()
    page, text = site.page("/notes/"), site.text("/notes/index.md")
    assert re.findall(r"\$[0-9.]+", text) == re.findall(r"\$[0-9.]+", page.one("main").text()) == ["$15.00"]
    assert text.index("> ") < text.index("[buy it](https://go.hill.example/?u=") < text.index(" (paid link).")
    assert [" ".join(one.text().split()) for one in page.css(".disclosure p")] == [
        line.removeprefix("> ") for line in text.split("\n") if line.startswith("> ")
    ]
    assert "$" not in site.text("/index.md")


def test_the_home_page_has_a_twin_with_all_that_it_lists(shop: ShopMaker) -> None:
    files = {**LISTED, "content/makers/mei.yaml": {"name": "Mei"}}
    site = twins(shop, files).build()
    text = site.text("/index.md")
    assert text.startswith("# Hello \\[you\\]\n\nWhat we do.\n\nWe *write*.\n\n## Latest\n\n- [N3\\*](")
    assert "## [Jottings](https://shop.example/notes/index.md)\n\n- [N3\\*]" in text
    assert "- [R](https://shop.example/reviews/r/index.md) (4 of 5 · Apr 1, 2026)\n" in text
    assert "## Makers\n\n- [Mei](https://shop.example/makers/mei/index.md)\n" in text
    site.write(dict.fromkeys(files)).set(site={"description": "All *about* pots."}).build()
    assert site.text("/index.md") == "# Shop\n\nAll \\*about\\* pots.\n\nen · <https://shop.example/>\n"


def test_every_address_in_a_lists_twin_is_there(shop: ShopMaker) -> None:
    tagged = article(title="T", tags=["iron"], series="Pots", date="2026-07-01")
    site = twins(shop, {**LISTED, "content/stories/t.md": tagged}).build(future=True)  # shown before its time: no twin
    for url in ("/", "/notes/", "/stories/", "/tags/iron/", "/series/pots/"):
        text = site.text(f"{url}index.md")
        assert "](https://shop.example/stories/t/)" in text or url == "/notes/"
        for one in re.findall(r"\]\(https://shop\.example(/[^)]*)\)", text):
            assert site.has(one), one


def test_a_lists_twin_is_drawn_anew_when_an_article_says_something_else(shop: ShopMaker) -> None:
    site = twins(shop, LISTED).build()
    site.edit("content/notes/n2.md", "S2.", "Something else.").build()
    assert {"index.md", "notes/index.md", "notes/n2/index.md"} <= site.rendered
    assert "reviews/index.md" not in site.rendered
    assert "Something else." in site.text("/notes/index.md")


# --- llms.txt --------------------------------------------------------------------------------------------------------


def test_llms_txt(shop: ShopMaker) -> None:
    site = twins(shop, {"content/notes/n.md": article(title="N [1]", summary="About n.")})
    site.set(outputs={"llms": True, "markdown": False}, site={"description": "What *we* do."}).build()
    assert site.text("/llms.txt") == (
        "# Shop\n\n> What \\*we\\* do.\n\n"
        "## Notes\n\n- [N \\[1\\]](https://shop.example/notes/n/): About n.\n- [Notes](https://shop.example/notes/)\n\n"
        "## Products\n\n- [Pot\\*](https://shop.example/products/pot/): It has a lid.\n\n"
        "## Optional\n\n- [Returns](https://shop.example/returns/)\n- [Shipping](https://shop.example/shipping/)\n"
    )
    site.set(outputs={"markdown": True}).build()
    assert "(https://shop.example/notes/n/index.md)" in site.text("/llms.txt")
    site.write({"content/notes/_index.md": "---\nsummary: Short *things*.\n---\n"}).build()
    assert "- [Notes](https://shop.example/notes/index.md): Short \\*things\\*.\n" in site.text("/llms.txt")
    site.set(outputs={"llms": False}).build()
    assert not site.has("/llms.txt")


# --- any text --------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=40)


@given(TEXT)
@example("&amp; &#38; <b> ~~x~~ \\* a|b")
@example("1. a")
@example("# a")
@example("> a")
@example("+ a")
@example("=== a")
def test_any_text_reads_back_as_itself(text: str) -> None:
    shown = Html(f"<body>{markdown(as_text(text))}").text
    assert shown.split() == text.replace("\ufeff", "").split() or not text.strip()


@given(TEXT.filter(lambda text: text.split()))
def test_any_words_make_one_link(text: str) -> None:
    page = Html(f"<body>{markdown(as_link(as_text(text), 'https://a.example/a b(c)'))}")
    assert page.hrefs() == ["https://a.example/a%20b%28c%29"]


def test_inline_markdown_stays_and_html_in_it_is_text() -> None:
    assert (
        as_line("*a* `<b>` <b>\n<https://a.example/> <script>") == "*a* `<b>` &lt;b> <https://a.example/> &lt;script>"
    )
