"""What a build would say, and every other rule: looks at every page and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ccgen.check import decide_hopes
from ccgen.check.registry import RULES
from ccgen.config import Config
from ccgen.errors import Problem, UsageError
from ccgen.model.packed import pack_all
from ccgen.model.work import Progress, Workers, alone
from ccgen.pipeline.building import open_state
from ccgen.pipeline.drawing import looking
from ccgen.pipeline.kept_plan import find_stale
from ccgen.pipeline.project import Numbers, Project, anchors_despite_errors, open_project, reading_again, told_once
from ccgen.write import Recorded
from ccgen.write.readings import Readings

__all__ = ["check"]


def check(
    config: Config,
    warnings: tuple[Problem, ...] = (),
    progress: Progress | None = None,
    workers: Workers = alone,
) -> tuple[Problem, ...]:
    """Return all that a build would say and what else breaks a rule, looking at every page and writing nothing.

    What was found on a page that is as a build would make it now is recorded; any other page is drawn and read.
    """
    return reading_again(config, partial(_check, config, warnings, progress, workers))


def _check(
    config: Config,
    warnings: tuple[Problem, ...],
    progress: Progress | None,
    workers: Workers,
    readings: Readings,
) -> tuple[Problem, ...]:
    project = open_project(config, warnings, readings, workers, least="info")
    if any(problem.severity == "error" and problem.code not in RULES for problem in project.problems):
        return project.problems + anchors_despite_errors(project)
    known, number = _known(project)
    anchors = {path: recorded.anchors for path, recorded in known.items()}
    found = {path: recorded.problems for path, recorded in known.items()}
    routes = [route for route in project.plan.routes if route.path not in known]
    seen = workers(looking(project.site(number)), routes)
    for done, (route, made) in enumerate(zip(routes, seen, strict=True), start=1):
        if progress:
            progress("Checking", done, len(routes))
        if isinstance(made, Problem):
            found[route.path] = (made,)
        else:
            anchors[route.path] = made.anchors
            found[route.path] = made.problems
    problems = [problem for path in sorted(found) for problem in found[path]]
    told = told_once(project.policy.judged(problems))
    unused = project.policy.unused((*project.findings, *problems))
    return (*project.problems, *told, *decide_hopes(project.plan.hopes, anchors), *unused)


def _known(project: Project) -> tuple[dict[str, Recorded], Callable[[str], int]]:
    """Return what is recorded of the outputs that are as a build would make them now, and what numbers owners."""
    try:
        state = open_state(project.config)
    except UsageError:  # nothing can be built there, but what would be can be looked at
        return {}, Numbers()
    if not state.paths():
        return {}, Numbers()
    wanted = project.plan.outputs.keys()
    changed = state.changed(pack_all(project.plan.facts)).keys
    stale = find_stale(state, project.plan, changed)
    found = ((path, state.recorded(path)) for path in wanted if path not in stale)
    return {path: one for path, one in found if one is not None and not one.lost(wanted)}, state.number
