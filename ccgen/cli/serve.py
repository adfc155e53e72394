"""`ccgen serve`."""

from __future__ import annotations

import resource
import time
import traceback
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import msgspec

from ccgen.cli.options import Options, preview_options
from ccgen.cli.report import Report
from ccgen.config import Config
from ccgen.errors import Problem, SettingsError
from ccgen.jobs.pool import SNAPSHOTS, Pool, usual_jobs
from ccgen.preview import (
    EDITORS,
    LOOPBACK,
    Question,
    Server,
    Switches,
    Told,
    Wishes,
    in_network,
    listen,
    name_of_machine,
    names_of,
    qr_code,
    serve,
)
from ccgen.text.url import encode

__all__ = ["command"]

_FILES = 8192  # that may be open at a time, connections too
_STATE = "preview"  # below the state folder: what is kept of a preview is no build's


def _editor(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value not in EDITORS and "{file}" not in value:
        raise click.BadParameter(f"`{value}` is none of {', '.join(EDITORS)}, and no pattern with {{file}}")
    return value


def _names(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not name_of_machine(value):
            raise click.BadParameter(f"`{value}` is no name of a machine; write it like box.example or 192.168.1.7")
    return tuple(map(name_of_machine, values))


@click.command("serve")
@click.option("-p", "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to listen.")
@click.option("-O", "--open", "browser", is_flag=True, help="Open a browser.")
@click.option("--published", is_flag=True, help="Show what readers see: no drafts, and nothing before its time.")
@click.option(
    "--lan", is_flag=True, help="Let other machines of this network look too; shows the address as a QR code."
)
@click.option("--allow", multiple=True, callback=_names, metavar="NAME", help="Answer to this name of the machine too.")
@click.option(
    "--poll",
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="Look at all files so often, instead of waiting for events.",
)
@click.option(
    "--editor",
    callback=_editor,
    default="vscode",
    show_default=True,
    metavar="NAME",
    help=f"Whose links errors have: {', '.join(EDITORS)}.",
)
@preview_options
def command(
    options: Options,
    port: int,
    browser: bool,  # noqa: FBT001 (a flag)
    published: bool,  # noqa: FBT001
    lan: bool,  # noqa: FBT001
    allow: tuple[str, ...],
    poll: float | None,
    editor: str,
) -> int:
    """Show the site while it is written: pages follow every save. Ends with Ctrl-C; writes nothing of the site."""
    began = time.perf_counter()
    _raise_limit()
    switches = Switches(drafts=not published, future=not published, clock=options.clock or "")

    def settings(now: Switches) -> tuple[Config, tuple[Problem, ...]]:
        shown = options._replace(drafts=now.drafts, future=now.future, clock=now.clock or None)
        config, warnings = shown.config()
        return msgspec.structs.replace(config, state=config.state / _STATE), warnings

    state = Path(options.state or options.source_folder() / ".ccgen") / _STATE
    with suppress(SettingsError):  # told, and mended, while the preview runs
        state = settings(switches)[0].state
    network = in_network() if lan else ""
    listening = listen("0.0.0.0" if lan else "127.0.0.1", port)  # noqa: S104  (asked for)
    port = listening.getsockname()[1]

    def ready(base: str) -> None:
        url = f"http://localhost:{port}{encode(base)}"
        report = Report(options)
        if lan:
            shared = f"http://{network}:{port}{encode(base)}"
            report.line(qr_code(shared))
            click.echo(shared)
            report.line(f"for everybody in this network{', drafts and all' if switches.drafts else ''}\n")
        click.echo(url)
        report.line(f"opened in {time.perf_counter() - began:.1f} s; Ctrl-C ends the preview")
        if browser:
            webbrowser.open(url)

    def make_server(tell: Callable[[Question], None]) -> Server:
        return Server(listening, tell, (*LOOPBACK, *allow, *(names_of(network) if lan else ())))

    wishes = Wishes(
        root=options.source_folder(),
        settings=settings,
        switches=switches,
        pool=lambda: Pool(usual_jobs(), state / SNAPSHOTS),
        tell=lambda told: _tell(options, told),
        poll=poll,
        editor=editor,
    )
    try:
        serve(wishes, make_server, ready)
    except KeyboardInterrupt as stopped:
        stopped.add_note("the preview is over")
        raise
    return 0


def _raise_limit() -> None:
    """Let as many files be open as the system lets us ask for, within reason: some give 256 at first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _tell(options: Options, told: Told) -> None:
    report = Report(options)  # a new one each time: files that it quotes change
    if told.line:
        report.line(f"{time.strftime('%H:%M:%S')}  {told.line}")
    report.problems(told.problems)
    if told.fault is not None and options.debug:
        click.echo("".join(traceback.format_exception(told.fault)), err=True)
