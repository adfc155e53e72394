"""A site, loaded and planned, and how its pages are drawn and read; knows nothing of the output folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

import msgspec

from ccgen.check import Reader, decide_hopes
from ccgen.check.policy import Policy, make_policy
from ccgen.check.prose import check_prose
from ccgen.check.records import check_records
from ccgen.check.registry import RULES
from ccgen.check.subject import Subject
from ccgen.commerce.links import Purchase
from ccgen.commerce.watched import known_findings
from ccgen.config import Config
from ccgen.errors import ContentError, Problem, Severity, has_errors
from ccgen.load import load
from ccgen.load.theme import load_theme
from ccgen.model.loaded import Loaded
from ccgen.model.page import GROUP_LIMIT, Page
from ccgen.model.site import Plan, Route
from ccgen.model.theme import Template, Theme
from ccgen.model.timing import Timing, stage
from ccgen.model.work import Workers, alone
from ccgen.pipeline.versions import program, versions
from ccgen.plan import plan
from ccgen.render import Codes, Renderer
from ccgen.render.measured import MeasuredRenderer
from ccgen.write.readings import Readings
from ccgen.write.shelf import FileShelf

__all__ = [
    "Project",
    "anchors_despite_errors",
    "is_page",
    "kept_readings",
    "numbers",
    "open_project",
    "stop_on_errors",
    "told_once",
    "user_shelf",
]

_HTML = (".html",)
_THEMES = ("themes/", "theme:", "directives/")
_OF_TEMPLATES = frozenset({"broken-page-link", "duplicate-id", "template-error"}).union(
    rule.id for rule in RULES.values() if rule.decided == ("page",)
)
_MANY = 8  # templates; a fork costs more than compiling fewer when they are needed
_CHECKED = ("check:pages", 0)
_DRAWN_BY = re.compile(r"\(`([^`]+)`\)$")
T = TypeVar("T")


class Project(NamedTuple):
    """A site, loaded and planned. `problems` are all that was found until here."""

    config: Config
    theme: Theme
    plan: Plan
    problems: tuple[Problem, ...]
    loaded: Loaded
    readings: Readings  # to be saved by whoever holds the lock
    next_change: datetime | None  # when a build would next do or say something else by the clock alone
    codes: Codes
    findings: tuple[Problem, ...] = ()  # of rules, before severities and waivers
    timing: Timing | None = None

    def renderer(self, number: Callable[[str], int]) -> Renderer:
        """Return what draws this site's routes; `number` gives owners their numbers."""
        seconds = self.config.settings.limits.drawing_seconds
        if self.timing is None:
            return Renderer(self.plan, self.theme, number, seconds=seconds, codes=self.codes)
        return MeasuredRenderer(self.plan, self.theme, number, seconds=seconds, codes=self.codes, timing=self.timing)

    @property
    def policy(self) -> Policy:
        """Which rules count on this site, and how much."""
        return make_policy(self.config.settings.check)[0]

    def reader(self) -> Reader:
        """Return what reads finished pages, for every rule that counts here: what it finds is recorded, so that a later
        check need not read the page again.
        """
        return Reader(self.plan, base=self.config.base_url, rules=self.policy.asked(), now=self.config.clock)

    def render(
        self, routes: Sequence[Route], number: Callable[[str], int], then: Callable[[Page], T], workers: Workers = alone
    ) -> Iterator[tuple[Route, T | Problem]]:
        """Draw and read routes, in their order, and do something with each page; a template's fault comes in its place.

        `number` must know every owner before, since workers may be other processes.
        """
        renderer, reader = self.renderer(number), self.reader()

        def draw(batch: Sequence[Route]) -> list[T | Problem]:
            # One step for several pages, then the next: the code and data of a step stay near. A seventh of the time.
            with stage(self.timing, "drawing"):
                drawn = [renderer.render(route) for route in batch]
            with stage(self.timing, "reading of pages"):
                read = [
                    made if isinstance(made, Problem) else self.read(route, made, reader, number)
                    for route, made in zip(batch, drawn, strict=True)
                ]
            return [made if isinstance(made, Problem) else then(made) for made in read]

        return zip(routes, workers.batches(draw, routes), strict=True)

    def purchases(self, workers: Workers = alone) -> tuple[tuple[Purchase, ...], tuple[Problem, ...]]:
        """Return what the sub-ids of all purchase links say, each once, and which routes could not be drawn."""
        found: dict[Purchase, None] = {}
        problems: list[Problem] = []
        for result in workers(self.renderer(numbers()).purchases, self.plan.routes):
            if isinstance(result, Problem):
                problems.append(result)
            else:
                found |= dict.fromkeys(result)
        return tuple(found), tuple(told_once(problems))

    def read(self, route: Route, page: Page, reader: Reader, number: Callable[[str], int]) -> Page:
        """Return a page with its ids, its links and what is wrong with it; it reads what that goes by."""
        if page.data is None or not is_page(route):
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


