"""What a build does after an edit that only the pages of what was edited can show: it amends the plan that the last one kept.

Such an edit leaves the faces of all sources as they were (`model.face`), so that whatever else was planned holds good. It is
the usual one, an author's next sentence or a new price, and costs what changed, however large the site is. Wherever anything
is in doubt there is no amending, and the site is planned anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

import msgspec

from ccgen.load.theme import load_theme
from ccgen.model.bodies import Bodies, BodyLost
from ccgen.model.differing import differing
from ccgen.model.facts import Facts
from ccgen.model.loaded import Loaded
from ccgen.model.packed import PackedFacts, pack
from ccgen.model.page import GROUP_LIMIT
from ccgen.model.site import Plan, Route
from ccgen.model.theme import Theme
from ccgen.model.timing import stage
from ccgen.pipeline.drawing import user_shelf
from ccgen.pipeline.edited import can_be_amended, read_edit
from ccgen.pipeline.kept_plan import KeptRoutes, decode_rest, decode_route
from ccgen.pipeline.project import Project, stop_on_errors
from ccgen.pipeline.staging import stage_routes, told
from ccgen.pipeline.unchanged import Built, Last, Task, note_of
from ccgen.plan.amended import Amended
from ccgen.render import Codes
from ccgen.write import Changed, Publication, RecordUnreadable, Source, State
from ccgen.write.readings import Readings

__all__ = ["amend"]


def amend(task: Task, last: Last, readings: Readings) -> Built | None:
    """Bring the output up to date with the plan of the last good build, amended; None where that cannot be done, and nothing
    was. Raises as `build` does.
    """
    try:
        return _amend(task, last, readings)
    except (BodyLost, RecordUnreadable, msgspec.MsgspecError):
        return None


def _amend(task: Task, last: Last, readings: Readings) -> Built | None:
    if not (task.sources.marks and task.state.is_sound):
        return None
    with stage(task.timing, "state"):
        known = task.state.lookup.sources()
        paths = _changed_paths(task, known)
    if paths is None:
        return None
    edit = _read_edit(task, paths, known, readings)
    if edit is None:
        return None
    with stage(task.timing, "state"):
        edit.readings.save(part=True)
    project = _project(task, last, edit)
    lookup, groups = task.state.lookup, edit.amended.groups
    facts = {owner: pack(several) for owner, several in groups.items()}
    with stage(task.timing, "state"):
        changed = _changed(task.state, facts)
        routes = [_route(task, path) for path in lookup.readers(changed.keys)]
    with stage(task.timing, "publishing"), Publication(task.state, task.timing) as publication:
        with stage(task.timing, "staging"):
            drawn = stage_routes(project, routes, publication, task, changed)
            found = (*project.problems, *told(project, task.state, drawn))
        stop_on_errors(found)
        rendered = tuple(route.path for route in routes)
        built = Built(last.kinds, last.hidden, last.previewed, found, rendered)
        note = note_of(built, task.config, task.sources, project.next_change)
        published = publication.publish_part(changed, facts, note, edit.sources)
    return built._replace(published=published, warnings=(*found, *published.problems))


def _changed_paths(task: Task, known: Mapping[str, Source]) -> frozenset[str] | None:
    """Return the files that are not as the last build knew them; None where they are not all files with a face, or where an
    output is not as that build left it.
    """
    state, marks = task.state, task.sources.marks
    if known.keys() != marks.keys():
        return None
    changed = frozenset(path for path, mark in marks.items() if not mark or known[path].mark != mark)
    if not all(known[path].face for path in changed):
        return None
    state.lookup.prove_whole()
    return changed if state.untouched() else None


class _Edit(NamedTuple):
    """What was edited, read and planned; `sources` are what is recorded of its files from now on."""

    theme: Theme
    part: Loaded
    amended: Amended
    facts: PackedFacts
    readings: Readings
    sources: Mapping[str, Source]


def _read_edit(task: Task, changed: frozenset[str], known: Mapping[str, Source], readings: Readings) -> _Edit | None:
    config, state, marks = task.config, task.state, task.sources.marks
    if not can_be_amended(config):
        return None
    with stage(task.timing, "theme"):
        theme, _ = load_theme(config, user_shelf())  # as it was, so that what is wrong with it is told already
    faces = {path: one.face for path, one in known.items()}
    held = PackedFacts(partial(_facts_of, state), state.lookup.owners, {})
    edit = read_edit(config, theme, changed, marks, faces, held, readings, task.timing)
    if edit is None:
        return None
    facts = PackedFacts(partial(_facts_of, state), state.lookup.owners, edit.amended.groups)
    sources = {path: Source(marks[path], face) for path, face in edit.faces.items()}
    return _Edit(theme, edit.part, edit.amended, facts, readings, sources)


def _facts_of(state: State, owner: str) -> bytes | None:
    found = state.lookup.owner(owner)
    return found.facts if found else None


def _changed(state: State, facts: Mapping[str, bytes]) -> Changed:
    keys = {
        state.number(owner) * GROUP_LIMIT + group
        for owner, data in facts.items()
        for group in differing(_facts_of(state, owner), data)
    }
    return Changed(keys, state.lookup.outdated(keys))


def _project(task: Task, last: Last, edit: _Edit) -> Project:
    rest = decode_rest(task.state.lookup.rest())
    outputs = KeptRoutes(task.state.paths(), partial(_route, task))
    plan = Plan(
        facts=Facts(groups=edit.facts),
        routes=outputs.values(),
        outputs=outputs,
        bodies=Bodies(edit.facts, edit.readings.body),
        assets={},
        files={},
        hopes=rest.hopes,
        hidden=last.hidden,
        previewed=last.previewed,
        problems=(),
        sellers=rest.sellers,
        addresses=rest.addresses,
        next_change=None,
    )
    awaited = [one for one in (last.next_change, edit.amended.next_change) if one is not None]
    return Project(
        config=task.config,
        theme=edit.theme,
        plan=plan,
        problems=rest.problems,
        loaded=edit.part,
        readings=edit.readings,
        next_change=min(awaited, default=None),
        codes=Codes(user_shelf()),
        timing=task.timing,
    )


def _route(task: Task, path: str) -> Route:
    row = task.state.lookup.row(path)
    if row is None:
        raise RecordUnreadable(f"it does not know `{path}` any more")
    return decode_route(row.route)
