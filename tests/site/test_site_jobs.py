"""Work shared by an executor: one result for each item in order, the same bytes, whatever happens to a process."""

from __future__ import annotations

import errno
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from unittest.mock import patch

import pytest
from support import Shop, ShopMaker, article, ccgen_command, environment, outputs_of, unmeasured

from ccgen.config import read_config
from ccgen.errors import ContentError, EnvironmentFault
from ccgen.jobs import executor, pool
from ccgen.jobs.pool import SNAPSHOTS, Pool
from ccgen.model.work import Alone, Work, alone
from ccgen.pipeline import staging
from ccgen.pipeline.building import build
from ccgen.pipeline.checking import check

ITEMS = range(400)


class Item(NamedTuple):
    number: int
    path: str


class Strange(Exception):
    """One that is written and cannot be read."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


@pytest.fixture(autouse=True)
def _at_most() -> Iterator[None]:
    """Turn a deadlock into a failure."""

    def late(_signal: int, _frame: object) -> None:
        raise TimeoutError("the processes wait for each other")

    old = signal.signal(signal.SIGALRM, late)
    signal.alarm(300)
    with patch.object(pool, "_WORTH", 1 / 8), patch.object(executor, "_WAITS", 30):
        yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, old)


@pytest.fixture
def all_by_helpers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave nothing for this process to do."""
    monkeypatch.setattr(executor, "_AHEAD", len(ITEMS))


# --- work, as functions that other processes find by name ---


def pack(what: object, stream: BinaryIO) -> None:
    pickle.dump(what, stream)


def unpack(path: str) -> Any:
    return pickle.loads(Path(path).read_bytes())


def times(factor: int, batch: Sequence[int]) -> list[tuple[int, str]]:
    return [(item * factor, "x" * 5_000) for item in batch]


def fails(bad: int, batch: Sequence[int]) -> list[str]:
    if bad in batch:
        raise ValueError(f"no {bad}")
    return ["x" * 10_000 for _ in batch]


def kills(_: int, batch: Sequence[Any]) -> list[int]:
    if any(item["en"].number == 100 for item in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return [0 for _ in batch]


def strange(_: int, batch: Sequence[int]) -> list[int]:
    raise Strange("odd", "ity")


def gives_a_function(_: int, batch: Sequence[int]) -> list[object]:
    return [lambda: None for _ in batch]


def sleeps(_: int, batch: Sequence[int]) -> list[int]:
    time.sleep(120)
    return list(batch)


def opened(place: str, batch: Sequence[int]) -> list[str]:
    return [place for _ in batch]


def opens(path: str) -> str:
    return f"{os.getpid()} {time.monotonic_ns()}"


def work(do: Callable[[Any, Sequence[Any]], Sequence[Any]], what: object) -> Work[Any, Any, Any]:
    return Work(do, lambda: what, partial(pack, what), unpack)


# --- the seam ---


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(tmp_path: Path, jobs: int) -> None:
    with Pool(jobs, tmp_path / "s") as workers:
        for _ in range(2):
            assert list(workers(work(times, 3), ITEMS)) == [(item * 3, "x" * 5_000) for item in ITEMS]
    assert not (tmp_path / "s").exists()


@pytest.mark.usefixtures("all_by_helpers")
def test_a_process_opens_a_snapshot_once(tmp_path: Path) -> None:
    with Pool(2, tmp_path / "s") as workers:
        first = list(workers(Work(opened, lambda: "", partial(pack, 1), opens), ITEMS))
        second = list(workers(Work(opened, lambda: "", partial(pack, 1), opens), ITEMS))
    assert len(set(first)) == 1
    assert len({one.partition(" ")[0] for one in (*first, *second)}) == 1
    assert str(os.getpid()) not in {one.partition(" ")[0] for one in first}
    assert not set(first) & set(second)


def test_this_process_works_beside_its_helpers(tmp_path: Path) -> None:
    with Pool(2, tmp_path / "s") as workers:
        found = list(workers(Work(opened, lambda: "here", partial(pack, 1), opens), ITEMS))
    assert len(set(found)) == 2
    assert "here" in found


@pytest.mark.usefixtures("all_by_helpers")
def test_several_helpers_begin_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "_BEGINNING", 40)  # what an end takes where one is waited for that never begins
    for _ in range(3):
        with Pool(4, tmp_path / "s") as workers:
            found = list(workers(Work(opened, lambda: "here", partial(pack, 1), opens), ITEMS))
            assert "here" not in found
            begun = time.monotonic()
        assert time.monotonic() - begun < executor._BEGINNING


