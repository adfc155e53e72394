"""What is known of outputs that were drawn: what they read, their anchors, what is wrong with them; draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ccgen.check import decide_hopes
from ccgen.errors import Problem, Severity
from ccgen.model.page import Page
from ccgen.model.site import Plan, Route
from ccgen.pipeline.kept_plan import other_answers
from ccgen.pipeline.project import Project, told_once

__all__ = ["Known"]


class _Seen(NamedTuple):
    """What is known of an output; of one that could not be drawn, why: it reads None. `links` are the outputs it refers to."""

    route: Route
    reads: tuple[int, ...] | None
    links: tuple[str, ...]
    anchors: tuple[str, ...]
    problems: tuple[Problem, ...]


class Known:
    """Invariant: whatever it says of an output is so as the site is now; what went by a fact that changed since is forgotten.

    That is done when something is asked, not when the site changes: all outputs have to be looked through, and somebody waits
    for the one that was edited.
    """

    def __init__(self) -> None:
        self._project: Project | None = None
        self._seen: dict[str, _Seen] = {}  # by output
        self._changed: set[int] = set()  # facts, by number, and answers
        self._moved: set[str] = set()  # outputs that came or went
        self._renewed = False  # since `_seen` was last looked through
        self._fresh: set[str] = set()  # outputs that were drawn since
        self._waiting: Iterator[Route] | None = None  # what may be unknown; None when all was gone through
        self._hopes: tuple[Problem, ...] = ()

    def renew(self, project: Project, changed: Iterable[int]) -> None:
        """Go by another state of the site from now on, in which some facts changed, by number."""
        if self._project is not None:
            self._compare(self._project.plan, project.plan)
        self._project, self._renewed, self._fresh = project, True, set()
        self._changed.update(changed)

    def _compare(self, before: Plan, now: Plan) -> None:
        """Note where the plans differ in what is no fact."""
        if before.outputs is now.outputs:
            return  # amended
        both = before.outputs.keys() & now.outputs.keys()
        moved = before.outputs.keys() ^ now.outputs.keys()
        others = [path for path in both if before.outputs[path] != now.outputs[path]]
        self._moved |= moved
        self._changed |= other_answers(moved.union(others), before.addresses, now.addresses)

    def keep(self, route: Route, made: Page | Problem) -> None:
        """Know an output as it was just drawn and read, or why it could not be drawn."""
        if isinstance(made, Problem):
            self._seen[route.path] = _Seen(route, None, (), (), (made,))
        else:
            self._seen[route.path] = _Seen(route, made.reads, made.links, made.anchors, made.problems)
        if self._renewed:
            self._fresh.add(route.path)

    def unknown(self) -> Route | None:
        """Return another output that nothing is known of, each once; None when all were returned."""
        seen = self._now()
        return next((one for one in self._waiting or () if one.path not in seen), None)

    def decide(self) -> None:
        """Find the links that lead to no anchor, now that all outputs were gone through."""
        self._waiting = None
        if self._project is not None:
            anchors = {output: one.anchors for output, one in self._now().items() if one.reads is not None}
            self._hopes = decide_hopes(self._project.plan.hopes, anchors)

    @property
    def is_decided(self) -> bool:
        """Whether all outputs were gone through: each is known, but for those at which we failed."""
        self._now()
        return self._waiting is None

    @property
    def reads(self) -> Mapping[str, tuple[int, ...]]:
        """The facts that outputs read, by number, by output; of those that could be drawn."""
        return {output: one.reads for output, one in self._now().items() if one.reads is not None}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The errors of all outputs; what is the same on many of them is told with the first."""
        every = (problem for one in self._now().values() for problem in one.problems)
        return (*told_once(self._counting(every, least="error")), *self._hopes)

    def problems_of(self, output: str) -> tuple[Problem, ...]:
        """Return what is wrong with one output, warnings too."""
        return self._counting(self._own(output), least="warning")

    def elsewhere(self, output: str, problems: Iterable[Problem]) -> frozenset[Problem]:
        """Return those of some problems that are of other outputs only; one that is told with the first of many is of all."""
        own = {_fault(one) for one in self._own(output)}
        others = {_fault(problem) for one in self._now().values() for problem in one.problems} - own
        return frozenset(one for one in problems if _fault(one) in others)

    def _own(self, output: str) -> tuple[Problem, ...]:
        known = self._now().get(output)
        return known.problems if known else ()

    def _counting(self, problems: Iterable[Problem], least: Severity) -> tuple[Problem, ...]:
        if self._project is None:
            return ()
        policy = self._project.policy
        return policy.judged(policy.counting(problems, least))

    def _now(self) -> dict[str, _Seen]:
        """Return what is known, without what is no more so."""
        if self._renewed and self._project is not None:
            wanted = self._project.plan.outputs
            self._seen = {
                output: one
                for output, one in self._seen.items()
                if output in wanted and self._holds(one, wanted[output])
            }
            self._waiting, self._hopes = iter(self._project.plan.routes), ()
            self._changed, self._moved = set(), set()
            self._renewed = False
        return self._seen

    def _holds(self, seen: _Seen, route: Route) -> bool:
        """Say whether what is known of an output is so now that this is its route."""
        if seen.route.shown != route.shown or (seen.problems and seen.route.source != route.source):
            return False
        if route.path in self._fresh:
            return True
        return seen.reads is not None and self._changed.isdisjoint(seen.reads) and self._moved.isdisjoint(seen.links)


def _fault(problem: Problem) -> tuple[str, str]:
    """Return what is the same of a problem on however many pages it is found, and however much it counts."""
    return problem.code, problem.message
