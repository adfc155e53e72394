"""EQV-01: whatever happens to a site, an incremental build gives the names, bytes and modes of a clean one, or its errors.

First every kind of edit once, and each must have shown in the output; then any of them at random.
`MACHINE_STEPS` is the number of random steps (200 if it is not set; `make soak` asks for 5,000).
"""

from __future__ import annotations

import math
import os
import random
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from machine_acts import ACTS
from machine_edits import EDITS, ONE
from machine_site import TIMES, TOMORROW, WAYS, Choose, padded, set_time
from machine_world import World, always_first, differing

STEPS = int(os.environ.get("MACHINE_STEPS", "200"))
SHARDS = 2
PARTS = 4
LENGTH = 25  # steps of one site
# What a build may pass over: what nobody shows, what lies in the future, what gives the same page at the same URL.
WITHOUT_EFFECT = {
    "clock",  # at some of the times that may be picked, nothing comes or goes
    "date of an article to come",
    "end of an article",
    "file becomes a folder",
    "file is touched",
    "free key",
    "merchant's link",
    "new merchant",
    "new row of the ledger",
    "parent of the theme",
    "type of a free key",
    "waiver",
}
Step = Callable[[World, Choose], None]


def _edit(name: str) -> Step:
    return lambda world, pick: world.after(EDITS[name], pick)


def _act(name: str) -> Step:
    return lambda world, pick: world.befall(ACTS[name], pick)


MEMORY = Path("/dev/shm")
STEPS_BY_NAME: dict[str, Step] = {name: _edit(name) for name in EDITS} | {name: _act(name) for name in ACTS}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_kind_of_edit(tmp_path: Path, part: int) -> None:
    """Each edit starts from the site as it was in the beginning, so that it finds what it changes."""
    chance = random.Random(part)
    world = World(tmp_path)
    beginning = world.good
    idle = []
    for number, name in enumerate(list(STEPS_BY_NAME)[part::PARTS]):
        world.back_to(beginning, chance.choice)
        before, failed = world.tree, world.failed
        STEPS_BY_NAME[name](world, chance.choice)
        if world.failed == failed:
            if number % 3 == 0:
                world.build_again()
            if name in EDITS and not differing(before, world.tree):
                idle.append(name)
    assert not set(idle) - WITHOUT_EFFECT, "these edits change nothing that is built"


def test_every_way_of_saving_is_seen(tmp_path: Path) -> None:
    """Also where size and time are the old ones, and the build begins so late that a file's times are believed."""
    world = World(tmp_path)
    page = world.output / "stories/one/index.html"
    saved = 0
    for way in WAYS:
        for when in (*TIMES, TOMORROW):
            file = world.sources.file(ONE)
            set_time(file, "earlier", file.stat().st_mtime_ns)
            world.build(always_first)
            before, saved = file.stat(), saved + 1
            data = re.sub(rb"(?m)^(?:Text \d\d\d|A) :price", b"Text %03d :price" % saved, file.read_bytes())
            way(file, padded(ONE, data))
            set_time(file, when, before.st_mtime_ns)
            if saved > 1:
                assert file.stat().st_size == before.st_size
            assert world.build(always_first).built is not None
            assert f"Text {saved:03}" in page.read_text(encoding="utf-8"), (way, when)


class Machine(RuleBasedStateMachine):
    """Any of the steps, on one site."""

    taken = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
        self.world = World(self.folder)

    def teardown(self) -> None:
        Machine.taken += self.world.steps
        shutil.rmtree(self.folder, ignore_errors=True)


def _rule(name: str) -> Any:
    def take(self: Machine, data: st.DataObject) -> None:
        def pick(options: Sequence[Any]) -> Any:
            return options[data.draw(st.integers(0, len(options) - 1))]

        STEPS_BY_NAME[name](self.world, pick)

    take.__name__ = re.sub(r"\W+", "_", name)
    return rule(data=st.data())(take)


for _name in STEPS_BY_NAME:
    setattr(Machine, re.sub(r"\W+", "_", _name), _rule(_name))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_edits_at_random(shard: int) -> None:
    soaking = STEPS > 200
    Machine.taken, chance = 0, random.SystemRandom() if soaking else random.Random(shard)
    while (left := STEPS // SHARDS - Machine.taken) > 0:  # some sites end before their last step
        before = Machine.taken
        run_state_machine_as_test(
            seed(chance.randrange(1 << 32))(Machine),
            settings=settings(
                max_examples=math.ceil(left / LENGTH),
                stateful_step_count=LENGTH,
                database=None,
                print_blob=False,
                phases=[Phase.generate, Phase.shrink] if soaking else [Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
        assert Machine.taken > before
