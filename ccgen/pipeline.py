"""Open → render → publish: the only place that introduces the stages to each other; prints nothing.

`open_project` loads and plans, `Project.render` draws routes one by one, `build` also publishes them. Rendering starts only
when nothing that was read has an error, and nothing under the output changes before everything is rendered and checked.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import NamedTuple

import msgspec

from ccgen import __version__
from ccgen.check import check_page, decide_hopes
from ccgen.config import Config
from ccgen.errors import ContentError, Problem, has_errors
from ccgen.load import load
from ccgen.load.theme import load_theme
from ccgen.model.page import Page
from ccgen.model.site import Hidden, Plan, Route
from ccgen.model.theme import Theme
from ccgen.plan import plan
from ccgen.render import Renderer, fact_digests, key_names
from ccgen.write import Cleaned, Publication, Published, Stale, State, check_output, clean, lock

__all__ = [
    "Built",
    "Explained",
    "Project",
    "build",
    "check",
    "clean_output",
    "explain",
    "open_project",
    "open_state",
]

_LIBRARIES = ("babel", "jinja2", "markdown", "markupsafe", "msgspec", "pillow", "pyyaml", "selectolax")
_HTML = (".html",)
Progress = Callable[[str, int, int], None]


class Project(NamedTuple):
    """A site, loaded and planned. `problems` are all that was found until here."""

    config: Config
    theme: Theme
    plan: Plan
    problems: tuple[Problem, ...]

    def renderer(self, number: Callable[[str], int]) -> Renderer:
        """Return what draws this site's routes; `number` gives owners their numbers."""
        return Renderer(self.plan, self.theme, number, self.config.settings.site.timezone)

    def render(self, routes: Iterable[Route], number: Callable[[str], int]) -> Iterator[tuple[Route, Page | Problem]]:
        """Draw and read routes one by one; a template's fault comes in the page's place."""
        renderer = self.renderer(number)
        outputs = {route.path for route in self.plan.routes}
        for route in routes:
            page, problem = renderer.render(route)
            if problem is not None:
                yield route, problem
            elif page is not None:
                yield route, self._read(route, page, outputs)

    def _read(self, route: Route, page: Page, outputs: set[str]) -> Page:
        if page.data is None or not route.path.endswith(_HTML) or route.kind == "file":
            return page
        reading = check_page(page.data, source=route.source, url=route.url, base=self.config.base_url, outputs=outputs)
        return msgspec.structs.replace(page, anchors=reading.anchors, links=reading.links, problems=reading.problems)


class Built(NamedTuple):
    """What a build did. `rendered` are outputs drawn in this run, `kinds` counts all routes."""

    kinds: Mapping[str, int]
    rendered: tuple[str, ...]
    published: Published
    hidden: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]
    seconds: float


def open_project(config: Config, warnings: tuple[Problem, ...] = ()) -> Project:
    """Load and plan a site; problems of any severity are in the result."""
    theme, found = load_theme(config)
    loaded = load(config, theme)
    planned = plan(config, loaded)
    problems = tuple(dict.fromkeys((*warnings, *found, *planned.problems)))
    return Project(config, theme, planned, problems)


def open_state(config: Config) -> State:
    """Open what the last build left: see `write.State`."""
    output = _checked_output(config)
    return State.open(config.state, output, versions=_versions(), run_key=_run_key(config))


def build(config: Config, warnings: tuple[Problem, ...] = (), progress: Progress | None = None) -> Built:
    """Build a site into its output folder.

    Raises ContentError with every problem of the run when one is an error (nothing was written), UsageError for an output
    that must not be one, EnvironmentFault when the machine does not let us.
    """
    began = time.perf_counter()
    _checked_output(config)
    with lock(config.state):
        state = open_state(config)
        project = open_project(config, (*warnings, *state.problems))
        _stop_on_errors(project.problems)
        digests = fact_digests(project.plan, state.number)
        routes = {route.path: route for route in project.plan.routes}
        stale = state.stale(routes, digests)
        with Publication(state) as publication:
            problems, rendered = _stage(project, state, publication, stale, progress)
            found = (*project.problems, *problems)
            _stop_on_errors(found)
            published = publication.publish(set(routes), digests)
    return Built(
        kinds=Counter(route.kind for route in project.plan.routes),
        rendered=rendered,
        published=published,
        hidden=project.plan.hidden,
        warnings=(*found, *published.problems),
        seconds=time.perf_counter() - began,
    )


