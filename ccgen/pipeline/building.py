"""A whole build: what is stale is drawn and published, if there is anything to do; the only place that writes the output.

What plans and draws is imported when there is something to plan: a build with nothing to do must not pay for it.
"""

from __future__ import annotations

import time

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.work import Progress, Workers, alone
from ccgen.pipeline.unchanged import Built, built_before, sources_mark
from ccgen.pipeline.versions import versions
from ccgen.write import Cleaned, State, check_output, clean, lock

__all__ = ["Built", "build", "clean_output", "open_state"]


def build(
    config: Config,
    warnings: tuple[Problem, ...] = (),
    progress: Progress | None = None,
    workers: Workers = alone,
) -> Built:
    """Build a site into its output folder; `workers` share the reading of articles and the drawing of pages.

    Raises ContentError with every problem of the run when one is an error (nothing was written), UsageError for an output
    that must not be one, EnvironmentFault when the machine does not let us.
    """
    began = time.perf_counter()
    checked_output(config)
    with lock(config.state):
        state = open_state(config)
        sources = sources_mark(config)
        built = built_before(config, state, sources)
        if built is None:
            from ccgen.pipeline.making import make

            built = make(config, state, sources, warnings, progress, workers)
    return built._replace(seconds=time.perf_counter() - began)


def open_state(config: Config) -> State:
    """Open what the last build left: see `write.State`."""
    output = checked_output(config)
    return State.open(config.state, output, versions=versions(), run_key=_run_key(config))


def clean_output(config: Config) -> Cleaned:
    """Remove what we own in the output folder, and nothing else."""
    checked_output(config)
    with lock(config.state):
        return clean(open_state(config))


def checked_output(config: Config) -> str:
    sources = [config.root / name for name in ("content", "data", "static", "themes")]
    return str(check_output(config.output, project=config.root, sources=sources, state_dir=config.state))


def _run_key(config: Config) -> str:
    return f"drafts={config.drafts} future={config.future}"
