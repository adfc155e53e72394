"""`explain` says which fact changed, how, and in which file that is written; and what reads a source."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support import SELLER, Compiling, Shop, ShopMaker, article, here, review

from ccgen.model.parts import owner_kind
from ccgen.pipeline.explaining import Explained, Explanation, explain
from ccgen.pipeline.origins import Origins

THEME = "themes/own/theme.yaml"
FILES: dict[str, Any] = {
    THEME: "version: 1.0.0\nextends: plain\noptions:\n  mood: {type: text, default: calm}\n",
    "themes/own/i18n/en.yaml": "greeting: Good day\n",
    "themes/own/templates/parts/foot.html": "<p>foot</p>",
    "themes/own/templates/article/note.html": (
        '{% extends "plain/article/note.html" %}{% block article_body %}{{ super() }}'
        '<p>{{ theme.mood }} {{ t("greeting") }}</p>{% include "parts/foot.html" %}{% endblock %}'
    ),
    "content/products/pot.yaml": {
        "name": "Pot",
        "offers": [{"merchant": "far", "url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}],
    },
    "content/notes/one.md": article("One.\n\n::product{pot}\n", title="One", tags=["Clay"]),
    "content/notes/two.md": article("Two. [One](one.md)", title="Two", date="2026-05-02"),
    "content/reviews/pot.md": review("Good.", title="Pot, reviewed"),
    "content/notes/never.md": article("Never.", title="Never", draft=True),
}

SETTINGS = {"theme": {"name": "own"}}
POLICIES = {
    f"content/pages/{name}.md": article("Thirty days.", title=name.title(), date=None)
    for name in ("returns", "shipping")
}


COMPILING = Compiling()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The site, built once for all tests."""
    with COMPILING.once():
        return Shop(tmp_path_factory.mktemp("model") / "shop", FILES, SETTINGS).build()


