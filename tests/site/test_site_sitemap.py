"""sitemap.xml and robots.txt."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from support import Shop, ShopMaker, article

from ccgen.errors import At
from ccgen.model.site import Route
from ccgen.plan import sitewide
from ccgen.plan.sitewide import sitemap_parts

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def locations(site: Shop, url: str = "/sitemap.xml") -> list[str]:
    return [str(node.text) for node in ET.fromstring(site.text(url)).iterfind(".//s:loc", NAMES)]


def routes(count: int, length: int = 10) -> list[Route]:
    return [
        Route(
            kind="article",
            url=f"/{number:07}{'a' * length}/",
            path=f"{number}/index.html",
            owner=f"article:en:notes/{number}",
            lang="en",
            source=At(path="a.md"),
            indexed=True,
        )
        for number in range(count)
    ]


def test_every_page_that_should_be_found_is_there_once(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article(tags=["Tea"], series="S", aliases=["/old/"]),
            "content/notes/b.md": article(unlisted=True),
            "content/pages/about.md": article(date=None),
            "content/makers/mei.yaml": {"name": "Mei"},
        }
    ).build()
    base = "https://shop.example"
    pages = ["/", "/about/", "/makers/mei/", "/notes/", "/notes/a/", "/people/ada/", "/products/pot/", "/series/s/"]
    assert locations(site) == sorted(base + page for page in [*pages, "/tags/tea/"])
    assert site.text("/robots.txt") == f"User-agent: *\nAllow: /\n\nSitemap: {base}/sitemap.xml\n"


def test_the_last_change_is_the_newest_update(shop: ShopMaker) -> None:
    site = shop(
        {"content/notes/a.md": article(date="2026-05-01 08:00", updates=[{"date": "2026-05-09 10:00", "note": "n"}])}
    ).build()
    assert "/notes/a/</loc><lastmod>2026-05-09</lastmod>" in site.text("/sitemap.xml")


def test_languages_name_each_other(shop: ShopMaker) -> None:
    site = shop(
        {"content/notes/a.md": article(), "content/notes/a.zh-CN.md": "---\ntitle: 甲\n---\n乙\n"},
        settings={"site": {"languages": ["en", "zh-CN"]}},
    ).build()
    tree = ET.fromstring(site.text("/sitemap.xml"))
    for node in tree.iterfind("s:url", NAMES):
        if "/notes/a/" in str(node.findtext("s:loc", "", NAMES)):
            assert {(one.get("hreflang"), one.get("href")) for one in node.iterfind("x:link", NAMES)} == {
                ("en", "https://shop.example/notes/a/"),
                ("zh-CN", "https://shop.example/zh-CN/notes/a/"),
            }


def test_a_site_of_ones_own_robots(shop: ShopMaker) -> None:
    site = shop({"static/robots.txt": "User-agent: *\nDisallow: /x/\n"}).build()
    assert site.text("/robots.txt") == "User-agent: *\nDisallow: /x/\n"


def test_no_part_has_more_than_fifty_thousand_urls(shop: ShopMaker) -> None:
    config, _ = shop().config()
    made = routes(120_001)
    parts = sitemap_parts(config, made, {})
    assert [len(part.urls) for part in parts] == [50_000, 50_000, 20_001]
    assert sorted(row[0] for part in parts for row in part.urls) == sorted(route.url for route in made)


def test_no_part_is_larger_than_fifty_megabytes(shop: ShopMaker) -> None:
    config, _ = shop().config()
    parts = sitemap_parts(config, routes(30_000, 2_000), {})
    assert len(parts) == 2
    for part in parts:
        rows = [
            f"<url><loc>https://shop.example{url}</loc><lastmod>{date}</lastmod></url>\n" for url, date, _ in part.urls
        ]
        assert sum(map(len, rows)) < 50_000_000


def test_a_split_sitemap_has_an_index(shop: ShopMaker, monkeypatch: object) -> None:
    site = shop({f"content/notes/n{number}.md": article() for number in range(5)})
    monkeypatch.setattr(sitewide, "SITEMAP_URLS", 4)  # type: ignore[attr-defined]
    site.build(base_url="https://example.org/shop/")
    parts = locations(site)
    assert parts == [f"https://example.org/shop/sitemap-{number}.xml" for number in (1, 2, 3)]
    found = [one for number in (1, 2, 3) for one in locations(site, f"/sitemap-{number}.xml")]
    assert len(found) == len(set(found)) == 9
    assert all(len(locations(site, f"/sitemap-{number}.xml")) <= 4 for number in (1, 2, 3))
    monkeypatch.undo()  # type: ignore[attr-defined]
    site.build(base_url="https://example.org/shop/")
    assert not site.has("/sitemap-1.xml")


def test_without_an_article_the_sitemap_still_holds(shop: ShopMaker) -> None:
    assert "https://shop.example/" in locations(shop().build())
