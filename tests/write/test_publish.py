from __future__ import annotations

import contextlib
import errno
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from write_site import Site, error_of, tree

from ccgen.errors import EnvironmentFault, Problem
from ccgen.model.page import Page
from ccgen.model.source import digest_of
from ccgen.write import Changed, Publication, files

PAGES = {"index.html": "home", "a/index.html": "a", "a/b/c.html": "c", "style.css": "css"}
FOLDERS = {"a": "folder", "a/b": "folder"}


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_a_first_build_and_changes(site: Site) -> None:
    result = site.build(PAGES)
    assert (result.written, result.unchanged, result.removed) == (tuple(sorted(PAGES)), 0, ())
    assert tree(site.output) == PAGES | FOLDERS
    changed = {"index.html": "new home", "a/index.html": "a", "d/e.html": "e", "style.css": "css"}
    result = site.build(changed)
    assert (result.written, result.unchanged) == (("d/e.html", "index.html"), 2)
    assert result.removed == ("a/b/c.html",)
    assert tree(site.output) == changed | {"a": "folder", "d": "folder"}
    assert (result.foreign, result.problems) == ((), ())
    assert site.no_temp_left()


def test_a_folder_that_is_moved_in_whole_is_not_looked_through(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.output / "old").mkdir(parents=True)
    (site.output / "old/mine.txt").write_text("mine")
    looked: list[str] = []
    scan = files.scan
    monkeypatch.setattr(
        files, "scan", lambda folder: (looked.append(os.path.relpath(folder, site.output)), scan(folder))[1]
    )
    result = site.build(PAGES | {"old/index.html": "old"})
    assert result.foreign == ("old/mine.txt",)
    assert {"old", "a", "a/b"} & set(looked) == {"old"}


def test_a_page_rendered_to_the_same_bytes_is_not_written(site: Site) -> None:
    site.build(PAGES)
    before = {path: (site.output / path).stat().st_ino for path in PAGES}
    assert site.build(PAGES, run_key="other").written == ()
    assert {path: (site.output / path).stat().st_ino for path in PAGES} == before


def test_modes_do_not_depend_on_the_umask(site: Site) -> None:
    old = os.umask(0o077)
    try:
        site.build(PAGES)
        site.build(PAGES | {"a/index.html": "new", "a/x/y.html": "y"})
    finally:
        os.umask(old)
    assert tree(site.output) == PAGES | FOLDERS | {"a/index.html": "new", "a/x": "folder", "a/x/y.html": "y"}
    assert site.output.stat().st_mode & 0o777 == 0o755


def test_the_folder_itself_is_never_replaced(site: Site) -> None:
    """BLD-08: who has it open sees every build."""
    site.build(PAGES)
    opened = os.open(site.output, os.O_RDONLY)
    inner = os.open(site.output / "a", os.O_RDONLY)
    for number in range(3):
        site.build(PAGES | {"a/index.html": str(number), "index.html": str(number), f"new{number}/x": ""})
        assert os.stat(f"new{number}/x", dir_fd=opened).st_size == 0
        page = os.open("index.html", os.O_RDONLY, dir_fd=inner)
        assert os.read(page, 9) == str(number).encode()
        os.close(page)
    os.close(opened)
    os.close(inner)


def test_copies_are_streamed_and_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 3)
    source = site.root / "favicon.ico"
    source.write_bytes(b"0123456789")
    source.chmod(0o600)

    def build(digest: bytes) -> tuple[str, ...]:
        with Publication(site.state()) as publication:
            publication.stage(Page(path="favicon.ico", copy_of=str(source), digest=digest, first=True))
            return publication.publish(["favicon.ico"], Changed(set())).written

    assert build(digest_of(b"0123456789")) == ("favicon.ico",)
    assert build(digest_of(b"0123456789")) == ()
    source.write_bytes(b"changed")
    with pytest.raises(EnvironmentFault, match="was changed during the build"):
        build(digest_of(b"another"))
    assert tree(site.output) == {"favicon.ico": "0123456789"}
    assert build(digest_of(b"changed")) == ("favicon.ico",)
    source.unlink()
    with pytest.raises(EnvironmentFault, match=r"favicon\.ico`: no such file"):
        build(digest_of(b"more"))


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a/../x", "a//b", "a/", "./a", "a\0b"])
def test_bad_paths_are_our_fault(site: Site, path: str) -> None:
    with pytest.raises(ValueError, match="bad output path"), Publication(site.state()) as publication:
        publication.stage(Page(path=path, data=b"", digest=digest_of(b"")))


