"""What is kept in `.ccgen/`: `check` uses it and leaves it as it is, `clean` removes the caches, `doctor` names their size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest
from support import Shop, ShopMaker, article, here

from ccgen.load import articles

FILES = {
    "content/notes/one.md": article("One.\n\n::product{pot}\n", title="One"),
    "content/notes/two.md": article("Two. [One](one.md)", title="Two"),
}


def tree(folder: Path) -> dict[str, tuple[int, int, int, bytes]]:
    """Return every file with its inode, its times and its bytes, and the folders with their times."""
    return {
        str(path.relative_to(folder)): (
            status.st_ino, status.st_mtime_ns, status.st_ctime_ns, path.read_bytes() if path.is_file() else b""
        )
        for path in (folder, *folder.rglob("*"))
        for status in (path.lstat(),)
    }  # fmt: skip


def read_by(site: Shop, *verb: str) -> list[str]:
    """Run a verb; return the articles whose files it read."""
    with patch.object(articles, "_read_versions", wraps=articles._read_versions) as read:
        assert here(*verb, "-s", site.root).code in {0, 1}
    return sorted(one.named.file.path for call in read.call_args_list for one in call.args[0])


@pytest.mark.parametrize("verb", [("check",), ("explain", "/notes/one/"), ("list",), ("doctor",)])
def test_who_only_looks_reads_what_changed_and_writes_nothing(shop: ShopMaker, verb: tuple[str, ...]) -> None:
    site = shop(FILES).build()
    before = tree(site.state)
    assert read_by(site, *verb) == []
    site.edit("content/notes/two.md", "Two. ", "Second. ")
    assert read_by(site, *verb) == ["content/notes/two.md"]
    assert read_by(site, *verb) == ["content/notes/two.md"]  # it was not kept
    assert tree(site.state) == before


def test_a_site_that_was_never_built_is_looked_at_without_a_trace(shop: ShopMaker) -> None:
    site = shop(FILES)
    assert read_by(site, "check") == sorted(FILES)
    assert not site.state.exists()


LOSSES = {
    "gone": "DELETE FROM bodies",
    "swapped": "UPDATE bodies SET body = (SELECT other.body FROM bodies AS other WHERE other.name != bodies.name)",
    "cut": "UPDATE bodies SET body = substr(body, 2)",
    "text": "UPDATE bodies SET body = 'x'",
    "no table": "DROP TABLE bodies",
}


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("verb", ["build", "check"])
def test_a_body_that_is_not_as_it_was_read_is_read_again_and_never_drawn(shop: ShopMaker, loss: str, verb: str) -> None:
    site = shop(FILES).build()
    site.set(site={"title": "Other"})
    clean = shop(FILES, name="clean").set(site={"title": "Other"}).build()
    with closing(sqlite3.connect(site.state / "readings.db")) as database, database:
        database.execute(loss)
    assert read_by(site, verb) == sorted(FILES)
    if verb == "build":
        assert site.outputs() == clean.outputs()
        assert read_by(site.set(site={"title": "Third"}), "build") == []  # it is put right


def test_an_edit_beside_a_lost_body_builds_as_if_nothing_were_kept(shop: ShopMaker) -> None:
    site = shop(FILES).build()
    with closing(sqlite3.connect(site.state / "readings.db")) as database, database:
        database.execute("UPDATE bodies SET body = x'00'")
    site.edit("content/notes/one.md", "One.", "First.").build()
    assert (
        site.outputs()
        == shop({**FILES, "content/notes/one.md": article("First.\n\n::product{pot}\n", title="One")}, name="clean")
        .build()
        .outputs()
    )


def test_clean_removes_the_caches(shop: ShopMaker) -> None:
    site = shop(FILES).build()
    before = site.outputs()
    other = site.root / "other"
    site.build(output=other)
    assert (site.state / "readings.db").exists()
    assert here("clean", "-s", site.root).code == 0
    assert not (site.state / "readings.db").exists()
    assert len(list((site.state / "state").iterdir())) == 1  # what is known of the other output
    assert len(list((site.state / "owned").iterdir())) == 2
    assert read_by(site, "build") == sorted(FILES)
    site.output = site.root / "site"
    assert site.outputs() == before


def test_doctor_names_the_size_of_what_is_kept(shop: ShopMaker) -> None:
    site = shop(FILES)
    assert "readings.db" not in here("doctor", "-s", site.root).out
    site.build()
    (line,) = (one for one in here("doctor", "-s", site.root).out.splitlines() if "readings.db" in one)
    assert line.startswith(f"ok    {site.state} takes 0.")
    assert line.endswith(" MB of it")
