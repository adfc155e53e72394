"""The same sources give the same bytes, wherever and whenever they are built; and they work under a base path."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from output_tree import faults
from support import PNG, SELLER, Shop, ShopMaker, article, review, run, tree_hash


def full(shop: ShopMaker, name: str = "shop") -> Shop:
    """A site with something of everything."""
    return shop(
        {
            "static/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
            "static/p.png": PNG,
            "content/merchants/our.yaml": {"name": "Our", "role": "ours", "url": "https://our.example/"},
            "content/merchants/aff.yaml": {
                "name": "Aff",
                "role": "affiliate",
                "url": "https://aff.example/",
                "link": "https://t.example/?u={url}&s={sub}",
            },
            "content/categories/pots.yaml": {"name": "Pots", "specs": {"w": {"label": "Weight", "unit": "g"}}},
            "content/makers/mei.md": "---\nname: Mei\nimage: /p.png\n---\nMaker [text](../stories/s1.md#a-heading).\n",
            "content/products/pot.yaml": {
                "name": "Pot",
                "maker": "mei",
                "category": "pots",
                "specs": {"w": "900"},
                "images": ["/p.png"],
                "checked": "2026-05-31",
                "offers": [
                    {"url": "https://our.example/pot", "price": "9.00"},
                    {"url": "https://aff.example/pot", "price": "8.00"},
                ],
            },
            "content/products/pan.zh-CN.yaml": {"name": "平锅"},
            "content/products/pan.yaml": {"name": "Pan", "status": "gone", "replaced_by": "pot"},
            "content/reviews/pot/index.md": review(
                "Text.[^1] :buy[b]{pot}\n\n## Ünïcode 标题\n\n![p](q.png)\n\n::product\n\n[^1]: Foot.\n",
                title="Pot",
                image="q.png",
                tags=["Kitchen", "铁"],
                evidence={"obtained": "gift", "method": "pages/about.md"},
                aliases=["/old/", "/o.html"],
                rating=4,
                verdict="v",
                but="b",
                cons=["c"],
            ),
            "content/reviews/pot/index.zh-CN.md": "---\ntitle: 锅\n---\n正文。[x](../../stories/s1.md)\n",
            "content/reviews/pot/q.png": PNG,
            "content/guides/g.md": article(
                ":::note\n::picks\n:::\n\n## One\n\n## Two\n\n## Three\n",
                picks=[{"product": "pot"}, {"product": "pan"}],
            ),
            "content/pages/about.md": article(title="About", date=None),
            **{
                f"content/stories/s{number}.md": article(
                    "## A heading\n\n:product{pot}",
                    title=f"S{number}",
                    date=f"2026-04-{number:02}",
                    series={"name": "Tale", "part": number},
                    tags=["Kitchen"],
                )
                for number in range(1, 8)
            },
            "content/stories/壶 ä.md": article("[r](../reviews/pot/index.md#ünïcode-标题)", title="壶"),
        },
        settings={
            "site": {"languages": ["en", "zh-CN"], "timezone": "Asia/Shanghai"},
            "seller": {**SELLER, "returns": "pages/about.md"},
            "check": {"severity": {"TR-01": "off"}},
            "sections": {"stories": {"per_page": 3}},
            "menu": [
                "reviews/",
                "stories/",
                {"to": "pages/about.md", "label": "Who"},
                {"to": "https://else.example/", "label": "Else"},
            ],
        },
        name=name,
    )


@pytest.mark.parametrize(
    "base", ["https://shop.example/", "https://example.org/shop/", "https://example.org:8443/a/b~c/"]
)
def test_every_reference_of_every_output_resolves(shop: ShopMaker, base: str) -> None:
    site = full(shop).build(base_url=base)
    assert (
        faults(site.output, base, str(site.root), "https://shop.example" if base != "https://shop.example/" else "\0")
        == []
    )


def test_the_checker_sees_what_is_broken(shop: ShopMaker) -> None:
    site = full(shop).build()
    page = site.file("/stories/s1/")
    page.write_text(
        page.read_text()
        .replace('href="/products/pot/"', 'href="/products/pto/"')
        .replace("</main>", '<i id="_main">\ufdd0</i><a href="#no">x</a><img src="/gone.png"></main>')
    )
    site.file("/feed.xml").write_text("<feed><a href='/x/'></feed>")
    site.file("/robots.txt").chmod(0o600)
    site.file("/reviews/pot/q.png").unlink()
    found = "\n".join(faults(site.output, "https://shop.example/"))
    for words in (
        "/products/pto/ leads nowhere",
        "two ids _main",
        "\\ufdd0",
        "#no has no such anchor",
        "/gone.png leads nowhere",
        "feed.xml is no XML",
        "has mode 600",
        "q.png leads nowhere",
    ):
        assert words in found, words


def built_apart(site: Shop, **env: str) -> str:
    """Build in a process of its own, into an empty output; return the tree's hash."""
    shutil.rmtree(site.output, ignore_errors=True)
    shutil.rmtree(site.state, ignore_errors=True)
    done = run("build", "-s", site.root, env=env)
    assert done.code == 0, done.err
    return tree_hash(site.output)


def test_the_same_bytes_under_every_environment(shop: ShopMaker) -> None:
    site = full(shop)
    first = tree_hash(site.build().output)
    assert built_apart(site, TZ="America/Los_Angeles", LC_ALL="C", PYTHONHASHSEED="1") == first
    assert built_apart(site, TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8", LANG="zh_CN.UTF-8", PYTHONHASHSEED="2") == first


def test_the_same_bytes_at_another_path_under_another_mask(shop: ShopMaker, tmp_path: Path) -> None:
    first = tree_hash(full(shop).build().output)
    old = os.umask(0o077)
    try:
        site = full(shop, "somewhere/else entirely 他处").build(output=tmp_path / "out" / "there")
    finally:
        os.umask(old)
    assert tree_hash(site.output) == first
    assert faults(site.output, "https://shop.example/", str(tmp_path)) == []


def test_the_same_bytes_whatever_the_order_of_folders(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    site = full(shop)
    first = tree_hash(site.build().output)
    other = full(shop, "other")
    real = os.scandir

    class Backwards:
        def __init__(self, folder: object) -> None:
            self._listing = real(folder)  # type: ignore[call-overload]

        def __enter__(self) -> Backwards:
            return self

        def __exit__(self, *_: object) -> None:
            self._listing.close()

        def __iter__(self) -> object:
            return iter(sorted(self._listing, key=lambda entry: entry.name, reverse=True))

    monkeypatch.setattr(os, "scandir", Backwards)
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda *given: sorted(listed(*given), reverse=True))
    other.build()
    monkeypatch.undo()
    assert tree_hash(other.output) == first


def test_the_order_in_which_files_were_written_does_not_matter(shop: ShopMaker) -> None:
    site = full(shop)
    first = tree_hash(site.build().output)
    other = full(shop, "other").build()
    for name in ("content/stories/s7.md", "content/reviews/pot/index.md", "content/makers/mei.md"):
        text = (other.root / name).read_text(encoding="utf-8")
        other.write({name: None}).check()
        other.write({name: text})
    assert tree_hash(other.build().output) == first
