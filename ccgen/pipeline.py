"""Open → render → publish: the only place that introduces the stages to each other; prints nothing.

`open_project` loads and plans, `Project.render` draws routes one by one, `build` also publishes them. Rendering starts only
when nothing that was read has an error, and nothing under the output changes before everything is rendered and checked.
"""

from __future__ import annotations

import platform
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from ccgen import __version__
from ccgen.check import Reader, decide_hopes
from ccgen.check.policy import Policy, make_policy
from ccgen.check.prose import check_prose
from ccgen.check.records import check_records
from ccgen.check.registry import RULES
from ccgen.check.subject import Subject
from ccgen.commerce.links import Purchase
from ccgen.commerce.watched import known_findings
from ccgen.config import Config
from ccgen.errors import ContentError, Problem, Severity, UsageError, has_errors
from ccgen.load import load
from ccgen.load.theme import load_theme
from ccgen.model.facts import GROUP_LIMIT
from ccgen.model.loaded import Loaded
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
_OF_TEMPLATES = frozenset({"broken-page-link", "duplicate-id", "template-error"}).union(
    rule.id for rule in RULES.values() if rule.decided == ("page",)
)
_CHECKED = ("check:pages", 0)
_DRAWN_BY = re.compile(r"\(`([^`]+)`\)$")
Progress = Callable[[str, int, int], None]


class Project(NamedTuple):
    """A site, loaded and planned. `problems` are all that was found until here."""

    config: Config
    theme: Theme
    plan: Plan
    problems: tuple[Problem, ...]
    loaded: Loaded
    findings: tuple[Problem, ...] = ()  # of rules, before severities and waivers

    def renderer(self, number: Callable[[str], int]) -> Renderer:
        """Return what draws this site's routes; `number` gives owners their numbers."""
        seconds = self.config.settings.limits.drawing_seconds
        return Renderer(self.plan, self.theme, number, seconds=seconds)

    @property
    def policy(self) -> Policy:
        """Which rules count on this site, and how much."""
        return make_policy(self.config.settings.check)[0]

    def reader(self, least: Severity = "error") -> Reader:
        """Return what reads finished pages, for the rules that count at least so much."""
        rules = self.policy.asked(least)
        return Reader(self.plan, base=self.config.base_url, rules=rules, now=self.config.clock)

    def render(
        self,
        routes: Sequence[Route],
        number: Callable[[str], int],
        workers: Workers = alone,
        *,
        least: Severity = "error",
    ) -> Iterator[tuple[Route, Page | Problem]]:
        """Draw and read routes, in their order; a template's fault comes in the page's place.

        `number` must know every owner before, since workers may be other processes. `least` is how much a rule must count
        to be looked for.
        """
        renderer, reader = self.renderer(number), self.reader(least)

        def draw(route: Route) -> Page | Problem:
            made = renderer.render(route)
            return made if isinstance(made, Problem) else self.read(route, made, reader, number)

        return zip(routes, workers(draw, routes), strict=True)

    def purchases(self, workers: Workers = alone) -> tuple[tuple[Purchase, ...], tuple[Problem, ...]]:
        """Return what the sub-ids of all purchase links say, each once, and which routes could not be drawn."""
        found: dict[Purchase, None] = {}
        problems: list[Problem] = []
        for result in workers(self.renderer(_numbers()).purchases, self.plan.routes):
            if isinstance(result, Problem):
                problems.append(result)
            else:
                found |= dict.fromkeys(result)
        return tuple(found), tuple(_told_once(problems))

    def read(self, route: Route, page: Page, reader: Reader, number: Callable[[str], int]) -> Page:
        """Return a page with its ids, its links and what is wrong with it; it reads what that goes by."""
        if page.data is None or not _is_page(route):
            return page
        reading = reader.read(route, page.data)
        gone_by = {number(owner) * GROUP_LIMIT + group for owner, group in (*reading.read, _CHECKED)}
        return msgspec.structs.replace(
            page,
            reads=tuple(sorted(gone_by.union(page.reads))),
            anchors=reading.anchors,
            links=reading.links,
            problems=reading.problems,
        )


