"""An edit that only its own pages can show amends the plan of the last build; any other plans the site. Both equal a clean build."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from unittest.mock import patch

import pytest
from support import SELLER, Shop, ShopMaker, article, outputs_of, review

from ccgen.model.packed import pack, unpack
from ccgen.pipeline import edited, making

CLOCK = {"clock": "2026-06-01"}
FIRST, SECOND = "content/stories/first.md", "content/stories/second.md"
POT, CUP = "content/products/pot.yaml", "content/products/cup.yaml"


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    """Let builds begin two seconds after the last edit, so that files are settled."""
    real = time.time_ns
    with patch.object(time, "time_ns", lambda: real() + 2_000_000_000):
        yield


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    far = {"url": "https://far.example/pot", "price": "20.00", "checked": "2026-05-30"}
    near = {"url": "https://near.example/pot", "price": "30.00", "checked": "2026-05-30"}
    made = shop(
        {
            "content/merchants/far.yaml": {"name": "Far", "role": "affiliate", "url": "https://far.example/", "add": {"r": "s"}},
            "content/merchants/near.yaml": {"name": "Near", "role": "none", "url": "https://near.example/"},
            "content/merchants/ours.yaml": {"name": "Ours", "role": "ours", "url": "https://ours.example/"},
            POT: {"name": "Pot", "offers": [far, near]},
            CUP: {"name": "Cup", "offers": [{"url": "https://ours.example/cup", "price": "7.00"}]},
            "content/products/pan.md": "---\nname: Pan\n---\nA pan [for this](../stories/first.md).\n",
            FIRST: article(
                "It begins.\n\n## How\n\nSee [the pan](../products/pan.md) and :buy[this]{pot}.\n\n::product{pot}\n\nThe end.\n",
                title="First", date="2026-05-01",
            ),
            "content/stories/first.zh-CN.md": "---\ntitle: 一\n---\n开始。\n\n::product{pot}\n\n结束。\n",
            SECOND: article("See [how](first.md#how).\n\nThe end.\n", title="Second", date="2026-05-02"),
            "content/stories/later.md": article("Later.\n\nThe end.\n", title="Later", date="2026-07-01"),
            "content/stories/marked.md": "---\ntitle: Marked #1\ndate: 2026-05-03\n---\nText.\n\nThe end.\n",
            "content/reviews/pot.md": review("::product\n\nThe end.\n", title="Pot", product="pot"),
        },
        settings={"site": {"languages": ["en", "zh-CN"]}, "seller": SELLER},
    )  # fmt: skip
    return made.build(**CLOCK)


def amended(site: Shop, **flags: str) -> bool:
    """Build once more; say whether the plan was amended. What is there then is what a clean build makes, and what is said."""
    with patch.object(making, "open_project", wraps=making.open_project) as opened:
        site.build(**{**CLOCK, **flags})
    was_planned, rendered, told = opened.called, site.rendered, site.told()
    clean = site.root / "clean"
    site.build(
        **{**CLOCK, **flags}, output=clean / f"{len(told)}{time.time_ns()}", state=clean / f"state{time.time_ns()}"
    )
    assert outputs_of(site.root / "site") == site.outputs()
    assert [one for one in told if " edited-output " not in one] == site.told()
    site.build(**{**CLOCK, **flags})
    assert site.rendered == set()
    assert site.built is not None
    site.built = site.built._replace(rendered=tuple(rendered))
    return not was_planned


def edit(path: str, old: str, new: str) -> Callable[[Shop], object]:
    return lambda site: site.edit(path, old, new)


def both(*edits: Callable[[Shop], object]) -> Callable[[Shop], object]:
    return lambda site: [one(site) for one in edits]


AMENDED = {
    "prose": (edit(FIRST, "The end.", "The very end, it was."), {"stories/first/index.html"}),
    "prose of a translation": (edit("content/stories/first.zh-CN.md", "结束。", "真的结束。"), {"zh-CN/stories/first/index.html"}),
    "prose of what is not published": (edit("content/stories/later.md", "The end.", "No end."), set()),
    "a price": (edit(POT, "30.00", "31.00"), {"products/pot/index.html"}),
    "when a price was seen": (edit(POT, '"20.00",\n   "checked": "2026-05-30"', '"20.00",\n   "checked": "2026-05-31"'), {"products/pot/index.html"}),
    "prose and a price": (both(edit(SECOND, "The end.", "An end."), edit(POT, "30.00", "31.00")), {"products/pot/index.html", "stories/second/index.html"}),
    "nothing but a time": (lambda site: (site.root / FIRST).touch(), set()),
}  # fmt: skip


@pytest.mark.parametrize("name", AMENDED)
def test_what_shows_on_its_own_pages_only_is_amended(site: Shop, name: str) -> None:
    change, pages = AMENDED[name]
    change(site)
    assert amended(site)
    assert pages <= site.rendered
    assert bool(pages) == bool(site.rendered)


def test_one_amendment_after_another(site: Shop) -> None:
    for number in range(3):
        (site.root / FIRST).write_text(
            (site.root / FIRST).read_text(encoding="utf-8") + f"\nMore, {number}.\n", encoding="utf-8"
        )
        assert amended(site)
        site.edit(POT, f"3{number}.00", f"3{number + 1}.00")
        assert amended(site)
    assert not amended(site.edit(FIRST, "First", "The first"))
    assert amended(site.edit(FIRST, "The end.", "An end."))


def breaks(site: Shop) -> None:
    with closing(sqlite3.connect(next((site.root / ".ccgen/state").glob("*.db")))) as database, database:
        database.execute("UPDATE owners SET facts = x'c1'")


PLANNED = {
    "title": edit(FIRST, "First", "The first"),
    "first paragraph": edit(FIRST, "It begins.", "It began."),
    "heading": edit(FIRST, "## How", "## How\n\n## Why"),
    "link": edit(FIRST, "../products/pan.md", "second.md"),
    "link in raw HTML": edit(FIRST, "The end.", '<a href="second.md">The end.</a>'),
    "card": edit(FIRST, "::product{pot}", "::product{cup}"),
    "parameter": edit(FIRST, "::product{pot}", "::product{pot layout=compact}"),
    "prose with something to say of it": edit("content/stories/marked.md", "The end.", "An end."),
    "a product's words": edit("content/products/pan.md", "A pan", "One pan"),
    "a product's name": edit(POT, "Pot", "Great pot"),
    "offers in another order": edit(POT, "20.00", "32.00"),
    "availability": edit(POT, '"30.00",', '"30.00", "availability": "out_of_stock",'),
    "price of our own": edit(CUP, "7.00", "8.00"),
    "price that is not shown": edit(POT, '"20.00",\n   "checked": "2026-05-30"', '"20.00",\n   "checked": "2026-01-01"'),
    "no price": edit(POT, '"price": "30.00",', ""),
    "settings": lambda site: site.set(site={"title": "Another"}),
    "merchant": edit("content/merchants/far.yaml", '"Far"', '"Farther"'),
    "new file": lambda site: site.write({"content/stories/new.md": article("New.", title="New", date="2026-05-04")}),
    "file gone": lambda site: site.write({"content/stories/marked.md": None}),
    "output edited": both(edit(FIRST, "The end.", "An end."), lambda site: site.file("/stories/second/").write_text("x")),
    "output gone": both(edit(FIRST, "The end.", "An end."), lambda site: site.file("/stories/second/").unlink()),
    "a fact that cannot be read": both(edit(FIRST, "The end.", "An end."), breaks),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANNED)
def test_anything_else_plans_the_site(site: Shop, name: str) -> None:
    PLANNED[name](site)
    assert not amended(site)


def test_other_flags_plan_the_site(site: Shop) -> None:
    site.edit(FIRST, "The end.", "An end.")
    assert not amended(site, clock="2026-07-02")  # the clock brings another article
    site.edit(FIRST, "An end.", "The end.")
    assert not amended(site, clock="2026-05-31")  # the clock went back


def test_rules_that_judge_words_or_prices_plan_the_site(site: Shop) -> None:
    site.set(check={"severity": {"TR-04": "error"}}).build(**CLOCK)
    assert not amended(site.edit(FIRST, "The end.", "An end."))


def test_what_another_build_read_since_is_not_taken_for_what_was_planned(site: Shop) -> None:
    """Two output folders share what was read; the second must not hide an edit from the first."""
    site.edit(FIRST, "First", "The first")
    site.build(**CLOCK, output=site.root / "other")
    assert not amended(site)
    site.edit(FIRST, "The end.", "An end.")
    site.build(**CLOCK, output=site.root / "other")
    assert amended(site)


def test_a_fault_in_amended_prose_is_told_like_any_other(site: Shop) -> None:
    before = outputs_of(site.root / "site")
    site.edit(FIRST, "The end.", "See [nothing](nothing.md).\n\n::none\n")
    assert {"broken-link", "unknown-directive"} <= set(site.fails(**CLOCK))
    assert outputs_of(site.root / "site") == before
    site.edit(FIRST, "See [nothing](nothing.md).\n\n::none\n", "The end.")
    assert amended(site)


def test_facts_come_back_from_their_bytes(site: Shop) -> None:
    site.write(
        {
            "content/stories/extra.md": article(
                "Text.\n\n::product{pot layout=compact}\n\n:::compare{pot,cup rows=price}\n:::\n", title="Extra", date="2026-05-05",
                extra={"one": "1", "several": ["a", "b"], "deep": {"b": ["x"], "a": "y"}},
            )
        }
    )  # fmt: skip
    facts = site.project(**CLOCK).plan.facts.groups
    assert any(getattr(group, "extra", None) for groups in facts.values() for group in groups)
    for owner, groups in facts.items():
        back = unpack(owner, pack(groups))
        assert tuple(back) == groups
        assert list(map(type, back)) == list(map(type, groups))


def test_prose_edits_of_every_kind_leave_the_facts_that_amending_assumes(site: Shop) -> None:
    """Whatever is planned anew after an edit that keeps a face is what amending makes of the old plan."""
    old = site.project(**CLOCK)
    for path in (FIRST, SECOND, "content/stories/first.zh-CN.md"):
        site.edit(
            path,
            "The end." if "zh" not in path else "结束。",
            "*Quite* `an` end, with ten or so words more.\n\n> It was.\n\n- So\n",
        )
    site.edit(POT, "30.00", "31.00")
    new = site.project(**CLOCK)
    assert {one.path: one.face for one in old.loaded.articles} == {one.path: one.face for one in new.loaded.articles}
    part = new.loaded
    made = edited.amended(site.config(**CLOCK)[0], part, old.plan.facts.groups)
    assert made is not None
    expected = {owner: made.groups.get(owner, groups) for owner, groups in old.plan.facts.groups.items()}
    assert expected == new.plan.facts.groups
    assert expected != old.plan.facts.groups


DAMAGE = {
    "an owner's facts are gone": "DELETE FROM owners WHERE name LIKE 'article:en:stories/first'",
    "all facts are gone": "DELETE FROM owners",
    "facts are no bytes": "UPDATE owners SET facts = 7",
    "reads are no bytes": "UPDATE outputs SET reads = 7",
    "reads are cut": "UPDATE outputs SET reads = x'80'",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_no_edit_is_lost_in_a_damaged_record(site: Shop, name: str) -> None:
    """Whoever has no facts is not published, as far as an amended plan can tell: that must be so."""
    site.edit(FIRST, "The end.", "An end.")
    with closing(sqlite3.connect(next((site.root / ".ccgen/state").glob("*.db")))) as database, database:
        database.execute(DAMAGE[name])
    site.build(**CLOCK)
    assert "An end." in site.text("/stories/first/")
    amended(site)
