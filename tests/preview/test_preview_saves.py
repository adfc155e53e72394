"""However a file is saved, one save is one rebuild, a storm of them is few, and what is shown is what is on disk."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from moments import Moment, with_a_moment
from previewing import SCRIPT, Preview, previewing
from support import PNG, Shop, ShopMaker, article
from within import NoServer, in_session, until

from ccgen.preview import calm
from ccgen.preview import studio as studios
from ccgen.preview.server import listen
from ccgen.preview.session import Told

NOTE, LAST = "content/notes/a.md", "content/notes/z.md"
PAGE = "/notes/a/"
QUIET = 0.6  # seconds: longer than a file that is gone is waited for, and than a storm takes to end
# What sed makes beside the file that it changes is a source like any other, if it is there long enough to be seen.
MADE_BY_SED = re.compile(r"/sed\w{6}\b| and 1 more$")
Save = Callable[[Path, str], None]


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    return shop(
        {
            NOTE: article("Text 0.", title="First"),
            "content/notes/b.md": article("Other.", title="Second"),
            LAST: article("Last 0.", title="Last"),
            "static/words.txt": "words\n",
        }
    )


def quiet(preview: Preview) -> list[str]:
    """Wait until nothing comes any more; return what the site was rebuilt for until then."""
    count = -1
    while count != len(preview.builds):
        count = len(preview.builds)
        time.sleep(QUIET)
        preview.get(PAGE)  # which waits for a rebuild that takes longer
    return preview.builds


class Doing:
    """What is done to a file in time, `done` so often, and the rebuilds of the preview since.

    Where this machine was so slow that the file was away for nearly as long as the preview waits (0.4 s), or that the preview
    saw what is there for a moment only, what came of it was right: it does not count, and it is done again.
    """

    def __init__(self, preview: Preview, file: Path, seen: list[str]) -> None:
        """`seen` are the faults that somebody sees meanwhile."""
        self._preview, self._file, self._seen = preview, file, seen
        self._since = self.done = 0

    @property
    def builds(self) -> list[str]:
        return self._preview.builds[self._since :]

    def in_time(self, act: Callable[[], object], then: Callable[[], object]) -> None:
        """Do something, and wait `then` for what comes of it."""
        for _ in range(10):
            absence = longest_absence(self._file, act)
            then()
            if absence < 0.33 and not any(map(MADE_BY_SED.search, self.builds)):
                self.done += 1
                return
            self._since, self.done = len(quiet(self._preview)), 0
            self._seen.clear()
        pytest.fail("this machine is too slow to tell")


def longest_absence(file: Path, act: Callable[[], object]) -> float:
    """Do something; return for how many seconds at most a file was missing at a time, or empty.

    Between two looks it may have been either all the time: nobody looks while this process is paused.
    """
    over, longest = threading.Event(), 0.0
    otherwise = dict.fromkeys(("gone", "empty"), time.monotonic())  # when it was last seen not to be so

    def look() -> None:
        nonlocal longest
        is_last = False
        while not is_last:
            is_last, before = over.wait(0.002), time.monotonic()
            try:
                state = "there" if file.stat().st_size else "empty"
            except FileNotFoundError:
                state = "gone"
            for one in otherwise.keys() - {state}:
                longest = max(longest, time.monotonic() - otherwise[one])
                otherwise[one] = before

    looking = threading.Thread(target=look)
    looking.start()
    try:
        act()
    finally:
        over.set()
        looking.join()
    return longest


def lose_for(seconds: float, lose: Callable[[], object], put_back: Callable[[], object]) -> None:
    lose()
    time.sleep(seconds)
    put_back()


def is_clean(preview: Preview, shop: Shop) -> None:
    """Hold everything that is served to a clean build of what is on disk, once the preview has got there."""
    clean = shop.root.parent / "clean"
    if clean.exists():
        shutil.rmtree(clean)
    shop.build(output=clean / "site", state=clean / "state", drafts=True, future=True)
    outputs, end = shop.outputs(), time.monotonic() + 30
    while others := served_otherwise(preview, outputs):
        assert time.monotonic() < end, f"{others} are not as they are built; the preview said:\n{preview.said}"
        time.sleep(0.05)


def served_otherwise(preview: Preview, outputs: Mapping[str, bytes]) -> list[str]:
    served = http.client.HTTPConnection("localhost", preview.port, timeout=30)
    found = []
    for path, data in outputs.items():
        served.request("GET", quote(preview.base + path.removesuffix("index.html")))
        if SCRIPT.sub(b"", served.getresponse().read()) != data:
            found.append(path)
    served.close()
    return found


@contextmanager
def asked_all_the_time(preview: Preview, path: str) -> Iterator[list[str]]:
    """Meanwhile somebody asks for a page again and again, and always gets it. Gives what they get instead, which may be
    cleared where it was right.
    """
    over = threading.Event()
    seen: list[str] = []

    def ask() -> None:
        while not over.wait(0.01):
            reply = preview.get(path)
            if reply.status != 200 or "Text " not in reply.text:
                seen.append(f"{reply.status} {reply.text[:300]}")

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield seen
    finally:
        over.set()
        asking.join()
    assert seen == []


# --- editors -----------------------------------------------------------------------------------------------------------


def vim(gap: float) -> Save:
    def save(file: Path, text: str) -> None:
        (file.parent / "4913").write_bytes(b"")
        (file.parent / "4913").unlink()
        backup = file.with_name(f"{file.name}~")
        file.rename(backup)
        time.sleep(gap)
        with file.open("w") as stream:
            time.sleep(gap)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        time.sleep(gap)
        backup.unlink()

    return save


def vs_code(file: Path, text: str) -> None:
    with file.open("r+") as stream:
        stream.truncate()
        stream.write(text)


def temporary_and_rename(file: Path, text: str) -> None:
    new = file.with_name(f".{file.name}.tmp-1f3")
    new.write_text(text)
    new.replace(file)


def jetbrains(file: Path, text: str) -> None:
    new, old = (file.with_name(f"{file.name}___jb_{what}___") for what in ("tmp", "old"))
    new.write_text(text)
    file.rename(old)
    new.rename(file)
    old.unlink()


def emacs(file: Path, text: str) -> None:
    lock, auto = file.with_name(f".#{file.name}"), file.with_name(f"#{file.name}#")
    lock.symlink_to("ada@host.123:456")
    auto.write_text(text[: len(text) // 2])
    backup = file.with_name(f"{file.name}~")
    shutil.copy2(file, backup)
    file.write_text(text)
    auto.unlink()
    lock.unlink()


def with_swap(file: Path, text: str) -> None:
    swap = file.with_name(f".{file.name}.swp")
    swap.write_bytes(b"b0VIM")
    file.write_text(text)
    swap.write_bytes(b"b0VIM 2")
    swap.unlink()


def sed(file: Path, text: str) -> None:
    """Changes in place, which makes a new file beside it; the text has one number in it."""
    number = text.split("Text ")[1].split(".")[0]
    subprocess.run(["sed", "-i", f"s/Text [0-9]*/Text {number}/", str(file)], check=True)


def rsync(file: Path, text: str) -> None:
    new = file.parents[3] / "elsewhere" / file.name
    new.parent.mkdir(exist_ok=True)
    new.write_text(text)
    subprocess.run(["rsync", "--checksum", str(new), str(file)], check=True)


def real_vim(file: Path, text: str) -> None:
    number = text.split("Text ")[1].split(".")[0]
    subprocess.run(
        [
            "vim",
            "-u",
            "NONE",
            "-N",
            "-es",
            "-c",
            "set backup",
            "-c",
            f"%s/Text \\d*/Text {number}/",
            "-c",
            "wq",
            str(file),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "dumb"},
    )


SAVES: dict[str, Save] = {
    "vim": vim(0),
    "vim, slowly": vim(0.05),
    "vim, on a slow disk": vim(0.15),
    "VS Code": vs_code,
    "temporary and rename": temporary_and_rename,
    "JetBrains": jetbrains,
    "Emacs": emacs,
    "swap file": with_swap,
    "sed -i": sed,
    "rsync": rsync,
}
if shutil.which("vim"):
    SAVES["vim itself"] = real_vim


def each_is_one_rebuild(preview: Preview, file: Path, saves: Iterable[tuple[str, Save]], seen: list[str]) -> None:
    """Save another text each time: it is shown, and the site is rebuilt for it once."""
    doing, number = Doing(preview, file, seen), 0

    def another(save: Save) -> None:
        nonlocal number
        number += 1
        save(file, article(f"Text {number}.", title="First"))

    def shown() -> None:
        preview.shows(f"Text {number}.", PAGE)
        preview.until(lambda: len(doing.builds) > doing.done)  # what it says comes later

    for name, save in saves:
        doing.in_time(partial(another, save), shown)
        assert doing.builds == [NOTE] * doing.done, (name, preview.said)
    quiet(preview)
    assert doing.builds == [NOTE] * doing.done


def test_one_save_is_one_rebuild_whoever_saves(site: Shop) -> None:
    with previewing(site.root) as preview:
        saves = [(name, save) for name, save in SAVES.items() for _ in range(1 if "slow" in name else 3)]
        with asked_all_the_time(preview, PAGE) as seen:
            each_is_one_rebuild(preview, site.root / NOTE, saves, seen)
        assert "error" not in preview.said
        assert "Traceback" not in preview.said
        is_clean(preview, site)


def test_vim_saves_twenty_times(site: Shop) -> None:
    saves = [(f"the {number}th", vim(number % 4 / 100)) for number in range(1, 21)]
    with previewing(site.root) as preview, asked_all_the_time(preview, PAGE) as seen:
        each_is_one_rebuild(preview, site.root / NOTE, saves, seen)


def test_a_save_of_the_same_bytes_is_none(site: Shop) -> None:
    file = site.root / NOTE
    text, aside = file.read_text(), site.root.parent / "aside"
    with previewing(site.root) as preview:
        preview.shows("Text 0.", PAGE)
        doing, rest = Doing(preview, file, []), partial(quiet, preview)
        for name, save in SAVES.items():
            doing.in_time(partial(save, file, text), rest)
            assert doing.builds == [], name
        file.touch()
        os.utime(file, (2_200_000_000, 2_200_000_000))
        file.chmod(0o600)
        doing.in_time(lambda: file.rename(aside).rename(file), rest)
        assert doing.builds == []
        preview.shows("Text 0.", PAGE)


def test_times_and_sizes_prove_nothing(site: Shop) -> None:
    file = site.root / NOTE
    with previewing(site.root) as preview:
        for number, when in enumerate((None, 2_200_000_000, 1_000_000, 0), start=1):
            before = file.stat()
            file.write_text(article(f"Text {number}.", title="First"))
            assert file.stat().st_size == before.st_size
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns) if when is None else (0, when * 10**9))
            preview.shows(f"Text {number}.", PAGE)
        older = file.with_name("older.md~")
        older.write_text(article("Text 9.", title="First"))
        os.utime(older, (86_400, 86_400))
        older.rename(file)
        preview.shows("Text 9.", PAGE)
        assert quiet(preview) == [NOTE] * 5


# --- files that go and come --------------------------------------------------------------------------------------------


def test_a_file_that_is_gone_for_a_moment_was_never_gone(site: Shop) -> None:
    file, away = site.root / NOTE, site.root.parent / "away.md"
    with previewing(site.root) as preview:
        preview.shows("Text 0.", PAGE)
        with asked_all_the_time(preview, PAGE) as seen:
            data = file.read_bytes()
            doing = Doing(preview, file, seen)
            for lose, put_back in (
                (lambda: file.rename(away), lambda: away.rename(file)),
                (lambda: file.rename(away), lambda: shutil.copyfile(away, file)),
                (lambda: file.write_bytes(b""), lambda: file.write_bytes(data)),
            ):
                doing.in_time(partial(lose_for, 0.2, lose, put_back), partial(quiet, preview))
                assert doing.builds == []
        file.unlink()
        preview.until(lambda: preview.get(PAGE).status == 404)
        assert "First" not in preview.get("/notes/").text
        quiet(preview)
        assert doing.builds == [NOTE]
        is_clean(preview, site)


def test_what_comes_back_as_it_was_after_the_site_was_read_without_it_is_shown(site: Shop) -> None:
    """Another save has the site read anew in the moment in which the file is away."""
    file, away = site.root / NOTE, site.root.parent / "away.md"
    with previewing(site.root) as preview:
        for number in range(1, 3):
            file.rename(away)
            time.sleep(0.05)
            site.write({"content/notes/new.md": article("New.", title=f"New {number}")})
            preview.shows(f"New {number}", "/notes/new/")
            away.rename(file)
            preview.shows("Text 0.", PAGE)
        quiet(preview)
        is_clean(preview, site)


def test_records_pictures_and_sections_go_with_their_files(site: Shop) -> None:
    site.write(
        {
            "content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]},
            "content/notes/c/index.md": article("![A dot](dot.png)", title="Third"),
            "content/notes/c/dot.png": PNG,
        }
    )
    with previewing(site.root) as preview:
        is_clean(preview, site)
        (site.root / "content/products/pan.yaml").unlink()
        preview.until(lambda: preview.get("/products/pan/").status == 404)
        (site.root / "content/notes/c/dot.png").unlink()
        preview.until(lambda: "dot.png" in preview.said.split("error", 1)[-1])
        site.write({"content/notes/c/index.md": article("No dot.", title="Third")})
        preview.shows("No dot.", "/notes/c/")
        quiet(preview)
        is_clean(preview, site)


def test_folders_move_out_and_in_and_change_their_names(site: Shop) -> None:
    folder, away = site.root / "content/notes", site.root.parent / "away"
    site.write({"content/notes/deep/d.md": article("Deep.", title="Deep")})
    with previewing(site.root) as preview:
        folder.rename(away)
        preview.until(lambda: preview.get(PAGE).status == 404)
        away.rename(folder)
        preview.shows("Text 0.", PAGE)
        site.write({NOTE: article("Text 1.", title="First")})
        preview.shows("Text 1.", PAGE)
        folder.rename(folder.with_name("stories"))
        preview.shows("Text 1.", "/stories/a/")
        preview.until(lambda: preview.get(PAGE).status == 404)
        site.write({"content/stories/a.md": article("Text 2.", title="First")})
        preview.shows("Text 2.", "/stories/a/")
        (folder.with_name("stories") / "deep").rename(folder.with_name("guides"))
        preview.shows("Deep.", "/guides/d/")
        site.write({"content/guides/d.md": article("Deeper.", title="Deep")})
        preview.shows("Deeper.", "/guides/d/")
        outside = site.root.parent / "copied"
        shutil.copytree(folder.with_name("guides"), outside / "inner")
        outside.rename(folder)
        preview.shows("Deeper.", "/notes/d/")
        site.write({"content/notes/inner/d.md": article("Innermost.", title="Deep")})
        preview.shows("Innermost.", "/notes/d/")
        quiet(preview)
        is_clean(preview, site)
        assert "Warning" not in preview.said


def test_a_tree_of_folders_is_seen_however_fast_it_is_made(site: Shop) -> None:
    with previewing(site.root) as preview:
        begun = time.monotonic()
        site.write(
            {f"static/a/b{number}/c/d/{number}.txt": f"{number}" for number in range(30)}
            | {"content/notes/n/o/p/d.md": article("Deep.", title="Deep")}
        )
        preview.shows("29", "/a/b29/c/d/29.txt")
        preview.shows("Deep.", "/notes/d/")
        site.write({"static/a/b7/c/d/7.txt": "seven"})
        preview.shows("seven", "/a/b7/c/d/7.txt")
        most = 4 + of_pauses(begun)
        assert len(quiet(preview)) <= most, preview.said
        is_clean(preview, site)


@pytest.mark.parametrize("flags", [(), ("--poll", "0.2")], ids=["events", "polling"])
def test_the_top_folders_may_come_and_go(site: Shop, flags: tuple[str, ...]) -> None:
    (site.root / "static/words.txt").unlink()
    (site.root / "static").rmdir()
    product = {"name": "Pot", "offers": [{"url": "https://far.example/pot", "price": "20.00", "checked": "2026-05-30"}]}
    with previewing(site.root, *flags) as preview:
        for number in range(3):
            site.write({"static/words.txt": f"some {number}"})
            preview.shows(f"some {number}", "/words.txt")
            site.write({"static/words.txt": f"more {number}"})
            preview.shows(f"more {number}", "/words.txt")
            shutil.rmtree(site.root / "static")
            preview.until(lambda: preview.get("/words.txt").status == 404)
        site.write({"themes/own/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n"})
        site.write({"themes/own/templates/article/note.html": "<title>Own</title>own"})
        site.set(theme="own")
        preview.shows("own", PAGE)
        site.write({"themes/own/templates/article/note.html": "<title>Own</title>mine"})
        preview.shows("mine", PAGE)
        site.set(theme="plain")
        preview.shows("Text 0.", PAGE)
        shutil.rmtree(site.root / "themes")
        site.write({"data/prices.csv": "date,offer,amount,currency,source\n2026-05-01,pot/far,19.00,USD,record\n"})
        site.write({"content/products/pot.yaml": product})
        away = site.root.parent / "away"
        (site.root / "content").rename(away)
        preview.until(lambda: preview.get(PAGE).status == 404 or "error" in preview.said)
        away.rename(site.root / "content")
        site.write({NOTE: article("Text 5.", title="First")})
        preview.shows("Text 5.", PAGE)
        shutil.copytree(site.root / "content", away)
        shutil.rmtree(site.root / "content")
        away.rename(site.root / "content")
        site.write({NOTE: article("Text 6.", title="First")})
        preview.shows("Text 6.", PAGE)
        quiet(preview)
        site.write({NOTE: article("Text 7.", title="First")})
        preview.shows("Text 7.", PAGE)
        is_clean(preview, site)


# --- storms ------------------------------------------------------------------------------------------------------------


def git(root: Path, *args: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True)


def of_pauses(begun: float) -> float:
    """Return how many rebuilds may be of pauses since a storm has begun: one that is long enough ends it, and it begins anew.

    However many there are, a storm is acted on when it begins and when it ends.
    """
    return 2 * (time.monotonic() - begun) / calm._QUIET


def test_a_checkout_of_thousands_of_files_is_few_rebuilds(site: Shop) -> None:
    many = {f"static/many/{number % 50}/{number}.txt": f"one {number}" for number in range(5000)}
    site.write(many)
    site.write({".gitignore": "/site/\n/.ccgen/\n"})
    git(site.root, "init", "-q", "-b", "one")
    git(site.root, "add", ".")
    git(site.root, "commit", "-q", "-m", "One")
    git(site.root, "checkout", "-q", "-b", "two")
    site.write({path: "two" + text for path, text in many.items() if "7" not in path} | {NOTE: article("Text 2.")})
    for path in many:
        if "7" in path:
            (site.root / path).unlink()
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "Two")
    git(site.root, "checkout", "-q", "one")
    with previewing(site.root) as preview:
        preview.shows("Text 0.", PAGE)
        for branch, text in (("two", "Text 2."), ("one", "Text 0.")):
            before, begun = len(preview.builds), time.monotonic()
            git(site.root, "checkout", "-q", branch)
            preview.shows(text, PAGE)
            most = 3 + of_pauses(begun)  # as it begins, as it ends, and once it is certain what has gone
            assert 1 <= len(quiet(preview)) - before <= most, preview.said
        is_clean(preview, site)


def test_a_copy_that_takes_seconds_is_few_rebuilds(site: Shop) -> None:
    source = site.root.parent / "elsewhere"
    for folder in ("content/notes", "static"):
        (source / folder).mkdir(parents=True)
    for number in range(200):
        (source / f"content/notes/n{number}.md").write_text(article(f"Note {number}.", title=f"Note {number}"))
        (source / f"static/{number}.txt").write_bytes(b"x" * 10_000)
    with previewing(site.root) as preview:
        begun = time.monotonic()
        subprocess.run(["rsync", "-r", "--bwlimit=1000", f"{source}/", f"{site.root}/"], check=True)
        most = 2 + of_pauses(begun)  # 2.2 seconds, where nothing else slows it
        preview.shows("Note 199.", "/notes/n199/")
        preview.until(lambda: preview.get("/99.txt").status == 200)
        assert len(quiet(preview)) <= most, preview.said
        is_clean(preview, site)


@pytest.mark.parametrize("saved", [NOTE, LAST], ids=["the-same", "another"])
@pytest.mark.parametrize("read", [False, True], ids=["before-it-is-read", "after-it-was-read"])
def test_what_is_saved_during_a_rebuild_is_shown_too(
    site: Shop, monkeypatch: pytest.MonkeyPatch, saved: str, read: bool
) -> None:
    opened, reached, go_on = studios.open_project, threading.Event(), threading.Event()

    def waiting(*given: Any, **named: Any) -> Any:
        project = opened(*given, **named) if read else None
        reached.set()
        assert go_on.wait(30)
        return project or opened(*given, **named)

    def script(server: NoServer, said: list[Told]) -> None:
        monkeypatch.setattr(studios, "open_project", waiting)
        site.write({NOTE: article("Text 1.", title="Renamed")})  # a title: the site is planned anew
        assert reached.wait(30)
        site.write({saved: article("Text 2.", title="Renamed meanwhile")})
        go_on.set()
        until(lambda: b"Text 2." in server.page(f"/notes/{Path(saved).stem}/"))
        assert b"Renamed meanwhile" in server.page("/notes/")
        assert sum(" ms" in told.line for told in said) <= 2

    in_session(site, script)


# --- no loops ----------------------------------------------------------------------------------------------------------


def test_what_is_written_beside_the_sources_is_nobodys_business(site: Shop) -> None:
    """Outputs, state, and what a hook makes of a source: the output's folder may even be among the sources."""
    with previewing(site.root) as preview:
        site.edit(NOTE, "Text 0.", "Text 1.")
        preview.shows("Text 1.", PAGE)
        (site.root / "made").mkdir()
        for number in range(20):
            site.write(
                {
                    f"site/{number}/index.html": "built",
                    f".ccgen/{number}": "state",
                    f"made/{number}.css": "made",
                    f"{number}.log": "said",
                    f"content/notes/.hidden{number}": "hidden",
                    f"static/.{number}.txt.swp": "swap",
                }
            )
            time.sleep(0.05)
        assert quiet(preview) == [NOTE]