class Built(NamedTuple):
    """What a build did. `rendered` are outputs drawn in this run, `kinds` counts all routes."""

    kinds: Mapping[str, int]
    rendered: tuple[str, ...]
    published: Published
    hidden: tuple[Hidden, ...]
    previewed: tuple[Hidden, ...]
    warnings: tuple[Problem, ...]
    seconds: float


def open_project(
    config: Config, warnings: tuple[Problem, ...] = (), workers: Workers = alone, *, least: Severity = "error"
) -> Project:
    """Load and plan a site; problems of any severity are in the result.

    `least` is how much a rule over records or prose must count to be looked for.
    """
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
    policy, unknown = make_policy(config.settings.check)
    told = tuple(dict.fromkeys((*warnings, *unknown, *found, *kept)))
    broken = _broken_rules(Subject(config, loaded, planned, policy, _faulty(policy.judged(told))), least, workers)
    findings = tuple(one for one in (*told, *broken) if one.code in RULES)
    return Project(config, theme, planned, policy.judged((*told, *broken)), loaded, findings)


def _faulty(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the files in which something is wrong."""
    return frozenset(one.at.path for one in problems if one.severity == "error")


def _broken_rules(subject: Subject, least: Severity, workers: Workers) -> tuple[Problem, ...]:
    """Return what breaks rules over records, prose and link health; a build looks for errors, and asks no health."""
    rules = subject.policy.asked(least)
    found = (*check_records(subject, rules), *check_prose(subject, rules, workers))
    if least == "error":
        return found
    return (*found, *known_findings(subject.plan, subject.loaded, subject.config))


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
    if has_errors(project.problems):
        return project.problems + _anchors_despite_errors(project)
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
    told = _told_once(project.policy.judged(problems))
    unused = project.policy.unused((*project.findings, *problems))
    return (*project.problems, *told, *decide_hopes(project.plan.hopes, anchors), *unused)


def _looker(project: Project) -> Callable[[Route], tuple[tuple[str, ...], tuple[Problem, ...]] | Problem]:
    """Return what looks at a route's page: its ids and what is wrong with it, or why it cannot be drawn."""
    fresh, number = _fresh(project)
    renderer, reader = project.renderer(number), project.reader("info")

    def look(route: Route) -> tuple[tuple[str, ...], tuple[Problem, ...]] | Problem:
        data = _read(project.config.output / route.path) if route.path in fresh and _is_page(route) else None
        if data is None and route.path not in fresh:
            made = renderer.render(route)
            if isinstance(made, Problem):
                return made
            data = made.data
        if data is None or not _is_page(route):
            return (), ()
        reading = reader.read(route, data)
        return reading.anchors, reading.problems

    return look


def _fresh(project: Project) -> tuple[frozenset[str], Callable[[str], int]]:
    """Return the outputs that are as a build would make them now, and what numbers owners."""
    try:
        state = open_state(project.config)
    except UsageError:  # nothing can be built there, but what would be can be looked at
        return frozenset(), _numbers()
    if not state.paths():
        return frozenset(), _numbers()
    paths = [route.path for route in project.plan.routes]
    stale = state.stale(paths, fact_digests(project.plan, state.number))
    return frozenset(paths).difference(stale), state.number


def _is_page(route: Route) -> bool:
    return route.kind == "json" or (route.path.endswith(_HTML) and route.kind != "file")


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:  # a build may be exchanging it
        return None


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
    problems = [*_told_once(project.policy.judged(problems)), *decide_hopes(project.plan.hopes, anchors)]
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
    drawn = _DRAWN_BY.search(problem.hint)
    if drawn is not None:
        return drawn[1]
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
    reader = project.reader()
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
            anchors[route.path] = reader.read(route, page.data).anchors
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
