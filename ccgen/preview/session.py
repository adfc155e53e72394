"""One run of the preview: takes hints and questions in turn, keeps the site up to date and the open tabs with it.

All work on the site is done here, by one thread; the server's and the watch's only put into the inbox.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ccgen.config import Config
from ccgen.errors import At, EnvironmentFault, Problem
from ccgen.model.source import digest_of
from ccgen.model.work import Workers
from ccgen.pipeline.excerpts import source_text
from ccgen.preview.answers import bare_page
from ccgen.preview.calm import Calm
from ccgen.preview.editors import editor_link
from ccgen.preview.server import Ask, Explain, Gone, Server, Tab
from ccgen.preview.sources import Sources
from ccgen.preview.studio import Studio
from ccgen.preview.swaps import swaps_between
from ccgen.preview.watch import Hint, Watch
from ccgen.text.report import format_problem, problem_dict, sorted_problems

__all__ = ["Told", "Wishes", "serve"]

_LEARNED = 0.01  # seconds of reading files between two looks into the inbox


class Told(NamedTuple):
    """Something to show in the terminal: a line, and problems that are new."""

    line: str
    problems: tuple[Problem, ...] = ()


class Wishes(NamedTuple):
    """How to preview: `settings` reads the site's, each time again; `pool` gives workers for a while; `poll` is in seconds."""

    root: Path
    settings: Callable[[], tuple[Config, tuple[Problem, ...]]]
    pool: Callable[[], AbstractContextManager[Workers]]
    tell: Callable[[Told], None]
    poll: float | None = None
    editor: str = "vscode"


class _Open(NamedTuple):
    """A tab that is open: its path and the page it shows, without our script."""

    path: str
    page: bytes


def serve(wishes: Wishes, make_server: Callable[[Callable[[Any], None]], Server], ready: Callable[[str], None]) -> None:
    """Preview a site until somebody stops it; `make_server` gets what takes questions, `ready` the site's path when it can be
    asked for.
    """
    session = _Session(wishes, make_server)
    try:
        session.run(ready)
    finally:
        session.end()


