"""Drawings that are kept from one build to the next: what is drawn again, and what must be."""

from __future__ import annotations

import pickle
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support import Shop, ShopMaker, article, outputs_of

from ccgen.jobs import executor, pool
from ccgen.pipeline.building import build, open_state
from ccgen.render.drawings import Drawings
from ccgen.write import Changed

TEASER = "parts/teaser.html"
Drawn = Counter[str]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Count what is drawn in this process."""
    found: Drawn = Counter()
    draw = Drawings.draw

    def counted(self: Drawings, around: Any, template: str, given: Callable[..., Any]) -> Any:
        found[template] += 1
        return draw(self, around, template, given)

    monkeypatch.setattr(Drawings, "draw", counted)
    return found


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    files = {
        f"content/notes/n{number}.md": article(title=f"N{number}", date=f"2026-04-1{number}") for number in range(6)
    }
    return shop(files, settings={"sections": {"notes": {"per_page": 2}}})


def teasers(site: Shop, drawn: Drawn) -> int:
    """Build; return how many teasers were drawn."""
    drawn.clear()
    site.build()
    return drawn[TEASER]


def newer(**meta: Any) -> dict[str, str]:
    return {"content/notes/new.md": article(title="New", date="2026-04-20", **meta)}


def test_a_new_article_moves_the_others_and_draws_itself(site: Shop, drawn: Drawn) -> None:
    every = teasers(site, drawn)
    assert every >= 6
    assert teasers(site.write(newer()), drawn) == every // 6
    assert {"notes/page/2/index.html", "notes/page/4/index.html"} <= site.rendered
    assert_clean(site)
    assert teasers(site.write(dict.fromkeys(newer())), drawn) == 0
    assert_clean(site)


@pytest.mark.parametrize(
    ("edit", "several"),
    [
        ({"content/notes/n2.md": article(title="Other", date="2026-04-12")}, {"Other": 1, "N3": 0}),
        ({"content/notes/n2.md": article("New words.", title="N2", date="2026-04-12")}, {"New words.": 1}),
        ({"content/people/ada.yaml": {"name": "Ada B."}}, {"Ada B.": 6}),
    ],
)
def test_what_is_read_of_anything_else_is_drawn_again(
    site: Shop, drawn: Drawn, edit: dict[str, Any], several: dict[str, int]
) -> None:
    """Also where it changes in a build that draws nothing of it, and the page that shows it is drawn in a later one."""
    site.set(site={"author": "ada"}).build()
    site.write(edit).build()
    site.write(newer()).build()
    texts = " ".join(site.text(f"/notes/{page}") for page in ("", "page/2/", "page/3/", "page/4/"))
    assert all((word in texts) == (count > 0 or word == "N3") for word, count in several.items())
    assert_clean(site)


def test_an_amended_summary_is_not_taken_from_before(site: Shop, drawn: Drawn) -> None:
    site.build()
    path = "content/notes/n2.md"
    site.edit(path, "Text.", "Other text.").build()
    assert teasers(site.write(newer()), drawn) <= 2
    assert_clean(site)


def test_a_template_and_a_word_of_the_theme(site: Shop, drawn: Drawn) -> None:
    every = teasers(site, drawn)
    folder = "themes/mine"
    mine = {
        f"{folder}/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
        f"{folder}/templates/{TEASER}": "Mine.",
    }
    assert teasers(site.write(mine).set(theme="mine"), drawn) == every
    assert "Mine." in site.text("/notes/")
    site.write(
        {f"{folder}/i18n/en.yaml": "kind_note: A note!\n", f"{folder}/templates/{TEASER}": "{{ t('kind_note') }}"}
    )
    site.build()
    assert teasers(site.write({f"{folder}/i18n/en.yaml": "kind_note: One note!\n"}), drawn) == every
    assert "One note!" in site.text("/notes/")


def test_a_verifying_build_and_other_flags_draw_all(site: Shop, drawn: Drawn) -> None:
    every = teasers(site, drawn)
    drawn.clear()
    site.write(newer())
    build(site.config()[0], verify=True)
    assert drawn[TEASER] > every
    drawn.clear()
    site.build(drafts=True)
    assert drawn[TEASER] > every


def test_another_process_finds_what_is_kept_and_nothing_that_is_outdated(site: Shop) -> None:
    site.build()
    config, _ = site.config()
    with closing(open_state(config)) as state:
        state.owners()  # everything is read
        with closing(sqlite3.connect(state.file)) as database:
            outdated, kept, *_ = [key for (key,) in database.execute("SELECT key FROM drawings")]
            assert database.execute("PRAGMA page_size").fetchone() == (16_384,)
        here = state.drawings(Changed(frozenset(), frozenset({outdated})))
        there = pickle.loads(pickle.dumps(here))
        for drawings in (here, there):
            assert drawings.find(outdated) is None
            assert drawings.find(kept) is not None
        assert there.find(kept) == here.find(kept)
        late = pickle.loads(pickle.dumps(here))
        Path(state.file).unlink()
        assert late.find(kept) is None  # it is drawn, then
    with closing(open_state(config, trusting=False)) as state:
        assert pickle.loads(pickle.dumps(state.drawings(Changed(frozenset())))).find(kept) is None


def test_what_other_processes_draw_is_kept(site: Shop, drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_WORTH", 0.01)
    monkeypatch.setattr(executor, "_WAITS", 30)
    monkeypatch.setattr(executor, "_AHEAD", 100)
    config, _ = site.config()
    with pool.Pool(2, config.state / "snapshots") as workers:
        build(config, workers=workers)
    assert drawn[TEASER] == 0
    assert teasers(site.write(newer()), drawn) in {1, 2}
    assert_clean(site)


@pytest.mark.parametrize(
    "damage", ["UPDATE drawings SET made = x'93'", "UPDATE drawings SET made = x''", "DELETE FROM drawings"]
)
def test_a_damaged_drawing_is_drawn_again(site: Shop, drawn: Drawn, damage: str) -> None:
    every = teasers(site, drawn)
    (file,) = (site.state / "state").glob("*.db")
    with sqlite3.connect(file) as database:
        database.execute(damage)
    assert teasers(site.write(newer()), drawn) > every // 6
    assert_clean(site)


def test_reads_that_cannot_be_such_are_a_full_build(site: Shop) -> None:
    site.build()
    (file,) = (site.state / "state").glob("*.db")
    with sqlite3.connect(file) as database:
        database.execute("UPDATE drawings SET reads = x'000000'")
    site.write(newer()).build()
    assert [one.code for one in site.problems] == ["state-unusable"]
    assert_clean(site)


def assert_clean(site: Shop) -> None:
    """The output is that of a build from nothing."""
    config, _ = site.config(output=site.root / "other", state=site.root / "other-state")
    build(config)
    assert site.outputs() == outputs_of(config.output)
