"""`ccgen links record`: data/subids.csv holds what every purchase link of the site says, and is only ever added to."""

from __future__ import annotations

import csv
import io
import os
import re
import resource
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support import Html, Shop, ShopMaker, article, here, review

FAR: dict[str, Any] = {
    "name": "Far",
    "role": "affiliate",
    "url": "https://far.example/",
    "link": "https://t.example/c?u={url}&sid={sub}",
}
NEAR = {"name": "Near", "role": "none", "url": "https://near.example/"}
BODY = """See :buy[this]{pot}, or [there](https://far.example/sale).

::product{pot}

::compare{pot pan by=price}
"""
FILES = {
    "content/merchants/far.yaml": FAR,
    "content/merchants/near.yaml": NEAR,
    "content/products/pot.yaml": {"name": "Pot", "offers": ["https://far.example/pot", "https://near.example/pot"]},
    "content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]},
    "content/reviews/pot.md": review(BODY),
    "content/notes/n.md": article(":buy[a]{pan slot=top}"),
}
SUBIDS = "data/subids.csv"


def record(site: Shop, *more: str) -> Any:
    return here("links", "record", "-s", site.root, *more)


def rows(site: Shop) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((site.root / SUBIDS).read_text(encoding="utf-8"))))


def published(site: Shop) -> set[str]:
    """Every sub-id that a reader can follow: in pages and in feeds."""
    found = set()
    for path, data in site.outputs().items():
        if path.endswith((".html", ".xml", ".json")):
            text = data.decode().replace("&amp;", "&").replace("&amp;", "&")
            for href in re.findall(r"https://t\.example/c\?[^\"'<>\\ ]+", text):
                found |= set(parse_qs(urlsplit(href).query)["sid"])
    return found


def test_the_map_is_what_the_site_publishes(shop: ShopMaker) -> None:
    site = shop(FILES).build()
    done = record(site)
    assert done.code == 0, done.err
    assert {one["sub"] for one in rows(site)} == published(site)
    assert done.err.splitlines()[-1] == f"{len(rows(site))} sub-ids added to data/subids.csv, 0 there before"
    assert [tuple(one.values()) for one in rows(site) if one["article"] == "reviews/pot"] == [
        ("reviews_pot_buy-1_pot", "reviews/pot", "buy-1", "pot", "far", "2026-06-01"),
        ("reviews_pot_compare-1_pan", "reviews/pot", "compare-1", "pan", "far", "2026-06-01"),
        ("reviews_pot_compare-1_pot", "reviews/pot", "compare-1", "pot", "far", "2026-06-01"),
        ("reviews_pot_link-1_link", "reviews/pot", "link-1", "", "far", "2026-06-01"),
        ("reviews_pot_product-1_pot", "reviews/pot", "product-1", "pot", "far", "2026-06-01"),
    ]
    assert {one["article"] for one in rows(site)} == {"reviews/pot", "notes/n", "products/pot", "products/pan"}


def test_what_is_known_is_not_written_again(shop: ShopMaker) -> None:
    site = shop(FILES)
    record(site)
    before = (site.root / SUBIDS).read_bytes()
    assert record(site, "--clock", "2026-07-01").out == ""
    assert (site.root / SUBIDS).read_bytes() == before
    site.write({"content/notes/m.md": article("::product{pot}")})
    done = record(site, "--clock", "2026-07-01")
    after = (site.root / SUBIDS).read_bytes()
    assert after == before + b"notes_m_product-1_pot,notes/m,product-1,pot,far,2026-07-01\n"
    assert done.out == "notes_m_product-1_pot\tnotes/m\tproduct-1\tpot\tfar\n"


def test_what_left_the_site_stays_known(shop: ShopMaker) -> None:
    site = shop(FILES)
    record(site)
    before = rows(site)
    site.write({"content/notes/n.md": None})
    assert record(site).code == 0
    assert rows(site) == before


def test_a_card_above_for_another_product_renames_nothing(shop: ShopMaker) -> None:
    site = shop(FILES).build()
    before = site.page("/reviews/pot/").hrefs(".prose a[href*=sid]")
    site.edit("content/reviews/pot.md", "See :buy", "::product{pan}\n\n:buy[pan]{pan} See :buy").build()
    after = site.page("/reviews/pot/").hrefs(".prose a[href*=sid]")
    assert len(before) == len(set(before)) == 5
    assert set(before) < set(after)
    assert len(after) - len(before) == 2


