"""Stale outputs drawn, read and staged, and what is said of all outputs then; knows not how they came to be stale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ccgen.check import decide_hopes
from ccgen.errors import Problem
from ccgen.model.facts import Facts
from ccgen.model.packed import packing
from ccgen.model.site import Route
from ccgen.pipeline.drawing import Drawn, staging
from ccgen.pipeline.project import Project, told_once
from ccgen.pipeline.unchanged import Task
from ccgen.write import Changed, Publication, State

__all__ = ["stage_routes", "told"]

_MUCH = 1 << 14  # bytes of facts: as many as ten articles have


def stage_routes(
    project: Project, routes: Sequence[Route], publication: Publication, task: Task, changed: Changed
) -> dict[str, Drawn]:
    """Draw, read and stage outputs; return them by path. One that cannot be drawn is a problem, and is not staged."""
    if not routes:
        return {}
    site = project.site(task.state.number, task.state.drawings(changed).find)
    work = staging(site, publication.stager())
    routes = _largest_first(routes, project.plan.facts)
    items = [(route, publication.standing(route.path)) for route in routes]
    found = {}
    for done, (route, one) in enumerate(zip(routes, task.workers(work, items), strict=True), start=1):
        if task.progress:
            task.progress("Rendering", done, len(routes))
        if one.staged is not None:
            publication.take(one.staged, one.kept)
        found[route.path] = one._replace(kept={})  # which the publication has now
    return found


def _largest_first(routes: Sequence[Route], facts: Facts) -> list[Route]:
    """Return routes with those first that show very much: begun last, all would wait for them. Else neighbours stay together,
    for they show the same.
    """
    packed = packing(facts)
    return sorted(routes, key=lambda one: -(len(packed(one.owner)) // _MUCH))


def told(project: Project, state: State, drawn: Mapping[str, Drawn]) -> tuple[Problem, ...]:
    """Return what a build says of finished pages, those that it drew and those that are fresh."""
    wanted = project.plan.outputs.keys()
    recorded = {path: found for path, found in state.findings() if path in wanted}
    problems = recorded | {path: one.problems for path, one in drawn.items()}
    every = [problem for path in sorted(problems) for problem in problems[path]]
    counted = project.policy.judged(project.policy.counting(every, "error"))
    anchors = {}
    for path in {hope.path for hope in project.plan.hopes} & wanted:
        if path in drawn:
            if drawn[path].staged is not None:
                anchors[path] = drawn[path].anchors
        elif known := state.recorded(path):
            anchors[path] = known.anchors
    return (*told_once(counted), *decide_hopes(project.plan.hopes, anchors))