def test_what_the_caller_must_hold(site: Site) -> None:
    page = Page(path="a", data=b"", digest=digest_of(b""))
    with Publication(site.state()) as publication:
        publication.stage(page)
        with pytest.raises(ValueError, match="repeated"):
            publication.stage(page)
        with pytest.raises(ValueError, match="neither staged nor recorded"):
            publication.publish(["a", "b"], Changed(set()))
        with pytest.raises(ValueError, match="not wanted"):
            publication.publish([], Changed(set()))
        publication.stage(Page(path="a/b", data=b"", digest=digest_of(b"")))
        with pytest.raises(ValueError, match="both a file and a folder"):
            publication.publish(["a", "a/b"], Changed(set()))
    assert not site.output.exists()


# What is not ours


def test_a_first_build_into_a_folder_with_files(site: Site) -> None:
    """BLD-17."""
    site.put("old.html")
    site.put("uploads/a.pdf")
    (site.output / "empty").mkdir()
    result = site.build(PAGES)
    assert result.foreign == ("old.html", "uploads/a.pdf")
    assert codes(result.problems) == ["foreign-files"]
    mine = {"old.html": "mine", "uploads": "folder", "uploads/a.pdf": "mine", "empty": "folder"}
    assert tree(site.output) == PAGES | FOLDERS | mine


def test_a_removed_page_beside_files_of_the_user(site: Site) -> None:
    """BLD-18."""
    site.build(PAGES)
    site.put("a/b/notes.txt")
    site.put("uploads/a.pdf")
    pages = {"index.html": "home", "style.css": "css"}
    result = site.build(pages)
    assert (result.removed, result.foreign) == (("a/b/c.html", "a/index.html"), ("a/b/notes.txt", "uploads/a.pdf"))
    assert codes(result.problems) == ["foreign-files"]
    assert "`a/b/notes.txt`, `uploads/a.pdf`" in result.problems[0].message
    result = site.build({"index.html": "home"})
    assert (result.foreign, result.problems) == (("a/b/notes.txt", "uploads/a.pdf"), ())  # said once
    (site.output / "a/b/notes.txt").unlink()
    site.put("new.txt")
    result = site.build(pages)
    result = site.build({"index.html": "home"})
    assert "`new.txt`" in result.problems[0].message
    assert tree(site.output) == {
        "index.html": "home", "new.txt": "mine", "uploads": "folder", "uploads/a.pdf": "mine"
    }  # fmt: skip


def test_what_is_kept_in_silence(site: Site) -> None:
    """BLD-19."""
    kept = (".git/config", ".gitignore", ".nojekyll", ".well-known/acme/x", "a/.git/HEAD")
    for path in kept:
        site.put(path)
    before = {path: text for path, text in tree(site.output).items() if path != "a"}
    assert site.build(PAGES).problems == ()
    site.build({"index.html": "home"})
    cleaned = site.clean()
    assert (cleaned.problems, cleaned.removed) == ((), ("index.html",))
    assert tree(site.output) == before | {"a": "folder"}


def test_a_foreign_file_in_the_way(site: Site) -> None:
    site.put("index.html", "mine")
    site.put("a/b/c.html", "mine too")
    before = tree(site.output)
    with pytest.raises(EnvironmentFault) as caught:
        site.build(PAGES)
    assert (caught.value.code, caught.value.exit_code) == ("output-in-the-way", 3)
    assert f"`{site.output}/index.html` was not made by ccgen" in caught.value.message
    assert f"`{site.output}/a/b/c.html` was not made by ccgen" in caught.value.message
    assert caught.value.message.startswith("in the way:\n  `")
    assert len(caught.value.message.split("\n")) == 3
    assert tree(site.output) == before
    assert site.no_temp_left()


def test_many_foreign_files_in_the_way_are_told_one_a_line(site: Site) -> None:
    pages = {f"{number:02}.html": "page" for number in range(13)}
    for path in pages:
        site.put(path, "mine")
    with pytest.raises(EnvironmentFault) as caught:
        site.build(pages)
    first, *lines = caught.value.message.split("\n")
    assert first == "in the way:"
    assert [f"{number:02}.html` was" in line for number, line in enumerate(lines[:-1])] == [True] * 10
    assert lines[-1] == "  and 3 more"


