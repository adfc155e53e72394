"""A whole build: what is stale is drawn and published, if there is anything to do; the only place that writes the output.

What plans and draws is imported when there is something to plan: a build with nothing to do must not pay for it.
"""

from __future__ import annotations

import time
from contextlib import closing
from functools import partial

from ccgen.config import SOURCE_FOLDERS, Config
from ccgen.errors import Problem
from ccgen.model.timing import Timing, stage
from ccgen.model.work import Progress, Workers, alone
from ccgen.pipeline.unchanged import Built, Task, built_before, last_of, look_at_sources
from ccgen.pipeline.versions import versions
from ccgen.write import Cleaned, State, check_output, clean, lock, tidy

__all__ = ["Built", "build", "clean_output", "open_state"]


def build(
    config: Config,
    warnings: tuple[Problem, ...] = (),
    progress: Progress | None = None,
    workers: Workers = alone,
    *,
    verify: bool = False,
    timing: Timing | None = None,
) -> Built:
    """Build a site into its output folder; `workers` share the reading of articles and the drawing of pages.

    `verify` reads everything, trusts no mark, and draws a random sample of what counts as fresh once more. `timing` measures
    what the time is spent on, as far as this process does the work.
    Raises ContentError with every problem of the run when one is an error (nothing was written), UsageError for an output
    that must not be one, EnvironmentFault when the machine does not let us.
    """
    began = time.perf_counter()
    checked_output(config)
    with lock(config.state):
        with stage(timing, "state"):
            state = open_state(config, trusting=not verify)
        with closing(state):
            tidy(state)
            with stage(timing, "marks of sources and outputs"):
                sources = look_at_sources(config)
                last = None if verify else last_of(config, state)
                built = built_before(last, state, sources)
            if built is None:
                with stage(timing, "imports"):
                    from ccgen.pipeline.amending import amend
                    from ccgen.pipeline.making import make
                    from ccgen.pipeline.project import kept_readings, reading_again

                task = Task(config, state, sources, warnings, progress, workers, timing)
                with closing(kept_readings(config, afresh=verify, locked=True)) as readings:
                    built = amend(task, last, readings) if last else None
                    built = built or reading_again(config, partial(make, task, verify=verify), readings)
    return built._replace(seconds=time.perf_counter() - began)


def open_state(config: Config, *, trusting: bool = True) -> State:
    """Open what the last build left: see `write.State`."""
    output = checked_output(config)
    return State.open(config.state, output, versions=versions(), run_key=_run_key(config), trusting=trusting)


def clean_output(config: Config) -> Cleaned:
    """Remove what we own in the output folder and the caches; nothing of what somebody wrote."""
    checked_output(config)
    with lock(config.state):
        return clean(open_state(config))


def checked_output(config: Config) -> str:
    """Return the output folder, resolved; raises UsageError for one that must not be one."""
    sources = [config.root / name for name in SOURCE_FOLDERS]
    return str(check_output(config.output, project=config.root, sources=sources, state_dir=config.state))


def _run_key(config: Config) -> str:
    return f"drafts={config.drafts} future={config.future}"