def test_a_named_slot_renames_nothing_at_all(shop: ShopMaker) -> None:
    site = shop({**FILES, "content/notes/n.md": article("::product{pot slot=end}")}).build()
    (before,) = [one for one in site.page("/notes/n/").hrefs(".prose a") if "sid=notes_n" in one]
    site.edit("content/notes/n.md", "::product{pot slot=end}", "::product{pot}\n\n::product{pot slot=end}").build()
    assert [one for one in site.page("/notes/n/").hrefs(".prose a") if "sid=notes_n" in one][1] == before


def test_a_translation_is_an_article_of_its_own(shop: ShopMaker) -> None:
    site = shop(
        {**FILES, "content/notes/n.zh-CN.md": "---\ntitle: 笔记\n---\n:buy[买]{pan}\n"},
        settings={"site": {"languages": ["en", "zh-CN"]}},
    )
    assert record(site).code == 0
    found = {one["article"]: one["sub"] for one in rows(site) if one["article"].endswith("notes/n")}
    assert found == {"notes/n": "notes_n_top_pan", "zh-CN/notes/n": "zh-CN_notes_n_buy-1_pan"}


def test_drafts_are_recorded_when_asked_for(shop: ShopMaker) -> None:
    site = shop({**FILES, "content/notes/d.md": article("::product{pot}", draft="yes")})
    record(site)
    assert "notes/d" not in {one["article"] for one in rows(site)}
    record(site, "--drafts")
    assert "notes/d" in {one["article"] for one in rows(site)}


def test_as_json(shop: ShopMaker) -> None:
    site = shop(FILES)
    first, second = record(site, "--json").json, record(site, "--json").json
    assert first["ok"] is second["ok"] is True
    assert first["path"] == SUBIDS
    assert [one["sub"] for one in first["added"]] == [one["sub"] for one in rows(site)]
    assert (second["added"], second["known"]) == ([], len(rows(site)))


def test_a_site_without_sub_ids_writes_nothing(shop: ShopMaker) -> None:
    site = shop({"content/notes/n.md": article(":buy[a]{pot}")})
    assert record(site).code == 0
    assert not (site.root / "data").exists()


def test_a_broken_site_writes_nothing(shop: ShopMaker) -> None:
    site = shop({**FILES, "content/notes/n.md": article("::product{pott}")})
    done = record(site)
    assert done.code == 1
    assert "unknown-product" in done.err
    assert "nothing was written" in done.err
    assert not (site.root / "data").exists()


HEADER = "sub,article,slot,product,merchant,first\n"
ROW = "a_b_c_d,a/b,c,d,far,2026-01-01\n"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("sub,article\n", "bad-sub-ids", "1:1"),
        ("sub;article;slot;product;merchant;first\n", "bad-sub-ids", "1:1"),
        (HEADER + ROW + "<<<<<<< ours\n", "bad-sub-ids", "3:1"),
        (HEADER + "a_b_c_d,,c,d,far,2026-01-01\n", "bad-sub-ids", "2:9"),
        (HEADER + "a_b_c_d,a/b,c,d,far,yesterday\n", "bad-sub-ids", "2:21"),
        (HEADER + 'a_b_c_d,a/b,"c,d,far,2026-01-01\n', "csv-quote", "2:13"),
        (HEADER + "caf\xe9".encode("latin-1").decode("latin-1"), "bad-sub-ids", "2:1"),
    ],
)
def test_a_damaged_map_is_told_at_its_line_and_left_alone(shop: ShopMaker, text: str, code: str, place: str) -> None:
    site = shop({**FILES, SUBIDS: text})
    done = record(site)
    assert done.code == 1
    assert f"error[{code}]" in done.err
    assert f"{SUBIDS}:{place}" in done.err
    assert (site.root / SUBIDS).read_text(encoding="utf-8") == text


def test_a_map_in_another_encoding_is_left_alone(shop: ShopMaker) -> None:
    site = shop({**FILES, SUBIDS: HEADER.encode("utf-16")})
    done = record(site)
    assert (done.code, (site.root / SUBIDS).read_bytes()) == (1, HEADER.encode("utf-16"))
    assert "not-utf8" in done.err


def test_line_ends_and_a_missing_last_one_are_kept(shop: ShopMaker) -> None:
    text = (HEADER + ROW).replace("\n", "\r\n").rstrip()
    site = shop({**FILES, SUBIDS: "\ufeff" + text})
    assert record(site).code == 0
    after = (site.root / SUBIDS).read_bytes()
    assert after.startswith(f"\ufeff{text}\r\n".encode())
    assert after.count(b"\n") == after.count(b"\r\n") == len(published(site.build())) + 2


