"""What was read is given back for exactly its files under exactly its key, whatever happens to files, clock and database."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import tick
from write_site import Faulty, error_of, in_child

from ccgen.errors import EnvironmentFault
from ccgen.model.kept import SourceFile
from ccgen.model.source import digest_of
from ccgen.write import files
from ccgen.write.bodies import StoredBodies
from ccgen.write.readings import Readings

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
LATER = 2_000_000_000  # ns: files are settled


class Reader:
    """Reads groups of files as `load` does; `read` are those whose files it had to read."""

    def __init__(self, root: Path) -> None:
        self.root, self.state = root, root / ".ccgen"
        self.key, self.versions = b"key", "1"
        self.read: list[str] = []

    @property
    def file(self) -> Path:
        return self.state / "readings.db"

    def put(self, name: str, data: bytes) -> Path:
        path = self.root / name
        path.write_bytes(data)
        return path

    def files(self, names: Sequence[str]) -> tuple[SourceFile, ...]:
        return tuple(SourceFile(name, str(self.root / name)) for name in names)

    def open(self, *, afresh: bool = False) -> Readings:
        readings = Readings(self.state, self.versions, afresh=afresh)
        readings.use(self.key)
        return readings

    def make(self, datas: Sequence[bytes]) -> bytes:
        return b"\0".join((self.versions.encode(), self.key, *datas))

    def true(self, names: Sequence[str]) -> bytes:
        return self.make([(self.root / name).read_bytes() for name in names])

    def load(
        self, groups: dict[str, tuple[str, ...]], *, later: int = LATER, save: bool = True, afresh: bool = False
    ) -> dict[str, bytes]:
        """Return what is made of each group now, as a build would."""
        real, found = time.time_ns, {}
        self.read = []
        with patch.object(time, "time_ns", lambda: real() + later):
            readings = self.open(afresh=afresh)
            for name, names in groups.items():
                made = readings.recall(name, self.files(names))
                if made is None:
                    datas = [(self.root / one).read_bytes() for one in names]
                    made = self.make(datas)
                    readings.keep(name, self.files(names), [digest_of(data) for data in datas], made)
                    self.read.append(name)
                found[name] = made
            if save:
                readings.save()
        return found


GROUPS: dict[str, tuple[str, ...]] = {"one": ("a",), "two": ("a", "b")}


@pytest.fixture
def reader(quick_path: Path) -> Reader:
    reader = Reader(quick_path)
    for name in ("a", "b", "c"):
        reader.put(name, f"data of {name}".encode())
    reader.load(GROUPS)
    reader.load(GROUPS)
    assert reader.read == []
    return reader


# --- bodies ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("afresh", [False, True])
def test_a_body_that_was_written_in_a_portion_gives_way_to_another(reader: Reader, *, afresh: bool) -> None:
    readings = Readings(reader.state, "2", afresh=afresh, locked=True)
    readings.use(reader.key)
    first = b"a" * 5_000_000
    hold(readings, one=first)
    hold(readings, two=b"second")
    assert held(reader, first) == [first]
    hold(readings, one=b"other")
    readings.save()
    assert held(reader, first, b"second", b"other") == [b"second", b"other"]


def held(reader: Reader, *bodies: bytes) -> list[bytes]:
    """Return which of some bodies anybody finds on disk."""
    stored = StoredBodies(str(reader.file), {})
    found = [stored.find(digest_of(body)) for body in bodies]
    stored.close()
    return [bytes(one) for one in found if one is not None]


def hold(readings: Readings, **bodies: bytes) -> None:
    for name, body in bodies.items():
        readings.hold(name, {digest_of(body): body})


def test_a_body_is_there_until_its_name_holds_another_or_is_not_asked_for(reader: Reader) -> None:
    readings = reader.open()
    hold(readings, one=b"first", two=b"second", three=b"second")
    assert [readings.body(digest_of(one)) for one in (b"first", b"second", b"third")] == [b"first", b"second", None]
    assert held(reader, b"first", b"second") == []
    readings.save()
    assert held(reader, b"first", b"second") == [b"first", b"second"]
    readings = reader.open()
    hold(readings, one=b"other", three=b"second")
    readings.save()
    assert held(reader, b"first", b"second", b"other") == [b"second", b"other"]
    readings = reader.open()
    hold(readings, one=b"other")
    readings.save(part=True)
    assert held(reader, b"second", b"other") == [b"second", b"other"]
    readings.save()
    assert held(reader, b"second", b"other") == [b"other"]


def test_a_text_that_is_as_it_was_before_it_is_saved_keeps_its_body(reader: Reader) -> None:
    first = reader.open()
    hold(first, one=b"first")
    first.save()
    readings = reader.open()
    for body in (b"other", b"third", b"first"):
        hold(readings, one=body)
    readings.save(part=True)
    assert held(reader, b"first", b"other", b"third") == [b"first"]


def test_what_is_saved_beside_leaves_what_somebody_draws_of(reader: Reader) -> None:
    first = reader.open()
    hold(first, one=b"first", two=b"second")
    first.save()
    for body in (b"other", b"third", b"other", b"first", b"other"):
        readings = reader.open()
        hold(readings, one=body)
        readings.save(beside=True)
        assert first.body(digest_of(b"first")) == b"first"
        assert first.body(digest_of(b"second")) == b"second"
        assert held(reader, body) == [body]
    with closing(sqlite3.connect(reader.file)) as database:
        assert database.execute("SELECT count(*) FROM bodies").fetchone() == (4,)
    readings = reader.open()
    hold(readings, one=b"mended")
    readings.save(part=True)
    assert held(reader, b"first", b"second", b"third", b"other", b"mended") == [b"second", b"mended"]


def test_nothing_of_another_key_is_saved_beside(reader: Reader) -> None:
    first = reader.open()
    hold(first, one=b"first")
    first.save()
    reader.key = b"other"
    readings = reader.open()
    hold(readings, one=b"other")
    readings.save(beside=True)
    assert held(reader, b"first", b"other") == [b"first"]
    assert readings.body(digest_of(b"other")) == b"other"


def test_where_nothing_can_be_saved_only_what_names_hold_stays_in_memory(reader: Reader) -> None:
    reader.put("in the way", b"")
    reader.state = reader.root / "in the way"
    readings = reader.open()
    for number in range(3):
        hold(readings, one=b"%d" % number, two=b"same", three=b"same")
        with pytest.raises(EnvironmentFault):
            readings.save(part=True)
        assert sorted(readings.stored.unsaved.values()) == [b"%d" % number, b"same"]


def test_what_is_held_already_is_not_written_again(reader: Reader) -> None:
    readings = reader.open()
    hold(readings, one=b"first")
    readings.save(part=True)
    before = reader.file.stat().st_mtime_ns
    tick(reader.root)
    readings = reader.open()
    hold(readings, one=b"first")
    readings.save(part=True)
    assert reader.file.stat().st_mtime_ns == before


@pytest.mark.parametrize("afresh", [False, True])
def test_who_holds_the_lock_keeps_little_in_memory(reader: Reader, *, afresh: bool) -> None:
    readings = Readings(reader.state, "2", afresh=afresh, locked=True)
    readings.use(reader.key)
    bodies = [bytes([number]) * 1_000_000 for number in range(20)]
    for number, body in enumerate(bodies):
        files = reader.files("a")
        assert readings.recall(f"n{number}", files) is None
        hold(readings, **{f"n{number}": body})
        readings.keep(f"n{number}", files, [digest_of(b"data of a")], b"made")
        assert sum(map(len, readings.stored.unsaved.values())) < 6_000_000
    assert all(readings.body(digest_of(body)) == body for body in bodies)
    readings.save()
    assert held(reader, *bodies) == bodies
    again = Readings(reader.state, "2")
    again.use(reader.key)
    assert all(again.recall(f"n{number}", files) == b"made" for number in range(20))


# --- what is given back ------------------------------------------------------------------------------------------------


def replaced(path: Path) -> None:
    """Put another file of the same size and times in place of one."""
    status, new = path.stat(), path.with_name("new")
    new.write_bytes(path.read_bytes().swapcase())
    os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
    new.replace(path)


def same_times(path: Path) -> None:
    status = path.stat()
    path.write_bytes(path.read_bytes().swapcase())
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def with_key(reader: Reader) -> None:
    reader.key = b"other"


def with_versions(reader: Reader) -> None:
    reader.versions = "2"


CHANGES: dict[str, tuple[Callable[[Reader], object], list[str]]] = {
    "nothing": (lambda reader: None, []),
    "bytes": (lambda reader: reader.put("b", b"other"), ["two"]),
    "bytes of one size": (lambda reader: reader.put("b", b"DATA of b"), ["two"]),
    "bytes of one size, times set back": (lambda reader: same_times(reader.root / "b"), ["two"]),
    "a file replaced by its like": (lambda reader: replaced(reader.root / "a"), ["one", "two"]),
    "touched": (lambda reader: (reader.root / "a").touch(), []),
    "old times": (lambda reader: os.utime(reader.root / "a", (0, 0)), []),
    "written once more": (lambda reader: reader.put("a", b"data of a"), []),
    "the key": (with_key, ["one", "two"]),
    "the versions": (with_versions, ["one", "two"]),
}


@pytest.mark.parametrize("later", [LATER, 0, -3600 * 10**9, 3600 * 10**9])
@pytest.mark.parametrize("name", CHANGES)
def test_only_what_changed_is_read_again(reader: Reader, name: str, later: int) -> None:
    change, read = CHANGES[name]
    tick(reader.root)
    change(reader)
    assert reader.load(GROUPS, later=later) == {group: reader.true(names) for group, names in GROUPS.items()}
    assert reader.read == read
    tick(reader.root)
    reader.load(GROUPS, later=later)
    assert reader.read == []


@pytest.mark.parametrize("names", [("a",), ("b", "a"), ("a", "b", "c"), ("a", "c"), ()])
def test_other_files_are_another_question(reader: Reader, names: tuple[str, ...]) -> None:
    assert reader.load({"two": names}) == {"two": reader.true(names)}
    assert reader.read == ["two"]


def test_a_file_that_is_gone_is_not_recalled(reader: Reader) -> None:
    (reader.root / "a").unlink()
    assert reader.open().recall("one", reader.files(["a"])) is None


def test_two_files_that_cannot_be_looked_at_prove_nothing(reader: Reader) -> None:
    """One that was there only while it was read."""
    readings = reader.open()
    files = reader.files(["brief"])
    assert readings.recall("brief", files) is None
    readings.keep("brief", files, [digest_of(b"brief")], b"made")
    readings.save()
    with patch.object(time, "time_ns", lambda real=time.time_ns: real() + LATER):
        assert reader.open().recall("brief", files) is None


def test_what_could_not_be_read_is_not_kept(reader: Reader) -> None:
    readings = reader.open()
    files = reader.files(["a", "b"])
    for digests in ([digest_of(b"a"), b""], [digest_of(b"a")]):
        readings.recall("odd", files)
        readings.keep("odd", files, digests, b"made")
        assert readings.recall("odd", files) is None


def test_a_change_while_it_was_read_shows(reader: Reader) -> None:
    """The mark is taken before the bytes are read: a file written in between differs from it."""
    readings, files = reader.open(), reader.files(["c"])
    assert readings.recall("c", files) is None
    tick(reader.root)
    reader.put("c", b"DATA of c")
    readings.keep("c", files, [digest_of(b"data of c")], b"of the old")
    readings.save()
    with patch.object(time, "time_ns", lambda real=time.time_ns: real() + LATER):
        assert reader.open().recall("c", files) is None


def test_bytes_decide_until_a_file_is_settled(reader: Reader) -> None:
    """What was changed within the last second may change again with the same size and times."""
    reader.put("a", b"other")
    reader.load(GROUPS, later=0)
    for later, asked in ((0, 2), (0, 2), (LATER, 2), (LATER, 0), (0, 0)):
        with patch.object(files, "digest", wraps=files.digest) as read:
            reader.load(GROUPS, later=later)
        of_a = [call for call in read.call_args_list if call.args[0].endswith("/a")]
        assert len(of_a) == asked, (later, asked)


@pytest.mark.parametrize("later", [LATER, 0])
def test_many_are_recalled_as_each_alone(reader: Reader, later: int) -> None:
    """Also where there are more than one question to the database can hold, in the order in which they are asked for."""
    groups = {f"{number:x}": ("abc"[number % 3], "a") for number in range(1300)}
    reader.load(groups, later=later)
    reader.put("b", b"other")
    tick(reader.root)
    asked = {name: reader.files(names) for name, names in groups.items()} | {"nobody": reader.files(["a"])}
    with patch.object(time, "time_ns", lambda real=time.time_ns: real() + later):
        alone, together = reader.open(), reader.open()
        each = [(name, made) for name, files in asked.items() if (made := alone.recall(name, files)) is not None]
        assert list(together.recall_all(asked)) == each
    assert [name for name, _ in each] == [name for name, names in groups.items() if names[0] != "b"]
    assert all(made == reader.true(groups[name]) for name, made in each)


def test_only_files_that_were_looked_at_are_kept(reader: Reader) -> None:
    readings = reader.open()
    assert readings.recall("c", reader.files(["c"])) is None
    readings.keep("c", reader.files(["a"]), [digest_of(b"data of a")], b"made")
    assert readings.recall("c", reader.files(["a"])) is None


def test_afresh_recalls_nothing_and_keeps_all(reader: Reader) -> None:
    reader.load(GROUPS, afresh=True)
    assert reader.read == list(GROUPS)
    reader.load(GROUPS)
    assert reader.read == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["write", "replace", "back"]), st.sampled_from("abc"), st.sampled_from(["x1", "x2", "y"])),
        st.tuples(st.sampled_from(["touch", "old", "future"]), st.sampled_from("abc"), st.none()),
        st.tuples(st.just("group"), st.sampled_from(["one", "two"]), st.sampled_from(["a", "ab", "ba", "abc"])),
        st.tuples(st.sampled_from(["key", "versions"]), st.sampled_from(["1", "2"]), st.none()),
        st.tuples(st.just("load"), st.sampled_from([LATER, 0, -5 * 10**9, 10**13]), st.booleans()),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150)
@given(STEPS)
def test_what_is_recalled_is_always_true(steps: list[tuple[str, str | int, str | bool | None]]) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        reader = Reader(Path(folder))
        groups = {"one": ("a",), "two": ("a", "b")}
        for name in "abc":
            reader.put(name, b"x0")
        for act, what, value in (*steps, ("load", LATER, True)):
            if act == "load":
                assert reader.load(groups, later=int(what), save=bool(value)) == {
                    name: reader.true(names) for name, names in groups.items()
                }
                tick(reader.root)
            elif act == "group":
                groups[str(what)] = tuple(str(value))
            elif act == "key":
                reader.key = str(what).encode()
            elif act == "versions":
                reader.versions = str(what)
            else:
                edit(reader.root / str(what), act, str(value).encode())


def edit(path: Path, act: str, data: bytes) -> None:
    status = path.stat()
    if act == "replace":
        new = path.with_name("new")
        new.write_bytes(data)
        os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns))
        new.replace(path)
    elif act in {"write", "back"}:
        path.write_bytes(data)
        if act == "back":
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    else:
        os.utime(path, {"touch": None, "old": (0, 0), "future": (2**32, 2**32)}[act])


# --- what is written ---------------------------------------------------------------------------------------------------


def look(file: Path) -> tuple[bytes, int, int]:
    return file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino


def rows(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {name for (name,) in database.execute("SELECT name FROM readings")}


@pytest.mark.parametrize("later", [LATER, 0])
def test_nothing_is_written_when_nothing_changed(reader: Reader, later: int) -> None:
    """Nor where a file's times are of the last second, or of the future: then its bytes decide each time."""
    os.utime(reader.root / "a", (2**32, 2**32))
    reader.load(GROUPS, later=later)
    before = look(reader.file)
    tick(reader.root)
    with patch.object(sqlite3, "connect", wraps=sqlite3.connect) as connected:
        reader.load(GROUPS, later=later)
    assert reader.read == []
    assert look(reader.file) == before
    assert connected.call_count == 1  # to read


