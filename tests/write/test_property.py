"""BLD-22: whatever users put where, and whatever is built, cleaned or configured, only what we own ever changes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from write_site import Site, tree

from ccgen.errors import EnvironmentFault
from ccgen.write import owned

NAMES = st.sampled_from(["a", "b", "c.css"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
TEXTS = st.sampled_from(["1", "2", "33"])
PAGES = st.dictionaries(PATHS, TEXTS, max_size=5).map(
    lambda pages: {path: text for path, text in pages.items() if not pages.keys() & set(owned.parents(path))}
)
STEPS = st.one_of(
    st.tuples(st.just("build"), PAGES, st.sampled_from(["", "drafts"])),
    st.tuples(st.just("file"), PATHS, TEXTS),
    st.tuples(st.just("folder"), PATHS, st.none()),
    st.tuples(st.just("link"), PATHS, st.sampled_from(["outside", "outside/a", "site/a", "nowhere"])),
    st.tuples(st.just("delete"), PATHS, st.none()),
    st.tuples(st.just("clean"), st.none(), st.none()),
    st.tuples(st.just("forget"), st.sampled_from(["state", "owned"]), st.none()),
)


def user_acts(site: Site, act: str, path: str, extra: str | None) -> None:
    """Do as a user would; what cannot be done (a file below a file) is not."""
    file = site.output / path
    try:
        if act == "delete":
            shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        if act == "file" and not file.is_symlink():
            file.write_text(f"user {extra}")
        elif act == "folder":
            file.mkdir()
        elif act == "link":
            file.symlink_to(site.root / str(extra))
    except OSError:
        pass


def inode(file: Path) -> tuple[int, int]:
    status = file.lstat()
    return status.st_ino, 0 if file.is_dir() and not file.is_symlink() else status.st_ctime_ns


@settings(max_examples=150)
@given(st.lists(STEPS, min_size=2, max_size=10))
def test_only_what_we_own_ever_changes(steps: list[tuple[str, object, object]]) -> None:
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as root:
        site = Site(Path(root))
        for path in ("a", "b"):
            (site.root / "outside").mkdir(exist_ok=True)
            (site.root / "outside" / path).write_text(path)
        for act, first, second in steps:
            if act == "forget":
                shutil.rmtree(site.state_dir / str(first), ignore_errors=True)
            elif act in {"build", "clean"}:
                ours_acts(site, act, first, second)
            else:
                user_acts(site, act, str(first), str(second))


def ours_acts(site: Site, act: str, pages: object, run_key: object) -> None:
    before = {path: (text, inode(site.output / path)) for path, text in tree(site.output).items()}
    outside = tree(site.root / "outside")
    old = owned.load(str(site.output), str(site.state_dir))[0]
    ours = old.files | old.folders
    failed = False
    if act == "clean":
        site.clean()
    else:
        assert isinstance(pages, dict)
        try:
            site.build(pages, run_key=str(run_key))
        except EnvironmentFault as fault:
            assert fault.code == "output-in-the-way"
            failed = True
        adopted = {path for path, text in pages.items() if before.get(path, ("",))[0] == text}
        ours |= adopted
    after = tree(site.output)
    assert tree(site.root / "outside") == outside
    for path, (text, identity) in before.items():
        if path not in ours or failed:
            assert after.get(path) == text, path
            assert inode(site.output / path) == identity, path
    if act == "build" and not failed:
        assert isinstance(pages, dict)
        assert {path: after[path] for path in pages} == pages
        left = after.keys() - before.keys() - pages.keys()
        assert all(after[path] == "folder" for path in left)
        assert site.no_temp_left()
        mine = owned.load(str(site.output), str(site.state_dir))[0]
        assert mine.files == pages.keys()
        assert not mine.publishing
