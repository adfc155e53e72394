"""A preview's session in this process, without a web server, so that a test can patch what it works with; knows no test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import msgspec
import pytest
from support import Shop

from ccgen.jobs.pool import SNAPSHOTS, Pool
from ccgen.preview.answers import Answer
from ccgen.preview.server import Ask, Explain, Explanation, Switches
from ccgen.preview.session import Told, Wishes, serve


class NoServer:
    """What the session takes for a server: puts what a test asks into its inbox."""

    def __init__(self, tell: Callable[[Any], None]) -> None:
        self.tell = tell
        self.sent: list[Mapping[str, Any]] = []

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def send(self, _: int, message: Mapping[str, Any]) -> None:
        self.sent.append(message)

    def page(self, path: str) -> bytes:
        answer: Future[Answer] = Future()
        self.tell(Ask(path, answer))
        return answer.result(timeout=30).page

    def explained(self, path: str, *, whole: bool = False) -> dict[str, Any]:
        answer: Future[Explanation] = Future()
        self.tell(Explain(path, whole, True, answer))
        found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer.result(timeout=30)))
        return found


class _Over(BaseException):
    """Ends a session from within."""


def in_session(site: Shop, script: Callable[[NoServer, list[Told]], None], *, published: bool = False) -> None:
    """Run a session in this thread as long as a script in another runs; raises what the script raises."""
    said: list[Told] = []
    servers: list[NoServer] = []
    done: Future[None] = Future()

    def tell(told: Told) -> None:
        if told.line == "over":
            raise _Over
        said.append(told)

    def make(put: Callable[[Any], None]) -> Any:
        servers.append(NoServer(put))
        return servers[0]

    def work() -> None:
        try:
            done.set_result(script(servers[0], said))
        except BaseException as error:
            done.set_exception(error)
        servers[0].tell(Told("over"))

    wishes = Wishes(
        root=site.root,
        settings=lambda now: site.config(drafts=now.drafts, future=now.future),
        switches=Switches(drafts=not published, future=not published, clock=""),
        pool=lambda: Pool(1, site.root / ".ccgen" / SNAPSHOTS),
        tell=tell,
    )
    with pytest.raises(_Over):
        serve(wishes, make, lambda _: threading.Thread(target=work, daemon=True).start())
    done.result(timeout=0)


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def codes(said: list[Told]) -> list[str]:
    return [one.code for told in said for one in told.problems]
