"""What befalls a site beside edits of its sources: its outputs, its record, its place, and what runs meanwhile."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from machine_edits import EDITS
from machine_site import TIMES, Choose, set_time
from machine_world import World, attempt

from ccgen.config import read_config
from ccgen.errors import ContentError
from ccgen.pipeline.checking import check

Act = Callable[[World, Choose], None]
ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS[name] = function
        return function

    return register


# --- outputs by hand ---------------------------------------------------------------------------------------------------


def _outputs(world: World, ending: str = "") -> list[Path]:
    """Return our files in the output; none where a build has never gone through."""
    return [world.output / path for path in sorted(world.tree) if path.endswith(ending) and not path.endswith("/")]


def _any_output(world: World, pick: Choose, ending: str = "") -> Path | None:
    there = [one for one in _outputs(world, ending) if one.is_file()]
    return pick(there) if there else None


@act("output edited by hand")
def _edit_output(world: World, pick: Choose) -> None:
    file = _any_output(world, pick, ".html")
    if file:
        before = file.stat().st_mtime_ns
        data = file.read_bytes()
        file.write_bytes(pick([data.replace(b"<p", b"<b"), b"by hand", b"", data[:-1]]))
        set_time(file, pick(TIMES), before)


@act("output edited by hand, as long and as old as before")
def _edit_output_unseen(world: World, pick: Choose) -> None:
    file = _any_output(world, pick)
    if file:
        before, data = file.stat(), bytearray(file.read_bytes())
        if data:
            data[len(data) // 2] ^= 1
        with file.open("r+b") as stream:
            stream.write(data)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@act("output deleted")
def _delete_output(world: World, pick: Choose) -> None:
    file = _any_output(world, pick)
    if file:
        file.unlink()


@act("folder of outputs deleted")
def _delete_folder(world: World, pick: Choose) -> None:
    folders = [path for path in sorted(world.tree) if path.endswith("/")]
    shutil.rmtree(world.output / pick([*folders, ""]), ignore_errors=True)
    world.mine = {path: data for path, data in world.mine.items() if (world.output / path).exists()}


@act("output's mode changed")
def _change_mode(world: World, pick: Choose) -> None:
    file = _any_output(world, pick)
    if file:
        file.chmod(pick([0o600, 0o666, 0o755]))


@act("output replaced by itself")
def _copy_output(world: World, pick: Choose) -> None:
    file = _any_output(world, pick)
    if file:
        copy = file.with_name("copy")
        shutil.copy2(file, copy)
        copy.replace(file)


@act("outputs exchanged")
def _exchange_outputs(world: World, pick: Choose) -> None:
    one, other = _any_output(world, pick), _any_output(world, pick)
    if one and other and one != other:
        aside = one.with_name("aside")
        one.rename(aside)
        other.rename(one)
        aside.rename(other)


@act("owner's file in the output")
def _foreign(world: World, pick: Choose) -> None:
    path = pick(["mine.txt", "stories/mine.txt"])
    if world.mine.pop(path, None) is not None:
        (world.output / path).unlink(missing_ok=True)
        with suppress(OSError):  # a build that has nothing to do does not look for folders that became empty
            (world.output / path).parent.rmdir()
    elif (world.output / path).parent.is_dir():
        (world.output / path).write_bytes(b"mine")
        world.mine[path] = b"mine"


# --- the record --------------------------------------------------------------------------------------------------------


def _databases(world: World) -> list[Path]:
    return sorted((world.state / "state").glob("*.db"))


@act("record is lost")
def _lose_state(world: World, pick: Choose) -> None:
    for file in pick([_databases(world), [one for one in world.state.iterdir() if one.name not in {"owned", "lock"}]]):
        shutil.rmtree(file) if file.is_dir() else file.unlink()


@act("record is damaged")
def _damage_state(world: World, pick: Choose) -> None:
    for file in _databases(world):
        data = file.read_bytes()
        file.write_bytes(pick([b"", data[: len(data) // 2], b"x" * 5000, data.replace(b"ccgen=", b"ccgem=")]))


@act("record is put back from a backup")
def _old_state(world: World, pick: Choose) -> None:
    """What the list says is ours stays: only the cache is of another day."""
    backup = world.folder / "backup"
    if backup.exists() and pick([True, False]):
        for file in backup.iterdir():
            shutil.copy2(file, world.state / "state" / file.name)
    elif (world.state / "state").is_dir():
        shutil.rmtree(backup, ignore_errors=True)
        shutil.copytree(world.state / "state", backup)


# --- the project and its flags -----------------------------------------------------------------------------------------


@act("project is moved")
def _move(world: World, pick: Choose) -> None:
    new = world.folder / ("moved" if world.root.name == "shop" else "shop")
    if pick([True, False]):
        world.root.rename(new)
    else:
        shutil.copytree(world.root, new, symlinks=True)
        shutil.rmtree(world.root)
    world.root = world.sources.root = new


@act("flags")
def _flags(world: World, pick: Choose) -> None:
    world.flags = pick(
        [
            one
            for one in ({}, {"drafts": True}, {"future": True}, {"base_url": "https://o.example/x/"})
            if one != world.flags
        ]
    )


@act("clock on the command line")
def _clock(world: World, pick: Choose) -> None:
    now = world.flags.get("clock")
    world.flags = {key: value for key, value in world.flags.items() if key != "clock"}
    new = pick([one for one in ("2026-06-02 23:59:59", "2026-06-03", "2026-06-06", None) if one != now])
    if new:
        world.flags = {**world.flags, "clock": new}


# --- what runs beside --------------------------------------------------------------------------------------------------


@act("edit, and a build for another folder")
def _elsewhere(world: World, pick: Choose) -> None:
    """Two output folders share the project's state folder."""
    EDITS["text of any article"](world.sources, pick)
    attempt(world.root, {"output": world.folder / "elsewhere", "drafts": pick([False, True])})


@act("edit, and a check")
def _check(world: World, pick: Choose) -> None:
    EDITS["text of any article"](world.sources, pick)
    try:
        check(*read_config(world.root, environ={}, **world.flags))
    except ContentError:
        return


@act("edit that is faulty, and back")
def _faulty_and_back(world: World, pick: Choose) -> None:
    """A build that fails leaves nothing behind that a later one takes for true."""
    before = world.sources.snapshot()
    for name in ("where a link leads", "declaration of a directive", "string"):
        EDITS[name](world.sources, pick)
    world.sources.save("content/stories/broken.md", "---\ntitle: Broken\n---\n::none\n", pick)
    assert world.build(pick).built is None
    world.sources.restore(before, pick)


@act("edit while a build runs")
def _meanwhile(world: World, pick: Choose) -> None:
    """What was read is built; what was saved since is seen by the next build, whatever its times say."""
    EDITS["title"](world.sources, pick)
    done: list[str] = []

    def once(_what: str, _done: int, _all: int) -> None:
        if not done:
            done.append("saved")
            for name in ("text, as long as before", "text of any article", "title", "price", "partial", "macro"):
                EDITS[name](world.sources, pick)

    world.build(pick, once)
    world.tree = {path: one for path, one in world.tree.items() if (world.output / path).exists()}


@act("nothing")
def _nothing(world: World, pick: Choose) -> None:
    """Twice the same build."""


__all__ = ["ACTS", "Act"]
