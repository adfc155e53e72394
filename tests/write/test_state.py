from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from support import tick
from write_site import Site, tree

from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.model.facts import ValueGroup
from ccgen.model.packed import pack
from ccgen.model.page import Page
from ccgen.model.source import digest_of
from ccgen.write import Planned, Publication, Stale, State, state
from ccgen.write.database import Mark, is_settled

PAGES = {"index.html": "home", "a/index.html": "a", "a/style.css": "css"}


def database(site: Site) -> Path:
    (found,) = (site.state_dir / "state").glob("*.db")
    return found


def put_clock(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    real = state.time.time_ns

    class Other:
        @staticmethod
        def time_ns() -> int:
            return real() + hours * 3_600_000_000_000

    monkeypatch.setattr(state, "time", Other)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of records run an hour ahead, so that what has just been written counts as settled."""
    put_clock(monkeypatch, 1)


@pytest.fixture
def unsettled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of records run an hour behind, so that nothing counts as settled however slow the machine."""
    put_clock(monkeypatch, -1)


@pytest.mark.parametrize(
    ("changed", "after", "expected"),
    [
        (7_000_000_000, 900, False),  # may be a file system that keeps whole seconds
        (7_000_000_000, 1001, True),
        (7_120_000_000, 900, False),  # or hundredths
        (7_120_000_000, 1001, True),
        (7_123_456_789, 40, False),
        (7_123_456_789, 51, True),
        (7_123_456_789, -3_600_000, False),  # from the future
    ],
)
def test_when_a_file_is_settled(changed: int, after: int, expected: bool) -> None:
    """`after` is in milliseconds."""
    assert is_settled(changed, changed + after * 1_000_000) is expected


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    files = (file for file in folder.rglob("*") if file.name != "lock")
    return {str(file): (file.stat().st_mtime_ns, file.stat().st_ino) for file in files}


def test_the_second_build_writes_nothing(site: Site) -> None:
    site.build(PAGES)
    before = stamps(site.root)
    result = site.build(PAGES)
    assert (site.rendered, result.written, result.unchanged) == ({}, (), 3)
    assert stamps(site.root) == before


def test_only_what_read_a_changed_fact_is_stale(site: Site) -> None:
    site.build(PAGES)
    site.build(PAGES | {"a/index.html": "changed"})
    assert {path: stale.reasons for path, stale in site.rendered.items()} == {"a/index.html": ("facts",)}
    assert site.rendered["a/index.html"].keys == (site.state().number("page:a/index.html") * 16,)


def packed(*values: str) -> bytes:
    return pack([ValueGroup(value=value) for value in values])


def record(site: Site, reads: dict[str, tuple[str, ...]], values: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Build pages that all hold "x" and read the last of each owner's two groups; return those for which each was rendered."""
    state = site.state()
    facts = {owner: packed("same", value) for owner, value in values.items()}
    changed = state.changed(facts)
    names = {state.number(owner) * 16 + 1: owner for owner in ("a", "b", "c")}
    stale = state.stale(reads, changed.keys)
    with Publication(state) as publication:
        for path in stale:
            keys = tuple(state.number(owner) * 16 + 1 for owner in reads[path])
            publication.stage(Page(path=path, data=b"x", digest=digest_of(b"x"), reads=keys))
        publication.publish(reads.keys(), changed, planned=Planned(facts=facts))
    return {path: tuple(names[key] for key in found.keys) for path, found in stale.items()}


def test_facts_come_change_and_go(site: Site) -> None:
    reads = {"1": ("a",), "2": ("a", "b"), "3": ("b",)}
    assert record(site, reads, {"a": "1", "b": "1"}) == {"1": (), "2": (), "3": ()}
    assert record(site, reads, {"a": "2", "b": "1"}) == {"1": ("a",), "2": ("a",)}
    assert record(site, reads, {"a": "2", "b": "1", "c": "1"}) == {}
    without = {"1": ("a",), "2": ("a",), "3": ()}
    assert record(site, without, {"a": "2"}) == {"2": ("b",), "3": ("b",)}
    assert record(site, reads, {"a": "2", "b": "1"}) == {}  # nothing reads what is new
    assert site.state().recorded("2") is not None


def test_a_number_is_given_once(site: Site) -> None:
    def numbers() -> dict[str, int]:
        state = site.state()
        return {owner: state.number(owner) for owner in ("b", "a", "c")}

    record(site, {"1": ("a",)}, {"a": "1", "b": "1"})
    known = numbers()
    record(site, {"1": ("c",)}, {"c": "1", "b": "1"})
    again = numbers()
    assert (again["b"], again["c"]) == (known["b"], known["c"])
    assert len(set(again.values())) == 3


def test_a_page_that_reads_what_is_no_fact_is_our_fault(site: Site) -> None:
    with pytest.raises(ValueError, match="no such fact"):
        record(site, {"1": ("a", "b")}, {"a": "1"})


def test_what_is_recorded_comes_back(site: Site) -> None:
    state = site.state()
    problem = Problem(code="x", message="m", at=At(path="content/a.md", start=3), severity="warning")
    facts = {"a": packed("1"), "b": packed(*"1234567")}
    changed = state.changed(facts)
    keys = (state.number("a") * 16, state.number("b") * 16 + 6)
    page = Page(
        path="é.html",
        data=b"x",
        digest=digest_of(b"x"),
        reads=keys[::-1],
        links=("/a/",),
        anchors=("top",),
        problems=(problem,),
    )
    with Publication(state) as publication:
        publication.stage(page)
        publication.publish(["é.html"], changed, planned=Planned(facts=facts))
    found = site.state().recorded("é.html")
    assert found is not None
    assert (found.digest, found.reads, found.links) == (page.digest, keys, page.links)
    assert (found.anchors, found.problems) == (page.anchors, page.problems)
    assert site.state().recorded("other") is None


def zero(file: Path) -> None:
    file.write_bytes(b"")


def noise(file: Path) -> None:
    file.write_bytes(os.urandom(20_000))


def truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def torn(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    file.write_bytes(data)


def folder(file: Path) -> None:
    file.unlink()
    (file / "deep").mkdir(parents=True)
    (file / "deep" / "x").write_text("x")


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def another_program(file: Path) -> None:
    file.unlink()
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE owners (x)")
    other.close()


def older(file: Path) -> None:
    other = sqlite3.connect(file)
    other.execute("PRAGMA user_version = 0")
    other.close()


@pytest.mark.parametrize("damage", [zero, noise, truncated, torn, folder, pipe, another_program, older])
def test_damage_is_one_warning_and_a_full_build(site: Site, damage: Callable[[Path], None]) -> None:
    """BLD-13."""
    site.build(PAGES | {"old.html": "old"})
    damage(database(site))
    result = site.build(PAGES)
    assert [(problem.code, problem.severity) for problem in result.problems] == [("state-unusable", "warning")]
    assert set(site.rendered) == set(PAGES)
    assert (tree(site.output), result.removed) == (PAGES | {"a": "folder"}, ("old.html",))
    assert site.build(PAGES).problems == ()
    assert site.rendered == {}


def test_an_unreadable_state(quick_path: Path) -> None:
    """BLD-13, mode 000, which says nothing to root."""
    site, user = Site(quick_path), os.geteuid()
    if not user:
        os.chown(quick_path, 65534, 65534)
        os.seteuid(65534)
    try:
        site.build(PAGES)
        database(site).chmod(0)
        problems = site.build(PAGES).problems
        again = site.build(PAGES).problems
    finally:
        os.seteuid(user)
    assert [problem.code for problem in problems] == ["state-unusable"]
    assert again == ()


def test_another_version_is_a_full_build(site: Site) -> None:
    """EQV-05."""
    site.build(PAGES, versions="ccgen 1")
    result = site.build(PAGES, versions="ccgen 2")
    assert set(site.rendered) == set(PAGES)
    assert (result.written, [problem.code for problem in result.problems]) == ((), ["state-unusable"])
    assert "ccgen 1" in result.problems[0].message


def test_other_flags_are_a_full_build_without_a_word(site: Site) -> None:
    site.build(PAGES)
    result = site.build(PAGES, run_key="drafts")
    assert {stale.reasons for stale in site.rendered.values()} == {("flags",)}
    assert (result.written, result.problems) == ((), ())
    site.build(PAGES, run_key="drafts")
    assert site.rendered == {}


def test_output_folders_know_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = Site(tmp_path, tmp_path / "one"), Site(tmp_path, tmp_path / "other")
    one.build(PAGES)
    other.build(PAGES)
    one.build(PAGES | {"index.html": "new"})
    other.build(PAGES | {"index.html": "new"})
    assert set(other.rendered) == {"index.html"}
    assert tree(one.output) == tree(other.output)


def test_a_moved_project_keeps_its_record(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    Site(tmp_path / "here").build(PAGES | {"old.html": ""})
    (tmp_path / "here").rename(tmp_path / "there")
    site = Site(tmp_path / "there")
    assert site.build(PAGES).removed == ("old.html",)
    assert site.rendered == {}


def test_a_copied_project_is_compared(tmp_path: Path) -> None:
    Site(tmp_path / "here").build(PAGES)
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    site = Site(tmp_path / "there")
    assert site.build(PAGES).problems == ()
    assert site.rendered == {}


@pytest.mark.usefixtures("settled")
def test_settled_files_are_not_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build(PAGES)
    monkeypatch.setattr(state.files, "digest", None)
    site.build(PAGES)
    assert site.rendered == {}


@pytest.mark.usefixtures("unsettled")
def test_files_that_may_have_changed_with_the_same_times_are_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a clock so coarse that no time differs."""
    site.build(PAGES)
    monkeypatch.setattr(Mark, "fits", lambda *_: True)
    (site.output / "index.html").write_text("HOME")
    assert site.state().standing("index.html") == "edited"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("case", ["same size and times", "mode", "removed", "folder", "link", "replaced"])
def test_a_file_that_is_not_as_we_left_it(site: Site, case: str) -> None:
    site.build(PAGES)
    tick(site.root)
    file = site.output / "index.html"
    status = file.stat()
    if case == "same size and times":
        file.write_text("HOME")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif case == "mode":
        file.chmod(0o600)
    else:
        file.unlink()
        if case == "folder":
            file.mkdir()
        elif case == "link":
            file.symlink_to("a/index.html")
        elif case == "replaced":
            file.write_text("HOME")
    reason = "missing" if case == "removed" else "edited"
    assert site.state().stale(["index.html"], set()) != {}
    assert site.state().standing("index.html") == reason


@pytest.mark.usefixtures("settled")
def test_a_touched_file_is_compared_and_stays(site: Site) -> None:
    site.build(PAGES)
    (site.output / "index.html").touch()
    site.build(PAGES)
    assert site.rendered == {}


def test_a_disk_that_fails_when_state_is_saved(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build(PAGES)

    class Failing(sqlite3.Connection):
        def execute(self, statement: str, *rest: object) -> sqlite3.Cursor:
            if statement == "COMMIT":
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return super().execute(statement, *rest)

    real = sqlite3.connect
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *args, **options: real(*args, **options, factory=Failing))
        with pytest.raises(EnvironmentFault, match=r"state/.*\.db`: disk full") as caught:
            site.build(PAGES | {"index.html": "new"})
    assert caught.value.exit_code == 3
    result = site.build(PAGES | {"index.html": "new"})
    assert {stale.reasons for stale in site.rendered.values()} == {("interrupted",)}
    assert (result.written, result.problems) == ((), ())
    assert site.build(PAGES | {"index.html": "new"}).written == ()
    assert site.rendered == {}


def test_looking_needs_no_lock_and_writes_nothing(site: Site) -> None:
    state = State.open(site.state_dir, site.output, versions="1")
    assert state.stale(["a"], set()) == {"a": Stale(reasons=("new",))}
    assert list(site.root.iterdir()) == []
