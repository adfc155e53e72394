"""Lists: home, sections, pagination, series, tags, related."""

from __future__ import annotations

from support import ShopMaker, article, review

from ccgen.model.facts import ArticleRelated


def numbered(count: int, **meta: object) -> dict[str, str]:
    return {
        f"content/notes/n{number:02}.md": article(title=f"N{number:02}", date=f"2026-04-{number:02}", **meta)
        for number in range(1, count + 1)
    }


def test_a_long_section_has_pages(shop: ShopMaker) -> None:
    site = shop(numbered(7), settings={"sections": {"notes": {"per_page": 3}}}).build()
    pages = ["/notes/", "/notes/page/2/", "/notes/page/3/"]
    titles = [[node.text() for node in site.page(url).css(".teaser-title")] for url in pages]
    assert titles == [["N07", "N06", "N05"], ["N04", "N03", "N02"], ["N01"]]
    assert [site.page(url).hrefs(".pagination a") for url in pages] == [
        ["/notes/page/2/"],
        ["/notes/", "/notes/page/3/"],
        ["/notes/page/2/"],
    ]
    assert not site.has("/notes/page/1/")
    assert not site.has("/notes/page/4/")
    assert "Page 2 of 3" in site.page("/notes/page/2/").one("title").text()


def test_a_full_last_page_makes_no_empty_one(shop: ShopMaker) -> None:
    site = shop(numbered(6), settings={"sections": {"notes": {"per_page": 3}}}).build()
    assert site.has("/notes/page/2/")
    assert not site.has("/notes/page/3/")


def test_sections_without_article_or_text_have_no_page(shop: ShopMaker) -> None:
    site = shop({"content/guides/_index.md": "---\ntitle: Soon\n---\nNothing *yet*.\n"}).build()
    assert site.page("/guides/").one(".prose em").text() == "yet"
    assert not site.has("/reviews/")
    assert not site.has("/guides/feed.xml")


def test_the_home_page_has_its_text_and_the_newest_of_all(shop: ShopMaker) -> None:
    site = shop(
        {
            **numbered(14),
            "content/_index.md": "---\ntitle: Welcome\nsummary: To us.\n---\nHello :product{pot}.\n",
            "content/stories/s.md": article(title="Story", date="2026-04-10 12:00"),
            "content/makers/mei.yaml": {"name": "Mei"},
        }
    ).build()
    page = site.page("/")
    assert page.one("h1").text() == "Welcome"
    assert page.one(".prose a").attributes["href"] == "/products/pot/"
    latest = [node.text() for node in page.css(".latest .teaser-title")]
    assert latest[:6] == ["N14", "N13", "N12", "N11", "Story", "N10"]
    assert page.hrefs("section[aria-labelledby=_makers] a") == ["/makers/mei/"]
    assert page.hrefs(".row h2 a")[:2] == ["/stories/", "/notes/"]


def test_a_series_leads_from_part_to_part(shop: ShopMaker) -> None:
    site = shop(
        {
            f"content/stories/p{number}.md": article(
                title=f"Part {number}", date=f"2026-05-0{4 - number}", series={"name": "The Pot", "part": number}
            )
            for number in (1, 2, 3)
        }
    ).build()
    middle = site.page("/stories/p2/")
    assert middle.one("a[rel=prev]").attributes["href"] == "/stories/p1/"
    assert middle.one("a[rel=next]").attributes["href"] == "/stories/p3/"
    assert not site.page("/stories/p1/").has("a[rel=prev]")
    assert not site.page("/stories/p3/").has("a[rel=next]")
    assert site.page("/series/the-pot/").hrefs(".teaser-title a") == ["/stories/p1/", "/stories/p2/", "/stories/p3/"]


def test_a_series_without_numbers_is_in_order_of_dates(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/stories/b.md": article(date="2026-05-02", series="Pot"),
            "content/stories/a.md": article(date="2026-05-03", series="Pot"),
            "content/reviews/c.md": review(date="2026-05-01", series="pot"),
        }
    ).build()
    hrefs = site.page("/series/pot/").hrefs(".teaser-title a")
    assert hrefs == ["/reviews/c/", "/stories/b/", "/stories/a/"]


def test_two_of_one_part(shop: ShopMaker) -> None:
    site = shop({f"content/stories/{name}.md": article(series={"name": "Pot", "part": 1}) for name in ("a", "b")})
    (problem,) = site.fails()["duplicate-part"]
    assert "content/stories/a.md" in problem.message
    assert site.place(problem).startswith("content/stories/b.md:4:")


