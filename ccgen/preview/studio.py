"""The site as it stands on disk: opened, amended or opened again as files change, and each page drawn when it is asked for.

Draws and reads as a build does (`pipeline.drawing`), so that what it shows is what a build would make. One thread may use it,
the main one: only there can the time be limited that a text or template takes.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from ccgen.config import Config
from ccgen.errors import CcgenError, ContentError, EnvironmentFault, Problem, has_errors
from ccgen.model.bodies import BodyLost
from ccgen.model.differing import differing
from ccgen.model.packed import pack, pack_all
from ccgen.model.page import GROUP_LIMIT, Page
from ccgen.model.site import Route
from ccgen.model.work import Workers, alone
from ccgen.pipeline.drawing import Desk
from ccgen.pipeline.edited import edited
from ccgen.pipeline.project import Numbers, Project, anchors_despite_errors, kept_readings, open_project
from ccgen.preview.about import Value, made_from, shown_with
from ccgen.preview.answers import Answer, bare_page, live_page, plain_file
from ccgen.preview.host import Host, hidden_by_ours, host_of
from ccgen.preview.known import Known
from ccgen.text.url import encode
from ccgen.write.readings import Readings

__all__ = ["Studio"]

Settings = Callable[[], tuple[Config, tuple[Problem, ...]]]


class _Good(NamedTuple):
    """A page as it was last drawn, and the file that it is of, by path."""

    page: bytes
    source: str


class Studio:
    """Invariant: what it shows is the last state of the files in which the site could be planned, and `host` is of that;
    `problems` are those of the files as they are; `spared` are the drafts, by path, that are left out for what is wrong with
    them while nothing else is.
    """

    def __init__(self, settings: Settings) -> None:
        """`settings` reads ccgen.yaml, each time again; raises as `read_config` does."""
        self._settings = settings
        self._number = Numbers()
        self._project: Project | None = None
        self._desk: Desk | None = None
        self._opened: tuple[Problem, ...] = ()  # found while opening
        self.spared: frozenset[str] = frozenset()
        self._unsaved: tuple[Problem, ...] = ()  # why what was read cannot be kept
        self._faces: dict[str, bytes] = {}
        self._facts: dict[str, bytes] = {}  # by owner
        self.host = Host()
        self._known = Known()
        self._last_good: dict[str, _Good] = {}  # pages that were asked for, by output

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files as they are, as far as it is known."""
        if self._project is None or self.stops:
            return (*self._opened, *self._unsaved)  # no page is drawn of files that cannot be planned
        return (*self._opened, *self._unsaved, *self._known.problems)

    @property
    def stops(self) -> bool:
        """Whether the files cannot be planned, so that the site is shown as it was."""
        return has_errors(self._opened) and not self.spared

    @property
    def next_change(self) -> datetime | None:
        """When the site next changes by the clock alone; None for never, as where the clock is set, or as long as the site
        cannot be planned.
        """
        project = self._project
        if project is None or self.stops:
            return None
        return project.next_change if project.config.running else None

    @property
    def as_at(self) -> datetime | None:
        """The time at which the site's clock stands, in its zone; None where it runs."""
        config = self._project.config if self._project is not None else None
        return None if config is None or config.running else config.clock

    def open(self, workers: Workers = alone, *, afresh: bool = False) -> None:
        """Read and plan the site, `afresh` without what earlier previews read; one that cannot be planned changes nothing."""
        try:
            self._read(workers, afresh=afresh)
        except BodyLost:
            if afresh:
                raise
            self.open(workers, afresh=True)
        except ContentError as error:
            self.lose(*error.problems)
        except EnvironmentFault as error:
            if workers is alone:
                self.lose(error.problem())
            else:
                self.open(afresh=afresh)  # others need files that may be what cannot be written
        except CcgenError as error:
            self.lose(error.problem())

    def _read(self, workers: Workers, *, afresh: bool) -> None:
        """Go on from the files as they are: show them, if need be without drafts, or know why that cannot be."""
        config, warnings = self._settings()
        with ExitStack() as over:
            opened = partial(_opened, over, warnings=warnings, workers=workers, afresh=afresh)
            project = opened(config)
            found = (*project.problems, *anchors_despite_errors(project), *hidden_by_ours(project))
            wrong = frozenset(one.at.path for one in found if one.severity == "error")
            in_drafts = config.drafts and wrong and all(map(_may_be_draft, wrong))
            published = _published(config, opened) if in_drafts else None
            self._opened, self.spared = found, wrong if published else frozenset()
            if self.stops:
                # What the last good state is drawn of has to stay.
                self._save(project.readings, beside=self._project is not None)
                return
            self._take(published or project)
            self._save(project.readings)
            if published:
                self._save(published.readings)

    def _save(self, readings: Readings, *, part: bool = False, beside: bool = False) -> None:
        """Save what was read, for the next start."""
        try:
            readings.save(part=part, beside=beside)
            self._unsaved = self._unsaved if beside else ()
        except CcgenError as error:
            message = f"what was read cannot be kept, and the next start will take longer: {error.message}"
            self._unsaved = (msgspec.structs.replace(error.problem(), message=message, severity="warning"),)

    def follow(self, changed: frozenset[str], files: Iterable[str]) -> bool:
        """Bring the site up to date after some files changed, if that takes no opening it again; say whether it did not.

        `files` are all there are, by path.
        """
        project = self._project
        if project is None or has_errors(self._opened):
            return False
        try:
            edit = edited(project, changed, files, self._faces)
        except CcgenError:  # told, or mended, when all is opened
            return False
        if edit is None:
            return False
        facts = {owner: pack(groups) for owner, groups in edit.amended.groups.items()}
        changes = (project.next_change, edit.amended.next_change)
        next_change = min((one for one in changes if one is not None), default=None)
        self._set(project._replace(next_change=next_change), self._facts | facts, facts)
        return True

    def lose(self, *problems: Problem) -> None:
        """Take these for what is wrong with the files, with no draft alone, until they are read again."""
        self._opened, self.spared = problems, frozenset()

    def is_late(self) -> bool:
        """Say whether the site has changed by the clock since it was opened."""
        change = self.next_change
        return change is not None and datetime.now(change.tzinfo) >= change

    def answer(self, path: str) -> Answer:
        """Return what the site's host would send for a path, decoded, with the script that keeps pages live."""
        if self._project is None:
            return bare_page("The site cannot be shown yet", "Mend what is wrong, and it will be here.", status=500)
        elsewhere = self.host.elsewhere(path)
        if elsewhere:
            return Answer(307, location=encode(elsewhere))
        route = self.host.route(path)
        return self._show(route) if route else self._missing(path)

    def problems_of(self, output: str) -> tuple[Problem, ...]:
        """Return what is wrong with one output, warnings too."""
        return self._known.problems_of(output)

    def elsewhere(self, output: str) -> frozenset[Problem]:
        """Return those of `problems` that are not to be told over one output."""
        # The drafts have no page now: what is wrong with them is told where theirs would be.
        spared = self._opened if self.spared and output else ()
        return self._known.elsewhere(output, self.problems).union(spared)

    def made_from(self, output: str, editor: str) -> tuple[list[Value], list[Value]]:
        """Return what an output was made from, and who else shows the products that it shows, as far as that is known."""
        route = self.host.output(output)
        if self._project is None or route is None:
            return [], []
        if output not in self._known.reads:
            self._draw(route)
        known, number = self._known.reads, self._number
        if output not in known:
            return [], []
        return (
            made_from(self._project, number, known[output], route.source.path, editor),
            shown_with(self._project, number, output, known, self.host.base),
        )

    def draw_next(self) -> bool:
        """Draw one of the outputs that nobody asked for yet, to see what is wrong with it; say whether there was one."""
        route = self._known.unknown()
        if route is not None:
            self._draw(route)
        return route is not None

    def rest(self) -> bool:
        """Once all outputs were drawn: find what only all of them tell, and save what was read and let go of what is left; say
        whether that was still to be done.
        """
        if self._project is None or self._known.is_decided:
            return False
        self._known.decide()
        if not self.stops:
            self._save(self._project.readings, part=True)
        self.set_apart()
        return True

    def spared_at(self, path: str) -> str:
        """Return the file, by path, of the draft that was last drawn for a path and is left out now; '' for none."""
        good = self._last_good.get(self.host.output_at(path))
        return good.source if good is not None and good.source in self.spared else ""

    def set_apart(self) -> None:
        """Let go of what is left of an earlier state, and set this one apart: what is looked through for garbage from now on is
        what single pages leave. Else memory grows, by as much as is left, and takes up more and more room between the rest.
        """
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _take(self, project: Project) -> None:
        """Show a project that was opened without an error."""
        before, facts = self._project, pack_all(project.plan.facts)
        self._faces = project.faces()
        self._set(project, facts, facts.keys() | self._facts.keys())
        self.host = host_of(project)
        if before is not None:
            before.readings.close()

    def _set(self, project: Project, facts: dict[str, bytes], owners: Iterable[str]) -> None:
        """Draw of a project from now on, which has these facts, those of some owners other than before."""
        before, number = self._facts, self._number
        changed = {
            number(owner) * GROUP_LIMIT + group
            for owner in owners
            if (old := before.get(owner)) != (new := facts.get(owner))
            for group in differing(old, new)
        }
        self._facts, self._project = facts, project.packed(facts)
        self._desk = Desk(self._project.site(number))
        self._known.renew(self._project, changed)

    def _show(self, route: Route) -> Answer:
        assert self._project is not None
        page = self._draw(route)
        if not route.path.endswith(".html") or route.kind == "file":
            if page is None:
                return bare_page("This cannot be made", "What is wrong is said here.", status=500)
            if page.copy_of and _leads_outside(self._project.config.root, page.copy_of):
                return self._missing(self.host.base + route.path)
            return plain_file(route.path, data=page.data or b"", file=page.copy_of or "")
        if page is not None and page.data is not None:
            self._last_good.pop(route.path, None)
            self._last_good[route.path] = _Good(page.data, route.source.path)
            if len(self._last_good) > _PAGES:
                del self._last_good[next(iter(self._last_good))]
        status = 404 if route.kind == "404" else 200
        known = self._last_good.get(route.path)
        if known is None:
            return bare_page("This page cannot be drawn", "Mend what is wrong, and it will be here.", status=500)
        return live_page(known.page, status=status)

    def _missing(self, path: str) -> Answer:
        if self.spared_at(path):
            return live_page(self._last_good[self.host.output_at(path)].page)
        route = self.host.missing(path)
        if route is not None:
            return self._show(route)._replace(status=404)
        return bare_page("Nothing is here", "The site has no page at this address.", status=404)

    def _draw(self, route: Route) -> Page | None:
        made = self._drawn(route)
        self._known.keep(route, made)
        return None if isinstance(made, Problem) else made

    def _drawn(self, route: Route) -> Page | Problem:
        """Draw a page; where what was read of it is gone, the site is read again first, once."""
        assert self._desk is not None
        try:
            return self._desk.draw([route])[0]
        except BodyLost as lost:
            with suppress(BodyLost):
                self.open(afresh=True)
                again = self.host.output(route.path)
                if again is not None and not self.stops:
                    return self._desk.draw([again])[0]
            return lost.problem(route.source)


