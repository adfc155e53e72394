"""Aliases, slugs, bundles, collisions: one URL has one source."""

from __future__ import annotations

import unicodedata

import pytest
from support import PNG, ShopMaker, article


def test_an_alias_is_a_stub_and_stands_in_the_redirects(shop: ShopMaker) -> None:
    site = shop({"content/stories/a.md": article(aliases=["/old/place/", "/older", "/x/page.html"])}).build(
        base_url="https://example.org/shop/"
    )
    for place in ("/old/place/", "/older/", "/x/page.html"):
        stub = site.page(place)
        assert stub.one("meta[http-equiv=refresh]").attributes["content"] == "0; url=/shop/stories/a/"
        assert stub.one("link[rel=canonical]").attributes["href"] == "https://example.org/shop/stories/a/"
        assert stub.one("meta[name=robots]").attributes["content"] == "noindex"
        assert stub.one("body a").attributes["href"] == "/shop/stories/a/"
    assert site.json("/redirects.json") == {
        "version": 1,
        "redirects": [
            {"from": f"/shop{old}", "to": "/shop/stories/a/", "status": 301}
            for old in ("/old/place/", "/older", "/x/page.html")
        ],
    }
    assert "old" not in site.text("/sitemap.xml")


def test_translations_inherit_aliases_and_have_none(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/stories/a.md": article(aliases=["/old/"]),
            "content/stories/a.zh-CN.md": "---\ntitle: 甲\n---\n乙\n",
            "content/stories/b.zh-CN.md": article(aliases=["/alt/"]),
        },
        settings={"site": {"languages": ["en", "zh-CN"]}},
    ).build()
    found = [(row["from"], row["to"]) for row in site.json("/redirects.json")["redirects"]]
    assert found == [("/alt/", "/zh-CN/stories/b/"), ("/old/", "/stories/a/")]


def test_a_site_without_aliases_has_an_empty_list(shop: ShopMaker) -> None:
    assert shop().build().json("/redirects.json") == {"version": 1, "redirects": []}


def test_a_bundle_is_one_article_with_its_files(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/stories/walk/index.md": article("![A hill](hill.png)\n\n[Map](files/map.pdf)\n", slug="a-walk"),
            "content/stories/walk/hill.png": PNG,
            "content/stories/walk/files/map.pdf": b"%PDF-",
        }
    ).build()
    page = site.page("/stories/a-walk/")
    image = page.one(".prose img").attributes
    assert (image["src"], image["alt"], image["width"], image["height"]) == (
        "/stories/a-walk/hill.png",
        "A hill",
        "1",
        "1",
    )
    assert page.hrefs(".prose a") == ["/stories/a-walk/files/map.pdf"]
    assert site.file("/stories/a-walk/hill.png").read_bytes() == PNG


def test_static_files_are_copied_as_they_are(shop: ShopMaker) -> None:
    site = shop(
        {
            "static/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
            "static/.well-known/security.txt": "Contact: x",
            "static/pic.png": PNG,
            "static/.env": "SECRET=1",
            "content/notes/a.md": article("![p](/pic.png) [s](/.well-known/security.txt)"),
        }
    ).build()
    assert site.text("/.well-known/security.txt") == "Contact: x"
    assert site.page("/").one("link[rel=icon]").attributes["href"] == "/favicon.svg"
    assert site.page("/notes/a/").one(".prose img").attributes["src"] == "/pic.png"
    assert not site.has("/.env")
    assert [one.code for one in site.problems] == ["private-file"]


def test_urls_of_every_script_are_utf8_on_disk_and_encoded_in_links(shop: ShopMaker) -> None:
    site = shop({"content/stories/水壶 Ä.md": article(title="壶", tags=["Café"])}).build()
    assert site.has("/stories/水壶-ä/")
    assert "/stories/%E6%B0%B4%E5%A3%B6-%C3%A4/" in site.page("/").hrefs()
    assert site.has("/tags/café/")
    assert "<loc>https://shop.example/stories/%E6%B0%B4%E5%A3%B6-%C3%A4/</loc>" in site.text("/sitemap.xml")


def test_a_link_in_one_unicode_form_finds_a_file_in_the_other(shop: ShopMaker) -> None:
    decomposed = unicodedata.normalize("NFD", "café")
    site = shop(
        {f"content/notes/{decomposed}.md": article(), "content/notes/b.md": article("[c](café.md) [d](caf%C3%A9.md)")}
    ).build()
    assert site.page("/notes/b/").hrefs(".prose a") == ["/notes/caf%C3%A9/"] * 2


