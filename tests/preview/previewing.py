"""The installed `ccgen serve` on a site in a folder: started, asked, listened to and ended; knows no test."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

_PATIENCE = 30.0  # seconds; never reached where all is well
SCRIPT = re.compile(rb'<script src="/_ccgen/live\.js"[^>]*></script>')
BUILT = re.compile(r"^\d\d:\d\d:\d\d  (.+): \d+ ms(?:, .+)?$", re.MULTILINE)


class Reply:
    """What a server answered. `page` is the body without the preview's script."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body
        self.page = SCRIPT.sub(b"", body)

    @property
    def text(self) -> str:
        return self.page.decode()


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class Preview:
    """A running preview of a site. What it says is in `said`; `limit` is a soft limit of open files to start under."""

    def __init__(self, root: Path, *flags: str, port: int = 0, limit: int | None = None) -> None:
        self.root = root
        command = [str(Path(sys.executable).with_name("ccgen")), "serve", "-s", str(root), "-p", str(port), *flags]
        if limit is not None:
            command = ["sh", "-c", f'ulimit -S -n {limit} && exec "$@"', "sh", *command]
        environ = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ, text=True
        )
        self._lines: list[str] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self.port, self.base = self._address("\n" if "-q" in flags else "Ctrl-C")
        except BaseException:
            self.end(signal.SIGKILL)  # nobody has it who could
            raise

    def _address(self, last: str) -> tuple[int, str]:
        """Return port and path, once it has said the last of what it begins with."""
        self.until(lambda: last in self.said or self.process.poll() is not None)
        found = re.search(r"http://localhost:(\d+)(/\S*)", self.said)
        assert found, self.said
        return int(found[1]), found[2]

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            self._lines.extend(said)  # as they come

    @property
    def said(self) -> str:
        return "".join(self._lines)

    @property
    def builds(self) -> list[str]:
        """What the site was brought up to date for, in turn: the first file's name, and how many more."""
        return BUILT.findall(self.said)

    def url(self, path: str = "/") -> str:
        return f"http://localhost:{self.port}{path}"

    def get(self, path: str = "/", *, method: str = "GET", **headers: str) -> Reply:
        asked = Request(self.url(path), method=method, headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with build_opener(_Stay).open(asked, timeout=_PATIENCE) as answer:
                return Reply(answer.status, _headers(answer), answer.read())
        except HTTPError as error:
            with error:
                return Reply(error.code, _headers(error), error.read())

    def until(self, true: Callable[[], object], seconds: float = _PATIENCE) -> None:
        """Wait until something holds; that it does not is a failure, with what the preview said."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"it never came to be; the preview said:\n{self.said}"
            time.sleep(0.005)

    def shows(self, text: str, path: str = "/") -> None:
        """Wait until a page holds some text."""
        self.until(lambda: text in self.get(path).text)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the process, if it has not ended; return its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=_PATIENCE)
        self._listener.join(_PATIENCE)
        return code


def _headers(answer: object) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}  # type: ignore[attr-defined]


@contextmanager
def previewing(root: Path, *flags: str, port: int = 0, limit: int | None = None) -> Iterator[Preview]:
    """Preview a site while the block runs."""
    preview = Preview(root, *flags, port=port, limit=limit)
    try:
        yield preview
    finally:
        preview.end(signal.SIGKILL)
