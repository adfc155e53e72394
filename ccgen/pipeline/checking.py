"""What a build would say, and every other rule: reads every page and writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ccgen.check import decide_hopes
from ccgen.check.registry import RULES
from ccgen.config import Config
from ccgen.errors import Problem, UsageError
from ccgen.model.site import Route
from ccgen.model.work import Progress, Workers, alone
from ccgen.pipeline.building import open_state
from ccgen.pipeline.project import Project, anchors_despite_errors, is_page, numbers, open_project, told_once
from ccgen.render import fact_digests

__all__ = ["check"]


def check(
    config: Config,
    warnings: tuple[Problem, ...] = (),
    progress: Progress | None = None,
    workers: Workers = alone,
) -> tuple[Problem, ...]:
    """Return all that a build would say and what else breaks a rule, reading every page and writing nothing.

    A page that the last build left as a new one would make it is read from the output, any other is drawn.
    """
    project = open_project(config, warnings, workers, least="info")
    if any(problem.severity == "error" and problem.code not in RULES for problem in project.problems):
        return project.problems + anchors_despite_errors(project)
    anchors: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    routes = project.plan.routes
    for done, (route, result) in enumerate(zip(routes, workers(_looker(project), routes), strict=True), start=1):
        if progress:
            progress("Checking", done, len(routes))
        if isinstance(result, Problem):
            problems.append(result)
        else:
            anchors[route.path], found = result
            problems += found
    told = told_once(project.policy.judged(problems))
    unused = project.policy.unused((*project.findings, *problems))
    return (*project.problems, *told, *decide_hopes(project.plan.hopes, anchors), *unused)


def _looker(project: Project) -> Callable[[Route], tuple[tuple[str, ...], tuple[Problem, ...]] | Problem]:
    """Return what looks at a route's page: its ids and what is wrong with it, or why it cannot be drawn."""
    fresh, number = _fresh(project)
    renderer, reader = project.renderer(number), project.reader("info")

    def look(route: Route) -> tuple[tuple[str, ...], tuple[Problem, ...]] | Problem:
        data = _read(project.config.output / route.path) if route.path in fresh and is_page(route) else None
        if data is None and route.path not in fresh:
            made = renderer.render(route)
            if isinstance(made, Problem):
                return made
            data = made.data
        if data is None or not is_page(route):
            return (), ()
        reading = reader.read(route, data)
        return reading.anchors, reading.problems

    return look


def _fresh(project: Project) -> tuple[frozenset[str], Callable[[str], int]]:
    """Return the outputs that are as a build would make them now, and what numbers owners."""
    try:
        state = open_state(project.config)
    except UsageError:  # nothing can be built there, but what would be can be looked at
        return frozenset(), numbers()
    if not state.paths():
        return frozenset(), numbers()
    paths = [route.path for route in project.plan.routes]
    stale = state.stale(paths, fact_digests(project.plan, state.number))
    return frozenset(paths).difference(stale), state.number


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:  # a build may be exchanging it
        return None