def test_tags_that_differ_by_case_are_one(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article(title="A", date="2026-05-02", tags=["Green Tea"]),
            "content/notes/b.md": article(title="B", date="2026-05-01", tags=["green tea", "GREEN TEA"]),
        }
    ).build()
    page = site.page("/tags/green-tea/")
    assert page.one("h1").text() == "Green Tea"
    assert page.hrefs(".teaser-title a") == ["/notes/a/", "/notes/b/"]
    assert site.page("/notes/b/").hrefs("a[rel=tag]") in ([["/tags/green-tea/"], ["/tags/green-tea/"] * 2])


def test_tags_with_one_slug_and_two_names_collide(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article(tags=["c++"]), "content/notes/b.md": article(tags=["C #"])})
    (problem,) = site.fails()["label-collision"]
    assert "c++" in problem.message
    assert "C #" in problem.message


def test_tags_on_pages_and_unlisted_articles_lead_only_where_there_is_a_page(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/pages/about.md": article(date=None, tags=["Kept", "Lost"]),
            "content/notes/a.md": article(unlisted=True, tags=["Kept", "Hushed"]),
            "content/notes/b.md": article(tags=["kept"]),
        }
    ).build()
    assert site.page("/about/").hrefs("a[rel=tag]") == ["/tags/kept/"]
    assert site.page("/notes/a/").hrefs("a[rel=tag]") == ["/tags/kept/"]
    assert site.page("/tags/kept/").hrefs(".teaser-title a") == ["/notes/b/"]


def test_an_unlisted_article_alone_in_its_section(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article(unlisted=True)}).build()
    assert site.page("/notes/a/").hrefs(".crumbs a") == ["/"]


def test_related_articles_say_why(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/makers/mei.yaml": {"name": "Mei"},
            "content/products/pot.yaml": {"name": "Pot", "maker": "mei"},
            "content/products/pan.yaml": {"name": "Pan", "maker": "mei"},
            "content/reviews/pot.md": review(title="Pot", date="2026-05-04", tags=["Iron"]),
            "content/stories/pot.md": article("::product{pot}", title="Pot story", date="2026-05-03"),
            "content/stories/pan.md": article("::product{pan}", title="Pan story", date="2026-05-02"),
            "content/notes/iron.md": article(title="Iron", date="2026-05-01", tags=["iron"]),
            "content/notes/else.md": article(title="Else"),
        }
    ).build()
    rows = [" ".join(node.text(separator=" ").split()) for node in site.page("/reviews/pot/").css(".related li")]
    assert rows == [
        "Pot story also about Pot",
        "Pan story also made by Mei",
        "Iron also tagged “Iron”",
    ]
    assert not site.page("/notes/else/").has(".related")


def test_related_articles_are_found_where_a_template_asks(shop: ShopMaker) -> None:
    end, asked = (
        "themes/mine/templates/parts/end.html",
        "{% for one in article.related %}{{ one.article.title }}{% endfor %}",
    )
    files = {
        "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
        end: "",
        "content/notes/a.md": article(title="A", tags=["iron"]),
        "content/notes/b.md": article("Seen by B.", title="B", tags=["iron"]),
    }
    site = shop(files, settings={"theme": "mine"}).build()
    unasked = site.project().plan.facts.groups["article:en:notes/a"]
    assert [one.related for one in unasked if isinstance(one, ArticleRelated)] == [None]
    site.write({end: asked}).build()
    assert site.page("/notes/a/").one("main").text().strip().endswith("B")
    problems = site.write({end: "{{ article['rel' ~ 'ated'] }}"}).fails()["template-error"]
    assert "`related` is found only where a template has the word" in problems[0].message
    # A part that is reached by its name counts, one that nobody names does not.
    site.write({end: "{{ part('parts/mine.html', item=article) }}", "themes/mine/templates/parts/mine.html": asked})
    assert "related" in site.project().theme.words
    assert "related" not in site.write({end: ""}).project().theme.words


def test_makers_people_and_products_lead_to_each_other(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/makers/mei.md": "---\nname: Mei\nplace: Here\n---\nMakes *pots*.\n",
            "content/products/pot.yaml": {"name": "Pot", "maker": "mei", "offers": ["https://far.example/pot"]},
            "content/stories/s.md": article("::maker{mei}\n\n:product{pot}", title="S", authors=["ada", "bo"]),
            "content/people/bo.md": "---\nname: Bo\n---\nWrites.\n",
        }
    ).build()
    assert site.page("/makers/mei/").hrefs(".card-name a") == ["/products/pot/"]
    assert site.page("/products/pot/").hrefs(".byline a") == ["/makers/mei/"]
    assert site.page("/products/pot/").hrefs("section[aria-labelledby=_mentions] a") == ["/stories/s/"]
    assert site.page("/people/bo/").hrefs(".teaser-title a") == ["/stories/s/"]
    assert site.page("/stories/s/").hrefs(".byline a") == ["/people/ada/", "/people/bo/"]
    assert site.page("/stories/s/").has(".maker a[href='/makers/mei/']")