def test_fewer_processes_than_helpers_have_begun_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An executor starts no second process for a second task while the first has nothing to do."""

    class Slow(ProcessPoolExecutor):
        def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
            future = super().submit(function, *given, **named)
            wait([future])
            time.sleep(0.1)
            return future

    monkeypatch.setattr(executor, "ProcessPoolExecutor", Slow)
    begun = executor.processes(3, ())
    assert len(executor._processes_of(begun)) < 3
    begun.shutdown()


def test_nobody_waits_for_helpers_that_have_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def slow(_count: int, _modules: tuple[str, ...]) -> Executor:
        go.wait()
        return ThreadPoolExecutor(1)

    monkeypatch.setattr(executor, "_WAITS", 0)
    monkeypatch.setattr(executor, "_AHEAD", 2)
    with Pool(2, tmp_path / "s", slow) as workers:
        what = Work(opened, lambda: "here", partial(pack, 1), opens)
        for result in workers(what, ITEMS):
            assert result == "here"
            assert not (tmp_path / "s").exists()
        go.set()
        assert set(workers(what._replace(worth=10_000), ITEMS)) == {"here"}  # too little for a snapshot
        end = time.monotonic() + 40
        while time.monotonic() < end:
            if set(workers(what, ITEMS)) != {"here"}:
                return
    raise AssertionError("the helpers did nothing")


@pytest.mark.parametrize("fault", [None, ValueError()])
def test_helpers_that_are_still_beginning_are_waited_for_and_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception | None
) -> None:
    """Else a process that starts while this one ends has nobody to end it."""
    late = ThreadPoolExecutor(1)

    def slow(_count: int, _modules: tuple[str, ...]) -> Executor:
        time.sleep(0.3)
        return late

    monkeypatch.setattr(executor, "_WAITS", 0)
    with suppress(ValueError), Pool(2, tmp_path / "s", slow) as workers:
        workers.expect(len(ITEMS))
        if fault is not None:
            list(workers(work(fails, 0), ITEMS))
    with pytest.raises(RuntimeError, match="shutdown"):
        late.submit(int)


def test_too_little_work_starts_nothing(tmp_path: Path) -> None:
    def never(_jobs: int, _modules: tuple[str, ...]) -> Executor:
        raise AssertionError("made")

    with Pool(8, tmp_path / "s", never) as workers:
        assert len(list(workers(work(times, 3), ITEMS[:31]))) == 31
    with Pool(1, tmp_path / "s", never) as workers:
        assert len(list(workers(work(times, 3), ITEMS))) == 400
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("bad", [0, 17, 399])
def test_an_exception_in_any_process_is_raised_and_nobody_is_left(tmp_path: Path, bad: int) -> None:
    with Pool(3, tmp_path / "s") as workers, pytest.raises(ValueError, match=f"no {bad}"):
        list(workers(work(fails, bad), ITEMS))
    assert not (tmp_path / "s").exists()


@pytest.mark.usefixtures("all_by_helpers")
def test_a_process_that_is_killed_is_told_with_its_items(tmp_path: Path) -> None:
    items = [{"en": Item(number, f"reviews/{number}.md")} for number in ITEMS]
    with Pool(2, tmp_path / "s") as workers:
        with pytest.raises(EnvironmentFault) as told:
            list(workers(work(kills, 0), items))
        assert told.value.code == "worker-killed"
        found = re.search(
            r"worked on `reviews/(\d+).md`, `reviews/\d+.md`, `reviews/\d+.md` and (\d+) more", told.value.message
        )
        assert found is not None, told.value.message
        assert int(found[1]) <= 100
        assert (int(found[2]) + 3) // 16 in range(1, 26)  # batches of 16
        assert list(workers(work(times, 1), ITEMS))[1] == (1, "x" * 5_000)  # others are made where they are needed


@pytest.mark.usefixtures("all_by_helpers")
def test_what_cannot_be_sent_is_a_fault_of_ours_and_no_lack_of_memory(tmp_path: Path) -> None:
    with Pool(2, tmp_path / "s") as workers:
        with pytest.raises(RuntimeError, match="oddity"):
            list(workers(work(strange, 0), ITEMS))
        with pytest.raises(Exception, match=r"pickle|local"):
            list(workers(work(gives_a_function, 0), ITEMS))


def test_who_stops_waits_for_nobody(tmp_path: Path) -> None:
    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    begun = time.monotonic()
    with Pool(2, tmp_path / "s") as workers:
        signal.signal(signal.SIGALRM, stop)
        signal.alarm(3)
        with pytest.raises(KeyboardInterrupt):
            list(workers(work(sleeps, 0), ITEMS))
    assert time.monotonic() - begun < 45


def test_a_worker_ends_with_the_process_that_it_works_for(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from test_site_jobs import ITEMS, Pool, executor, pool, sleeps, work\n"
        "from pathlib import Path\n"
        "if __name__ == '__main__':\n"
        "    pool._WORTH, executor._WAITS = 0.1, 30\n"
        "    list(Pool(2, Path(sys.argv[2]))(work(sleeps, 0), ITEMS))\n"
    )
    file = tmp_path / "program.py"
    file.write_text(program)
    command = [sys.executable, str(file), str(Path(__file__).parent), str(tmp_path / "s")]
    running = subprocess.Popen(command, env=environment({"PYTHONPATH": str(Path(__file__).parents[1])}))
    while not list((tmp_path / "s").glob("*")):
        time.sleep(0.05)
    time.sleep(2)
    running.kill()
    running.wait()
    end = time.monotonic() + 30
    while processes_with(str(file)) and time.monotonic() < end:
        time.sleep(0.1)
    assert processes_with(str(file)) == []
    assert len(list((tmp_path / "s").glob("*"))) == 1  # what a dead process left
    with Pool(2, tmp_path / "s") as workers:
        assert len(list(workers(work(times, 3), ITEMS))) == 400
    assert not (tmp_path / "s").exists()


def test_a_snapshot_that_somebody_put_in_place_of_ours_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "1-ours"
    file.write_bytes(pickle.dumps(2))
    for mode, code in ((0o600, ""), (0o666, "cannot-write")):
        file.chmod(mode)
        given = tmp_path / f"{mode}-link"
        given.hardlink_to(file)
        found = executor._do(times, unpack, str(given), [1])
        assert (pickle.loads(found).code if isinstance(found, bytes) else "") == code
    link = tmp_path / "link"
    link.symlink_to(file)
    file.chmod(0o600)
    assert isinstance(executor._do(times, unpack, str(link), [1]), bytes)


def processes_with(text: str) -> list[str]:
    done = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if text in line]


def in_session_of(number: int, text: str) -> bool:
    done = subprocess.run(["ps", "-o", "args=", "-s", str(number)], capture_output=True, text=True, check=False)
    return text in done.stdout


# --- another executor: each batch in an interpreter of its own, which gets nothing but files and a message ---

INTERPRETER = """
import pickle, sys
sys.path[:0] = sys.argv[1:]
function, given = pickle.load(sys.stdin.buffer)
data = pickle.dumps(function(*given))
sys.stdout.buffer.write(data)
"""


class Interpreters(Executor):
    """As a cluster would: functions by name, arguments as bytes, no memory shared, started anywhere in any order."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2)
        self.batches = 0

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
        assert not named
        self.batches += 1
        return self._threads.submit(self._run, pickle.dumps((function, given)))

    def _run(self, message: bytes) -> Any:
        command = [sys.executable, "-c", INTERPRETER, str(Path(__file__).parent), str(Path(__file__).parents[1])]
        done = subprocess.run(command, input=message, capture_output=True, env=environment(), check=True)
        return pickle.loads(done.stdout)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._threads.shutdown(wait, cancel_futures=cancel_futures)