def test_a_foreign_file_with_the_same_bytes_becomes_ours(site: Site) -> None:
    site.put("index.html", "home")
    site.put("a/index.html", "a").chmod(0o600)
    result = site.build(PAGES)
    assert result.problems == ()
    assert "index.html" not in result.written
    assert tree(site.output) == PAGES | FOLDERS
    assert site.build({"style.css": "css"}).removed == ("a/b/c.html", "a/index.html", "index.html")


def test_a_page_edited_by_hand_is_replaced_with_a_warning(site: Site) -> None:
    """BLD-20."""
    site.build(PAGES)
    (site.output / "index.html").write_text("HOME")
    (site.output / "a/b/c.html").write_text("C")
    result = site.build({path: text for path, text in PAGES.items() if path != "a/b/c.html"})
    assert codes(result.problems) == ["edited-output", "edited-output"]
    assert [problem.at.path for problem in result.problems] == [
        str(site.output / "index.html"),
        str(site.output / "a/b/c.html"),
    ]
    assert "replaced" in result.problems[0].message
    assert "removed" in result.problems[1].message
    assert (site.output / "index.html").read_text() == "home"


def lists(site: Site) -> list[Path]:
    return list((site.state_dir / "owned").glob("*.json"))


@pytest.mark.parametrize("how", ["lost", "torn", "older", "escapes"])
def test_a_lost_list_deletes_nothing(site: Site, how: str) -> None:
    site.build(PAGES | {"old.html": "old"})
    (file,) = lists(site)
    if how == "lost":
        file.unlink()
    elif how == "torn":
        file.write_bytes(file.read_bytes()[:40])
    else:
        stored = json.loads(file.read_bytes())
        change = {"version": 0} if how == "older" else {"files": ["../../x"]}
        file.write_text(json.dumps(stored | change))
    result = site.build(PAGES)
    assert (result.removed, result.foreign) == ((), ("old.html",))
    assert codes(result.problems) == (["foreign-files"] if how == "lost" else ["owned-unusable", "foreign-files"])
    assert site.build(PAGES).problems == ()


def test_clean(site: Site) -> None:
    site.build(PAGES)
    site.put("a/mine.txt")
    result = site.clean()
    assert (result.removed, result.foreign) == (tuple(sorted(PAGES)), ("a/mine.txt",))
    assert tree(site.output) == {"a": "folder", "a/mine.txt": "mine"}
    assert site.clean().removed == ()
    result = site.build(PAGES)
    assert tree(site.output) == PAGES | FOLDERS | {"a/mine.txt": "mine"}
    assert result.problems == ()


def test_clean_without_a_list(site: Site) -> None:
    """BLD-21."""
    site.build(PAGES)
    lists(site)[0].unlink()
    result = site.clean()
    assert (result.removed, result.foreign) == ((), tuple(sorted(PAGES)))
    assert codes(result.problems) == ["owned-unknown"]
    assert tree(site.output) == PAGES | FOLDERS


def test_folders_that_were_there_stay(site: Site) -> None:
    (site.output / "a").mkdir(parents=True)
    site.build(PAGES)
    site.build({"index.html": "home"})
    assert tree(site.output) == {"index.html": "home", "a": "folder"}


# Links, and folders in the place of files


def test_nothing_is_written_through_a_link(site: Site) -> None:
    other = site.root / "other"
    (other / "b").mkdir(parents=True)
    site.output.mkdir()
    (site.output / "a").symlink_to(other)
    with pytest.raises(EnvironmentFault, match=r"site/a` is a link .* where a folder is wanted"):
        site.build(PAGES)
    assert tree(other) == {"b": "folder"}
    (other / "index.html").write_text("a")  # bytes as wanted do not make it ours either
    (other / "b" / "c.html").write_text("c")
    with pytest.raises(EnvironmentFault, match="is a link"):
        site.build(PAGES)


@pytest.mark.parametrize("target", ["other.txt", "nowhere", "index.html"])
def test_a_link_at_the_place_of_a_page(site: Site, target: str) -> None:
    site.build(PAGES)
    site.put("other.txt")
    (site.output / "a/index.html").unlink()
    (site.output / "a/index.html").symlink_to(f"../{target}")
    before = tree(site.output)
    with pytest.raises(EnvironmentFault, match=r"a/index\.html` is a link"):
        site.build(PAGES)
    assert tree(site.output) == before


def test_nothing_is_deleted_through_a_link(site: Site) -> None:
    site.build(PAGES)
    (site.output / "a").rename(site.root / "moved")
    (site.output / "a").symlink_to(site.root / "moved")
    result = site.build({"index.html": "home"})
    assert result.removed == ("style.css",)
    assert result.foreign == ("a",)
    assert tree(site.root / "moved") == {"index.html": "a", "b": "folder", "b/c.html": "c"}
    site.clean()
    assert tree(site.root / "moved") == {"index.html": "a", "b": "folder", "b/c.html": "c"}


