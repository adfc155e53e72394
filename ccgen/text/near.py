"""The nearest of some names to a misspelt one, for hints; knows no kind of name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

__all__ = ["Paths", "did_you_mean", "nearest"]

_LEAST = 0.6  # below this two names have little in common
_MOST_NAMES = 5_000  # comparing costs microseconds each; a hint is not worth more


def nearest(name: str, names: Iterable[str], least: float = _LEAST) -> str | None:
    """Return the name most like `name`, ignoring case, `-` and `_`; None where none is near. Ties go to the first.

    `least` is how much two names must have in common, between 0 and 1.
    """
    wanted = _folded(name)
    best, best_ratio = None, least
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for candidate in _plausible(wanted, names):
        folded = _folded(candidate)
        # The most that two texts of these lengths can have in common, asked first: most names end here.
        if 2 * min(len(folded), len(wanted)) <= best_ratio * (len(folded) + len(wanted)):
            continue
        matcher.set_seq1(folded)
        if matcher.quick_ratio() > best_ratio:
            ratio = matcher.ratio()
            if ratio > best_ratio:
                best, best_ratio = candidate, ratio
    return best


def did_you_mean(name: str, names: Iterable[str], least: float = _LEAST) -> str:
    """Return the hint with the nearest name, '' where none is near."""
    near = nearest(name, names, least)
    return f"did you mean `{near}`?" if near is not None else ""


class Paths:
    """Paths by folder and by name, put in order once for all that is asked of them."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._beside: dict[str, dict[str, str]] = {}  # folder → name → path
        self._named: dict[str, str] = {}  # folded name → path
        for path in sorted(set(paths)):
            folder, stem = _folder_and_stem(path)
            self._beside.setdefault(folder, {}).setdefault(stem, path)
            self._named.setdefault(_folded(stem), path)

    def nearest(self, path: str) -> str | None:
        """Return the path that was probably meant: one beside it with a name like it, else one of that name elsewhere.

        Endings do not count, and neither does whether a text is `kettle.md` or `kettle/index.md`.
        """
        folder, stem = _folder_and_stem(path)
        beside = self._beside.get(folder, {})
        near = nearest(stem, beside)
        return beside[near] if near is not None else self._named.get(_folded(stem))


def _folder_and_stem(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0] or name
    if stem == "index" and folder:
        folder, _, stem = folder.rpartition("/")
    return folder, stem


def _plausible(wanted: str, names: Iterable[str]) -> list[str]:
    """Return the names to compare, in their order; of very many only those nearest in length."""
    ordered = sorted(set(names))
    if len(ordered) <= _MOST_NAMES:
        return ordered
    return sorted(nlargest(_MOST_NAMES, ordered, key=lambda one: -abs(len(one) - len(wanted))))


def _folded(name: str) -> str:
    return name.casefold().replace("_", "-")