def large(shop: ShopMaker, name: str = "shop") -> Shop:
    return shop(
        {
            "content/products/pot.yaml": {"name": "Pot", "offers": [{"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}]},
            "content/merchants/far.yaml": {"name": "Far", "role": "affiliate", "url": "https://far.example/", "add": {"r": "s"}},
            "static/note.txt": "hello\n",
            **{
                f"content/notes/n{number}.md": article(f"Text {number}.\n\n::product{{pot}}\n", title=f"N {number}", date=f"2026-05-{number % 28 + 1:02}")
                for number in range(80)
            },
        },
        name=name,
    )  # fmt: skip


def test_any_executor_makes_the_same_site(shop: ShopMaker, tmp_path: Path) -> None:
    site = large(shop)
    config, warnings = read_config(site.root, environ={}, clock="2026-06-01")
    build(config, warnings, workers=alone)
    expected = outputs_of(site.root / "site")
    found = check(config, warnings)
    config, warnings = read_config(site.root, environ={}, clock="2026-06-01", state=tmp_path / "never")
    with Pool(2, tmp_path / SNAPSHOTS) as workers:  # nothing that it reads is saved anywhere
        assert check(config, warnings, workers=workers) == found
    makers: list[Callable[[int, tuple[str, ...]], Executor] | None] = [None, lambda _jobs, _modules: interpreters]
    interpreters = Interpreters()
    for number, make in enumerate(makers):
        config, warnings = read_config(
            site.root, environ={}, clock="2026-06-01", output=tmp_path / f"o{number}", state=tmp_path / f"s{number}"
        )
        with Pool(2, config.state / SNAPSHOTS, make) as workers:
            built = build(config, warnings, workers=workers)
            assert len(built.rendered) == len(expected)
            assert outputs_of(config.output) == expected
            site.edit("content/notes/n1.md", "Text 1.", "Text one.")
            site.edit("content/notes/n1.md", "Text one.", "Text 1.")
            assert build(config, warnings, workers=workers).rendered == ()
            assert check(config, warnings, workers=workers) == found
        assert not (config.state / SNAPSHOTS).exists()
    assert interpreters.batches > 4  # one to begin, and some batches of each work


class Noting(Alone):
    """Notes the order in which outputs are drawn."""

    def __init__(self) -> None:
        self.drawn: list[str] = []

    def __call__(self, work: Work[Any, Any, Any], items: Sequence[Any]) -> Iterator[Any]:
        if work.do.__name__ == "_stage":
            self.drawn += [route.path for route, _ in items]
        return super().__call__(work, items)


def test_what_shows_very_much_is_begun_first(shop: ShopMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever else helps must not wait for it at the end; all else keeps its order."""
    site = large(shop)
    orders = []
    for name, much in (("usual", staging._MUCH), ("little", 1 << 10)):
        monkeypatch.setattr(staging, "_MUCH", much)
        workers = Noting()
        build(*read_config(site.root, environ={}, output=site.root / name, clock="2026-06-01"), workers=workers)
        orders.append(workers.drawn)
    usual, changed = orders
    large_ones = changed[: changed.index(usual[0])]
    assert "sitemap.xml" in large_ones
    assert large_ones != usual[: len(large_ones)]
    assert [one for one in changed if one not in large_ones] == [one for one in usual if one not in large_ones]


class Listening(Alone):
    """Notes what a build says to whoever works."""

    def __init__(self) -> None:
        self.told: list[int | str] = []

    def expect(self, items: int, *modules: str) -> None:
        assert {"ccgen.load.articles", "ccgen.pipeline.drawing"} == set(modules)
        self.told.append(items)

    def __call__(self, work: Work[Any, Any, Any], items: Sequence[Any]) -> Iterator[Any]:
        self.told.append(work.do.__name__)
        return super().__call__(work, items)


def test_a_build_that_will_draw_much_says_so_before_it_reads_and_plans(shop: ShopMaker) -> None:
    site = large(shop)
    told = []
    for title in ("N 1", "Another"):
        workers = Listening()
        site.edit("content/notes/n1.md", "N 1", title)
        build(*read_config(site.root, environ={}, clock="2026-06-01"), workers=workers)
        assert workers.told[1:2] == ["_read_batch"]
        assert workers.told[-1] == "_stage"
        told.append(workers.told[0])
    every, some = told
    assert isinstance(every, int)
    assert every > 80
    assert some == every // 8


def test_faults_are_told_alike_by_any_number_of_processes(shop: ShopMaker, tmp_path: Path) -> None:
    site = large(shop)
    site.edit("content/notes/n7.md", "Text 7.", "::none")
    site.edit("content/notes/n30.md", "Text 30.", "[x](nowhere.md)")
    told = []
    for jobs in (1, 2):
        config, warnings = read_config(site.root, environ={}, output=tmp_path / "o", state=tmp_path / f"s{jobs}")
        with Pool(jobs, config.state / SNAPSHOTS) as workers, pytest.raises(ContentError) as error:
            build(config, warnings, workers=workers)
        told.append(error.value.problems)
    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_the_command_builds_a_large_site_with_processes(shop: ShopMaker) -> None:
    site = large(shop).write(
        {f"content/notes/m{number}.md": article("M.", title=f"M {number}") for number in range(500)}
    )
    alone_ = subprocess.run(
        [ccgen_command(), "build", "-s", site.root, "--jobs", "1"], env=environment(), check=True, capture_output=True
    )
    first = outputs_of(site.root / "site")
    both = subprocess.run(
        [ccgen_command(), "build", "-s", site.root, "--jobs", "2", "-o", site.root / "o", "--state", site.root / "s"],
        env=environment(), check=True, capture_output=True,
    )  # fmt: skip
    assert outputs_of(site.root / "o") == first
    assert b"Traceback" not in alone_.stderr + both.stderr


class Starting(Executor):
    """What starts its processes is killed when it has started some; who asks for more meets an error."""

    def __init__(self, some: int, error: Exception) -> None:
        self._left, self._error = some, error

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
        if not self._left:
            raise self._error
        self._left -= 1
        done: Future[Any] = Future()
        done.set_result(None)
        return done


@pytest.mark.parametrize("error", [EOFError(), BrokenProcessPool(), OSError(errno.EMFILE, "too many")])
@pytest.mark.parametrize("some", [0, 1])
def test_helpers_that_take_nothing_are_done_without(tmp_path: Path, some: int, error: Exception) -> None:
    with Pool(2, tmp_path / "s", lambda *_: Starting(some, error)) as workers:
        for _ in range(2):
            assert list(workers(work(times, 3), ITEMS)) == times(3, ITEMS)
    assert not (tmp_path / "s").exists()


def test_a_helper_that_is_killed_while_it_has_nothing_to_do_is_done_without(tmp_path: Path) -> None:
    with Pool(2, tmp_path / "s") as workers:
        found = list(workers(Work(opened, lambda: "", partial(pack, 1), opens), ITEMS))
        (helper,) = {int(one.partition(" ")[0]) for one in found if one}
        os.kill(helper, signal.SIGKILL)
        helpers: Any = workers._helpers
        while not helpers._executor._broken:  # what is handed to one that is dead, and not known to be, is lost with it
            time.sleep(0.01)
        assert list(workers(work(times, 3), ITEMS)) == times(3, ITEMS)


def test_helpers_that_die_as_they_begin_are_done_without(tmp_path: Path) -> None:
    def dying(_count: int, _modules: tuple[str, ...]) -> Executor:
        return ProcessPoolExecutor(1, get_context("forkserver"), os._exit, (1,))

    with Pool(2, tmp_path / "s", dying) as workers:
        assert list(workers(work(times, 3), ITEMS)) == times(3, ITEMS)


def test_no_more_results_are_held_than_a_few_for_each_that_is_waited_for(tmp_path: Path) -> None:
    done: list[int] = []

    def here(_: int, batch: Sequence[int]) -> list[int]:
        done.extend(batch)
        return list(batch)

    go = threading.Event()

    class Stuck(ThreadPoolExecutor):
        def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:  # type: ignore[override]
            if not given:
                return super().submit(function)
            return super().submit(lambda: (go.wait(20), list(given[-1]))[1])

    items = range(executor._MOST * 50)
    with Pool(2, tmp_path / "s", lambda *_: Stuck(2)) as workers:
        results = workers(Work(here, lambda: 1, partial(pack, 1), unpack), items)
        threading.Timer(1, go.set).start()
        assert next(results) == 0
        assert len(done) <= (executor._MOST + 1) * 16
        assert list(results) == list(items[1:])


STOPPED = """
import signal, time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from ccgen.jobs import executor

class Stopped(BaseException):
    pass

def stop(*_):
    raise Stopped

def make():
    time.sleep(0.002)
    return ThreadPoolExecutor(1)

executor._MOMENT = 0
signal.signal(signal.SIGALRM, stop)
for number in range(150):
    helpers = executor.Helpers(make, 1)
    with suppress(Stopped):
        signal.setitimer(signal.ITIMER_REAL, 0.001 + number % 20 / 10_000)
        while True:
            helpers.ready()
    helpers.abandon()
"""


def test_helpers_can_be_ended_wherever_this_process_was_stopped() -> None:
    """Python may run a handler between getting a lock and knowing that it has it, and so leave it locked for good.

    In a process of its own, for the same goes for the locks of whoever looks on.
    """
    subprocess.run([sys.executable, "-c", STOPPED], env=unmeasured(), check=True, timeout=60)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("delay", [0, 0.1, 0.2, 0.4])
def test_ctrl_c_while_helpers_begin_is_told_in_a_word(shop: ShopMaker, delay: float, again: bool) -> None:
    site = large(shop).write(
        {f"content/notes/m{number}.md": article("M.", title=f"M {number}") for number in range(500)}
    )
    command = [ccgen_command(), "build", "-s", site.root, "--jobs", "3"]
    dumping = unmeasured({"PYTHONFAULTHANDLER": "1"})
    running = subprocess.Popen(command, env=dumping, stderr=subprocess.PIPE, start_new_session=True)
    while not in_session_of(running.pid, "multiprocessing.forkserver") and running.poll() is None:
        time.sleep(0.01)
    time.sleep(delay)
    for _ in range(2 if again else 1):
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGINT)
        time.sleep(0.05)
    try:
        _, said = running.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGABRT)  # has each say where it stands
        pytest.fail(running.communicate()[1].decode())
    assert b"Traceback" not in said
    assert running.returncode in {0, 130}
    assert processes_with(str(site.root)) == []


def test_a_command_without_streams_builds(shop: ShopMaker) -> None:
    site = large(shop)
    script = 'exec "$0" build -s "$1" <&- >&- 2>&-'
    done = subprocess.run(["sh", "-c", script, ccgen_command(), site.root], env=environment(), check=False)
    assert done.returncode == 0
    assert site.has("/notes/n1/")
