"""A whole build: open, draw what is stale, publish; the only place that writes under the output."""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from typing import NamedTuple

from ccgen import __version__
from ccgen.check import decide_hopes
from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.page import Page
from ccgen.model.site import Hidden
from ccgen.model.work import Workers, alone
from ccgen.pipeline.project import Progress, Project, anchors_despite_errors, open_project, stop_on_errors, told_once
from ccgen.render import fact_digests
from ccgen.write import Cleaned, Publication, Published, Staged, Stale, State, check_output, clean, lock

__all__ = ["Built", "build", "clean_output", "open_state"]

_LIBRARIES = ("babel", "jinja2", "markdown", "markupsafe", "msgspec", "pillow", "pyyaml", "selectolax")


class Built(NamedTuple):
    """What a build did. `rendered` are outputs drawn in this run, `kinds` counts all routes."""

    kinds: Mapping[str, int]
    rendered: tuple[str, ...]
    published: Published
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]
    seconds: float


class _Drawn(NamedTuple):
    """A page that is drawn, read and staged, without its bytes."""

    staged: Staged
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]


def build(
    config: Config,
    warnings: tuple[Problem, ...] = (),
    progress: Progress | None = None,
    workers: Workers = alone,
) -> Built:
    """Build a site into its output folder; `workers` share the reading of articles and the drawing of pages.

    Raises ContentError with every problem of the run when one is an error (nothing was written), UsageError for an output
    that must not be one, EnvironmentFault when the machine does not let us.
    """
    began = time.perf_counter()
    checked_output(config)
    with lock(config.state):
        state = open_state(config)
        project = open_project(config, (*warnings, *state.problems), workers)
        stop_on_errors(project.problems + anchors_despite_errors(project))
        digests = fact_digests(project.plan, state.number)
        routes = {route.path: route for route in project.plan.routes}
        stale = state.stale(routes, digests)
        with Publication(state) as publication:
            problems, rendered = _stage(project, state, publication, stale, progress, workers)
            found = (*project.problems, *problems)
            stop_on_errors(found)
            published = publication.publish(set(routes), digests)
    return Built(
        kinds=Counter(route.kind for route in project.plan.routes),
        rendered=rendered,
        published=published,
        hidden=project.plan.hidden,
        previewed=project.plan.previewed,
        warnings=(*found, *published.problems),
        seconds=time.perf_counter() - began,
    )


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
        if recorded is None or not outputs.issuperset(recorded.links):
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
    problems = [*told_once(project.policy.judged(problems)), *decide_hopes(project.plan.hopes, anchors)]
    return tuple(problems), tuple(route.path for route in routes)


def open_state(config: Config) -> State:
    """Open what the last build left: see `write.State`."""
    output = checked_output(config)
    return State.open(config.state, output, versions=_versions(), run_key=_run_key(config))


def clean_output(config: Config) -> Cleaned:
    """Remove what we own in the output folder, and nothing else."""
    checked_output(config)
    with lock(config.state):
        return clean(open_state(config))


def checked_output(config: Config) -> str:
    sources = [config.root / name for name in ("content", "data", "static", "themes")]
    return str(check_output(config.output, project=config.root, sources=sources, state_dir=config.state))


def _versions() -> str:
    libraries = " ".join(f"{name}={version(name)}" for name in _LIBRARIES)
    return f"ccgen={__version__} python={platform.python_version()} {libraries}"


def _run_key(config: Config) -> str:
    return f"drafts={config.drafts} future={config.future}"
