"""Puts a site's pages in place: all are staged first, then moved in; knows files and pages, nothing of articles.

Order: staging (the output is untouched) → look for what is in the way (still untouched) → the list of owned files says
"publishing" → assets → pages → what is no longer wanted goes → state → the list says what is. Whoever dies on the way
leaves each file old or new in whole; the next run finds the mark, trusts no record and does the job again.

Staging lies in the state folder. Where files cannot be renamed from there (the output is another file system or
another mount), it lies in the output, hidden, for other users unreadable, and goes with the build; what a killed build
left goes with the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from typing import Self

import msgspec

from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.model.differing import count
from ccgen.model.page import ANSWERS, GROUP_LIMIT, Kept, Page
from ccgen.model.timing import Timing
from ccgen.model.timing import stage as timed
from ccgen.write import files, owned
from ccgen.write.database import NOTHING_PLANNED, READINGS, Changed, Planned, Row, Source, clear, numbers
from ccgen.write.owned import Owned
from ccgen.write.places import Places
from ccgen.write.stager import Staged, Stager
from ccgen.write.state import State

__all__ = ["Cleaned", "Publication", "Published", "clean", "tidy"]

_SHOWN = 20  # paths named in one sentence
_MOST_LINES = 10  # paths named one below the other


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What a publication did; paths relative to the output, sorted. `foreign` files are kept."""

    written: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Cleaned(msgspec.Struct, frozen=True, kw_only=True):
    """What a clean removed and what it left, because it is not ours."""

    removed: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Publication:
    """One build's pages on their way to the output folder. Used as a context manager, under the project's lock.

    Invariant: until `publish` has found nothing in the way, the output is as it was (but for hidden staging).
    """

    def __init__(self, state: State, timing: Timing | None = None) -> None:
        self._timing = timing
        self._state = state
        self._output = state.output
        self._made: dict[str, Row] = {}
        self._drawings: dict[bytes, Kept] = {}
        self._staged: dict[bool, list[Staged]] = {True: [], False: []}  # by Page.first
        self._staging = ""  # the staging folder, once there is one
        self._stager: Stager | None = None
        self._whole: set[str] = set()  # top folders that were moved in whole: they hold nothing but ours
        self._made_output: list[str] = []  # folders made for the sake of staging in the output

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(EnvironmentFault):  # the next run tries again
            if self._staging:
                files.remove_tree(self._staging)
            for folder in self._made_output:
                files.rmdir(folder)

    def stager(self) -> Stager:
        """Return what writes pages to staging, here or in other processes; a page counts once it is taken."""
        if self._stager is None:
            self._stager = Stager(self._output, self._open_staging())
        return self._stager

    def standing(self, path: str) -> bytes | None:
        """Return the digest of an output's file, if it is as we left it."""
        return self._state.digest(path) if self._state.standing(path) == "ours" else None

    def take(self, staged: Staged, drawings: Mapping[bytes, Kept] = {}) -> bool:
        """Take one written page, and what was drawn for it that others may show too; say whether its file will be moved in
        (else it stands there already).

        Raises ValueError for a path that was taken before.
        """
        if staged.path in self._made:
            raise ValueError(f"repeated output path: {staged.path!r}")
        self._made[staged.path] = staged.row
        self._drawings.update(drawings)
        if staged.source:
            self._staged[staged.first].append(staged)
        return bool(staged.source)

    def stage(self, page: Page) -> bool:
        """Write one rendered page and take it."""
        if page.path in self._made:
            raise ValueError(f"repeated output path: {page.path!r}")
        return self.take(self.stager().write(page, self.standing(page.path)))

    # Staging

    def _open_staging(self) -> str:
        inside_state, inside_output = _staging_folders(self._state)
        files.make_folders(self._state.state_dir)
        existing = self._output
        while not os.path.isdir(existing):
            existing = os.path.dirname(existing)
        if files.same_mount(self._state.state_dir, existing):
            self._staging = inside_state
        else:
            self._make_output()
            self._staging = inside_output
        files.make_folder(self._staging, private=True)
        return self._staging

    def _make_output(self) -> None:
        folder = self._output
        while files.look(folder) is None:
            self._made_output.append(folder)
            folder = os.path.dirname(folder)
        files.make_folders(self._output)

    # Publishing

    def publish(
        self, wanted: Collection[str], changed: Changed, note: str = "", planned: Planned = NOTHING_PLANNED
    ) -> Published:
        """Make the output hold the wanted pages and record the build; call it when everything is staged.

        `wanted` are the paths of all outputs of the site: those staged, and those that `State.stale` did not name.
        `changed` is what `State.changed` found, `note` is what `State.note` is to be, `planned` is kept for the next
        build.
        Raises EnvironmentFault: `output-in-the-way` before anything is touched, but where it came after we had looked.
        """
        groups = {self._state.number(owner): count(data) for owner, data in planned.facts.items()}
        self._check_whole(frozenset(wanted), lambda key: key % GROUP_LIMIT < groups.get(key // GROUP_LIMIT, 0))
        return self._publish(
            frozenset(wanted), lambda: self._state.save(changed, wanted, self._made, self._drawings, note, planned)
        )

    def publish_part(
        self, changed: Changed, facts: Mapping[str, bytes], note: str, sources: Mapping[str, Source]
    ) -> Published:
        """Do the same where all is planned as it was but for some owners' facts; raises as `State.amend` does."""
        wanted = frozenset(self._state.paths())
        self._check_whole(wanted, self._state.lookup.is_fact)
        return self._publish(
            wanted, lambda: self._state.amend(changed, facts, self._made, self._drawings, note, sources)
        )

    def _publish(self, wanted: frozenset[str], record: Callable[[], object]) -> Published:
        old = self._state.owned
        unwanted = old.files - wanted
        places = self._look_around(old, unwanted)
        written = sorted(staged.path for group in self._staged.values() for staged in group)
        problems = self._edited(written, "replaced") + self._edited(sorted(unwanted), "removed")
        folders: frozenset[str] = old.folders
        removed: tuple[str, ...] = ()
        touching = bool(written or unwanted)
        if touching:
            removed, folders = self._change(old, wanted, places)
        del places  # of many files that is much, and what is recorded now is as much
        reported = old.reported
        if unwanted or not old.known or old.publishing:
            hidden = {os.path.basename(_staging_folders(self._state)[1]), *self._whole}
            reported = frozenset(owned.strangers(self._output, wanted, hidden=hidden))
            problems += _named(reported - old.reported, self._output)
        with timed(self._timing, "state"):
            record()
        new = Owned(files=wanted, folders=folders, reported=reported)
        if touching or new != old:
            owned.save(new, self._output, self._state.state_dir)
        self._state.owned = new
        return Published(
            written=tuple(written),
            unchanged=len(wanted) - len(written),
            removed=removed,
            foreign=tuple(sorted(reported)),
            problems=problems,
        )

    def _change(self, old: Owned, wanted: frozenset[str], places: Places) -> tuple[tuple[str, ...], frozenset[str]]:
        """Bring the output from the old files to the wanted ones; return the paths that were removed, and our folders."""
        folders = old.folders | places.absent
        union = Owned(files=old.files | wanted, folders=folders, reported=old.reported, publishing=True)
        owned.save(union, self._output, self._state.state_dir)
        with _half_done():
            self._clear_way(places)
            self._move_in(self._staged.pop(True))  # a publication has no second
            self._move_in(self._staged.pop(False))
            removed = self._prune(old.files - wanted, places)
            return removed, _prune_folders(self._output, folders, wanted)

    def _check_whole(self, wanted: frozenset[str], is_fact: Callable[[int], bool]) -> None:
        """Hold the caller to its part: pages staged or recorded, none below another, and all that was read facts or answers."""
        read: set[int] = set()
        for row in self._made.values():
            read.update(numbers(row.reads))
        if unknown := {key for key in read if key < ANSWERS and not is_fact(key)}:
            path = next(path for path, row in self._made.items() if not unknown.isdisjoint(numbers(row.reads)))
            raise ValueError(f"{path!r} read no such fact: {sorted(unknown)[:_SHOWN]}")
        if missing := wanted - self._made.keys() - self._state.paths():
            raise ValueError(f"neither staged nor recorded: {sorted(missing)[:_SHOWN]}")
        if extra := self._made.keys() - wanted:
            raise ValueError(f"staged but not wanted: {sorted(extra)[:_SHOWN]}")
        if wanted != self._state.owned.files:
            folders = {folder for path in wanted for folder in owned.parents(path)}
            if both := wanted & folders:
                raise ValueError(f"both a file and a folder: {sorted(both)[:_SHOWN]}")

    def _look_around(self, old: Owned, unwanted: frozenset[str]) -> Places:
        places = Places(self._output, old, unwanted)
        staged = {staged.path for group in self._staged.values() for staged in group}
        for path in sorted(staged | (self._made.keys() - old.files)):
            places.check(path, self._made[path].digest)
        if places.conflicts:
            raise _in_the_way(places.conflicts, self._output, "nothing was changed")
        return places

    def _clear_way(self, places: Places) -> None:
        for path in sorted(places.obstacles):
            files.unlink(os.path.join(self._output, path))
        for path in reversed(places.emptied):
            if not files.rmdir(os.path.join(self._output, path)):
                conflict = f"`{os.path.join(self._output, path)}` is not empty any more"
                so_far = "old files may be gone already, and the next build puts all of it right"
                raise _in_the_way([conflict], self._output, so_far)

    def _move_in(self, group: list[Staged]) -> None:
        """Move staged files to their places; a staged top folder whole, if there is still nothing in its place."""
        if not group:
            return
        files.make_folders(self._output)
        whole = {tree for tree in {staged.tree for staged in group} if tree and self._move_whole(tree)}
        made: set[str] = set()
        for staged in group:
            if staged.tree not in whole:
                self._move_one(staged, made)

    def _move_whole(self, tree: str) -> bool:
        target = os.path.join(self._output, os.path.basename(tree))
        if files.look(target) is not None:
            return False
        files.move(tree, target)
        self._whole.add(os.path.basename(tree))
        return True

    def _move_one(self, staged: Staged, made: set[str]) -> None:
        for folder in owned.parents(staged.path):
            if folder not in made:
                made.add(folder)
                self._move_folder(folder)
        target = os.path.join(self._output, staged.path)
        if files.look(target) is None:
            files.move(staged.source, target)
        else:
            files.exchange(staged.source, target)

    def _move_folder(self, folder: str) -> None:
        """Make a folder that lacks; it appears with its final mode, or a death between would leave another."""
        target = os.path.join(self._output, folder)
        if files.look(target) is None:
            new = os.path.join(self._staging, "folder")
            files.make_folder(new)
            files.move(new, target)

    def _prune(self, unwanted: frozenset[str], places: Places) -> tuple[str, ...]:
        """Remove our files that are no longer wanted; what somebody put in their place (a link, a folder) is kept."""
        return tuple(path for path in sorted(unwanted) if places.reaches(path) and _remove(self._output, path))

    def _edited(self, paths: Iterable[str], done: str) -> tuple[Problem, ...]:
        return tuple(
            Problem(
                code="edited-output",
                message=f"`{path}` was changed by hand after the last build and is {done}",
                at=At(path=os.path.join(self._output, path)),
                hint="change the source or the theme instead; generated files belong to ccgen",
                severity="warning",
            )
            for path in paths
            if self._state.standing(path) == "edited"
        )


def tidy(state: State) -> None:
    """Remove what a killed build left of its work; under the lock, before anything else is done with the output."""
    owned.tidy(state.output, state.state_dir)
    for folder in _staging_folders(state):
        status = files.look(folder)
        if status is not None and files.is_folder(status):
            files.remove_tree(folder)


def _staging_folders(state: State) -> tuple[str, str]:
    """Return where pages may be staged: in the state folder, or hidden in the output."""
    hidden = f".ccgen-stage-{owned.output_name(state.output, state.state_dir)}"
    return os.path.join(state.state_dir, "staging"), os.path.join(state.output, hidden)


def clean(state: State) -> Cleaned:
    """Remove what we own in an output folder, its record and what was read; under the lock. Without a list nothing goes."""
    tidy(state)
    old, output = state.owned, state.output
    if not old.known:
        foreign = owned.strangers(output, frozenset())
        problem = Problem(
            code="owned-unknown",
            message=f"nothing is removed: no list tells which of the {len(foreign)} files were made by ccgen",
            at=At(path=output),
            hint="delete by hand what you do not want, or build first",
            severity="warning",
        )
        return Cleaned(foreign=foreign, problems=(*state.problems, problem))
    places = Places(output, old, old.files)
    state.forget()
    clear(os.path.join(state.state_dir, READINGS))
    removed = tuple(path for path in sorted(old.files) if places.reaches(path) and _remove(output, path))
    folders = _prune_folders(output, old.folders, frozenset())
    foreign = owned.strangers(output, frozenset())
    owned.save(Owned(folders=folders, reported=frozenset(foreign)), output, state.state_dir)
    return Cleaned(removed=removed, foreign=foreign, problems=state.problems)


@contextmanager
def _half_done() -> Iterator[None]:
    """Note on what stops us here (Ctrl-C, SIGTERM) how the output stands, for whoever tells of it."""
    try:
        yield
    except KeyboardInterrupt as stopped:
        stopped.add_note("only a part of the site is new; the next build puts all of it right")
        raise


def _remove(output: str, path: str) -> bool:
    """Remove one of our files; say whether there was one."""
    file = os.path.join(output, path)
    status = files.look(file)
    if status is None or not files.is_file(status):
        return False
    files.unlink(file)
    return True


def _prune_folders(output: str, folders: frozenset[str], wanted: frozenset[str]) -> frozenset[str]:
    """Remove those of our folders that are empty and not wanted; return the others."""
    needed = {folder for path in wanted for folder in owned.parents(path)}
    idle = sorted(folders - needed, reverse=True)  # inner ones first
    gone = {folder for folder in idle if _remove_folder(output, folder)}
    return folders - gone


def _remove_folder(output: str, folder: str) -> bool:
    outer = [os.path.join(output, parent) for parent in owned.parents(folder)]
    if any((status := files.look(parent)) is not None and not files.is_folder(status) for parent in outer):
        return True  # somebody put a link in the way: nothing of ours is left there
    return files.rmdir(os.path.join(output, folder))


def _named(foreign: AbstractSet[str], output: str) -> tuple[Problem, ...]:
    """Tell once of files that are not ours."""
    if not foreign:
        return ()
    count = "1 file" if len(foreign) == 1 else f"{len(foreign)} files"
    return (
        Problem(
            code="foreign-files",
            message=f"{count} in the output not made by ccgen, kept: {_listed(foreign)}",
            at=At(path=output),
            hint="this is said once; move what should be published to static/, delete what should not",
            severity="warning",
        ),
    )


def _in_the_way(conflicts: list[str], output: str, so_far: str) -> EnvironmentFault:
    lines = conflicts[:_MOST_LINES]
    if len(conflicts) > _MOST_LINES:
        lines.append(f"and {len(conflicts) - _MOST_LINES} more")
    told = "".join(f"\n  {line}" for line in lines) if lines[1:] else f" {lines[0]}"
    hint = f"move them out of `{output}`, or choose another folder with --output; {so_far}"
    return EnvironmentFault(f"in the way:{told}", code="output-in-the-way", hint=hint)


def _listed(paths: Collection[str]) -> str:
    shown = ", ".join(f"`{path}`" for path in sorted(paths)[:_SHOWN])
    return shown if len(paths) <= _SHOWN else f"{shown} and {len(paths) - _SHOWN} more"