def _opened(
    over: ExitStack, config: Config, warnings: tuple[Problem, ...], workers: Workers, *, afresh: bool
) -> Project:
    """Read and plan a site; when it is `over`, no file stays open for that."""
    readings = kept_readings(config, afresh=afresh)
    over.callback(readings.close)
    return open_project(config, warnings, readings, workers)


def _published(config: Config, opened: Callable[[Config], Project]) -> Project | None:
    """Return the site without its drafts, as a build leaves them out; None if that is wrong too."""
    project = opened(msgspec.structs.replace(config, drafts=False, state=config.state / "published"))
    return None if has_errors(project.problems) else project


def _may_be_draft(path: str) -> bool:
    return path.startswith("content/") and path.endswith(".md")


def _leads_outside(root: Path, file: str) -> bool:
    """Say whether a file of the project is by now a link to what the loader would not take: outside, or hidden."""
    if not Path(file).is_relative_to(root):
        return False  # a theme's
    real_root, real = os.path.realpath(root), os.path.realpath(file)
    if real == os.path.join(real_root, os.path.relpath(file, root)):  # noqa: PTH118
        return False
    return any(part.startswith(".") for part in Path(os.path.relpath(real, real_root)).parts)


_PAGES = 64  # the last good drawings of so many pages are kept
