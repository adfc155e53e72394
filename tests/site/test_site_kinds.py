"""Each kind of article has its page, its words and its place."""

from __future__ import annotations

import re

from support import PNG, ShopMaker, article, review

REVIEW = {
    "title": "Pot, tested",
    "rating": 4.5,
    "scores": {"heat": 3},
    "verdict": "Holds *heat*.",
    "but": "Heavy.",
    "pros": ["Even"],
    "cons": ["Slow"],
    "for_whom": "Cooks",
    "not_for": "Hikers",
    "evidence": {
        "obtained": "bought",
        "price_paid": "30.00",
        "since": "2026-01-02",
        "summary": "Forty stews.",
        "method": "pages/method.md",
    },
    "updates": [{"date": "2026-05-20", "note": "Lid replaced."}],
}


def test_a_review_says_what_it_knows_even_if_the_text_places_nothing(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/reviews/pot.md": review("Only prose.", **REVIEW),
            "content/pages/method.md": article(title="How I test", date=None),
        }
    ).build()
    page = site.page("/reviews/pot/")
    assert page.one("h1").text() == "Pot, tested"
    for words in ("Heavy.", "Even", "Slow", "Cooks", "Hikers", "$30.00", "Forty stews.", "4.5 of 5", "Lid replaced."):
        assert words in page.text, words
    assert [node.text() for node in page.css("dl.scores dt")] == ["heat"]
    assert page.one("dl.scores dd").text().strip() == "3 of 5"
    assert page.has("em")
    assert "Holds heat ." in page.text
    assert page.one(".evidence a").attributes["href"] == "/method/"
    assert page.one(".evidence a").text() == "How I test"
    assert [node.attributes["datetime"] for node in page.css(".byline time")] == ["2026-05-01", "2026-05-20"]
    assert "4.5 of 5" in site.page("/products/pot/").one(".product-facts").text()


def test_several_authors_are_listed_as_the_language_does(shop: ShopMaker) -> None:
    people = {f"content/people/{name}.yaml": {"name": name.title()} for name in ("ada", "bo", "cy")}
    files = {
        **people,
        "content/notes/two.md": article(authors=["ada", "bo"]),
        "content/notes/three.md": article(authors=["ada", "bo", "cy"]),
        "content/notes/three.zh-CN.md": "---\ntitle: 一篇\n---\n文。\n",
    }
    site = shop(files, settings={"site": {"languages": ["en", "zh-CN"]}, "outputs": {"markdown": True}}).build()
    for url, words in (
        ("/notes/two/", "By Ada and Bo"),
        ("/notes/three/", "By Ada, Bo, and Cy"),
        ("/zh-CN/notes/three/", "Ada、Bo和Cy"),
    ):
        assert words in " ".join(site.page(url).one(".byline").text().split())
        assert words in re.sub(r"\[(.*?)\]\(\S*?\)", r"\1", (site.output / f"{url[1:]}index.md").read_text())


def test_what_the_text_places_stands_once(shop: ShopMaker) -> None:
    body = "::verdict\n\n::pros\n\n::cons\n\n::evidence\n\n::audience\n\n::product\n\n::updates\n"
    site = shop(
        {
            "content/reviews/pot.md": review(body, **REVIEW),
            "content/pages/method.md": article(title="How I test", date=None),
        }
    ).build()
    page = site.page("/reviews/pot/")
    assert len(page.css("dl.scores")) == 1
    for name in ("verdict-box", "pros", "cons", "evidence", "audience", "card", "updates"):
        assert len(page.css(f"div.{name}")) == 1, name
        assert page.css(f".prose div.{name}"), name


