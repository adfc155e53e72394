"""What a build does when there is something to do: plan, draw what is stale, publish, and note what was said."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from ccgen.check import decide_hopes
from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.page import Page
from ccgen.model.timing import Timing, stage
from ccgen.model.work import Progress, Workers
from ccgen.pipeline.project import Project, anchors_despite_errors, open_project, stop_on_errors, told_once
from ccgen.pipeline.unchanged import Built, note_of
from ccgen.render import fact_digests
from ccgen.write import Publication, Staged, Stale, State

__all__ = ["make"]

_LEAST, _PART = 20, 20  # how many fresh outputs a verifying build draws once more: so many, or one of so many


class _Drawn(NamedTuple):
    """A page that is drawn, read and staged, without its bytes."""

    staged: Staged
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]


def make(
    config: Config,
    state: State,
    sources: str,
    warnings: tuple[Problem, ...],
    progress: Progress | None,
    workers: Workers,
    *,
    verify: bool,
    timing: Timing | None,
) -> Built:
    """Bring the output up to date, under the lock; `sources` is their mark from before any was read.

    Raises as `build` does.
    """
    project = open_project(config, (*warnings, *state.problems), workers, afresh=verify, timing=timing)
    with stage(timing, "state"):
        project.readings.save()
    stop_on_errors(project.problems + anchors_despite_errors(project))
    with stage(timing, "digests"):
        digests = fact_digests(project.plan, state.number)
    routes = {route.path: route for route in project.plan.routes}
    with stage(timing, "state"):
        stale = state.stale(routes, digests)
    with stage(timing, "publishing"), Publication(state, timing) as publication:  # stages within it count apart
        with stage(timing, "staging"):
            problems, rendered = _stage(project, state, publication, stale, progress, workers)
        if verify:
            problems += _untrue(project, state, stale, workers)
        found = (*project.problems, *problems)
        stop_on_errors(found)
        built = Built(
            kinds=Counter(route.kind for route in project.plan.routes),
            rendered=rendered,
            hidden=project.plan.hidden,
            previewed=project.plan.previewed,
            warnings=tuple(one for one in found if one not in state.problems),
        )
        note = note_of(built, config, sources, project.next_change)
        published = publication.publish(set(routes), digests, note)
    return built._replace(published=published, warnings=(*found, *published.problems))


def _stage(
    project: Project,
    state: State,
    publication: Publication,
    stale: Mapping[str, Stale],
    progress: Progress | None,
    workers: Workers,
) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    anchors: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    outputs = {route.path for route in project.plan.routes}
    routes = []
    for route in project.plan.routes:
        recorded = None if route.path in stale else state.recorded(route.path)
        if recorded is None or recorded.lost(outputs):
            routes.append(route)
        else:
            anchors[route.path] = recorded.anchors
            problems += recorded.problems
    if routes:
        publication.open()

    def stage(page: Page) -> _Drawn:
        return _Drawn(publication.write(page), page.anchors, page.problems)

    for done, (route, drawn) in enumerate(project.render(routes, state.number, stage, workers), start=1):
        if progress:
            progress("Rendering", done, len(routes))
        if isinstance(drawn, Problem):
            problems.append(drawn)
            continue
        anchors[route.path] = drawn.anchors
        problems += drawn.problems
        publication.take(drawn.staged)
    counted = project.policy.judged(project.policy.counting(problems, "error"))
    return (*told_once(counted), *decide_hopes(project.plan.hopes, anchors)), tuple(route.path for route in routes)


def _untrue(project: Project, state: State, stale: Mapping[str, Stale], workers: Workers) -> tuple[Problem, ...]:
    """Draw a random sample of what counts as fresh; return what comes out in another way than it is recorded."""
    fresh = [route for route in project.plan.routes if route.path not in stale]
    sample = random.sample(fresh, min(len(fresh), max(_LEAST, len(fresh) // _PART)))
    drawn = project.render(sample, state.number, lambda page: (page.digest, page.reads), workers)
    found = []
    for route, made in drawn:
        recorded = state.recorded(route.path)
        if isinstance(made, Problem) or recorded is None or made != (recorded.digest, recorded.reads):
            message = f"`{route.path}` counts as fresh, and a fresh drawing differs from it"
            hint = "this is a fault of ccgen: please report it; a build after deleting `.ccgen/state` puts it right"
            found.append(Problem(code="untrue-record", message=message, at=route.source, hint=hint))
    return tuple(found)
