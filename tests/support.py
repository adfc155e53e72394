"""A site written in one expression, built in this process, and the installed command in another; knows no test.

Every site has a clock of its own (`CLOCK`), so that no test depends on the day it runs.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ccgen.cli import main
from ccgen.config import Config, read_config
from ccgen.errors import ContentError, Problem
from ccgen.pipeline.building import build
from ccgen.pipeline.checking import check
from ccgen.pipeline.project import Project, plan_project
from ccgen.pipeline.unchanged import Built
from ccgen.text.decode import lenient
from ccgen.text.places import locate

REPOSITORY = Path(__file__).resolve().parents[1]
CLOCK = "2026-06-01"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c636060600000000400015c0b0bb30000000049454e44ae426082"
)
SETTINGS: dict[str, Any] = {
    "site": {
        "title": "Shop",
        "url": "https://shop.example/",
        "language": "en",
        "timezone": "UTC",
        "currency": "USD",
        "author": "ada",
    },
    "clock": CLOCK,
    # Goods in most tests have no pictures, and their shop has no pages.
    "check": {"severity": {"SD-02": "off", "CK-01": "off"}},
}
SELLER = {"name": "Ada's Counter", "contact": "hi@shop.example", "country": "US"}
RECORDS: dict[str, Any] = {
    "content/merchants/far.yaml": {"name": "Far Shop", "role": "none", "url": "https://far.example/"},
    "content/products/pot.yaml": {"name": "Pot", "offers": ["https://far.example/pot"]},
    "content/people/ada.yaml": {"name": "Ada"},
}
Content = str | bytes | Mapping[str, Any] | None


def article(body: str = "Text.", **meta: Any) -> str:
    """Return an article's source; a title and a date are given where there are none."""
    values = {"title": "An article", "date": "2026-05-01", **meta}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value is not None]
    return "\n".join(["---", *lines, "---", body, ""])


def review(body: str = "Text.", **meta: Any) -> str:
    """Return a review of `pot`, bought."""
    return article(body, **{"product": "pot", "evidence": {"obtained": "bought"}, **meta})


class Html:
    """A page as parsed. `css` finds elements, `one` exactly one, `text` is all its words."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = LexborHTMLParser(source)

    def css(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def one(self, selector: str) -> LexborNode:
        found = self.tree.css(selector)
        assert len(found) == 1, f"{len(found)} elements are `{selector}`"
        return found[0]

    def has(self, selector: str) -> bool:
        return bool(self.tree.css(selector))

    def hrefs(self, selector: str = "a") -> list[str]:
        return [str(node.attributes.get("href")) for node in self.tree.css(selector)]

    @property
    def text(self) -> str:
        return " ".join(self.tree.body.text(separator=" ").split())


class Shop:
    """A site on disk. `built` and `problems` are those of the last run; `rendered` the outputs it drew."""

    def __init__(self, root: Path, files: Mapping[str, Content], settings: Mapping[str, Any]) -> None:
        self.root, self.output, self.state = root, root / "site", root / ".ccgen"
        self.built: Built | None = None
        self.problems: tuple[Problem, ...] = ()
        self.settings = merged(SETTINGS, settings)
        self.write({"ccgen.yaml": self.settings, **RECORDS, **files})

    # --- what is written ---

    def write(self, files: Mapping[str, Content]) -> Shop:
        """Write files; a mapping becomes YAML (which JSON is), None removes."""
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink(missing_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Mapping):
                content = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def edit(self, name: str, old: str, new: str) -> Shop:
        """Change one place of a file."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"`{old}` stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return self

    def set(self, **settings: Any) -> Shop:
        """Change ccgen.yaml."""
        self.settings = merged(self.settings, settings)
        return self.write({"ccgen.yaml": self.settings})

    # --- what is run ---

    def config(self, **flags: Any) -> tuple[Config, tuple[Problem, ...]]:
        return read_config(self.root, environ={}, **flags)

    def build(self, **flags: Any) -> Shop:
        """Build; an error fails the test with every problem of the run."""
        config, warnings = self.config(**flags)
        self.output = config.output
        try:
            self.built = build(config, warnings)
        except ContentError as error:
            raise AssertionError("\n".join(self.told(error.problems))) from None
        self.problems = self.built.warnings
        return self

    def fails(self, **flags: Any) -> dict[str, list[Problem]]:
        """Build, which must fail; return the problems by code."""
        config, warnings = self.config(**flags)
        try:
            build(config, warnings)
        except ContentError as error:
            self.problems = error.problems
            found: dict[str, list[Problem]] = {}
            for problem in error.problems:
                found.setdefault(problem.code, []).append(problem)
            return found
        raise AssertionError("the build should have failed")

    def check(self, **flags: Any) -> tuple[Problem, ...]:
        config, warnings = self.config(**flags)
        self.problems = check(config, warnings)
        return self.problems

    def project(self, **flags: Any) -> Project:
        config, warnings = self.config(**flags)
        return plan_project(config, warnings)

    # --- what came of it ---

    @property
    def rendered(self) -> set[str]:
        assert self.built is not None
        return set(self.built.rendered)

    @property
    def written(self) -> set[str]:
        assert self.built is not None
        return set(self.built.published.written)

    def told(self, problems: tuple[Problem, ...] | None = None) -> list[str]:
        """Return problems as `code path:line: message (hint)`."""
        return [
            f"{one.severity} {one.code} {self.place(one)}: {one.message} ({one.hint})"
            for one in (self.problems if problems is None else problems)
        ]

    def place(self, problem: Problem) -> str:
        """Return a problem's place as `path:line:column`."""
        file = self.root / problem.at.path
        if not problem.at.path or not file.is_file():
            return problem.at.path
        place = locate(problem.at, lenient(file.read_bytes()))
        return f"{problem.at.path}:{place.line}:{place.column}" if place else problem.at.path

    def file(self, url: str) -> Path:
        """Return the output of a URL or of an output's path."""
        path = unquote(url).lstrip("/")
        return self.output / (f"{path}index.html" if not path or path.endswith("/") else path)

    def has(self, url: str) -> bool:
        return self.file(url).is_file()

    def text(self, url: str) -> str:
        return self.file(url).read_text(encoding="utf-8")

    def json(self, url: str) -> Any:
        return json.loads(self.text(url))

    def page(self, url: str) -> Html:
        return Html(self.text(url))

    def outputs(self) -> dict[str, bytes]:
        return outputs_of(self.output)

    def holding(self, *needles: str) -> dict[str, list[str]]:
        """Return the outputs that hold any of the texts, in their bytes or their name."""
        found = {
            path: [one for one in needles if one.encode() in data or one in path]
            for path, data in self.outputs().items()
        }
        return {path: several for path, several in found.items() if several}