def test_a_guide_with_picks_takes_the_words_of_their_reviews(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]},
            "content/reviews/pot.md": review(verdict="Holds heat.", but="Heavy.", rating=4, cons=["Slow"]),
            "content/guides/cooking.md": article(
                picks=[
                    {"product": "pot", "badge": "First"},
                    {"product": "pan", "verdict": "Quick.", "but": "Thin.", "evidence": {"obtained": "loan"}},
                ],
                considered=[{"name": "Wok", "reason": "Too wide."}, {"product": "pan", "reason": "Second."}],
                method="We cooked.",
            ),
        }
    ).build()
    page = site.page("/guides/cooking/")
    picks = [node.text(separator=" ") for node in page.css(".picks .card")]
    assert len(picks) == 2
    assert all(words in picks[0] for words in ("First", "Holds heat.", "Heavy.", "Pot"))
    assert all(words in picks[1] for words in ("Quick.", "Thin.", "Pan"))
    assert "Too wide." in page.text
    assert "We cooked." in page.text
    assert page.has(".considered a[href='/products/pan/']")


def test_a_note_needs_no_title_and_tags_products_in_its_pictures(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/shelf/index.md": article(
                "The shelf today.\n",
                title=None,
                pictures=[{"src": "a.png", "alt": "A shelf", "tagged": [{"at": "38% 61%", "product": "pot"}]}],
            ),
            "content/notes/shelf/a.png": PNG,
        }
    ).build()
    page = site.page("/notes/shelf/")
    assert page.one("h1").text() == "The shelf today."
    assert page.one("figure img").attributes["src"] == "/notes/shelf/a.png"
    assert page.one("figcaption a").attributes["href"] == "/products/pot/"
    assert "The shelf today." in site.page("/").text
    assert site.page("/products/pot/").hrefs("section[aria-labelledby=_mentions] a") == ["/notes/shelf/"]


def test_pages_of_the_site_stand_in_no_list(shop: ShopMaker) -> None:
    site = shop({"content/pages/about.md": article(title="About us", date=None)}, settings={"menu": ["pages/about.md"]})
    site.build()
    assert site.has("/about/")
    assert not site.has("/pages/")
    assert site.page("/").hrefs("main a") == []
    assert site.page("/").hrefs(".site-menu a") == ["/about/"]
    assert not site.has("/feed.xml")
    assert "https://shop.example/about/" in site.text("/sitemap.xml")


def test_a_section_of_ones_own_has_a_kind_a_title_and_a_url_pattern(shop: ShopMaker) -> None:
    site = shop(
        {"content/recipes/soup.md": article(title="Soup"), "content/notes/n.md": article(title="N")},
        settings={
            "sections": {"recipes": {"kind": "story", "title": "Kitchen"}},
            "urls": {"recipes": "/{year}/{month}/{day}/{slug}/", "notes": "/{slug}/"},
        },
    ).build()
    assert site.has("/2026/05/01/soup/")
    assert site.has("/n/")
    assert site.page("/recipes/").one("h1").text() == "Kitchen"
    assert site.page("/2026/05/01/soup/").has("article.article-story")


def test_another_template_is_named_in_the_front_matter(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/stories/a.md": article(template="letter"),
            "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            "themes/mine/templates/article/letter.html": "<!doctype html><title>Letter</title><p>{{ article.title }}",
        },
        settings={"theme": "mine"},
    ).build()
    assert site.text("/stories/a/") == "<!doctype html><title>Letter</title><p>An article"


def test_a_template_that_is_not_there_is_told(shop: ShopMaker) -> None:
    site = shop({"content/stories/a.md": article(template="stori")})
    (problem,) = site.fails()["unknown-template"]
    assert site.place(problem).startswith("content/stories/a.md:4:")
    assert "story" in problem.hint


def test_a_story_says_its_first_paragraph_once(shop: ShopMaker) -> None:
    files = {
        "content/stories/without.md": article("It began in May.\n\nThen came June."),
        "content/stories/with.md": article("It began in May.\n\nThen came June.", summary="One summer."),
    }
    site = shop(files).build()
    assert site.page("/stories/without/").text.count("It began in May.") == 1
    assert site.page("/stories/with/").one(".standfirst").text() == "One summer."


def test_a_tag_in_several_spellings_is_one(shop: ShopMaker) -> None:
    site = shop({"content/notes/tea.md": article(tags=["Tea", "tea", "TEA"])}).build()
    assert [node.text() for node in site.page("/notes/tea/").css(".tags a")] == ["Tea"]
