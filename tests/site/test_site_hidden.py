"""What is not published now is nowhere, and the summary says so."""

from __future__ import annotations

import pytest
from support import CLOCK, PNG, Shop, ShopMaker, article, here, review

WORD = "Quokka"
HIDDEN = {
    "draft": ({"draft": True, "date": "2026-05-01"}, "2026-05-01", "--drafts"),
    "scheduled": ({"date": "2026-07-01"}, "2026-07-01", "--future"),
    "expired": ({"date": "2026-04-01", "expires": "2026-05-15"}, "2026-05-15", "--clock"),
}


def hiding(shop: ShopMaker, meta: dict[str, object]) -> Shop:
    return shop(
        {
            "content/reviews/quokka/index.md": review(
                f"{WORD} text.\n\n::product{{pot}}\n\n![{WORD}](quokka.png)\n",
                title=f"{WORD} title",
                tags=[f"{WORD} tag"],
                series=f"{WORD} series",
                aliases=["/old-quokka/"],
                verdict=f"{WORD} verdict",
                but="b",
                cons=["c"],
                rating=4,
                image="quokka.png",
                **meta,
            ),
            "content/reviews/quokka/quokka.png": PNG,
            "content/reviews/quokka/deep/quokka-2.png": PNG,
            "content/reviews/other.md": review(title="Other"),
        }
    )


@pytest.mark.parametrize("reason", HIDDEN)
def test_hidden_is_absent_from_everything(shop: ShopMaker, reason: str) -> None:
    meta, date, flag = HIDDEN[reason]
    site = hiding(shop, meta).build()
    assert site.holding(WORD, WORD.lower()) == {}
    assert site.built is not None
    (hidden,) = site.built.hidden
    assert (hidden.path, hidden.reason, hidden.date) == ("content/reviews/quokka/index.md", reason, date)
    assert flag in hidden.flag


@pytest.mark.parametrize(
    ("reason", "flags"),
    [("draft", {"drafts": True}), ("scheduled", {"future": True}), ("expired", {"clock": "2026-05-01"})],
)
def test_the_named_flag_shows_it(shop: ShopMaker, reason: str, flags: dict[str, object]) -> None:
    site = hiding(shop, HIDDEN[reason][0]).build(**flags)
    assert site.built is not None
    assert site.built.hidden == ()
    assert {"reviews/quokka/index.html", "reviews/quokka/quokka.png", "tags/quokka-tag/index.html"} <= set(
        site.outputs()
    )


@pytest.mark.parametrize("reason", HIDDEN)
def test_the_summary_names_it_with_its_date_and_flag(shop: ShopMaker, reason: str) -> None:
    meta, date, flag = HIDDEN[reason]
    site = hiding(shop, meta)
    done = here("build", "-s", site.root)
    assert done.code == 0
    (line,) = [line for line in done.err.splitlines() if "quokka" in line]
    assert all(word in line for word in ("content/reviews/quokka/index.md", reason, date, flag))


def test_a_page_that_goes_out_takes_everything_with_it(shop: ShopMaker) -> None:
    site = hiding(shop, {}).build()
    before = site.outputs()
    assert "reviews/quokka/deep/quokka-2.png" in before
    site.edit("content/reviews/quokka/index.md", "cons:", "draft: yes\ncons:").build()
    assert site.holding(WORD, WORD.lower()) == {}
    site.edit("content/reviews/quokka/index.md", "draft: yes\n", "").build()
    assert site.outputs() == before


def test_time_alone_publishes_and_expires(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/soon.md": article(title="Soon", date="2026-06-01 06:00"),
            "content/notes/over.md": article(title="Over", expires="2026-06-01 05:00"),
            "content/notes/always.md": article(title="Always"),
        },
        settings={"site": {"timezone": "Asia/Shanghai"}},
    )
    titles = []
    for clock in (CLOCK, "2026-06-01 05:59", "2026-06-01 06:00", "2026-05-31T22:00:00Z"):
        site.build(clock=clock)
        titles.append(sorted(node.text() for node in site.page("/").css(".teaser-title")))
    assert titles == [["Always", "Over"], ["Always"], ["Always", "Soon"], ["Always", "Soon"]]


def test_the_plan_knows_when_the_site_next_changes(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article(date="2026-07-01"),
            "content/notes/b.md": article(expires="2026-06-20"),
            "content/products/pot.yaml": {
                "name": "Pot",
                "checked": "2026-05-29",
                "offers": [{"url": "https://far.example/pot", "price": "9.00"}],
            },
        }
    )
    coming = site.project().plan.next_change
    assert coming is not None
    assert coming.date().isoformat() == "2026-06-05"
    coming = site.project(clock="2026-06-06").plan.next_change
    assert coming is not None
    assert coming.date().isoformat() == "2026-06-20"


def test_a_translation_of_a_draft_is_hidden_too(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article("One.", draft=True),
            "content/notes/a.zh-CN.md": "---\ntitle: 袋鼠\n---\n袋鼠。\n",
        },
        settings={"site": {"languages": ["en", "zh-CN"]}},
    ).build()
    assert site.holding("袋鼠") == {}
    assert site.built is not None
    assert len(site.built.hidden) == 2


def test_a_link_to_a_hidden_page_is_an_error_at_its_place(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article("See\n[it](b.md) soon."),
            "content/notes/b.md": article(date="2026-07-01"),
        }
    )
    (problem,) = site.fails()["link-to-hidden"]
    assert site.place(problem) == "content/notes/a.md:6:6"
    assert "2026-07-01" in problem.message
    assert "--future" in problem.hint
    site.build(future=True)


def test_unlisted_has_its_page_and_stands_nowhere_else(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/stories/quokka/index.md": article(
                "Quokka.\n\n![q](q.png)\n\n::product{pot}\n",
                title="Quokka",
                unlisted=True,
                tags=["Secret"],
                series="Hush",
            ),
            "content/stories/quokka/q.png": PNG,
            "content/stories/other.md": article("[Psst](quokka/index.md)", title="Other"),
        }
    ).build()
    page = site.page("/stories/quokka/")
    assert page.one("meta[name=robots]").attributes["content"] == "noindex"
    assert "Secret" not in page.text
    assert site.page("/stories/other/").has(".prose a[href='/stories/quokka/']")
    holding = set(site.holding("Quokka", "quokka", "Secret", "secret", "Hush", "hush"))
    # The page, its picture, and the article that links to it (which a feed gives in full).
    assert holding == {
        "stories/quokka/index.html",
        "stories/quokka/q.png",
        "stories/other/index.html",
        *(f"{folder}feed.{kind}" for folder in ("", "stories/", "people/ada/") for kind in ("xml", "json")),
    }
    assert not site.holding("Quokka").get("sitemap.xml")
