"""What a build does when the site has to be planned: plan, draw what is stale, publish, and keep the plan."""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import msgspec

from ccgen.errors import Problem
from ccgen.load import articles
from ccgen.model.packed import pack_all
from ccgen.model.timing import stage
from ccgen.pipeline import drawing
from ccgen.pipeline.kept_plan import Rest, encode_rest, encode_route, find_stale
from ccgen.pipeline.project import Project, anchors_despite_errors, open_project, stop_on_errors
from ccgen.pipeline.staging import stage_routes, told
from ccgen.pipeline.unchanged import Built, Task, note_of
from ccgen.write import Changed, Planned, Publication, Source, Stale, State
from ccgen.write.readings import Readings

__all__ = ["make"]

_EDITED = 8  # sources of a site, for each of which a page may be drawn after an edit
_LEAST, _PART = 20, 20  # how many fresh outputs a verifying build draws once more: so many, or one of so many


def make(task: Task, readings: Readings, *, verify: bool) -> Built:
    """Bring the output up to date with a new plan; raises as `build` does."""
    config, state, timing = task.config, task.state, task.timing
    # Where nothing was built yet all is drawn; else some lists, it may be, that lead to what changed.
    sources = len(task.sources.marks)
    task.workers.expect(sources // (_EDITED if state.paths() else 1), articles.__name__, drawing.__name__)
    project = _opened(task, readings)
    with stage(timing, "state"):
        project.readings.save()
    stop_on_errors(project.problems + anchors_despite_errors(project))
    with stage(timing, "facts"):
        planned = _planned(project, task)
        # What was loaded is let go: nothing but planning goes by articles and products.
        loaded = msgspec.structs.replace(project.loaded, articles=(), products={})
        project = project.packed(planned.facts)._replace(loaded=loaded)
    with stage(timing, "state"):
        changed = state.changed(planned.facts)
    with stage(timing, "publishing"), Publication(state, timing) as publication:  # stages within it count apart
        rendered, problems = _staged(project, publication, changed, task, verify=verify)
        found = (*project.problems, *problems)
        stop_on_errors(found)
        built = Built(
            kinds=Counter(route.kind for route in project.plan.routes),
            rendered=rendered,
            hidden=project.plan.hidden,
            previewed=project.plan.previewed,
            warnings=tuple(one for one in found if one not in state.problems),
        )
        note = note_of(built, config, task.sources, project.next_change)
        published = publication.publish(project.plan.outputs.keys(), changed, note, planned)
    return built._replace(published=published, warnings=(*found, *published.problems))


def _opened(task: Task, readings: Readings) -> Project:
    """Load and plan the site. What that makes lasts as long as the build: no garbage is looked for while it is made, nor
    among it afterwards, until another build in this process.
    """
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect(1)  # a Jinja environment refers to itself, and would be set apart with all that was drawn of
    gc.disable()
    try:
        warnings = (*task.warnings, *task.state.problems)
        return open_project(task.config, warnings, readings, task.workers, timing=task.timing)
    finally:
        gc.freeze()
        gc.enable()


def _staged(
    project: Project, publication: Publication, changed: Changed, task: Task, *, verify: bool
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Draw and stage what is stale; return which outputs these are, and what is wrong with any output."""
    state, wanted = task.state, project.plan.outputs.keys()
    with stage(task.timing, "state"):
        stale = find_stale(state, project.plan, changed.keys)
        lost = set() if state.paths() <= wanted else _with_lost_links(state, wanted)
    routes = [route for route in project.plan.routes if route.path in stale or route.path in lost]
    with stage(task.timing, "staging"):
        problems = told(project, state, stage_routes(project, routes, publication, task, changed))
    if verify:
        problems += _untrue(project, state, stale, task)
    return tuple(route.path for route in routes), problems


def _with_lost_links(state: State, wanted: AbstractSet[str]) -> set[str]:
    """Return the outputs that lead to one that is no more."""
    found = ((path, state.recorded(path)) for path in wanted & state.paths())
    return {path for path, recorded in found if recorded is not None and recorded.lost(wanted)}


def _planned(project: Project, task: Task) -> Planned:
    """Return what is kept of a plan, for `amend`."""
    plan, faces = project.plan, project.faces()
    outputs = plan.outputs  # not the plan: with that, all its facts would last
    rest = Rest(
        hopes=plan.hopes,
        sellers=plan.sellers,
        addresses=dict(plan.addresses),
        problems=tuple(one for one in project.problems if one not in task.state.problems),
    )
    return Planned(
        facts=pack_all(plan.facts),
        route=lambda path: encode_route(outputs[path]),
        sources={path: Source(mark, faces.get(path, b"")) for path, mark in task.sources.marks.items()},
        rest=encode_rest(rest),
    )


def _untrue(project: Project, state: State, stale: Mapping[str, Stale], task: Task) -> tuple[Problem, ...]:
    """Draw a random sample of what counts as fresh; return what comes out in another way than it is recorded."""
    fresh = [route for route in project.plan.routes if route.path not in stale]
    sample = random.sample(fresh, min(len(fresh), max(_LEAST, len(fresh) // _PART)))
    drawn = task.workers(drawing.looking(project.site(state.number)), sample)
    found = []
    for route, made in zip(sample, drawn, strict=True):
        recorded = state.recorded(route.path)
        if isinstance(made, Problem) or recorded is None or made[:2] != (recorded.digest, recorded.reads):
            message = f"`{route.path}` counts as fresh, and a fresh drawing differs from it"
            hint = "this is a fault of ccgen: please report it; a build after deleting `.ccgen/state` puts it right"
            found.append(Problem(code="untrue-record", message=message, at=route.source, hint=hint))
    return tuple(found)
