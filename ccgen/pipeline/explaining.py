"""Why an output is as it is, and what reads a source; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ccgen.config import Config
from ccgen.errors import Problem
from ccgen.model.differing import count, split
from ccgen.model.hidden import Hidden
from ccgen.model.packed import pack_all
from ccgen.model.page import ANSWERS, GROUP_LIMIT
from ccgen.model.site import Route
from ccgen.model.source import digest_of
from ccgen.pipeline.building import open_state
from ccgen.pipeline.kept_plan import find_stale
from ccgen.pipeline.origins import Origins
from ccgen.pipeline.project import Project, plan_project, stop_on_errors
from ccgen.render import key_name
from ccgen.write import Stale, State

__all__ = ["Change", "Explained", "Explanation", "Reader", "explain"]


class Change(NamedTuple):
    """A group of facts that is not as the last build knew it. `old` and `new` begin the digests of its bytes, '' for none."""

    key: str  # product:en:yueya offers
    how: str  # new, changed, gone
    old: str
    new: str
    sources: tuple[str, ...]  # paths, or a folder with its slash; none for what is gone


class Explained(NamedTuple):
    """Why one output is as it is. `reasons` are those of `write.Stale`, or `links` (see `lost`), or `removed`."""

    url: str
    path: str
    kind: str
    source: str
    fresh: bool
    reasons: tuple[str, ...]
    changed: tuple[Change, ...]
    lost: tuple[str, ...]  # outputs that it links to and that are no more
    reads: tuple[str, ...]


class Reader(NamedTuple):
    """An output that reads facts of the source that was asked for, though it is not made from it; `reads` are these."""

    url: str
    path: str
    fresh: bool
    reads: tuple[str, ...]


class Explanation(NamedTuple):
    """What is known of a target. `problems` are warnings about the record."""

    outputs: tuple[Explained, ...]
    readers: tuple[Reader, ...]
    hidden: tuple[Hidden, ...]
    problems: tuple[Problem, ...]


def explain(config: Config, target: str, warnings: tuple[Problem, ...] = ()) -> Explanation:
    """Return what is known of the outputs that a URL, an output's path or a source's path names.

    Raises ContentError when the site cannot be planned.
    """
    state = open_state(config)
    project = plan_project(config, warnings)
    stop_on_errors(project.problems)
    known = _Known(project, state)
    names = _names(config, target)
    outputs = [known.explained(route) for route in project.plan.routes if _is_meant(route, names)]
    outputs += [known.removed(path) for path in sorted(state.paths() - known.paths) if _is_path(path, names)]
    return Explanation(
        outputs=tuple(outputs),
        readers=known.readers(names, {one.path for one in outputs}),
        hidden=tuple(one for one in project.plan.hidden if one.path in names),
        problems=state.problems,
    )


def _names(config: Config, target: str) -> frozenset[str]:
    """Return all that a target may mean: a URL without its base, a path in the project, a path in the output."""
    url = unquote(target.removeprefix(config.base_url.rstrip("/")))
    found = {target, url, url if url.endswith("/") else f"{url}/"}
    for folder in (config.root, Path.cwd()):
        file = folder / target
        for root in (config.root, config.output):
            if file.is_relative_to(root):
                found.add(file.relative_to(root).as_posix())
    return frozenset(found | {target.removeprefix(f"{config.output.name}/")})


def _is_meant(route: Route, names: frozenset[str]) -> bool:
    return not names.isdisjoint((route.url, route.path, route.source.path))


def _is_path(path: str, names: frozenset[str]) -> bool:
    return not names.isdisjoint((path, f"/{path}", f"/{path.removesuffix('index.html')}"))


class _Known:
    """A project beside the record of its last build."""

    def __init__(self, project: Project, state: State) -> None:
        self._project, self._state = project, state
        self._facts = pack_all(project.plan.facts)
        self.paths = {route.path for route in project.plan.routes}
        changed = state.changed(self._facts).keys
        self._stale: Mapping[str, Stale] = find_stale(state, project.plan, changed)
        self._owners = state.owners()
        self._origins = Origins(project, {self._owners[key // GROUP_LIMIT] for key in changed})

    def explained(self, route: Route) -> Explained:
        stale, recorded = self._stale.get(route.path), self._state.recorded(route.path)
        lost = recorded.lost(self.paths) if recorded else ()
        reasons = (stale.reasons if stale else ()) + (("links",) if lost else ())
        return Explained(
            url=route.url,
            path=route.path,
            kind=route.kind,
            source=route.source.path,
            fresh=not reasons,
            reasons=reasons,
            changed=tuple(sorted(self._change(key) for key in stale.keys if key < ANSWERS)) if stale else (),
            lost=lost,
            reads=self._keys(recorded.reads) if recorded else (),
        )

    def removed(self, path: str) -> Explained:
        """Explain an output of the last build that the next will not make."""
        recorded = self._state.recorded(path)
        reads = self._keys(recorded.reads) if recorded else ()
        url = f"/{path.removesuffix('index.html')}"
        return Explained(url, path, "", "", fresh=False, reasons=("removed",), changed=(), lost=(), reads=reads)

    def readers(self, names: frozenset[str], but: set[str]) -> tuple[Reader, ...]:
        """Return the outputs that read facts of a source, but those that are explained themselves."""
        said = {
            self._state.number(owner) * GROUP_LIMIT + group
            for owner, data in self._facts.items()
            for group in range(count(data))
            if not names.isdisjoint(self._origins.written(owner, group))
        }
        found = []
        for route in self._project.plan.routes if said else ():
            recorded = None if route.path in but else self._state.recorded(route.path)
            reads = said.intersection(recorded.reads) if recorded else ()
            if reads:
                found.append(Reader(route.url, route.path, route.path not in self._stale, self._keys(reads)))
        return tuple(found)

    def _change(self, key: int) -> Change:
        owner, group = self._owners[key // GROUP_LIMIT], key % GROUP_LIMIT
        old, new = [
            dict(enumerate(split(data))).get(group) for data in (self._state.facts(owner), self._facts.get(owner))
        ]
        how = "new" if old is None else "gone" if new is None else "changed"
        return Change(key_name(owner, group), how, _short(old), _short(new), self._origins.of(owner, group))

    def _keys(self, keys: Iterable[int]) -> tuple[str, ...]:
        return tuple(
            sorted(key_name(self._owners[key // GROUP_LIMIT], key % GROUP_LIMIT) for key in keys if key < ANSWERS)
        )


def _short(data: bytes | None) -> str:
    return digest_of(data).hex()[:8] if data is not None else ""
