"""One run of the preview: takes hints and questions in turn, keeps the site up to date and the open tabs with it.

All work on the site is done here, by one thread; the server's and the watch's only put into the inbox.
"""

from __future__ import annotations

import gc
import queue
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from ccgen.config import Config
from ccgen.errors import At, ContentError, EnvironmentFault, Problem, UsageError
from ccgen.model.source import digest_of
from ccgen.model.work import Workers
from ccgen.preview.about import shown_problems
from ccgen.preview.answers import bare_page
from ccgen.preview.calm import Calm
from ccgen.preview.server import Ask, Explain, Explanation, Gone, Question, Server, Switch, Switches, Tab
from ccgen.preview.sources import Sources
from ccgen.preview.studio import Studio
from ccgen.preview.swaps import swaps_between
from ccgen.preview.watch import Hint, Watch
from ccgen.text.report import visible

__all__ = ["Told", "Wishes", "serve"]

_GARBAGE = (10_000, 10, 100)  # looked for often and little at a time: somebody may be waiting
_REST = 1.0  # seconds without a save or a request, after which nobody seems to wait for anything
_LEARNED = 0.01  # seconds of reading files between two looks into the inbox
_AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # seconds after which what the machine kept from being read is tried again
_LONGEST = 3600.0  # seconds that are waited at a time: a queue cannot wait for an offer that ends in the year 9999


class Told(NamedTuple):
    """Something to show in the terminal: a line, problems that are new, and where a fault of ours happened."""

    line: str
    problems: tuple[Problem, ...] = ()
    fault: Exception | None = None


class Wishes(NamedTuple):
    """How to preview: `settings` reads the site's, each time again, as `switches` stand; `pool` gives workers for a while;
    `poll` is in seconds.
    """

    root: Path
    settings: Callable[[Switches], tuple[Config, tuple[Problem, ...]]]
    switches: Switches
    pool: Callable[[], AbstractContextManager[Workers]]
    tell: Callable[[Told], None]
    poll: float | None = None
    editor: str = "vscode"


class _Open(NamedTuple):
    """A tab that is open: its path and the page it shows, without our script."""

    path: str
    page: bytes


T = TypeVar("T")
_Item = Question | Hint | Told  # what comes into the inbox
MakeServer = Callable[[Callable[[Question], None]], Server]


def serve(wishes: Wishes, make_server: MakeServer, ready: Callable[[str], None]) -> None:
    """Preview a site until somebody stops it; `make_server` gets what takes questions, `ready` the site's path when it can be
    asked for.
    """
    session = _Session(wishes, make_server)
    try:
        session.run(ready)
    finally:
        session.end()