def test_a_build_beside_the_preview_wakes_nobody(site: Shop) -> None:
    with previewing(site.root) as preview:
        preview.shows("Text 0.", PAGE)
        site.build()
        shutil.rmtree(site.output)
        assert quiet(preview) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the Linux kernel for a process's time")
def test_an_idle_preview_sleeps(site: Shop) -> None:
    def used(process: int) -> float:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    with previewing(site.root) as preview:
        preview.shows("Text 0.", PAGE)
        site.edit(NOTE, "Text 0.", "Text 1.")
        preview.shows("Text 1.", PAGE)
        quiet(preview)
        in_two_seconds = []
        while not in_two_seconds or in_two_seconds[-1] >= 0.3:  # until what is left to do quietly is done
            assert len(in_two_seconds) < 10, in_two_seconds
            before = used(preview.process.pid)
            time.sleep(2)
            in_two_seconds.append(used(preview.process.pid) - before)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks the Linux kernel for a process's files")
def test_no_file_stays_open_however_often_the_site_is_read(site: Shop) -> None:
    with previewing(site.root) as preview:
        for number in range(1, 16):
            site.write({NOTE: article("::product{nobody}" if number % 2 else "Text.", title=f"Number {number}")})
            preview.until(lambda: len(preview.builds) >= number)  # noqa: B023
        names = [one.readlink().name for one in Path(f"/proc/{preview.process.pid}/fd").iterdir()]
        assert names.count("readings.db") <= 2, names