class Run(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Compiling:
    """Compiles each template once, for many builds of like sites. Two of these share nothing, so that what is wrongly compiled in shows."""

    def __init__(self) -> None:
        self.codes: dict[tuple[Any, ...], CodeType] = {}

    @contextmanager
    def once(self) -> Iterator[None]:
        real = Environment.compile

        def compile_once(environment: Environment, *given: Any, **options: Any) -> Any:
            key = (*given, *sorted(options.items()))
            if key not in self.codes:
                self.codes[key] = real(environment, *given, **options)
            return self.codes[key]

        # Without a cache folder, which would be shared.
        with patch.object(Environment, "compile", compile_once), patch.dict(os.environ, {"XDG_CACHE_HOME": os.devnull}):
            yield


ShopMaker = Callable[..., Shop]


def run(*args: object, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: str = "") -> Run:
    """Run the installed `ccgen`."""
    done = subprocess.run(
        [ccgen_command(), *map(str, args)],
        cwd=cwd,
        env=environment(env),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def here(*args: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Run:
    """Run the command line in this process: ten times quicker, for what does not depend on a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    old = sys.argv
    sys.argv = ["ccgen", *map(str, args)]
    try:
        with ExitStack() as around:
            around.enter_context(redirect_stdout(out))
            around.enter_context(redirect_stderr(err))
            around.enter_context(patch.dict(os.environ, environment(env), clear=True))
            if cwd is not None:
                around.enter_context(chdir(cwd))
            main()
    except SystemExit as ended:
        return Run(int(ended.code or 0), out.getvalue(), err.getvalue())
    finally:
        sys.argv = old
    raise AssertionError("the command line must exit")


def ccgen_command() -> str:
    """Return the command that belongs to the Python that runs the tests."""
    found = shutil.which("ccgen", path=str(Path(sys.executable).parent))
    assert found, "ccgen is not installed beside this Python: pip install -e '.[dev]'"
    return found


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which no clock and no colour of the caller's counts."""
    kept = {key: value for key, value in os.environ.items() if key not in {"SOURCE_DATE_EPOCH", "NO_COLOR"}}
    return {**kept, **(more or {})}


def unmeasured(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment for a process that is stopped wherever it is: in the midst of coverage's work a lock of its
    would stay locked, and the process never end.
    """
    return {key: value for key, value in environment(more).items() if not key.startswith("COVERAGE_")}


def tick(folder: Path) -> None:
    """Wait until the file system's clock has moved, by which any change shows."""
    probe = folder / "probe"
    probe.write_bytes(b"")
    begun = probe.stat().st_ctime_ns
    while probe.stat().st_ctime_ns == begun:
        probe.write_bytes(b"")
    probe.unlink()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Keep the other processes of the test run waiting, for what is made once for all of them."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one mapping over another, mappings inside too; None removes a key."""
    found = dict(base)
    for key, value in over.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
            found[key] = merged(found[key], value)
        else:
            found[key] = value
    return found


def outputs_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def tree_hash(folder: Path) -> str:
    """Return one digest of names and bytes of all files."""
    whole = hashlib.blake2b(digest_size=16)
    for path, data in outputs_of(folder).items():
        whole.update(f"{path}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()


def path_of(url: str) -> str:
    """Return an absolute URL's path, decoded."""
    return unquote(urlsplit(url).path)
