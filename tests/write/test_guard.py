from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ccgen.errors import UsageError
from ccgen.write import check_output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("content", "data", "static", "themes", ".ccgen"):
        (tmp_path / "repo" / "shop" / name).mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "repo" / "shop"


def guard(project: Path, output: str | Path, sources: tuple[Path, ...] = ()) -> Path:
    return check_output(output, project=project, sources=sources, state_dir=project / ".ccgen")


def words(project: Path, output: str | Path, sources: tuple[Path, ...] = ()) -> str:
    with pytest.raises(UsageError) as caught:
        guard(project, output, sources)
    assert caught.value.exit_code == 2
    assert caught.value.code == "unsafe-output"
    assert caught.value.hint
    return caught.value.message


def test_what_is_allowed(project: Path) -> None:
    assert guard(project, project / "site") == project / "site"
    assert guard(project, project.parent.parent / "elsewhere" / "deep" / "site").name == "site"
    (project / "site" / ".git").mkdir(parents=True)  # a repository of its own (published by git) is no reason to refuse
    assert guard(project, project / "site") == project / "site"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("", "empty name"),
        ("   ", "empty name"),
        ("a\0b", "NUL"),
        ("/", "root of the file system"),
        (".", "is the project"),
        ("..", "top of the git repository"),
        ("../..", "holds the project"),
        ("content", "is the source folder"),
        ("content/reviews", "inside the source folder"),
        ("data", "is the source folder"),
        ("static/x", "inside the source folder"),
        ("themes/almanac/assets", "inside the source folder"),
        (".ccgen", "is the state folder"),
        (".ccgen/out", "inside the state folder"),
        ("../.git", "inside a `.git`"),
        ("../.git/pages", "inside a `.git`"),
        ("site/../content/site", "inside the source folder"),
    ],
)
def test_what_is_refused(project: Path, output: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert said in words(project, output)


def test_links_are_resolved(project: Path, tmp_path: Path) -> None:
    (project / "site").symlink_to(project / "content")
    assert "is the source folder" in words(project, project / "site")
    (tmp_path / "door").symlink_to(project)
    assert "is the project" in words(project, tmp_path / "door")
    (project / "out").symlink_to(tmp_path / "elsewhere")
    assert guard(project, project / "out") == tmp_path / "elsewhere"
    (project / "loop").symlink_to(project / "loop")
    assert "not a folder" in words(project, project / "loop")


def test_source_folders_elsewhere(project: Path, tmp_path: Path) -> None:
    linked = tmp_path / "elsewhere" / "text"
    linked.mkdir()
    (project / "content").rmdir()
    (project / "content").symlink_to(linked)
    assert "holds the source folder" in words(project, tmp_path / "elsewhere")
    assert "inside the source folder" in words(project, linked / "site")
    themes = tmp_path / "elsewhere" / "themes"
    assert "inside the source folder" in words(project, themes / "site", (themes,))


def test_homes(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "elsewhere" / "ann"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    assert "is the home folder" in words(project, home)
    assert "holds the home folder" in words(project, home.parent)
    assert guard(project, home / "site") == home / "site"
    monkeypatch.delenv("HOME")
    assert "home folder" in words(project, Path.home())


def test_a_file_is_no_output(project: Path) -> None:
    (project / "site").write_text("")
    assert "not a folder" in words(project, project / "site")
    assert (project / "site").read_text() == ""


def test_a_worktree(project: Path) -> None:
    (project.parent / ".git").rmdir()
    (project.parent / ".git").write_text("gitdir: elsewhere")
    assert "top of the git repository" in words(project, project.parent)


def test_another_mount_of_the_project(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "mounted"
    other.mkdir()
    if subprocess.run(["mount", "--bind", project, other], capture_output=True).returncode:
        pytest.skip("bind mounts need root")
    try:
        assert "is the project" in words(project, other)
    finally:
        subprocess.run(["umount", other], check=True)