# --- without events ----------------------------------------------------------------------------------------------------


def test_polling_sees_every_kind_of_edit(site: Shop) -> None:
    file = site.root / NOTE
    with previewing(site.root, "--poll", "0.2") as preview:
        for number, save in enumerate(SAVES.values(), start=1):
            save(file, article(f"Text {number}.", title="First"))
            preview.until(lambda: f"Text {number}." in preview.get(PAGE).text)  # noqa: B023
        before = file.stat()
        file.write_text(article("Text 0.", title="First"))
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        preview.shows("Text 0.", PAGE)
        site.write({"content/notes/new/index.md": article("New.", title="New"), "static/new.txt": "new"})
        preview.until(lambda: preview.get("/new.txt").status == 200 and preview.get("/notes/new/").status == 200)
        file.unlink()
        preview.until(lambda: preview.get(PAGE).status == 404)
        site.set(site={"title": "Another shop"})
        preview.shows("Another shop", "/notes/")
        count = len(quiet(preview))
        (site.root / LAST).touch()
        assert len(quiet(preview)) == count
        is_clean(preview, site)


# --- odd places --------------------------------------------------------------------------------------------------------


def test_what_is_reached_by_links_and_odd_names_is_followed(site: Shop) -> None:
    """A site in a folder that is a link, texts and folders that are links, and a name in the other Unicode form."""
    site.write(
        {"texts/linked.md": article("Linked 0.", title="Linked"), "more/deep.md": article("Deep 0.", title="Deep")}
    )
    (site.root / "content/notes/linked.md").symlink_to("../../texts/linked.md")
    (site.root / "content/guides").symlink_to("../more")
    site.write({"content/notes/cafe\u0301.md": article("Odd 0.", title="Odd", slug="odd")})
    link = site.root.parent / "link"
    link.symlink_to(site.root)
    with previewing(link) as preview:
        for number in range(1, 3):
            site.write({"content/notes/cafe\u0301.md": article(f"Odd {number}.", title="Odd", slug="odd")})
            preview.shows(f"Odd {number}.", "/notes/odd/")
            site.write({NOTE: article(f"Text {number}.", title="First")})
            preview.shows(f"Text {number}.", PAGE)
            site.write({"texts/linked.md": article(f"Linked {number}.", title="Linked")})
            preview.shows(f"Linked {number}.", "/notes/linked/")
            site.write({"more/deep.md": article(f"Deep {number}.", title="Deep")})
            preview.shows(f"Deep {number}.", "/guides/deep/")
        assert preview.said.count("every 1 s too, for `content/guides/deep.md` is reached by a link") == 1
        site.write({"more/new.md": article("New.", title="New")})
        preview.until(lambda: preview.get("/guides/new/").status == 200)
        quiet(preview)
        is_clean(preview, site)


def test_a_date_that_passes_while_something_is_wrong_does_not_keep_it_busy(shop: ShopMaker) -> None:
    other = "content/notes/b.md"

    def script(moment: Moment) -> None:
        site = shop(
            {
                NOTE: article("Text 0.", title="First", date="2020-01-01", expires=str(moment)),
                other: article("Other.", title="Second", date="2020-01-01", expires="2999-12-31"),
            },
            settings={"clock": None},
        )
        with previewing(site.root) as preview:
            with moment.before():
                site.edit(other, "Other.", "::product{nobody}")
                preview.until(lambda: "unknown-product" in preview.said)
            preview.until(lambda: moment.has_come(seconds=1), 90)
            assert quiet(preview) == [other]
            preview.shows("Text 0.", PAGE)
            site.edit(other, "::product{nobody}", "Other.")
            preview.until(lambda: preview.get(PAGE).status == 404)
            quiet(preview)
            assert preview.get("/notes/b/").status == 200  # it waits for the year 2999 without harm

    with_a_moment(script)


def test_answers_are_not_held_back() -> None:
    with listen("127.0.0.1", 0) as listening:  # else each answer on a kept connection takes 40 ms
        assert listening.proto == socket.IPPROTO_TCP