class _Session:
    def __init__(self, wishes: Wishes, make_server: MakeServer) -> None:
        self._wishes = wishes
        self._inbox: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._sources = Sources(wishes.root)  # before anything is read: a change from now on is told
        self._calm = Calm(self._sources)
        self._watch = Watch(wishes.root, self._inbox.put, lambda text: self._inbox.put(Told(text)))
        self._server = make_server(self._inbox.put)
        self._switches = wishes.switches
        self._studio = Studio(lambda: wishes.settings(self._switches))
        self._tabs: dict[int, _Open] = {}
        self._pages: dict[str, bytes] = {}  # by path: of tabs, drawn since the site was last brought up to date
        self._host = self._studio.host  # as tabs were last told
        self._told: frozenset[Problem] = frozenset()  # in the terminal
        self._wanted = 0.0  # when somebody last wanted something
        self._tries = list(_AGAIN)  # that are left
        self._again: float | None = None  # when to try
        self._count = 0  # of the times that the site was brought up to date

    def run(self, ready: Callable[[str], None]) -> None:
        self._watch.start(self._wishes.poll)
        self._server.start()
        self._read(frozenset())
        gc.set_threshold(*_GARBAGE)
        self._distrust(None)
        self._host = self._studio.host
        ready(self._host.base)
        self._tell_problems()
        idle = False
        while True:
            self._take(self._inbox_items(idle or self._is_busy()))
            self._keep_up()
            # What files hold is learned though somebody may be waiting: until then, a save of the same bytes seems a change.
            idle = not self._sources.learn(_LEARNED) and (self._is_busy() or self._quiet_work())

    def end(self) -> None:
        self._watch.stop()
        self._server.stop()

    # --- the inbox ---

    def _inbox_items(self, idle: bool) -> list[_Item]:  # noqa: FBT001
        """Return what has come in; where nothing else is to do, wait for something, or for the time to look again."""
        items: list[_Item] = []
        try:
            items.append(self._inbox.get(timeout=self._patience()) if idle else self._inbox.get_nowait())
            while True:
                items.append(self._inbox.get_nowait())
        except queue.Empty:
            return items

    def _is_busy(self) -> bool:
        """Say whether somebody saved or asked for something lately, and may go on: quiet work would hold that up."""
        return time.monotonic() - self._wanted < _REST

    def _patience(self) -> float | None:
        """Return in how many seconds something is due though nobody tells."""
        waits = [self._calm.patience()]
        change = self._studio.next_change
        if change is not None:
            waits.append(max((change - datetime.now(change.tzinfo)).total_seconds(), 0.0) + 0.01)
        if self._again is not None:
            waits.append(self._again - time.monotonic())
        if self._is_busy():
            waits.append(self._wanted + _REST - time.monotonic())
        due = [min(max(one, 0.0), _LONGEST) for one in waits if one is not None]
        return min(due) if due else None

    def _take(self, items: Iterable[_Item]) -> None:
        questions: list[Question | Told] = []
        for item in items:
            if isinstance(item, Hint):
                self._calm.note(item)
            else:
                questions.append(item)
        if questions:
            self._keep_up()  # what was saved before a question is in its answer
        gone = {question.number for question in questions if isinstance(question, Gone)}
        # Whoever asks for a page waits for it; a tab has one.
        for question in sorted(questions, key=lambda one: isinstance(one, Tab | Gone)):
            if not (isinstance(question, Tab) and question.number in gone):
                self._answer(question)

    def _answer(self, question: Question | Told) -> None:
        match question:
            case Ask(path, answer):
                self._settle(answer, partial(self._studio.answer, path), _NO_PAGE)
                self._wanted = time.monotonic()
            case Explain(answer=answer):
                nothing = Explanation(build=self._count, stops=True, here=(_NO_ERROR_OF_YOURS,))
                self._settle(answer, partial(self._explanation, question), nothing)
            case Switch(to, answer):
                self._settle(answer, partial(self._switch, to), _FAULT_OF_OURS)
            case Tab():
                self._try(partial(self._open_tab, question))
            case Gone(number):
                tab = self._tabs.pop(number, None)
                self._pages.pop(tab.path if tab else "", None)
            case Told():
                self._wishes.tell(question)

    def _settle(self, answer: Future[T], find: Callable[[], T], otherwise: T) -> None:
        """Give whoever waits what is found, something else where that is a fault of ours; who has gone costs nothing."""
        if answer.set_running_or_notify_cancel():
            found = self._try(find)
            answer.set_result(otherwise if found is None else found)

    def _try(self, do: Callable[[], T]) -> T | None:
        """Do something of one page, and tell what is wrong with it; whatever that is, the preview goes on."""
        try:
            return do()
        except Exception as error:  # noqa: BLE001
            self._tell_fault(error)
            return None

    # --- files that changed ---

    def _keep_up(self) -> None:
        changed = self._calm.ready()
        if self._studio.is_late():
            self._bring_up("the clock", frozenset())
        elif changed:
            self._tries = list(_AGAIN)
            self._bring_up(_named(changed), changed)
        elif self._again is not None and time.monotonic() >= self._again:
            self._bring_up("another look", frozenset(), only_news=True)

    def _switch(self, to: Switches) -> str:
        """Show the site as switches say from now on; return why it cannot be, "" where it is."""
        try:
            self._wishes.settings(to)
        except UsageError as error:
            return error.message
        except ContentError:
            pass  # what is wrong with ccgen.yaml is told anyway
        self._switches = to
        self._bring_up("a switch", frozenset())
        return ""

    def _bring_up(self, why: str, changed: frozenset[str], *, only_news: bool = False) -> None:
        """Bring the site up to date after some files changed, or for another reason, and tell the tabs; tell the terminal,
        or `only_news`: nothing if just the same is wrong as before.
        """
        began = time.perf_counter()
        read = self._read(changed)
        self._plan_again()
        self._count += 1
        self._refresh_tabs()
        self._wanted = time.monotonic()
        self._distrust(read)  # last, for it may look at all files
        if not only_news or self._told != frozenset(self._studio.problems):
            left = _counted(self._studio.problems)
            self._wishes.tell(Told(f"{why}: {(time.perf_counter() - began) * 1000:.0f} ms{left and ', '}{left}"))
        self._tell_problems()
        if read is None:
            self._studio.set_apart()

    def _read(self, changed: frozenset[str]) -> frozenset[str] | None:
        """Read some files that changed, or all where that does not do; return which, None for all."""
        try:
            if changed and self._studio.follow(changed, self._sources.paths()):
                return changed
            with self._wishes.pool() as workers:
                self._studio.open(workers)
        except Exception as error:  # noqa: BLE001  (a fault of ours must not end an author's day)
            self._studio.lose(_fault(error))  # else what changed now would be missing from all that comes
            self._wishes.tell(Told("", (), error))
        return None

    def _plan_again(self) -> None:
        """See whether to look again by and by: what the machine did not let us read may be as it was, and no hint comes."""
        hindered = any(one.code == "unreadable" for one in self._studio.problems)
        self._again = time.monotonic() + self._tries.pop(0) if hindered and self._tries else None

    def _distrust(self, read: frozenset[str] | None) -> None:
        """Go on from the files that were just read, None for all."""
        self._sources.distrust(read)
        if self._sources.link:
            self._watch.look_too(self._sources.link)

    def _quiet_work(self) -> bool:
        """Do a little of what nobody waits for; say whether there was nothing."""
        try:
            if self._studio.draw_next():
                return False
            decided = self._studio.rest()
        except Exception as error:  # noqa: BLE001
            self._tell_fault(error)
            return False  # all others are looked at all the same
        self._tell_problems(whole=True)
        if decided:
            self._have_tabs_ask()  # until now, what only other pages tell was missing
        return True

    # --- tabs ---

    def _open_tab(self, tab: Tab) -> None:
        page = self._page(tab.path)
        self._tabs[tab.number] = _Open(tab.path, page)
        if digest_of(page).hex() != tab.shows:
            self._server.send(tab.number, {"build": self._count, "do": "reload"})
        self._server.send(tab.number, {"build": self._count, "do": "explain"})

    def _page(self, path: str) -> bytes:
        """Return the page at a path, drawn once for all tabs that show it."""
        if path not in self._pages:
            self._pages[path] = self._studio.answer(path).page
        return self._pages[path]

    def _refresh_tabs(self) -> None:
        """Tell each open tab what to do about what it shows, if it shows something else now."""
        before, self._host = self._host, self._studio.host
        self._pages.clear()
        pages = {path: self._try(partial(self._page, path)) for path in {tab.path for tab in self._tabs.values()}}
        found: dict[_Open, dict[str, str] | None] = {}  # by what was shown: many tabs may show the same
        for number, tab in list(self._tabs.items()):
            page = pages[tab.path]
            if page is None:
                continue
            if tab not in found:
                found[tab] = swaps_between(tab.page, page, before.assets, self._host.assets)
            swaps = found[tab]
            if page != tab.page:
                self._tabs[number] = _Open(tab.path, page)
            if swaps is None:
                self._server.send(number, {"build": self._count, "do": "reload"})
            elif swaps:
                shows = digest_of(page).hex()
                self._server.send(number, {"build": self._count, "do": "swap", "files": swaps, "shows": shows})
        if before.previewed != self._host.previewed:
            self._have_tabs_ask()

    # --- problems ---

    def _tell_problems(self, *, whole: bool = False) -> None:
        """Tell terminal and tabs what is wrong now, if that is news. That nothing is, the terminal is told of the `whole` only:
        what is still to be drawn may show something again.
        """
        problems = self._studio.problems
        now = frozenset(problems)
        if now == self._told:
            return
        if not whole:
            self._have_tabs_ask()
        if now or whole:
            before, self._told = self._told, now
            new = tuple(one for one in problems if one not in before)
            if new or not now:
                self._wishes.tell(Told("" if new else "nothing is wrong any more", new))

    def _have_tabs_ask(self) -> None:
        """Have all tabs ask what there is to say of their pages."""
        for number in self._tabs:
            self._server.send(number, {"build": self._count, "do": "explain"})

    def _tell_fault(self, error: Exception) -> None:
        self._wishes.tell(Told("", (_fault(error),), error))

    def _explanation(self, question: Explain) -> Explanation:
        """Return the errors as a tab shows them, those of its page and of the whole site apart from those of other pages; and,
        if that is asked for, all that there is to say of the page.
        """
        studio, local = self._studio, question.local
        shown = partial(shown_problems, root=self._wishes.root, editor=self._wishes.editor, local=local)
        route = studio.host.route(question.path)
        output, source = (route.path, route.source.path) if route else ("", studio.spared_at(question.path))
        errors = [one for one in studio.problems if one.severity == "error"]
        elsewhere = studio.elsewhere(output)
        explanation = Explanation(
            build=self._count,
            stops=studio.stops or any(one.at.path not in studio.spared for one in errors),
            here=shown([one for one in errors if one not in elsewhere]),
            elsewhere=shown([one for one in errors if one in elsewhere]),
            switches=self._switches if local else None,
            as_at=f"{studio.as_at:%Y-%m-%d %H:%M}" if local and studio.as_at else "",
            previewed=studio.host.previewed if local else {},
        )
        if not question.whole:
            return explanation
        findings = [one for one in studio.problems if source and one.at.path == source]
        sources, products = studio.made_from(output, self._wishes.editor) if local else ([], [])
        return msgspec.structs.replace(
            explanation,
            findings=shown(dict.fromkeys((*findings, *studio.problems_of(output)))),
            sources=sources,
            products=products,
        )


# Not which: it may name files, and other machines see it too.
_FAULT_OF_OURS = "This is a fault of ccgen; the terminal says which"
_NO_PAGE = bare_page("This page cannot be shown", _FAULT_OF_OURS, status=500)
_NO_ERROR_OF_YOURS = {"severity": "error", "text": _FAULT_OF_OURS, "path": "", "editor": ""}
_OURS = "this is a fault of ccgen, not yours: please report it; --debug shows where it happened"


def _fault(error: Exception) -> Problem:
    if isinstance(error, EnvironmentFault):
        return error.problem()
    return Problem(code="internal", message=f"{type(error).__name__}: {error}", at=At(path=""), hint=_OURS)


def _counted(problems: Iterable[Problem]) -> str:
    """Say how many errors and warnings there are, as far as is known."""
    counted = Counter(problem.severity for problem in problems)
    words = [f"{count} {kind}{'s' if count > 1 else ''}" for kind in ("error", "warning") if (count := counted[kind])]
    return ", ".join(words)


def _named(changed: Iterable[str]) -> str:
    first, *others = sorted(changed)
    return f"{visible(first)} and {len(others)} more" if others else visible(first)