@pytest.fixture
def site(model: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A copy of it."""
    shutil.copytree(model.root, tmp_path / "site")
    with COMPILING.once():
        yield Shop(tmp_path / "site", FILES, SETTINGS)


def explained(site: Shop, target: str) -> Explanation:
    config, warnings = site.config()
    return explain(config, target, warnings)


def one(site: Shop, target: str) -> Explained:
    (found,) = explained(site, target).outputs
    return found


def changes(site: Shop, target: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {change.key: (change.how, change.sources) for change in one(site, target).changed}


def test_what_is_as_it_was_is_fresh(site: Shop) -> None:
    for path in site.outputs():
        if path != ".gitignore":
            for found in explained(site, path).outputs:
                assert (found.fresh, found.reasons, found.changed) == (True, (), ())
                assert found.reads


def test_every_fact_has_a_source(site: Shop) -> None:
    site.write({"content/categories/pots.yaml": {"name": "Pots"}})
    project = site.project()
    origins = Origins(project, ())
    kinds = set()
    for owner, groups in project.plan.facts.groups.items():
        kinds.add(owner_kind(owner))
        for number in range(len(groups)):
            assert origins.of(owner, number), owner
    assert kinds >= {"article", "category", "feed", "home", "list", "menu", "product", "section", "sitemap", "tag"}


EDITS: dict[str, tuple[Callable[[Shop], object], str, str, str, str]] = {
    # what is done, the output asked for, the key that must be named, how it changed, and where that is written
    "a text": (
        lambda site: site.edit("content/notes/one.md", "One.", "Other."),
        "/notes/one/", "article:en:notes/one body", "changed", "content/notes/one.md",
    ),
    "a price": (
        lambda site: site.edit("content/products/pot.yaml", "9.00", "8.00"),
        "/notes/one/", "product:en:pot offers", "changed", "content/products/pot.yaml",
    ),
    "a merchant's name": (
        lambda site: site.edit("content/merchants/far.yaml", "Far Shop", "Near Shop"),
        "/notes/one/", "merchant:en:far name", "changed", "content/merchants/far.yaml",
    ),
    "a template": (
        lambda site: site.edit("themes/own/templates/article/note.html", "<p>", "<p id=m>"),
        "/notes/two/", "template:article/note.html digest", "changed", "themes/own/templates/article/note.html",
    ),
    "a template in another's reach": (
        lambda site: site.edit("themes/own/templates/parts/foot.html", "foot", "feet"),
        "/notes/two/", "template:article/note.html digest", "changed", "themes/own/templates/parts/foot.html",
    ),
    "a string": (
        lambda site: site.edit("themes/own/i18n/en.yaml", "Good day", "Good evening"),
        "/notes/two/", "string:en:greeting value", "changed", "themes/own/i18n/en.yaml",
    ),
    "a theme's option": (
        lambda site: site.edit(THEME, "calm", "bright"),
        "/notes/two/", "option:mood value", "changed", THEME,
    ),
    "the site's option": (
        lambda site: site.set(theme={"options": {"mood": "loud"}}),
        "/notes/two/", "option:mood value", "changed", "ccgen.yaml",
    ),
    "the title": (
        lambda site: site.set(site={"title": "Other"}),
        "/notes/two/", "site:en:title value", "changed", "ccgen.yaml",
    ),
    "a new article": (
        lambda site: site.write({"content/notes/new.md": article("New.", title="New", date="2026-05-03")}),
        "/notes/", "list:en:/notes/ items", "changed", "content/notes/new.md",
    ),
    "a new article of a tag": (
        lambda site: site.write({"content/notes/new.md": article("New.", title="New", tags=["Clay"])}),
        "/tags/clay/", "list:en:/tags/clay/ items", "changed", "content/notes/new.md",
    ),
    "a new article in the feed": (
        lambda site: site.write({"content/notes/new.md": article("New.", title="New", date="2026-05-03")}),
        "/feed.xml", "feed:en:/ feed", "changed", "content/notes/new.md",
    ),
    "an article that goes": (
        lambda site: site.edit("content/notes/two.md", " [One](one.md)", "").write({"content/notes/one.md": None}),
        "/notes/", "article:en:notes/one card", "gone", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_the_change_and_its_source_are_named(site: Shop, name: str) -> None:
    edit, target, key, how, source = EDITS[name]
    edit(site)
    found = one(site, target)
    assert not found.fresh
    assert "facts" in found.reasons
    (change,) = (change for change in found.changed if change.key == key)
    assert change.how == how
    assert (source in change.sources) if source else not change.sources
    assert change.old != change.new
    assert [len(digest) for digest in (change.old, change.new)] == {
        "new": [0, 8], "gone": [8, 0], "changed": [8, 8]
    }[how]  # fmt: skip
    site.build()
    assert found.path in site.rendered
    assert one(site, target).fresh


def test_only_the_templates_that_changed_are_named(site: Shop) -> None:
    site.edit("themes/own/templates/parts/foot.html", "foot", "feet")
    assert changes(site, "/notes/two/") == {
        "template:article/note.html digest": (
            "changed",
            ("themes/own/templates/article/note.html", "themes/own/templates/parts/foot.html"),
        ),
        "template:parts/foot.html digest": ("changed", ("themes/own/templates/parts/foot.html",)),
    }


def test_what_has_not_changed_is_not_named(site: Shop) -> None:
    site.edit("content/products/pot.yaml", "9.00", "8.00")
    assert changes(site, "/notes/one/") == {
        "product:en:pot offers": ("changed", ("content/products/pot.yaml", "content/merchants/far.yaml"))
    }
    assert one(site, "/notes/two/").fresh


def test_the_ledger_is_a_source_of_the_reductions_that_it_proves(shop: ShopMaker) -> None:
    days = [date(2026, 4, 1) + timedelta(days=number) for number in range(62)]
    rows = [f"{day},pot/far,{'12.00' if day.month < 5 else '9.00'},USD,record\n" for day in days]
    offer = {"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}
    site = shop(
        {
            **POLICIES,
            "data/prices.csv": "date,offer,amount,currency,source\n" + "".join(rows),
            "content/merchants/far.yaml": {"name": "Far Shop", "role": "ours", "url": "https://far.example/"},
            "content/products/pot.yaml": {
                "name": "Pot", "offers": [{**offer, "was": {"price": "12.00", "seen": "2026-04-30"}}]
            },
            "content/notes/one.md": article("::product{pot}"),
        },
        settings={"seller": {**SELLER, "returns": "pages/returns.md", "shipping": "pages/shipping.md"}},
    ).build()  # fmt: skip
    site.edit("content/products/pot.yaml", "2026-05-31", "2026-06-01")
    assert "data/prices.csv" in changes(site, "/notes/one/")["product:en:pot offers"][1]
    readers = {one.url: one.reads for one in explained(site, "data/prices.csv").readers}
    assert readers["/notes/one/"] == ("product:en:pot offers",)


def test_reasons_beside_facts(site: Shop) -> None:
    assert one(site, "/notes/one/").fresh
    site.file("/notes/one/").write_text("mine")
    site.file("/notes/two/").unlink()
    assert one(site, "/notes/one/").reasons == ("edited",)
    assert one(site, "/notes/two/").reasons == ("missing",)
    assert explained(site, "content/notes/never.md").hidden[0].reason == "draft"
    site.write({"content/notes/new.md": article(title="New")})
    assert one(site, "/notes/new/").reasons == ("new",)
    config, warnings = site.config(drafts=True)
    assert explain(config, "/notes/one/", warnings).outputs[0].reasons == ("flags",)


def test_an_output_that_is_made_no_more(site: Shop) -> None:
    site.edit("content/notes/two.md", " [One](one.md)", "").write({"content/notes/one.md": None})
    for target in ("/notes/one/", "notes/one/index.html", "site/notes/one/index.html"):
        assert one(site, target).reasons == ("removed",)
    site.build()
    assert not explained(site, "/notes/one/").outputs


def test_a_link_to_what_is_no_more_is_a_reason(site: Shop) -> None:
    """Where an author links is known before; where a template does, from the page alone."""
    site.write({"static/paper.txt": "paper"})
    site.edit("themes/own/templates/parts/foot.html", "foot", '<a href="/paper.txt">foot</a>').build()
    site.write({"static/paper.txt": None})
    found = one(site, "/notes/two/")
    assert (found.fresh, found.reasons, found.lost) == (False, ("links",), ("paper.txt",))
    assert "  lost:   paper.txt\n" in here("explain", "/notes/two/", "-s", site.root).out


def test_another_page_at_an_address_is_a_reason(site: Shop) -> None:
    site.write({"static/robots.txt": "User-agent: *\n"})
    assert one(site, "/robots.txt").reasons == ("other",)
    assert "it showed something else than it will" in here("explain", "/robots.txt", "-s", site.root).out


def test_an_address_on_a_page_that_becomes_an_offer_s_is_a_reason(site: Shop) -> None:
    near = {"name": "Near", "role": "none", "url": "https://near.example/"}
    site.write(
        {
            "content/merchants/near.yaml": near,
            "content/makers/smith.yaml": {"name": "Smith", "url": "https://near.example/knife"},
        }
    ).build()
    assert one(site, "/makers/smith/").reasons == ()
    site.write({"content/products/knife.yaml": {"name": "Knife", "offers": ["https://near.example/knife"]}})
    explained_as = one(site, "/makers/smith/")
    assert (explained_as.reasons, explained_as.changed) == (("answers",), ())
    told = here("explain", "/makers/smith/", "-s", site.root).out
    assert "an address on it leads to something else than it did" in told


@pytest.mark.parametrize(
    ("source", "url", "fact"),
    [
        ("content/products/pot.yaml", "/notes/one/", "product:en:pot offers"),
        ("content/merchants/far.yaml", "/notes/one/", "merchant:en:far name"),
        ("content/notes/one.md", "/notes/", "article:en:notes/one card"),
        ("themes/own/templates/parts/foot.html", "/notes/two/", "template:article/note.html digest"),
        ("themes/own/i18n/en.yaml", "/notes/two/", "string:en:greeting value"),
        (THEME, "/notes/two/", "option:mood value"),
        ("ccgen.yaml", "/notes/two/", "site:en:title value"),
    ],
)
def test_what_reads_a_source(site: Shop, source: str, url: str, fact: str) -> None:
    readers = {one.url: one for one in explained(site, source).readers}
    assert fact in readers[url].reads
    assert readers[url].fresh
    assert explained(site, str(site.root / source)).readers == tuple(readers.values())


def test_what_does_not_read_a_source_is_not_named(site: Shop) -> None:
    found = explained(site, "content/products/pot.yaml")
    assert "/notes/two/" not in {one.url for one in found.readers}
    assert {one.path for one in found.outputs} == {"products/pot/index.html"}
    assert not {one.path for one in found.outputs} & {one.path for one in found.readers}


def test_nothing_is_written(site: Shop) -> None:
    site.edit("content/products/pot.yaml", "9.00", "8.00")

    def marks() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in site.root.rglob("*")}

    before = marks()
    explained(site, "/notes/one/")
    assert marks() == before


def test_the_verb(site: Shop) -> None:
    site.edit("content/products/pot.yaml", "9.00", "8.00")
    out = here("explain", "/notes/one/", "-s", site.root).out
    assert "  state:  would be rendered: what it reads has changed\n" in out
    (line,) = (line for line in out.splitlines() if "changed: " in line)
    assert line.startswith("  changed: product:en:pot offers (")
    assert line.endswith(") ← content/products/pot.yaml, content/merchants/far.yaml")
    assert " → " in line
    out = here("explain", "content/products/pot.yaml", "-s", site.root).out
    assert "\n  /notes/one/  (would be rendered)\n" in out
    assert "\n    product:en:pot card, name, offers" in out
    value = here("explain", "content/products/pot.yaml", "--json", "-s", site.root).json
    assert {"outputs", "readers", "hidden", "problems"} == value.keys()
    assert value["readers"][0].keys() == {"url", "path", "fresh", "reads"}
    (change,) = here("explain", "/notes/one/", "--json", "-s", site.root).json["outputs"][0]["changed"]
    assert (change["key"], change["how"], len(change["old"]), len(change["new"])) == (
        "product:en:pot offers", "changed", 8, 8
    )  # fmt: skip


def test_a_record_that_cannot_be_used_is_told(site: Shop) -> None:
    for file in (site.state / "state").iterdir():
        file.write_bytes(b"damaged")
    assert [one.code for one in explained(site, "/notes/one/").problems] == ["state-unusable"]
    assert "state-unusable" in here("explain", "/notes/one/", "-s", site.root).err
