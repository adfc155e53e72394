"""A build that has nothing to do plans nothing, and says what the last one said; one that has anything to do does it."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from msgspec.msgpack import encode
from support import Shop, ShopMaker, article

from ccgen.check import Reader
from ccgen.errors import ContentError
from ccgen.load import articles
from ccgen.model.source import digest_of
from ccgen.pipeline import amending, building, making
from ccgen.pipeline.building import build
from ccgen.write import State
from ccgen.write.database import Mark

CLOCK = {"clock": "2026-06-01"}


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    """Let builds begin two seconds after the last edit, so that files are settled."""
    real = time.time_ns
    with patch.object(time, "time_ns", lambda: real() + 2_000_000_000):
        yield


def a_site(shop: ShopMaker) -> Shop:
    site = shop(
        {
            "content/products/pot.yaml": {
                "name": "Pot",
                "offers": [{"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}],
            },
            "content/notes/one.md": article("One.\n\n::product{pot}\n", title="One", date="2026-05-01"),
            "content/notes/later.md": article("Later.", title="Later", date="2026-07-01"),
            "content/notes/draft.md": article("Never.", title="Draft", date="2026-05-02", draft=True),
            "content/notes/marked.md": article("Text — more #text.\n\n![](../../static/a.svg)\n", title="Marked"),
            "static/a.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
            "static/plain.txt": "plain\n",
        }
    )
    return site.build(**CLOCK)


def planned(site: Shop, **flags: str) -> bool:
    """Build once more; say whether anything was planned."""
    with patch.object(making, "open_project", wraps=making.open_project) as opened:
        site.build(**{**CLOCK, **flags})
    return bool(opened.called)


def looked_into(site: Shop) -> bool:
    """Build once more; say whether any source was taken for one that may have changed."""
    with patch.object(amending, "read_edit", wraps=amending.read_edit) as read:
        site.build(**CLOCK)
    return bool(read.called)


def test_nothing_is_planned_and_the_same_is_said(shop: ShopMaker) -> None:
    site = a_site(shop)
    first = site.built
    assert first is not None
    assert first.hidden
    assert first.warnings
    assert not planned(site)
    again = site.built
    assert again is not None
    assert (again.kinds, again.hidden, again.previewed, again.warnings) == (
        dict(first.kinds), first.hidden, first.previewed, first.warnings
    )  # fmt: skip
    assert again.rendered == again.published.written == ()
    assert again.published.unchanged == sum(first.kinds.values())


def same_size(path: Path) -> None:
    """Change a file's bytes, and put its size and its time of change back, as some editors and tools do."""
    status = path.stat()
    data = path.read_bytes()
    path.write_bytes(data[:-2] + bytes([data[-2] ^ 1]) + data[-1:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replaced(path: Path) -> None:
    """Put another file of the same size and time in place of one."""
    status, new = path.stat(), path.with_name("new")
    new.write_bytes(bytes(reversed(path.read_bytes())))
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(path)


CHANGES: dict[str, Callable[[Shop], object]] = {
    "an article": lambda site: site.edit("content/notes/one.md", "One.", "Two."),
    "a new article": lambda site: site.write({"content/notes/new.md": article(title="New", date="2026-05-03")}),
    "an article that goes": lambda site: site.write({"content/notes/one.md": None}),
    "a record": lambda site: site.write({"content/products/pot.yaml": {"name": "Pan"}}),
    "the settings": lambda site: site.set(site={"title": "Other"}),
    "the ledger": lambda site: site.write({"data/prices.csv": "date,offer,price\n"}),
    "a template": lambda site: site.write({"themes/templates/parts/own.html": "own"}),
    "a static file, same size and time": lambda site: same_size(site.root / "static/plain.txt"),
    "a static file replaced by its like": lambda site: replaced(site.root / "static/plain.txt"),
    "an output by hand": lambda site: (site.output / "notes/one/index.html").write_text("mine"),
    "an output, same size and time": lambda site: same_size(site.output / "notes/one/index.html"),
    "an output that goes": lambda site: (site.output / "notes/one/index.html").unlink(),
    "the list of what is ours": lambda site: [one.unlink() for one in (site.state / "owned").iterdir()],
    "the state": lambda site: [one.unlink() for one in (site.state / "state").iterdir()],
    "a link among the sources": lambda site: (site.root / "static/link.txt").symlink_to("plain.txt"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changed_is_looked_at(shop: ShopMaker, name: str) -> None:
    site = a_site(shop)
    assert not planned(site)
    CHANGES[name](site)
    with patch.object(making, "open_project", wraps=making.open_project) as opened:
        site.build(**CLOCK)
    assert opened.called
    usual = site.outputs()
    site.output = site.root / "clean"
    site.build(**CLOCK, output=site.output, state=site.root / "cleanstate")
    assert site.outputs() == usual


@pytest.mark.parametrize(
    ("flags", "again"),
    [
        ({"clock": "2026-06-02"}, False),
        ({"clock": "2026-05-31"}, True),  # before the last build
        ({"clock": "2026-07-01"}, True),  # an article is published
        ({"base_url": "https://else.example/"}, True),
        ({"drafts": True}, True),
        ({"future": True}, True),
        ({"output": "elsewhere"}, True),
    ],
)
def test_flags_and_the_clock_count(shop: ShopMaker, flags: dict[str, object], again: bool) -> None:
    site = a_site(shop)
    if "output" in flags:
        flags = {"output": site.root / "elsewhere"}
    assert planned(site, **flags) is again  # type: ignore[arg-type]


def test_a_source_changed_a_moment_ago_proves_nothing(shop: ShopMaker) -> None:
    site = a_site(shop)
    site.edit("content/notes/one.md", "One.", "Two.")
    now = (site.root / "content/notes/one.md").stat().st_ctime_ns
    with patch.object(time, "time_ns", lambda: now + 49_000_000):  # what was written before the build is settled
        assert looked_into(site)
        assert looked_into(site)
    assert looked_into(site)
    assert not looked_into(site)


def test_only_what_changed_is_read_again(shop: ShopMaker) -> None:
    site = a_site(shop)
    site.edit("content/notes/one.md", "One.", "Two.")
    (site.root / "content/notes/later.md").touch()
    with patch.object(articles, "_read_versions", wraps=articles._read_versions) as read:
        site.build(**CLOCK)
    assert [[one.named.file.path for one in call.args[0]] for call in read.call_args_list] == [["content/notes/one.md"]]


def test_what_was_read_for_other_settings_is_read_again(shop: ShopMaker) -> None:
    site = a_site(shop)
    for settings, again in (({"site": {"title": "Other"}}, False), ({"markdown": {"engine": "commonmark"}}, True)):
        site.set(**settings)
        with patch.object(articles, "_read_versions", wraps=articles._read_versions) as read:
            site.build(**CLOCK)
        assert read.called is again


def test_readings_that_are_damaged_cost_nothing_but_time(shop: ShopMaker) -> None:
    site = a_site(shop)
    before = site.outputs()
    kept = site.state / "readings.db"
    for data in (b"", b"not a database", kept.read_bytes()[: kept.stat().st_size // 2]):
        kept.write_bytes(data)
        site.edit("content/notes/one.md", "One.", "Two.").build(**CLOCK)
        site.edit("content/notes/one.md", "Two.", "One.").build(**CLOCK)
        assert site.outputs() == before


def test_what_is_wrong_is_told_each_time(shop: ShopMaker) -> None:
    """An article with a fault is kept with it: telling it again needs no reading."""
    site = a_site(shop)
    site.edit("content/notes/one.md", "One.", "One [x](gone.md).\n\n:::box\n")
    first = site.fails(**CLOCK)
    with patch.object(articles, "_read_versions", wraps=articles._read_versions) as read:
        assert site.fails(**CLOCK) == first
    assert not read.called


def test_verifying_reads_everything_and_finds_a_record_that_is_not_true(shop: ShopMaker) -> None:
    site = a_site(shop)
    config, warnings = site.config(**CLOCK)
    with patch.object(articles, "_read_versions", wraps=articles._read_versions) as read:
        built = build(config, warnings, verify=True)
    assert len(read.call_args_list) == 4
    assert built.rendered == built.published.written == ()
    page = site.output / "notes/one/index.html"
    page.write_bytes(page.read_bytes() + b"<!-- more -->")
    (database,) = (site.state / "state").iterdir()
    with closing(sqlite3.connect(database, isolation_level=None)) as state:  # as if that were what was drawn
        state.execute(
            "UPDATE outputs SET digest = ?, mark = ? WHERE path = ?",
            (digest_of(page.read_bytes()), encode(Mark.of(page.stat(), 0)), "notes/one/index.html"),
        )
    site.build(**CLOCK)
    with pytest.raises(ContentError) as raised:
        build(config, warnings, verify=True)
    assert [(one.code, one.at.path) for one in raised.value.problems if one.severity == "error"] == [
        ("untrue-record", "content/notes/one.md")
    ]


def test_a_build_with_nothing_to_do_removes_what_a_killed_one_left(shop: ShopMaker) -> None:
    site = a_site(shop)
    (name,) = (path.stem for path in (site.root / ".ccgen/state").glob("*.db"))
    folders = (site.root / ".ccgen/staging", site.output / f".ccgen-stage-{name}")
    for folder in folders:
        folder.mkdir()
        (folder / "page.html").touch()
    assert not planned(site)
    assert not any(folder.exists() for folder in folders)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_build_leaves_no_file_open(shop: ShopMaker) -> None:
    """Also where nothing looks for garbage: whoever builds many sites in one process would run out of files."""
    site = a_site(shop)
    gc.collect()
    gc.disable()
    try:
        assert not planned(site.edit("content/notes/one.md", "::product{pot}", "::product{pot}\n\nMore."))  # amended
        assert planned(site.write({"content/notes/one.md": article("Another.", title="Two")}))
        site.check(**CLOCK, output=site.root / "none")
        site.check(**CLOCK)
        site.edit("content/notes/one.md", "Another.", "![](missing.png)").fails(**CLOCK)
        site.project(**CLOCK)
        assert not open_files(site.root)
    finally:
        gc.enable()


def test_a_build_lets_go_of_what_the_one_before_it_held(shop: ShopMaker) -> None:
    site = a_site(shop)
    states: list[weakref.ref[State]] = []
    opened = building.open_state

    def opening(*given: Any, **named: Any) -> State:
        states.append(weakref.ref(state := opened(*given, **named)))
        return state

    with patch.object(building, "open_state", opening):
        for number in range(5):
            assert planned(site.write({"content/notes/one.md": article("One.", title=f"Title {number}")}))
    assert sum(state() is not None for state in states) <= 1


def open_files(root: Path) -> list[str]:
    """Return the files of a site that this process has open."""
    found = [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if os.path.lexists(one)]
    return [name for name in found if name.startswith(f"{root}/")]


def test_a_check_after_a_build_reads_no_page_and_no_article_again(shop: ShopMaker) -> None:
    site = a_site(shop)
    from_nothing = site.check(**CLOCK, output=site.root / "none", state=site.root / "nothing")
    with (
        patch.object(articles, "_read_versions", wraps=articles._read_versions) as read,
        patch.object(Reader, "read", autospec=True) as looked,
    ):
        assert site.check(**CLOCK) == from_nothing
    assert not read.called
    assert not looked.called
    assert from_nothing
