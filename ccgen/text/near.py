"""The nearest of some names to a misspelt one, for hints; knows no kind of name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

__all__ = ["Paths", "did_you_mean", "nearest"]

_LEAST = 0.6  # below this two names have little in common
_MOST_NAMES = 5_000  # comparing costs microseconds each; a hint is not worth more


def nearest(name: str, names: Iterable[str], least: float = _LEAST) -> str | None:
    """Return the name most like `name`, ignoring case, `-` and `_`; None where none is near. Ties go to the first.

    `least` is how much two names must have in common, between 0 and 1 (`difflib.SequenceMatcher.ratio`).
    """
    return _names(tuple(names)).nearest(_folded(name), least)


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


class _Name(NamedTuple):
    """A name to compare with: its place in the order, its folded text, and a bit for each first, second … `a`, `b` …"""

    name: str
    place: int
    folded: str
    letters: int


class _Names:
    """Names put in order once for all that is asked of them. What is asked twice is answered from `_answers`.

    Comparing two names exactly costs tens of microseconds. So the most that they can have in common is asked first, of
    ever dearer bounds: by their lengths, by their letters whatever the order, by their letters in order.
    """

    def __init__(self, names: Iterable[str]) -> None:
        bits: dict[tuple[str, int], int] = {}
        self._bits = bits
        self._all = [
            _Name(
                name,
                place,
                folded := _folded(name),
                sum(bits.setdefault(one, 1 << len(bits)) for one in _counted(folded)),
            )
            for place, name in enumerate(sorted(set(names)))
        ]
        self._by_length: dict[int, dict[int, list[_Name]]] = {}  # length asked for → length → names to compare
        self._answers: dict[tuple[str, float], str | None] = {}

    def nearest(self, wanted: str, least: float) -> str | None:
        key = wanted, least
        if key not in self._answers:
            self._answers[key] = self._nearest(wanted, least)
        return self._answers[key]

    def _nearest(self, wanted: str, least: float) -> str | None:
        best: _Name | None = None
        best_ratio = least
        length, order = len(wanted), _Order(wanted)
        letters = sum(self._bits.get(one, 0) for one in _counted(wanted))
        from difflib import SequenceMatcher  # only a misspelt name needs it

        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(wanted)
        # Those of a like length first: they can be nearest, and the nearer the best is, the fewer are left to compare.
        for other, names in sorted(self._plausible(length).items(), key=lambda item: abs(item[0] - length)):
            both = length + other
            if not both or 2.0 * min(length, other) / both < best_ratio:
                continue
            need = best_ratio * both / 2 - 0.001
            for one in [one for one in names if (one.letters & letters).bit_count() >= need]:
                most = 2.0 * (one.letters & letters).bit_count() / both
                if most < best_ratio or (most == best_ratio and (best is None or one.place > best.place)):
                    continue
                if 2.0 * order.common(one.folded) / both < best_ratio:
                    continue
                matcher.set_seq1(one.folded)
                ratio = matcher.ratio()
                if ratio > best_ratio or (ratio == best_ratio and best is not None and one.place < best.place):
                    best, best_ratio = one, ratio
        return best.name if best is not None else None

    def _plausible(self, length: int) -> dict[int, list[_Name]]:
        """Return the names to compare with one of a length, by their own; of very many only those nearest in length."""
        found = self._by_length.get(length if len(self._all) > _MOST_NAMES else -1)
        if found is not None:
            return found
        chosen = self._all
        if len(chosen) > _MOST_NAMES:
            chosen = nsmallest(_MOST_NAMES, chosen, key=lambda one: abs(len(one.name) - length))
        found = {}
        for one in chosen:
            found.setdefault(len(one.folded), []).append(one)
        self._by_length[length if len(self._all) > _MOST_NAMES else -1] = found
        return found


_names = lru_cache(maxsize=32)(_Names)


class _Order:
    """Counts the letters that texts have in common with one, in order: no common blocks can hold more.

    The longest common subsequence by bits (Hyyrö 2004, "Bit-parallel LCS-length computation revisited").
    """

    def __init__(self, text: str) -> None:
        self._whole = (1 << len(text)) - 1
        self._places: dict[str, int] = {}
        for place, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << place

    def common(self, text: str) -> int:
        row = whole = self._whole
        for places in map(self._places.get, text):
            if places:
                met = row & places
                row = row + met | row - met
        return (whole & ~row).bit_count()


def _counted(text: str) -> list[tuple[str, int]]:
    """Return each letter with how often it stood before."""
    seen: dict[str, int] = {}
    counted = []
    for letter in text:
        number = seen.get(letter, 0)
        seen[letter] = number + 1
        counted.append((letter, number))
    return counted


def _folded(name: str) -> str:
    return name.casefold().replace("_", "-")