def test_what_nobody_asked_for_goes(reader: Reader) -> None:
    assert rows(reader.file) == {"one", "two"}
    reader.load({"one": ("a",), "three": ("c",)})
    assert rows(reader.file) == {"one", "three"}
    reader.load({"one": ("a",)})
    assert rows(reader.file) == {"one"}


def test_only_what_changed_is_written(reader: Reader) -> None:
    reader.put("b", b"other")
    said: list[str] = []
    real = sqlite3.connect

    def connect(*given: object, **options: object) -> sqlite3.Connection:
        database: sqlite3.Connection = real(*given, **options)  # type: ignore[call-overload]
        database.set_trace_callback(said.append)
        return database

    with patch.object(sqlite3, "connect", connect):
        reader.load(GROUPS)
    assert [one[:22] for one in said if one.startswith(("REPLACE", "DELETE", "INSERT"))] == ["REPLACE INTO readings "]


def test_two_output_folders_share_it(reader: Reader) -> None:
    """Each build opens it anew and asks for the same; one with other flags has another key, and is only slower."""
    for _ in range(3):
        reader.load(GROUPS)
        assert reader.read == []
    for key in (b"drafts", b"key", b"drafts"):
        reader.key = key
        assert reader.load(GROUPS) == {name: reader.true(names) for name, names in GROUPS.items()}
        assert reader.read == list(GROUPS)


