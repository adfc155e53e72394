"""What is wrong on one page, or with ccgen itself, is said where it is, and keeps nothing else back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from previewing import Preview, previewing
from support import ShopMaker, article, run
from within import NoServer, codes, in_session, until

from ccgen.errors import EnvironmentFault
from ccgen.model.source import digest_of
from ccgen.preview import session as sessions
from ccgen.preview import studio as studios
from ccgen.preview.answers import Answer
from ccgen.preview.server import Ask, Gone, Tab
from ccgen.preview.session import Told
from ccgen.write.readings import Readings


def explained(preview: Preview, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(preview.get(f"/_ccgen/problems?path={quote(path)}").body)
    return found


def test_what_many_pages_have_wrong_is_said_on_these_and_elsewhere_on_others(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article("A."),
            "content/notes/b.md": article("B."),
            "content/stories/s.md": article("S."),
            "themes/own/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            "themes/own/templates/article/note.html": "{{ nothing.at_all }}",
        }
    )
    site.set(theme="own")
    with previewing(site.root) as preview:
        preview.until(lambda: "and 1 more page" in preview.said)
        for path, here in (("/notes/a/", 1), ("/notes/b/", 1), ("/stories/s/", 0)):
            found = explained(preview, path)
            assert (len(found["here"]), len(found["elsewhere"])) == (here, 1 - here), path


def test_a_finding_of_another_severity_than_its_rule_s_is_said_on_its_page(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article('<a href="https://far.example/" target="_blank">Far</a>'),
            "content/notes/b.md": article("B."),
        }
    )
    site.set(check={"severity": {"LK-12": "error"}})
    with previewing(site.root) as preview:
        preview.until(lambda: "error[" in preview.said)
        on_it, on_another = explained(preview, "/notes/a/"), explained(preview, "/notes/b/")
        assert "LK-12" in on_it["here"][0]["text"]
        assert on_another["here"] == []
        assert "LK-12" in on_another["elsewhere"][0]["text"]


def test_what_was_saved_while_ccgen_failed_is_shown_with_the_next_save(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shop({"content/notes/a.md": article("A."), "content/notes/b.md": article("B.")})
    edited, faults = studios.edited, iter([ZeroDivisionError("ours")])

    def failing(*given: Any) -> Any:
        for fault in faults:
            raise fault
        return edited(*given)

    monkeypatch.setattr(studios, "edited", failing)

    def script(server: NoServer, said: list[Told]) -> None:
        site.edit("content/notes/a.md", "A.", "After.")
        until(lambda: "internal" in codes(said))
        assert any(isinstance(told.fault, ZeroDivisionError) for told in said)
        site.edit("content/notes/b.md", "B.", "Later.")
        until(lambda: b"Later." in server.page("/notes/b/"))
        assert b"After." in server.page("/notes/a/")
        until(lambda: any("nothing is wrong" in told.line for told in said))

    in_session(site, script)


def test_a_tab_whose_page_fails_keeps_no_other_back(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    site = shop({"content/notes/a.md": article("A."), "content/notes/b.md": article("B.")})
    answer, failing = studios.Studio.answer, []

    def sometimes(studio: studios.Studio, path: str) -> Answer:
        if path in failing:
            raise ZeroDivisionError(path)
        return answer(studio, path)

    monkeypatch.setattr(studios.Studio, "answer", sometimes)

    def script(server: NoServer, said: list[Told]) -> None:
        for number, path in enumerate(("/notes/a/", "/notes/b/")):
            server.tell(Tab(number, path, digest_of(server.page(path)).hex()))
        until(lambda: len(server.sent) >= 2)  # more, once all pages were looked at
        failing.append("/notes/a/")
        site.edit("content/notes/b.md", "B.", "Later.")
        until(lambda: any(one["do"] == "reload" for one in server.sent))
        assert "internal" in codes(said)

    in_session(site, script)


def test_broken_settings_are_no_draft_s_fault(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("A.")})

    def script(server: NoServer, said: list[Told]) -> None:
        site.write({"content/reviews/r.md": article("Text.", draft=True)})  # of no product
        until(lambda: codes(said))
        assert not server.explained("/notes/a/")["stops"]
        site.write({"ccgen.yaml": "site: [\n"})
        until(lambda: any("ccgen.yaml" in told.line for told in said))
        found = server.explained("/notes/a/")
        assert found["stops"]
        assert ["ccgen.yaml" in one["text"] for one in found["here"]] == [True]
        assert found["elsewhere"] == []

    in_session(site, script)


def test_a_mended_fault_is_gone_before_all_pages_were_looked_at(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shop({"content/notes/a.md": article("A."), "content/notes/b.md": article("B.")})
    monkeypatch.setattr(studios.Studio, "draw_next", lambda _: True)  # there is always more to look at

    def script(server: NoServer, said: list[Told]) -> None:
        server.tell(Tab(1, "/notes/a/", digest_of(server.page("/notes/a/")).hex()))
        until(lambda: server.sent)  # the tab is open, or it would ask but once
        site.edit("content/notes/b.md", "B.", "::none")
        until(lambda: server.explained("/notes/a/")["stops"])
        until(lambda: len(server.sent) == 2)  # the tab knows it too
        told = len(server.sent)
        site.edit("content/notes/b.md", "::none", "B.")
        until(lambda: server.sent[told:])
        assert [one["do"] for one in server.sent[told:]] == ["explain"]
        assert not server.explained("/notes/a/")["stops"]

    in_session(site, script)


def test_what_tells_of_other_pages_is_asked_for_again_once_all_were_looked_at(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shop({"content/notes/a.md": article("A."), "content/notes/b.md": article("B.")})
    draw_next, go = studios.Studio.draw_next, threading.Event()
    monkeypatch.setattr(studios.Studio, "draw_next", lambda studio: not go.is_set() or draw_next(studio))

    def script(server: NoServer, said: list[Told]) -> None:
        server.tell(Tab(1, "/notes/a/", digest_of(server.page("/notes/a/")).hex()))
        until(lambda: [one["do"] for one in server.sent] == ["explain"])
        go.set()  # the tab is open before all were looked at
        until(lambda: [one["do"] for one in server.sent] == ["explain", "explain"])
        site.edit("content/notes/b.md", "B.", "Other.")
        until(lambda: [one["do"] for one in server.sent] == ["explain"] * 3)

    in_session(site, script)


def test_behind_what_is_wrong_with_a_draft_its_last_good_page_stays(shop: ShopMaker) -> None:
    site = shop({"content/notes/d.md": article("First.", draft=True), "content/notes/a.md": article("A.")})

    def script(server: NoServer, said: list[Told]) -> None:
        good = server.page("/notes/d/")
        assert b"First." in good
        site.edit("content/notes/d.md", "First.", "First. :product{none}")
        until(lambda: server.explained("/notes/d/")["here"])
        assert server.page("/notes/d/") == good
        found = server.explained("/notes/d/", whole=True)
        assert [one["text"] for one in found["findings"]] == [one["text"] for one in found["here"]]
        assert b"d/" not in server.page("/notes/")  # a list shows what can be planned
        site.edit("content/notes/d.md", " :product{none}", " Second.")
        until(lambda: b"First. Second." in server.page("/notes/d/"))
        site.edit("content/notes/d.md", " Second.", " :product{none}")
        until(lambda: server.explained("/notes/d/")["here"])
        (site.root / "content/notes/d.md").unlink()
        until(lambda: not server.explained("/notes/a/")["elsewhere"])
        assert b"Second." not in server.page("/notes/d/")

    in_session(site, script)


def test_a_fault_of_ours_in_an_explanation_leaves_none_of_its_keys_out(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shop({"content/notes/a.md": article("A.")})
    failing: list[str] = []
    elsewhere = studios.Studio.elsewhere

    def sometimes(studio: studios.Studio, output: str) -> Any:
        if failing:
            raise ZeroDivisionError
        return elsewhere(studio, output)

    monkeypatch.setattr(studios.Studio, "elsewhere", sometimes)

    def script(server: NoServer, said: list[Told]) -> None:
        for whole in (False, True):
            failing.clear()
            whole_keys = server.explained("/notes/a/", whole=whole).keys()
            failing.append("/notes/a/")
            found = server.explained("/notes/a/", whole=whole)
            assert found.keys() == whole_keys
            assert "fault of ccgen" in found["here"][0]["text"]
            assert found["stops"]
        assert "internal" in codes(said)

    in_session(site, script)


def test_warnings_of_a_page_and_its_file_are_said_where_the_whole_is_asked_for(shop: ShopMaker) -> None:
    site = shop(
        {
            "content/notes/a.md": article('<a href="https://far.example/" target="_blank">Far</a>'),
            "content/notes/b.md": article("# B"),
        }
    )

    def script(server: NoServer, _: list[Told]) -> None:
        for path, code in (("/notes/a/", "LK-12"), ("/notes/b/", "second-title")):
            server.page(path)
            found = server.explained(path, whole=True)
            assert {(one["severity"], code in one["text"]) for one in found["findings"]} == {("warning", True)}, path
            assert found["here"] == found["elsewhere"] == []
            assert not found["stops"]
            assert server.explained(path)["findings"] == []

    in_session(site, script)


def test_a_page_at_which_we_fail_keeps_no_other_from_being_looked_at(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shop({f"content/notes/{name}.md": article(f"{name}.", title=name) for name in "abc"})
    site.write({"content/stories/s.md": article('<a href="https://far.example/" target="_blank">Far</a>')})
    site.set(check={"severity": {"LK-12": "error"}})
    draw, failed = studios.Studio._drawn, []

    def sometimes(studio: studios.Studio, route: Any) -> Any:
        if route.path == "notes/a/index.html":
            failed.append(route.path)
            raise ZeroDivisionError
        return draw(studio, route)

    monkeypatch.setattr(studios.Studio, "_drawn", sometimes)

    def script(_: NoServer, said: list[Told]) -> None:
        until(lambda: {"internal", "LK-12"} <= {*codes(said)})
        assert failed == ["notes/a/index.html"]

    in_session(site, script)


def test_who_has_gone_before_an_answer_is_no_fault(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("A.")})

    def script(server: NoServer, said: list[Told]) -> None:
        gone: Future[Answer] = Future()
        gone.cancel()
        server.tell(Ask("/notes/a/", gone))
        assert b"A." in server.page("/notes/a/")
        assert not codes(said)

    in_session(site, script)


def reloads(server: NoServer) -> int:
    return sum(one["do"] == "reload" for one in server.sent)


def test_a_page_that_many_tabs_show_is_drawn_once_and_none_for_tabs_that_are_gone(
    shop: ShopMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = shop({"content/notes/a.md": article("A."), "content/notes/b.md": article("B.")})
    answer, drawn, go = studios.Studio.answer, list[str](), threading.Event()

    def counted(studio: studios.Studio, path: str) -> Answer:
        drawn.append(path)
        assert path != "/wait/" or go.wait(30)
        return answer(studio, path)

    monkeypatch.setattr(studios.Studio, "answer", counted)

    def script(server: NoServer, said: list[Told]) -> None:
        server.tell(Ask("/wait/", Future()))
        until(lambda: drawn == ["/wait/"])  # all that follows comes in meanwhile
        for number in range(300):
            server.tell(Tab(number, "/notes/a/", ""))
        for number in range(300, 600):
            server.tell(Tab(number, f"/notes/{number}/", ""))
        for number in range(300, 600):
            server.tell(Gone(number))
        asked: Future[Answer] = Future()
        before: list[int] = []
        asked.add_done_callback(lambda _: before.append(len(server.sent)))
        server.tell(Ask("/notes/b/", asked))
        go.set()
        until(lambda: before == [0])  # who asks for a page comes first
        until(lambda: reloads(server) == 300)
        assert drawn == ["/wait/", "/notes/b/", "/notes/a/"]
        site.edit("content/notes/a.md", "A.", "Other.")
        until(lambda: reloads(server) == 600)
        assert drawn[3:] == ["/notes/a/"]
        assert not codes(said)

    in_session(site, script)


def test_a_file_s_name_is_shown_as_text_on_one_line(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("A.")})

    def script(_: NoServer, said: list[Told]) -> None:
        site.write({"static/a\nb\x1b[31m.txt": "Text."})
        until(lambda: said)
        assert said[0].line.startswith(r"static/a\u000ab\u001b[31m.txt: ")

    in_session(site, script)


def test_what_could_not_be_read_is_tried_again(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    site = shop({"content/notes/a.md": article("A.")})
    opened, failing, tries = studios.open_project, [1], []
    monkeypatch.setattr(sessions, "_AGAIN", (0.01,) * 10_000)

    def sometimes(*given: Any, **named: Any) -> Any:
        tries.append(1)
        if failing:
            raise EnvironmentFault("`ccgen.yaml` cannot be read: Too many open files", code="unreadable", hint="")
        return opened(*given, **named)

    def script(server: NoServer, said: list[Told]) -> None:
        monkeypatch.setattr(studios, "open_project", sometimes)
        site.edit("content/notes/a.md", "title:", "tags: [New]\ntitle:")
        until(lambda: "unreadable" in codes(said))
        told = len(said)
        until(lambda: len(tries) > 5)
        assert said[told:] == []  # that nothing is better is no news
        failing.clear()
        until(lambda: any("nothing is wrong" in told.line for told in said))
        assert said[told].line.startswith("another look: ")
        assert b"New" in server.page("/notes/a/")

    in_session(site, script)


# --- what is kept for the next start -----------------------------------------------------------------------------------


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was read and not recalled."""
    names: list[str] = []
    keep = Readings.keep

    def noted(readings: Readings, name: str, *rest: Any) -> None:
        names.append(name)
        keep(readings, name, *rest)

    monkeypatch.setattr(Readings, "keep", noted)
    return names


