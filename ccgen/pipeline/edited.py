"""What an edit is that only the pages of what was edited can show: its files read, and what it changes of a plan that is known.

Such an edit leaves the faces of all sources as they were (`model.face`), so that whatever else was planned holds good.
Knows no record of a build: `amending` takes the known plan from one, a preview holds it in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ccgen.check.policy import make_policy
from ccgen.check.prose import PROSE_RULES
from ccgen.check.records import go_by_faces
from ccgen.config import Config
from ccgen.load import load_part
from ccgen.model.face import product_faces
from ccgen.model.facts import Group
from ccgen.model.loaded import Loaded
from ccgen.model.theme import Theme
from ccgen.model.timing import Timing, stage
from ccgen.pipeline.project import Project
from ccgen.plan.amended import Amended, amended
from ccgen.write.readings import Readings

__all__ = ["Edit", "can_be_amended", "edited", "read_edit"]


class Edit(NamedTuple):
    """What was edited: its files as they are now, the groups of facts that change, and the files' faces, all as they were."""

    part: Loaded
    amended: Amended
    faces: Mapping[str, bytes]


def can_be_amended(config: Config) -> bool:
    """Say whether no rule that counts on this site goes by more of a source than its face."""
    policy, _ = make_policy(config.settings.check)
    rules = policy.asked("error")
    return go_by_faces(rules) and PROSE_RULES.keys().isdisjoint(rules & policy.chosen)


def read_edit(
    config: Config,
    theme: Theme,
    changed: frozenset[str],
    files: Iterable[str],
    faces: Mapping[str, bytes],
    known: Mapping[str, Sequence[Group]],
    readings: Readings,
    timing: Timing | None = None,
) -> Edit | None:
    """Read some changed files, and amend the groups of facts that are `known`; None where that takes a whole plan.

    `files` are all there are, by path; `faces` those that the files had when the facts were made.
    """
    with stage(timing, "load"):
        part = load_part(config, theme, changed, files, readings)
    if part is None:
        return None
    found = {article.path: article.face for article in part.articles} | dict(product_faces(part))
    if any(not face or faces.get(path) != face for path, face in found.items()):
        return None
    with stage(timing, "plan"):
        made = amended(config, part, known)
    return None if made is None else Edit(part, made, {path: found[path] for path in changed})


def edited(project: Project, changed: frozenset[str], files: Iterable[str], faces: Mapping[str, bytes]) -> Edit | None:
    """Read some changed files of a project, and amend its plan; None where it has to be opened anew.

    `faces` are the project's own, which an edit of this kind leaves as they were.
    """
    if not (changed <= faces.keys() and can_be_amended(project.config)):
        return None
    groups = project.plan.facts.groups
    return read_edit(project.config, project.theme, changed, files, faces, groups, project.readings, project.timing)
