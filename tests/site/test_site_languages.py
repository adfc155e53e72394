"""Languages: prefixes, alternates, fallback words, lists of one language."""

from __future__ import annotations

from support import PNG, Shop, ShopMaker, article, review

ZH = {"site": {"languages": ["en", "zh-CN"], "title@zh-CN": "小店"}}


def bilingual(shop: ShopMaker) -> Shop:
    return shop(
        {
            "content/reviews/pot/index.md": review(
                "Text [s](../../stories/s.md).\n\n![p](p.png)\n",
                title="Pot",
                tags=["Iron"],
                rating=4,
                verdict="Good.",
                but="Heavy.",
                cons=["Slow"],
            ),
            "content/reviews/pot/index.zh-CN.md": "---\ntitle: 锅\ntags: [铁]\nverdict: 好。\ncons: [慢]\n---\n正文 [s](../../stories/s.md)。\n\n![p](p.png)\n\n::product\n",
            "content/reviews/pot/p.png": PNG,
            "content/stories/s.md": article(title="Only English"),
            "content/notes/n.md": article(title="Note"),
            "content/notes/n.zh-CN.md": "---\ntitle: 便条\n---\n字。\n",
            "content/products/pot.yaml": {
                "name": "Pot",
                "line": "One line.",
                "maker": "mei",
                "offers": [{"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}],
            },
            "content/products/pot.zh-CN.yaml": {"line": "一句话。"},
            "content/makers/mei.yaml": {"name": "Mei"},
            "content/makers/mei.zh-CN.yaml": {"name": "梅"},
            "content/people/ada.zh-CN.yaml": {"name": "艾达"},
        },
        settings=ZH,
    )


def test_the_default_language_has_no_prefix(shop: ShopMaker) -> None:
    site = bilingual(shop).build()
    for url in (
        "/",
        "/reviews/",
        "/reviews/pot/",
        "/products/pot/",
        "/makers/mei/",
        "/people/ada/",
        "/tags/iron/",
        "/404.html",
    ):
        assert site.page(url).one("html").attributes["lang"] == "en"
    for url in (
        "/zh-CN/",
        "/zh-CN/reviews/",
        "/zh-CN/reviews/pot/",
        "/zh-CN/products/pot/",
        "/zh-CN/makers/mei/",
        "/zh-CN/people/ada/",
        "/zh-CN/tags/铁/",
        "/zh-CN/404.html",
        "/zh-CN/feed.xml",
    ):
        assert site.has(url), url
    assert site.page("/zh-CN/reviews/pot/").one("html").attributes["lang"] == "zh-CN"
    assert site.page("/zh-CN/").one(".site-name").text() == "小店"


def test_alternates_name_both_pages_and_each_other(shop: ShopMaker) -> None:
    site = bilingual(shop).build()
    wanted = {
        "en": "https://shop.example/reviews/pot/",
        "x-default": "https://shop.example/reviews/pot/",
        "zh-CN": "https://shop.example/zh-CN/reviews/pot/",
    }
    for url in ("/reviews/pot/", "/zh-CN/reviews/pot/"):
        links = site.page(url).css("link[hreflang]")
        assert {node.attributes["hreflang"]: node.attributes["href"] for node in links} == wanted
        assert len(links) == 3
    assert not site.page("/stories/s/").has("link[hreflang]")
    assert site.page("/reviews/pot/").one(".languages a").attributes["href"] == "/zh-CN/reviews/pot/"
    assert site.page("/zh-CN/").one(".languages a").attributes["href"] == "/"


def test_missing_words_fall_back_and_carry_their_language(shop: ShopMaker) -> None:
    site = bilingual(shop).build()
    page = site.page("/zh-CN/products/pot/")
    assert [node.text() for node in page.css("h1 [lang=en]")] == ["Pot"]
    assert page.one(".standfirst").text() == "一句话。"
    assert not page.one(".standfirst").css("[lang]")
    card = site.page("/zh-CN/reviews/pot/").one(".card")
    assert [node.text() for node in card.css(".card-name [lang=en]")] == ["Pot"]
    assert "梅" in card.text()
    assert not site.page("/products/pot/").css("main [lang]")


def test_a_translation_without_prose_shows_the_originals_and_says_so(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/n.md": article("English prose."),
            "content/notes/n.zh-CN.md": "---\ntitle: 便条\n---\n",
            "content/makers/mei.md": "---\nname: Mei\n---\nMaker prose.\n",
            "content/products/pot.md": "---\nname: Pot\n---\nProduct prose.\n",
            "content/people/ada.yaml": None,
            "content/people/ada.md": "---\nname: Ada\n---\nPerson prose.\n",
            "content/products/pot.yaml": None,
        },
        settings=ZH,
    ).build()
    for url, words in (
        ("/zh-CN/notes/n/", "English prose."),
        ("/zh-CN/makers/mei/", "Maker prose."),
        ("/zh-CN/products/pot/", "Product prose."),
        ("/zh-CN/people/ada/", "Person prose."),
    ):
        marked = [node for node in site.page(url).css("main [lang=en]") if words in node.text()]
        assert marked, f"{url}: {words}"


def test_inline_fields_that_fall_back_carry_their_language(shop: ShopMaker) -> None:
    site = bilingual(shop)
    site.write(
        {
            "content/makers/bo.yaml": {"name": "Bo", "about": "About *words*."},
            "content/people/ada.yaml": {"name": "Ada", "bio": "Bio *words*."},
        }
    ).build()
    for url, words in (
        ("/zh-CN/reviews/pot/", "Heavy."),
        ("/zh-CN/makers/bo/", "About words."),
        ("/zh-CN/people/ada/", "Bio words."),
    ):
        marked = [node for node in site.page(url).css("main [lang=en]") if words in node.text()]
        assert marked, f"{url}: {words}"


def test_lists_and_feeds_hold_one_language(shop: ShopMaker) -> None:
    site = bilingual(shop).build()
    assert site.page("/zh-CN/").hrefs(".teaser-title a") == ["/zh-CN/reviews/pot/", "/zh-CN/notes/n/"]
    assert set(site.page("/").hrefs(".teaser-title a")) == {"/reviews/pot/", "/notes/n/", "/stories/s/"}
    assert not site.has("/zh-CN/stories/")
    assert len(site.json("/zh-CN/feed.json")["items"]) == 2
    assert site.json("/zh-CN/feed.json")["language"] == "zh-CN"
    assert site.page("/zh-CN/products/pot/").hrefs("section[aria-labelledby=_mentions] a") == ["/zh-CN/reviews/pot/"]
    english = {item["id"] for item in site.json("/feed.json")["items"]}
    assert not english & {item["id"] for item in site.json("/zh-CN/feed.json")["items"]}


def test_links_and_pictures_of_a_translation(shop: ShopMaker) -> None:
    site = bilingual(shop).build()
    page = site.page("/zh-CN/reviews/pot/")
    assert page.one(".prose img").attributes["src"] == "/reviews/pot/p.png"
    assert "/stories/s/" in page.hrefs(".prose a")  # there is no translation to go to
    site.write({"content/stories/s.zh-CN.md": "---\ntitle: 故事\n---\n字。\n"}).build()
    assert "/zh-CN/stories/s/" in site.page("/zh-CN/reviews/pot/").hrefs(".prose a")
    assert "/stories/s/" in site.page("/reviews/pot/").hrefs(".prose a")


def test_words_dates_and_money_are_in_the_pages_language(shop: ShopMaker) -> None:
    site = bilingual(shop).build()
    page = site.page("/zh-CN/products/pot/")
    assert "US$9.00" in page.text
    assert "2026年5月31日" in page.text
    assert "梅" in page.text
    english = site.page("/products/pot/")
    assert "$9.00" in english.text
    assert "May 31, 2026" in english.text


def test_a_translation_that_gives_a_fact_another_value_is_an_error(shop: ShopMaker) -> None:
    site = bilingual(shop).write({"content/notes/n.zh-CN.md": "---\ntitle: 便条\ndate: 2026-05-02\n---\n字。\n"})
    (problem,) = site.fails()["translation-differs"]
    assert site.place(problem).startswith("content/notes/n.zh-CN.md:3:")


def test_menus_leave_out_what_a_language_does_not_have(shop: ShopMaker) -> None:
    site = (
        bilingual(shop)
        .set(menu=["reviews/", "stories/", {"to": "notes/", "label": "Notes", "label@zh-CN": "便条"}])
        .build()
    )
    assert site.page("/").hrefs(".site-menu a") == ["/reviews/", "/stories/", "/notes/"]
    assert site.page("/zh-CN/").hrefs(".site-menu a") == ["/zh-CN/reviews/", "/zh-CN/notes/"]
    assert "便条" in site.page("/zh-CN/").one(".site-menu").text()


def test_a_language_with_nothing_written_yet(shop: ShopMaker) -> None:
    site = shop({"content/notes/n.md": article()}, settings=ZH).build()
    assert site.has("/zh-CN/")
    assert site.has("/zh-CN/products/pot/")
    assert not site.has("/zh-CN/feed.xml")
    assert not site.has("/zh-CN/notes/")


SCORED = {
    "content/reviews/pot/index.md": review(
        title="Pot", rating=4, verdict="Good.", but="Heavy.", cons=["Slow"], scores={"pour": 5, "heat": "3.5"}
    ),
    "content/reviews/pot/index.zh-CN.md": "---\ntitle: 锅\nscores: {pour: 出水}\n---\n正文。\n",
}


def test_a_translation_inherits_scores_and_may_name_them(shop: ShopMaker) -> None:
    site = shop(SCORED, settings=ZH).build()
    page = site.page("/zh-CN/reviews/pot/")
    rows = [(node.text(), node.attributes.get("lang")) for node in page.css("dl.scores dt")]
    assert rows == [("出水", None), ("heat", "en")]
    assert [node.text().split()[0] for node in page.css("dl.scores dd")] == ["5", "3.5"]
    english = site.page("/reviews/pot/")
    assert [(node.text(), node.attributes.get("lang")) for node in english.css("dl.scores dt")] == [
        ("pour", None),
        ("heat", None),
    ]
    # The same numbers may stand there, and are no names.
    again = site.edit("content/reviews/pot/index.zh-CN.md", "{pour: 出水}", "{pour: 5, heat: 3.5}").build()
    assert [node.text() for node in again.page("/zh-CN/reviews/pot/").css("dl.scores dt")] == ["pour", "heat"]


def test_scores_of_a_translation_that_do_not_fit(shop: ShopMaker) -> None:
    site = shop(SCORED, settings=ZH)
    for scores, wanted in (
        ("{pour: 4}", "`scores.pour` has another value here than in the site's language"),
        ("{出水: 5}", "`scores` has no `出水` in the default language"),
        ("{pour: 烧, heat: 烧}", "two of `scores` are called `烧`"),
        ("{pour: heat}", "two of `scores` are called `heat`"),
    ):
        site.write({"content/reviews/pot/index.zh-CN.md": f"---\ntitle: 锅\nscores: {scores}\n---\n正文。\n"})
        (problem,) = site.fails()["translation-differs"]
        assert problem.message == wanted
        assert site.place(problem).startswith("content/reviews/pot/index.zh-CN.md:3:")
    site.write({"content/reviews/pot/index.zh-CN.md": "---\ntitle: 锅\nscores: {出水: 5}\n---\n正文。\n"})
    assert site.fails()["translation-differs"][0].hint == "name it by its name there: `pour: 出水`"
    for scores, hint in (
        ("{pour: 5, hot: 热}", "name it by its name there: `heat: 热`"),
        ("{hot: 热}", "name it by its name there: `heat: 热`"),
        ("{pour: 5, heat: 3.5, hot: 热}", "delete it here: "),
    ):
        site.write({"content/reviews/pot/index.zh-CN.md": f"---\ntitle: 锅\nscores: {scores}\n---\n正文。\n"})
        (problem,) = site.fails()["translation-differs"]
        assert problem.hint.startswith(hint)