def test_what_was_read_while_something_is_wrong_is_kept_and_so_is_what_is_shown(
    shop: ShopMaker, read: list[str]
) -> None:
    site = shop({f"content/notes/n{number}.md": article(f"Note {number}.") for number in range(5)})
    studio = studios.Studio(site.config)
    studio.open()
    good = [studio.answer(f"/notes/n{number}/").page for number in range(3)]
    read.clear()
    for number in range(4):
        site.edit(f"content/notes/n{number}.md", "Note", "Another")
    site.write({"content/notes/n4.md": "---\ntitle: [\n---\n"})
    studio.open()
    assert studio.stops
    edited = {f"article notes/notes/n{number}" for number in range(4)}
    assert edited < set(read)
    read.clear()
    studio.open()
    assert edited.isdisjoint(read)
    assert [studio.answer(f"/notes/n{number}/").page for number in range(3)] == good
    assert b"Note 3." in studio.answer("/notes/n3/").page  # which nobody had asked for before
    site.write({"content/notes/n4.md": article("Note 4.")})
    studio.open()
    assert b"Another 3." in studio.answer("/notes/n3/").page


def deleted(file: Path) -> None:
    file.unlink()


def overwritten(file: Path) -> None:
    file.write_bytes(b"no database" * 1000)


def altered(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        assert database.execute("UPDATE bodies SET body = x'00'").rowcount


def with_its_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


@pytest.mark.parametrize("spared", [False, True], ids=["all", "without-drafts"])
@pytest.mark.parametrize("lose", [deleted, overwritten, altered, with_its_folder])
def test_where_what_was_read_is_lost_the_site_is_read_again(
    shop: ShopMaker,
    lose: Callable[[Path], None],
    spared: bool,
) -> None:
    site = shop({"content/notes/a.md": article("A."), "content/notes/b.md": article("B.")})
    if spared:
        site.write({"content/reviews/r.md": article("Text.", draft=True)})  # of no product
    studio = studios.Studio(partial(site.config, drafts=True))
    studio.open()
    assert bool(studio.spared) == spared
    lose(site.state / ("published" if spared else "") / "readings.db")
    assert b"A." in studio.answer("/notes/a/").page
    site.edit("content/notes/b.md", "B.", "Later.")
    studio.open()
    assert b"Later." in studio.answer("/notes/b/").page
    assert {one.at.path for one in studio.problems} == studio.spared


def test_what_is_remembered_may_be_deleted_at_any_time(shop: ShopMaker) -> None:
    site = shop({f"content/notes/{name}.md": article("Text 0.", title=name) for name in "abc"})
    with previewing(site.root) as preview:
        for number, name in enumerate("abc"):
            preview.shows("Text 0.", f"/notes/{name}/")
            shutil.rmtree(site.root / ".ccgen" / "preview")
            site.edit(f"content/notes/{name}.md", "Text 0.", "Text 1.")
            preview.shows("Text 1.", f"/notes/{name}/")
            site.edit(f"content/notes/{name}.md", f'"{name}"', f'"New {number}"')  # for which all is planned anew
            preview.shows(f"New {number}", "/notes/")
        assert "error" not in preview.said
        assert "warning" not in preview.said


def test_where_nothing_can_be_kept_that_is_said_once_and_the_site_is_shown(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text 0.")})
    (site.root.parent / "file").write_text("")
    with previewing(site.root, "--state", str(site.root.parent / "file" / "state")) as preview:
        for number in range(3):
            site.edit("content/notes/a.md", f"Text {number}.", f"Text {number + 1}.")
            preview.shows(f"Text {number + 1}.", "/notes/a/")
        preview.until(lambda: "cannot be kept" in preview.said)
        site.edit("content/notes/a.md", "title:", "summary: New\ntitle:")
        preview.shows("New", "/notes/a/")
        assert preview.said.count("cannot be kept") == 1
        assert "nothing is wrong" not in preview.said


def test_where_work_cannot_be_shared_it_is_done_alone(shop: ShopMaker) -> None:
    def none(*_: Any) -> Any:
        raise EnvironmentFault("not today", code="file-operation")

    studio = studios.Studio(shop({"content/notes/a.md": article("Text.")}).config)
    studio.open(none)
    assert studio.problems == ()
    assert b"Text." in studio.answer("/notes/a/").page


def test_an_editor_that_nobody_knows_is_refused(shop: ShopMaker) -> None:
    found = run("serve", "-s", shop({}).root, "--editor", "ed")
    assert found.code == 2
    assert "vscode" in found.err