COLLISIONS = {
    "slug": {"content/notes/a.md": article(), "content/notes/b.md": article(slug="a")},
    "case": {"content/notes/a.md": article(), "content/notes/A.md": article()},
    "unicode form": {
        "content/notes/café.md": article(),
        f"content/notes/{unicodedata.normalize('NFD', 'cafe1')}.md": article(slug="café"),
    },
    "alias and page": {"content/notes/a.md": article(), "content/notes/b.md": article(aliases=["/notes/a/"])},
    "alias and alias": {"content/notes/a.md": article(aliases=["/o/"]), "content/notes/b.md": article(aliases=["/O"])},
    "alias and itself": {"content/notes/a.md": article(aliases=["/notes/a/"])},
    "static and page": {"content/notes/a.md": article(), "static/notes/a/index.html": "x"},
    "static and home": {"static/index.html": "x"},
    "static and sitemap": {"static/sitemap.xml": "x"},
    "static and feed": {"content/notes/a.md": article(), "static/Feed.xml": "x"},
    "page and product": {"content/pages/pot.md": article(aliases=["/products/pot/"])},
    "file and folder": {"static/about": "x", "content/pages/about.md": article(slug="about")},
    "static cases": {"static/Logo.png": PNG, "static/logo.png": PNG},
    "bundle file and page": {
        "content/pages/a/index.md": article(),
        "content/pages/a/b/index.html": "x",
        "content/pages/c.md": article(aliases=["/a/b/"]),
    },
}


@pytest.mark.parametrize("name", COLLISIONS)
def test_two_sources_for_one_url(shop: ShopMaker, name: str) -> None:
    site = shop(COLLISIONS[name])
    found = site.fails()
    assert set(found) == {"url-collision"}, site.told()
    (problem,) = found["url-collision"]
    sources = [path for path in COLLISIONS[name] if path in problem.message + problem.hint + problem.at.path]
    wanted = (
        1
        if name in {"alias and itself", "static and home", "static and sitemap", "page and product", "static and feed"}
        or name == "file and folder"  # there the address of the other says which it is
        else 2
    )
    assert len(sources) >= wanted, (sources, problem)
    assert not site.output.exists()


def test_page_two_of_a_list_collides_with_an_article_there(shop: ShopMaker) -> None:
    files = {f"content/notes/n{number}.md": article(date=f"2026-05-0{number}") for number in range(1, 4)}
    site = shop(
        {**files, "content/notes/2.md": article(date="2026-05-04")},
        settings={"sections": {"notes": {"per_page": 2}}, "urls": {"notes": "/{section}/page/{slug}/"}},
    )
    (problem,) = site.fails()["url-collision"]
    assert "/notes/page/2/" in problem.message
    assert "content/notes/2.md" in problem.message + problem.at.path


def test_an_article_in_two_files_names_both(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article(), "content/notes/a/index.md": article()})
    (problem,) = site.fails()["two-sources"]
    assert "content/notes/a.md" in problem.message
    assert "content/notes/a/index.md" in problem.message


@pytest.mark.parametrize(
    "slug", ["../../x", "/abs", "%2e%2e%2f", "..\\x", "C:\\x", "~/x", "a/b", "..", "", "Ä B", "   "]
)
def test_a_slug_cannot_leave_the_site(shop: ShopMaker, slug: str) -> None:
    site = shop({"content/notes/a.md": article(slug=slug)})
    (problem,) = site.fails()["bad-slug"]
    assert site.place(problem).startswith("content/notes/a.md:4:7")
    assert not site.output.exists()


@pytest.mark.parametrize(
    "alias", ["../../x", "//host/x", "/a/../../x", "/%2e%2e/x", "https://other.example/x", "/a\\b", "/~x/", "x"]
)
def test_an_alias_cannot_leave_the_site(shop: ShopMaker, alias: str) -> None:
    site = shop({"content/notes/a.md": article(aliases=[alias])})
    assert site.fails()
    assert not site.output.exists()


def test_a_name_of_signs_only_leaves_no_slug(shop: ShopMaker) -> None:
    site = shop({"content/notes/🫖.md": article()})
    (problem,) = site.fails()["empty-slug"]
    assert problem.at.path == "content/notes/🫖.md"
    assert "slug:" in problem.hint


def test_long_names_are_cut_and_stay_apart(shop: ShopMaker) -> None:
    name = "壶" * 80
    site = shop(
        {f"content/notes/a{number}.md": article(title="T", tags=[f"{name}{number}"]) for number in (1, 2)}
    ).build()
    folders = [path.name for path in (site.output / "tags").iterdir()]
    assert len(folders) == 2
    assert all(len(one.encode()) <= 150 for one in folders)


@pytest.mark.parametrize(
    "base", ["https://x.example/café/", "https://x.example/caf%C3%A9/", "https://x.example/a%20b/"]
)
def test_a_base_path_may_be_written_either_way(shop: ShopMaker, base: str) -> None:
    site = shop(
        {"content/notes/a.md": article("[B](b.md#here)"), "content/notes/b.md": article("## Here\n\n::product{pot}")}
    )
    site.build(base_url=base)
    assert not site.problems