def test_what_somebody_put_in_the_place_of_an_old_page_is_kept(site: Site) -> None:
    site.build(PAGES)
    (site.output / "style.css").unlink()
    (site.output / "style.css").symlink_to("index.html")
    (site.output / "a/b/c.html").unlink()
    site.put("a/b/c.html/deep.txt")
    site.build({"index.html": "home"})
    kept = {"a": "folder", "a/b": "folder", "a/b/c.html": "folder", "a/b/c.html/deep.txt": "mine"}
    assert tree(site.output) == {"index.html": "home", "style.css": "link index.html"} | kept


def test_a_file_becomes_a_folder_and_back(site: Site) -> None:
    one, other = {"x": "file", "y": ""}, {"x/index.html": "in", "x/z/w.html": "deep", "y": ""}
    site.build(one)
    site.build(other)
    assert tree(site.output) == other | {"x": "folder", "x/z": "folder"}
    site.build(one)
    assert tree(site.output) == one
    assert site.build(one).written == ()


def test_a_folder_with_files_of_the_user_is_not_replaced(site: Site) -> None:
    site.build({"x/index.html": "in", "x/z/w.html": "deep"})
    site.put("x/z/notes.txt")
    before = tree(site.output)
    with pytest.raises(EnvironmentFault, match=r"x/z/notes\.txt` is in the way of the file `x`"):
        site.build({"x": "file"})
    (site.output / "x/z/notes.txt").unlink()
    (site.output / "x/made").mkdir()
    with pytest.raises(EnvironmentFault, match=r"folder `.*/x/made` is in the way of the file `x`"):
        site.build({"x": "file"})
    (site.output / "x/made").rmdir()
    assert tree(site.output) | {"x/z/notes.txt": "mine"} == before
    site.build({"x": "file"})
    assert tree(site.output) == {"x": "file"}


def test_a_foreign_file_where_a_folder_is_wanted(site: Site) -> None:
    site.put("a", "mine")
    with pytest.raises(EnvironmentFault, match="a` is a file that ccgen did not make, where a folder is wanted"):
        site.build(PAGES)
    assert tree(site.output) == {"a": "mine"}


# Order, and other file systems


