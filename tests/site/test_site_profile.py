"""`ccgen build --profile`: times add up, everything that was drawn is named, and nothing is measured unasked."""

from __future__ import annotations

import json
import shutil
from unittest.mock import patch

import pytest
from support import CLOCK, Shop, ShopMaker, article, here

from ccgen.errors import ContentError
from ccgen.model import timing as timing_module
from ccgen.model.timing import Table, Timing
from ccgen.pipeline.building import build

MACRO = "{% macro twice(word) %}{{ word }}{{ word }}{% endmacro %}"


def a_site(shop: ShopMaker) -> Shop:
    return shop(
        {
            "content/products/pot.yaml": {
                "name": "Pot",
                "offers": [{"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}],
            },
            "content/notes/one.md": article(
                "One.\n\n::product{pot}\n\n:::tip\nA [cup]{.price product=pot}.\n:::\n", title="One"
            ),
            "content/notes/two.md": article("Two.\n\n::product{pot}\n", title="Two"),
        }
    )


def measured(site: Shop, *, verify: bool = False) -> Timing:
    config, warnings = site.config(clock="2026-06-01")
    timing = Timing()
    build(config, warnings, verify=verify, timing=timing)
    return timing


def test_times_add_up(shop: ShopMaker) -> None:
    site = a_site(shop)
    shares = [shares_of(site) for _ in range(5)]  # what else the machine does in between may fall into any of them
    assert max(of_pages for of_pages, _ in shares) >= 0.9
    assert max(of_drawing for _, of_drawing in shares) >= 0.8


def shares_of(site: Shop) -> tuple[float, float]:
    """Return how much of the time of pages, and of all drawing, is that of templates."""
    for folder in (site.output, site.root / ".ccgen"):
        shutil.rmtree(folder, ignore_errors=True)
    timing = measured(site)
    stages = dict(timing.stages.first())
    assert sum(one.own for one in stages.values()) <= timing.seconds
    drawing = stages["drawing"].own
    templates = [one for _, one in timing.templates.dearest()]
    pages = sum(one.own for _, one in timing.pages.dearest())
    own = sum(one.own for one in templates)
    assert own <= pages
    assert own <= drawing
    assert all(0 <= one.own <= one.whole + 1e-9 for one in templates)
    assert sum(one.own for _, one in timing.directives.dearest()) < drawing
    return own / pages, own / drawing


def test_every_stage_template_directive_and_page_is_named(shop: ShopMaker) -> None:
    site = a_site(shop)
    timing = measured(site)
    assert {name for name, _ in timing.stages.first()} == {
        "state",
        "marks of sources and outputs",
        "imports",
        "theme",
        "load",
        "plan",
        "rules",
        "facts",
        "publishing",
        "staging",
        "drawing",
        "reading of pages",
    }
    templates = dict(timing.templates.dearest())
    assert templates["article/note.html"].times == 2
    assert templates["base.html"].times >= 4
    assert templates["directives/product.html"].times == 1  # the same card on two pages
    assert {"product.html", "list.html", "home.html", "404.html", "(article)", "(sitemap)"} <= templates.keys()
    directives = dict(timing.directives.dearest())
    assert directives["product"].times == 4  # and on each in the feed
    assert "tip" in directives
    written = {
        file.relative_to(site.root / "site").as_posix() for file in (site.root / "site").rglob("*") if file.is_file()
    }
    assert {path for path, _ in timing.pages.dearest()} == written


def test_what_is_drawn_is_the_same(shop: ShopMaker) -> None:
    site = a_site(shop)
    site.build(clock="2026-06-01")
    plain = {file: file.read_bytes() for file in site.output.rglob("*") if file.is_file()}
    for file in plain:
        file.unlink()
    measured(site)
    assert {file: file.read_bytes() for file in site.output.rglob("*") if file.is_file()} == plain


def test_a_template_that_extends_includes_and_calls_super_is_measured_step_by_step(shop: ShopMaker) -> None:
    site = a_site(shop)
    site.write(
        {
            "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            "themes/mine/templates/article/note.html": (
                '{% extends "plain/article/note.html" %}{% from "words.html" import twice %}'
                "{% block article_end %}{{ super() }}{{ twice('x') }}{% include 'slow.html' %}{% endblock %}\n"
            ),
            "themes/mine/templates/words.html": MACRO,
            "themes/mine/templates/slow.html": "{% for a in range(99999) %}{% if a == 3 %}x{% endif %}{% endfor %}",
        }
    ).set(theme={"name": "mine"})
    templates = dict(measured(site).templates.dearest())
    slow, note = templates["slow.html"], templates["article/note.html"]
    assert slow.times == 2
    assert slow.own > templates["parts/byline.html"].own
    assert note.whole >= note.own + slow.whole
    assert templates["plain/article/note.html"].times == 2


def test_a_fault_of_a_template_is_told_as_ever(shop: ShopMaker) -> None:
    site = a_site(shop)
    site.write(
        {
            "themes/mine/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            "themes/mine/templates/article/note.html": '{% extends "plain/article/note.html" %}\n{% block article_end %}{{ nothing.there }}{% endblock %}\n',
        }
    ).set(theme={"name": "mine"})
    (found,) = site.fails(clock="2026-06-01")["template-error"]
    with pytest.raises(ContentError) as caught:
        measured(site)
    assert found in caught.value.problems


def test_a_build_with_nothing_to_do_has_stages_only(shop: ShopMaker) -> None:
    site = a_site(shop)
    first = measured(site)
    again = measured(site)
    assert first.pages.dearest()
    assert not again.pages.dearest()
    assert {name for name, _ in again.stages.first()} >= {"state", "marks of sources and outputs"}


def test_nothing_is_measured_unasked(shop: ShopMaker) -> None:
    with (
        patch.object(Table, "begin", side_effect=AssertionError("measured")),
        patch.object(timing_module, "perf_counter", side_effect=AssertionError("measured")),
    ):
        a_site(shop).build(clock="2026-06-01")


def test_the_table_and_its_json(shop: ShopMaker) -> None:
    site = a_site(shop)
    done = here("build", "-s", str(site.root), "--clock", CLOCK, "--profile")
    assert done.code == 0
    heads = ("time by stage, in one process (", "time by template", "time by directive", "slowest pages to draw")
    assert [head for head in heads if head in done.err] == list(heads)
    assert done.err.index("outputs:") < done.err.index(heads[0])
    assert "article/note.html" in done.err
    again = here("build", "-s", str(site.root), "--clock", CLOCK, "--profile", "--json", "--verify")
    profile = json.loads(again.out)["profile"]
    assert set(profile) == {"processes", "seconds", "stages", "templates", "directives", "pages"}
    assert profile["processes"] == 1
    assert abs(sum(one["seconds"] for one in profile["stages"]) - profile["seconds"]) < 0.001
    assert len(profile["pages"]) == 10
    assert {"name", "own", "whole", "times"} == set(profile["templates"][0])
    assert "profile" not in json.loads(here("build", "-s", str(site.root), "--clock", CLOCK, "--json").out)


def test_own_and_whole_times_of_what_calls_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 1.0, 3.0, 6.0, 10.0, 15.0])
    monkeypatch.setattr(timing_module, "perf_counter", lambda: next(ticks))
    table = Table()
    with table.measure("a"), table.measure("b"), table.measure("a"):
        pass
    spent = dict(table.dearest())
    assert (spent["a"].own, spent["a"].whole, spent["a"].times) == (1 + 3 + 5, 15, 2)
    assert (spent["b"].own, spent["b"].whole) == (2 + 4, 9)
