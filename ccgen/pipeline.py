"""Open → render → publish: the only place that introduces the stages to each other; prints nothing.

`open_project` loads and plans, `Project.render` draws routes one by one, `build` also publishes them. Rendering starts only
when nothing that was read has an error, and nothing under the output changes before everything is rendered and checked.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import PurePosixPath
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
from ccgen.model.work import Workers, alone
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
_THEMES = ("themes/", "theme:", "directives/")
_OF_TEMPLATES = frozenset({"broken-page-link", "duplicate-id", "template-error"})
Progress = Callable[[str, int, int], None]


class Project(NamedTuple):
    """A site, loaded and planned. `problems` are all that was found until here."""

    config: Config
    theme: Theme
    plan: Plan
    problems: tuple[Problem, ...]

    def renderer(self, number: Callable[[str], int]) -> Renderer:
        """Return what draws this site's routes; `number` gives owners their numbers."""
        seconds = self.config.settings.limits.drawing_seconds
        return Renderer(self.plan, self.theme, number, seconds=seconds)

    def render(
        self, routes: Sequence[Route], number: Callable[[str], int], workers: Workers = alone
    ) -> Iterator[tuple[Route, Page | Problem]]:
        """Draw and read routes, in their order; a template's fault comes in the page's place.

        `number` must know every owner before, since workers may be other processes.
        """
        renderer = self.renderer(number)
        outputs = {route.path for route in self.plan.routes}

        def draw(route: Route) -> Page | Problem:
            made = renderer.render(route)
            return made if isinstance(made, Problem) else self.read(route, made, outputs)

        return zip(routes, workers(draw, routes), strict=True)

    def read(self, route: Route, page: Page, outputs: set[str]) -> Page:
        """Return a page with its ids, its links and what is wrong with it."""
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
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]
    seconds: float


def open_project(config: Config, warnings: tuple[Problem, ...] = (), workers: Workers = alone) -> Project:
    """Load and plan a site; problems of any severity are in the result."""
    theme, found = load_theme(config)
    loaded = load(config, theme, workers)
    planned = plan(config, loaded)
    faulty = {
        f"no directive `{PurePosixPath(one.at.path).stem}`"
        for one in found
        if one.severity == "error" and one.at.path.endswith(".yaml") and "directives" in one.at.path.split("/")
    }
    # What uses a directive whose declaration cannot be read is no second problem.
    kept = (one for one in planned.problems if one.code != "unknown-directive" or one.message not in faulty)
    problems = tuple(dict.fromkeys((*warnings, *found, *kept)))
    return Project(config, theme, planned, problems)


def open_state(config: Config) -> State:
    """Open what the last build left: see `write.State`."""
    output = _checked_output(config)
    return State.open(config.state, output, versions=_versions(), run_key=_run_key(config))


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
    _checked_output(config)
    with lock(config.state):
        state = open_state(config)
        project = open_project(config, (*warnings, *state.problems), workers)
        _stop_on_errors(project.problems + _anchors_despite_errors(project))
        digests = fact_digests(project.plan, state.number)
        routes = {route.path: route for route in project.plan.routes}
        stale = state.stale(routes, digests)
        with Publication(state) as publication:
            problems, rendered = _stage(project, state, publication, stale, progress, workers)
            found = (*project.problems, *problems)
            _stop_on_errors(found)
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


def check(config: Config, warnings: tuple[Problem, ...] = (), progress: Progress | None = None) -> tuple[Problem, ...]:
    """Return all that a build would say, drawing every page and writing nothing."""
    project = open_project(config, warnings)
    if has_errors(project.problems):
        return project.problems + _anchors_despite_errors(project)
    anchors: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    routes = project.plan.routes
    for done, (route, result) in enumerate(project.render(routes, _numbers())):
        if progress:
            progress("Checking", done, len(routes))
        if isinstance(result, Problem):
            problems.append(result)
        else:
            anchors[route.path] = result.anchors
            problems += result.problems
    return (*project.problems, *_told_once(problems), *decide_hopes(project.plan.hopes, anchors))


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
    for done, (route, result) in enumerate(project.render(routes, state.number, workers), start=1):
        if progress:
            progress("Rendering", done, len(routes))
        if isinstance(result, Problem):
            problems.append(result)
            continue
        anchors[route.path] = result.anchors
        problems += result.problems
        publication.stage(result)
    problems = [*_told_once(problems), *decide_hopes(project.plan.hopes, anchors)]
    return tuple(problems), tuple(route.path for route in routes)


def _told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield findings of pages; what one template does wrong on many of them is told with the first."""
    pages: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        if problem.code in _OF_TEMPLATES:
            pages.setdefault((problem.code, problem.message, _template_of(problem)), []).append(problem)
        else:
            yield problem
    for first, *others in pages.values():
        more = f", and {len(others)} more page{'s' if len(others) > 1 else ''}" if others else ""
        yield msgspec.structs.replace(first, hint=first.hint + more)


def _template_of(problem: Problem) -> str:
    return f"{problem.at.path}:{problem.at.start}" if problem.at.start >= 0 else ""


def _anchors_despite_errors(project: Project) -> tuple[Problem, ...]:
    """Find broken anchors of a site that cannot be built for another reason, so that they are told in the same run.

    Only a page that an anchor leads to is drawn, and thrown away. Where an error keeps it from being drawn, or makes what
    it lacks uncertain, nothing is said.
    """
    faulty = {problem.at.path for problem in project.problems if problem.severity == "error"}
    unsure = any(path.startswith(_THEMES) for path in faulty) or any(
        problem.at.field.startswith("theme") for problem in project.problems
    )
    if not faulty or unsure:
        return ()
    renderer = project.renderer(_numbers())
    wanted = {hope.path for hope in project.plan.hopes}
    outputs = {route.path for route in project.plan.routes}
    anchors: dict[str, tuple[str, ...]] = {}
    for route in project.plan.routes:
        body = project.plan.bodies.get(route.owner)
        if route.path not in wanted or (route.source.path in faulty and not (body and body.pieces)):
            continue
        try:
            page = renderer.render(route)
        except LookupError:  # facts have holes where something is wrong, and that is told
            continue
        if isinstance(page, Page) and page.data is not None:
            anchors[route.path] = project.read(route, page, outputs).anchors
    return decide_hopes(project.plan.hopes, anchors)


def _numbers() -> Callable[[str], int]:
    """Return what gives owners their numbers where no state is kept."""
    numbers: dict[str, int] = {}
    return lambda owner: numbers.setdefault(owner, len(numbers))


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