def test_two_places_with_one_sub_id_are_an_error(shop: ShopMaker) -> None:
    old = "notes_n_top_pan,notes/other,top,pan,far,2026-01-01\n"
    site = shop({**FILES, SUBIDS: HEADER + old})
    done = record(site)
    assert done.code == 1
    assert "error[AT-01]" in done.err
    assert (site.root / SUBIDS).read_text(encoding="utf-8") == HEADER + old


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_an_environments_fault(shop: ShopMaker) -> None:
    site = shop({**FILES, SUBIDS: HEADER})
    (site.root / "data").chmod(0o500)
    try:
        assert record(site).code == 3
    finally:
        (site.root / "data").chmod(0o755)


def test_a_disk_that_is_full_leaves_the_map_and_nothing_beside_it(shop: ShopMaker) -> None:
    """A limit on the size of files stands for it: the kernel takes the first bytes and refuses the rest."""
    site = shop({**FILES, SUBIDS: HEADER})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150, hard))
    try:
        done = record(site)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert done.code == 3
    assert f"{SUBIDS}.new" in done.err
    assert (site.root / SUBIDS).read_text(encoding="utf-8") == HEADER
    assert [one.name for one in (site.root / "data").iterdir()] == ["subids.csv"]


def test_a_map_that_is_a_folder_is_an_environments_fault(shop: ShopMaker) -> None:
    site = shop(FILES)
    (site.root / SUBIDS).mkdir(parents=True)
    done = record(site)
    assert done.code == 3
    assert "Traceback" not in done.err


def test_a_link_to_a_file_elsewhere_stays_a_link(shop: ShopMaker, tmp_path: Path) -> None:
    site = shop(FILES)
    (site.root / "data").mkdir()
    (tmp_path / "shared.csv").write_text(HEADER, encoding="utf-8")
    (site.root / SUBIDS).symlink_to(tmp_path / "shared.csv")
    assert record(site).code == 0
    assert (site.root / SUBIDS).is_symlink()
    assert (tmp_path / "shared.csv").read_text(encoding="utf-8").count("\n") > 1


# --- raw links in Markdown -------------------------------------------------------------------------------------------


def test_a_raw_link_to_a_merchant_gets_rel_mark_and_sub_id_and_no_other_does(shop: ShopMaker) -> None:
    text = (
        "[there](https://www.far.example/sale?a=1#b) [again](https://far.example/sale) [near](https://near.example/x) "
        "[else](https://notfar.example/) [mail](mailto:a@far.example) [home](/) [rev](../reviews/pot.md) "
        "![p](https://far.example/p.png)"
    )
    site = shop({**FILES, "content/notes/n.md": article(text)}).build()
    page = site.page("/notes/n/")
    found = {}
    for node in page.css(".prose a"):
        mark = node.next.next if node.next is not None and node.next.text() == " " else None
        marked = mark is not None and mark.attributes.get("class") == "mark"
        found[node.text()] = (node.attributes.get("rel"), marked, str(node.attributes["href"]))
    first, second = found.pop("there"), found.pop("again")
    assert first[:2] == second[:2] == ("sponsored nofollow noopener", True)
    assert parse_qs(urlsplit(first[2]).query) == {
        "u": ["https://www.far.example/sale?a=1#b"],
        "sid": ["notes_n_link-1_link"],
    }
    assert parse_qs(urlsplit(second[2]).query)["sid"] == ["notes_n_link-2_link"]
    assert {name: (rel, marked) for name, (rel, marked, _) in found.items()} == {
        "near": ("noopener", False),
        "else": ("noopener", False),
        "mail": (None, False),
        "home": (None, False),
        "rev": (None, False),
    }
    assert not any("t.example" in href for _, _, href in found.values())
    assert page.one(".prose img").attributes["src"] == "https://far.example/p.png"


def test_the_feed_marks_a_raw_link_too(shop: ShopMaker) -> None:
    site = shop({**FILES, "content/notes/n.md": article("[there](https://far.example/sale)")}).build()
    items = site.json("/notes/feed.json")["items"]
    link = Html(items[0]["content_html"]).one("a[href*='t.example']")
    assert link.attributes["rel"] == "sponsored nofollow noopener"
    assert "sid=notes_n_link-1_link" in str(link.attributes["href"])