class _Session:
    def __init__(self, wishes: Wishes, make_server: Callable[[Callable[[Any], None]], Server]) -> None:
        self._wishes = wishes
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._sources = Sources(wishes.root)  # before anything is read: a change from now on is told
        self._calm = Calm(self._sources)
        self._watch = Watch(wishes.root, self._inbox.put)
        self._server = make_server(self._inbox.put)
        self._studio = Studio(wishes.settings)
        self._tabs: dict[int, _Open] = {}
        self._assets: Mapping[str, tuple[str, bytes]] = {}
        self._told: frozenset[Problem] = frozenset()  # in the terminal
        self._count = 0  # of the times that the site was brought up to date

    def run(self, ready: Callable[[str], None]) -> None:
        warning = self._watch.start(self._wishes.poll)
        if warning:
            self._wishes.tell(Told(warning))
        self._server.start()
        with self._wishes.pool() as workers:
            self._studio.open(workers)
        self._assets = self._studio.assets
        ready(self._studio.base)
        self._tell_problems()
        idle = False
        while True:
            self._take(self._inbox_items(idle))
            self._keep_up()
            idle = self._quiet_work()

    def end(self) -> None:
        self._watch.stop()
        self._server.stop()

    # --- the inbox ---

    def _inbox_items(self, idle: bool) -> list[Any]:  # noqa: FBT001
        """Return what has come in; where nothing else is to do, wait for something, or for the time to look again."""
        items = []
        try:
            items.append(self._inbox.get(timeout=self._patience()) if idle else self._inbox.get_nowait())
            while True:
                items.append(self._inbox.get_nowait())
        except queue.Empty:
            return items

    def _patience(self) -> float | None:
        """Return in how many seconds something is due though nobody tells."""
        waits = [self._calm.patience()]
        change = self._studio.next_change
        if change is not None:
            waits.append(max((change - datetime.now(change.tzinfo)).total_seconds(), 0.0) + 0.01)
        due = [one for one in waits if one is not None]
        return min(due) if due else None

    def _take(self, items: Iterable[Any]) -> None:
        questions = []
        for item in items:
            if isinstance(item, Hint):
                self._calm.note(item)
            else:
                questions.append(item)
        if questions:
            self._keep_up()  # what was saved before a question is in its answer
        for question in questions:
            self._answer(question)

    def _answer(self, question: Any) -> None:
        try:
            self._reply(question)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with one page, the preview goes on)
            self._tell_fault(error)
            text = f"This is a fault of ccgen: {type(error).__name__}: {error}"
            if isinstance(question, Ask):
                question.answer.set_result(bare_page("This page cannot be shown", text, status=500))
            elif isinstance(question, Explain):
                here = [{"text": text, "path": "", "editor": ""}]
                question.answer.set_result({"build": self._count, "here": here, "elsewhere": []})

    def _reply(self, question: Any) -> None:
        if isinstance(question, Ask):
            question.answer.set_result(self._studio.answer(question.path))
        elif isinstance(question, Explain):
            question.answer.set_result(self._explained(question.path))
        elif isinstance(question, Tab):
            self._open_tab(question)
        elif isinstance(question, Gone):
            self._tabs.pop(question.number, None)

    # --- files that changed ---

    def _keep_up(self) -> None:
        changed = self._calm.ready()
        late = self._studio.is_late()
        if not (changed or late):
            return
        began = time.perf_counter()
        try:
            if late or not self._studio.follow(changed, self._sources.paths()):
                with self._wishes.pool() as workers:
                    self._studio.open(workers)
            self._count += 1
            self._refresh_tabs()
        except Exception as error:  # noqa: BLE001  (a fault of ours must not end an author's day)
            self._tell_fault(error)
        taken = (time.perf_counter() - began) * 1000
        self._wishes.tell(Told(f"{_named(changed) if changed else 'the clock'}: {taken:.0f} ms"))
        self._tell_problems()

    def _quiet_work(self) -> bool:
        """Do a little of what nobody waits for; say whether there was nothing."""
        if self._sources.learn(_LEARNED):
            return False
        try:
            if self._studio.draw_next():
                return False
        except Exception as error:  # noqa: BLE001
            self._tell_fault(error)
        self._tell_problems()
        return True

    # --- tabs ---

    def _open_tab(self, tab: Tab) -> None:
        now = self._studio.answer(tab.path)
        self._tabs[tab.number] = _Open(tab.path, now.page)
        if digest_of(now.page).hex() != tab.shows:
            self._server.send(tab.number, {"build": self._count, "do": "reload"})
        self._server.send(tab.number, {"build": self._count, "do": "explain"})

    def _refresh_tabs(self) -> None:
        """Tell each open tab what to do about what it shows, if it shows something else now."""
        before, self._assets = self._assets, self._studio.assets
        for number, tab in list(self._tabs.items()):
            page = self._studio.answer(tab.path).page
            swaps = swaps_between(tab.page, page, before, self._assets)
            if page != tab.page:
                self._tabs[number] = _Open(tab.path, page)
            if swaps is None:
                self._server.send(number, {"build": self._count, "do": "reload"})
            elif swaps:
                shows = digest_of(page).hex()
                self._server.send(number, {"build": self._count, "do": "swap", "files": swaps, "shows": shows})

    # --- problems ---

    def _tell_problems(self) -> None:
        """Tell terminal and tabs what is wrong now, if that is news."""
        problems = self._studio.problems
        now = frozenset(problems)
        if now == self._told:
            return
        before, self._told = self._told, now
        new = tuple(one for one in problems if one not in before)
        if new or not now:
            self._wishes.tell(Told("" if new else "nothing is wrong any more", new))
        for number in self._tabs:
            self._server.send(number, {"build": self._count, "do": "explain"})

    def _tell_fault(self, error: Exception) -> None:
        problem = Problem(code="internal", message=f"{type(error).__name__}: {error}", at=At(path=""), hint=_OURS)
        if isinstance(error, EnvironmentFault):
            problem = Problem(code=error.code, message=error.message, at=At(path=""), hint=error.hint)
        self._wishes.tell(Told("", (problem,)))

    def _explained(self, path: str) -> dict[str, Any]:
        """Return the errors as a tab shows them: those of its page and of the whole site, and those of other pages."""
        output = self._studio.output_of(path)
        errors = [one for one in self._studio.problems if one.severity == "error"]
        texts = {one.at.path: source_text(self._wishes.root, one.at.path) for one in errors}
        elsewhere = {one for name in self._studio.faulty() if name != output for one in self._studio.problems_of(name)}
        elsewhere -= set(self._studio.problems_of(output))
        shown: dict[str, list[dict[str, str]]] = {"here": [], "elsewhere": []}
        for problem in sorted_problems(errors, texts.__getitem__):
            text = texts[problem.at.path]
            place = problem_dict(problem, text)
            link = editor_link(self._wishes.editor, self._wishes.root / problem.at.path, place) if text else ""
            where = "elsewhere" if problem in elsewhere else "here"
            shown[where].append({"text": format_problem(problem, text), "path": problem.at.path, "editor": link})
        return {"build": self._count, **shown}


_OURS = "this is a fault of ccgen, not yours: please report it; --debug shows where it happened"


def _named(changed: Iterable[str]) -> str:
    first, *others = sorted(changed)
    return f"{first} and {len(others)} more" if others else first
