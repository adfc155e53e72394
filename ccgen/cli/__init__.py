"""The command line: one module a verb, imported when the verb runs; the only code that prints or exits."""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

import click

from ccgen import __version__
from ccgen.errors import CcgenError

__all__ = ["VERBS", "main", "run"]

_ENDING = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})  # signals on which a run ends in order
_SIGNALLED = 128  # as a shell tells of a signal: this and its number
VERBS = {
    "new": "Begin a site, an article or a product",
    "build": "Build the site into its output folder",
    "serve": "Show the site while it is written: save, and it is there",
    "check": "Say what a build would say, and write nothing",
    "list": "List articles or records",
    "explain": "Say what an output was made from, and why it would be made again",
    "prices": "Keep book of what things cost",
    "links": "Keep book of the links that lead to a purchase",
    "earnings": "Say which article sold what, from the reports of networks",
    "clean": "Remove what ccgen wrote into the output folder",
    "schema": "Print the JSON Schema of a file's format, for editors",
    "doctor": "Look at this machine and this site for what would be in the way",
}


class _Verbs(click.Group):
    """Knows every verb's name and line; imports a verb's module when it runs."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return [*VERBS]  # `list` is the verb of that name here, once its module is imported

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"ccgen.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from ccgen.text.near import nearest

            near = nearest(args[0], VERBS)
            hint = f" Did you mean `{near}`?" if near else f" There are: {', '.join(VERBS)}."
            raise click.UsageError(f"No verb `{args[0]}`.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()  # here, where what goes wrong can be told
        except BrokenPipeError as error:
            raise _ReaderGoneError from error
        except KeyboardInterrupt as error:  # Click would write to a terminal that may have gone
            raise _StoppedError from error
        return code

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([*VERBS.items()])


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="ccgen %(version)s")
def cli() -> None:
    """Turn Markdown articles with product cards into a static shop."""


def run() -> NoReturn:
    """Run the command line as a program, and end the process at once.

    Python would take a site of 1,000 articles apart object by object first: a fiftieth of its build.
    """
    # A build makes a million lasting objects and hardly a cycle: looking for garbage as often as usual is a sixth of it.
    gc.set_threshold(100_000, 50, 1000)
    _open_streams()
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except KeyboardInterrupt:  # once more, before we were deaf
        code = _SIGNALLED + signal.SIGINT
    _be_deaf()
    atexit._run_exitfuncs()  # noqa: SLF001  (what libraries registered; Python offers no other way to run it)
    with suppress(
        OSError
    ):  # what the verb printed is out; this is the rest of an error, and there is nobody to read it
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _open_streams() -> None:
    """Give a program that was started without one of its streams (`>&-`) one that leads nowhere, and keeps its number: a
    file that is opened later would get that, and what is printed.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  (for as long as we run)


def main() -> NoReturn:
    """Run the command line and exit: 0 fine, 1 content, 2 usage or settings, 3 environment, 70 our fault, 130 stopped.

    141 when the reader of a pipe went away before all was said, as other tools do: it must not look like success.
    """
    for number in _ENDING - {signal.SIGINT}:
        if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` has us go on
            signal.signal(number, _end)
    try:
        code = cli.main(prog_name="ccgen", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except (click.exceptions.Abort, KeyboardInterrupt, _StoppedError) as error:
        _be_deaf()
        stopped = error if isinstance(error, KeyboardInterrupt) else error.__context__
        notes = getattr(stopped, "__notes__", None) or ["the site is as it was"]
        below = "\n" if isinstance(error, _StoppedError) else ""  # the terminal's `^C`
        _tell(click.echo, f"{below}stopped; {notes[0]}", err=True)
        sys.exit(_SIGNALLED + (stopped.number if isinstance(stopped, _Ended) else signal.SIGINT))
    except click.ClickException as error:
        _tell(error.show)
        sys.exit(error.exit_code)
    except _ReaderGoneError:
        # Whoever read us has gone: no more is said, neither here nor when Python empties its buffers on the way out.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        sys.exit(_SIGNALLED + signal.SIGPIPE)
    except CcgenError as error:
        from ccgen.cli.report import show_error

        _tell(show_error, error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001  (no traceback reaches a user)
        from ccgen.cli.report import show_fault

        if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # of our own files, this is told by their names
            message = "error[disk-full]: what is printed goes to a full disk\nhint: make room on that disk"
            _tell(click.echo, message, err=True)
            sys.exit(3)
        _tell(show_fault, error)
        sys.exit(70)


def _tell(say: Callable[..., object], *given: object, **named: object) -> None:
    """Say something on the way out, if there is anybody to hear it: a closed terminal or a full disk changes no exit code."""
    with suppress(OSError):
        say(*given, **named)


def _be_deaf() -> None:
    """Let nobody stop us any more: all that is left is to say so, and to end what we began."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)


class _ReaderGoneError(Exception):
    """What we are piped into is closed. Click would exit with 1, which says that the content has errors."""


class _StoppedError(Exception):
    """A run was stopped; its cause is the KeyboardInterrupt."""


class _Ended(KeyboardInterrupt):
    """A signal that ends a run as Ctrl-C does, so that locks and staging are let go."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def _end(number: int, _frame: object) -> None:
    raise _Ended(number)
