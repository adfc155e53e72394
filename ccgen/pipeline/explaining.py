"""Why an output is as it is; writes nothing."""

from __future__ import annotations

from typing import NamedTuple

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.pipeline.building import open_state
from ccgen.pipeline.project import open_project, stop_on_errors
from ccgen.render import fact_digests, key_names

__all__ = ["Explained", "explain"]


class Explained(NamedTuple):
    """Why one output is as it is. `reads` and `changed` name groups of facts: `product:en:yueya offers`."""

    url: str
    path: str
    kind: str
    source: str
    fresh: bool
    reasons: tuple[str, ...]
    changed: tuple[str, ...]
    reads: tuple[str, ...]


def explain(config: Config, target: str, warnings: tuple[Problem, ...] = ()) -> tuple[Explained, ...]:
    """Return what is known of the outputs that a URL, an output's path or a source's path names.

    Raises ContentError when the site cannot be planned.
    """
    state = open_state(config)
    project = open_project(config, warnings)
    stop_on_errors(project.problems)
    names = key_names(project.plan, state.number)
    digests = fact_digests(project.plan, state.number)
    stale = state.stale([route.path for route in project.plan.routes], digests)
    wanted = target.removeprefix(config.base_url.rstrip("/"))
    found = []
    for route in project.plan.routes:
        if wanted not in {route.url, route.path, route.source.path, f"{config.output.name}/{route.path}"}:
            continue
        why, recorded = stale.get(route.path), state.recorded(route.path)
        found.append(
            Explained(
                url=route.url,
                path=route.path,
                kind=route.kind,
                source=route.source.path,
                fresh=why is None,
                reasons=why.reasons if why else (),
                changed=tuple(names.get(key, "a fact that is gone") for key in why.keys) if why else (),
                reads=tuple(sorted(names.get(key, "a fact that is gone") for key in recorded.reads))
                if recorded
                else (),
            )
        )
    return tuple(found)
