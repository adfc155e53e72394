"""robots.txt, read as RFC 9309 says; knows no request.

The longest rule that matches decides, of two as long the one that allows. A file that is not there forbids nothing.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

__all__ = ["Rules", "read_robots"]

_MOST_RULES = 5000


class Rules(NamedTuple):
    """What one robots.txt asks of us: (path, allowed), the longest path first."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allow(self, url: str) -> bool:
        """Say whether a URL may be asked for."""
        parts = urlsplit(url)
        path = _escaped(parts.path or "/") + (f"?{_escaped(parts.query)}" if parts.query else "")
        return next((allowed for rule, allowed in self.rules if _matches(rule, path)), True)


def read_robots(text: str, name: str) -> Rules:
    """Return the rules for the program `name` (lower case), else those for everybody."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    in_rules = False
    for line in text.splitlines():
        key, colon, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        key = key.lower()
        if not colon:
            continue
        if key == "user-agent":
            agents = [value.lower()] if in_rules else [*agents, value.lower()]
            in_rules = False
            groups.setdefault(value.lower(), [])
        elif key in {"allow", "disallow"}:
            in_rules = True
            for agent in agents if value else ():
                groups[agent].append((_escaped(value), key == "allow"))
    chosen = groups.get(name, groups.get("*", []))[:_MOST_RULES]
    return Rules(tuple(sorted(chosen, key=lambda rule: (-len(rule[0]), not rule[1]))))


def _escaped(text: str) -> str:
    return quote(text, safe="%/?#[]@!$&'()*+,;=:-._~")


def _matches(rule: str, path: str) -> bool:
    """Say whether a rule is the beginning of a path; `*` stands for anything, `$` for the end.

    The pieces between stars are looked for one by one: a regular expression could take for ever.
    """
    ends = rule.endswith("$")
    first, *pieces = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    for number, piece in enumerate(pieces):
        if ends and number == len(pieces) - 1:
            return len(path) - len(piece) >= place and path.endswith(piece)
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return not ends or place == len(path)