def test_who_looks_while_another_builds_gets_what_is_true_or_nothing(reader: Reader) -> None:
    """`check` takes no lock."""
    looking = reader.open()
    reader.put("a", b"other")
    reader.load(GROUPS)
    assert looking.recall("one", reader.files(["a"])) == reader.true(["a"])
    with closing(sqlite3.connect(reader.file, isolation_level=None)) as building:
        building.execute("BEGIN EXCLUSIVE")
        with patch.object(sqlite3, "connect", partial(sqlite3.connect, timeout=0)):
            assert reader.open().recall("one", reader.files(["a"])) is None


# --- a database that is damaged, or another's --------------------------------------------------------------------------


def sql(reader: Reader, *statements: str) -> None:
    with closing(sqlite3.connect(reader.file)) as database, database:
        for statement in statements:
            database.execute(statement)


def cut(reader: Reader, part: float) -> None:
    os.truncate(reader.file, int(reader.file.stat().st_size * part))


def overwrite(reader: Reader, page: int) -> None:
    with reader.file.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xff" * 4096)


def in_its_place(reader: Reader, make: Callable[[Path], object]) -> None:
    reader.file.unlink()
    make(reader.file)


def a_folder(file: Path) -> None:
    file.mkdir()
    (file / "in").touch()


DAMAGES: dict[str, Callable[[Reader], object]] = {
    "empty": lambda reader: cut(reader, 0),
    "half of it": lambda reader: cut(reader, 0.5),
    "all but its end": lambda reader: cut(reader, 0.9),
    "another file": lambda reader: reader.file.write_bytes(b"not a database"),
    "its first page": lambda reader: overwrite(reader, 0),
    "its second page": lambda reader: overwrite(reader, 1),
    "its third page": lambda reader: overwrite(reader, 2),
    "no tables": lambda reader: sql(reader, "DROP TABLE meta", "DROP TABLE readings"),
    "no readings": lambda reader: sql(reader, "DROP TABLE readings"),
    "other columns": lambda reader: sql(
        reader, "DROP TABLE readings", "CREATE TABLE readings (name TEXT)", "INSERT INTO readings VALUES ('one')"
    ),
    "no key": lambda reader: sql(reader, "DELETE FROM meta"),
    "two keys": lambda reader: sql(reader, "INSERT INTO meta VALUES ('other')"),
    "a key of another type": lambda reader: sql(reader, "UPDATE meta SET key = 7"),
    "sources that are none": lambda reader: sql(reader, "UPDATE readings SET sources = x'c1'"),
    "sources of another type": lambda reader: sql(reader, "UPDATE readings SET sources = 7"),
    "makings of another type": lambda reader: sql(reader, "UPDATE readings SET made = 7"),
    "gone": lambda reader: reader.file.unlink(),
    "a folder": lambda reader: in_its_place(reader, a_folder),
    "a link": lambda reader: in_its_place(reader, lambda file: file.symlink_to(reader.root / "nowhere")),
    "a link to a file": lambda reader: in_its_place(reader, lambda file: file.symlink_to(reader.root / "c")),
    "a pipe": lambda reader: in_its_place(reader, os.mkfifo),
    "a journal of another": lambda reader: Path(f"{reader.file}-journal").write_bytes(b"\xd9\xd5\x05\xf9" * 200),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_cannot_be_used_is_made_again(reader: Reader, name: str) -> None:
    reader.put("c", b"mine")
    DAMAGES[name](reader)
    true = {group: reader.true(names) for group, names in GROUPS.items()}
    assert reader.load(GROUPS) == true
    assert reader.load(GROUPS) == true
    assert reader.read == []
    assert (reader.root / "c").read_bytes() == b"mine"


def test_a_link_to_another_database_is_not_followed(reader: Reader) -> None:
    another = reader.file.rename(reader.root / "another.db")
    reader.file.symlink_to(another)
    before = look(another)
    reader.put("a", b"other")
    reader.load(GROUPS)
    assert look(another) == before
    assert not reader.file.is_symlink()


# --- a save that fails or dies -----------------------------------------------------------------------------------------


def dying_connection() -> type[sqlite3.Connection]:
    """Return a kind of connection that kills its process at the `number`-th instruction of its machine."""

    class Dying(sqlite3.Connection):
        number = 0

        def __init__(self, *given: object, **options: object) -> None:
            super().__init__(*given, **options)  # type: ignore[arg-type]
            self.left = type(self).number
            self.set_progress_handler(self.step, 1)

        def step(self) -> int:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            return 0  # go on

    return Dying


@pytest.mark.parametrize("key", [b"key", b"new"], ids=["changed", "anew"])
def test_a_save_that_is_killed_costs_only_time(reader: Reader, key: bytes) -> None:
    """In the middle of statements, and between them."""
    real, deaths = sqlite3.connect, 0
    for number in (*range(1, 40, 3), *range(40, 400, 23), 10**9):
        root = reader.root.with_name(f"{reader.root.name}-copy")
        shutil.copytree(reader.root, root)
        copy = Reader(root)
        copy.key = key
        copy.put("a", b"other")

        def work(copy: Reader = copy, number: int = number) -> None:
            dying = dying_connection()
            dying.number = number  # type: ignore[attr-defined]
            readings = copy.open()
            for name, names in GROUPS.items():
                files = copy.files(names)
                if readings.recall(name, files) is None:
                    datas = [(copy.root / one).read_bytes() for one in names]
                    readings.keep(name, files, [digest_of(data) for data in datas], copy.make(datas))
            sqlite3.connect = partial(real, factory=dying)
            readings.save()

        code = os.waitstatus_to_exitcode(os.waitpid(in_child(work), 0)[1])
        assert code in {0, -signal.SIGKILL}
        deaths += code != 0
        true = {group: copy.true(names) for group, names in GROUPS.items()}
        assert copy.load(GROUPS) == true
        assert copy.load(GROUPS) == true
        assert copy.read == []
        assert sorted(one.name for one in copy.state.iterdir()) == ["readings.db"]
        shutil.rmtree(root)
    assert deaths > 10
    assert code == 0


@pytest.fixture
def limited() -> Iterator[Callable[[int], None]]:
    """Give a function that lets no file of this process grow above so many bytes, as on a full disk."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, old)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("pages", [0, 1, 2, 4])
def test_a_file_that_cannot_grow_is_a_fault_of_the_machine(
    reader: Reader, limited: Callable[[int], None], pages: int
) -> None:
    reader.put("b", b"b" * 20_000)
    limited(pages * 4096)
    with pytest.raises(EnvironmentFault) as caught:
        reader.load(GROUPS)
    limited(resource.RLIM_INFINITY)
    assert caught.value.code in {"disk-full", "disk-error"}
    assert str(reader.file) in caught.value.message
    assert reader.load(GROUPS) == {name: reader.true(names) for name, names in GROUPS.items()}


def test_a_full_disk(reader: Reader) -> None:
    """SQLite's own limit on pages gives the error that a full disk does."""
    real = sqlite3.connect

    def connect(*given: object, **options: object) -> sqlite3.Connection:
        database: sqlite3.Connection = real(*given, **options)  # type: ignore[call-overload]
        database.execute("PRAGMA max_page_count = 4")
        return database

    reader.put("b", b"b" * 20_000)
    before = rows(reader.file)
    with patch.object(sqlite3, "connect", connect), pytest.raises(EnvironmentFault) as caught:
        reader.load(GROUPS)
    assert (caught.value.code, caught.value.exit_code) == ("disk-full", 3)
    assert "make room" in caught.value.hint
    assert rows(reader.file) == before  # and nothing of it was written
    reader.load(GROUPS)
    assert reader.read == ["two"]


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "read-only"), (errno.EACCES, "no-permission")])  # fmt: skip
def test_a_folder_that_cannot_be_written(
    reader: Reader, inject: Callable[[int, Callable[[str], None]], Faulty], number: int, code: str
) -> None:
    reader.key = b"other"

    def strike(_: str) -> None:
        raise error_of(number)

    faulty = inject(1, strike)
    with pytest.raises(EnvironmentFault) as caught:
        reader.load(GROUPS)
    faulty.number = 0
    assert caught.value.code == code
    reader.load(GROUPS)
    reader.load(GROUPS)
    assert reader.read == []


def test_rights_that_lack(reader: Reader) -> None:
    """As another user: what cannot be read is not there, and what cannot be written is told."""
    reader.put("b", b"other")
    reader.file.chmod(0o444)
    reader.state.chmod(0o555)
    reader.root.chmod(0o755)

    def work() -> None:
        if os.geteuid() == 0:
            os.seteuid(65534)
        assert reader.load({"one": ("a",)}, save=False)
        assert reader.read == []
        with pytest.raises(EnvironmentFault) as caught:
            reader.load(GROUPS)
        assert caught.value.code in {"no-permission", "read-only"}

    assert os.waitstatus_to_exitcode(os.waitpid(in_child(work), 0)[1]) == 0
    reader.state.chmod(0o755)
    reader.file.chmod(0o644)
    reader.load(GROUPS)
    assert reader.read == ["two"]
