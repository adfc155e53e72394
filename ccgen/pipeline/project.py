"""A site, loaded and planned, and how its pages are drawn and read; knows nothing of the output folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

import msgspec

from ccgen.check import decide_hopes
from ccgen.check.policy import Policy, make_policy
from ccgen.check.prose import check_prose
from ccgen.check.records import check_records
from ccgen.check.registry import RULES
from ccgen.check.subject import Subject
from ccgen.commerce.watched import known_findings
from ccgen.config import Config
from ccgen.errors import ContentError, Problem, Severity, has_errors
from ccgen.load import load
from ccgen.load.theme import load_theme
from ccgen.model.bodies import BodyLost
from ccgen.model.face import product_faces
from ccgen.model.facts import Facts
from ccgen.model.loaded import Loaded
from ccgen.model.packed import PackedFacts
from ccgen.model.page import Kept, Page
from ccgen.model.site import Plan
from ccgen.model.theme import Theme
from ccgen.model.timing import Timing, stage
from ccgen.model.work import Workers, alone
from ccgen.pipeline.drawing import Desk, Site, nothing_drawn, user_shelf
from ccgen.pipeline.versions import versions
from ccgen.plan import plan
from ccgen.render import Codes
from ccgen.write.readings import Readings

__all__ = [
    "Numbers",
    "Project",
    "anchors_despite_errors",
    "kept_readings",
    "open_project",
    "plan_project",
    "reading_again",
    "stop_on_errors",
    "told_once",
]

_THEMES = ("themes/", "theme:", "directives/")
_OF_TEMPLATES = frozenset({"broken-page-link", "duplicate-id", "template-error"}).union(
    rule.id for rule in RULES.values() if rule.decided == ("page",)
)
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

    @property
    def policy(self) -> Policy:
        """Which rules count on this site, and how much."""
        return make_policy(self.config.settings.check)[0]

    def faces(self) -> dict[str, bytes]:
        """Return the faces of sources (`model.face`) by path, but for those of which something is told or not yet certain."""
        told = (*self.problems, *self.findings)
        unsure = {one.at.path for one in told}.union(hope.at.path for hope in self.plan.hopes)
        articles = ((article.path, article.face) for article in self.loaded.articles)
        return {path: face for path, face in (*articles, *product_faces(self.loaded)) if path not in unsure}

    def packed(self, facts: Mapping[str, bytes]) -> Project:
        """Return the project with its facts as the bytes that were made of them: a snapshot takes these, and pages read few."""
        groups = PackedFacts(facts.get, lambda: iter(facts), {})
        plan = msgspec.structs.replace(self.plan, facts=Facts(groups=groups), bodies=self.plan.bodies.among(groups))
        return self._replace(plan=plan)

    def site(self, number: Callable[[str], int], find: Callable[[bytes], Kept | None] = nothing_drawn) -> Site:
        """Return what pages are drawn from; `number` gives owners their numbers, `find` drawings that hold good."""
        return Site(self.config, self.theme, self.plan, self.readings.stored, number, self.codes, self.timing, find)


def plan_project(config: Config, warnings: tuple[Problem, ...] = (), *, least: Severity = "error") -> Project:
    """Open a project of which no page is to be drawn."""
    with closing(kept_readings(config)) as readings:
        return open_project(config, warnings, readings, least=least)


def open_project(
    config: Config,
    warnings: tuple[Problem, ...],
    readings: Readings,
    workers: Workers = alone,
    *,
    least: Severity = "error",
    timing: Timing | None = None,
) -> Project:
    """Load and plan a site; problems of any severity are in the result. What `readings` hold is not read again.

    `least` is how much a rule over records or prose must count to be looked for.
    """
    with stage(timing, "theme"):
        shelf = user_shelf()
        theme, found = load_theme(config, shelf)
    with stage(timing, "load"):
        loaded = load(config, theme, workers, readings)
    codes = Codes(shelf)
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
        broken = _broken_rules(subject, least)
    awaited = [one for one in (planned.next_change, subject.clock.next_change) if one is not None]
    findings = tuple(one for one in (*told, *broken) if one.code in RULES)
    problems = policy.judged((*told, *broken))
    next_change = min(awaited, default=None)
    return Project(config, theme, planned, problems, loaded, readings, next_change, codes, findings, timing=timing)


def kept_readings(config: Config, *, afresh: bool = False, locked: bool = False) -> Readings:
    """Return what earlier builds read; with `afresh` nothing of it is used, and all is kept anew.

    Who holds the project's lock (`locked`) need not keep in memory what is new.
    """
    return Readings(config.state, versions(), afresh=afresh, locked=locked)


def reading_again(config: Config, do: Callable[[Readings], T], readings: Readings | None = None) -> T:
    """Do something with what earlier builds read, and once more without, if a body of it turns out to be lost or damaged."""
    locked = readings is not None and readings.locked
    with suppress(BodyLost), closing(readings or kept_readings(config)) as first:
        return do(first)
    with closing(kept_readings(config, afresh=True, locked=locked)) as again:
        return do(again)


def _faulty(problems: Iterable[Problem]) -> frozenset[str]:
    """Return the files in which something is wrong."""
    return frozenset(one.at.path for one in problems if one.severity == "error")


def _broken_rules(subject: Subject, least: Severity) -> tuple[Problem, ...]:
    """Return what breaks rules over records, prose and link health; a build looks for errors, and asks no health."""
    rules = subject.policy.asked(least)
    # Words are never more than a warning, unless the owner says so.
    over_prose = rules & subject.policy.chosen if least == "error" else rules
    found = (*check_records(subject, rules), *check_prose(subject, over_prose))
    if least == "error":
        return found
    return (*found, *known_findings(subject.plan, subject.loaded, subject.config))


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
    desk = Desk(project.site(Numbers()))
    wanted = {hope.path for hope in project.plan.hopes}
    anchors: dict[str, tuple[str, ...]] = {}
    for route in project.plan.routes:
        body = project.plan.bodies.get(route.owner)
        if route.path not in wanted or (route.source.path in faulty and not (body and body.pieces)):
            continue
        try:
            page = desk.renderer.render(route)
        except LookupError:  # facts have holes where something is wrong, and that is told
            continue
        if isinstance(page, Page) and page.data is not None:
            anchors[route.path] = desk.reader.read(route, page.data).anchors
    return decide_hopes(project.plan.hopes, anchors)


class Numbers:
    """The numbers of owners where no state is kept: each has one, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._owners: list[str] = []

    def __call__(self, owner: str) -> int:
        """Return an owner's number."""
        number = self._numbers.get(owner)
        if number is None:
            number = self._numbers[owner] = len(self._owners)
            self._owners.append(owner)
        return number

    def owner(self, number: int) -> str:
        """Return the owner that has a number."""
        return self._owners[number]


def stop_on_errors(problems: tuple[Problem, ...]) -> None:
    """Raise ContentError with all of some problems, if one of them is an error."""
    if has_errors(problems):
        raise ContentError(problems)
