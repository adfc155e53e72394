"""What the preview says of a page, as values for JSON: what is wrong with it, what it was made from, who shows what it shows.

To another machine it says nothing of the files: no excerpt, no path and no link that opens one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ccgen.errors import Problem
from ccgen.model.facts import RecordName
from ccgen.model.page import ANSWERS, GROUP_LIMIT
from ccgen.model.parts import owner_kind
from ccgen.pipeline.excerpts import source_text
from ccgen.pipeline.origins import Origins
from ccgen.pipeline.project import Numbers, Project
from ccgen.preview.editors import editor_link
from ccgen.text.report import format_problem, problem_dict, sorted_problems

__all__ = ["Value", "made_from", "shown_problems", "shown_with"]

_MOST = 50  # pages that are named for one product
Value = dict[str, Any]


def shown_problems(problems: Iterable[Problem], root: Path, editor: str, *, local: bool) -> list[Value]:
    """Return problems in the order and the words of the terminal, each with a link that opens its file."""
    problems = tuple(problems)
    texts = {one.at.path: source_text(root, one.at.path) for one in problems}
    shown = []
    for problem in sorted_problems(problems, texts.__getitem__):
        if not local:
            text = f"{problem.severity}[{problem.code}]\nhint: the machine that shows this preview says where and why"
            shown.append({"severity": problem.severity, "text": text, "path": "", "editor": ""})
            continue
        text_of_file = texts[problem.at.path]
        place = problem_dict(problem, text_of_file)
        link = editor_link(editor, root / problem.at.path, place) if text_of_file is not None else ""
        text = format_problem(problem, text_of_file)
        shown.append({"severity": problem.severity, "text": text, "path": problem.at.path, "editor": link})
    return shown


def made_from(project: Project, numbers: Numbers, reads: Iterable[int], own: str, editor: str) -> list[Value]:
    """Return the files that say what a page shows, with links that open them: its `own` first, then other content."""
    origins = Origins(project, ())
    facts = [key for key in reads if key < ANSWERS]
    paths = {path for key in facts for path in origins.written(numbers.owner(key // GROUP_LIMIT), key % GROUP_LIMIT)}
    root = project.config.root
    files = [one for one in paths if (root / one).is_file()]
    files.sort(key=lambda one: (one != own, not one.startswith("content/"), one))
    return [{"path": one, "editor": editor_link(editor, root / one, {})} for one in files]


def shown_with(
    project: Project, numbers: Numbers, output: str, known: Mapping[str, tuple[int, ...]], base: str
) -> list[Value]:
    """Return the products that a page shows, each with the other pages that show it, as far as pages are `known` by what
    they read.
    """
    groups = project.plan.facts.groups
    owners = {numbers.owner(key // GROUP_LIMIT) for key in known.get(output, ()) if key < ANSWERS}
    pages = {route.path: route.url for route in project.plan.routes if route.path.endswith(".html")}
    found = []
    for owner in sorted(one for one in owners if owner_kind(one) == "product" and one in groups):
        first = numbers(owner) * GROUP_LIMIT
        others = sorted(
            base + pages[path].removeprefix("/")
            for path, reads in known.items()
            if path != output and path in pages and any(first <= key < first + GROUP_LIMIT for key in reads)
        )
        name = next(one.name for one in groups[owner] if isinstance(one, RecordName))
        found.append({"name": name, "pages": others[:_MOST], "more": max(len(others) - _MOST, 0)})
    return found