def open_project(
    config: Config,
    warnings: tuple[Problem, ...] = (),
    workers: Workers = alone,
    *,
    least: Severity = "error",
    readings: Readings | None = None,
    timing: Timing | None = None,
) -> Project:
    """Load and plan a site; problems of any severity are in the result. What `readings` hold is not read again.

    `least` is how much a rule over records or prose must count to be looked for.
    """
    with stage(timing, "theme"):
        shelf = user_shelf()
        theme, found = load_theme(config, shelf)
    readings = readings or kept_readings(config)
    with stage(timing, "load"):
        loaded = load(config, theme, workers, readings)
    codes = Codes(shelf)
    compiled = _beside(workers, timing, codes, codes.lacking(theme, _directives_of(loaded)))
    with stage(timing, "plan"):
        planned = plan(config, loaded, readings)
    faulty = {
        f"no directive `{PurePosixPath(one.at.path).stem}`"
        for one in found
        if one.severity == "error" and one.at.path.endswith(".yaml") and "directives" in one.at.path.split("/")
    }
    # What uses a directive whose declaration cannot be read is no second problem.
    kept = (one for one in planned.problems if one.code != "unknown-directive" or one.message not in faulty)
    policy, unknown = make_policy(config.settings.check)
    told = tuple(dict.fromkeys((*warnings, *unknown, *found, *kept)))
    subject = Subject(config, loaded, planned, policy, _faulty(policy.judged(told)))
    with stage(timing, "rules"):
        broken = _broken_rules(subject, least, workers)
    awaited = [one for one in (planned.next_change, subject.clock.next_change) if one is not None]
    findings = tuple(one for one in (*told, *broken) if one.code in RULES)
    problems = policy.judged((*told, *broken))
    next_change = min(awaited, default=None)
    codes.add(compiled() or {})
    return Project(config, theme, planned, problems, loaded, readings, next_change, codes, findings, timing=timing)


def kept_readings(config: Config, *, afresh: bool = False) -> Readings:
    """Return what earlier builds read; with `afresh` nothing of it is used, and all is kept anew."""
    return Readings(config.state, versions(), afresh=afresh)


def user_shelf() -> FileShelf:
    """Return what any build of this user may take again."""
    return FileShelf(program())


def _beside(
    workers: Workers, timing: Timing | None, codes: Codes, templates: Sequence[Template]
) -> Callable[[], Mapping[str, bytes] | None]:
    """Begin to compile templates beside other work; where time is measured it is a stage of its own."""
    if timing is not None:
        with stage(timing, "compiling of templates"):
            codes.compiled(templates)
    elif len(templates) >= _MANY:
        return workers.beside(lambda: codes.compiled(templates))
    return lambda: None


def _directives_of(loaded: Loaded) -> frozenset[str]:
    return frozenset(call.name for article in loaded.articles for call in article.body.calls)


def _faulty(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the files in which something is wrong."""
    return frozenset(one.at.path for one in problems if one.severity == "error")


def _broken_rules(subject: Subject, least: Severity, workers: Workers) -> tuple[Problem, ...]:
    """Return what breaks rules over records, prose and link health; a build looks for errors, and asks no health."""
    rules = subject.policy.asked(least)
    # Words are never more than a warning, unless the owner says so.
    over_prose = rules & subject.policy.chosen if least == "error" else rules
    found = (*check_records(subject, rules), *check_prose(subject, over_prose, workers))
    if least == "error":
        return found
    return (*found, *known_findings(subject.plan, subject.loaded, subject.config))


def is_page(route: Route) -> bool:
    return route.kind == "json" or (route.path.endswith(_HTML) and route.kind != "file")


def told_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield findings of pages; what one template does wrong on many of them is told with the first."""
    pages: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        if problem.code in _OF_TEMPLATES:
            pages.setdefault((problem.code, problem.message, _template_of(problem)), []).append(problem)
        else:
            yield problem
    for first, *others in pages.values():
        if not others or _is_written(first):
            yield first  # what an author wrote stands in one place, on however many pages it is shown
            continue
        more = f", and {len(others)} more page{'s' if len(others) > 1 else ''}"
        yield msgspec.structs.replace(first, hint=first.hint + more)


def _is_written(problem: Problem) -> bool:
    return problem.at.start >= 0 and problem.at.path.startswith("content/")


def _template_of(problem: Problem) -> str:
    drawn = _DRAWN_BY.search(problem.hint)
    if drawn is not None:
        return drawn[1]
    return f"{problem.at.path}:{problem.at.start}" if problem.at.start >= 0 else ""


def anchors_despite_errors(project: Project) -> tuple[Problem, ...]:
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
    renderer = project.renderer(numbers())
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


def numbers() -> Callable[[str], int]:
    """Return what gives owners their numbers where no state is kept."""
    numbers: dict[str, int] = {}
    return lambda owner: numbers.setdefault(owner, len(numbers))


def stop_on_errors(problems: tuple[Problem, ...]) -> None:
    if has_errors(problems):
        raise ContentError(problems)