def check(config: Config, warnings: tuple[Problem, ...] = (), progress: Progress | None = None) -> tuple[Problem, ...]:
    """Return all that a build would say, drawing every page and writing nothing."""
    project = open_project(config, warnings)
    if has_errors(project.problems):
        return project.problems
    numbers: dict[str, int] = {}
    anchors: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    routes = project.plan.routes
    for done, (route, result) in enumerate(
        project.render(routes, lambda owner: numbers.setdefault(owner, len(numbers)))
    ):
        if progress:
            progress("Checking", done, len(routes))
        if isinstance(result, Problem):
            problems.append(result)
        else:
            anchors[route.path] = result.anchors
            problems += result.problems
    return (*project.problems, *problems, *decide_hopes(project.plan.hopes, anchors))


def _stage(
    project: Project,
    state: State,
    publication: Publication,
    stale: Mapping[str, Stale],
    progress: Progress | None,
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
    for done, (route, result) in enumerate(project.render(routes, state.number), start=1):
        if progress:
            progress("Rendering", done, len(routes))
        if isinstance(result, Problem):
            problems.append(result)
            continue
        anchors[route.path] = result.anchors
        problems += result.problems
        publication.stage(result)
    problems += decide_hopes(project.plan.hopes, anchors)
    return tuple(problems), tuple(route.path for route in routes)


def _stop_on_errors(problems: tuple[Problem, ...]) -> None:
    if has_errors(problems):
        raise ContentError(problems)


def _checked_output(config: Config) -> str:
    sources = [config.root / name for name in ("content", "data", "static", "themes")]
    return str(check_output(config.output, project=config.root, sources=sources, state_dir=config.state))


def _versions() -> str:
    libraries = " ".join(f"{name}={version(name)}" for name in _LIBRARIES)
    return f"ccgen={__version__} python={platform.python_version()} {libraries}"


def _run_key(config: Config) -> str:
    return f"drafts={config.drafts} future={config.future}"


class Explained(NamedTuple):
    """Why one output is as it is. `reads` and `changed` name groups of facts: `product:en:yueya offers`."""

    url: str
    path: str
    kind: str
    source: str
    fresh: bool
    reasons: tuple[str, ...]
    changed: tuple[str, ...]
    reads: tuple[str, ...]


def explain(config: Config, target: str, warnings: tuple[Problem, ...] = ()) -> tuple[Explained, ...]:
    """Return what is known of the outputs that a URL, an output's path or a source's path names.

    Raises ContentError when the site cannot be planned.
    """
    state = open_state(config)
    project = open_project(config, warnings)
    _stop_on_errors(project.problems)
    names = key_names(project.plan, state.number)
    digests = fact_digests(project.plan, state.number)
    stale = state.stale([route.path for route in project.plan.routes], digests)
    wanted = target.removeprefix(config.base_url.rstrip("/"))
    found = []
    for route in project.plan.routes:
        if wanted not in {route.url, route.path, route.source.path, f"{config.output.name}/{route.path}"}:
            continue
        why, recorded = stale.get(route.path), state.recorded(route.path)
        found.append(
            Explained(
                url=route.url,
                path=route.path,
                kind=route.kind,
                source=route.source.path,
                fresh=why is None,
                reasons=why.reasons if why else (),
                changed=tuple(names.get(key, "a fact that is gone") for key in why.keys) if why else (),
                reads=tuple(sorted(names.get(key, "a fact that is gone") for key in recorded.reads))
                if recorded
                else (),
            )
        )
    return tuple(found)


def clean_output(config: Config) -> Cleaned:
    """Remove what we own in the output folder, and nothing else."""
    _checked_output(config)
    with lock(config.state):
        return clean(open_state(config))
