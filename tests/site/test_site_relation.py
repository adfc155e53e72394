"""The relation table: what stands in `rel`, at the link and above the article, wherever a purchase link is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from support import SELLER, Html, Shop, ShopMaker, article, review

PAID = "sponsored nofollow noopener"
MARKS = {
    "own": "our own shop",
    "stall": "our stall at Far Shop",
    "affiliate": "paid link",
    "gift": "free copy",
    "loan": "on loan",
    "sponsored": "advertisement",
    "none": "",
}
RELS = {
    "own": None,
    "stall": None,
    "affiliate": PAID,
    "gift": PAID,
    "loan": PAID,
    "sponsored": PAID,
    "none": "noopener",
}
SENTENCES = {
    "own": "things that we make or sell ourselves",
    "stall": "We sell at Far Shop ourselves",
    "affiliate": "earn us a commission from Far Shop",
    "gift": "free of charge",
    "loan": "was lent to us",
    "sponsored": "We were paid for this article",
}
ROLE = {"ours": "own", "stall": "stall", "affiliate": "affiliate", "none": "none"}
STRICT = ["sponsored", "affiliate", "gift", "loan", "stall", "own", "none"]
TIES = {"bought": None, "gift": "gift", "loan": "loan", "sponsored": "sponsored"}
BODY = """:buy[Get it]{pot} or [there](https://www.far.example/pot?x=1#y).

::product{pot}

::product{pot layout=compact}

::offers{pot}

::compare{pot by=price}
"""


def telling(shop: ShopMaker, role: str, tie: str, body: str = BODY) -> Shop:
    meta: dict[str, Any] = {"evidence": {"obtained": tie if tie != "sponsored" else "bought"}}
    if tie == "sponsored":
        meta["interests"] = [{"with": "far", "how": "sponsored"}]
    return shop(
        {
            "content/merchants/far.yaml": {"name": "Far Shop", "role": role, "url": "https://far.example/"},
            "content/reviews/pot.md": review(body, **meta),
        },
        settings={"seller": SELLER},
    )


def links(page: Html, selector: str = "a") -> list[tuple[str | None, str]]:
    """Return `rel` and mark of every link that leads to the merchant."""
    found = []
    for node in page.css(selector):
        if "far.example" in str(node.attributes.get("href")):
            mark = node.next
            while mark is not None and mark.tag == "-text" and not mark.text().strip():
                mark = mark.next
            told = mark.text() if mark is not None and mark.attributes.get("class") == "mark" else ""
            found.append((node.attributes.get("rel"), told))
    return found


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("role", ROLE)
def test_every_link_of_an_article(shop: ShopMaker, role: str, tie: str) -> None:
    site = telling(shop, role, tie).build()
    relations = {ROLE[role], *([TIES[tie]] if TIES[tie] else [])}
    strictest = min((str(one) for one in relations), key=STRICT.index)
    rel = PAID if relations & {"affiliate", "gift", "loan", "sponsored"} else RELS[ROLE[role]]
    page = site.page("/reviews/pot/")
    found = links(page)
    assert len(found) == 6
    assert set(found) == {(rel, MARKS[strictest])}
    told = " ".join(page.one("aside.disclosure").text().split()) if page.has("aside.disclosure") else ""
    for relation in SENTENCES:
        assert (SENTENCES[relation] in told) is (relation in relations), relation
    if told:
        assert page.source.index('class="disclosure"') < page.source.index("far.example")


@pytest.mark.parametrize("role", ROLE)
def test_product_pages_tell_the_merchants_relation_only(shop: ShopMaker, role: str) -> None:
    site = telling(shop, role, "gift").build()
    relation = ROLE[role]
    assert links(site.page("/products/pot/")) == [(RELS[relation], MARKS[relation])]


def test_only_offer_link_leads_to_a_purchase(shop: ShopMaker) -> None:
    """No page holds the merchant's address but in links that were counted above."""
    site = telling(shop, "affiliate", "bought").build()
    for url in ("/", "/reviews/", "/people/ada/"):
        assert "far.example" not in site.text(url)
    feed = site.json("/feed.json")["items"][0]["content_html"]
    assert {rel for rel, _ in links(Html(feed))} == {PAID}


def test_a_gift_ties_the_product_it_was_not_its_neighbours(shop: ShopMaker) -> None:
    site = telling(shop, "none", "gift", "::product{pot}\n\n::product{pan}\n")
    site.write({"content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]}}).build()
    assert links(site.page("/reviews/pot/")) == [(PAID, "free copy"), ("noopener", "")]


def test_a_guide_tells_of_its_reviews_gifts(shop: ShopMaker) -> None:
    site = telling(shop, "none", "gift", "Text.")
    site.write(
        {
            "content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]},
            "content/guides/g.md": article(
                picks=[{"product": "pot", "but": "Small."}, {"product": "pan", "but": "Heavy."}]
            ),
            "content/guides/own.md": article(
                picks=[{"product": "pot", "but": "Small.", "evidence": {"obtained": "bought"}}]
            ),
        }
    ).build()
    assert links(site.page("/guides/g/")) == [(PAID, "free copy"), ("noopener", "")]
    assert "free of charge" in site.page("/guides/g/").one("aside.disclosure").text()
    assert links(site.page("/guides/own/")) == [("noopener", "")]


INTERESTS = [
    ({"with": "pot", "how": "gift"}, [(PAID, "free copy"), ("noopener", "")]),
    ({"with": "mei", "how": "loan"}, [("noopener", ""), (PAID, "on loan")]),
    ({"with": "far", "how": "gift"}, [(PAID, "free copy"), (PAID, "free copy")]),
    ({"with": "mei", "how": "employed"}, [("noopener", ""), ("noopener", "")]),
    ({"with": "bo", "how": "gift"}, [("noopener", ""), ("noopener", "")]),
]


@pytest.mark.parametrize("whose", ["article", "author"])
@pytest.mark.parametrize(("interest", "wanted"), INTERESTS)
def test_interests_tie_what_they_are_with(
    shop: ShopMaker, interest: dict[str, str], wanted: object, whose: str
) -> None:
    meta = {"interests": [interest]} if whose == "article" else {}
    site = shop(
        {
            "content/makers/mei.yaml": {"name": "Mei"},
            "content/makers/bo.yaml": {"name": "Bo"},
            "content/products/pan.yaml": {"name": "Pan", "maker": "mei", "offers": ["https://far.example/pan"]},
            "content/people/ada.yaml": {"name": "Ada", **({"interests": [interest]} if whose == "author" else {})},
            "content/stories/s.md": article("::product{pot}\n\n::product{pan}\n", **meta),
        }
    ).build()
    assert links(site.page("/stories/s/")) == wanted


def test_one_drawing_of_a_card_does_not_serve_another_relation(shop: ShopMaker) -> None:
    """Cards are drawn once for many pages; what the article adds must not stick to them."""
    site = telling(shop, "none", "gift", "::product{pot}\n")
    site.write(
        {"content/notes/a.md": article("::product{pot}\n"), "content/stories/z.md": article("::product{pot}\n")}
    ).build()
    assert links(site.page("/reviews/pot/")) == [(PAID, "free copy")]
    assert links(site.page("/notes/a/")) == links(site.page("/stories/z/")) == [("noopener", "")]


@pytest.mark.parametrize(
    "raw", ['<a href="https://far.example/x">there</a>', '<p><a class="b" href="https://far.example/x">there</a></p>']
)
def test_a_raw_link_to_a_shop_is_refused(shop: ShopMaker, raw: str) -> None:
    site = telling(shop, "affiliate", "bought", f"Go {raw}.\n" if not raw.startswith("<p") else raw)
    (problem,) = site.fails()["raw-purchase-link"]
    assert site.place(problem).startswith("content/reviews/pot.md:7:")
    assert "[words](https://far.example/x)" in problem.hint


def test_a_picture_at_a_shops_host_is_no_purchase_link(shop: ShopMaker) -> None:
    body = '![p](https://far.example/p.png) <img src="https://far.example/q.png" alt="q">'
    site = shop(
        {
            "content/merchants/far.yaml": {
                "name": "Far",
                "role": "affiliate",
                "url": "https://far.example/",
                "link": "https://t.example/?u={url}",
            },
            "content/products/pot.yaml": {"name": "Pot"},
            "content/notes/n.md": article(body),
        }
    ).build()
    page = site.page("/notes/n/")
    assert [node.attributes["src"] for node in page.css(".prose img")] == [
        "https://far.example/p.png",
        "https://far.example/q.png",
    ]
    assert not page.has(".mark, .disclosure")


def test_links_in_inline_fields_are_marked_or_refused(shop: ShopMaker) -> None:
    site = telling(shop, "affiliate", "bought", "Text.")
    site.edit("content/reviews/pot.md", "evidence:", 'verdict: "Get it [there](https://far.example/x)."\nevidence:')
    try:
        site.build()
    except AssertionError:
        return
    assert set(links(site.page("/reviews/pot/"))) == {(PAID, "paid link")}


def test_links_are_made_for_their_place(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/merchants/far.yaml": {
                "name": "Far",
                "role": "affiliate",
                "url": "https://far.example/",
                "domains": ["shop.far.test"],
                "account": {"default": "all", "reviews": "tests"},
                "link": "https://t.example/c/{account}?u={url}&sid={sub}",
                "sub_id": {"max": 40, "chars": "A-Za-z0-9_-"},
            },
            "content/reviews/pot.md": review(
                ":buy[a]{pot} :buy[b]{pot} :buy[c]{pot slot=top} [d](https://x.shop.far.test/a?b=c&d=é)",
                evidence={"obtained": "bought"},
            ),
            "content/notes/n.md": article(":buy[a]{pot}"),
        }
    ).build()
    target = "u=https%3A%2F%2Ffar.example%2Fpot"
    review_links = site.page("/reviews/pot/").hrefs(".prose a")
    assert review_links[:3] == [
        f"https://t.example/c/tests?{target}&sid=reviews_pot_buy-1_pot",
        f"https://t.example/c/tests?{target}&sid=reviews_pot_buy-2_pot",
        f"https://t.example/c/tests?{target}&sid=reviews_pot_top_pot",
    ]
    assert review_links[3].startswith("https://t.example/c/tests?u=https%3A%2F%2Fx.shop.far.test%2Fa%3Fb%3Dc%26d%3D")
    assert site.page("/notes/n/").hrefs(".prose a") == [f"https://t.example/c/all?{target}&sid=notes_n_buy-1_pot"]
    assert "sid=products_pot_page_pot" in site.page("/products/pot/").hrefs("li.offer a")[0]