def test_assets_before_pages_before_prunes(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build({"old.html": "", "old.css": "", "index.html": ""})
    done: list[str] = []
    for name in ("move", "exchange"):
        real = getattr(files, name)

        def noting(source: str, target: str, real: object = real) -> None:
            done.append(os.path.relpath(target, site.output))
            real(source, target)

        monkeypatch.setattr(files, name, noting)
    unlink = files.unlink
    monkeypatch.setattr(files, "unlink", lambda file: (done.append(os.path.relpath(file, site.output)), unlink(file)))
    site.build({"index.html": "new", "z.css": "new", "m/a.html": "new", "m/z.css": "new", "n/z.css": "new"})
    done = [path for path in done if not path.startswith("..")]
    assert sorted(done[:3]) == ["m", "n", "z.css"]  # new top folders as one
    assert sorted(done[3:5]) == ["index.html", "m/a.html"]
    assert sorted(done[5:]) == ["old.css", "old.html"]


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "mounted"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("mounts need root")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("below", ["", "deep/site"])
def test_output_on_another_device(tmp_path: Path, mounted: Path, below: str) -> None:
    """BLD-10."""
    site = Site(tmp_path, mounted / below)
    result = site.build(PAGES)
    assert result.problems == ()
    site.put("mine.txt")
    site.build(PAGES | {"index.html": "new", "d/e.html": "e"})
    result = site.build(PAGES | {"index.html": "newer"})
    assert (result.removed, result.foreign) == (("d/e.html",), ("mine.txt",))
    assert tree(site.output) == PAGES | FOLDERS | {"index.html": "newer", "mine.txt": "mine"}
    assert site.no_temp_left()


def test_a_failed_build_on_another_device_leaves_nothing(tmp_path: Path, mounted: Path) -> None:
    def fail() -> None:
        assert list(mounted.iterdir()) != []  # staging, which others may not read
        assert oct(next((mounted / "deep" / "site").iterdir()).stat().st_mode) == "0o40700"
        raise KeyError

    with pytest.raises(KeyError):
        Site(tmp_path, mounted / "deep" / "site").build(PAGES, before=fail)
    assert list(mounted.iterdir()) == []


def test_a_file_system_inside_the_output(tmp_path: Path, mounted: Path) -> None:
    site = Site(tmp_path, tmp_path)
    site.output = tmp_path
    site.state_dir = tmp_path / ".ccgen"
    with pytest.raises(EnvironmentFault, match="mounted` lies on another file system"):
        site.build({"mounted/x.html": "x"})
    assert list(mounted.iterdir()) == []


def test_a_really_full_disk(tmp_path: Path, mounted: Path) -> None:
    """BLD-02 on a file system of 2 MB: the output, then the state on it."""
    site = Site(tmp_path, mounted / "site")
    site.build(PAGES)
    before = tree(site.output)
    with pytest.raises(EnvironmentFault, match="disk full"):
        site.build(PAGES | {f"big{number}.html": "x" * 100_000 for number in range(30)})
    assert tree(site.output) == before
    assert site.build(PAGES).written == ()
    assert site.no_temp_left()


def test_a_full_disk_under_the_state(tmp_path: Path, mounted: Path) -> None:
    site = Site(mounted, tmp_path / "site")
    site.build(PAGES)
    pages = PAGES | {f"{number}.html": "x" for number in range(800)}
    with (mounted / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 4096):
            pass
    os.truncate(mounted / "filler", (mounted / "filler").stat().st_size - 120_000)
    with pytest.raises(EnvironmentFault, match=r"state/.*\.db`: disk full"):
        site.build(pages)
    assert site.texts() == pages  # published, but not on record
    (mounted / "filler").unlink()
    assert site.build(pages).written == ()
    assert site.rendered.keys() == pages.keys()


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL])
def test_without_renameat2(site: Site, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    refuse = None if number == errno.ENOSYS else lambda *_: number
    monkeypatch.setattr(files, "_libc_renameat2", lambda: refuse)
    site.build(PAGES)
    site.build(PAGES | {"index.html": "new", "d/e.html": "e"})
    assert tree(site.output) == PAGES | FOLDERS | {"index.html": "new", "d": "folder", "d/e.html": "e"}
    assert site.no_temp_left()


def test_a_file_that_appears_while_we_publish_is_not_overwritten(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build({"index.html": "home"})
    look = files.look

    def late(file: str) -> os.stat_result | None:
        status = look(file)
        if file.endswith("site/new.html"):
            Path(file).write_text("mine")
        return status

    with monkeypatch.context() as patch:
        patch.setattr(files, "look", late)
        with pytest.raises(EnvironmentFault):
            site.build({"index.html": "home", "new.html": "ours"})
    assert (site.output / "new.html").read_text() == "mine"


def test_what_comes_while_old_files_go_is_told_with_how_the_output_stands(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody may be told that nothing was changed when files are gone already."""
    site.build({"x/index.html": "in", "y": "y"})
    unlink = files.unlink

    def late(file: str) -> None:
        unlink(file)
        if file.endswith("x/index.html"):
            site.put("x/notes.txt")

    with monkeypatch.context() as patch:
        patch.setattr(files, "unlink", late)
        with pytest.raises(EnvironmentFault) as caught:
            site.build({"x": "file", "y": "y"})
    assert caught.value.code == "output-in-the-way"
    assert caught.value.hint.endswith("; old files may be gone already, and the next build puts all of it right")
    assert tree(site.output) == {"x": "folder", "x/notes.txt": "mine", "y": "y"}
    with pytest.raises(EnvironmentFault) as again:
        site.build({"x": "file", "y": "y"})
    assert again.value.hint.endswith("; nothing was changed")
    (site.output / "x/notes.txt").unlink()
    site.build({"x": "file", "y": "y"})
    assert tree(site.output) == {"x": "file", "y": "y"}


def test_stopped_while_files_move_says_that_a_part_is_new(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_paths: str) -> None:
        raise KeyboardInterrupt

    site.build({"index.html": "old"})
    with monkeypatch.context() as patch:
        patch.setattr(files, "exchange", stop)
        with pytest.raises(KeyboardInterrupt) as stopped:
            site.build({"index.html": "new"})
    assert "only a part of the site is new" in "".join(stopped.value.__notes__)
    assert site.build({"index.html": "new"}).written == ("index.html",)


def test_words_of_faults() -> None:
    told = files.fault("/x/y", error_of(errno.ENOTEMPTY))
    assert (told.message, told.code) == ("`/x/y`: directory not empty", "file-operation")
