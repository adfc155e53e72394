"""However many edits a site sees, in whatever way and order: what is previewed is a clean build of what is on disk.

`PREVIEW_EDITS` is the number of edits (60 if it is not set); beyond 400 memory is measured too.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from previewing import SCRIPT, Preview, previewing

sys.path.append(str(Path(__file__).parents[1] / "machine"))
from machine_edits import EDITS
from machine_site import Sources
from machine_world import attempt
from support import Compiling, outputs_of

from ccgen.config import read_config

EDITS_MADE = int(os.environ.get("PREVIEW_EDITS", "60"))
SEED = int(os.environ.get("PREVIEW_SEED", "1"))
# Then each kind is made once before all others, of a sound site and looked at by itself: what only some need (an engine, a parser of
# odd pages, the readers of all kinds of pictures) is loaded before memory is measured, and is no growth.
MEASURED = EDITS_MADE > 400
COMPARED = 20  # edits between two looks at everything
SHOWN = {"drafts": True, "future": True}
# No event tells of a file that is written by a name outside of the watched folders.
UNSEEN = {"file is saved by another of its names"}
PAUSES = (0.0, 0.0, 0.005, 0.02, 0.1, 0.5)  # seconds


class Truth:
    """What a clean build of the site on disk gives: its outputs, or its errors."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root.parent / "clean"
        self.ever: set[str] = set()  # outputs that were there at any time
        self._compiling = Compiling()

    def now(self) -> tuple[dict[str, bytes], set[str], str]:
        """Return outputs, errors, and the path below which the site is."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self._compiling.codes.clear()
        with self._compiling.once():
            outcome = attempt(self.root, {**SHOWN, "output": self.folder / "site", "state": self.folder / "state"})
        if outcome.built is None:
            told = {f"error[{one.code}]: {one.message}" for one in outcome.problems if one.severity == "error"}
            return {}, told, "/"
        config, _ = read_config(self.root, environ={})
        found = outputs_of(self.folder / "site")
        self.ever |= found.keys()
        return found, set(), urlsplit(config.base_url).path


def wrong(preview: Preview, truth: Truth, outputs: Mapping[str, bytes], base: str) -> list[str]:
    """Return what is served otherwise than it was built."""
    asking = http.client.HTTPConnection("localhost", preview.port, timeout=30)
    found = []
    for path in sorted(truth.ever):
        asking.request("GET", quote(base + path.removesuffix("index.html")))
        answer = asking.getresponse()
        body = SCRIPT.sub(b"", answer.read())
        if path not in outputs:
            if answer.status == 200 and path.removesuffix("/index.html") + ".html" not in outputs:
                found.append(f"{path} is not gone")
        elif body != outputs[path] or answer.status != (404 if path.endswith("404.html") else 200):
            lines = zip(body.splitlines(), outputs[path].splitlines(), strict=False)
            found.append(f"{answer.status} {path}: {next(((a, b) for a, b in lines if a != b), '')}")
    asking.close()
    return found


def errors(preview: Preview) -> set[str]:
    told = json.loads(preview.get("/_ccgen/problems?path=/").body)
    return {one["text"].splitlines()[0] for where in ("here", "elsewhere") for one in told[where]}


def holds(preview: Preview, truth: Truth, edits: list[str]) -> bool:
    """Wait until the preview is as a clean build; say whether the site can be built."""
    outputs, faults, base = truth.now()
    last: list[object] = []

    def same() -> bool:
        last[:] = [errors(preview) ^ faults] if faults else wrong(preview, truth, outputs, base)
        return not any(last)

    try:
        preview.until(same, 60)
    except (AssertionError, OSError, http.client.HTTPException) as fault:
        last.append(f"{type(fault).__name__}, exit code {preview.process.poll()}")
        pytest.fail(f"after {edits[-COMPARED:]} (seed {SEED}):\n{last}\nthe preview said\n{preview.said[-3000:]}")
    return not faults


@contextmanager
def a_tab(preview: Preview) -> Iterator[None]:
    """Somebody has a page open."""
    stream = http.client.HTTPConnection("localhost", preview.port)
    stream.request("GET", "/_ccgen/events?path=/&shows=", headers={"Sec-Fetch-Site": "same-origin"})
    answer = stream.getresponse()
    assert answer.status == 200, answer.read()

    over = threading.Event()

    def listen() -> None:
        with suppress(OSError, ValueError), answer:
            while answer.readline() and not over.is_set():
                pass
        stream.close()

    listening = threading.Thread(target=listen)
    listening.start()
    try:
        yield
        assert listening.is_alive(), "the stream of events has ended"
    finally:
        over.set()
        preview.end()
        listening.join()


def memory(process: int) -> int:
    """Return a process's memory, in KiB: all of each library, whoever shares it, for that is another share each time."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))


def open_files(process: int) -> list[str]:
    """Return what a process has open, once it has been the same for a second: connections may just be ending."""
    found, since = _open_now(process), time.monotonic()
    while time.monotonic() < since + 1:
        time.sleep(0.05)
        now = _open_now(process)
        if now != found:
            found, since = now, time.monotonic()
    return found


def _open_now(process: int) -> list[str]:
    links = []
    for one in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(one.readlink()).split(":")[0])
    return sorted(links)


def test_any_edits_are_shown(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    sources = Sources(tmp_path / "shop")
    truth = Truth(sources.root)
    beginning = good = sources.snapshot()
    kinds = [name for name in EDITS if name not in UNSEEN]
    first = chance.sample(kinds, len(kinds))
    made: list[str] = []
    after_some: tuple[int, list[str]] | None = None
    with previewing(sources.root) as preview, a_tab(preview):
        assert holds(preview, truth, made)
        while len(made) < EDITS_MADE:
            alone = bool(first) and MEASURED
            if alone:
                sources.restore(beginning, chance.choice)
            made.append(first.pop() if first else chance.choice(kinds))
            EDITS[made[-1]](sources, chance.choice)
            threading.Event().wait(chance.choice(PAUSES))
            if len(made) % COMPARED and not alone:
                continue
            if holds(preview, truth, made):
                good = sources.snapshot()
            elif chance.random() < 0.7:
                sources.restore(good, chance.choice)
                assert holds(preview, truth, [*made, "mended"])
            if len(made) == 200:
                sources.restore(beginning, chance.choice)
                assert holds(preview, truth, ["the beginning"])
                after_some = memory(preview.process.pid), open_files(preview.process.pid)
        sources.restore(beginning, chance.choice)
        assert holds(preview, truth, ["the beginning"])
        assert "Traceback" not in preview.said
        assert "internal" not in preview.said
        if after_some is not None and MEASURED:
            assert open_files(preview.process.pid) == after_some[1]
            now = memory(preview.process.pid)
            assert now < after_some[0] * 1.1, (after_some[0], now)
